"""Declarations of dependencies that are not read: those of other tools, and under other names.

What is not read never counts as satisfied, so a project that has nothing else is told."""

from __future__ import annotations

import os
import re

from hooks.files import list_directory, read_file
from hooks.harmless import quoted
from hooks.problems import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


def find_unread(directory: str) -> Problem | None:
    """The first file in a project's folder that declares dependencies, but is not read."""
    for name in ["pyproject.toml", *_DECLARES, "requirements.in"]:
        path = os.path.normpath(os.path.join(directory, name))
        if os.path.isfile(path) and (found := unread(path)):
            return found
    folder = os.path.normpath(os.path.join(directory, "requirements"))
    names = [name for name in list_directory(folder) if name.endswith(".txt")]
    return _problem(f"{folder}/{names[0]}", "", len(names) - 1) if names else None


def unread(path: str) -> Problem | None:
    """That this file, whatever its name says it is, declares dependencies that are not read."""
    name = os.path.basename(path)
    if name == "requirements.in":
        return _problem(path)
    if name != "pyproject.toml" and name not in _DECLARES:
        return None
    content = read_file(path)
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
    if name == "pyproject.toml":
        declares = _has_packages(text, "tool", "poetry", "dependencies")
        return _problem(path, "[tool.poetry.dependencies]") if declares else None
    return _problem(path) if _DECLARES[name](text) else None


def _problem(path: str, table: str = "", others: int = 0) -> Problem:
    where = f" in {quoted(table)}" if table else ""
    more = f" (nor are {others} more beside it)" if others else ""
    what = f"declares dependencies{where}, but is not read{more}"
    return Problem(
        path, f"{what}: `--requirements` names the file that is", rule="unread-declaration"
    )


def _has_packages(text: str, *keys: str) -> bool:
    """This table of a TOML file names some package."""
    if keys[-1] not in text:
        return False
    import tomllib

    try:
        table: Mapping[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError):
        return False  # what is wrong with it is told where it is read
    for key in keys:
        value = table.get(key)
        if not isinstance(value, dict):
            return False
        table = value
    return bool(table.keys() - {"python"})


def _has_install_requires(text: str) -> bool:
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return "install_requires" in text
    return bool(parser.get("options", "install_requires", fallback="").strip())


def _calls_for_packages(text: str) -> bool:
    return re.search(r"^[^#\n]*\binstall_requires\b", text, re.MULTILINE) is not None


def _lists_packages(text: str) -> bool:
    return re.search(r"^dependencies:", text, re.MULTILINE) is not None


_DECLARES: Mapping[str, Callable[[str], bool]] = {
    "Pipfile": lambda text: _has_packages(text, "packages"),
    "setup.cfg": _has_install_requires,
    "setup.py": _calls_for_packages,
    "environment.yml": _lists_packages,
    "environment.yaml": _lists_packages,
}
