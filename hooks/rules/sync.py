"""The shared venv holds what this project asks for, and the family does not contradict itself."""

from __future__ import annotations

from hooks.files import real_path
from hooks.harmless import quoted
from hooks.problems import Problem
from hooks.project.project import main_place
from hooks.report import Finding, Note
from hooks.requirements.sources import read_optional, sources_of
from hooks.rules import in_sync
from hooks.rules.facts import asked_by
from hooks.rules.undeclared import undeclared_findings, untold
from hooks.venvs.environment import is_venv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

    from hooks.project.project import Project
    from hooks.report import Message
    from hooks.requirements.sources import Source
    from hooks.rules.facts import Asked, Asking, Facts
    from hooks.rules.in_sync import Comparison
    from hooks.rules.mismatch import Told


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
    if asking.project.is_owner and not any(source.is_answer for source in asking.own):
        return "nothing to check: no requirements.txt, no [project] dependencies in pyproject.toml"
    return None


def check(asking: Asking, options: Namespace, *, venv_told: bool = False) -> list[Message]:
    """Compare the facts; the findings come in the order in which one reads the files."""
    project, own, siblings, missing, facts = asking
    venv = facts.venv if facts else None
    asked = asked_by(own, venv)
    family = [asked_by(sources, venv) for sources in siblings.values()]
    notes = [each for each in _read_messages(own) if isinstance(each, Note)]
    notes += map(_as_note, _read_messages(sources_of(siblings)))
    by_words = False
    if venv is not None and main_place(project) != project.root:
        from hooks.requirements.places import in_main_work_tree

        required, more = in_main_work_tree(project, asked.required, venv.origins)
        by_words = required != asked.required
        asked = asked._replace(required=required)
        notes += more

    # Where the owner and a sibling part is not for a member to tell that only inherits.
    declares = any(source.is_answer and source.directory == "." for source in own)
    comparison = in_sync.check(asked, family if declares else [], venv)
    findings = [
        Finding(each.path, each.what, each.line, rule=each.rule)
        for each in _read_messages(own)
        if isinstance(each, Problem)
    ]
    # A file with `-e .` would take from the main work tree what all have from there.
    findings += _findings(comparison, own, facts, by_words=by_words)
    paths = [*(source.path for source in own), *(each.path for each in asked.required)]
    rank = {path: position for position, path in reversed([*enumerate(paths)])}
    findings.sort(key=lambda each: (rank.get(each.path, len(rank)), each.line or 0))
    notes += comparison.notes
    findings[:0] = [
        Finding(path, "is no directory, but `--sibling` names it", rule="missing-sibling")
        for path in missing
    ]
    if facts is not None:
        _add_installed(asking, options, facts, [asked, *family], comparison, findings, notes)
    elif project.in_ci:
        notes.append(Note(f"{project.place}: no venv here in CI: what is installed is not checked"))
    elif not venv_told:
        findings.append(_no_venv(project))
    if not any(source.is_answer for source in own):
        notes.append(Note("nothing is asked for, neither here nor in an owner to inherit from"))
    return [*findings, *notes]


def _add_installed(
    asking: Asking,
    options: Namespace,
    facts: Facts,
    family: list[Asked],
    comparison: Comparison,
    findings: list[Finding],
    notes: list[Note],
) -> None:
    """What is to be said of the venv itself."""
    project, siblings = asking.project, asking.siblings
    if facts.mended_at != facts.place and is_venv(facts.place):
        what = f"{quoted(facts.place)} is a local venv: what is installed was read from it"
        notes.append(Note(f"{what}, not from {quoted(facts.mended_at)}"))
    notes += facts.installed.notes
    notes += (note for name, note in facts.notes.items() if name in comparison.needed)
    if options.forbid_undeclared:
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


def _findings(
    comparison: Comparison, own: Sequence[Source], facts: Facts | None, *, by_words: bool
) -> list[Finding]:
    """The problems, and the broken metadata of what is needed; one command mends what it can."""
    problems = comparison.problems
    if facts is None:
        return [_finding(each, ()) for each in problems]
    broken = [
        (each, line)
        for name, line in comparison.needed.items()
        for each in facts.installed.broken.get(name, [])
    ]
    if not problems and not broken:
        return []
    from hooks.fixes.install import install_command
    from hooks.fixes.installer import installer_of

    line = install_command(
        installer_of(facts.mended_at),
        own,
        [(each.required, each.mend) for each in problems if each.mend],
        broken,
        disputed=bool(comparison.disputed),
        by_words=by_words,
    )
    fixes = () if line is None else (line,)
    return [
        *(_finding(each, fixes if each.mend else ()) for each in problems),
        *(
            Finding(
                each.path,
                each.what,
                fixes=fixes if each.in_the_way else (),
                rule=each.rule,
                subject=required.name or "",
            )
            for each, required in broken
        ),
    ]


def _finding(told: Told, fixes: tuple[str, ...]) -> Finding:
    return Finding(told.path, told.what, told.line, fixes, told.rule, told.subject)


def _no_venv(project: Project) -> Finding:
    from hooks.fixes.venv import fall_back, get_owner, make_venv

    what = "there is no virtual environment"
    if project.target is None:
        what = f"{what}; `--target` names the shared one"
        return Finding(project.place, what, fixes=fall_back(project), rule="unusable-venv")
    if project.is_owner:
        return Finding(
            project.place, what, fixes=make_venv(project, project.place), rule="unusable-venv"
        )
    fixes = (*get_owner(project), *fall_back(project))
    return Finding(
        project.place, f"{what}, nor at {quoted(project.target)}", fixes=fixes, rule="unusable-venv"
    )
