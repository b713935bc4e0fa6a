"""A tree of values, each with its place in the text that it was read from. No I/O."""

from __future__ import annotations

import re

from hooks.fast.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Key = str | int
    Keys = tuple[Key, ...]

DEEPEST = 100
"""Levels of tables and lists in one another."""
MOST = 100_000
"""Values of one file, each counted as often as it is meant: an alias in YAML is cheap to write."""
_KEY = re.compile(r""""([^"]+)"|'([^']+)'|([^."']+)""")


class Value(NamedTuple):
    plain: object
    """A `dict[str, Value]`, a `list[Value]`, or a scalar; a date is text."""
    at: int | None = None
    """How many characters stand before it in the text."""


class Malformed(NamedTuple):
    """Why there are no values, to follow the file's path."""

    why: str
    line: int | None = None
    is_syntax: bool = False
    """Of TOML: a parser of a newer version may read it."""


class Document(NamedTuple):
    text: str
    root: Value

    def line(self, at: int | None) -> int | None:
        return None if at is None else line_at(self.text, at)

    def rest_of_line(self, at: int | None) -> str:
        """What stands in the line behind a place."""
        return "" if at is None else self.text[at:].partition("\n")[0]


class Difference(NamedTuple):
    """Where two values part first; None is nothing, and then `at` is that of the table around."""

    keys: Keys
    own: Value | None
    theirs: Value | None
    own_at: int | None
    theirs_at: int | None


class TooDeepError(Exception):
    """More levels than `DEEPEST`."""


def parse_keys(text: str) -> tuple[str, ...] | None:
    """`tool.ruff` as two keys, `tool."a.b"` as well; None where one is empty."""
    keys: list[str] = []
    at = 0
    while found := _KEY.match(text, at):
        keys.append(found[1] or found[2] or found[3])
        at = found.end() + 1
        if at > len(text):
            return tuple(keys)
        if text[at - 1] != ".":
            return None
    return None


def look_up(root: Value, keys: Sequence[str]) -> Value | None:
    """The value behind the keys; a number counts the items of a list, from 0."""
    value: Value | None = root
    for key in keys:
        match value and value.plain:
            case dict() as table:
                value = table.get(key)
            case list() as items if key.isdecimal() and len(key) < 9 and int(key) < len(items):
                value = items[int(key)]
            case _:
                return None
    return value


def first_difference(own: Value, theirs: Value, keys: Keys = ()) -> Difference | None:
    """In the order of the own file; of tables the order of keys does not count."""
    mine, others = children(own), children(theirs)
    if mine is None or others is None or type(own.plain) is not type(theirs.plain):
        is_same = mine is None and others is None and _is_same(own.plain, theirs.plain)
        return None if is_same else Difference(keys, own, theirs, own.at, theirs.at)
    for key in {**mine, **others}:
        one, other = mine.get(key), others.get(key)
        if one is None or other is None:
            one_at, other_at = (one or own).at, (other or theirs).at
            return Difference((*keys, key), one, other, one_at, other_at)
        if found := first_difference(one, other, (*keys, key)):
            return found
    return None


def children(value: Value) -> dict[Key, Value] | None:
    """What a table or list holds, by its keys; None of a scalar."""
    if isinstance(value.plain, dict):
        return {**value.plain}
    return {**dict(enumerate(value.plain))} if isinstance(value.plain, list) else None


def line_at(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _is_same(one: object, other: object) -> bool:
    is_same = one == other or (one != one and other != other)  # `nan` is not equal to itself
    return type(one) is type(other) and is_same
