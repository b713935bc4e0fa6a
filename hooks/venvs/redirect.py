"""A file in the place of a link: PEP 832's `.venv` that says where the environment is.

As uv reads it (0.13): the text counts from the file's folder, and is taken as it stands, but for
one line break at its end. Anything else is just a file.
"""

from __future__ import annotations

import os

from hooks.files import read_start

NAME = ".venv"
"""The one name that such a file may have."""

_LONGEST = 4096  # PATH_MAX of Linux; macOS has 1,024


def read_redirect(path: str) -> str | None:
    """The path that a redirect file says, as written; None for all else.

    A word that leads nowhere is somebody's note: tools write a venv's name there.
    """
    if os.path.basename(path) != NAME:
        return None
    content = read_start(path, _LONGEST + 3)
    text = parse_redirect(content) if isinstance(content, bytes) else None
    if text is None or "/" in text:
        return text
    return text if os.path.lexists(os.path.join(os.path.dirname(path), text)) else None


def parse_redirect(content: bytes) -> str | None:
    """Exactly one line, with one line break at its end at most."""
    line = content.removesuffix(b"\n").removesuffix(b"\r")
    if not 0 < len(line) <= _LONGEST or any(char in line for char in b"\n\r\0"):
        return None
    return os.fsdecode(line)


def redirect_text(target: str) -> str:
    """What the file has to say to lead to `target`, a path from the file's folder."""
    return f"{target}\n"
