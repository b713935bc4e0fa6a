"""The Python that projects, distributions and lock files ask for, against the venv's. No I/O."""

from __future__ import annotations

from hooks.fast.records import NamedTuple
from hooks.fast.specifiers import Specifiers, exclude_each_other
from hooks.harmless import quoted
from hooks.report import Note
from hooks.rules.mismatch import Told, place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hooks.requirements.required import RequiresPython
    from hooks.rules.closure import Closure
    from hooks.rules.facts import Asked, Venv


def wrong_python(own: Asked, closure: Closure, venv: Venv) -> Iterator[Told | Note]:
    yield from _of_project(own, venv)
    yield from _of_installed(own, closure, venv)
    yield from _of_locks(own, venv)


def python_conflicts(own: Asked, siblings: Sequence[Asked], venv: Venv | None) -> Iterator[Told]:
    """Siblings whose `requires-python` leaves no Python that this project could share."""
    mine = own.requires_python
    if mine is None:
        return
    agreeing: dict[str, list[RequiresPython]] = {}
    for sibling in siblings:
        theirs = sibling.requires_python
        if theirs is None or _both_allow(mine.specifier, theirs.specifier, venv):
            continue
        if exclude_each_other([mine.specifier, theirs.specifier]):
            agreeing.setdefault(theirs.text, []).append(theirs)
    for text, [first, *others] in agreeing.items():
        what = f"`requires-python` {quoted(mine.text)} contradicts {quoted(text)}"
        what += f" of {place_of(first)}" + (f" and of {len(others)} more" if others else "")
        if venv is not None:
            what += f", and the venv's Python is {quoted(venv.environment.python)}"
        yield Told(mine.path, mine.line, what, "conflict")


def _both_allow(mine: Specifiers, theirs: Specifiers, venv: Venv | None) -> bool:
    """The venv's own Python proves it."""
    if venv is None:
        return False
    python = venv.environment.python
    return mine.allow(python) and theirs.allow(python)


def _of_project(own: Asked, venv: Venv) -> Iterator[Told | Note]:
    wanted = own.requires_python
    if wanted is None:
        return
    found = _python_against(wanted.specifier, venv)
    what = f"`requires-python` is {quoted(wanted.text)}, but the venv's Python is"
    if found is None:
        return
    if found.which:
        yield Note(f"{place_of(wanted)}: {what} {quoted(found.python)}: {found.which}")
    else:
        yield Told(wanted.path, wanted.line, f"{what} {quoted(found.python)}", "wrong-python")


class _Python(NamedTuple):
    python: str
    which: str = ""
    """Why it cannot be told."""


def _python_against(wanted: Specifiers, venv: Venv) -> _Python | None:
    """The venv's Python, if that is not allowed, or if its files do not tell whether it is."""
    python = venv.environment.python
    if wanted.allow(python):
        return None
    if venv.environment.is_short:
        short = python.rpartition(".")[0]
        if not exclude_each_other([wanted, Specifiers(f"=={short}.*")]):
            return _Python(short, "its files do not tell which patch release")
        return _Python(short)
    return _Python(python)


def _of_installed(own: Asked, closure: Closure, venv: Venv) -> Iterator[Told]:
    """Each distribution's own `Requires-Python`, as pip reads it: upper bounds included."""
    told = own.requires_python
    for name, way in closure.reached.items():
        installed = venv.distributions[name]
        if installed.requires_python is None:
            continue
        try:
            wanted = Specifiers(installed.requires_python)
        except ValueError:  # pip passes over it as well
            continue
        found = _python_against(wanted, venv)
        if found is None or found.which:
            continue
        # Else it is the project itself, installed: told at that line.
        if told is None or wanted.parsed != told.specifier.parsed:
            line = way.required
            what = f"{quoted(f'{name}=={installed.version}')} needs Python {quoted(wanted)}"
            if len(labels := way.labels()) > 1:
                what += f" ({' → '.join(map(quoted, labels))})"
            what += f", but the venv's is {quoted(found.python)}"
            yield Told(line.path, line.line, what, "wrong-python", name)


def _of_locks(own: Asked, venv: Venv) -> Iterator[Told]:
    """A lock file that was made for other environments than the venv's."""
    holds = venv.environment.holds
    for lock in own.locks:
        if lock.environments and not any(map(holds, lock.environments)):
            what = "was locked for other environments than the venv's"
            yield Told(lock.path, lock.line, what, "bad-lock")
        for each in lock.packages:
            if each.marker is not None and not holds(each.marker):
                continue
            found = _python_against(each.specifier, venv)
            if found is not None and not found.which:
                what = f"{quoted(each.name)} is locked for Python {quoted(each.specifier)}"
                what += f", but the venv's is {quoted(found.python)}"
                yield Told(lock.path, each.line, what, "bad-lock", each.name)
