"""What an environment is: one definition for all hooks, on disk and in git's index.

A virtual environment (PEP 405) as `venv`, `virtualenv` and `uv` make it, on Windows as well; an old
one, or one whose clone has ignored `*.cfg`; or one of conda's, which these hooks do not guard.
"""

from __future__ import annotations

import os

from hooks.files import read_link
from hooks.venvs.redirect import read_redirect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Set

VENV, CONDA = "venv", "conda"
"""The kinds."""

# Of each kind what has to be in the folder, all of it. conda's first: one of its environments may
# hold a `pyvenv.cfg` as well.
MARKS = (
    (CONDA, ("conda-meta/",)),
    (VENV, ("pyvenv.cfg",)),
    (VENV, ("bin/activate", "bin/python")),
    (VENV, ("Scripts/activate.bat",)),
)

_TOPS = frozenset(mark.partition("/")[0] for _, marks in MARKS for mark in marks)


def environment_kind(folder: str, names: Set[str] | None = None) -> str | None:
    """The kind of environment that a folder, or what a link leads to, is; None if it is none.

    `names` are those of its entries, if they are known: it saves looking for marks.
    """
    if names is not None and _TOPS.isdisjoint(names):
        return None
    for kind, marks in MARKS:
        if all(os.path.lexists(f"{folder}/{mark}") for mark in marks):
            return kind
    return None


def is_venv(path: str) -> bool:
    """An environment of any kind."""
    return environment_kind(path) is not None


def is_conda(path: str) -> bool:
    return environment_kind(path) == CONDA


def way_text(path: str) -> str | None:
    """What a link, or a redirect file, says; None for all else."""
    text = read_link(path)
    return read_redirect(path) if text is None else text


def end_of(path: str, text: str) -> str:
    """Where the link or redirect file at `path` leads that says `text`."""
    return os.path.join(os.path.dirname(path), text)


def environments_among(paths: Iterable[str]) -> dict[str, str]:
    """The folders that are environments by the files in them, and their kinds; `.` for the top."""
    holding: dict[str, set[str]] = {mark: set() for _, marks in MARKS for mark in marks}
    for path in paths:
        rooted = f"/{path}"
        for mark, folders in holding.items():
            if mark.endswith("/") and f"/{mark}" in rooted:
                folders.add(rooted.partition(f"/{mark}")[0][1:] or ".")
            elif rooted.endswith(f"/{mark}"):
                folders.add(rooted[1 : -len(mark) - 1] or ".")
    found: dict[str, str] = {}
    for kind, marks in reversed(MARKS):
        for folder in set.intersection(*(holding[mark] for mark in marks)):
            found[folder] = kind
    return found
