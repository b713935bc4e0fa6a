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

from hooks.files import encoded
from hooks.names import normalised
from hooks.records import NamedTuple

LONGEST_VALUE = 200
"""Characters of one quoted value; a longer one keeps its two ends."""

_LONGEST_LOOKED_AT = 20_000

# GitHub Actions obeys `::error …` in what a step prints, and `##[error]` (Azure: `##vso[…]`).
_WORKFLOW_COMMAND = r"(?<=:):(?=[A-Za-z])|(?<=#)#(?=\w*\[)"
# Before the last `@` of the host part: that ends at the first `/` behind the slashes, and a
# password may hold all else, `#` and spaces included. Misspelt URLs (`https:/me:s3cret@host`) and
# `git+me:s3cret@host:path` count. (No more than 4,096 characters: else it took quadratic time.)
_HOST_FOLLOWS = r"(?:://|\b(?:https?|s?ftp|ssh|svn|lp):/*|\b(?:git|hg|svn|bzr)\+)"
_CREDENTIALS_IN_VALUE = rf"({_HOST_FOLLOWS})[^/]{{0,4096}}@"
# In a whole sentence a space or a backtick has to end it as well.
_CREDENTIALS_IN_LINE = rf"({_HOST_FOLLOWS})[^/\s`]{{0,4096}}@"
# `https://me:s3` of a line that was cut in the midst of a password: no port is like that.
_CUT_SHORT = r"(://[^/@:\[\]]{0,4096}:)(?!\d*(?:[/?#]|$))[^/@]*"
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
    rule: str = ""
    subject: str = ""


class Note(NamedTuple):
    """Nothing wrong, but something that could not be checked, or that the user should know."""

    what: str


class Fixed(NamedTuple):
    """What `--fix` has done. The commit still stops, as with every fixer: the next run passes."""

    done: str


Message = Finding | Note | Fixed


def quoted(value: str) -> str:
    """A value as it stands in a message: in backticks, harmless, not too long."""
    if len(value) > _LONGEST_LOOKED_AT:
        value = f"{value[: _LONGEST_LOOKED_AT // 2]}…{value[-_LONGEST_LOOKED_AT // 2 :]}"
    value = harmless(value)
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
    # Two types with equal fields compare equal.
    messages = list({(type(each), each): each for each in messages}.values())
    last = {each.fixes: each for each in messages if isinstance(each, Finding)}
    for message in messages:
        match message:
            case Note():
                _print(f"note: {_concealed(message.what, hidden)}")
            case Fixed():
                _print(f"fixed: {message.done}")
            case _:
                place = harmless(message.path) + (f":{message.line}" if message.line else "")
                _print(f"{place}: {_concealed(message.what, hidden)}")
                fixes = message.fixes if last[message.fixes] is message else ()
                for label, fix in zip(_FIX_LABELS, fixes, strict=False):
                    _print(f"  {label}: {fix}")
    return int(any(not isinstance(message, Note) for message in messages))


def harmless(value: str) -> str:
    """A value without what must not be seen, nor obeyed by what shows it."""
    if "@" in value or ":" in value:
        value = re.sub(_CREDENTIALS_IN_VALUE, r"\1****@", value)
        value = re.sub(_CUT_SHORT, r"\1****", value)
    return _escaped(value)


def _concealed(text: str, hidden: Mapping[str, str] | None) -> str:
    """The text without the hidden values: as they are, as they were shown, or as a name."""
    stand_ins = {
        form: stand_in
        for value, stand_in in (hidden or {}).items()
        for form in [value, _escaped(value), normalised(value.strip("-_.")) or value]
    }
    for value in sorted(stand_ins, key=len, reverse=True):
        # A short value (`${MAJOR}` is `2`) is only meant where it stands alone.
        alone = (r"(?<![\w.])", r"(?![\w.])") if len(value) < 8 else ("", "")
        pattern = re.escape(value).join(alone)
        text = re.sub(pattern, stand_ins[value].replace("\\", r"\\"), text)
        if "…" in text:
            text = _without_ends(text, value, stand_ins[value])
    return text


def _without_ends(text: str, value: str, stand_in: str) -> str:
    """A longer value was shortened in the midst of this one: its beginning or its end is left."""
    pieces = text.split("…")
    for at in range(len(pieces) - 1):
        for size in range(len(value) - 1, 3, -1):
            if pieces[at].endswith(value[:size]):
                pieces[at] = pieces[at][:-size] + stand_in
            if pieces[at + 1].startswith(value[-size:]):
                pieces[at + 1] = stand_in + pieces[at + 1][size:]
    return "…".join(pieces)


def _print(line: str) -> None:
    line = _escaped(re.sub(_CREDENTIALS_IN_LINE, r"\1****@", line))
    # `é` on a terminal that has only ASCII is shown escaped, too; no stdout at all is `>&-`.
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        print(line.encode(encoding, "backslashreplace").decode(encoding), flush=True)
    except OSError:
        # Nobody reads any more (`| head`) or the disk is full: the exit status still tells, and
        # the interpreter must not complain when it flushes at its end.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115


def _escaped(text: str) -> str:
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _escape(char) for char in text)
    return re.sub(_WORKFLOW_COMMAND, lambda found: f"\\x{ord(found[0]):02x}", text)


def _escape(char: str) -> str:
    if "\udc80" <= char <= "\udcff":  # a byte of a file name that is no UTF-8 (PEP 383)
        return f"\\x{ord(char) - 0xDC00:02x}"
    return ascii(char)[1:-1]


def _shell_word(word: str) -> str:
    word = re.sub(_CREDENTIALS_IN_VALUE, r"\1****@", word)
    if _escaped(word) == word:
        import shlex

        return shlex.quote(word)
    return "$'" + "".join(map(_ansi_c_byte, encoded(word))) + "'"


def _ansi_c_byte(byte: int) -> str:
    # Octal, with its three digits, ends where it ends; `\x` would take the digits that follow.
    return chr(byte) if byte in _SAFE_IN_ANSI_C_QUOTES else f"\\{byte:03o}"
