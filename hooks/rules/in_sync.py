"""What is asked for against what is installed. No I/O."""

from __future__ import annotations

from hooks.fast.records import NamedTuple
from hooks.harmless import quoted
from hooks.report import Note
from hooks.rules.claims import claims
from hooks.rules.closure import Graph
from hooks.rules.conflicts import (
    conflicts,
    contradictions,
    contradictions_by_need,
    implies,
    needed_together,
    unsettled,
)
from hooks.rules.mismatch import Told, as_one, is_met, mismatch, told_at
from hooks.rules.python_versions import python_conflicts, wrong_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from hooks.requirements.required import Required
    from hooks.rules.claims import Claims
    from hooks.rules.closure import Closure, Demand
    from hooks.rules.conflicts import Dispute
    from hooks.rules.facts import Asked, Venv


class Comparison(NamedTuple):
    problems: list[Told]
    notes: list[Note]
    needed: dict[str, Required]
    """What this project declares or its requirements lead to, with the line that does."""
    unsettled: list[Required]
    """Lines, of whichever projects, that no command may have: it would take a side."""


class Walked(NamedTuple):
    """What this project and its siblings want, over the distributions that are installed."""

    own: Claims
    siblings: list[Claims]
    closure: Closure | None


def check(
    own: Asked, siblings: Sequence[Asked], venv: Venv | None, *, to_fill: bool = False
) -> Comparison:
    """Everything that is wrong with this project, its siblings and the venv.

    `to_fill`: what no command may have is asked for even where no problem needs a command.
    """
    environment = venv.environment if venv else None
    own = own.holding(environment)
    siblings = [each.holding(environment) for each in siblings]
    walked = _walk(own, siblings, venv)
    disputes = _disputes(walked, venv)
    found: list[Told | Note] = [each.told for each in disputes]
    parting = [*python_conflicts(own, siblings, venv)]
    found += parting
    if venv is not None and walked.closure is not None:
        disputed = {each.told.subject for each in disputes}
        told = _installed(own, walked, walked.closure, venv, disputed)
        found += (each for each in told if not (parting and _is_of_own_python(each)))
        found += venv.environment.notes
    problems = [each for each in found if isinstance(each, Told)]
    notes = [each for each in found if isinstance(each, Note)]
    kept = [line for each in disputes for line in each.lines]
    if to_fill or any(each.asks for each in problems):
        kept += unsettled([walked.own, *walked.siblings], venv)
    return Comparison(problems, notes, _needed(own, walked.closure), kept)


def _is_of_own_python(told: Told | Note) -> bool:
    """Where projects part over it the venv's is named at that line already."""
    return isinstance(told, Told) and told.rule == "wrong-python" and not told.subject


def _walk(own: Asked, siblings: Sequence[Asked], venv: Venv | None) -> Walked:
    """Only what is not met is looked for: where all is, what is installed proves that it can be."""
    if venv is None:
        return Walked(
            claims(own.required, (), None),
            [claims(each.required, (), None) for each in siblings],
            None,
        )
    graph = Graph(venv)
    own_unmet = _unmet(own, venv)
    watched = own_unmet.union(*(_unmet(each, venv) for each in siblings))
    closure = graph.walk(own.required, own.overridden(venv.environment), watched)
    declared = {each.name or "" for each in own.required}
    is_sound = not closure.demands and not own.overrides
    wrong = _wrong([own, *siblings], watched, venv)
    if _are_met_together(graph, siblings, own_unmet, closure.walked if is_sound else ()):
        theirs = [claims(each.required, (), venv) for each in siblings]
    else:
        theirs = []
        for each in siblings:
            walk = graph.walk(each.required, each.overridden(venv.environment), own_unmet)
            demands = [one for one in walk.demands if one.dependency.name in declared]
            theirs.append(claims(each.required, _besides(wrong, demands), venv, walk.reached))
    ours = claims(own.required, _besides(wrong, closure.demands), venv, closure.reached)
    # What mends a wrong version mends what it asks of other lines; what else it lacks is told.
    told, settled = wrong & declared, declared - own_unmet
    lacks = [
        each
        for each in closure.demands
        if each.way.name not in told or each.dependency.name not in settled
    ]
    return Walked(ours, theirs, closure._replace(demands=lacks))


def _wrong(family: Sequence[Asked], unmet: set[str], venv: Venv) -> set[str]:
    """What is there in another version, or from elsewhere, than a line asks for.

    What it needs as it is says nothing of what the one that is asked for needs.
    """
    there = venv.distributions.keys() & unmet
    asked = (line for each in family for line in each.required if not line.constraint)
    lines = [line for line in asked if line.name in there]
    mismatches = [(line.name or "", mismatch(line, venv)) for line in lines]
    return {name for name, why in mismatches if why is not None and why.is_certain}


def _besides(wrong: Collection[str], demands: Sequence[Demand]) -> list[Demand]:
    return [each for each in demands if each.way.name not in wrong]


