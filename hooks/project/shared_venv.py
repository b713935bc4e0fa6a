"""Which venv is the shared one, what can be said of it, and which is read and filled."""

from __future__ import annotations

import errno
import os
import stat

from hooks.fast.records import NamedTuple
from hooks.files import PASSING, is_loop, is_same, read_link, real_path
from hooks.project.git_repository import read_git_repository
from hooks.project.link import link_at
from hooks.venvs.environment import is_venv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.project.project import Project, Target
    from hooks.venvs.health import Health


class SharedVenv(NamedTuple):
    """What stands at the target."""

    target: Target
    health: Health | None
    """None where there is no directory to look at."""
    error: int = 0
    """Why the system cannot tell whether there is one: EACCES, or an error that passes."""

    @property
    def is_usable(self) -> bool:
        """Else a local venv at the link's place is allowed: the fallback."""
        return self.health is not None and self.health.is_usable


def read_shared_venv(project: Project, target: Target) -> SharedVenv:
    """The one place where the target is judged, for all hooks."""
    try:
        is_there = stat.S_ISDIR(os.stat(target.path).st_mode)
    except OSError as error:
        number = error.errno if error.errno in {errno.EACCES, *PASSING} else 0
        return SharedVenv(target, None, number or 0)
    if not is_there:
        return SharedVenv(target, None)
    from hooks.venvs.health import read_health

    return SharedVenv(target, read_health(target.path, project.trusted_users))


def may_be_unmounted(place: str) -> bool:
    """A link from here to a bigger disk: what it leads to is missing, and lies in no work tree."""
    text = read_link(place) or ""
    is_gone = os.path.isabs(text) and not os.path.exists(place) and not is_loop(place)
    return is_gone and read_git_repository(real_path(place)) is None


def is_fallback(project: Project, venv: str) -> bool:
    """The one local venv that is allowed: in the link's place, while the target cannot be used."""
    if project.shared is None or venv != project.place or is_same(venv, project.shared.path):
        return False
    return not read_shared_venv(project, project.shared).is_usable


def with_target_of_link(project: Project) -> Project:
    """Without `--target` the link tells the venv; a real venv is this project's own."""
    place = project.place
    if project.shared is not None:
        return project
    link = link_at(place)
    if link is None:
        if not is_venv(place):
            return project
        # In CI a member has a venv of its own, too.
        own = project.with_target(place, is_relative=not os.path.isabs(place))
        return own._replace(is_owner=not project.in_ci)
    target = real_path(link.end)
    if os.path.isabs(link.text):
        return project.with_target(target, is_relative=False)
    return project.with_target(os.path.relpath(target), is_relative=True)
