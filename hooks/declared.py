"""In which files a project declares what it needs, and what they say."""

from __future__ import annotations

import os

from hooks.asked_for import read_asked_for
from hooks.files import real_path
from hooks.project import owner_of
from hooks.records import NamedTuple
from hooks.report import path_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hooks.asked_for import Read
    from hooks.project import Project


class Source(NamedTuple):
    """One file that says what is asked for, and what it says."""

    path: str
    directory: str
    """The folder of its project: its bare paths count from there."""
    read: Read

    @property
    def is_answer(self) -> bool:
        """An empty requirements.txt is one, a pyproject.toml without dependencies is none."""
        return self.read.has_dependencies or bool(self.read.required or self.read.messages)


def read_own(
    project: Project, requirements: Sequence[str], extras: Sequence[str], groups: Sequence[str]
) -> list[Source]:
    """What this project asks for; a member without an answer asks for what the owner does."""
    if requirements:
        paths = [path_word(os.path.expanduser(path)) for path in requirements]
        return [_read(path, ".", extras, groups) for path in dict.fromkeys(paths)]
    own = read_defaults(".", extras, groups)
    if any(source.is_answer for source in own) or not project.target or project.is_owner:
        return own
    return [*own, *read_defaults(owner_of(project), extras, groups)]


def read_defaults(
    directory: str, extras: Sequence[str] = (), groups: Sequence[str] = ()
) -> list[Source]:
    """The files that are read where `--requirements` names none."""
    names = ["requirements.txt", "pyproject.toml"]
    paths = [os.path.normpath(os.path.join(directory, name)) for name in names]
    return [_read(path, directory, extras, groups) for path in paths if os.path.lexists(path)]


def read_optional(directory: str) -> list[Source]:
    """All extras and dependency groups of a project: declared, whether asked for or not."""
    path = os.path.normpath(os.path.join(directory, "pyproject.toml"))
    if not os.path.lexists(path):
        return []
    from hooks.pyproject import names_of_extras_and_groups

    extras, groups = names_of_extras_and_groups(path)
    return [_read(path, directory, extras, groups)]


def _read(path: str, directory: str, extras: Sequence[str], groups: Sequence[str]) -> Source:
    real = real_path(directory)
    read = read_asked_for(path, extras=extras, groups=groups, directory=real, environ=os.environ)
    return Source(path, directory, read)
