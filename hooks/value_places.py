"""Where each value of a TOML or JSON text stands, which `tomllib` and `json` do not tell.

The text is one that they have read: here nothing is checked, and no value is made.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.values import Keys

_TOKEN = re.compile(
    r"""
    \#[^\n]*
    | \"{3} (?: \\. | [^\\] )*? \"{3,5}
    | '{3} .*? '{3,5}
    | " (?: \\. | [^"\\] )* "
    | ' [^']* '
    | [\[\]{}=:,.\n]
    | [^\s\[\]{}=:,.#"']+
    """,
    re.VERBOSE | re.DOTALL,
)


def toml_places(text: str) -> dict[Keys, int]:
    """How many characters stand before each value, by its keys; before a table's header."""
    return _Toml(text).read_lines()


def json_places(text: str) -> dict[Keys, int]:
    """The same for JSON, where a number behind a list's key is the place in the list."""
    scanner = _Scanner(text, ":")
    scanner.read_value(())
    return scanner.places


class _Scanner:
    """Walks over the tokens; what is in braces and brackets is alike in both formats."""

    def __init__(self, text: str, separator: str) -> None:
        found = _TOKEN.finditer(text)
        meaningless = "#" if separator == "=" else "\n"
        self._tokens = [(each[0], each.start()) for each in found if each[0][0] != meaningless]
        self._tokens.append(("", len(text)))
        self._next = 0
        self._separator = separator
        self.places: dict[Keys, int] = {}

    def read_value(self, keys: Keys) -> None:
        word, at = self._take()
        self.places.setdefault(keys, at)
        if word == "{":
            while self._skip_to_item("}"):
                self.read_value(keys + self._read_keys(self._separator))
        elif word == "[":
            item = 0
            while self._skip_to_item("]"):
                self.read_value((*keys, item))
                item += 1
        else:
            while self._peek() not in {",", "}", "]", "\n", ""}:  # `1979-05-27 07:32:00`, `1.5`
                self._next += 1

    def _skip_to_item(self, end: str) -> bool:
        while self._peek() in {",", "\n"}:
            self._next += 1
        if self._peek() in {end, ""}:
            self._next += 1
            return False
        return True

    def _read_keys(self, end: str) -> Keys:
        keys: list[str] = []
        while (word := self._take()[0]) not in {end, ""}:
            if word != ".":
                keys.append(_key(word, self._separator))
        return tuple(keys)

    def _peek(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _take(self) -> tuple[str, int]:
        taken = self._tokens[min(self._next, len(self._tokens) - 1)]
        self._next += 1
        return taken


class _Toml(_Scanner):
    def __init__(self, text: str) -> None:
        super().__init__(text, "=")
        self._last: dict[Keys, int] = {}
        """The newest item of each array of tables."""

    def read_lines(self) -> dict[Keys, int]:
        table: Keys = ()
        self.places[table] = 0
        while word := self._peek():
            if word == "\n":
                self._next += 1
            elif word == "[":
                table = self._read_header()
            else:
                at = self._tokens[self._next][1]
                keys = table
                *outer, last = self._read_keys("=")
                for key in outer:  # `a.b = 1` makes the table `a`
                    keys = (*keys, key)
                    self.places.setdefault(keys, at)
                self.read_value((*keys, last))
        return self.places

    def _read_header(self) -> Keys:
        _, at = self._take()
        is_array = self._peek() == "["
        self._next += is_array
        table: Keys = ()
        *outer, last = self._read_keys("]")
        self._next += is_array
        for key in outer:
            table = (*table, key)
            self.places.setdefault(table, at)
            if table in self._last:
                table = (*table, self._last[table])
        table = (*table, last)
        self.places.setdefault(table, at)
        if is_array:
            self._last[table] = self._last.get(table, -1) + 1
            table = (*table, self._last[table])
            self.places[table] = at
        return table


def _key(word: str, separator: str) -> str:
    if word[0] == "'":
        return word[1:-1]
    if word[0] != '"':
        return word
    if "\\" not in word:
        return word[1:-1]
    if separator == ":":
        import json

        return str(json.loads(word))
    import tomllib

    return str(tomllib.loads(f"key = {word}")["key"])
