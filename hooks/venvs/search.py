"""The walk of the disk: every venv below a directory, about as fast as `find` names a file."""

from __future__ import annotations

import os
import re

from hooks.harmless import quoted
from hooks.report import Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


# Made and removed by tools of their own (tox, nox), or not Python's at all.
NOT_LOOKED_INTO = frozenset({".git", "node_modules", ".tox", ".nox"})


class Allowed:
    """What `--allow` names: a path that a glob matches, and all that is below it."""

    def __init__(self, globs: Sequence[str]) -> None:
        self._pattern: re.Pattern[str] | None = None
        if not globs:
            return
        import fnmatch

        plain = (glob.removeprefix("./").rstrip("/") for glob in globs)
        self._pattern = re.compile("|".join(map(fnmatch.translate, plain)))

    def names(self, path: str) -> bool:
        """This very path, its parents left aside."""
        return bool(self._pattern and self._pattern.match(path))

    def covers(self, path: str) -> bool:
        """The path or one of its parents."""
        if self._pattern is None:
            return False
        parts = path.split("/")
        return any(self.names("/".join(parts[:end])) for end in range(1, len(parts) + 1))


def find_venvs(allowed: Allowed) -> tuple[list[str], list[Note]]:
    """The venvs in the working directory, sorted, and notes on what could not be looked into.

    Links are not followed; nested repositories and the inside of a venv are not looked into. `.`,
    where the directory is a venv itself, is: it holds the project.
    """
    venvs: list[str] = []
    notes: list[Note] = []
    counting: set[int] = set()
    waiting = ["."]
    while waiting:
        directory = waiting.pop()
        below = "" if directory == "." else f"{directory}/"
        try:
            is_venv, is_repository, names = _look_into(directory, counting)
        except (FileNotFoundError, NotADirectoryError):
            continue  # it is gone since its name was read
        except OSError as error:
            notes.append(Note(f"{quoted(directory)} was not looked into ({error.strerror})"))
            continue
        if is_repository and below:
            continue
        if is_venv and not (directory == "." and allowed.names(directory)):
            venvs.append(directory)
        if not is_venv or not below:
            waiting += [
                below + name
                for name in names
                if name not in NOT_LOOKED_INTO and not allowed.names(below + name)
            ]
    return sorted(venvs), sorted(notes)


def _look_into(directory: str, counting: set[int]) -> tuple[bool, bool, list[str]]:
    """Is it a venv, is it the top of a git work tree, and its subdirectories.

    Most directories hold no other. Where the file system counts subdirectories as links (2 + n:
    ext4 and xfs do, btrfs and APFS do not, CIFS makes a 2 up), those need not be listed, which
    GNU find knows as well. Each device has to prove it, with a directory whose subdirectories were
    seen: then it is `counting`.
    """
    status = os.lstat(directory)
    if status.st_nlink == 2 and status.st_dev in counting:
        is_venv = _exists(f"{directory}/pyvenv.cfg")
        return is_venv, is_venv and _exists(f"{directory}/.git"), []
    is_venv = is_repository = False
    names = []
    with os.scandir(directory) as entries:
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                names.append(name)
                is_venv = is_venv or name == "conda-meta"
            is_venv = is_venv or name == "pyvenv.cfg"
            is_repository = is_repository or name == ".git"
    if names and status.st_nlink == 2 + len(names):
        counting.add(status.st_dev)
    return is_venv, is_repository, names


def _exists(path: str) -> bool:
    """As `os.path.lexists`, which takes "no permission to look" for a no."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    return True
