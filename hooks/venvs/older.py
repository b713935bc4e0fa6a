"""Distributions in the older forms, by `importlib_metadata`: imported only where one is seen.

`.egg-info` as a folder (setuptools) or a file (distutils), `EGG-INFO` of an egg, zipped or not, and
`requires.txt`; new ones are not made any more."""

from __future__ import annotations

import os
import re

from importlib_metadata import Distribution as Older

from hooks.files import LARGEST, Unreadable, read_file
from hooks.harmless import quoted
from hooks.venvs.metadata import NAME, Metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator, Mapping
    from pathlib import Path


_EXTRA = re.compile(r"^\[([^\]:\n]+)", re.MULTILINE)


class _Files(Older):
    """Metadata whose files are read already: nothing can hang, whatever stands there."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def read_text(self, filename: str) -> str | None:
        content = self._files.get(filename)
        return None if content is None else content.decode("utf-8", "replace")

    def locate_file(self, path: str | os.PathLike[str]) -> Path:
        raise NotImplementedError  # of all that is asked here, nothing leads to other files


def read_egg_info(path: str) -> Metadata | Unreadable:
    """That of an `.egg-info` or `EGG-INFO`."""
    if not os.path.isdir(path):
        content = read_file(path)
        return content if isinstance(content, Unreadable) else _parsed({"PKG-INFO": content})
    files = {}
    for name in ("PKG-INFO", "requires.txt"):
        content = read_file(f"{path}/{name}")
        if isinstance(content, bytes):
            files[name] = content
        elif name == "PKG-INFO":
            return content
    return _parsed(files)


def read_zipped(path: str) -> Iterator[tuple[str, Metadata | Unreadable]]:
    """The distributions in a zip file that is on the path, each with its folder in it."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            for folder in dict.fromkeys(name.partition("/")[0] for name in names):
                file = {".dist-info": "METADATA"}.get(os.path.splitext(folder)[1], "PKG-INFO")
                is_one = folder == "EGG-INFO" or folder.endswith((".dist-info", ".egg-info"))
                if is_one and f"{folder}/{file}" in names:
                    files = {
                        name: _start(archive, f"{folder}/{name}")
                        for name in (file, "requires.txt")
                        if f"{folder}/{name}" in names
                    }
                    yield f"{path}/{folder}", _parsed(files)
    except (OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zipfile.BadZipFile):
        return  # not a zip file, then Python finds nothing there, either


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(LARGEST)


def _parsed(files: Mapping[str, bytes]) -> Metadata | Unreadable:
    found = _Files(files)
    headers = found.metadata
    name, version = headers.get("Name"), headers.get("Version")
    if not name or not version:
        return Unreadable(f"has no {quoted('Version' if name else 'Name')}")
    if not NAME.fullmatch(name):
        return Unreadable(f"has the `Name` {quoted(name)}, which is none")
    requires = tuple(found.requires or ())
    told = _EXTRA.findall(found.read_text("requires.txt") or "")
    extras = headers.get_all("Provides-Extra") or [*dict.fromkeys(told)]
    return Metadata(name, version, requires, tuple(extras), headers.get("Requires-Python"))
