"""Names of distributions, extras and dependency groups."""

from __future__ import annotations

INSTALLERS = frozenset({"pip", "setuptools", "wheel", "uv"})
"""What a venv is made and filled with: nobody has to declare it."""

_DASHES = str.maketrans("_.", "--")


def normalised(name: str) -> str:
    """PEP 503. (`packaging.utils` has it as well, but takes 15 ms to import.)"""
    name = name.lower().translate(_DASHES)
    while "--" in name:
        name = name.replace("--", "-")
    return name
