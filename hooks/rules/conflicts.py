"""Projects, or lines of one, that contradict each other. No I/O."""

from __future__ import annotations

import itertools

from hooks.fast.records import NamedTuple
from hooks.fast.specifiers import exclude_each_other, together
from hooks.fixes.install import Mend
from hooks.harmless import quoted
from hooks.requirements.required import compact
from hooks.rules.mismatch import Told, is_met, mismatch, place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from hooks.fast.specifiers import Specifiers
    from hooks.requirements.required import Required, RequiresPython
    from hooks.rules.facts import Asked, Venv


def contradictions(
    required: Sequence[Required], venv: Venv | None, disputed: set[str]
) -> Iterator[Told]:
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
                    yield Told(later.path, later.line, f"{what} of {place_of(earlier)}", later)
                    told = True
                    break
        if not told:  # `a>=1`, `a<2`, `a!=1.*`: any two of them can be met
            last, others = lines[-1], ", ".join(quoted(each.text) for each in lines[:-1])
            what = f"{quoted(last.text)} contradicts {others} together"
            yield Told(last.path, last.line, what, last)


class _Conflict(NamedTuple):
    """Where this project and a sibling part; equal for the siblings that say the same."""

    own: Required
    theirs: str
    but: str = ""
    """How the venv fails the two, which could be met; empty where nothing is right for both."""
    mend: Mend | None = None


def conflicts(
    required: Sequence[Required], siblings: Sequence[Asked], venv: Venv | None, disputed: set[str]
) -> Iterator[Told]:
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
        what = f"{quoted(mine.text)} {relation} {quoted(conflict.theirs)} of {place_of(first)}"
        what += _more(others)
        if conflict.but:
            what += f", but {conflict.but}"
        else:
            disputed.add(mine.name or "")
            if installed := venv and venv.distributions.get(mine.name or ""):
                what += f", and {quoted(installed.version)} is installed"
            what += ": one of them has to change"
        yield Told(mine.path, mine.line, what, mine, conflict.mend)


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
        why = mismatch(other, venv)
        if why is None or not why.is_certain:
            continue
        if other.url is not None:
            if all((each.url, each.editable) != (other.url, other.editable) for each in own):
                return _Conflict(own[0], compact(other), why.what.partition(", but ")[2])
        elif not implies(own, other.specifier):
            but = why.what.partition(", but ")[2]
            for each in everyones:
                if exclude_each_other([each.specifier, other.specifier]):
                    but += f": {quoted(compact(each))} of {place_of(each)} does not allow it"
                    return _Conflict(own[0], compact(other), but)
            return _Conflict(own[0], compact(other), but, _for_all(own, everyones, venv))
    return None


def _for_all(own: Sequence[Required], everyones: Sequence[Required], venv: Venv) -> Mend | None:
    """What installs a version that is right for this project and for its siblings."""
    lines = [*own, *everyones]
    if any(each.url or "${" in each.text for each in lines) or not _can_hold_together(lines, venv):
        return None
    wanted = {compact(each): each.specifier for each in everyones}
    return Mend(add=tuple(text for text, each in wanted.items() if not implies(own, each)))


def implies(own: Sequence[Required], wanted: Specifiers) -> bool:
    """Every version that is right for these lines is right for that, too."""
    try:
        return together(each.specifier for each in own).is_subset(wanted.parsed)
    except ValueError:  # of `===`
        return False


def _can_hold_together(lines: Sequence[Required], venv: Venv | None) -> bool:
    """Some version, and some place to install from, is right for all the lines."""
    if len({(each.text, each.url, each.editable) for each in lines}) == 1:
        return True
    if venv is not None and is_met(lines, venv):
        return True  # what is installed proves it
    if exclude_each_other(each.specifier for each in lines):
        return False
    origins = [each.origin for each in lines if each.origin]
    if len(origins) < 2:
        return True
    from hooks.requirements.origin import contradicts

    first, *others = origins
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


def python_conflicts(own: Asked, siblings: Sequence[Asked], venv: Venv | None) -> Iterator[Told]:
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
        what += f" of {place_of(first)}{_more(others)}"
        if venv is not None:
            what += f", and the venv's Python is {quoted(venv.environment.python)}"
        yield Told(mine.path, mine.line, what)


def _more(others: Sequence[object]) -> str:
    return f" and of {len(others)} more" if others else ""
