"""Projects, or lines of one, that contradict each other. No I/O."""

from __future__ import annotations

import itertools

from hooks.fast.records import NamedTuple
from hooks.fast.specifiers import exclude_each_other, together
from hooks.harmless import quoted
from hooks.requirements.required import compact
from hooks.rules.claims import Claim, can_hold_together, installed_beside, placed
from hooks.rules.mismatch import Told, mismatch, place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hooks.fast.specifiers import Specifiers
    from hooks.requirements.required import Required
    from hooks.rules.claims import Claims, Key
    from hooks.rules.facts import Venv


class Dispute(NamedTuple):
    """A distribution that no version is right of, and what is to be told of it."""

    told: Told
    lines: tuple[Required, ...]
    """The lines of all who take part in it: no command may take a side."""


def contradictions(own: Claims, venv: Venv | None) -> dict[Key, Dispute]:
    """Lines of this project that cannot all be met."""
    found = {}
    for key, several in own.items():
        lines = [each for each in several if each.demand is None]
        if not can_hold_together(lines, venv):
            last, against = _first_pair(lines, venv) or (lines[-1], lines[:-1])
            others = ", ".join(quoted(each.required.text) for each in against)
            together = f"{others} together"  # `a>=1`, `a<2`, `a!=1.*`: any two of them can be met
            place = f"{others} of {place_of(against[0].required)}"
            what = f"contradicts {place if len(against) == 1 else together}"
            found[key] = _dispute(last, what, "contradiction", key, venv, [last, *against])
    return found


def contradictions_by_need(own: Claims, venv: Venv, *, firm: bool) -> dict[Key, Dispute]:
    """Lines of this project, and what its other lines lead to in the venv.

    `firm`: by what the one version leads to that a line allows. What leads there otherwise may be
    held there by a sibling, which is told first then.
    """
    found = {}
    for key, several in own.items():
        lines = [each for each in several if each.demand is None]
        needs = [each for each in several if each.demand and each.demand.way.is_firm is firm]
        for line, need in itertools.product(lines, needs):
            if not can_hold_together([line, need], venv):
                what = f"contradicts {placed({need.shown: [need]})}"
                found[key] = _dispute(line, what, "contradiction", key, venv, [line, need])
                break
    return found


def _first_pair(lines: Sequence[Claim], venv: Venv | None) -> tuple[Claim, list[Claim]] | None:
    for position, later in enumerate(lines):
        for earlier in lines[:position]:
            if not can_hold_together([earlier, later], venv):
                return later, [earlier]
    return None


def _dispute(
    mine: Claim,
    contradicts: str,
    rule: str,
    key: Key,
    venv: Venv | None,
    several: Sequence[Claim],
    end: str = "",
) -> Dispute:
    line = mine.required
    if mine.demand is None:
        what = f"{quoted(line.text)} {contradicts}"
    else:
        steps = f" ({mine.demand.steps})" if mine.demand.steps else ""
        needs = f"{quoted(mine.demand.way.label)} needs {quoted(mine.text)}{steps}"
        what = f"{needs}, which {contradicts}"
    what += installed_beside(key[0], several, venv) + end
    told = Told(line.path, line.line, what, rule, key[0])
    return Dispute(told, tuple(each.required for each in several))


def conflicts(own: Claims, siblings: Sequence[Claims], venv: Venv | None) -> dict[Key, Dispute]:
    """What this project and a sibling want, where one of the two declares it, and the venv cannot
    have for both.

    Each distribution is told once; siblings that say the same are judged and counted as one.
    """
    found = {}
    for key, mine in own.items():
        theirs: dict[str, list[Claim]] = {}
        for sibling in siblings:
            for each in sibling.get(key, ()):
                theirs.setdefault(each.shown, []).append(each)
        against: dict[str, list[Claim]] = {}
        for claim in mine if theirs else ():
            against = {
                shown: same
                for shown, same in theirs.items()
                if (claim.demand is None or same[0].demand is None)
                and not can_hold_together([claim, same[0]], venv)
            }
            if against:
                break
        else:
            claim, against = mine[0], _against_all(mine, siblings, key, venv)
        if against:
            several = [claim, *itertools.chain(*against.values())]
            end = ": one of them has to change"
            what = f"contradicts {placed(against)}"
            found[key] = _dispute(claim, what, "conflict", key, venv, several, end)
    return found


