"""Who the siblings are: found by where their links lead, or named."""

from __future__ import annotations

import os

from hooks.fast.records import NamedTuple
from hooks.files import is_same, list_directory, real_path
from hooks.project.git_repository import read_git_repository
from hooks.project.link import link_at
from hooks.project.project import main_place, owner_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hooks.project.link import Link
    from hooks.project.project import Project


class Family(NamedTuple):
    """The siblings, as paths from the working directory, and what is wrong with finding them."""

    siblings: list[str]
    missing: list[str]
    """What `--sibling` names, but is no directory."""


def find_family(
    project: Project,
    venv: str,
    named: Iterable[str],
    *,
    search: bool,
    more: Iterable[str] = (),
) -> Family:
    """The siblings: those named, and those found by where their link leads.

    These are the owner, and the directories beside it or beside this project that have a link or
    redirect file to the same target. Nothing of theirs is run, git neither: they are looked at.
    `more` are projects that were found by something else.
    """
    known = {_identity(project.root), _identity(main_place(project))}
    asked = dict.fromkeys(_named(project, named))
    siblings: dict[str, str] = {}
    for path in [*asked, *(_found(project, venv) if search else ()), *more]:
        real = real_path(path)
        if os.path.isdir(real) and _identity(real) not in known:
            known.add(_identity(real))
            if not _is_other_work_tree(project, real):
                siblings[real] = path
    missing = [path for path in asked if not os.path.isdir(path)]
    return Family(_one_of_each_repository(siblings, asked), missing)


def projects_of(project: Project, siblings: Iterable[str]) -> list[str]:
    """Where the family's projects are; this one in its main work tree.

    The one venv can have it from there only: a linked one goes, and breaks it for all.
    """
    return [os.path.relpath(main_place(project), project.root), *siblings]


def _identity(directory: str) -> tuple[int, int] | str:
    """What is the same for all paths that lead to a directory."""
    try:
        status = os.stat(directory)
    except (OSError, ValueError):
        return real_path(directory)
    return status.st_dev, status.st_ino


def _one_of_each_repository(siblings: Mapping[str, str], asked: Iterable[str]) -> list[str]:
    """The work trees of one repository hold one project: the main one counts, or else the first.

    A name sorts where it likes: the main one takes the place of a linked one that came before.
    """
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
    if project.shared is None:
        return
    target, owner = project.shared.path, project.shared.owner
    if os.path.isdir(owner):
        yield owner
    for path in neighbours(project):
        if any(is_same(link.end, target) for link in links_of(path, venv)):
            yield os.path.relpath(path, project.root)


def links_of(folder: str, venv: str) -> list[Link]:
    """The links of another project to a venv: under our link's name, or a usual one."""
    names = dict.fromkeys(["venv" if os.path.isabs(venv) else venv, "venv", ".venv"])
    return [link for name in names if (link := link_at(f"{folder}/{name}")) is not None]


def neighbours(project: Project) -> Iterator[str]:
    """What lies beside the owner, or beside this project: where siblings are looked for."""
    beside = map(os.path.dirname, [real_path(owner_of(project)), main_place(project)])
    for folder in dict.fromkeys(beside):
        for entry in list_directory(folder):
            yield f"{folder}/{entry}"


def _is_other_work_tree(project: Project, directory: str) -> bool:
    """Another work tree of this repository holds this same project, not a sibling.

    In the same folder of it: the others of a monorepo are siblings in whichever work tree.
    """
    own = project.git
    theirs = read_git_repository(directory) if own else None
    if own is None or theirs is None or theirs.common_directory != own.common_directory:
        return False
    place = os.path.relpath(project.root, own.work_tree)
    return os.path.relpath(directory, theirs.work_tree) == place
