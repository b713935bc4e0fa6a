"""`[tool.uv]` of a `pyproject.toml`: where its dependencies come from, and what overrides them.

As uv reads it: a workspace's root says it for all members, a member's own `sources` go before."""

from __future__ import annotations

import os

from hooks.fast.names import normalised
from hooks.fast.records import NamedTuple
from hooks.project.project import place_of
from hooks.requirements.toml_file import Toml, read_toml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any


_SAYS_WHERE = (
    *("sources", "override-dependencies", "constraint-dependencies"),
    *("index", "index-url", "extra-index-url", "find-links", "no-index"),
)
"""Settings without which an installer takes something else, or from elsewhere."""


class UvSource(NamedTuple):
    """One place of `[tool.uv.sources]`."""

    url: str
    """What an installer takes: `git+https://…`, an absolute path for a folder or file; empty where
    the source is an index."""
    shown: str
    """As it is written."""
    is_editable: bool | None = None
    """None where it does not say."""
    marker: str = ""
    inside: tuple[str, str] | None = None
    """The extra or group for whose requirements alone it holds: `("extra", "cpu")`."""


class Uv(NamedTuple):
    """What uv is told, for one project."""

    sources: dict[str, list[UvSource]]
    """By normalised name."""
    wrong: list[str]
    """Names in `sources` whose entries say nothing that is known here."""
    root: Toml
    """The file whose `constraint-dependencies` and `override-dependencies` hold."""
    settings: Mapping[str, Any]
    """Its `[tool.uv]`."""
    is_needed: bool
    """Only uv knows where to take things from."""


def read_uv(toml: Toml) -> Uv:
    own = _uv(toml.document)
    folder = os.path.dirname(os.path.abspath(toml.path))
    root = toml if "workspace" in own else _workspace_root(folder) or toml
    shared = _uv(root.document)
    root_folder = os.path.dirname(os.path.abspath(root.path))
    sources: dict[str, list[UvSource]] = {}
    wrong: list[str] = []
    for table, where in [(shared, root_folder), (own, folder)]:
        named = table.get("sources")
        for name, entry in named.items() if isinstance(named, dict) else ():
            entries = entry if isinstance(entry, list) else [entry]
            places = [_source(each, name, where, root) for each in entries]
            if None in places:
                wrong.append(name)
            sources[normalised(name)] = [place for place in places if place is not None]
    tables = [own, shared, *map(_settings_beside, {folder, root_folder})]
    tables += [table["pip"] for table in tables if isinstance(table.get("pip"), dict)]
    is_needed = any(table.get(key) for table in tables for key in _SAYS_WHERE)
    return Uv(sources, [*dict.fromkeys(wrong)], root, shared, is_needed)


def _settings_beside(folder: str) -> Mapping[str, Any]:
    """`uv.toml`, which has the keys of `[tool.uv]`."""
    path = os.path.join(folder, "uv.toml")
    toml = read_toml(path) if os.path.lexists(path) else None
    return toml.document if isinstance(toml, Toml) else {}


def _uv(document: Mapping[str, Any]) -> Mapping[str, Any]:
    tool = document.get("tool")
    table = tool.get("uv") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else {}


def _source(entry: object, name: str, folder: str, root: Toml) -> UvSource | None:
    if not isinstance(entry, dict):
        return None
    told = {key: value for key, value in entry.items() if isinstance(value, str)}
    where = _place(entry, told, name, folder, root)
    if where is None:
        return None
    inside = next(((k, normalised(told[k])) for k in ("extra", "group") if k in told), None)
    return where._replace(marker=told.get("marker", ""), inside=inside)


def _place(
    entry: Mapping[str, Any], told: Mapping[str, str], name: str, folder: str, root: Toml
) -> UvSource | None:
    part = f"#subdirectory={told['subdirectory']}" if "subdirectory" in told else ""
    match told:
        case {"git": address}:
            revision = told.get("rev") or told.get("tag") or told.get("branch")
            url = f"git+{address.removeprefix('git+')}{f'@{revision}' * bool(revision)}{part}"
            return UvSource(url, url, is_editable=False)
        case {"url": address}:
            return UvSource(address + part, address + part, is_editable=False)
        case {"path": path}:
            place = os.path.normpath(place_of(os.path.expanduser(path), folder))
            unsaid = None if os.path.isdir(place) else False
            editable = entry.get("editable", unsaid)
            return UvSource(place, path, editable if isinstance(editable, bool) else unsaid)
        case {"index": index}:
            return UvSource("", index)
    if entry.get("workspace") is not True:
        return None
    member = _members(root).get(normalised(name))
    return None if member is None else UvSource(member, os.path.relpath(member), None)


def _workspace_root(folder: str) -> Toml | None:
    """The nearest `pyproject.toml` above, if it is a workspace's that has this folder in it."""
    inner, above = folder, os.path.dirname(folder)
    while above != inner:
        path = os.path.join(above, "pyproject.toml")
        if os.path.isfile(path):
            toml = read_toml(os.path.relpath(path))
            if isinstance(toml, Toml) and folder in _members(toml).values():
                return toml
            return None
        inner, above = above, os.path.dirname(above)
    return None


def _members(root: Toml) -> dict[str, str]:
    """The folders of a workspace's projects by their names; the root is one, too."""
    workspace = _uv(root.document).get("workspace")
    table = workspace if isinstance(workspace, dict) else {}
    top = os.path.dirname(os.path.abspath(root.path))
    found = {}
    excluded = {*_folders(top, table, "exclude")}
    for place in [top, *_folders(top, table, "members")]:
        path = os.path.join(place, "pyproject.toml")
        toml = root if place == top else read_toml(path)
        project = toml.document.get("project") if isinstance(toml, Toml) else None
        name = project.get("name") if isinstance(project, dict) else None
        if isinstance(name, str) and place not in excluded:
            found[normalised(name)] = place
    return found


def _folders(top: str, table: Mapping[str, Any], key: str) -> Iterator[str]:
    import glob

    patterns = table.get(key)
    for pattern in patterns if isinstance(patterns, list) else ():
        if isinstance(pattern, str):
            joined = os.path.join(glob.escape(top), pattern)
            yield from (os.path.normpath(found) for found in glob.iglob(joined, recursive=True))
