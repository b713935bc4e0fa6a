"""What requirements lead to, over the distributions that are installed. No I/O."""

from __future__ import annotations

import functools
import re
from collections import deque

from hooks.fast.names import normalised
from hooks.fast.records import NamedTuple
from hooks.fast.requirements import plain_requirement
from hooks.fast.specifiers import Specifiers
from hooks.harmless import quoted
from hooks.report import Note
from hooks.rules.facts import has
from hooks.rules.mismatch import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence

    from hooks.fast.markers import Environment
    from hooks.requirements.required import Required
    from hooks.rules.facts import Venv


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

    @property
    def name(self) -> str:
        """Of the distribution at its end."""
        return self.label.partition("[")[0]

    @property
    def is_firm(self) -> bool:
        """No installer could go another way: the line itself needs it, and allows one version."""
        line = self.required
        exact = line.specifier.startswith("==") and "," not in line.specifier
        return self.before is None and (line.origin is not None or (exact and "*" not in line.text))


class Demand(NamedTuple):
    """What an installed distribution wants of another one."""

    way: Way
    """To the distribution that wants it."""
    dependency: Dependency
    is_met: bool

    @property
    def steps(self) -> str:
        """`a` → `b[x]` → `c>=2`; empty where the line itself needs it."""
        labels = self.way.labels()
        if len(labels) == 1:
            return ""
        steps = [quoted(label) for label in [*labels, self.dependency.text]]
        if len(steps) > 9:
            steps[4:-4] = ["…"]
        return " → ".join(steps)


class Closure(NamedTuple):
    """All that some requirements lead to."""

    reached: dict[str, Way]
    demands: list[Demand]
    """Those that are not met, and all on the names that are watched."""
    notes: list[Note]
    walked: set[tuple[str, str]]
    """Each distribution with "", and with each extra of it that is asked for."""


class Graph:
    """What needs what in one venv; each distribution is read once, however many walks there are."""

    def __init__(self, venv: Venv) -> None:
        self.venv = venv
        self._needs: dict[tuple[str, str], list[tuple[Dependency | str, bool]]] = {}

    def walk(
        self,
        required: Iterable[Required],
        overrides: Mapping[str, Sequence[Required]] | None = None,
        watched: Container[str] = (),
        known: Collection[tuple[str, str]] = (),
    ) -> Closure:
        """The closure of these requirements, with the extras that are asked for on the way.

        `overrides` (uv's) stand for whatever is wanted of their names; those that hold are given.
        What is `known` has been walked before.
        """
        return _Walk(self, overrides or {}, watched, known).take(required)

    def needs(self, name: str, extra: str) -> list[tuple[Dependency | str, bool]]:
        """What it needs, or what an extra of it adds, and whether that is met.

        What is no requirement is given as text.
        """
        key = name, extra
        if key not in self._needs:
            found = _dependencies(self.venv, name, extra)
            self._needs[key] = [(each, self.has(each)) for each in found]
        return self._needs[key]

    def has(self, dependency: Dependency | str) -> bool:
        if isinstance(dependency, str):
            return False
        return has(self.venv, dependency.name, dependency.specifier)

    def provides(self, name: str, extra: str) -> bool:
        """Old metadata names an extra in the markers alone."""
        installed = self.venv.distributions[name]
        in_markers = (
            found[2] for text in installed.requires for found in _ONE_EXTRA.finditer(text)
        )
        return extra in map(normalised, [*installed.extras, *in_markers])


class _Walk:
    def __init__(
        self,
        graph: Graph,
        overrides: Mapping[str, Sequence[Required]],
        watched: Container[str],
        known: Collection[tuple[str, str]],
    ) -> None:
        self.graph = graph
        self.venv = graph.venv
        self.overrides = overrides
        self.watched = watched
        # An extra that is asked for on a later way is walked then, on its own.
        self.seen = set(known)
        self.closure = Closure({}, [], [], self.seen)
        self.waiting: deque[tuple[str, str, Way]] = deque()

    def take(self, required: Iterable[Required]) -> Closure:
        for each in required:
            if each.name and not each.constraint:
                self.enter(each.name, each.extras, each, None)
        while self.waiting:
            name, extra, way = self.waiting.popleft()
            self.closure.reached.setdefault(name, way)
            for needed, is_met in self.graph.needs(name, extra):
                if isinstance(needed, str):
                    what = f"{quoted(name)} needs {quoted(needed)}, which is no requirement"
                    self.closure.notes.append(Note(f"{what}: not checked"))
                elif needed.name in self.overrides:
                    for dependency in self.overridden(needed):
                        self.follow(dependency, way, is_met=self.graph.has(dependency))
                else:
                    self.follow(needed, way, is_met=is_met)
        return self.closure

    def follow(self, dependency: Dependency, way: Way, *, is_met: bool) -> None:
        if not is_met or (dependency.specifier and dependency.name in self.watched):
            self.closure.demands.append(Demand(way, dependency, is_met))
        self.enter(dependency.name, dependency.extras, way.required, way)

    def overridden(self, dependency: Dependency) -> Iterable[Dependency]:
        return [
            dependency._replace(specifier=each.specifier, text=each.text.partition(";")[0].strip())
            for each in self.overrides[dependency.name]
        ]

    def enter(self, name: str, extras: frozenset[str], line: Required, before: Way | None) -> None:
        if (extras or (name, "") not in self.seen) and name in self.venv.distributions:
            way = Way(line, _label(name, extras), before)
            unknown = []
            for extra in ["", *sorted(extras)]:
                if (name, extra) not in self.seen:
                    self.seen.add((name, extra))
                    self.waiting.append((name, extra, way))
                    if extra and not self.graph.provides(name, extra):
                        unknown.append(extra)
            if unknown:
                self.closure.notes.append(_no_such_extras(self.venv, name, unknown, line))


def _dependencies(venv: Venv, name: str, extra: str) -> Iterator[Dependency | str]:
    for text in venv.distributions[name].requires:
        head = _without_marker(text, extra, venv.environment)
        if head is not None:
            yield _parse_dependency(head) or text


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
    needed, is_all = _extra_in(marker)
    if needed is not None and (needed != extra or is_all):
        return head if needed == extra else None
    return head if environment.holds(marker.strip(), extra) else None


@functools.cache  # nearly all distributions have the same few
def _extra_in(marker: str) -> tuple[str | None, bool]:
    """The extra without which the marker is false, and whether it says nothing else."""
    found = _ONE_EXTRA.search(marker)
    if found is None or _OR.search(marker):
        return None, False
    return normalised(found[2]), found[0] == marker.strip()


@functools.cache
def _parse_dependency(head: str) -> Dependency | None:
    if (plain := plain_requirement(head)) is not None:
        return Dependency(*plain, head.strip())
    from packaging.requirements import Requirement

    try:
        parsed = Requirement(head)
        specifier = Specifiers(str(parsed.specifier))
    except (ValueError, RecursionError):
        return None
    extras = frozenset(map(normalised, parsed.extras))
    return Dependency(normalised(parsed.name), extras, specifier, head.strip())


def _no_such_extras(venv: Venv, name: str, extras: Sequence[str], line: Required) -> Note:
    """As with pip, which goes on."""
    installed = quoted(f"{name}=={venv.distributions[name].version}")
    asked = "no extra " if len(extras) == 1 else "none of the extras "
    return Note(f"{place_of(line)}: {installed} has {asked}{', '.join(map(quoted, extras))}")


def _label(name: str, extras: Iterable[str]) -> str:
    return f"{name}[{','.join(sorted(extras))}]" if extras else name
