"""Rules `differs`, `missing-file` and `bad-configuration`: files or values that siblings share.

No I/O: the copies were read before. They are parsed only if another one differs.
"""

from __future__ import annotations

import itertools
import os

from hooks.fast.records import NamedTuple
from hooks.files import Unreadable
from hooks.harmless import quoted
from hooks.project.copies import different
from hooks.report import Finding, Message, Note
from hooks.rules.parting import Part, pair, place, shown_keys, told
from hooks.secrecy import may_hold_secrets, names_a_secret
from hooks.value_files import has_keys, parse_values
from hooks.values import Malformed, first_difference, look_up, parse_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hooks.project.copies import Copy
    from hooks.values import Difference, Document, Value


class Same(NamedTuple):
    """What `--same` asks for: a file, or the value behind keys in it."""

    file: str
    keys: tuple[str, ...]


def parse_same(text: str) -> Same | str:
    """`FILE` or `FILE:KEY.KEY`; else why it is neither."""
    file, colon, rest = text.partition(":")
    keys = parse_keys(rest) if colon else ()
    path = os.path.normpath(file)
    if not file.strip() or keys is None:
        return f"{quoted(text)} is no FILE and no FILE:KEY.KEY"
    if os.path.isabs(file) or path == "." or path.split("/")[0] == "..":
        return f"{quoted(file)} is no file inside each project"
    if keys and not has_keys(file):
        return f"{quoted(file)} has no keys that can be read: only TOML, YAML and JSON have"
    return Same(path, keys)


def check_same(
    asked: Same, own: Copy, siblings: Sequence[Copy], *, everywhere: bool
) -> Iterator[Message]:
    """At most one finding, which names all siblings that differ; and what was not compared.

    `everywhere` makes a finding of what is not here.
    """
    others = different(own, siblings)
    if own.is_missing:
        yield from _without_file(asked, own, others, siblings, everywhere=everywhere)
    elif isinstance(own.content, Unreadable):
        yield _bad(own, Malformed(own.content.why))
    elif asked.keys:
        if others or everywhere:
            yield from _check_values(asked, own, others, everywhere=everywhere)
    else:
        parts = []
        for copy in others:
            if isinstance(copy.content, Unreadable):
                yield _note(copy, Malformed(copy.content.why))
            else:
                parts.append(_parting_lines(own, own.content, copy, copy.content))
        yield from told(own.path, parts)


# -- files ----------------------------------------------------------------------------------------


def _without_file(
    asked: Same, own: Copy, others: Sequence[Copy], siblings: Sequence[Copy], *, everywhere: bool
) -> Iterator[Message]:
    if everywhere:
        what = f"is missing, but {place(others[0].path, None)} is there" if others else "is missing"
        yield Finding(own.path, what, rule="missing-file", subject=own.path)
    elif siblings and not others:
        yield Note(f"{quoted(asked.file)} was not compared: no project of the family has it")


def _parting_lines(own: Copy, content: bytes, copy: Copy, theirs: bytes) -> Part:
    mine, others = (each.splitlines(keepends=True) for each in (content, theirs))
    pairs = enumerate(itertools.zip_longest(mine, others), start=1)
    line, both = next((line, both) for line, both in pairs if both[0] != both[1])
    whole = [None if each is None else each.decode("utf-8", "surrogateescape") for each in both]
    bare = [None if each is None else each.rstrip("\r\n") for each in whole]
    one, other = bare if bare[0] != bare[1] else whole  # where only the lines' ends differ
    there = place(copy.path, line)
    is_secret = any(
        may_hold_secrets(own.path, text.decode("latin-1")) for text in (content, theirs)
    )
    shown = pair(one, other, is_secret=is_secret)
    return Part(line, f"says {shown[0] or 'nothing more'}", shown[1] or "nothing more", there)


# -- values ---------------------------------------------------------------------------------------


def _check_values(
    asked: Same, own: Copy, others: Sequence[Copy], *, everywhere: bool
) -> Iterator[Message]:
    found = _look_up(asked, own)
    if isinstance(found, Malformed):
        yield _bad(own, found)
        return
    document, value = found
    holding: list[tuple[Copy, Document, Value]] = []
    for copy in others:
        there = _look_up(asked, copy)
        if isinstance(there, Malformed):
            yield _note(copy, there)
        elif there[1] is not None:
            holding.append((copy, there[0], there[1]))
    if value is None:
        places = [place(copy.path, text.line(each.at)) for copy, text, each in holding]
        yield from _without_key(asked, own, places, others, everywhere=everywhere)
        return
    parts = [
        _parting_values(asked, document, copy, text, difference)
        for copy, text, each in holding
        if (difference := first_difference(value, each, asked.keys))
    ]
    yield from told(own.path, parts)


def _look_up(asked: Same, copy: Copy) -> tuple[Document, Value | None] | Malformed:
    if isinstance(copy.content, Unreadable):
        return Malformed(copy.content.why)
    document = parse_values(copy.path, copy.content)
    if isinstance(document, Malformed):
        return document
    return document, look_up(document.root, asked.keys)


def _without_key(
    asked: Same, own: Copy, places: Sequence[str], others: Sequence[Copy], *, everywhere: bool
) -> Iterator[Message]:
    name = quoted(shown_keys(asked.keys))
    if everywhere:
        what = f"has no {name}" + (f", but {places[0]} has" if places else "")
        yield Finding(own.path, what, rule="missing-file", subject=own.path)
    elif others and not places:
        what = f"{name} of {quoted(asked.file)} was not compared"
        yield Note(f"{what}: no project of the family has it")


def _parting_values(
    asked: Same, own: Document, copy: Copy, theirs: Document, difference: Difference
) -> Part:
    one, other = (each and _shown(each) for each in (difference.own, difference.theirs))
    names = [os.path.basename(asked.file), *difference.keys]
    is_secret = any(isinstance(name, str) and names_a_secret(name) for name in names)
    shown = pair(one, other, is_secret=is_secret)
    return Part(
        own.line(difference.own_at),
        f"{quoted(shown_keys(difference.keys))} is {shown[0] or 'not set'}",
        shown[1] or "not set",
        place(copy.path, theirs.line(difference.theirs_at)),
    )


def _shown(value: Value) -> str:
    """As JSON, in which text and number look different; a table or list by its kind."""
    if isinstance(value.plain, dict):
        return "{…}"
    if isinstance(value.plain, list):
        return "[…]"
    import json

    return json.dumps(value.plain, ensure_ascii=False)


def _bad(own: Copy, why: Malformed) -> Finding:
    return Finding(own.path, why.why, why.line, rule="bad-configuration", subject=own.path)


def _note(copy: Copy, why: Malformed) -> Note:
    return Note(f"{place(copy.path, why.line)} {why.why}: it was not compared")
