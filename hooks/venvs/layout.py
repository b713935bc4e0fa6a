"""What a virtual environment looks like on disk (PEP 405).

Made by `venv`, `virtualenv` or `uv`, on Linux or macOS, of any Python. Only files are read."""

from __future__ import annotations

import os
import re
import stat

from hooks.fast.records import NamedTuple
from hooks.files import Unreadable, kind, list_directory, read_file, read_start
from hooks.harmless import quoted
from hooks.venvs import environment
from hooks.venvs.python import LETTERS
from hooks.venvs.redirect import read_redirect

NOTHING, LINK, REDIRECT, LINK_AS_TEXT, VENV, CONDA, DIRECTORY, OTHER = range(8)

_DIRECTORIES = {
    None: (DIRECTORY, "a directory, no venv"),
    environment.VENV: (VENV, "a real venv"),
    environment.CONDA: (CONDA, "a conda environment"),
}


class Entry(NamedTuple):
    """What stands at a path."""

    kind: int
    """NOTHING, LINK, REDIRECT (PEP 832's file), LINK_AS_TEXT (git's, where it makes no links),
    VENV, CONDA, DIRECTORY (that is no environment) or OTHER."""
    text: str
    """What a link or redirect file says; of all else what it is, in words."""


def look_at(path: str, *, is_link_in_git: bool = False) -> Entry:
    """What stands at the place of a venv or link; the link itself is not followed.

    `is_link_in_git`: a file is what git has made of a link. Its index says so (mode 120000), or
    `core.symlinks` is false; else a file with a path in it is somebody's.
    """
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            return Entry(LINK, os.readlink(path))
    except (OSError, ValueError):
        return Entry(NOTHING, "nothing")
    if stat.S_ISDIR(mode):
        return Entry(*_DIRECTORIES[environment.environment_kind(path)])
    start = read_start(path, 4096) if is_link_in_git and stat.S_ISREG(mode) else b""
    if isinstance(start, bytes) and re.fullmatch(rb"[^\n\0]{0,2000}/[^\n\0]{0,2000}\n?", start):
        text = quoted(os.fsdecode(start.strip()))
        return Entry(
            LINK_AS_TEXT, f"a file that says {text}: git made it with `core.symlinks=false`"
        )
    if (redirect := read_redirect(path)) is not None:
        return Entry(REDIRECT, redirect)
    return Entry(OTHER, kind(mode))


def parse_configuration(text: str) -> dict[str, str]:
    """The keys of a `pyvenv.cfg`, in lower case, as `site` reads them: split at the first `=`."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def read_configuration(venv: str) -> dict[str, str] | Unreadable:
    content = read_file(f"{venv}/pyvenv.cfg")
    if isinstance(content, Unreadable):
        return content
    return parse_configuration(content.decode("utf-8-sig", "surrogateescape"))


def site_packages(venv: str, version: str | None) -> list[str]:
    """The `lib/pythonX.Y/site-packages` that are there: of this version, or of any for None."""
    found = []
    for library in list_directory(f"{venv}/lib"):
        # python3.13, python3.13t (free-threaded), pypy3.10
        if version in {None, library.strip(LETTERS)}:
            directory = f"{venv}/lib/{library}/site-packages"
            if os.path.isdir(directory):
                found.append(directory)
    return found
