"""What a hook says: findings, notes, what it fixed; and the only `print`.

Three formats, asked for and never detected: text, the workflow annotations of GitHub, one JSON
document. What is shown is made harmless here once more, on its way out.
"""

from __future__ import annotations

import os
import re
import sys

from hooks.fast.names import normalised
from hooks.fast.records import NamedTuple
from hooks.harmless import CREDENTIALS_IN_LINE, escaped, harmless, without_query_values
from hooks.shell import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Mapping

SCHEMA = 1
"""Of the JSON document; a field that goes or changes its meaning makes it 2."""

_FIX_LABELS = ("fix", "or", "or", "or")


class Finding(NamedTuple):
    """Something is wrong: `path[:line]: what [rule]`, and the commands that mend it.

    `fixes` are command lines for a POSIX shell; the first is printed as `fix:`, others as `or:`.
    `subject` is what `--ignore RULE:SUBJECT` names: a distribution, a command, or else the path.
    """

    path: str
    what: str
    line: int | None = None
    fixes: tuple[str, ...] = ()
    rule: str = ""
    subject: str = ""

    @property
    def place(self) -> str:
        return harmless(self.path) + (f":{self.line}" if self.line else "")


class Note(NamedTuple):
    """Nothing wrong, but something that could not be checked, or that the user should know."""

    what: str


class Fixed(NamedTuple):
    """What `--fix` has done. The commit still stops, as with every fixer: the next run passes."""

    done: str


Message = Finding | Note | Fixed


def report(
    messages: Iterable[Message],
    options: Namespace,
    *,
    hidden: Mapping[str, str] | None = None,
    folder: str | None = None,
    fixed_passes: bool = False,
    screen: Callable[[Callable[[str], str]], Iterable[str]] | None = None,
    more: Mapping[str, object] | None = None,
) -> int:
    """Print the messages in their order and return the hook's exit status, 0 or 1.

    `options` are the hook's: `hook` (its name), `ignore`, `output_format`. `hidden` maps values
    that must not be shown to what stands for them: `{"s3cret": "${TOKEN}"}`. `folder` is where
    the fixes count from, seen from where they are pasted; None if they are pasted there.
    `fixed_passes`: what was mended is no reason to stop. `screen` gives the lines that stand for
    the messages in the text format; its argument makes a value safe to show. `more` is what the
    JSON document has besides: text, numbers, None, in lists and dicts.
    """
    # Two types with equal fields compare equal.
    messages = list({(type(each), each): each for each in messages}.values())
    hidden = hidden or {}
    told = [_shown(unless_ignored(each, options.ignore), hidden, folder) for each in messages]
    passing = Note | Fixed if fixed_passes else Note
    status = int(any(not isinstance(each, passing) for each in told))
    if options.output_format == "json":
        besides = {key: _shown_inside(each, hidden) for key, each in (more or {}).items()}
        _print_json(told, options.hook, status, besides)
    elif screen is not None and options.output_format == "text":
        for line in screen(lambda text: _safe(_concealed(text, hidden))):
            _print(line)
    else:
        show = _show_annotation if options.output_format == "github" else _show_text
        last = {each.fixes: each for each in told if isinstance(each, Finding)}
        for each in told:
            if isinstance(each, Finding) and last[each.fixes] is not each:
                each = each._replace(fixes=())  # printed once, under the last that it mends
            show(each)
    return status


def unless_ignored(message: Message, ignored: Iterable[str]) -> Message:
    """A note in place of a finding that `--ignore` names."""
    if not isinstance(message, Finding):
        return message
    subject = message.subject or message.path
    for each in ignored:
        rule, colon, name = each.partition(":")
        if rule == message.rule and (
            not colon or name == subject or normalised(name) == normalised(subject)
        ):
            return Note(f"{message.place}: {message.what} [{message.rule}] (ignored)")
    return message


