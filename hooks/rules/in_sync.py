"""What is asked for against what is installed. No I/O."""

from __future__ import annotations

from hooks.fast.records import NamedTuple
from hooks.fast.specifiers import Specifiers, exclude_each_other
from hooks.fixes.install import Mend
from hooks.harmless import quoted
from hooks.report import Note
from hooks.rules.closure import walk
from hooks.rules.conflicts import conflicts, contradictions, implies, python_conflicts
from hooks.rules.facts import applying
from hooks.rules.mismatch import Told, is_met, mismatch, place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hooks.requirements.required import Required
    from hooks.rules.closure import Closure
    from hooks.rules.facts import Asked, Venv
    from hooks.rules.mismatch import Mismatch


class Comparison(NamedTuple):
    problems: list[Told]
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
    found: list[Told | Note] = [
        *contradictions(own.required, venv, disputed),
        *conflicts(own.required, siblings, venv, disputed),
        *python_conflicts(own, siblings, venv),
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
        if isinstance(each, Told)
    ]
    notes = [each for each in found if isinstance(each, Note)]
    return Comparison(problems, notes, needed, disputed)


def _out_of_sync(required: Sequence[Required], venv: Venv) -> Iterator[Told | Note]:
    """What is declared, each thing once: is it there, in its version, from its place?"""
    told = set()
    for each in required:
        if each.constraint or (why := mismatch(each, venv)) is None:
            continue
        key = each.name, each.specifier.parsed, each.url, each.editable
        if key not in told:
            told.add(key)
            yield _told_at(each, why)


def _told_at(required: Required, why: Mismatch) -> Told | Note:
    what = f"{quoted(required.text)} {why.what}"
    if not why.is_certain:
        return Note(f"{place_of(required)}: {what}")
    return Told(required.path, required.line, what, required, Mend(remove=why.remove))


def _gaps(
    closure: Closure,
    required: Sequence[Required],
    theirs: Sequence[Required],
    venv: Venv,
    disputed: set[str],
) -> Iterator[Told]:
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
        if lines and not is_met(lines, venv) and implies(lines, dependency.specifier):
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
                what += f": {quoted(each.text)} of {place_of(each)} does not allow it"
                disputed.add(dependency.name)
                break
        mend = None if dependency.name in disputed else Mend()
        yield Told(way.required.path, way.required.line, what, way.required, mend)


def _broken_constraints(
    required: Sequence[Required], closure: Closure, venv: Venv
) -> Iterator[Told | Note]:
    """Constraints hold for what the project's requirements lead to, and for nothing else."""
    for each in required:
        if each.constraint and each.name in closure.reached:
            why = mismatch(each, venv)
            if why is not None:
                yield _told_at(each, why)


def _wrong_python(own: Asked, venv: Venv) -> Iterator[Told | Note]:
    wanted, python = own.requires_python, venv.environment.python
    if wanted is None or wanted.specifier.allow(python):
        return
    what = f"`requires-python` is {quoted(wanted.text)}, but the venv's Python is"
    if venv.environment.is_short:
        short = python.rpartition(".")[0]
        if not exclude_each_other([wanted.specifier, Specifiers(f"=={short}.*")]):
            which = "its files do not tell which patch release"
            yield Note(f"{place_of(wanted)}: {what} {quoted(short)}: {which}")
            return
        python = short
    yield Told(wanted.path, wanted.line, f"{what} {quoted(python)}")
