"""What a hook says: findings, notes, what it fixed; and the only `print`.

Whatever a repository or a venv holds may stand in a message, so everything is made harmless here,
once, on its way out: control characters, bidi overrides and line breaks are shown escaped, the
workflow commands of CI services are broken up, user names and passwords in URLs are hidden.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping

from hooks.records import NamedTuple

LONGEST_VALUE = 200
"""Characters of one quoted value; a longer one keeps its two ends."""

# GitHub Actions obeys `::error …` in what a step prints, and `##[error]` (Azure: `##vso[…]`).
_WORKFLOW_COMMAND = r"(?<=:):(?=[A-Za-z])|(?<=#)#(?=\w*\[)"
# The host part of a URL ends at the first `/`; a password may hold all else, `@`, `#` and spaces
# included. In a whole sentence a space or a backtick has to end it as well.
_CREDENTIALS_IN_VALUE = r"(?<=://)[^/]*@"
_CREDENTIALS_IN_LINE = r"(?<=://)[^/\s`]*@"
_SAFE_IN_ANSI_C_QUOTES = frozenset(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._- "
)


_FIX_LABELS = ("fix", "or", "or", "or")


class Finding(NamedTuple):
    """Something is wrong: `path[:line]: what`, and the commands that mend it.

    `fixes` are command lines for a POSIX shell; the first is printed as `fix:`, others as `or:`.
    """

    path: str
    what: str
    line: int | None = None
    fixes: tuple[str, ...] = ()


class Note(NamedTuple):
    """Nothing wrong, but something that could not be checked, or that the user should know."""

    what: str


class Fixed(NamedTuple):
    """What `--fix` has done. The commit still stops, as with every fixer: the next run passes."""

    done: str


Message = Finding | Note | Fixed


def quoted(value: str) -> str:
    """A value as it stands in a message: in backticks, harmless, not too long."""
    value = _harmless(re.sub(_CREDENTIALS_IN_VALUE, "****@", value))
    if len(value) > LONGEST_VALUE:
        value = f"{value[: LONGEST_VALUE - 50]}…{value[-49:]}"
    return f"`{value}`"


def command(*words: str) -> str:
    """The words as one line to paste into a shell.

    A word that would not be printed as it is gets the `$'…'` form, byte by byte, which bash, zsh
    and ksh read back exactly (`shlex.quote` leaves an escape sequence as it stands).
    """
    return " ".join(_shell_word(word) for word in words)


def path_word(path: str) -> str:
    """A path as an argument that no command takes for an option."""
    return f"./{path}" if path.startswith("-") else path


def report(messages: Iterable[Message], hidden: Mapping[str, str] | None = None) -> int:
    """Print the messages in their order and return the hook's exit status, 0 or 1.

    A repair that mends several findings is printed once, under the last of them.
    `hidden` maps values that must not be shown to what stands for them: `{"s3cret": "${TOKEN}"}`.
    """
    messages = list(messages)
    last = {each.fixes: each for each in messages if isinstance(each, Finding)}
    for message in messages:
        match message:
            case Note():
                _print(f"note: {_concealed(message.what, hidden)}")
            case Fixed():
                _print(f"fixed: {message.done}")
            case _:
                place = message.path if message.line is None else f"{message.path}:{message.line}"
                _print(f"{place}: {_concealed(message.what, hidden)}")
                fixes = message.fixes if last[message.fixes] is message else ()
                for label, fix in zip(_FIX_LABELS, fixes, strict=False):
                    _print(f"  {label}: {fix}")
    return int(any(not isinstance(message, Note) for message in messages))


def _concealed(text: str, hidden: Mapping[str, str] | None) -> str:
    stand_ins = hidden or {}
    for value in sorted(stand_ins, key=len, reverse=True):
        # A short value (`${MAJOR}` is `2`) is only meant where it stands alone.
        alone = (r"(?<![\w.])", r"(?![\w.])") if len(value) < 8 else ("", "")
        pattern = re.escape(value).join(alone)
        text = re.sub(pattern, stand_ins[value].replace("\\", r"\\"), text)
    return text


def _print(line: str) -> None:
    line = _harmless(re.sub(_CREDENTIALS_IN_LINE, "****@", line))
    encoding = sys.stdout.encoding or "ascii"
    try:
        # `é` on a terminal that has only ASCII is shown escaped, too.
        print(line.encode(encoding, "backslashreplace").decode(encoding))
    except OSError:
        # Nobody reads any more (`| head`) or the disk is full: the exit status still tells, and
        # the interpreter must not complain when it flushes at its end.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115


def _harmless(text: str) -> str:
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _escaped(char) for char in text)
    return re.sub(_WORKFLOW_COMMAND, lambda found: f"\\x{ord(found[0]):02x}", text)


def _escaped(char: str) -> str:
    if "\udc80" <= char <= "\udcff":  # a byte of a file name that is no UTF-8 (PEP 383)
        return f"\\x{ord(char) - 0xDC00:02x}"
    return ascii(char)[1:-1]


def _shell_word(word: str) -> str:
    word = re.sub(_CREDENTIALS_IN_VALUE, "****@", word)
    if _harmless(word) == word:
        import shlex

        return shlex.quote(word)
    return "$'" + "".join(map(_ansi_c_byte, os.fsencode(word))) + "'"


def _ansi_c_byte(byte: int) -> str:
    # Octal, with its three digits, ends where it ends; `\x` would take the digits that follow.
    return chr(byte) if byte in _SAFE_IN_ANSI_C_QUOTES else f"\\{byte:03o}"
