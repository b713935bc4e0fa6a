"""The walk of the disk: every environment below a directory, and every way that leads to one.

About as fast as `find` names a file."""

from __future__ import annotations

import os
import re

from hooks.fast.records import NamedTuple
from hooks.files import real_path
from hooks.harmless import quoted
from hooks.report import Note
from hooks.venvs.environment import end_of, environment_kind, way_text
from hooks.venvs.redirect import NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


# Made and removed by tools of their own (tox, nox, direnv, hatch, pixi), or not Python's at all.
NOT_LOOKED_INTO = frozenset(
    {".git", "node_modules", ".tox", ".nox", ".direnv", ".hatch", ".pixi"},
)


class Found(NamedTuple):
    """An environment on disk, or a link or redirect file that leads to one."""

    path: str
    """From the working directory; `.` for that itself."""
    kind: str
    """`environment.VENV` or `CONDA`."""
    leads_to: str | None = None
    """Where a link or redirect file leads; None for the environment itself."""


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


def find_environments(allowed: Allowed) -> tuple[list[Found], list[Note]]:
    """What is in the working directory, sorted, and notes on what could not be looked into.

    Links are not followed further; nested repositories and the inside of an environment are not
    looked into. `.`, where the directory is an environment itself, is: it holds the project.
    """
    found: list[Found] = []
    notes: list[Note] = []
    waiting = ["."]
    while waiting:
        directory = waiting.pop()
        below = "" if directory == "." else f"{directory}/"
        try:
            folders, ways, names = _look_into(directory)
        except (FileNotFoundError, NotADirectoryError):
            continue  # it is gone since its name was read
        except OSError as error:
            notes.append(Note(f"{quoted(directory)} was not looked into ({error.strerror})"))
            continue
        if ".git" in names and below:
            continue
        kind = environment_kind(directory, names)
        if kind and not (directory == "." and allowed.names(directory)):
            found.append(Found(directory, kind))
        if kind and below:
            continue
        ways = [below + name for name in ways if not allowed.names(below + name)]
        found += [way for path in ways if (way := _way(path)) is not None]
        waiting += [
            below + name
            for name in folders
            if name not in NOT_LOOKED_INTO and not allowed.names(below + name)
        ]
    return sorted(found), sorted(notes)


def _look_into(directory: str) -> tuple[list[str], list[str], set[str]]:
    """The names of its subdirectories, of what may be a way elsewhere, and all."""
    with os.scandir(directory) as listed:
        entries = list(listed)
    names = {entry.name for entry in entries}
    others = [entry for entry in entries if not entry.is_file(follow_symlinks=False)]
    folders = [entry.name for entry in others if entry.is_dir(follow_symlinks=False)]
    ways = [entry.name for entry in others if entry.is_symlink()]
    if NAME in names and NAME not in ways:
        ways.append(NAME)
    return folders, ways, names


def _way(path: str) -> Found | None:
    """The link or redirect file, if it leads to an environment."""
    if os.path.isdir(path):
        kind = environment_kind(path) if os.path.islink(path) else None
        return Found(path, kind, real_path(path)) if kind else None
    text = way_text(path) if os.path.basename(path) == NAME else None
    if text is None:
        return None
    end = end_of(path, text)
    kind = environment_kind(end)
    return Found(path, kind, end) if kind else None
