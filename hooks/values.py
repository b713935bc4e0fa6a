"""A TOML, YAML or JSON file as a tree of values, each with its place in the text. No I/O."""

from __future__ import annotations

import os
import re

from hooks.fast.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Key = str | int
    Keys = tuple[Key, ...]

KINDS = (".toml", ".yaml", ".yml", ".json")
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


def has_keys(path: str) -> bool:
    return os.path.splitext(path)[1].lower() in KINDS


def parse_values(path: str, content: bytes) -> Document | Malformed:
    """The kind of file is told by its name, one of `KINDS`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Malformed("is not UTF-8", content.count(b"\n", 0, error.start) + 1)
    kind = os.path.splitext(path)[1].lower()
    try:
        if kind == ".toml":
            root = _parse_toml(text)
        elif kind == ".json":
            root = _parse_json(text)
        else:
            from hooks.yaml_values import parse_yaml

            root = parse_yaml(text)
    except (TooDeepError, RecursionError):
        return Malformed("is nested too deeply to be read")
    return root if isinstance(root, Malformed) else Document(text, root)


def parse_keys(text: str) -> tuple[str, ...] | None:
    """`tool.ruff` as two keys, `tool."a.b"` as well; None where one is empty."""
    keys: list[str] = []
    at = 0
    key = re.compile(r"""\"([^"]+)\"|'([^']+)'|([^."']+)""")
    while found := key.match(text, at):
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


def _parse_toml(text: str) -> Value | Malformed:
    import tomllib

    try:
        document = tomllib.loads(text)
    except ValueError as error:  # of a number with too many digits as well
        found = re.search(r"line (\d+)|end of document", str(error))
        last = len(text.rstrip()) - 1
        line = int(found[1] or line_at(text, last)) if found else None
        return Malformed("is no valid TOML", line, is_syntax=True)
    from hooks.value_places import toml_places

    return _with_places(document, toml_places(text))


def _parse_json(text: str) -> Value | Malformed:
    import json

    try:
        document = json.loads(text, object_pairs_hook=_each_once)
    except json.JSONDecodeError as error:
        return Malformed("is no valid JSON", error.lineno)
    except KeyError:
        return Malformed("has the same key twice")
    except ValueError:
        return Malformed("is no JSON that can be read: a number in it has too many digits")
    from hooks.value_places import json_places

    return _with_places(document, json_places(text))


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise KeyError
    return table


def _with_places(plain: object, places: Mapping[Keys, int], keys: Keys = ()) -> Value:
    if len(keys) > DEEPEST:
        raise TooDeepError
    at = places.get(keys)
    if isinstance(plain, dict):
        table = {key: _with_places(each, places, (*keys, key)) for key, each in plain.items()}
        return Value(table, at)
    if isinstance(plain, list):
        return Value([_with_places(e, places, (*keys, i)) for i, e in enumerate(plain)], at)
    is_json = plain is None or isinstance(plain, str | bool | int | float)
    return Value(plain if is_json else str(plain), at)
