"""Where the packages lie that a venv sees from its base interpreter, and from the user's own."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def user_directories(library: str) -> Iterator[str]:
    if not os.environ.get("PYTHONNOUSERSITE"):
        base = os.environ.get("PYTHONUSERBASE") or os.path.expanduser("~/.local")
        yield f"{base}/lib/{library}/site-packages"


def base_directories(prefix: str, library: str) -> Iterator[str]:
    """Where the base interpreter's own packages may lie, in the order of `site`."""
    debians = f"{prefix}/lib/python3/dist-packages"
    has_debians = library.startswith("python3") and os.path.isdir(debians)
    if prefix == "/usr" and not has_debians:  # Fedora's `pip install` puts them there
        yield f"/usr/local/lib64/{library}/site-packages"
        yield f"/usr/local/lib/{library}/site-packages"
    yield f"{prefix}/lib64/{library}/site-packages"
    yield f"{prefix}/lib/{library}/site-packages"
    if has_debians:
        yield f"{prefix}/local/lib/{library}/dist-packages"
        yield debians
        yield f"{prefix}/lib/{library}/dist-packages"
