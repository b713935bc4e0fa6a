"""One project of a family, by the rules that its hooks are configured with. Reads only.

The rules count from the working directory, so they are asked in the project's own.
"""

from __future__ import annotations

import io
import os
from contextlib import chdir, redirect_stderr

from hooks.arguments import UnfitError, read_quietly
from hooks.fast.records import NamedTuple
from hooks.files import is_same
from hooks.harmless import quoted
from hooks.project.git_hooks import read_git_hooks
from hooks.project.git_repository import read_git_repository
from hooks.project.link import link_at
from hooks.project.project import read_project
from hooks.project.shared_venv import is_fallback
from hooks.report import Finding, Fixed, Note, unless_ignored
from hooks.rules.mismatch import mismatch
from hooks.rules.sync import what_is_meant
from hooks.rules.together import check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from hooks.project.git_hooks import GitHooks
    from hooks.project.own_hooks import OwnHooks
    from hooks.project.project import Project
    from hooks.rules.facts import Asked, Asking

_LINKS = {
    "link-missing": "missing",
    "link-dangling": "dangles",
    "link-elsewhere": "elsewhere",
    "link-absolute": "absolute",
    "link-indirect": "indirect",
    "link-loop": "loop",
    "link-as-text": "as text",
    "not-a-link": "no link",
    "local-venv": "local venv",
    "conda-environment": "conda",
    "target-suspect": "elsewhere",
    "owner-missing": "dangles",
    "owner-renamed": "dangles",
    "venv-missing": "dangles",
    "venv-unreadable": "unreadable",
}
"""What is said of the link, by the rule that a finding at its place breaks."""


class Counts(NamedTuple):
    """Of distributions, each once."""

    asks: int
    missing: int | None
    """Asked for, or needed by what is, and not installed; None where no venv can be read."""
    other: int | None
    """Installed in another version than it asks for, or from elsewhere."""


class Looked(NamedTuple):
    """What is to be said of one project."""

    path: str
    """From where one started; `.` for the project there."""
    name: str
    is_owner: bool = False
    link: str = "-"
    counts: Counts | None = None
    """None where the question cannot be asked."""
    own_venvs: Sequence[str] = ()
    """From the project."""
    git_hooks: GitHooks | None = None
    """None outside git."""
    rev: str | None = None
    messages: Sequence[Finding | Note] = ()
    """As its hooks say them: paths and commands count from the project."""
    asking: Asking | None = None
    clashes: Sequence[tuple[str, str]] = ()
    """Of each distribution over which it parts with another project: its name, what it asks for."""


def options_of(own: OwnHooks, given: Namespace) -> Namespace | str:
    """What its hooks are told, and what the command is; nothing is fixed or run.

    As text: why its hooks cannot be asked.
    """
    if own.problem is not None:
        line = f":{own.problem.line}" if own.problem.line else ""
        return f"{own.path}{line} {own.problem.why}"
    try:
        options = read_quietly(own.arguments)
    except UnfitError as error:
        return f"{own.path}: its hooks refuse their arguments: {error}"
    for name, value in vars(options).items():
        if isinstance(value, list):
            setattr(options, name, list(dict.fromkeys(value)))
    options.require_command = [each._replace(arguments=()) for each in options.require_command]
    options.fix = False
    options.ignore = [*options.ignore, *given.ignore]
    options.no_siblings = options.no_siblings or given.no_siblings
    return options


def look(
    folder: str, options: Namespace | str, own: OwnHooks, environ: Mapping[str, str]
) -> Looked:
    """The project in this folder; `options` are those of its hooks, or why it has none."""
    try:
        os.stat(os.path.join(folder, "."))
    except OSError as error:
        note = Note(f"{quoted(folder)} was not looked into ({error.strerror})")
        return Looked(folder, os.path.basename(folder), messages=[note])
    with chdir(folder):
        if isinstance(options, str):
            return _unlooked(folder, own, options, environ)
        return _look(folder, options, own, environ)


