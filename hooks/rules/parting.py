"""Where two projects part, in words: rule `differs`. No I/O.

What may be a secret is not shown, of either side.
"""

from __future__ import annotations

from hooks.fast.records import NamedTuple
from hooks.harmless import harmless, quoted
from hooks.report import Finding
from hooks.secrecy import says_a_secret, without_queries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hooks.values import Keys

_LONGEST = 80
"""Characters that are shown of a line or value, around where the two part."""


class Part(NamedTuple):
    """Where this project's copy parts from a sibling's, in words."""

    line: int | None
    own: str
    theirs: str
    there: str
    """The place in the sibling's file."""


def told(path: str, parts: Sequence[Part]) -> Iterator[Finding]:
    """One finding; siblings that say the same are named together."""
    if not parts:
        return
    first = parts[0]
    alike: dict[str, list[str]] = {}
    for part in parts:
        if (part.line, part.own) == (first.line, first.own):
            alike.setdefault(part.theirs, []).append(part.there)
    others = ", ".join(f"{theirs} in {listed(there)}" for theirs, there in alike.items())
    what = f"{first.own}, but {others}"
    elsewhere = [part.there for part in parts if (part.line, part.own) != (first.line, first.own)]
    if elsewhere:
        what += f"; {listed(elsewhere)} {'differs' if len(elsewhere) == 1 else 'differ'}, too"
    yield Finding(path, what, first.line, rule="differs", subject=path)


def place(path: str, line: int | None) -> str:
    return quoted(path if line is None else f"{path}:{line}")


def listed(places: Sequence[str]) -> str:
    *others, last = places
    return f"{', '.join(others)} and {last}" if others else last


def shown_keys(keys: Keys) -> str:
    """`tool.ruff.select[2]`"""
    shown = ""
    for key in keys:
        if isinstance(key, int):
            shown += f"[{key}]"
        else:
            shown += f".{key}" if "." not in key else f'."{key}"'
    return shown.removeprefix(".")


def pair(one: str | None, other: str | None, *, is_secret: bool) -> tuple[str, str]:
    """Both sides in backticks, of long ones the part in which they differ; empty for None."""
    is_secret = is_secret or any(text and says_a_secret(text) for text in (one, other))
    mine, theirs = (without_queries(harmless(text or "")) for text in (one, other))
    if is_secret or (mine == theirs and one is not None and other is not None):
        return (
            "" if one is None else "what is not shown here",
            "" if other is None else "something else",
        )
    unequal = (at for at, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b)
    start = next(unequal, min(len(mine), len(theirs)))
    return (
        "" if one is None else quoted(_excerpt(mine, start)),
        "" if other is None else quoted(_excerpt(theirs, start)),
    )


def _excerpt(text: str, start: int) -> str:
    if len(text) <= _LONGEST:
        return text
    first = max(0, min(start - _LONGEST // 4, len(text) - _LONGEST))
    last = first + _LONGEST
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"
