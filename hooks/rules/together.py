"""The three rules as one: each cause is told once, and what belongs together is one sequence."""

from __future__ import annotations

from hooks.report import Finding, Note
from hooks.rules import link, local_venv, sync
from hooks.rules.facts import read_asking
from hooks.venvs.search import Allowed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

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
    """The link first, which `--fix` may mend; what stands beside it; then what the venv holds."""
    about_link = link.check(project, options.require_command, fix=options.fix)
    findings = [each for each in about_link if isinstance(each, Finding)]
    told = {each.path for each in findings if each.rule == "link-elsewhere"}
    about_venvs = local_venv.check(project, Allowed(options.allow), environ, frozenset(told))
    asking = read_asking(project, options)
    why = sync.unanswerable(asking, options)
    about_requirements: list[Message] = []
    if why is None:
        is_told = any(isinstance(each, Finding) and each.rule in _UNUSABLE for each in about_link)
        about_requirements = sync.check(asking, options, venv_told=is_told)
    messages = once([*about_link, *about_venvs], about_requirements)
    if why is not None and any(isinstance(each, Finding) for each in messages):
        return Told([*messages, Note(f"requirements were not compared: {why}")], asking, None)
    return Told(messages, asking, why)


def once(first: Sequence[Message], then: Sequence[Message]) -> list[Message]:
    """One finding for one rule and path, the later one, which knows more; fixes in sequence. Pure.

    What makes the venv say where it is and what installs into it is one line: so is what a missing
    command needs, which the installation for the family brings.
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
    return _in_sequence([*messages, *more])


def _in_sequence(messages: list[Message]) -> list[Message]:
    """Join the fixes of what one paste can mend."""
    findings = [each for each in messages if isinstance(each, Finding) and each.fixes]
    moved = next((each.fixes[0] for each in findings if each.rule in _MOVED), None)
    install = next((each.fixes[0] for each in findings if each.rule in sync.INSTALLED), None)
    command = next((each.fixes[0] for each in findings if each.rule in _COMMANDS), None)
    steps = [step for step in (moved, install, command) if step is not None]
    if install is None or len(steps) < 2:
        return messages
    whole = " && ".join(dict.fromkeys(steps))
    joined = _MOVED | sync.INSTALLED | _COMMANDS
    return [
        each._replace(fixes=(whole,))
        if isinstance(each, Finding) and each.fixes and each.rule in joined
        else each
        for each in messages
    ]