def _look(folder: str, options: Namespace, own: OwnHooks, environ: Mapping[str, str]) -> Looked:
    said = io.StringIO()
    try:
        with redirect_stderr(said):
            project = read_project(options.venv, options.target, environ)
    except SystemExit:
        return _unlooked(folder, own, said.getvalue().strip(), environ)
    told = check(project, options, environ)
    heard = [unless_ignored(each, options.ignore) for each in told.messages]
    messages = [each for each in heard if not isinstance(each, Fixed)]
    if told.unanswerable is not None:
        messages.append(Note(f"requirements were not compared: {told.unanswerable}"))
    findings = [each for each in told.messages if isinstance(each, Finding)]
    return Looked(
        folder,
        os.path.basename(project.root),
        project.is_owner,
        _link_of(project, findings),
        _count(told.asking, findings) if told.unanswerable is None else None,
        _own_venvs(project, findings),
        read_git_hooks(project.git, environ) if project.git else None,
        own.rev,
        messages,
        told.asking,
        _clashes(told.asking, findings),
    )


def _unlooked(folder: str, own: OwnHooks, why: str, environ: Mapping[str, str]) -> Looked:
    """A project whose hooks would refuse their arguments; its folder is the working directory."""
    root = os.getcwd()
    git = read_git_repository(root)
    hooks = read_git_hooks(git, environ) if git else None
    note = Note(f"{why}: what its hooks would say is not known")
    return Looked(folder, os.path.basename(root), messages=[note], git_hooks=hooks, rev=own.rev)


def _link_of(project: Project, findings: Sequence[Finding]) -> str:
    if project.is_owner:
        return "owner"
    for each in findings:
        if each.path == project.place and each.rule in _LINKS:
            found = _LINKS[each.rule]
            is_there = os.path.lexists(project.place)
            return "missing" if found == "dangles" and not is_there else found
    if link_at(project.place) is not None:
        return "ok"
    return "fallback" if is_fallback(project, project.place) else "none"


def _count(asking: Asking, findings: Sequence[Finding]) -> Counts:
    """As the rules compare; what is needed by something installed is told by their findings."""
    facts = asking.facts
    asked = what_is_meant(asking)[0].holding(facts.venv.environment if facts else None)
    required = [each for each in asked.required if not each.constraint]
    asks = len({each.name or each.text for each in required})
    if facts is None:
        return Counts(asks, None, None)
    venv = facts.venv
    missing: set[str] = set()
    other: set[str] = set()
    for each in required:
        why = mismatch(each, venv)
        if why is not None and why.is_certain:
            (missing if why.rule == "not-installed" else other).add(each.name or each.text)
    for finding in findings:
        if finding.rule in {"unmet-dependency", "broken-constraint"}:
            is_there = finding.subject in venv.distributions
            (other if is_there else missing).add(finding.subject)
    return Counts(asks, len(missing), len(other - missing))


def _own_venvs(project: Project, findings: Sequence[Finding]) -> list[str]:
    found = [each.path for each in findings if each.rule in {"local-venv", "conda-environment"}]
    shared = project.target
    return [
        path
        for path in dict.fromkeys(found)
        if not path.startswith(("/", "../")) and not (shared and is_same(path, shared))
    ]


def _clashes(asking: Asking, findings: Sequence[Finding]) -> list[tuple[str, str]]:
    asked = what_is_meant(asking)[0]
    return [
        (each.subject or "Python", _asked_at(asked, each))
        for each in findings
        if each.rule == "conflict"
    ]


def _asked_at(asked: Asked, conflict: Finding) -> str:
    """What the project wants there, in words that its name follows."""
    if not conflict.subject:
        return quoted(asked.requires_python.text if asked.requires_python else "")
    place = conflict.path, conflict.line
    there = [each for each in asked.required if (each.path, each.line) == place]
    for each in there:
        if each.name == conflict.subject:
            if each.origin is not None:
                return quoted(each.text)
            return quoted(each.specifier) if each.specifier else "any version"
    # Of a TOML file no line is known.
    return f"by way of {quoted(there[0].text if len(there) == 1 else conflict.path)}"
