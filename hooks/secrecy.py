"""Which values are never shown, by the names that they have. No I/O."""

from __future__ import annotations

import os
import re

_NAMES = "token|secret|password|passwd|passphrase|credential|key"
_QUERY = re.compile(r"(://[^\s?#`]{0,4096}\?)[^\s`#'\"]+")


def names_a_secret(name: str) -> bool:
    """A key of this name holds a secret, or holds what does: `api_key`, `secrets`."""
    return re.search(_NAMES, name, re.IGNORECASE) is not None


def says_a_secret(text: str) -> bool:
    """A value that is itself a name with its secret: `--token=…`, `password: …`."""
    return re.search(rf"(?:{_NAMES})[\w-]*\s*[\s=:]", text, re.IGNORECASE) is not None


def may_hold_secrets(path: str, text: str) -> bool:
    """A file whose lines are not shown: without its keys nobody knows what a line belongs to."""
    name = os.path.basename(path)
    return name.startswith(".env") or names_a_secret(name) or names_a_secret(text)


def without_queries(text: str) -> str:
    """A URL's query may be a token, or a signature."""
    return _QUERY.sub(r"\1****", text) if "?" in text else text
