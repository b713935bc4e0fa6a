"""`pyproject.toml`: dependencies, extras (PEP 621) and dependency groups (PEP 735)."""

from __future__ import annotations

from hooks.fast.names import normalised
from hooks.fast.specifiers import Specifiers
from hooks.harmless import quoted
from hooks.problems import Problem
from hooks.report import Note
from hooks.requirements.dependencies import Dependencies
from hooks.requirements.required import Read, RequiresPython
from hooks.requirements.requirement import both
from hooks.requirements.toml_file import known, read_toml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from packaging.markers import Marker

    from hooks.requirements.toml_file import Toml


_MOST_EXTRAS = 1000
"""Extras, each under each condition, that a project's own may lead to: doubling ones never end."""


def read_pyproject(
    path: str, *, extras: Collection[str] = (), groups: Collection[str] = (), directory: str
) -> Read:
    """Read `[project] dependencies`, these extras of it and these dependency groups."""
    toml = read_toml(path)
    if isinstance(toml, Problem):
        return Read([], [toml], {}, has_dependencies=False)
    project = _Pyproject(toml, directory)
    project.ask_dependencies()
    project.ask_chosen(extras, groups)
    for name in project.uv.wrong:
        project.find(f"{quoted(name)} of `[tool.uv.sources]` tells no place that is known here")
    overrides = tuple(project.uv_requirements("override-dependencies"))
    project.required += project.uv_requirements("constraint-dependencies")
    return Read(
        project.required,
        project.messages,
        {},
        project.requires_python(),
        has_dependencies="dependencies" in project.table,
        has_paths=any(each.origin and each.origin.directory for each in project.required),
        uv=project.uv.is_needed,
        elsewhere=_elsewhere(toml.document),
        overrides=overrides,
        names_itself=project.names_itself,
    )


def _elsewhere(document: Mapping[str, Any]) -> str:
    """What says where things come from, to Poetry or PDM."""
    tool = document.get("tool")
    for name in ("poetry", "pdm"):
        table = tool.get(name) if isinstance(tool, dict) else None
        if isinstance(table, dict) and table.get("source"):
            return f"[[tool.{name}.source]]"
    return ""


def names_of_extras_and_groups(path: str) -> tuple[list[str], list[str]]:
    """All that there are; none where the file cannot be read."""
    toml = read_toml(path)
    document = {} if isinstance(toml, Problem) else toml.document
    project = document.get("project")
    extras = project.get("optional-dependencies") if isinstance(project, dict) else None
    tables = [extras, document.get("dependency-groups")]
    extras, groups = ([*table] if isinstance(table, dict) else [] for table in tables)
    return extras, groups


