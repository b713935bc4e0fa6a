"""The link is in place and leads to a venv that works; in the owner, the venv itself is."""

from __future__ import annotations

import os

from hooks.files import is_loop, is_same_entry, read_link, real_path
from hooks.harmless import quoted
from hooks.project.project import owner_of
from hooks.report import Finding, Fixed, Note
from hooks.venvs.health import read_health
from hooks.venvs.layout import DIRECTORY, LINK, NOTHING, VENV, look_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hooks.arguments import RequiredCommand
    from hooks.project.project import Project
    from hooks.report import Message
    from hooks.venvs.health import Health
    from hooks.venvs.layout import Entry


def check(
    project: Project, commands: Sequence[RequiredCommand], *, fix: bool = False
) -> list[Message]:
    """The table of the README's section, row by row."""
    entry = look_at(project.place)
    if entry.kind == NOTHING and project.in_ci:
        place = quoted(project.place)
        return [
            Note(f"{quoted(wanted.name)} was not looked for: {place} is missing")
            for wanted in commands
        ]
    if entry.kind == VENV and project.in_ci:
        return _check_venv(project, project.place, commands, may_be_absent=True)
    if project.is_owner:
        return _check_owner(project, entry, commands)
    if project.target is None:
        if entry.kind != LINK:
            return [_no_target(project, entry)]
        project = project.leading_to(entry.text)  # the link's own end is the target
    if entry.kind == VENV:
        return _check_local_venv(project, commands)
    return _check_link(project, entry, commands, fix=fix)


def _check_owner(
    project: Project, entry: Entry, commands: Sequence[RequiredCommand]
) -> list[Message]:
    if entry.kind in {VENV, DIRECTORY}:
        return _check_venv(project, project.place, commands)
    from hooks.fixes.venv import make_venv

    found = {NOTHING: "is missing", LINK: f"is a link to {quoted(entry.text)}"}
    what = (
        f"{found.get(entry.kind, f'is {entry.text}')}, but this project is the owner:"
        " the real shared venv belongs there"
    )
    return [
        Finding(
            project.place,
            what,
            fixes=(make_venv(project.place),),
            rule="venv-missing"
            if entry.kind == NOTHING
            else "link-elsewhere"
            if entry.kind == LINK
            else "not-a-link",
        )
    ]


def _check_venv(
    project: Project,
    venv: str,
    commands: Sequence[RequiredCommand],
    *,
    may_be_absent: bool = False,
) -> list[Message]:
    """A venv that may be where it is: is it healthy, has it the commands?"""
    health = read_health(venv, project.trusted_users)
    messages = _reasons(health, venv)
    return messages + _check_commands(project, commands, venv, health, may_be_absent=may_be_absent)


def _check_link(
    project: Project, entry: Entry, commands: Sequence[RequiredCommand], *, fix: bool
) -> list[Message]:
    """A member's link, or what stands in its place."""
    target = project.target or ""
    wrong = _wrong_with(project, entry)
    if not os.path.isdir(target):
        return _without_target(project, entry, wrong)
    health = read_health(target, project.trusted_users)
    messages = _reasons(health, target)
    messages += _check_commands(project, commands, target, health, may_be_absent=project.in_ci)
    if wrong is None:
        return messages
    if fix and entry.kind in {LINK, NOTHING} and not health.faults:
        try:
            return [_put_link(project), *messages]
        except OSError as error:
            wrong = f"{wrong}, and `--fix` failed ({error.strerror})"
    from hooks.fixes.venv import put_link

    return [Finding(project.place, wrong, fixes=(put_link(project),)), *messages]


def _check_local_venv(project: Project, commands: Sequence[RequiredCommand]) -> list[Message]:
    """A real venv in a member: forbidden, or the fallback while the target cannot be used."""
    from hooks.fixes.venv import put_link

    place, target = project.place, project.target or ""
    own = read_health(place, project.trusted_users)
    shared = None
    if os.path.isdir(target) and real_path(target) != real_path(place):
        shared = read_health(target, project.trusted_users)
    back = put_link(project)
    if shared and shared.is_usable:
        what = f"is a local venv, but {quoted(target)} is the one that this project shares"
        return [
            *_reasons(own, place, instead=(back,)),
            Finding(place, what, fixes=(back,), rule="local-venv"),
            *_reasons(shared, target),
        ]
    if own.faults:
        return _reasons(own, place, besides=(back,))
    state = "cannot be used" if shared else "is missing"
    meanwhile = f"{quoted(place)} is a local venv, allowed while {quoted(target)} {state}"
    return [
        Note(f"{meanwhile}; once that works again: {back}"),
        *own.notes,
        *_check_commands(project, commands, place, own, may_be_absent=True),
    ]


