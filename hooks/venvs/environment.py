"""What an environment is."""

from __future__ import annotations

import os


def is_venv(path: str) -> bool:
    """A directory with `pyvenv.cfg` (PEP 405) or, of conda, with `conda-meta/`."""
    return os.path.lexists(f"{path}/pyvenv.cfg") or os.path.isdir(f"{path}/conda-meta")
