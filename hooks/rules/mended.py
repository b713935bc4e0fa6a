"""What the comparison has found, as findings: one command mends all that an installation can."""

from __future__ import annotations

from hooks.fast.records import NamedTuple
from hooks.harmless import quoted
from hooks.report import Finding, Note
from hooks.requirements.sources import sources_of
from hooks.rules.mismatch import is_met

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from hooks.fixes.install import Line
    from hooks.requirements.required import Required
    from hooks.rules.facts import Asking, Facts
    from hooks.rules.in_sync import Comparison
    from hooks.rules.mismatch import Told
    from hooks.venvs.installed import Broken


class _BrokenOf(NamedTuple):
    broken: Broken
    required: Required
    """The line that needs the distribution."""


def findings_of(
    comparison: Comparison, asking: Asking, meant: dict[Line, Required | None], notes: list[Note]
) -> list[Finding]:
    """The problems, and the broken metadata of what is needed; one command mends what it can."""
    problems, facts = comparison.problems, asking.facts
    if facts is None:
        return [_finding(each, ()) for each in problems]
    broken = [
        _BrokenOf(each, line)
        for name, line in comparison.needed.items()
        for each in facts.installed.broken.get(name, [])
    ]
    stuck = {each.required.name for each in broken if each.broken.is_stuck}
    told = stuck | {each.required.name for each in broken if each.broken.in_the_way}
    problems = [each for each in problems if each.subject not in told]
    asks = [each.asks for each in problems if each.asks]
    asks += [each.required for each in broken if each.broken.in_the_way]
    fixes = _Fixes(asking, facts, comparison, meant, broken, stuck) if asks else None
    if fixes is not None:
        notes += fixes.notes()
    return [
        *(
            _editable_gone(asking, facts, each)
            if each.rule == "editable-gone"
            else _finding(each, fixes.of(each.asks) if fixes else ())
            for each in problems
        ),
        *(
            Finding(
                each.path,
                each.what,
                fixes=fixes.of(required) if fixes and each.in_the_way else (),
                rule=each.rule,
                subject=required.name or "",
            )
            for each, required in broken
        ),
    ]


class _Fixes:
    """The one line that mends what an installation can mend, for the findings that it mends."""

    def __init__(
        self,
        asking: Asking,
        facts: Facts,
        comparison: Comparison,
        meant: dict[Line, Required | None],
        broken: Sequence[_BrokenOf],
        stuck: Container[str | None],
    ) -> None:
        from hooks.fixes.aside import move_aside
        from hooks.fixes.install import Wish, fill, line_of

        asked = (each for source in asking.sources for each in source.read.required)
        left_out = [*comparison.unsettled, *(each for each in asked if each.name in stuck)]
        environment = facts.venv.environment
        self._line_of = line_of
        self._place = facts.place
        wish = Wish(
            asking.own,
            sources_of(asking.siblings),
            lambda each: each.marker is None or environment.holds(each.marker),
            frozenset(map(line_of, left_out)),
            lambda each: is_met([each], facts.venv),
            meant,
        )
        replaced = [each.asks for each in comparison.problems if each.asks and each.is_replaced]
        self._filling = fill(facts.place, wish, replaced)
        in_the_way = dict.fromkeys(path for each in broken for path in each.broken.in_the_way)
        moves = [move_aside(path, asking.project.root) for path in in_the_way]
        self._is_stuck = None in moves
        self._moves = [each for each in moves if each]

    def of(self, asks: Required | None) -> tuple[str, ...]:
        filling = self._filling
        if asks is None or isinstance(filling, str) or filling.line is None or self._is_stuck:
            return ()
        if self._line_of(asks) not in filling.covered:
            return ()
        return (" && ".join([*self._moves, filling.line]),)

    def notes(self) -> list[Note]:
        """What is not in the line, and why."""
        if isinstance(self._filling, str):
            return [Note(f"{quoted(self._place)}: {self._filling}")]
        return [
            Note(f"{path} is left out of the command: {why}")
            for path, why in self._filling.left_out.items()
        ]


def _editable_gone(asking: Asking, facts: Facts, told: Told) -> Finding:
    from hooks.rules.editables import install_again

    line = install_again({told.subject}, asking.project, asking.siblings, facts.place)
    if line is None:
        told = told._replace(what=f"{told.what}: install it from where it is now")
    return _finding(told, (line,) if line else ())


def _finding(told: Told, fixes: tuple[str, ...]) -> Finding:
    return Finding(told.path, told.what, told.line, fixes, told.rule, told.subject)
