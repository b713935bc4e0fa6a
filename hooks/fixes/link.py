"""The command that puts the right link in place, whatever stands there now."""

from __future__ import annotations

import os

from hooks.files import is_same_entry
from hooks.fixes.aside import move_aside
from hooks.fixes.permissions import may_put
from hooks.project.link import link_at
from hooks.shell import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.project.project import Project


def put_link(project: Project, *, is_text: bool = False) -> str | None:
    """`ln -sfn`: pasted twice it puts no second link into the venv; None where there is no room.

    `is_text`: what stands there is the link as git writes it where it makes none.
    """
    place, target = project.place, project.shared
    if target is None or not may_put(place) or is_same_entry(place, target.path):
        return None
    link = command("ln", "-sfn", target.link_text, place)
    if is_text:
        return f"git config core.symlinks true && {link}"
    if link_at(place) is not None:
        return link
    if not os.path.lexists(place):
        parent = os.path.dirname(place) or "."
        return link if os.path.isdir(parent) else f"{command('mkdir', '-p', parent)} && {link}"
    if _is_empty_folder(place):
        return f"{command('rmdir', place)} && {link}"
    aside = move_aside(place, project.root)
    return None if aside is None else f"{aside} && {link}"


def _is_empty_folder(place: str) -> bool:
    try:
        return not os.listdir(place)
    except OSError:
        return False
