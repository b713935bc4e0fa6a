"""What installs into a venv: its own pip or, where it has none, uv."""

from __future__ import annotations

import os

from hooks.fast.records import NamedTuple
from hooks.files import list_directory
from hooks.shell import command, path_word
from hooks.venvs.layout import site_packages


class Installer(NamedTuple):
    """What installs into a venv: its own pip or, where it has none, uv."""

    venv: str
    has_pip: bool

    def command(self, verb: str, *words: str, directory: str = ".") -> str:
        """To be run in that directory."""
        is_absolute = os.path.isabs(self.venv)
        venv = self.venv if is_absolute else os.path.relpath(self.venv, directory)
        python = path_word(f"{venv}/bin/python")
        if self.has_pip:
            yes = ["-y"] if verb == "uninstall" else []
            return command(python, "-m", "pip", verb, *yes, *words)
        return command("uv", "pip", verb, "--python", python, *words)


def installer_of(venv: str) -> Installer:
    """`uv venv` makes venvs without pip."""
    entries = [name for library in site_packages(venv, None) for name in list_directory(library)]
    return Installer(venv, has_pip=any(name.partition("-")[0] == "pip" for name in entries))
