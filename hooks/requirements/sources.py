"""Which files say what a project asks for, and what they say: its own, and its siblings'."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress

from hooks.fast.records import NamedTuple
from hooks.files import may_exist, real_path
from hooks.project.copies import may_compare_twice, read_configuration
from hooks.project.project import DEFAULT_FILES, owner_of
from hooks.requirements.required import Read
from hooks.shell import path_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from hooks.problems import Problem
    from hooks.project.project import Project


def read_asked_for(
    path: str,
    *,
    extras: Collection[str] = (),
    groups: Collection[str] = (),
    directory: str,
    environ: Mapping[str, str],
) -> Read:
    """Read a file as what its name says it is.

    `directory` is where bare paths count from: the folder of the project whose file it is.
    """
    name = os.path.basename(path)
    if name == "pyproject.toml":
        from hooks.requirements.pyproject import read_pyproject

        return read_pyproject(path, extras=extras, groups=groups, directory=directory)
    if name.startswith("pylock.") and re.fullmatch(r"pylock\.([^.]+\.)?toml", name):
        from hooks.requirements.pylock import read_pylock

        return read_pylock(path, extras=extras, groups=groups)
    from hooks.requirements.requirements_file import read_requirements

    return read_requirements(path, directory=directory, environ=environ)


class Source(NamedTuple):
    """One file that says what is asked for, and what it says."""

    path: str
    directory: str
    """The folder of its project: its bare paths count from there."""
    read: Read

    unread: Problem | None = None
    """It declares what is not read; among the messages of `read` as well."""
    extras: Sequence[str] = ()
    groups: Sequence[str] = ()
    """What is asked of a TOML file besides: an installer has to be told, too."""

    @property
    def asked(self) -> tuple[object, ...]:
        """The file, and what is asked of it: hooks may ask one file for several extras."""
        return real_path(self.path), frozenset(self.extras), frozenset(self.groups)

    @property
    def is_answer(self) -> bool:
        """An empty requirements.txt is one, a pyproject.toml without dependencies is none."""
        return self.read.has_dependencies or bool(self.read.required or self.read.messages)


def read_own(
    project: Project, requirements: Sequence[str], extras: Sequence[str], groups: Sequence[str]
) -> list[Source]:
    """What this project asks for; a member without an answer asks for what the owner does."""
    own = _read_asked(".", requirements, extras, groups)
    is_told = requirements or any(source.is_answer for source in own)
    if is_told or not project.target or project.is_owner:
        return own
    return [*own, *read_project(owner_of(project), extras, groups)]


def read_project(
    folder: str, extras: Sequence[str] = (), groups: Sequence[str] = ()
) -> list[Source]:
    """What another project asks for: in the files that its own hooks are told to read."""
    copy = read_configuration(folder)
    # To parse it takes longer than to read all the others.
    if copy is not None and isinstance(copy.content, bytes) and _mentions(copy.content):
        from hooks.arguments import UnfitError, read_quietly
        from hooks.project.own_hooks import parse_own_hooks

        with suppress(UnfitError):
            told = read_quietly(parse_own_hooks(copy).arguments)
            extras = list(dict.fromkeys([*extras, *told.extra]))
            groups = list(dict.fromkeys([*groups, *told.group]))
            return _read_asked(folder, told.requirements, extras, groups)
    return _read_asked(folder, (), extras, groups)


def _read_others(own: Sequence[Source]) -> list[Source]:
    """What another hook of ours is told to read in this project, and this one is not."""
    copy = read_configuration(".")
    if copy is None or not may_compare_twice(copy):
        return []
    known = {source.asked for source in own}
    return [source for source in read_project(".") if source.asked not in known]


def _mentions(configuration: bytes) -> bool:
    return any(each in configuration for each in (b"--requirements", b"--extra", b"--group"))


def _read_asked(
    directory: str, requirements: Sequence[str], extras: Sequence[str], groups: Sequence[str]
) -> list[Source]:
    if not requirements:
        return read_defaults(directory, extras, groups)
    beside = "" if directory == "." else directory
    paths = [os.path.join(beside, path_word(os.path.expanduser(path))) for path in requirements]
    return [_read_named(path, directory, extras, groups) for path in dict.fromkeys(paths)]


def read_defaults(
    directory: str, extras: Sequence[str] = (), groups: Sequence[str] = ()
) -> list[Source]:
    """The files that are read where `--requirements` names none.

    Where nothing is declared in them, but in a file that is not read, that is the last source.
    """
    paths = [os.path.normpath(os.path.join(directory, name)) for name in DEFAULT_FILES]
    found = [_read(path, directory, extras, groups) for path in paths if may_exist(path)]
    if any(_is_read(source.read) for source in found):
        return found
    from hooks.requirements.unread import find_unread

    problem = find_unread(directory)
    return found if problem is None else [*found, _unread(problem, directory)]


def _read_named(path: str, directory: str, extras: Sequence[str], groups: Sequence[str]) -> Source:
    """A file that `--requirements` names."""
    from hooks.requirements.unread import unread

    problem = unread(path)
    if problem and not path.endswith(("pyproject.toml", "requirements.in")):
        return _unread(problem, directory)
    source = _read(path, directory, extras, groups)
    return _unread(problem, directory) if problem and not _is_read(source.read) else source


def _is_read(read: Read) -> bool:
    """It has an answer, or why it has none: `dynamic` alone, which is a note, is neither."""
    return read.has_dependencies or bool(read.required) or not read.is_whole


def _unread(problem: Problem, directory: str) -> Source:
    return Source(problem.path, directory, Read([], [problem], {}), problem)


def read_optional(directory: str) -> list[Source]:
    """All extras and dependency groups of a project: declared, whether asked for or not."""
    path = os.path.normpath(os.path.join(directory, "pyproject.toml"))
    if not may_exist(path):
        return []
    from hooks.requirements.pyproject import names_of_extras_and_groups

    extras, groups = names_of_extras_and_groups(path)
    return [_read(path, directory, extras, groups)]


def _read(path: str, directory: str, extras: Sequence[str], groups: Sequence[str]) -> Source:
    real = real_path(directory)
    read = read_asked_for(path, extras=extras, groups=groups, directory=real, environ=os.environ)
    asked = (extras, groups) if path.endswith(".toml") else ()
    return Source(path, directory, read, None, *asked)


Siblings = Mapping[str, Sequence[Source]]


def read_siblings(paths: Iterable[str], own: Sequence[Source]) -> Siblings:
    """What the siblings declare; the owner that this project inherits from is no sibling.

    What another hook of this project reads is: each of the two tells what it is asked, and neither
    may install what the other would refuse.
    """
    known = {real_path(source.directory) for source in own}
    siblings = {path: read_project(path) for path in paths if real_path(path) not in known}
    others = _read_others(own)
    return {".": others, **siblings} if others else siblings


def sources_of(siblings: Siblings) -> list[Source]:
    return [source for sources in siblings.values() for source in sources]
