"""What is asked for against what is installed, and one project against its siblings. No I/O.

Facts go in, problems come out; each is told at a line of this project.
"""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Iterator, Sequence

from hooks.asked_for import Required
from hooks.closure import Closure, Venv, has, walk
from hooks.names import normalised
from hooks.records import NamedTuple
from hooks.report import Note, quoted
from hooks.specifiers import Specifiers, exclude_each_other, together

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.asked_for import RequiresPython
    from hooks.markers import Environment

EXEMPT = frozenset({"pip", "setuptools", "wheel", "uv"})
"""What nobody has to declare: the tools that a venv is made and filled with."""


class Asked(NamedTuple):
    """What one project asks for."""

    required: Sequence[Required]
    requires_python: RequiresPython | None = None


class Mend(NamedTuple):
    """What the command that mends a problem has to do more than to install the line's file."""

    remove: str = ""
    """A distribution that pip would take for the right one, though it comes from elsewhere."""
    add: tuple[str, ...] = ()
    """Requirements that no file of this project has."""


class Problem(NamedTuple):
    """Something is wrong at this line of the project; `mend` is None where no command helps."""

    path: str
    line: int | None
    what: str
    required: Required | None = None
    mend: Mend | None = None


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
        found += _out_of_sync(own.required, venv)
        theirs = [line for sibling in siblings for line in sibling.required]
        found += _gaps(closure, own.required, theirs, venv, disputed)
        found += _broken_constraints(own.required, closure, venv)
        found += _wrong_python(own, venv)
        found += venv.environment.notes
    # A command that gives one side of a dispute what it wants takes it from the other.
    problems = [
        each._replace(mend=None) if each.required and each.required.name in disputed else each
        for each in found
        if isinstance(each, Problem)
    ]
    notes = [each for each in found if isinstance(each, Note)]
    return Comparison(problems, notes, needed, disputed)


def undeclared(projects: Iterable[Asked], venv: Venv, allowed: Iterable[str]) -> list[str]:
    """What is installed, though no project declares it and nothing declared needs it."""
    required = [each for asked in projects for each in applying(asked.required, venv.environment)]
    # What an exempt or allowed one needs must stay as well, or that would not work any more.
    kept = [
        Required(
            "",
            None,
            name,
            name,
            Specifiers(),
            frozenset(),
            None,
            None,
            editable=False,
            constraint=False,
        )
        for name in sorted(EXEMPT.union(allowed))
    ]
    return sorted(venv.distributions.keys() - walk([*required, *kept], venv).reached.keys())


def _out_of_sync(required: Sequence[Required], venv: Venv) -> Iterator[Problem | Note]:
    """What is declared, each thing once: is it there, in its version, from its place?"""
    told = set()
    for each in required:
        if each.constraint or (why := _mismatch(each, venv)) is None:
            continue
        key = each.name, each.specifier.parsed, each.url, each.editable
        if key not in told:
            told.add(key)
            yield _told_at(each, why)


def _told_at(required: Required, why: Mismatch) -> Problem | Note:
    what = f"{quoted(required.text)} {why.what}"
    if not why.is_certain:
        return Note(f"{_place(required)}: {what}")
    return Problem(required.path, required.line, what, required, Mend(remove=why.remove))


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
    if not has(venv, name, required.specifier):
        return Mismatch(f"{asks}, but {quoted(installed.version)} is installed", remove=remove)
    return None


def _is_met(lines: Iterable[Required], venv: Venv) -> bool:
    return all(_mismatch(each, venv) is None for each in lines)