class _Pyproject(Dependencies):
    """What one `pyproject.toml` asks for, collected."""

    def __init__(self, toml: Toml, directory: str) -> None:
        super().__init__(toml, directory)
        self.table = self._table(toml.document, "project", "[project]")
        name = self.table.get("name")
        self.name = normalised(name) if isinstance(name, str) else None
        dynamic = self.table.get("dynamic")
        self.dynamic = dynamic if isinstance(dynamic, list) else []
        self.groups: dict[str, list[str]] = {}
        self.names_itself = False
        # What was asked for twice, or includes itself, counts once.
        self.seen: set[tuple[str, ...]] = set()

    def ask_dependencies(self) -> None:
        if "dependencies" in self.dynamic:
            self._note("its dependencies")
        place = self.toml.place("project", "dependencies")
        dependencies = self.table.get("dependencies", [])
        for text in self._strings(dependencies, "[project] dependencies", place):
            self._ask(text, place)

    def ask_chosen(self, extras: Collection[str], groups: Collection[str]) -> None:
        table = self._group_table() if groups else {}
        for name in table:
            self.groups.setdefault(normalised(name), []).append(name)
        try:
            for extra in extras:
                self.ask_extra(extra)
            for group in groups:
                self.ask_group(group)
        except RecursionError:
            self.find("its extras or dependency groups are nested too deeply")

    def ask_extra(
        self, extra: str, condition: Marker | str | None = None, including: tuple[str, ...] = ()
    ) -> None:
        table = "project.optional-dependencies"
        optional = self._table(self.table, "optional-dependencies", f"[{table}]")
        normalized = normalised(extra)
        key = "extra", normalized, str(condition)
        # Including itself adds nothing: only ever under one more condition.
        if key in self.seen or normalized in including:
            return
        if len(self.seen) >= _MOST_EXTRAS:
            self.find("its extras include one another too often")
            return
        self.seen.add(key)
        names = {normalised(name): name for name in optional}
        if (name := names.get(normalized)) is not None:
            place = self.toml.place(table, name)
            for text in self._strings(optional[name], f"[{table}] {name}", place):
                inside = "extra", normalized
                self._ask(text, place, inside, condition, (*including, normalized))
        elif "optional-dependencies" in self.dynamic:
            self._note(f"its extra {quoted(extra)}")
        else:
            self.find(f"there is no extra {quoted(extra)}{known(optional)}")

    def ask_group(self, group: str, including: tuple[str, ...] = ()) -> None:
        """PEP 735; packaging's own resolver tells no lines, and doubling includes stop it."""
        groups = self._group_table()
        names = self.groups.get(normalised(group))
        if names is None:
            more = f", which {quoted(including[-1])} includes" if including else known(groups)
            self.find(f"there is no dependency group {quoted(group)}{more}")
            return
        name = names[0]
        shown = f"[dependency-groups] {name}"
        place = self.toml.place("dependency-groups", name)
        if len(names) > 1:
            listed = " and ".join(map(quoted, names))
            self.find(f"{listed} are the same dependency group", self.toml.line(place))
        if name in including:
            self.find(f"{quoted(shown)} includes itself", self.toml.line(place))
            return
        if ("group", name) in self.seen:
            return
        self.seen.add(("group", name))
        entries = groups[name]
        if not isinstance(entries, list):
            self.find(f"{quoted(shown)} is no list", self.toml.line(place))
            return
        for entry in entries:
            match entry:
                case str():
                    self._ask(entry, place, ("group", normalised(name)))
                case {"include-group": str(included)} if len(entry) == 1:
                    self.ask_group(included, (*including, name))
                case _:
                    what = f"{quoted(shown)} holds neither a requirement nor an `include-group`"
                    self.find(what, self.toml.line(place))

    def requires_python(self) -> RequiresPython | None:
        text = self.table.get("requires-python")
        line = self.toml.line(self.toml.place("project", "requires-python"))
        if text is None:
            return None
        try:
            if isinstance(text, str):
                return RequiresPython(self.toml.path, line, text, Specifiers(text))
        except ValueError:
            pass
        shown = f": {quoted(str(text))}" if self.is_own else ""
        self.find(f"`requires-python` is no version specifier{shown}", line)
        return None

    def _ask(
        self,
        text: str,
        place: int,
        inside: tuple[str, str] | None = None,
        condition: Marker | str | None = None,
        including: tuple[str, ...] = (),
    ) -> None:
        line = self.toml.line(place, text)
        taken = self.taken(text, line)
        if taken is None:
            return
        marker = both(condition, taken.marker)
        is_of_group = inside is not None and inside[0] == "group"
        if taken.name == self.name and (taken.extras or is_of_group):
            # `name[other]`: the project's own extras
            self.names_itself |= is_of_group
            for extra in sorted(taken.extras):
                self.ask_extra(extra, marker, including)
        else:
            self.add(taken._replace(marker=marker), text, line, inside)

    def _group_table(self) -> dict[str, Any]:
        return self._table(self.toml.document, "dependency-groups", "[dependency-groups]")

    def _table(self, parent: dict[str, Any], key: str, shown: str) -> dict[str, Any]:
        value = parent.get(key, {})
        if not isinstance(value, dict):
            self.find(f"{quoted(shown)} is no table")
            return {}
        return value

    def _strings(self, value: object, shown: str, place: int) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.find(f"{quoted(shown)} is no list of strings", self.toml.line(place))
            return []
        return value

    def _note(self, what: str) -> None:
        self.messages.append(
            Note(
                f"{self.toml.path}: {what} cannot be told without building the project (`dynamic`)"
            )
        )
