"""What a virtual environment looks like on disk (PEP 405).

Made by `venv`, `virtualenv` or `uv`, on Linux or macOS, of any Python. Only files are read."""

from __future__ import annotations

import os
import re
import stat

from hooks.fast.records import NamedTuple
from hooks.files import Unreadable, kind, list_directory, read_file, read_start
from hooks.harmless import quoted
from hooks.venvs.environment import is_venv
from hooks.venvs.python import LETTERS

NOTHING, LINK, LINK_AS_TEXT, VENV, DIRECTORY, OTHER = range(6)


class Entry(NamedTuple):
    """What stands at a path."""

    kind: int
    """NOTHING, LINK, LINK_AS_TEXT (git's, where it makes no links), VENV, DIRECTORY (that is no
    venv) or OTHER."""
    text: str
    """What a link says; of all else what it is, in words."""


def look_at(path: str) -> Entry:
    """What stands at the place of a venv or link; the link itself is not followed."""
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            return Entry(LINK, os.readlink(path))
    except OSError:
        return Entry(NOTHING, "nothing")
    if stat.S_ISDIR(mode):
        return (
            Entry(VENV, "a real venv")
            if is_venv(path)
            else Entry(DIRECTORY, "a directory, no venv")
        )
    start = read_start(path, 4096) if stat.S_ISREG(mode) else b""
    if isinstance(start, bytes) and b"/" in start and re.fullmatch(rb"[^\n\0]{1,4000}\n?", start):
        text = quoted(os.fsdecode(start.strip()))
        return Entry(
            LINK_AS_TEXT, f"a file that says {text}: git made it with `core.symlinks=false`"
        )
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
