"""The shared venv holds what this project asks for, and the family does not contradict itself."""

from __future__ import annotations

import os

from hooks.fast.records import NamedTuple
from hooks.files import real_path
from hooks.harmless import quoted
from hooks.problems import Problem
from hooks.project.project import main_place
from hooks.report import Finding, Note
from hooks.requirements.sources import read_optional, sources_of
from hooks.rules import in_sync
from hooks.rules.facts import asked_by, venv_to_read
from hooks.rules.mismatch import is_met

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Container, Iterable, Sequence

    from hooks.fixes.install import Line
    from hooks.project.project import Project
    from hooks.report import Message
    from hooks.requirements.required import Required
    from hooks.requirements.sources import Source
    from hooks.rules.facts import Asked, Asking, Facts
    from hooks.rules.in_sync import Comparison
    from hooks.rules.mismatch import Told
    from hooks.venvs.installed import Broken


_NO_VENV = frozenset({"owner-missing", "owner-renamed", "venv-missing"})
"""The link's rules whose lines bring the shared venv: they are the same whichever hook tells."""
INSTALLED = frozenset(
    {"not-installed", "wrong-version", "wrong-source", "unmet-dependency", "broken-constraint"}
    | {"broken-metadata", "duplicate-distribution", "editable-gone"}
)
"""Rules whose findings an installation mends."""


def unanswerable(asking: Asking, options: Namespace) -> str | None:
    """Why the question cannot be asked."""
    is_toml = any(source.path.endswith(".toml") for source in asking.own)
    if (options.extra or options.group) and not is_toml:
        return "--extra and --group need a pyproject.toml or a pylock.toml"
    unread = [source for source in asking.own if source.unread]
    is_asked_for = bool(options.requirements)
    has_answer = any(source.is_answer and not source.unread for source in asking.own)
    if unread and (is_asked_for or (asking.project.is_owner and not has_answer)):
        problem = unread[0].unread
        return f"{unread[0].path}: {problem.what}" if problem else None
    if asking.project.is_owner and not has_answer:
        return "nothing to check: no requirements.txt, no [project] dependencies in pyproject.toml"
    return None


def check(asking: Asking, options: Namespace, *, venv_told: bool = False) -> list[Message]:
    """Compare the facts; the findings come in the order in which one reads the files.

    `venv_told`: another rule has told why the venv cannot be used.
    """
    project, own, siblings, missing, facts = asking
    venv = facts.venv if facts else None
    notes = [each for each in _read_messages(own) if isinstance(each, Note)]
    notes += map(_as_note, _read_messages(sources_of(siblings)))
    asked, meant, more = what_is_meant(asking)
    notes += more
    family = [asked_by(sources, venv) for sources in siblings.values()]
    # Where the owner and a sibling part is not for a member to tell that only inherits.
    declares = any(source.is_answer and source.directory == "." for source in own)
    comparison = in_sync.check(asked, family if declares else [], venv)
    findings = [
        Finding(each.path, each.what, each.line, rule=each.rule)
        for each in _read_messages(own)
        if isinstance(each, Problem)
    ]
    findings += _findings(asking, comparison, meant, notes)
    paths = [*(source.path for source in own), *(each.path for each in asked.required)]
    rank = {path: position for position, path in reversed([*enumerate(paths)])}
    findings.sort(key=lambda each: (rank.get(each.path, len(rank)), each.line or 0))
    notes += comparison.notes
    findings[:0] = map(_no_sibling, missing)
    if facts is not None:
        notes += facts.installed.notes
        notes += (note for name, note in facts.notes.items() if name in comparison.needed)
        if options.forbid_undeclared:
            _add_undeclared(asking, options, facts, [asked, *family], findings, notes)
    elif project.in_ci:
        notes.append(Note(f"{project.place}: no venv here in CI: what is installed is not checked"))
    elif not venv_told:
        findings.append(_no_venv(project))
    if not any(source.is_answer for source in own):
        notes.append(Note("nothing is asked for, neither here nor in an owner to inherit from"))
    return [*findings, *notes]


def _no_sibling(path: str) -> Finding:
    return Finding(path, "is no directory, but `--sibling` names it", rule="missing-sibling")


