"""What the shell that a command was typed into has activated. Nothing is run."""

from __future__ import annotations

import os
import sys

from hooks.fast.records import NamedTuple
from hooks.files import real_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Shell(NamedTuple):
    """What its environment says."""

    activated: str | None
    """The venv that `VIRTUAL_ENV` names."""
    python: str | None
    """What `python` is on `PATH`; None where there is none."""


def read_shell(environ: Mapping[str, str], prefix: str = sys.prefix) -> Shell | None:
    """None in a hook: there a runner has set both for itself.

    `prefix` is this program's own environment, which `uvx` puts on PATH for it alone.
    """
    if "PRE_COMMIT" in environ:  # both runners set it, and no shell does
        return None
    activated = environ.get("VIRTUAL_ENV") or None
    folders = environ.get("PATH", os.defpath).split(os.pathsep)
    is_own = real_path(folders[0]) == real_path(os.path.join(prefix, "bin"))
    if is_own and prefix != sys.base_prefix and activated is None:
        del folders[0]
    return Shell(activated, _first_in(folders, "python"))


def _first_in(folders: Sequence[str], name: str) -> str | None:
    """As a shell looks for it; an empty entry is the working directory."""
    for folder in folders:
        path = os.path.join(folder or ".", name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None