def _wrong_with(project: Project, entry: Entry) -> str | None:
    """What is wrong with a member's link itself, wherever it leads; None for the right one."""
    place, target = project.place, project.target or ""
    if entry.kind == NOTHING:
        return f"is missing: it should be a link to {quoted(target)}"
    if entry.kind != LINK:
        return f"is {entry.text}, but should be a link to {quoted(target)}"
    leads_to = os.path.join(os.path.dirname(place), entry.text)
    if is_same_entry(leads_to, target):
        if not (project.target_is_relative and os.path.isabs(entry.text)):
            return None
        return f"leads to {quoted(entry.text)}, an absolute path: it breaks when the projects move"
    if real_path(leads_to) == real_path(target) and os.path.islink(leads_to):
        sibling = quoted(os.path.dirname(entry.text))
        return f"leads to {quoted(target)} by way of the link in {sibling}, and breaks with that"
    if is_loop(place):
        return f"is a link in a loop, but should lead to {quoted(target)}"
    gone = "" if os.path.exists(leads_to) else ", which is missing,"
    return f"leads to {quoted(os.path.normpath(leads_to))}{gone} instead of {quoted(target)}"


def _without_target(project: Project, entry: Entry, wrong: str | None) -> list[Message]:
    """The target is no directory: get it, or fall back to a local venv."""
    from hooks.fixes.venv import fall_back, get_owner, put_link

    place, target, owner = project.place, project.target or "", owner_of(project)
    if _is_out_of_reach(target):
        findings = [Finding(target, "cannot be read (Permission denied)")]
        return [
            *([Finding(place, wrong, fixes=(put_link(project),))] if wrong else []),
            *findings,
        ]
    if not os.path.isdir(owner):
        state = f"the owner {quoted(owner)} is not there: clone it, or use a local venv meanwhile"
    elif is_loop(target):
        state = f"{quoted(target)} is a link in a loop"
    elif (text := read_link(target)) is not None:
        is_there = "no directory" if os.path.exists(target) else "missing"
        state = f"{quoted(target)} is a link to {quoted(text)}, which is {is_there}"
    elif os.path.lexists(target):
        state = f"{quoted(target)} is no directory"
    else:
        state = f"the owner {quoted(owner)} has no venv there"
    get, local = get_owner(project), fall_back(project)
    ways = tuple(dict.fromkeys([*get, local]))
    if wrong is None:
        what = f"leads to {quoted(entry.text)}, but {state}"
        return [Finding(project.place, what, fixes=ways)]
    link = put_link(project)
    if entry.kind == NOTHING:
        whole = [f"{command} && {link}" for command in get]
        return [Finding(project.place, f"is missing, and {state}", fixes=(*whole, local))]
    return [
        Finding(project.place, wrong, fixes=(link,)),
        # A link that still leads somewhere is not given up: `--target` may be what is wrong.
        Finding(target, f"cannot be used: {state}", fixes=get if os.path.exists(place) else ways),
    ]


def _is_out_of_reach(path: str) -> bool:
    """Whether it is there cannot be told: a folder above it is closed to this user."""
    try:
        os.stat(path)
    except (OSError, ValueError) as error:
        return isinstance(error, PermissionError)
    return False


def _no_target(project: Project, entry: Entry) -> Finding:
    found = "is missing" if entry.kind == NOTHING else f"is {entry.text}, no link"
    return Finding(
        project.place, f"{found}: say with `--target` where the shared venv is", rule="no-target"
    )


def _reasons(
    health: Health, venv: str, *, instead: tuple[str, ...] = (), besides: tuple[str, ...] = ()
) -> list[Message]:
    """The faults of a venv with what mends each."""
    if not health.faults:
        return [*health.notes]
    from hooks.fixes.venv import make_usable, mend

    mend = mend if health.is_usable else make_usable
    findings = [
        Finding(
            fault.path, fault.what, fault.line, instead or (mend(fault, venv), *besides), fault.rule
        )
        for fault in health.faults
    ]
    return [*findings, *health.notes]


def _check_commands(
    project: Project,
    commands: Sequence[RequiredCommand],
    venv: str,
    health: Health,
    *,
    may_be_absent: bool = False,
) -> list[Message]:
    if not commands or not health.is_usable:
        return []  # a venv that cannot be used has no commands: one reason is enough
    from hooks.rules.required_command import check_command

    told = frozenset(script.name for fault in health.faults for script in fault.scripts)
    return [
        message
        for wanted in commands
        for message in check_command(wanted, project, venv, told, may_be_absent=may_be_absent)
    ]


def _put_link(project: Project) -> Fixed:
    """The right link, put in place in one step: at any moment there is the old one or the new."""
    place, new = project.place, f"{project.place}.new"
    if not os.path.lexists(place):
        os.makedirs(os.path.dirname(place) or ".", exist_ok=True)
        os.symlink(project.link_text, place)
    else:
        if read_link(new) == project.link_text:  # of a run that was killed
            os.unlink(new)
        os.symlink(project.link_text, new)
        os.replace(new, place)
    return Fixed(f"{quoted(place)} leads to {quoted(project.link_text)} now")
