"""The three rules as one: each cause is told once, and what belongs together is one sequence."""

from __future__ import annotations

from hooks.fast.names import INSTALLERS
from hooks.files import real_path
from hooks.report import Finding, Note
from hooks.rules import link, local_venv, sync
from hooks.rules.facts import read_asking
from hooks.venvs.search import Allowed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from hooks.arguments import RequiredCommand
    from hooks.project.project import Project
    from hooks.report import Message
    from hooks.rules.facts import Asking

_UNUSABLE = frozenset(
    {"no-target", "target-suspect", "owner-missing", "owner-renamed", "venv-missing"}
    | {"venv-emptied", "venv-unreadable", "python-missing", "python-mismatch", "library-missing"}
    | {"conda-environment"}
)
"""Rules whose findings say why the shared venv cannot be used."""
_MOVED = frozenset({"activation-elsewhere", "scripts-elsewhere"})
_COMMANDS = frozenset({"command-missing", "command-broken"})


class Told:
    """What the three rules say together; `unanswerable` is a question that could not be asked."""

    def __init__(self, messages: Sequence[Message], asking: Asking, why: str | None):
        self.messages = messages
        self.asking = asking
        self.hidden = asking.hidden
        self.unanswerable = why


def check(project: Project, options: Namespace, environ: Mapping[str, str]) -> Told:
    """The link first, which `--fix` may mend; what the venv holds; then what stands beside it.

    git is asked before all else, and answers last: meanwhile the venv is read.
    """
    question = local_venv.ask(project, environ)
    about_link = link.check(project, options.require_command, fix=options.fix)
    findings = [each for each in about_link if isinstance(each, Finding)]
    asking = read_asking(project, options)
    why = sync.unanswerable(asking, options)
    about_requirements: list[Message] = []
    if why is None:
        unusable = _UNUSABLE | {"link-elsewhere"} if project.is_owner else _UNUSABLE
        is_told = any(each.rule in unusable for each in findings)
        about_requirements = sync.check(asking, options, venv_told=is_told)
    told = frozenset(each.path for each in findings if each.rule == "link-elsewhere")
    about_venvs = local_venv.check(project, Allowed(options.allow), environ, question, told)
    is_new = _is_new(asking)
    messages = once(
        [*about_link, *about_venvs],
        about_requirements,
        is_new=is_new,
        brings_commands=is_new and _asks_for_commands(asking, options.require_command),
        editables=_editables(asking) if _MOVED & {*map(_rule, about_link)} else None,
    )
    if why is not None and any(isinstance(each, Finding) for each in messages):
        return Told([*messages, Note(f"requirements were not compared: {why}")], asking, None)
    return Told(messages, asking, why)


def _rule(message: Message) -> str:
    return message.rule if isinstance(message, Finding) else ""


def _is_new(asking: Asking) -> bool:
    """Nothing is in the venv yet, or any more, but what installs into it."""
    return asking.facts is not None and INSTALLERS.issuperset(
        name for name, each in asking.facts.venv.distributions.items() if not each.in_base
    )


def _asks_for_commands(asking: Asking, commands: Sequence[RequiredCommand]) -> bool:
    """Whether the projects whose commands are required are required themselves, as `-e .` is."""
    from hooks.rules.required_command import provider_of

    origins = (each.origin for source in asking.sources for each in source.read.required)
    asked = {real_path(each.directory) for each in origins if each and each.directory}
    providers = (provider_of(each.name, asking.project) for each in commands)
    return all(real_path(each) in asked for each in providers if each is not None)


def _editables(asking: Asking) -> str | None:
    """Install those of the family's projects again that were moved with the venv."""
    from hooks.project.family import find_family
    from hooks.rules.editables import install_again

    project, facts = asking.project, asking.facts
    if facts is None:
        return None
    names = {name for name, origin in facts.venv.origins.items() if origin.is_gone}
    family = find_family(project, project.place, (), search=not project.in_ci)
    return install_again(names, project, family.siblings, facts.place)


def once(
    first: Sequence[Message],
    then: Sequence[Message],
    *,
    is_new: bool = False,
    brings_commands: bool = False,
    editables: str | None = None,
) -> list[Message]:
    """One finding for one rule and path, the later one, which knows more; fixes in sequence. Pure.

    What makes the venv say where it is and what installs into it is one line: so is what a missing
    command needs, which the installation for the family brings. In a new venv (`is_new`) a
    command is missing as all is, and `brings_commands` says that the installation brings it.
    `editables` installs what was moved with a venv.
    """
    last = {(each.rule, each.path, each.line): each for each in first if isinstance(each, Finding)}
    messages = [
        each
        for each in first
        if not isinstance(each, Finding) or last[each.rule, each.path, each.line] is each
    ]
    told = {(each.rule, each.path) for each in first if isinstance(each, Finding)}
    more = [
        each
        for each in then
        if not (isinstance(each, Finding) and (each.rule, each.path) in told and not each.line)
    ]
    return _in_sequence(
        [*messages, *more], is_new=is_new, brings_commands=brings_commands, editables=editables
    )


def _in_sequence(
    messages: list[Message], *, is_new: bool, brings_commands: bool, editables: str | None
) -> list[Message]:
    """Join the fixes of what one paste can mend."""
    findings = [each for each in messages if isinstance(each, Finding) and each.fixes]
    moved = next((each.fixes[0] for each in findings if each.rule in _MOVED), None)
    install = next((each.fixes[0] for each in findings if each.rule in sync.INSTALLED), None)
    command = next((each.fixes[0] for each in findings if each.rule in _COMMANDS), None)
    if is_new and install is not None:
        messages = [
            each for each in messages if each not in findings or _rule(each) not in _COMMANDS
        ]
        command = None if brings_commands else command
    if moved is None or (editables and editables in (install or "")):
        editables = None
    steps = [step for step in (moved, editables, install, command) if step is not None]
    if (install is None and editables is None) or len(steps) < 2:
        return messages
    whole = " && ".join(dict.fromkeys(steps))
    joined = _MOVED | sync.INSTALLED | _COMMANDS
    return [
        each._replace(fixes=(whole,))
        if isinstance(each, Finding)
        and each.fixes
        and (each.rule in joined or each.fixes[0] == moved)  # a link is put right in the same line
        else each
        for each in messages
    ]