def _against_all(
    own: Sequence[Claim], siblings: Sequence[Claims], key: Key, venv: Venv | None
) -> dict[str, list[Claim]]:
    """A sibling whose lines only all together cannot be met beside these."""
    mine = [each for each in own if each.demand is None]
    for sibling in siblings:
        theirs = [each for each in sibling.get(key, ()) if each.demand is None]
        if not mine or len(mine) + len(theirs) < 3 or not theirs:
            continue
        if can_hold_together([*mine, *theirs], venv):
            continue
        if can_hold_together(mine, venv) and can_hold_together(theirs, venv):
            return {quoted(",".join(each.text for each in theirs)): theirs[:1]}
    return {}


def needed_together(own: Claims, siblings: Sequence[Claims], venv: Venv) -> Iterator[Told]:
    """What a project and a sibling both declare and could both have, but the sibling has not."""
    for key, claims_of_key in own.items():
        mine = [each.required for each in claims_of_key if each.demand is None]
        lines_of = [[c for c in each.get(key, ()) if c.demand is None] for each in siblings]
        # One that contradicts itself is for that sibling to tell.
        agreeing = [several for several in lines_of if can_hold_together(several, venv)]
        everyones = [each.required for several in agreeing for each in several]
        if not mine or not everyones or key[0] not in venv.distributions:
            continue
        told: dict[tuple[str, object], list[Required]] = {}
        for each in everyones:
            told.setdefault((each.text, each.origin), []).append(each)
        for [first, *others] in told.values():
            told_of = _needed_together(mine, first, everyones, venv, len(others))
            if told_of is not None:
                yield told_of


def _needed_together(
    mine: Sequence[Required], other: Required, everyones: Sequence[Required], venv: Venv, more: int
) -> Told | None:
    why = mismatch(other, venv)
    if why is None or not why.is_certain:
        return None
    is_mine = (
        (other.origin.meant, other.editable)
        in {(each.origin.meant, each.editable) for each in mine if each.origin}
        if other.origin
        else implies(mine, other.specifier)
    )
    if is_mine:
        return None  # told at that line: what mends it mends this
    claim = Claim(other, other.specifier, compact(other), other.origin)
    shown = f"{claim.shown} of {place_of(other)}" + (f" and of {more} more" if more else "")
    what = f"{quoted(mine[0].text)} is needed together with {shown}, but {why.found}"
    for each in everyones:
        if exclude_each_other([each.specifier, other.specifier]):
            what += f": {quoted(compact(each))} of {place_of(each)} does not allow it"
            return Told(mine[0].path, mine[0].line, what, why.rule, mine[0].name or "")
    return Told(
        mine[0].path, mine[0].line, what, why.rule, mine[0].name or "", other, why.is_replaced
    )


def implies(own: Sequence[Required], wanted: Specifiers) -> bool:
    """Every version that is right for these lines is right for that, too."""
    try:
        return together(each.specifier for each in own).is_subset(wanted.parsed)
    except ValueError:  # of `===`
        return False


def unsettled(family: Sequence[Claims], venv: Venv | None) -> list[Required]:
    """The lines, of whichever projects, that no one installation is right for."""
    everyones: Claims = {}
    for project in family:
        for key, several in project.items():
            lines = [each for each in several if each.demand is None]
            everyones.setdefault(key, []).extend(lines)
    return [
        each.required
        for several in everyones.values()
        if several and not _can_all_hold(several, venv)
        for each in several
    ]


def _can_all_hold(several: Sequence[Claim], venv: Venv | None) -> bool:
    distinct = list({(each.text, each.origin): each for each in several}.values())
    return can_hold_together(distinct, venv)
