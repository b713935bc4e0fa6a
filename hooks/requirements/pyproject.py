"""`pyproject.toml`: dependencies, extras (PEP 621) and dependency groups (PEP 735)."""

from __future__ import annotations

import os

from hooks.fast.names import normalised
from hooks.fast.specifiers import Specifiers
from hooks.files import real_path
from hooks.harmless import quoted
from hooks.problems import Problem
from hooks.report import Note
from hooks.requirements.required import Read, Required, RequiresPython
from hooks.requirements.requirement import RefusedError, hint, take
from hooks.requirements.toml_file import known, read_toml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
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
    has_dependencies = "dependencies" in project.table
    return Read(project.required, project.messages, {}, project.requires_python(), has_dependencies)


def names_of_extras_and_groups(path: str) -> tuple[list[str], list[str]]:
    """All that there are; none where the file cannot be read."""
    toml = read_toml(path)
    document = {} if isinstance(toml, Problem) else toml.document
    project = document.get("project")
    extras = project.get("optional-dependencies") if isinstance(project, dict) else None
    tables = [extras, document.get("dependency-groups")]
    extras, groups = ([*table] if isinstance(table, dict) else [] for table in tables)
    return extras, groups


class _Pyproject:
    """What one `pyproject.toml` asks for, collected."""

    def __init__(self, toml: Toml, directory: str) -> None:
        self.toml = toml
        self.directory = directory
        # What a file outside of the project holds is not shown: a link may lead anywhere.
        own = os.path.join(real_path(directory), "")
        self.is_own = real_path(toml.path).startswith(own)
        self.required: list[Required] = []
        self.messages: list[Problem | Note] = []
        self.table = self._table(toml.document, "project", "[project]")
        name = self.table.get("name")
        self.name = normalised(name) if isinstance(name, str) else None
        dynamic = self.table.get("dynamic")
        self.dynamic = dynamic if isinstance(dynamic, list) else []
        self.groups: dict[str, list[str]] = {}
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
            self._find("its extras or dependency groups are nested too deeply")

    def ask_extra(
        self, extra: str, condition: Marker | None = None, including: tuple[str, ...] = ()
    ) -> None:
        table = "project.optional-dependencies"
        optional = self._table(self.table, "optional-dependencies", f"[{table}]")
        normalized = normalised(extra)
        key = "extra", normalized, str(condition)
        # Including itself adds nothing: only ever under one more condition.
        if key in self.seen or normalized in including:
            return
        if len(self.seen) >= _MOST_EXTRAS:
            self._find("its extras include one another too often")
            return
        self.seen.add(key)
        names = {normalised(name): name for name in optional}
        if (name := names.get(normalized)) is not None:
            place = self.toml.place(table, name)
            for text in self._strings(optional[name], f"[{table}] {name}", place):
                self._ask(text, place, condition, (*including, normalized))
        elif "optional-dependencies" in self.dynamic:
            self._note(f"its extra {quoted(extra)}")
        else:
            self._find(f"there is no extra {quoted(extra)}{known(optional)}")

    def ask_group(self, group: str, including: tuple[str, ...] = ()) -> None:
        """PEP 735; packaging's own resolver tells no lines, and doubling includes stop it."""
        groups = self._group_table()
        names = self.groups.get(normalised(group))
        if names is None:
            more = f", which {quoted(including[-1])} includes" if including else known(groups)
            self._find(f"there is no dependency group {quoted(group)}{more}")
            return
        name = names[0]
        shown = f"[dependency-groups] {name}"
        place = self.toml.place("dependency-groups", name)
        if len(names) > 1:
            both = " and ".join(map(quoted, names))
            self._find(f"{both} are the same dependency group", self.toml.line(place))
        if name in including:
            self._find(f"{quoted(shown)} includes itself", self.toml.line(place))
            return
        if ("group", name) in self.seen:
            return
        self.seen.add(("group", name))
        entries = groups[name]
        if not isinstance(entries, list):
            self._find(f"{quoted(shown)} is no list", self.toml.line(place))
            return
        for entry in entries:
            match entry:
                case str():
                    self._ask(entry, place)
                case {"include-group": str(included)} if len(entry) == 1:
                    self.ask_group(included, (*including, name))
                case _:
                    what = f"{quoted(shown)} holds neither a requirement nor an `include-group`"
                    self._find(what, self.toml.line(place))

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
        self._find(f"`requires-python` is no version specifier{shown}", line)
        return None

    def _ask(
        self,
        text: str,
        place: int,
        condition: Marker | None = None,
        including: tuple[str, ...] = (),
    ) -> None:
        from packaging.requirements import Requirement

        line = self.toml.line(place, text)
        shown = quoted(text) if self.is_own else "a dependency"
        try:
            requirement = Requirement(text)
            taken = take(requirement, self.directory)
        except RefusedError as refusal:
            self._find(f"{shown} {refusal}", line)
        except (ValueError, RecursionError):  # of many brackets, until packaging 26.3
            self._find(f"{shown} is no requirement{hint(text)}", line)
        else:
            marker = requirement.marker
            marker = condition & marker if condition and marker else condition or marker
            taken = taken._replace(marker=marker)
            if taken.name == self.name and taken.extras:  # `name[other]`: the project's own extras
                for extra in sorted(taken.extras):
                    self.ask_extra(extra, marker, including)
            else:
                self.required.append(
                    Required(self.toml.path, line, text, *taken, editable=False, constraint=False)
                )

    def _group_table(self) -> dict[str, Any]:
        return self._table(self.toml.document, "dependency-groups", "[dependency-groups]")

    def _table(self, parent: dict[str, Any], key: str, shown: str) -> dict[str, Any]:
        value = parent.get(key, {})
        if not isinstance(value, dict):
            self._find(f"{quoted(shown)} is no table")
            return {}
        return value

    def _strings(self, value: object, shown: str, place: int) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._find(f"{quoted(shown)} is no list of strings", self.toml.line(place))
            return []
        return value

    def _find(self, what: str, line: int | None = None) -> None:
        problem = Problem(self.toml.path, what, line, "bad-requirement")
        if problem not in self.messages:  # a table that is none is met again and again
            self.messages.append(problem)

    def _note(self, what: str) -> None:
        self.messages.append(
            Note(
                f"{self.toml.path}: {what} cannot be told without building the project (`dynamic`)"
            )
        )
