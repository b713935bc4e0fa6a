"""What is asked for against what is installed, and one project against its siblings. No I/O.

Facts go in, problems come out; each is told at a line of this project.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from hooks.markers import plainly_holds
from hooks.names import normalised
from hooks.records import NamedTuple
from hooks.report import Note, quoted
from hooks.specifiers import Specifiers, together

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packaging.markers import Marker

    from hooks.asked_for import Required, RequiresPython
    from hooks.installed import Distribution
    from hooks.origin import Origin

EXEMPT = frozenset({"pip", "setuptools", "wheel", "uv"})
"""What nobody has to declare: the tools that a venv is made and filled with."""

# `name[extra1,extra2] >=1,<2`, the specifiers in brackets or not: nearly every `Requires-Dist`.
_NAME_AND_SPECIFIERS = re.compile(
    r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([A-Za-z0-9._,\s-]*)\])?\s*(\(?)([^()@\[\]]*)(\)?)\s*"
)
_ONE_EXTRA = re.compile(r"""\bextra\s*==\s*(["'])([A-Za-z0-9._-]+)\1""")
_OR = re.compile(r"\bor\b")


class Venv(NamedTuple):
    """What is installed."""

    distributions: Mapping[str, Distribution]
    environment: Environment
    origins: Mapping[str, Origin]
    """Of the distributions that were not installed by name, by their names."""
    sources: str
    """Its `src`, where pip clones what is required as `-e git+…`."""


class Asked(NamedTuple):
    """What one project asks for."""

    required: Sequence[Required]
    requires_python: RequiresPython | None = None


class Mend(NamedTuple):
    """What the command that mends a problem has to do more than to install the line's file."""

    remove: str = ""
    """A distribution that pip would take for the right one, though it comes from elsewhere."""
    add: str = ""
    """A requirement that no file of this project has."""


class Problem(NamedTuple):
    """Something is wrong at this line of the project; `mend` is None where no command helps."""

    path: str
    line: int | None
    what: str
    required: Required | None = None
    mend: Mend | None = None


class Environment:
    """Markers for one Python, each evaluated once."""

    def __init__(self, variables: Mapping[str, str], *, is_short: bool = False) -> None:
        self.notes: list[Note] = []
        self.is_short = is_short
        """The patch release is not known, and taken to be 0."""
        self._variables = variables
        self._known: dict[tuple[str, str], bool] = {}

    @property
    def python(self) -> str:
        return self._variables["python_full_version"]

    def holds(self, marker: Marker | str, extra: str = "") -> bool:
        """Whether the marker is true, asked for with this extra. Never raises."""
        key = str(marker), extra
        if key not in self._known:
            self._known[key] = self._evaluate(marker, extra)
            if self.is_short and "python_full_version" in key[0]:
                why = f"`python_full_version` is taken to be {quoted(self.python)}"
                self.notes.append(Note(f"the venv does not tell its Python's patch release: {why}"))
        return self._known[key]

    def _evaluate(self, marker: Marker | str, extra: str) -> bool:
        variables = {**self._variables, "extra": extra}
        if isinstance(marker, str) and (plainly := plainly_holds(marker, variables)) is not None:
            return plainly
        from packaging.markers import InvalidMarker, Marker, UndefinedComparison
        from packaging.markers import UndefinedEnvironmentName as UndefinedName

        try:
            if isinstance(marker, str):
                marker = Marker(marker)
            return marker.evaluate(variables)
        except (InvalidMarker, UndefinedComparison, UndefinedName, RecursionError):
            self.notes.append(
                Note(f"the marker {quoted(str(marker))} cannot be evaluated; taken for false")
            )
            return False


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


def applying(required: Iterable[Required], environment: Environment | None) -> list[Required]:
    """Those whose marker is true. Without a venv no marker can be evaluated, and all are given."""
    if environment is None:
        return list(required)
    return [each for each in required if each.marker is None or environment.holds(each.marker)]


class Comparison(NamedTuple):
    problems: list[Problem]
    notes: list[Note]
    needed: dict[str, Required]
    """What this project declares or its requirements lead to, with the line that does."""
    disputed: set[str]
    """Of these, what no installation can make right: lines that contradict each other."""


def check(own: Asked, siblings: Sequence[Asked], venv: Venv | None) -> Comparison:
    """Everything that is wrong with this project, its siblings and the venv."""
    environment = venv.environment if venv else None
    own = own._replace(required=applying(own.required, environment))
    siblings = [each._replace(required=applying(each.required, environment)) for each in siblings]
    needed = {
        each.name: each for each in reversed(own.required) if each.name and not each.constraint
    }
    disputed: set[str] = set()
    found: list[Problem | Note] = [
        *_contradictions(own.required, venv, disputed),
        *_conflicts(own.required, siblings, venv, disputed),
        *_python_conflicts(own, siblings, venv),
    ]
    if venv is not None:
        closure = walk(own.required, venv)
        for name, way in closure.reached.items():
            needed.setdefault(name, way.required)
        for way, dependency in closure.gaps:
            needed.setdefault(dependency.name, way.required)
        found += closure.notes
        found += _out_of_sync(own.required, venv, disputed)
        found += _gaps(closure, own.required, venv, disputed)
        found += _broken_constraints(own.required, closure, venv, disputed)
        found += _wrong_python(own, venv)
        found += venv.environment.notes
    problems = [each for each in found if isinstance(each, Problem)]
    notes = [each for each in found if isinstance(each, Note)]
    return Comparison(problems, notes, needed, disputed)


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
            if not _has(venv, dependency.name, dependency.specifier):
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


def undeclared(projects: Iterable[Asked], venv: Venv, allowed: Iterable[str]) -> list[str]:
    """What is installed, though no project declares it and nothing declared needs it."""
    required = [each for asked in projects for each in applying(asked.required, venv.environment)]
    declared = walk(required, venv).reached
    return sorted(venv.distributions.keys() - declared.keys() - EXEMPT - set(allowed))


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
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        parsed = Requirement(head)
    except (InvalidRequirement, RecursionError):
        return None
    extras = frozenset(map(normalised, parsed.extras))
    specifier = Specifiers(str(parsed.specifier))
    return Dependency(normalised(parsed.name), extras, specifier, head.strip())


def _out_of_sync(
    required: Sequence[Required], venv: Venv, disputed: set[str]
) -> Iterator[Problem | Note]:
    """What is declared, each thing once: is it there, in its version, from its place?"""
    told = set()
    for each in required:
        if each.constraint or (why := _mismatch(each, venv)) is None:
            continue
        key = each.name, each.specifier.parsed, each.url, each.editable
        if key not in told:
            told.add(key)
            yield _told_at(each, why, disputed)


def _told_at(required: Required, why: Mismatch, disputed: set[str]) -> Problem | Note:
    what = f"{quoted(required.text)} {why.what}"
    if not why.is_certain:
        return Note(f"{_place(required)}: {what}")
    # A command that gives one side of a dispute what it wants takes it from the other.
    mend = None if required.name in disputed else Mend(remove=why.remove)
    return Problem(required.path, required.line, what, required, mend)


class Mismatch(NamedTuple):
    """How the venv fails a requirement; completes a sentence that begins with it."""

    what: str
    is_certain: bool = True
    remove: str = ""


def _mismatch(required: Required, venv: Venv) -> Mismatch | None:
    """Whether what is installed is what is required, its version and where it comes from."""
    name, installed = required.name, venv.distributions.get(required.name or "")
    asks = "is a constraint" if required.constraint else "is required"
    if name is None:
        return Mismatch(f"{asks}, but nothing is installed from there")
    if installed is None:
        return Mismatch(f"{asks}, but not installed")
    remove = ""
    if required.url is not None:
        from hooks.origin import difference, parse_origin

        wanted = parse_origin(required.url, is_editable=required.editable)
        differs = difference(wanted, venv.origins.get(name), venv.sources)
        if differs is not None:
            what = differs.what
            if what.startswith("it ") and name not in normalised(required.text):
                what = f"{quoted(name)}{what[2:]}"  # of `-e .`
            return Mismatch(f"{asks}, but {what}", differs.is_certain, name)
        remove = name  # a wheel of that name was built anew, in another version
    if not _has(venv, name, required.specifier):
        return Mismatch(f"{asks}, but {quoted(installed.version)} is installed", remove=remove)
    return None


def _is_met(lines: Iterable[Required], venv: Venv) -> bool:
    return all(_mismatch(each, venv) is None for each in lines)


def _has(venv: Venv, name: str, specifier: Specifiers) -> bool:
    """A version that fits is installed. What is installed may be a pre-release (PEP 440)."""
    installed = venv.distributions.get(name)
    if installed is None or not specifier:
        return installed is not None
    return specifier.allow(installed.version)


def _gaps(
    closure: Closure, required: Sequence[Required], venv: Venv, disputed: set[str]
) -> Iterator[Problem]:
    """What the required distributions need in turn. Each missing one is told once."""
    declared: dict[str, list[Required]] = {}
    for each in required:
        if each.name:
            declared.setdefault(each.name, []).append(each)
    told = {name for name in declared if name not in venv.distributions}
    for way, dependency in closure.gaps:
        installed = venv.distributions.get(dependency.name)
        key = (
            dependency.name
            if installed is None
            else f"{dependency.name}{dependency.specifier.parsed}"
        )
        if key in told:
            continue
        told.add(key)
        lines = declared.get(dependency.name, [])
        if lines and not _is_met(lines, venv) and _implies(lines, dependency.specifier):
            continue  # told at those lines: what mends them mends this
        labels = way.labels()
        what = f"{quoted(labels[-1])} needs {quoted(dependency.text)}"
        if len(labels) > 1:
            steps = [quoted(label) for label in [*labels, dependency.text]]
            if len(steps) > 9:
                steps[4:-4] = ["…"]
            what += f" ({' → '.join(steps)})"
        there = f"{quoted(installed.version)} is" if installed else "it is not"
        what += f", but {there} installed"
        own = [
            each
            for each in lines
            if together([each.specifier, dependency.specifier]).is_unsatisfiable()
        ]
        if own:
            what += f": {quoted(own[0].text)} of {_place(own[0])} does not allow it"
            disputed.add(dependency.name)
        mend = None if dependency.name in disputed else Mend()
        yield Problem(way.required.path, way.required.line, what, way.required, mend)


def _broken_constraints(
    required: Sequence[Required], closure: Closure, venv: Venv, disputed: set[str]
) -> Iterator[Problem | Note]:
    """Constraints hold for what the project's requirements lead to, and for nothing else."""
    for each in required:
        if each.constraint and each.name in closure.reached:
            why = _mismatch(each, venv)
            if why is not None:
                yield _told_at(each, why, disputed)


def _contradictions(
    required: Sequence[Required], venv: Venv | None, disputed: set[str]
) -> Iterator[Problem]:
    """Lines of this project that cannot all be met; each is told once, against an earlier one."""
    for lines in _by_name(required, venv).values():
        if _can_hold_together(lines, venv):
            continue
        disputed.add(lines[0].name or "")
        told = False
        for position, later in enumerate(lines):
            for earlier in lines[:position]:
                if not _can_hold_together([earlier, later], venv):
                    what = f"{quoted(later.text)} contradicts {quoted(earlier.text)}"
                    yield Problem(later.path, later.line, f"{what} of {_place(earlier)}", later)
                    told = True
                    break
        if not told:  # `a>=1`, `a<2`, `a!=1.*`: any two of them can be met
            last, others = lines[-1], ", ".join(quoted(each.text) for each in lines[:-1])
            what = f"{quoted(last.text)} contradicts {others} together"
            yield Problem(last.path, last.line, what, last)


class _Conflict(NamedTuple):
    """Where this project and a sibling part; equal for the siblings that say the same."""

    own: Required
    theirs: str
    is_hopeless: bool
    """No version is right for both; else only the installed one is wrong, and can be replaced."""
    mend: Mend | None


def _conflicts(
    required: Sequence[Required], siblings: Sequence[Asked], venv: Venv | None, disputed: set[str]
) -> Iterator[Problem]:
    """What this project and a sibling both declare, and the one venv cannot give to both.

    Siblings that say the same are judged and told as one.
    """
    own = _by_name(required, venv)
    judged: dict[tuple[object, ...], _Conflict | None] = {}
    agreeing: dict[_Conflict, list[Required]] = {}
    for sibling in siblings:
        for key, theirs in _by_name(sibling.required, venv, only=own).items():
            said = key, *((each.text, each.url, each.editable) for each in theirs)
            if said not in judged:
                judged[said] = _conflict(own[key], theirs, venv)
            conflict = judged[said]
            if conflict is not None:
                agreeing.setdefault(conflict, []).append(theirs[0])
    for conflict, [first, *others] in agreeing.items():
        mine = conflict.own
        name = mine.name or ""
        relation = "contradicts" if conflict.is_hopeless else "is needed together with"
        what = f"{quoted(mine.text)} {relation} {quoted(conflict.theirs)} of {_place(first)}"
        what += _more(others)
        if venv is not None and name in venv.distributions:
            but = "and" if conflict.is_hopeless else "but"
            what += f", {but} {quoted(venv.distributions[name].version)} is installed"
        if conflict.is_hopeless:
            disputed.add(name)
            what += ": one of them has to change"
        yield Problem(mine.path, mine.line, what, mine, conflict.mend)


def _conflict(
    own: Sequence[Required], theirs: Sequence[Required], venv: Venv | None
) -> _Conflict | None:
    if not _can_hold_together([*own, *theirs], venv):
        for mine, other in itertools.product(own, theirs):
            if not _can_hold_together([mine, other], venv):
                return _Conflict(mine, compact(other), is_hopeless=True, mend=None)
        if not _can_hold_together(own, venv) or not _can_hold_together(theirs, venv):
            return None  # one of the two projects contradicts itself
        together = ",".join(map(compact, theirs))
        return _Conflict(own[0], together, is_hopeless=True, mend=None)
    if venv is None or own[0].name not in venv.distributions:
        return None
    for other in theirs:
        why = _mismatch(other, venv)
        if why is None or not why.is_certain:
            continue
        if other.url is not None or not _implies(own, other.specifier):
            wanted = compact(other)
            mend = None if other.url else Mend(add=wanted)
            return _Conflict(own[0], wanted, is_hopeless=False, mend=mend)
    return None


def _implies(own: Sequence[Required], wanted: Specifiers) -> bool:
    """Every version that is right for these lines is right for that, too."""
    try:
        return together(each.specifier for each in own).is_subset(wanted.parsed)
    except ValueError:  # of `===`
        return False


def compact(required: Required) -> str:
    """The text in a form that is the same for all who ask for the same; to be pasted, too."""
    return "".join(required.text.partition(";")[0].split()) if not required.url else required.text


def _can_hold_together(lines: Sequence[Required], venv: Venv | None) -> bool:
    """Some version, and some place to install from, is right for all the lines."""
    if len({(each.text, each.url, each.editable) for each in lines}) == 1:
        return True
    if venv is not None and _is_met(lines, venv):
        return True  # what is installed proves it
    if together(each.specifier for each in lines).is_unsatisfiable():
        return False
    from_places = [each for each in lines if each.url]
    if len(from_places) < 2:
        return True
    from hooks.origin import contradicts, parse_origin

    first, *others = [
        parse_origin(each.url or "", is_editable=each.editable) for each in from_places
    ]
    return not any(contradicts(first, other) for other in others)


def _by_name(
    required: Iterable[Required],
    venv: Venv | None,
    only: Container[tuple[str, str]] | None = None,
) -> dict[tuple[str, str], list[Required]]:
    """The lines that count together: those of one name; constraints where that is declared, too.

    Without a venv markers are not evaluated: then only lines of the same marker surely do.
    """
    found: dict[tuple[str, str], list[Required]] = {}
    for each in required:
        key = each.name or "", "" if venv or each.marker is None else str(each.marker)
        if key[0] and (only is None or key in only):
            found.setdefault(key, []).append(each)
    return {
        key: lines for key, lines in found.items() if not all(each.constraint for each in lines)
    }


def _wrong_python(own: Asked, venv: Venv) -> Iterator[Problem | Note]:
    wanted, python = own.requires_python, venv.environment.python
    if wanted is None or wanted.specifier.allow(python):
        return
    what = f"`requires-python` is {quoted(wanted.text)}, but the venv's Python is"
    if venv.environment.is_short:
        short = python.rpartition(".")[0]
        if not together([wanted.specifier, Specifiers(f"=={short}.*")]).is_unsatisfiable():
            which = "its files do not tell which patch release"
            yield Note(f"{_place(wanted)}: {what} {quoted(short)}: {which}")
            return
        python = short
    yield Problem(wanted.path, wanted.line, f"{what} {quoted(python)}")


def _python_conflicts(
    own: Asked, siblings: Sequence[Asked], venv: Venv | None
) -> Iterator[Problem]:
    """Siblings whose `requires-python` leaves no Python that this project could share."""
    mine = own.requires_python
    if mine is None:
        return
    agreeing: dict[str, list[RequiresPython]] = {}
    for sibling in siblings:
        theirs = sibling.requires_python
        if theirs and together([mine.specifier, theirs.specifier]).is_unsatisfiable():
            agreeing.setdefault(theirs.text, []).append(theirs)
    for text, [first, *others] in agreeing.items():
        what = f"`requires-python` {quoted(mine.text)} contradicts {quoted(text)}"
        what += f" of {_place(first)}{_more(others)}"
        if venv is not None:
            what += f", and the venv's Python is {quoted(venv.environment.python)}"
        yield Problem(mine.path, mine.line, what)


def _more(others: Sequence[object]) -> str:
    return f" and of {len(others)} more" if others else ""


def _place(line: Required | RequiresPython) -> str:
    return line.path if line.line is None else f"{line.path}:{line.line}"


def _label(name: str, extras: Iterable[str]) -> str:
    return f"{name}[{','.join(sorted(extras))}]" if extras else name
