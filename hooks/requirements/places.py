"""The real places behind what is required from, or was installed from, a URL or a path."""

from __future__ import annotations

import configparser
import os
import re
import tomllib
from urllib.parse import quote, unquote

from hooks.fast.names import normalised
from hooks.files import Unreadable, encoded, is_inside, read_file, real_path
from hooks.harmless import quoted
from hooks.project.git_repository import (
    head_branch,
    head_commit,
    read_git_repository,
    read_settings,
)
from hooks.project.project import main_place
from hooks.report import Note
from hooks.requirements.origin import UNKNOWN, editable_origin, installed_origin, parse_origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hooks.project.project import Project
    from hooks.requirements.origin import Origin
    from hooks.requirements.required import Required
    from hooks.venvs.installed import Distribution


def read_origins(
    distributions: Mapping[str, Distribution], clones: str = ""
) -> tuple[dict[str, Origin], dict[str, Note]]:
    """Where those come from that were not installed by name, and what does not tell it.

    `clones` is the venv's `src`, where pip clones what is required as `-e git+…`.
    """
    origins: dict[str, Origin] = {}
    notes: dict[str, Note] = {}
    for name, distribution in distributions.items():
        direct_url = distribution.direct_url
        if isinstance(direct_url, Unreadable):
            origins[name] = UNKNOWN
            notes[name] = Note(f"{distribution.path}/direct_url.json {direct_url.why}")
        elif direct_url is not None:
            origins[name] = _as_it_is_there(installed_origin(direct_url), clones)
        elif distribution.editable_project is not None:
            origin = editable_origin(distribution.editable_project)
            origins[name] = _as_it_is_there(origin, clones)
    return origins, notes


def origin_at(url: str, directory: str, shown: str, *, is_editable: bool | None) -> Origin:
    """Where a requirement's URL leads to, links followed; its paths count from `directory`."""
    as_pip_writes = ""
    if re.match("file:(?!/)", url):  # `file:lib` counts from the project, as pip and uv install it
        path, hash_sign, fragment = url.removeprefix("file:").partition("#")
        place = os.path.normpath(os.path.join(real_path(directory), unquote(path)))
        url = f"{_file_url(place)}{hash_sign}{fragment}"
        as_pip_writes = os.path.normpath(os.path.join("/", unquote(path)))
    origin = _at_real_place(parse_origin(url, is_editable=is_editable, shown=shown))
    if origin.directory is None:
        return origin
    _, hash_sign, fragment = url.partition("#")
    url = f"{_file_url(origin.location)}{hash_sign}{fragment}"
    return origin._replace(url=url, as_pip_writes=as_pip_writes)


def name_at(origin: Origin) -> str | None:
    """The name of the project there, as far as its files tell it without a build."""
    return None if origin.directory is None else name_of_project(origin.directory)


def with_names(required: Iterable[Required], origins: Mapping[str, Origin]) -> list[Required]:
    """The requirements with the names that only tell what is installed from their places."""
    names = {(each.location, each.subdirectory): name for name, each in origins.items()}
    named = []
    for each in required:
        if each.origin is not None:
            places = (each.origin.location, each.origin.as_pip_writes)
            known = (names.get((place, each.origin.subdirectory)) for place in places if place)
            installed = next(filter(None, known), None)
            each = each._replace(name=each.name or installed or name_at(each.origin))
        named.append(each)
    return named


def in_main_work_tree(
    project: Project, required: Iterable[Required], origins: Mapping[str, Origin]
) -> tuple[list[Required], list[Note]]:
    """A linked work tree asks for `-e .`, but the one venv can have it from the main one only."""
    main = main_place(project)
    meant: list[Required] = []
    notes: list[Note] = []
    for each in required:
        wanted = each.origin
        if wanted is not None and lies_here(project, each):
            place = main + wanted.location.removeprefix(project.root)
            if main != project.root and os.path.isdir(place):
                there = wanted._replace(location=place, url=_file_url(place))
                each = each._replace(origin=there)
                origin = origins.get(each.name or "")
                if origin is not None and origin.location == place:
                    where = quoted(os.path.relpath(place))
                    what = f"{quoted(each.text)} is installed from the main work tree, {where}"
                    notes.append(Note(what))
        meant.append(each)
    return meant, notes


def counts_from_main(project: Project, required: Required) -> bool:
    """The path leads out of a linked work tree, to what is beside the main one only."""
    location = _folder_of(required)
    if location is None or is_inside(location, project.root):
        return False
    path = os.path.relpath(location, main_place(project))
    return not os.path.lexists(os.path.join(project.root, path))


def lies_here(project: Project, required: Required) -> bool:
    """It is required from a folder of this work tree."""
    location = _folder_of(required)
    return location is not None and is_inside(location, project.root)


def _folder_of(required: Required) -> str | None:
    origin = required.origin
    return origin.location if origin and origin.directory else None


def _as_it_is_there(origin: Origin, clones: str) -> Origin:
    """With the real place, and what stands there, of what is installed."""
    origin = _at_real_place(origin)
    if not origin.is_editable or origin.directory is None:
        return origin
    if not os.path.isdir(origin.directory):
        return origin._replace(is_gone=True)
    is_clone = clones and is_inside(origin.location, clones)
    return origin._replace(clone=read_clone(origin.location)) if is_clone else origin


def read_clone(directory: str) -> Origin | None:
    """The repository that a clone is of, and the commit that is checked out; no git is run."""
    git = read_git_repository(directory)
    url = read_settings(git.common_directory).get("remote.origin.url") if git else None
    if git is None or not url:
        return None
    origin = parse_origin(f"git+{url}", is_editable=True)
    return origin._replace(revision=head_branch(git), commit=head_commit(git))


def _at_real_place(origin: Origin) -> Origin:
    is_local = origin.location.startswith("/")
    return origin._replace(location=real_path(origin.location)) if is_local else origin


def _file_url(path: str) -> str:
    return f"file://{quote(encoded(path))}"


def name_of_project(directory: str) -> str | None:
    """The name that a build would give it, as far as its files tell without one."""
    for file, name_in in [("pyproject.toml", _name_in_pyproject), ("setup.cfg", _name_in_setup)]:
        content = read_file(os.path.join(directory, file))
        if isinstance(content, bytes):
            try:
                name = name_in(content.decode())
            except (ValueError, RecursionError, configparser.Error):
                continue
            if name:
                return normalised(name)
    return None


def _name_in_pyproject(text: str) -> str | None:
    project = tomllib.loads(text).get("project")
    name = project.get("name") if isinstance(project, dict) else None
    return name if isinstance(name, str) else None


def _name_in_setup(text: str) -> str | None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return parser.get("metadata", "name", fallback=None)
