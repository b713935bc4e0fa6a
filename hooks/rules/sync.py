"""The shared venv holds what this project asks for, and the family does not contradict itself."""

from __future__ import annotations

import os

from hooks.files import real_path
from hooks.harmless import quoted
from hooks.problems import Problem
from hooks.project.project import main_place
from hooks.report import Finding, Note
from hooks.requirements.sources import read_optional, sources_of
from hooks.rules import in_sync
from hooks.rules.facts import asked_by, venv_to_read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from hooks.fixes.install import Line
    from hooks.project.project import Project
    from hooks.report import Message
    from hooks.requirements.required import Required
    from hooks.requirements.sources import Source
    from hooks.rules.facts import Asked, Asking, Facts


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
    findings = _misread(own)
    if comparison.problems or (facts is not None and facts.installed.broken):
        from hooks.rules.mended import findings_of

        findings += findings_of(comparison, asking, meant, notes)
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


def _misread(own: Iterable[Source]) -> list[Finding]:
    """What is wrong with the project's files themselves."""
    problems = (each for each in _read_messages(own) if isinstance(each, Problem))
    return [Finding(each.path, each.what, each.line, rule=each.rule) for each in problems]


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
    from hooks.requirements.places import counts_from_main, in_main_work_tree, lies_here

    required, notes = in_main_work_tree(project, asked.required, facts.venv.origins)
    meant = {
        line_of(here): None if lies_here(project, there) else there
        for here, there in zip(asked.required, required, strict=True)
        if here != there or counts_from_main(project, here) or lies_here(project, there)
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
