"""What has to make room is moved beside the git work tree: out of git's and the hooks' sight."""

from __future__ import annotations

import os
import stat

from hooks.files import is_inside, real_directory, real_path
from hooks.mounts import read_mounts
from hooks.project.git_repository import read_git_repository
from hooks.shell import command, path_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def move_aside(path: str, root: str) -> str | None:
    """`mv -n venv ../PROJECT.venv.old`, a free name; None where nobody may or can move it.

    With a `test` in front: pasted twice it would move what was made since. PROJECT is the git work
    tree that `path` stands in (or its folder, outside git); `root` is where the line is pasted,
    absolute and without links. A mount point cannot be moved, and what holds `root` must not be.
    """
    source = real_directory(os.path.join(root, path))
    if is_inside(root, source) or _is_mount_point(source) or not _may_be_taken(source):
        return None
    name = os.path.basename(source).lstrip(".")
    project, *around = _work_trees(source, root)
    for top in [*reversed(around), project]:
        beside = os.path.dirname(top)
        if os.access(beside, os.W_OK | os.X_OK):
            free = _free_name(f"{beside}/{os.path.basename(project)}.{name}.old")
            new = free if os.path.isabs(path) else os.path.relpath(free, root)
            return f"test ! -e {command(new)} && {command('mv', '-n', path_word(path), new)}"
    return None


def _work_trees(source: str, root: str) -> Iterator[str]:
    """The work tree that this stands in, and those around it, of which it may be a submodule."""
    folder = os.path.dirname(source)
    git = read_git_repository(folder)
    if git is None:
        yield root if is_inside(source, root) else folder
    while git is not None:
        yield git.work_tree
        folder = os.path.dirname(git.work_tree)
        git = read_git_repository(folder) if folder != git.work_tree else None


def _free_name(path: str) -> str:
    free, number = path, 1
    while os.path.lexists(free):
        number += 1
        free = f"{path}{number}"
    return free


def _may_be_taken(source: str) -> bool:
    """rename(2): both folders are written to, and a moved folder as well, for its `..`."""
    folder = os.path.dirname(source)
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    try:
        status, around = os.lstat(source), os.stat(folder)
    except OSError:  # gone since it was found
        return False
    user = os.geteuid()
    if around.st_mode & stat.S_ISVTX and user not in {0, status.st_uid, around.st_uid}:
        return False
    return not stat.S_ISDIR(status.st_mode) or os.access(source, os.W_OK)


def _is_mount_point(path: str) -> bool:
    """`os.path.ismount` does not know a mount of a folder of the same device (a bind mount)."""
    if os.path.ismount(path):
        return True
    if os.path.islink(path):
        return False
    real = real_path(path)
    return any(each.point == real for each in read_mounts())
