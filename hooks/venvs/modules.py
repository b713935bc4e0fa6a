"""Whether a venv has a module, as far as its files tell; nothing is imported."""

from __future__ import annotations

import os
import re
import sys

from hooks.files import list_directory, read_file
from hooks.venvs.layout import read_configuration, site_packages
from hooks.venvs.metadata import parse_pth


def is_gone(venv: str, module: str) -> bool:
    """Surely not there: neither in `site-packages`, nor where a `.pth` file leads.

    False where it cannot be told: with the base's packages, or for a finder that names it.
    """
    top, *rest = module.split(".")
    configuration = read_configuration(venv)
    if not isinstance(configuration, dict) or top in sys.stdlib_module_names:
        return False
    if configuration.get("include-system-site-packages", "").lower() == "true":
        return False
    for library in site_packages(venv, None):
        names = list_directory(library)
        lines = [line for name in names if name.endswith(".pth") for line in _pth(library, name)]
        folders = [library, *(os.path.join(library, line) for line in lines)]
        if any(_holds(folder, [top, *rest]) for folder in folders):
            return False
        if any(_finds(f"{library}/{name}", top) for name in names if _is_finder(name)):
            return False
    return True


def _pth(library: str, name: str) -> list[str]:
    content = read_file(f"{library}/{name}", at_most=1 << 20)
    return parse_pth(content) if isinstance(content, bytes) else []


def _holds(folder: str, parts: list[str]) -> bool:
    """A package or a module of that name, of any kind: `dr/cli.py`, `dr/cli.cpython-311.so`."""
    *above, last = parts
    folder = os.path.join(folder, *above)
    return any(
        entry == last or entry.startswith(f"{last}.")
        for entry in list_directory(folder)
        if not entry.endswith((".dist-info", ".egg-info"))
    )


def _is_finder(name: str) -> bool:
    """What an editable installation puts beside its `.pth`: setuptools, meson-python and others."""
    return name.startswith(("__editable__", "_")) and name.endswith(".py")


def _finds(finder: str, top: str) -> bool:
    """setuptools writes `MAPPING = {'dr': '/home/me/dev/dr-daily-report/dr'}`."""
    content = read_file(finder, at_most=1 << 20)
    text = os.fsdecode(content) if isinstance(content, bytes) else ""
    name = re.escape(top)
    mapped = re.findall(rf"""(['"]){name}\1\s*:\s*(['"])(/[^'"]+)\2""", text)
    if mapped:
        return any(os.path.exists(path) or os.path.exists(f"{path}.py") for *_, path in mapped)
    return re.search(rf"""['"]{name}['"]""", text) is not None