def _gaps(
    closure: Closure,
    required: Sequence[Required],
    theirs: Sequence[Required],
    venv: Venv,
    disputed: set[str],
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
        of_siblings = (each for each in theirs if each.name == dependency.name)
        for each in [*lines, *of_siblings]:
            if exclude_each_other([each.specifier, dependency.specifier]):
                what += f": {quoted(each.text)} of {_place(each)} does not allow it"
                disputed.add(dependency.name)
                break
        mend = None if dependency.name in disputed else Mend()
        yield Problem(way.required.path, way.required.line, what, way.required, mend)


def _broken_constraints(
    required: Sequence[Required], closure: Closure, venv: Venv
) -> Iterator[Problem | Note]:
    """Constraints hold for what the project's requirements lead to, and for nothing else."""
    for each in required:
        if each.constraint and each.name in closure.reached:
            why = _mismatch(each, venv)
            if why is not None:
                yield _told_at(each, why)


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
    but: str = ""
    """How the venv fails the two, which could be met; empty where nothing is right for both."""
    mend: Mend | None = None


def _conflicts(
    required: Sequence[Required], siblings: Sequence[Asked], venv: Venv | None, disputed: set[str]
) -> Iterator[Problem]:
    """What this project and a sibling both declare, and the one venv cannot give to both.

    Siblings that say the same are judged and told as one.
    """
    own = _by_name(required, venv)
    declared = [_by_name(sibling.required, venv, only=own) for sibling in siblings]
    everyones: dict[tuple[str, str], list[Required]] = {}
    for by_name in declared:
        for key, theirs in by_name.items():
            everyones.setdefault(key, []).extend(theirs)
    judged: dict[tuple[object, ...], _Conflict | None] = {}
    agreeing: dict[_Conflict, list[Required]] = {}
    for by_name in declared:
        for key, theirs in by_name.items():
            said = key, *((each.text, each.url, each.editable) for each in theirs)
            if said not in judged:
                judged[said] = _conflict(own[key], theirs, everyones[key], venv)
            conflict = judged[said]
            if conflict is not None:
                agreeing.setdefault(conflict, []).append(theirs[0])
    for conflict, [first, *others] in agreeing.items():
        mine = conflict.own
        relation = "is needed together with" if conflict.but else "contradicts"
        what = f"{quoted(mine.text)} {relation} {quoted(conflict.theirs)} of {_place(first)}"
        what += _more(others)
        if conflict.but:
            what += f", but {conflict.but}"
        else:
            disputed.add(mine.name or "")
            if installed := venv and venv.distributions.get(mine.name or ""):
                what += f", and {quoted(installed.version)} is installed"
            what += ": one of them has to change"
        yield Problem(mine.path, mine.line, what, mine, conflict.mend)


def _conflict(
    own: Sequence[Required],
    theirs: Sequence[Required],
    everyones: Sequence[Required],
    venv: Venv | None,
) -> _Conflict | None:
    """`everyones` are the lines of all siblings: a repair has to be right for them, too."""
    if _can_hold_together([*own, *theirs], venv):
        return _unmet(own, theirs, everyones, venv) if venv else None
    for mine, other in itertools.product(own, theirs):
        if not _can_hold_together([mine, other], venv):
            return _Conflict(mine, compact(other))
    if not _can_hold_together(own, venv) or not _can_hold_together(theirs, venv):
        return None  # one of the two projects contradicts itself
    return _Conflict(own[0], ",".join(map(compact, theirs)))


def _unmet(
    own: Sequence[Required], theirs: Sequence[Required], everyones: Sequence[Required], venv: Venv
) -> _Conflict | None:
    """Both could be met, but what is installed is not what the sibling wants."""
    installed = venv.distributions.get(own[0].name or "")
    for other in theirs if installed else ():
        why = _mismatch(other, venv)
        if why is None or not why.is_certain:
            continue
        if other.url is not None:
            if all((each.url, each.editable) != (other.url, other.editable) for each in own):
                return _Conflict(own[0], compact(other), why.what.partition(", but ")[2])
        elif not _implies(own, other.specifier):
            but = why.what.partition(", but ")[2]
            for each in everyones:
                if exclude_each_other([each.specifier, other.specifier]):
                    but += f": {quoted(compact(each))} of {_place(each)} does not allow it"
                    return _Conflict(own[0], compact(other), but)
            return _Conflict(own[0], compact(other), but, _for_all(own, everyones, venv))
    return None


def _for_all(own: Sequence[Required], everyones: Sequence[Required], venv: Venv) -> Mend | None:
    """What installs a version that is right for this project and for its siblings."""
    lines = [*own, *everyones]
    if any(each.url or "${" in each.text for each in lines) or not _can_hold_together(lines, venv):
        return None
    wanted = {compact(each): each.specifier for each in everyones}
    return Mend(add=tuple(text for text, each in wanted.items() if not _implies(own, each)))


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
    if exclude_each_other(each.specifier for each in lines):
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
        if not exclude_each_other([wanted.specifier, Specifiers(f"=={short}.*")]):
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
        if theirs and exclude_each_other([mine.specifier, theirs.specifier]):
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
