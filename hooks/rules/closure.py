"""What requirements lead to, over the distributions that are installed. No I/O."""

from __future__ import annotations

import functools
import re
from collections import deque

from hooks.fast.names import normalised
from hooks.fast.records import NamedTuple
from hooks.fast.specifiers import Specifiers
from hooks.harmless import quoted
from hooks.report import Note
from hooks.rules.facts import has

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hooks.fast.markers import Environment
    from hooks.requirements.required import Required
    from hooks.rules.facts import Venv


# `name[extra1,extra2] >=1,<2`, the specifiers in brackets or not: nearly every `Requires-Dist`.
# Possessive: spaces could be taken in many ways, which took exponential time for a few hundred.
_NAME_AND_SPECIFIERS = re.compile(
    r"\s*+([A-Za-z0-9][A-Za-z0-9._-]*+)\s*+(?:\[([A-Za-z0-9._,\s-]*+)\])?+\s*+"
    r"(\(?+)([^()@\[\]]*+)(\)?+)\s*+"
)


_ONE_EXTRA = re.compile(r"""\bextra\s*==\s*(["'])([A-Za-z0-9._-]+)\1""")


_OR = re.compile(r"\bor\b")


class Dependency(NamedTuple):
    """One `Requires-Dist` of an installed distribution, without its marker."""

    name: str
    extras: frozenset[str]
    specifier: Specifiers
    text: str


class Way(NamedTuple):
    """How a distribution is reached: from a line of the project over other distributions."""

    required: Required
    label: str
    before: Way | None = None

    def labels(self) -> list[str]:
        way: Way | None = self
        labels = []
        while way is not None:
            labels.append(way.label)
            way = way.before
        return labels[::-1]


class Gap(NamedTuple):
    """A dependency of an installed distribution that is not there, or there in a wrong version."""

    way: Way
    dependency: Dependency


class Closure(NamedTuple):
    """All that some requirements lead to."""

    reached: dict[str, Way]
    gaps: list[Gap]
    notes: list[Note]


def walk(required: Iterable[Required], venv: Venv) -> Closure:
    """The closure of these requirements, with the extras that are asked for on the way."""
    closure = Closure({}, [], [])
    waiting: deque[tuple[str, str, Way]] = deque()
    # An extra that is asked for on a later way is walked then, on its own.
    seen: set[tuple[str, str]] = set()

    def enter(name: str, extras: frozenset[str], line: Required, before: Way | None) -> None:
        if name in venv.distributions and (extras or (name, "") not in seen):
            way = Way(line, _label(name, extras), before)
            for extra in ["", *sorted(extras)]:
                if (name, extra) not in seen:
                    seen.add((name, extra))
                    waiting.append((name, extra, way))

    for each in required:
        if each.name and not each.constraint:
            enter(each.name, each.extras, each, None)
    while waiting:
        name, extra, way = waiting.popleft()
        closure.reached.setdefault(name, way)
        for dependency in _dependencies(venv, name, extra, closure.notes):
            if not has(venv, dependency.name, dependency.specifier):
                closure.gaps.append(Gap(way, dependency))
            enter(dependency.name, dependency.extras, way.required, way)
    return closure


def _dependencies(venv: Venv, name: str, extra: str, notes: list[Note]) -> Iterator[Dependency]:
    """What a distribution needs, or what an extra of it adds to that."""
    for text in venv.distributions[name].requires:
        head = _without_marker(text, extra, venv.environment)
        if head is not None:
            dependency = _parse_dependency(head)
            if dependency is not None:
                yield dependency
            else:
                what = f"{quoted(name)} needs {quoted(text)}, which is no requirement"
                notes.append(Note(f"{what}: not checked"))


def _without_marker(text: str, extra: str, environment: Environment) -> str | None:
    """A `Requires-Dist` without its marker, if the marker holds; else None.

    Most lines of most distributions belong to extras that nobody asked for: they are told by
    their text. With an extra only the lines that speak of extras can be new.
    """
    head, semicolon, marker = text.partition(";")
    if "@" in head and semicolon:  # a `;` may be in the URL: PEP 508 wants a space before it
        head, semicolon, marker = text.partition(" ;")
    if not semicolon:
        return None if extra else head
    if "extra" not in marker:
        return None if extra or not environment.holds(marker.strip()) else head
    one_extra = _ONE_EXTRA.search(marker)
    if one_extra and not _OR.search(marker):
        if not extra or normalised(one_extra[2]) != extra:
            return None
        if one_extra[0] == marker.strip():
            return head
    return head if environment.holds(marker.strip(), extra) else None


@functools.cache
def _parse_dependency(head: str) -> Dependency | None:
    simple = _NAME_AND_SPECIFIERS.fullmatch(head)
    if simple and len(simple[3]) == len(simple[5]):
        try:
            specifier = Specifiers(simple[4])
        except ValueError:
            return None
        extras = frozenset(filter(None, map(normalised, (simple[2] or "").split(","))))
        return Dependency(normalised(simple[1]), extras, specifier, head.strip())
    from packaging.requirements import Requirement

    try:
        parsed = Requirement(head)
        specifier = Specifiers(str(parsed.specifier))
    except (ValueError, RecursionError):
        return None
    extras = frozenset(map(normalised, parsed.extras))
    return Dependency(normalised(parsed.name), extras, specifier, head.strip())


def _label(name: str, extras: Iterable[str]) -> str:
    return f"{name}[{','.join(sorted(extras))}]" if extras else name
