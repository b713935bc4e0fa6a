"""What this project is: its role, its link, the shared venv, CI, its git repository.

A runner starts a hook in the project's root (or in a sub-project of a monorepo), so every path
that this module gives is relative to the working directory or absolute: it can be opened, shown
and pasted as it is."""

from __future__ import annotations

import os
import sys

from hooks.fast.records import NamedTuple
from hooks.files import is_inside, real_directory, real_path
from hooks.harmless import quoted
from hooks.project.git_repository import read_git_repository, read_settings
from hooks.shell import path_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hooks.project.git_repository import GitRepository


class Project(NamedTuple):
    """The project that the hook runs in, and where its venv or link belongs."""

    root: str
    """The working directory: absolute, without links."""
    place: str
    """Where the venv (owner) or the link (member) is expected."""
    target: str | None
    """The shared venv; None without `--target`."""
    target_is_relative: bool
    """`--target` counts from the project: then the link must, too, or it breaks when they move."""
    is_owner: bool
    in_ci: bool
    git: GitRepository | None

    @property
    def link_text(self) -> str:
        """What the right link says: the target, from the directory that the link is in."""
        target = self.target or ""
        directory = real_path(os.path.dirname(self.place))
        if not self.target_is_relative or directory == self.root:
            return target
        return os.path.relpath(real_directory(target), directory)

    @property
    def trusted_users(self) -> frozenset[int]:
        """Whom a venv may belong to: the user, root, the owner of the project's folder.

        The last for root in a container, where the checkout is the host's user's.
        """
        return frozenset({0, os.geteuid(), os.stat(".").st_uid})

    def leading_to(self, link_text: str) -> Project:
        """The same project, its target where this text of its link leads."""
        target = os.path.join(os.path.dirname(self.place), link_text)
        return self._replace(target=target, target_is_relative=not os.path.isabs(link_text))


def read_project(venv: str, target: str | None, environ: Mapping[str, str]) -> Project:
    """Work out the role. Ends the program with status 2 where there is nothing to work with.

    The project is the owner if the target's path, as written, lies inside it. In a linked work
    tree a relative target counts from the main one, where its siblings are.
    """
    try:
        root = os.getcwd()
    except OSError:
        raise _end("the working directory does not exist any more") from None
    home = real_path(os.path.expanduser("~"))
    for option, path in {"--venv": venv, "--target": target or venv}.items():
        if is_inside(home, real_directory(path)):  # what mends it would move it aside
            raise _end(f"{option}: {quoted(path)} holds the home directory, it is no venv")
    git = read_git_repository(root)
    relative = target is not None and not os.path.isabs(target)
    if target is not None and relative and git and git.is_linked and git.main_work_tree:
        sub_project = os.path.relpath(root, git.work_tree)
        target = os.path.relpath(os.path.join(git.main_work_tree, sub_project, target), root)
    own = None if target is None else _place_inside(root, target)
    if own is None and is_inside(root, real_directory(venv)):
        raise _end(f"--venv: {quoted(venv)} holds the project, it is no venv")
    in_ci = environ.get("CI", "").strip().lower() not in {"", "0", "false", "no"}
    return Project(root, own or venv, own or target, relative, own is not None, in_ci, git)


def _end(why: str) -> SystemExit:
    if sys.stderr is not None:
        sys.stderr.write(f"{why}\n")
    return SystemExit(2)


def _place_inside(root: str, target: str) -> str | None:
    """The target's path from the root, if it lies inside; its own link is not followed."""
    for absolute in [os.path.normpath(os.path.join(root, target)), real_directory(target)]:
        if is_inside(absolute, root):
            return path_word(os.path.relpath(absolute, root))
    return None


def owner_of(project: Project) -> str:
    """The folder of the project that holds the shared venv, as far as the target's path tells."""
    target = project.target or ""
    if not os.path.isabs(target):
        # `../../dr-daily-report/envs/venv`: the first folder that is not one of ours.
        main = main_place(project)
        away = "" if main == project.root else os.path.relpath(main, project.root)
        parts = os.path.normpath(os.path.relpath(target, away) if away else target).split("/")
        up = sum(part == ".." for part in parts)
        if len(parts) > up + 1:
            return os.path.normpath(os.path.join(away, *parts[: up + 1 if up else 0]))
    return os.path.dirname(target) or "."


def origin_url(project: Project) -> str | None:
    """Where this project was cloned from; only where a path leads to its siblings there."""
    settings = read_settings(project.git.common_directory) if project.git else {}
    url = settings.get("remote.origin.url", "")
    return url if "/" in url else None


def main_place(project: Project) -> str:
    """Where this project is in the main work tree."""
    git = project.git
    if git is None or not git.is_linked or git.main_work_tree is None:
        return project.root
    sub_project = os.path.relpath(project.root, git.work_tree)
    return os.path.normpath(os.path.join(git.main_work_tree, sub_project))
