"""Words and paths as they are pasted into a POSIX shell."""

from __future__ import annotations

import re

from hooks.files import encoded
from hooks.harmless import CREDENTIALS_IN_VALUE, escaped

_SAFE_IN_ANSI_C_QUOTES = frozenset(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._- "
)


def command(*words: str) -> str:
    """The words as one line to paste into a shell.

    A word that would not be printed as it is gets the `$'…'` form, byte by byte, which bash, zsh
    and ksh read back exactly (`shlex.quote` leaves an escape sequence as it stands).
    """
    return " ".join(_shell_word(word) for word in words)


def path_word(path: str) -> str:
    """A path as an argument that no command takes for an option."""
    return f"./{path}" if path.startswith("-") else path


def _shell_word(word: str) -> str:
    word = re.sub(CREDENTIALS_IN_VALUE, r"\1****@", word)
    if escaped(word) == word:
        import shlex

        return shlex.quote(word)
    return "$'" + "".join(map(_ansi_c_byte, encoded(word))) + "'"


def _ansi_c_byte(byte: int) -> str:
    # Octal, with its three digits, ends where it ends; `\x` would take the digits that follow.
    return chr(byte) if byte in _SAFE_IN_ANSI_C_QUOTES else f"\\{byte:03o}"