def _shown(message: Message, hidden: Mapping[str, str], folder: str | None) -> Message:
    match message:
        case Note():
            return Note(_safe(_concealed(message.what, hidden)))
        case Fixed():
            return Fixed(_safe(message.done))
    what = _safe(_concealed(message.what, hidden))
    fixes = tuple(pasted_from(folder, fix) for fix in message.fixes)
    return message._replace(what=what, fixes=tuple(map(_safe, fixes)))


def pasted_from(folder: str | None, line: str) -> str:
    """The command, for who stands where `folder` is the one that it counts from; None: there."""
    if folder is None:
        return line
    # `-P`: `..` is the folder's own, whatever link led there.
    return f"({command('cd', '-P', folder)} && {line})"


def _shown_inside(value: object, hidden: Mapping[str, str]) -> object:
    """The same with all its text safe to show."""
    match value:
        case str():
            return _safe(_concealed(value, hidden))
        case list():
            return [_shown_inside(each, hidden) for each in value]
        case dict():
            return {key: _shown_inside(each, hidden) for key, each in value.items()}
    return value


def _show_text(message: Message) -> None:
    match message:
        case Note():
            _print(f"note: {message.what}")
        case Fixed():
            _print(f"fixed: {message.done}")
        case _:
            _print(f"{message.place}: {message.what} [{message.rule}]")
            for label, fix in zip(_FIX_LABELS, message.fixes, strict=False):
                _print(f"  {label}: {fix}")


def _show_annotation(message: Message) -> None:
    """https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands"""
    match message:
        case Note():
            _print(f"::notice::{_annotated(message.what)}")
        case Fixed():
            _print(f"::notice::fixed: {_annotated(message.done)}")
        case _:
            properties = {"file": message.path, "line": message.line, "title": message.rule}
            written = ",".join(
                f"{name}={_annotated(harmless(str(value)), ':,')}"
                for name, value in properties.items()
                if value is not None
            )
            fixes = zip(_FIX_LABELS, message.fixes, strict=False)
            text = "\n".join([message.what, *(f"{label}: {fix}" for label, fix in fixes)])
            _print(f"::error {written}::{_annotated(text)}")


def _annotated(text: str, more: str = "") -> str:
    """As the toolkit of GitHub's actions escapes it."""
    return "".join(f"%{ord(char):02X}" if char in f"%\r\n{more}" else char for char in text)


def _print_json(
    messages: Iterable[Message], hook: str, status: int, more: Mapping[str, object]
) -> None:
    import json

    document = {
        "schema": SCHEMA,
        "hook": hook,
        "status": status,
        "findings": [
            {
                "rule": each.rule,
                "path": harmless(each.path),
                "line": each.line,
                "message": each.what,
                "fixes": list(each.fixes),
            }
            for each in messages
            if isinstance(each, Finding)
        ],
        "notes": [
            each.what if isinstance(each, Note) else f"fixed: {each.done}"
            for each in messages
            if not isinstance(each, Finding)
        ],
        **more,
    }
    _print(json.dumps(document, ensure_ascii=False, indent=2))


def _concealed(text: str, hidden: Mapping[str, str]) -> str:
    """The text without the hidden values: as they are, as they were shown, or as a name."""
    stand_ins = {
        form: stand_in
        for value, stand_in in hidden.items()
        for form in [value, escaped(value), normalised(value.strip("-_.")) or value]
    }
    for value in sorted(stand_ins, key=len, reverse=True):
        # A short value (`${MAJOR}` is `2`) is only meant where it stands alone.
        alone = (r"(?<![\w.])", r"(?![\w.])") if len(value) < 8 else ("", "")
        pattern = re.escape(value).join(alone)
        text = re.sub(pattern, stand_ins[value].replace("\\", r"\\"), text)
    return text


def _safe(line: str) -> str:
    return escaped(without_query_values(re.sub(CREDENTIALS_IN_LINE, r"\1****@", line)))


def _print(text: str) -> None:
    # `é` on a terminal that has only ASCII is shown escaped, too; no stdout at all is `>&-`.
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)
    except OSError:
        # Nobody reads any more (`| head`) or the disk is full: the exit status still tells, and
        # the interpreter must not complain when it flushes at its end.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
