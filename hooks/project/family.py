"""Who the siblings are: found by where their links lead, or named."""

from __future__ import annotations

import os

from hooks.fast.records import NamedTuple
from hooks.files import list_directory, real_path
from hooks.project.git_repository import read_git_repository
from hooks.project.project import main_place, owner_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hooks.project.project import Project


class Family(NamedTuple):
    """The siblings, as paths from the working directory, and what is wrong with finding them."""

    siblings: list[str]
    missing: list[str]
    """What `--sibling` names, but is no directory."""


def find_family(project: Project, venv: str, named: Iterable[str], *, search: bool) -> Family:
    """The siblings: those named, and those found by where their link leads.

    These are the owner, and the directories beside it or beside this project that have a link
    `venv` to the same target. Nothing of theirs is run, git neither: they are only looked at.
    """
    own = {project.root, main_place(project)}
    asked = dict.fromkeys(_named(project, named))
    siblings: dict[str, str] = {}
    for path in [*asked, *(_found(project, venv) if search else ())]:
        real = real_path(path)
        if real not in own and os.path.isdir(real) and not _is_other_work_tree(project, real):
            siblings.setdefault(real, path)
    missing = [path for path in asked if not os.path.isdir(path)]
    return Family(_one_of_each_repository(siblings, asked), missing)


def _one_of_each_repository(siblings: Mapping[str, str], asked: Iterable[str]) -> list[str]:
    """The work trees of one repository hold one project: the main one counts, or else the first."""
    kept: dict[tuple[str, str], str] = {}
    for real, path in siblings.items():
        git = read_git_repository(real)
        place = (git.common_directory, os.path.relpath(real, git.work_tree)) if git else (real, "")
        if path in asked:
            place = real, ""
        if place not in kept or (git and not git.is_linked):
            kept[place] = path
    return [*kept.values()]


def _named(project: Project, named: Iterable[str]) -> Iterator[str]:
    """As with `--target`, a relative path counts from the main work tree."""
    place = main_place(project)
    for path in map(os.path.expanduser, named):
        is_as_written = os.path.isabs(path) or place == project.root
        yield path if is_as_written else os.path.relpath(os.path.join(place, path), project.root)


def _found(project: Project, venv: str) -> Iterator[str]:
    if project.target is None:
        return
    owner = owner_of(project)
    if os.path.isdir(owner):
        yield owner
    shared = real_path(project.target)
    folders = map(os.path.dirname, [real_path(owner), main_place(project)])
    for folder in dict.fromkeys(folders) if not os.path.isabs(venv) else ():
        for entry in list_directory(folder):
            link = f"{folder}/{entry}/{venv}"
            if os.path.islink(link) and real_path(link) == shared:
                yield os.path.relpath(f"{folder}/{entry}", project.root)


def _is_other_work_tree(project: Project, directory: str) -> bool:
    """Another work tree of this repository holds this same project, not a sibling."""
    theirs = read_git_repository(directory) if project.git else None
    return (
        project.git is not None
        and theirs is not None
        and theirs.common_directory == project.git.common_directory
        and theirs.work_tree != project.git.work_tree
    )
