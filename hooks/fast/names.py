"""Names of distributions, extras and dependency groups."""

from __future__ import annotations

import re


def normalised(name: str) -> str:
    """PEP 503. (`packaging.utils` has it as well, but takes 15 ms to import.)"""
    return re.sub(r"[-_.]+", "-", name).lower()
