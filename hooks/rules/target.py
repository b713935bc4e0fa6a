"""Where the link should lead there is nothing: what to get, to make, or to decide. Reads only."""

from __future__ import annotations

import os

from hooks.fast.records import NamedTuple
from hooks.files import (
    PASSING,
    is_loop,
    is_same,
    list_directory,
    read_file,
    read_link,
    real_directory,
    real_path,
)
from hooks.harmless import quoted
from hooks.project.shared_venv import may_be_unmounted
from hooks.report import Finding
from hooks.venvs.environment import is_venv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.project.link import Link
    from hooks.project.project import Project, Target
    from hooks.project.shared_venv import SharedVenv
    from hooks.report import Message


NOT_BY_YOU = "it cannot be put there by you"
UNMOUNTED = "which is missing: if it is on a disk of its own, mount that, else remove the link"


class Wrong(NamedTuple):
    """What is wrong with what stands at the link's place."""

    rule: str
    what: str
    is_text: bool = False
    """It is the link as git writes it with `core.symlinks=false`."""


def without_target(
    project: Project, shared: SharedVenv, link: Link | None, wrong: Wrong | None
) -> list[Message]:
    """The target is no directory."""
    target = shared.target
    if shared.error:
        return _not_looked_at(project, shared, wrong)
    if link is not None and wrong is not None and leads_to_venv(project, link, target):
        return [_suspect(project, target, link)]
    if (renamed := _renamed_owner(target)) is not None:
        what = _said(wrong, link, f"the owner {quoted(target.owner)} is not there")
        return [owner_renamed(project, target, what, renamed)]
    if link is not None and real_directory(link.end) == real_directory(target.path) == (
        real_directory(link.place)
    ):
        return [Finding(project.place, "is a link in a loop", rule="link-loop")]
    if not os.path.isdir(target.owner):
        state = f"the owner {quoted(target.owner)} is not there: clone it, or use a local venv"
        return [_owner_missing(project, target, _said(wrong, link, f"{state} meanwhile"), wrong)]
    return [_venv_missing(project, target, _said(wrong, link, _state_of(target)), wrong)]


def _said(wrong: Wrong | None, link: Link | None, state: str) -> str:
    if wrong is not None:
        return f"{wrong.what}, and {state}"
    return f"leads to {quoted(link.text if link else '')}, but {state}"


def _not_looked_at(project: Project, shared: SharedVenv, wrong: Wrong | None) -> list[Message]:
    """It may be there: nothing is to be done about a link to it."""
    why = "could not be looked at" if shared.error in PASSING else "cannot be reached by you"
    what = f"{why} ({os.strerror(shared.error)})"
    findings: list[Message] = [Finding(shared.target.path, what, rule="venv-unreadable")]
    if wrong is not None:
        findings.insert(0, Finding(project.place, wrong.what, rule=wrong.rule))
    return findings


def leads_to_venv(project: Project, link: Link, target: Target) -> bool:
    """The link leads to another venv than the target, and that can be used."""
    from hooks.venvs.health import read_health

    end = link.end
    if not is_venv(end) or is_same(end, target.path):
        return False
    return read_health(end, project.trusted_users).is_usable


def _suspect(project: Project, target: Target, link: Link) -> Finding:
    end = quoted(os.path.normpath(link.end))
    what = (
        f"leads to {end}, which works, but `--target` names {quoted(target.path)},"
        " which is missing: is `--target` right?"
    )
    return Finding(project.place, what, rule="target-suspect")


def owner_renamed(project: Project, target: Target, what: str, renamed: str) -> Finding:
    """What to decide: no command changes the configurations."""
    place = os.path.normpath(renamed)
    meant = place if target.owner != "." and not os.path.isabs(place) else renamed
    says = (
        f"{what}, and the venv in {quoted(meant)} was made as {quoted(target.path)}:"
        " if its folder was renamed, change `--target` in the configuration of each project"
    )
    return Finding(project.place, says, rule="owner-renamed")


def _renamed_owner(target: Target) -> str | None:
    """A venv in a folder beside the owner's place that says it was made as the target."""
    if os.path.isdir(target.owner):
        return None
    below = os.path.relpath(target.path, target.owner)
    beside = os.path.dirname(target.owner.rstrip("/")) or "."
    for entry in list_directory(beside):
        venv = os.path.join(beside, entry, below)
        if not os.path.islink(venv) and is_venv(venv) and was_made_as(venv, target.path):
            return os.path.normpath(venv)
    return None


def was_made_as(venv: str, target: str) -> bool:
    """`activate` or `pyvenv.cfg` names the target's path as this venv's own."""
    from hooks.venvs.layout import read_configuration
    from hooks.venvs.scripts import parse_activation

    meant = {os.path.abspath(target), real_directory(target)}
    content = read_file(f"{venv}/bin/activate")
    text = os.fsdecode(content) if isinstance(content, bytes) else ""
    if any(place in meant for _, place in parse_activation(text)):
        return True
    configuration = read_configuration(venv)
    command = configuration.get("command", "") if isinstance(configuration, dict) else ""
    return any(command.endswith(f" {place}") for place in meant)


def _state_of(target: Target) -> str:
    path = quoted(target.path)
    if is_loop(target.path):
        return f"{path} is a link in a loop"
    if (text := read_link(target.path)) is not None:
        if may_be_unmounted(target.path):
            return f"{path} is a link to {quoted(text)}, {UNMOUNTED}"
        is_there = "no directory" if os.path.exists(target.path) else "missing"
        return f"{path} is a link to {quoted(text)}, which is {is_there}"
    if os.path.lexists(target.path):
        return f"{path} is no directory"
    return f"the owner {quoted(target.owner)} has no venv there"


def _owner_missing(project: Project, target: Target, what: str, wrong: Wrong | None) -> Finding:
    from hooks.fixes.permissions import may_put
    from hooks.fixes.venv import fall_back, get_owner

    if not may_put(target.owner):
        what = f"{what}; {NOT_BY_YOU}"
    link = _link(project, wrong)
    clone = get_owner(project)
    ways = [" && ".join(filter(None, [each, link])) for each in clone]
    fixes = (*ways, *fall_back(project)) if _may_fall_back(project, wrong) else tuple(ways)
    return Finding(project.place, what, fixes=fixes, rule="owner-missing")


def _venv_missing(project: Project, target: Target, what: str, wrong: Wrong | None) -> Finding:
    from hooks.fixes.permissions import may_put
    from hooks.fixes.venv import fall_back, make_venv

    if not may_put(target.path):
        what = f"{what}; {NOT_BY_YOU}"
    link = _link(project, wrong)
    made = make_venv(project, target.path)[:1]
    ways = [" && ".join(filter(None, [line, link])) for line in made]
    fixes = (*ways, *fall_back(project)) if _may_fall_back(project, wrong) else tuple(ways)
    fixes = tuple(dict.fromkeys(fixes))
    return Finding(project.place, what, fixes=fixes, rule="venv-missing")


def _link(project: Project, wrong: Wrong | None) -> str | None:
    from hooks.fixes.link import put_link

    return None if wrong is None else put_link(project, is_text=wrong.is_text)


def _may_fall_back(project: Project, wrong: Wrong | None) -> bool:
    """A local venv makes a finding of its own in the place of what people have there."""
    is_link = os.path.islink(project.place) or not os.path.lexists(project.place)
    return is_link and (wrong is None or not os.path.exists(real_path(project.place)))
