"""A YAML text as a tree of values. No I/O; PyYAML is imported when there is something to parse."""

from __future__ import annotations

import yaml
from yaml.constructor import SafeConstructor

from hooks.values import DEEPEST, MOST, Malformed, TooDeepError, Value, children, line_at

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PREFIX = "tag:yaml.org,2002:"
_MERGE = f"{_PREFIX}merge"


def parse_yaml(text: str) -> Value | Malformed:
    """One document, in which no key is twice; an empty text is null, as YAML has it."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        last = text.rstrip().count("\n")  # what is missing is missed behind the last line
        return Malformed(
            "is no valid YAML", min(getattr(error.problem_mark, "line", last), last) + 1
        )
    except yaml.reader.ReaderError:
        found = yaml.reader.Reader.NON_PRINTABLE.search(text)
        return Malformed(
            "holds a character that YAML has not", found and line_at(text, found.start())
        )
    if node is None:
        return Value(None, 0)
    tree = _Tree(text)
    try:
        return tree.value(node, 0)
    except _RefusedError as refused:
        return refused.why


class _RefusedError(Exception):
    def __init__(self, why: Malformed) -> None:
        self.why = why


class _Tree:
    """What an alias names is made once, however often it is meant."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._constructor = SafeConstructor()
        self._made: dict[int, Value] = {}
        self._extent: dict[int, tuple[int, int]] = {}
        """Of each value how many it is, with all that it holds, and on how many levels."""
        self._open: set[int] = set()

    def value(self, node: yaml.Node, depth: int) -> Value:
        if id(node) in self._made:
            return self._made[id(node)]
        if depth > DEEPEST:
            raise TooDeepError
        if id(node) in self._open:
            raise self._refused(node, "contains itself")
        self._open.add(id(node))
        value = Value(self._plain(node, depth), node.start_mark.index)
        self._open.remove(id(node))
        self._made[id(node)] = value
        held = [self._extent[id(each)] for each in (children(value) or {}).values()]
        size = 1 + sum(each for each, _ in held)
        levels = 1 + max((each for _, each in held), default=0)
        if size > MOST:
            raise self._refused(node, f"holds more than {MOST:,} values")
        if levels > DEEPEST:
            raise TooDeepError
        self._extent[id(value)] = size, levels
        return value

    def _plain(self, node: yaml.Node, depth: int) -> object:
        if isinstance(node, yaml.MappingNode):
            return self._table(node, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return self._scalar(node)

    def _table(self, node: yaml.MappingNode, depth: int) -> dict[str, Value]:
        table: dict[str, Value] = {}
        merged: dict[str, Value] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._refused(key, "has a key that is no text")
            if key.tag == _MERGE:
                for name, each in self._merged(value, depth):
                    merged.setdefault(name, each)
            elif key.value in table:
                raise self._refused(key, "has the same key twice")
            else:
                table[key.value] = self.value(value, depth + 1)
        return {**merged, **table}

    def _merged(self, node: yaml.Node, depth: int) -> list[tuple[str, Value]]:
        """What `<<: *base`, or `<<: [*one, *other]`, brings in."""
        bases = node.value if isinstance(node, yaml.SequenceNode) else [node]
        tables = [self.value(base, depth + 1).plain for base in bases]
        return [pair for table in tables if isinstance(table, dict) for pair in table.items()]

    def _scalar(self, node: yaml.Node) -> object:
        kind = node.tag.removeprefix(_PREFIX)
        if kind not in {"int", "float", "bool", "null"}:
            return node.value if node.tag.startswith(_PREFIX) else f"{node.tag} {node.value}"
        try:
            return self._constructor.construct_object(node)
        except (ValueError, LookupError):  # `!!int many`, or a number with too many digits
            return node.value

    def _refused(self, node: yaml.Node, why: str) -> _RefusedError:
        return _RefusedError(Malformed(why, line_at(self._text, node.start_mark.index)))
