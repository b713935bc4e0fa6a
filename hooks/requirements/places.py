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
    distributions: Mapping[str, Distribution],
) -> tuple[dict[str, Origin], dict[str, Note]]:
    """Where those come from that were not installed by name, and what does not tell it."""
    origins: dict[str, Origin] = {}
    notes: dict[str, Note] = {}
    for name, distribution in distributions.items():
        direct_url = distribution.direct_url
        if isinstance(direct_url, Unreadable):
            origins[name] = UNKNOWN
            notes[name] = Note(f"{distribution.path}/direct_url.json {direct_url.why}")
        elif direct_url is not None:
            origins[name] = _at_real_place(installed_origin(direct_url))
        elif distribution.editable_project is not None:
            origins[name] = _at_real_place(editable_origin(distribution.editable_project))
    return origins, notes


def at_real_places(
    required: Iterable[Required], origins: Mapping[str, Origin], directory: str
) -> list[Required]:
    """The requirements with real places, and with the names that only their places tell.

    `directory` is the project's: its paths count from there.
    """
    names = {(each.location, each.subdirectory): name for name, each in origins.items()}
    return [
        _required_at(each, _absolute(each.url, names, directory), names) if each.url else each
        for each in required
    ]


def in_main_work_tree(
    project: Project, required: Iterable[Required], origins: Mapping[str, Origin]
) -> tuple[list[Required], list[Note]]:
    """A linked work tree asks for `-e .`, but the one venv can have it from the main one only."""
    main = main_place(project)
    meant: list[Required] = []
    notes: list[Note] = []
    for each in required:
        own = _file_url(project.root)
        if main != project.root and each.url and is_inside(each.url, own):
            place = main + unquote(each.url.removeprefix(own))
            if os.path.isdir(place):
                each = each._replace(url=_file_url(place))
                origin = origins.get(each.name or "")
                if origin is not None and origin.location == place:
                    where = quoted(os.path.relpath(place))
                    what = f"{quoted(each.text)} is installed from the main work tree, {where}"
                    notes.append(Note(what))
        meant.append(each)
    return meant, notes


def _absolute(url: str, names: Mapping[tuple[str, str], str], directory: str) -> str:
    """`file:lib` counts from the project, as pip and uv install it.

    pip itself writes `file:///lib` into `direct_url.json` then.
    """
    if not re.match("file:(?!/)", url):
        return url
    path, hash_sign, fragment = url.removeprefix("file:").partition("#")
    path = os.path.normpath(unquote(path))
    as_pip_writes = os.path.join("/", path)
    is_pips = any(location == as_pip_writes for location, _ in names)
    place = as_pip_writes if is_pips else os.path.join(real_path(directory), path)
    return f"{_file_url(place)}{hash_sign}{fragment}"


def _at_real_place(origin: Origin) -> Origin:
    is_local = origin.location.startswith("/")
    return origin._replace(location=real_path(origin.location)) if is_local else origin


def _required_at(required: Required, url: str, names: Mapping[tuple[str, str], str]) -> Required:
    origin = _at_real_place(parse_origin(url, is_editable=required.editable))
    name = required.name or names.get((origin.location, origin.subdirectory))
    if origin.directory is None:
        return required._replace(name=name)
    _, hash_sign, fragment = url.partition("#")
    url = f"{_file_url(origin.location)}{hash_sign}{fragment}"
    return required._replace(name=name or _name_of_project(origin.directory), url=url)


def _file_url(path: str) -> str:
    return f"file://{quote(encoded(path))}"


def _name_of_project(directory: str) -> str | None:
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
