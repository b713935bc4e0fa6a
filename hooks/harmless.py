"""Values from outside, made harmless before they are shown.

Whatever a repository or a venv holds may stand in a message: control characters, bidi overrides
and line breaks are shown escaped, the workflow commands of CI services are broken up, user names
and passwords in URLs are hidden."""

from __future__ import annotations

import re

LONGEST_VALUE = 200
"""Characters of one quoted value; a longer one keeps its two ends."""


_LONGEST_LOOKED_AT = 20_000


# GitHub Actions obeys `::error …` in what a step prints, and `##[error]` (Azure: `##vso[…]`).
_WORKFLOW_COMMAND = r"(?<=:):(?=[A-Za-z])|(?<=#)#(?=\w*\[)"


# Before the last `@` of the host part: that ends at the first `/` behind the slashes, and a
# password may hold all else, `#` and spaces included. Misspelt URLs (`https:/me:s3cret@host`) and
# `git+me:s3cret@host:path` count, and `//me:s3cret@host`. (No more than 4,096 characters: else it
# took quadratic time.)
_HOST_FOLLOWS = r"(?:://|(?<![^\s`'\"])//|\b(?:https?|s?ftp|ssh|svn|lp):/*|\b(?:git|hg|svn|bzr)\+)"


CREDENTIALS_IN_VALUE = rf"({_HOST_FOLLOWS})[^/]{{0,4096}}@"


# In a whole sentence a space or a backtick has to end it as well.
CREDENTIALS_IN_LINE = rf"({_HOST_FOLLOWS})[^/\s`]{{0,4096}}@"


# `me:s3cret@host:path`, a value of its own: `git@host:path@v1` is none.
_WITHOUT_SCHEME = r"((?:^|\s)[\w.+%-]{1,256}:)[^/@\s]{1,4096}@(?=[^/@\s]*:)"


# `https://me:s3` of a line that was cut in the midst of a password: no port is like that.
_CUT_SHORT = r"(://[^/@:\[\]]{0,4096}:)(?!\d*(?:[/?#]|$))[^/@]*"
_QUERY = r"(://[^\s`?#]{0,4096}\?)([^\s`#'\"]+)"


def quoted(value: str) -> str:
    """A value as it stands in a message: in backticks, harmless, not too long."""
    if len(value) > _LONGEST_LOOKED_AT:
        value = f"{value[: _LONGEST_LOOKED_AT // 2]}…{value[-_LONGEST_LOOKED_AT // 2 :]}"
    value = harmless(value)
    if len(value) > LONGEST_VALUE:
        value = f"{value[: LONGEST_VALUE - 50]}…{value[-49:]}"
    return f"`{value}`"


def harmless(value: str) -> str:
    """A value without what must not be seen, nor obeyed by what shows it."""
    if "@" in value or ":" in value:
        value = re.sub(CREDENTIALS_IN_VALUE, r"\1****@", value)
        value = re.sub(_WITHOUT_SCHEME, r"\1****@", value)
        value = re.sub(_CUT_SHORT, r"\1****", value)
    return escaped(without_query_values(value))


def without_query_values(text: str) -> str:
    """`https://host/a?token=s3cret&b=1` with `****` for each value: they sign, or are tokens."""
    return re.sub(_QUERY, _hide_values, text) if "://" in text and "?" in text else text


def _hide_values(found: re.Match[str]) -> str:
    return found[1] + re.sub(r"=[^&;]+", "=****", found[2])


def escaped(text: str) -> str:
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _escape(char) for char in text)
    if ":" not in text and "#" not in text:
        return text
    return re.sub(_WORKFLOW_COMMAND, lambda found: f"\\x{ord(found[0]):02x}", text)


def _escape(char: str) -> str:
    if "\udc80" <= char <= "\udcff":  # a byte of a file name that is no UTF-8 (PEP 383)
        return f"\\x{ord(char) - 0xDC00:02x}"
    return ascii(char)[1:-1]
