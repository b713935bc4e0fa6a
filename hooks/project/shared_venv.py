"""Which venv is the shared one."""

from __future__ import annotations

import os

from hooks.files import read_link, real_path
from hooks.venv_layout import is_venv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.project import Project


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