def what_is_meant(asking: Asking) -> tuple[Asked, dict[Line, Required | None], list[Note]]:
    """What this project asks for; a linked work tree's own folders are the main one's.

    The one venv can have a project from there only. Lines that mean something else than their
    file says are told apart: an installer may not have that file; of None it may have nothing.
    """
    project, facts = asking.project, asking.facts
    asked = asked_by(asking.own, facts.venv if facts else None)
    if facts is None or main_place(project) == project.root:
        return asked, {}, []
    from hooks.fixes.install import line_of
    from hooks.requirements.places import counts_from_main, in_main_work_tree, is_here_alone

    required, notes = in_main_work_tree(project, asked.required, facts.venv.origins)
    meant = {
        line_of(here): None if is_here_alone(project, there) else there
        for here, there in zip(asked.required, required, strict=True)
        if here != there or counts_from_main(project, here) or is_here_alone(project, there)
    }
    return asked._replace(required=required), meant, notes


def _add_undeclared(
    asking: Asking,
    options: Namespace,
    facts: Facts,
    family: list[Asked],
    findings: list[Finding],
    notes: list[Note],
) -> None:
    from hooks.rules.undeclared import undeclared_findings, untold

    project, siblings = asking.project, asking.siblings
    everyone = [*family]
    everyone += [asked_by(read_optional(folder), facts.venv) for folder in [".", *siblings]]
    folders = [project.root, main_place(project), *map(real_path, siblings)]
    undeclared = undeclared_findings(options.allow_undeclared, folders, everyone, facts)
    if unread := [each for each in asking.sources if each.read.messages]:
        notes += untold(undeclared, unread[0])
    else:
        findings += undeclared


def _read_messages(sources: Iterable[Source]) -> list[Problem | Note]:
    return [message for source in sources for message in source.read.messages]


def _as_note(message: Problem | Note) -> Note:
    """What is wrong in a sibling's file is for the sibling to mend."""
    if isinstance(message, Note):
        return message
    place = message.path if message.line is None else f"{message.path}:{message.line}"
    return Note(f"{place}: {message.what}")


class _BrokenOf(NamedTuple):
    broken: Broken
    required: Required
    """The line that needs the distribution."""


def _findings(
    asking: Asking, comparison: Comparison, meant: dict[Line, Required | None], notes: list[Note]
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
    problems = [each for each in problems if each.subject not in stuck]
    asks = [each.asks for each in problems if each.asks]
    asks += [each.required for each in broken if each.broken.in_the_way]
    fixes = _Fixes(asking, facts, comparison, meant, broken, stuck) if asks else None
    if fixes is not None:
        notes += fixes.notes()
    return [
        *(_finding(each, fixes.of(each.asks) if fixes else ()) for each in problems),
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


def _finding(told: Told, fixes: tuple[str, ...]) -> Finding:
    return Finding(told.path, told.what, told.line, fixes, told.rule, told.subject)


def _no_venv(project: Project) -> Finding:
    from hooks.fixes.venv import fall_back
    from hooks.rules import link
    from hooks.rules.conda import conda_environment
    from hooks.rules.reasons import fixes_of
    from hooks.venvs.environment import is_conda
    from hooks.venvs.health import read_health

    place = venv_to_read(project) or project.target
    if place is not None and is_conda(place):
        return conda_environment(place)
    if place is not None and os.path.isdir(place):
        health = read_health(place, project.trusted_users)
        fault = next((each for each in health.faults if each.point <= 3), None)
        if fault is not None:
            what = f"{fault.what}: the venv cannot be used, and what is installed is not checked"
            fixes = fixes_of(project, place, fault, health)
            return Finding(fault.path, what, fault.line, fixes, "unusable-venv")
    what = "there is no virtual environment"
    if project.target is None:
        what = f"{what}; `--target` names the shared one"
        return Finding(project.place, what, fixes=fall_back(project), rule="unusable-venv")
    if not project.is_owner:
        what = f"{what}, nor at {quoted(project.target)}"
    about_link = [each for each in link.check(project, ()) if isinstance(each, Finding)]
    told = [each for each in about_link if project.is_owner or each.rule in _NO_VENV]
    fixes = told[0].fixes if told else ()
    if told and not fixes:  # it says what to decide
        what = told[0].what
    return Finding(project.place, what, fixes=fixes, rule="unusable-venv")
