"""A real venv: the owner's, or one in a member's place. Reads only."""

from __future__ import annotations

import os

from hooks.files import is_loop, is_same, list_directory, real_path
from hooks.harmless import quoted
from hooks.project.git_repository import read_git_repository
from hooks.project.shared_venv import may_be_unmounted, read_shared_venv
from hooks.report import Finding, Note
from hooks.rules.conda import conda_environment
from hooks.rules.reasons import check_commands, reasons
from hooks.rules.target import NOT_BY_YOU, UNMOUNTED, owner_renamed, was_made_as
from hooks.venvs.environment import is_conda, is_venv
from hooks.venvs.health import read_health
from hooks.venvs.layout import CONDA, DIRECTORY, NOTHING, VENV

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hooks.arguments import RequiredCommand
    from hooks.project.link import Link
    from hooks.project.project import Project, Target
    from hooks.project.shared_venv import SharedVenv
    from hooks.report import Message
    from hooks.venvs.layout import Entry

_OWNER = "but this project is the owner: the real shared venv belongs there"


def check_owner(
    project: Project, link: Link | None, entry: Entry, commands: Sequence[RequiredCommand]
) -> list[Message]:
    """The real venv is in place, or a link to one on a bigger disk."""
    place = project.place
    if link is not None:
        return _check_owners_link(project, link, commands)
    if entry.kind in {VENV, CONDA, DIRECTORY}:
        return check_venv(project, place, commands)
    from hooks.fixes.venv import make_venv

    if entry.kind == NOTHING:
        rule, what = "venv-missing", f"is missing, {_OWNER}"
    else:
        rule, what = "not-a-link", f"is {entry.text}, {_OWNER}"
    fixes = make_venv(project, place)
    what = what if fixes else f"{what}; {NOT_BY_YOU}"
    return [Finding(place, what, fixes=fixes, rule=rule)]


def _check_owners_link(
    project: Project, link: Link, commands: Sequence[RequiredCommand]
) -> list[Message]:
    place, end = project.place, real_path(link.end)
    is_elsewhere = read_git_repository(end) is None
    if is_elsewhere and os.path.isdir(end) and (is_venv(end) or not list_directory(end)):
        return check_venv(project, place, commands)
    if is_conda(end):
        return [conda_environment(place)]
    from hooks.fixes.venv import make_venv

    what = f"is a link to {quoted(link.text)}"
    if is_loop(place):
        what = f"{what}, in a loop"
    elif may_be_unmounted(place):
        return [Finding(place, f"{what}, {UNMOUNTED}", rule="venv-missing")]
    elif not os.path.exists(end):
        what = f"{what}, which is missing"
    # It may be the only one: whose venv it is is for people to decide.
    fixes = () if is_venv(end) else make_venv(project, place)
    return [Finding(place, f"{what}, {_OWNER}", fixes=fixes, rule="link-elsewhere")]


def check_venv(
    project: Project,
    venv: str,
    commands: Sequence[RequiredCommand],
    *,
    may_be_absent: bool = False,
) -> list[Message]:
    """A venv that may be where it is: is it healthy, has it the commands?"""
    health = read_health(venv, project.trusted_users)
    told = check_commands(project, commands, venv, health, may_be_absent=may_be_absent)
    return [*reasons(project, venv, health), *told]


def check_local_venv(
    project: Project, target: Target, commands: Sequence[RequiredCommand]
) -> list[Message]:
    """A real venv in a member: forbidden, or the fallback while the target cannot be used."""
    place = project.place
    if is_conda(place):
        return [conda_environment(place)]
    if is_same(place, target.path):
        what = f"is the shared venv itself, to which {quoted(target.path)} leads"
        what = f"{what}: it belongs in the owner"
        return [Finding(place, what, rule="local-venv")]
    shared = read_shared_venv(project, target)
    if shared.is_usable:
        return _local_venv(project, shared)
    if shared.error:
        what = f"could not be looked at ({os.strerror(shared.error)})"
        return [Finding(target.path, what, rule="venv-unreadable")]
    if shared.health is None and was_made_as(place, target.path):
        what = f"is a real venv, and {quoted(target.path)} is missing"
        return [owner_renamed(project, target, what, place)]
    return _fallback(project, shared, commands)


def _local_venv(project: Project, shared: SharedVenv) -> list[Message]:
    from hooks.fixes.link import put_link
    from hooks.rules.local_venv import missing_from_shared

    place, target = project.place, shared.target
    back = put_link(project)
    what = f"is a local venv, but {quoted(target.path)} is the one that this project shares"
    what += missing_from_shared(place, target.path)
    if back is None:
        what += "; it cannot be moved aside from here"
    told: list[Message] = [
        Finding(place, what, fixes=() if back is None else (back,), rule="local-venv")
    ]
    return told + (reasons(project, target.path, shared.health) if shared.health else [])


def _fallback(
    project: Project, shared: SharedVenv, commands: Sequence[RequiredCommand]
) -> list[Message]:
    place, target = project.place, shared.target.path
    own = read_health(place, project.trusted_users)
    conda: list[Message] = [conda_environment(target)] if is_conda(target) else []
    if own.faults:
        return [*conda, *reasons(project, place, own)]
    state = "is missing" if shared.health is None else "cannot be used"
    return [
        *conda,
        Note(f"{quoted(place)} is a local venv, allowed while {quoted(target)} {state}"),
        *own.notes,
        *check_commands(project, commands, place, own, may_be_absent=True),
    ]
