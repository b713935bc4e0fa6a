"""What a project wants of each distribution, by its own lines or by what these lead to. No I/O."""

from __future__ import annotations

from hooks.fast.records import NamedTuple
from hooks.fast.specifiers import Specifiers, exclude_each_other
from hooks.harmless import quoted
from hooks.requirements.required import compact
from hooks.rules.mismatch import is_met, place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from hooks.requirements.origin import Origin
    from hooks.requirements.required import Required
    from hooks.rules.closure import Demand
    from hooks.rules.facts import Venv

Key = tuple[str, str]
"""A name and, where there is no venv to evaluate it for, a marker: only what has both counts
together then."""


class Claim(NamedTuple):
    """What one line wants of a distribution, or what that line leads to."""

    required: Required
    """The line."""
    specifier: Specifiers
    text: str
    origin: Origin | None = None
    demand: Demand | None = None
    """None: the line itself asks for it."""

    @property
    def shown(self) -> str:
        """Without its place; equal for all who want the same for the same reason."""
        if self.demand is None:
            return quoted(self.text)
        by = quoted(self.demand.way.label)
        steps = f" ({self.demand.steps})" if self.demand.steps else ""
        return f"{quoted(self.text)}, needed by {by}{steps}"


Claims = dict[Key, list[Claim]]


def claims(
    required: Iterable[Required],
    demands: Iterable[Demand],
    venv: Venv | None,
    reached: Collection[str] = (),
) -> Claims:
    """The claims of one project; a constraint is one where its name is declared, or led to."""
    lines: dict[Key, list[Required]] = {}
    for each in required:
        key = each.name or "", "" if venv or each.marker is None else str(each.marker)
        if key[0]:
            lines.setdefault(key, []).append(each)
    found: Claims = {
        key: [Claim(each, each.specifier, compact(each), each.origin) for each in lines_of_key]
        for key, lines_of_key in lines.items()
        if key[0] in reached or not all(each.constraint for each in lines_of_key)
    }
    for demand in demands:
        needed = demand.dependency
        claim = Claim(demand.way.required, needed.specifier, needed.text, None, demand)
        same = found.setdefault((needed.name, ""), [])
        if all(each.shown != claim.shown for each in same):
            same.append(claim)
    return found


def can_hold_together(several: Sequence[Claim], venv: Venv | None) -> bool:
    """Some version, and some place to install from, is right for all of them."""
    if len({(each.text, each.origin) for each in several}) < 2:
        return True
    if venv is not None and _are_met(several, venv):
        return True  # what is installed proves it
    if exclude_each_other(each.specifier for each in several):
        return False
    origins = [each.origin for each in several if each.origin]
    if len(origins) < 2:
        return True
    from hooks.requirements.origin import contradicts

    first, *others = origins
    return not any(contradicts(first, other) for other in others)


def _are_met(several: Sequence[Claim], venv: Venv) -> bool:
    return all(
        is_met([each.required], venv) if each.demand is None else each.demand.is_met
        for each in several
    )


def placed(told: Mapping[str, Sequence[Claim]]) -> str:
    """What several say, each with its first place, the rest counted."""
    parts = []
    for shown, [first, *others] in told.items():
        more = f" and of {len(others)} more" if others else ""
        parts.append(f"{shown} of {place_of(first.required)}{more}")
    return ", and ".join(parts)


def installed_beside(name: str, several: Iterable[Claim], venv: Venv | None) -> str:
    """To follow a contradiction: what there is; where they want it from somewhere, from where."""
    if venv is None:
        return ""
    asked = next((each.origin for each in several if each.origin), None)
    found = venv.origins.get(name)
    if asked is not None and found is not None:
        from hooks.requirements.origin import shown_beside

        return f", and {quoted(name)} is installed from {shown_beside(asked, found)}"
    installed = venv.distributions.get(name)
    return f", and {quoted(installed.version)} is installed" if installed else ""
