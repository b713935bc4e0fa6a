"""A conda environment: one answer, wherever it is met, and no command, as it cannot be moved."""

from __future__ import annotations

from hooks.report import Finding


def conda_environment(path: str) -> Finding:
    """The one finding that every hook has for it."""
    what = (
        "is a conda environment, but these hooks guard virtual environments (PEP 405),"
        " as `venv`, `virtualenv` and `uv` make them"
    )
    return Finding(path, what, rule="conda-environment")
