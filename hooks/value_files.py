"""A TOML, YAML or JSON text as a tree of values, each with its place. No I/O."""

from __future__ import annotations

import os
import re

from hooks.values import DEEPEST, Document, Malformed, TooDeepError, Value, line_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hooks.values import Keys

KINDS = (".toml", ".yaml", ".yml", ".json")


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
