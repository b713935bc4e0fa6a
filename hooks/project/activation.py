"""What the shell that a command was typed into has activated. Nothing is run."""

from __future__ import annotations

import os

from hooks.fast.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Shell(NamedTuple):
    """What its environment says."""

    activated: str | None
    """The venv that `VIRTUAL_ENV` names."""
    python: str | None
    """What `python` is on `PATH`; None where there is none."""


def read_shell(environ: Mapping[str, str]) -> Shell | None:
    """None in a hook: there a runner has set both for itself."""
    if "PRE_COMMIT" in environ:  # both runners set it, and no shell does
        return None
    return Shell(environ.get("VIRTUAL_ENV") or None, _first_on_path("python", environ))


def _first_on_path(name: str, environ: Mapping[str, str]) -> str | None:
    """As a shell looks for it; an empty entry is the working directory."""
    for folder in environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder or ".", name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None
