"""Which venv is the shared one, and which is read and filled."""

from __future__ import annotations

import os

from hooks.files import read_link, real_path
from hooks.venvs.environment import is_venv
from hooks.venvs.health import read_health

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.project.project import Project


def with_target_of_link(project: Project) -> Project:
    """Without `--target` the link tells the venv; a real venv is this project's own."""
    place = project.place
    if project.target is not None:
        return project
    text = read_link(place)
    if text is None:
        # In CI a member has a venv of its own, too.
        return project._replace(
            target=place if is_venv(place) else None,
            is_owner=is_venv(place) and not project.in_ci,
        )
    target = real_path(place)
    if os.path.isabs(text):
        return project._replace(target=target)
    return project._replace(target=os.path.relpath(target), target_is_relative=True)


def find_venv(project: Project) -> str | None:
    """The venv to look into; by its own path, where the link leads to the target."""
    place, target = project.place, project.target
    if is_venv(place):
        if target is not None and real_path(place) == real_path(target):
            return target
        return real_path(place) if os.path.islink(place) else place
    return target if target is not None and is_venv(target) else None


def venv_to_fill(project: Project, place: str) -> str:
    """Not a local venv that is about to give way to the link."""
    target = project.target
    if project.in_ci or project.is_owner or not target or os.path.islink(project.place):
        return place
    return target if read_health(target, project.trusted_users).is_usable else place
