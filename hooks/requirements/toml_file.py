"""A TOML file with the lines of its entries, which `tomllib` does not tell."""

from __future__ import annotations

import bisect
import functools
import re

from hooks.fast.records import NamedTuple
from hooks.files import Unreadable, read_file
from hooks.harmless import quoted
from hooks.problems import Problem
from hooks.requirements.conflict_markers import conflict_markers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


class Toml(NamedTuple):
    path: str
    text: str
    document: dict[str, Any]

    def place(self, table: str, key: str) -> int:
        """Where `key = ` of `[table]` ends in the text; -1 where it is written otherwise."""
        header = re.search(rf"^[ \t]*\[ *{re.escape(table)} *\]", self.text, re.MULTILINE)
        entry = re.compile(rf"^[ \t]*([\"']?){re.escape(key)}\1[ \t]*=", re.MULTILINE)
        found = header and entry.search(self.text, header.end())
        return found.end() if found else -1

    def line(self, place: int, value: str | None = None) -> int | None:
        """The line of a place, or of a string that follows it."""
        if value is not None and place >= 0:
            forms = [f"'{value}'", '"' + value.replace('"', '\\"') + '"']
            found = [at for form in forms if (at := self.text.find(form, place)) >= 0]
            place = min(found, default=-1)
        return bisect.bisect_left(_line_ends(self.text), place) + 1 if place >= 0 else None


def read_toml(path: str) -> Toml | Problem:
    content = read_file(path)
    if isinstance(content, Unreadable):
        return Problem(path, content.why)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        return Problem(path, "is not UTF-8", content.count(b"\n", 0, error.start) + 1)
    import tomllib

    try:
        return Toml(path, text, tomllib.loads(text))
    except RecursionError:
        return Problem(path, "is no TOML that can be read: it is nested too deeply")
    except ValueError as error:  # of a number with too many digits as well
        if markers := conflict_markers(text):
            return markers._replace(path=path)
        place = re.search(r"line (\d+)", str(error))
        return Problem(path, "is no valid TOML", int(place[1]) if place else None)


@functools.cache
def _line_ends(text: str) -> list[int]:
    return [found.start() for found in re.finditer("\n", text)]


def known(names: Iterable[str]) -> str:
    """What there is instead of a name that is not there, to follow a message."""
    listed = ", ".join(map(quoted, names))
    return f"; there are {listed}" if listed else ""
