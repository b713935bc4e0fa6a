"""Which project declares a command: `[project.scripts]`, Poetry's, or `setup.cfg`'s."""

from __future__ import annotations

import os

from hooks.files import read_file
from hooks.problems import Problem
from hooks.requirements.toml_file import read_toml


def declares_command(directory: str, name: str) -> bool:
    """Whether an installation of this project makes `bin/NAME`, as far as its files tell."""
    toml = read_toml(os.path.join(directory, "pyproject.toml"))
    if not isinstance(toml, Problem):
        for table in [("project", "scripts"), ("tool", "poetry", "scripts")]:
            found: object = toml.document
            for key in table:
                found = found.get(key) if isinstance(found, dict) else None
            if isinstance(found, dict) and name in found:
                return True
    content = read_file(os.path.join(directory, "setup.cfg"))
    return isinstance(content, bytes) and name in _in_setup(content)


def _in_setup(content: bytes) -> list[str]:
    import configparser

    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(content.decode())
    except (ValueError, configparser.Error):
        return []
    lines = parser.get("options.entry_points", "console_scripts", fallback="").splitlines()
    return [line.partition("=")[0].strip() for line in lines if "=" in line]