def _are_met_together(
    graph: Graph, siblings: Sequence[Asked], watched: set[str], sound: Collection[tuple[str, str]]
) -> bool:
    """One walk for all siblings, beyond what is found sound, which is enough where all of it is."""
    lines = [line for each in siblings for line in each.required]
    is_plain = not any(line.constraint for line in lines) and not any(
        each.overrides for each in siblings
    )
    return is_plain and not graph.walk(lines, None, watched, sound).demands


def _unmet(asked: Asked, venv: Venv) -> set[str]:
    """The names of which some line is not met."""
    return {
        each.name
        for each in asked.required
        if each.name and (each.specifier or each.origin) and not is_met([each], venv)
    }


def _disputes(walked: Walked, venv: Venv | None) -> list[Dispute]:
    """Each distribution once: what a project can settle alone goes before what takes two."""
    found = contradictions(walked.own, venv)
    if venv is not None:
        found = contradictions_by_need(walked.own, venv, firm=True) | found
    found = conflicts(walked.own, walked.siblings, venv) | found
    if venv is not None:
        found = contradictions_by_need(walked.own, venv, firm=False) | found
    return list(found.values())


def _installed(
    own: Asked, walked: Walked, closure: Closure, venv: Venv, disputed: Collection[str]
) -> Iterator[Told | Note]:
    """What is installed against what is asked for, but for what is disputed: that is told."""
    yield from closure.notes
    together = needed_together(walked.own, walked.siblings, venv)
    told_together = [each for each in together if each.subject not in disputed]
    yield from told_together
    out_of_sync = [
        each
        for each in _out_of_sync(own.required, closure, venv)
        if isinstance(each, Note) or not each.subject or each.subject not in disputed
    ]
    yield from as_one(out_of_sync, [each for each in own.required if each.name not in disputed])
    yield from _gaps(closure, own.required, venv, disputed)
    yield from _gone(own, closure, venv, {each.subject for each in told_together})
    yield from wrong_python(own, closure, venv)


def _needed(own: Asked, closure: Closure | None) -> dict[str, Required]:
    needed = {
        each.name: each for each in reversed(own.required) if each.name and not each.constraint
    }
    if closure is not None:
        for name, way in closure.reached.items():
            needed.setdefault(name, way.required)
        for demand in closure.demands:
            needed.setdefault(demand.dependency.name, demand.way.required)
    return needed


def _out_of_sync(
    required: Sequence[Required], closure: Closure, venv: Venv
) -> Iterator[Told | Note]:
    """What is declared, each thing once: is it there, in its version, from its place?

    Constraints hold for what the project's requirements lead to, and for nothing else.
    """
    told = set()
    constraints = []
    for each in required:
        if each.constraint and each.name not in closure.reached:
            continue
        if (why := mismatch(each, venv)) is None:
            continue
        origin = each.origin and each.origin.meant
        key = each.name, each.specifier.parsed, origin, each.editable, each.constraint
        if key not in told:
            told.add(key)
            if each.constraint:
                constraints.append(told_at(each, why))
            else:
                yield told_at(each, why)
    yield from constraints


def _gaps(
    closure: Closure, required: Sequence[Required], venv: Venv, disputed: Collection[str]
) -> Iterator[Told]:
    """What the required distributions need in turn. Each missing one is told once."""
    declared: dict[str, list[Required]] = {}
    for each in required:
        if each.name:
            declared.setdefault(each.name, []).append(each)
    lines = {
        name: [each for each in several if not each.constraint]
        for name, several in declared.items()
    }
    told = {name for name, several in lines.items() if several and name not in venv.distributions}
    for demand in closure.demands:
        dependency = demand.dependency
        name = dependency.name
        installed = venv.distributions.get(name)
        key = name if installed is None else f"{name}{dependency.specifier.parsed}"
        if demand.is_met or name in disputed or key in told:
            continue
        told.add(key)
        # Told at those lines: what mends them mends this.
        known = declared.get(name, []) if installed else lines.get(name, [])
        if known and not is_met(known, venv) and implies(known, dependency.specifier):
            continue
        way = demand.way
        steps = f" ({demand.steps})" if demand.steps else ""
        there = f"{quoted(installed.version)} is" if installed else "it is not"
        what = f"{quoted(way.label)} needs {quoted(dependency.text)}{steps}, but {there} installed"
        line = way.required
        yield Told(line.path, line.line, what, "unmet-dependency", name, line)


def _gone(own: Asked, closure: Closure, venv: Venv, told: Collection[str]) -> Iterator[Told]:
    """Editables whose source is gone: no installer could bring them back from there."""
    by_lines = {*told} | {
        each.name for each in own.required if each.origin and mismatch(each, venv) is not None
    }
    for name, origin in venv.origins.items():
        if origin.is_gone and name in closure.reached and name not in by_lines:
            way = closure.reached[name]
            what = (
                f"{quoted(name)} is installed editable from {quoted(origin.shown)}, which is gone"
            )
            if steps := way.labels()[:-1]:
                what += f" ({' → '.join(map(quoted, [*steps, name]))})"
            yield Told(way.required.path, way.required.line, what, "editable-gone", name)
