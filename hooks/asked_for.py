"""What is asked for, each requirement with its file and line, whatever the file is."""

from __future__ import annotations

import os
import re

from hooks.records import NamedTuple
from hooks.report import Finding, Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from packaging.markers import Marker

    from hooks.specifiers import Specifiers


class Required(NamedTuple):
    """One requirement or constraint."""

    path: str
    """Its file, from the working directory: to be shown and pasted."""
    line: int | None
    """The first line of it; None where a TOML file does not tell cheaply."""
    text: str
    """As written, without comment and per-requirement options, `${VAR}` unexpanded."""
    name: str | None
    """Normalized; None where only a built project tells: `-e .`, `./dir`, a bare URL."""
    specifier: Specifiers
    extras: frozenset[str]
    marker: Marker | str | None
    url: str | None
    """The direct reference as pip makes it: `file://` of a bare path, `git+https://…@rev#…`."""
    editable: bool
    constraint: bool


class RequiresPython(NamedTuple):
    """`requires-python` of a project or a lock file."""

    path: str
    line: int | None
    text: str
    specifier: Specifiers


class Read(NamedTuple):
    """All that one file, with those it includes, asks for."""

    required: list[Required]
    messages: list[Finding | Note]
    hidden: dict[str, str]
    """Values that must not be printed, and what stands for them: `{"s3cret": "${TOKEN}"}`."""
    requires_python: RequiresPython | None = None
    has_dependencies: bool = True
    """False for a `pyproject.toml` that has no `[project] dependencies`."""
    has_hashes: bool = False
    """Then pip installs nothing that has none."""


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
        from hooks.pyproject import read_pyproject

        return read_pyproject(path, extras=extras, groups=groups, directory=directory)
    if name == "pylock.toml" or re.fullmatch(r"pylock\.[^.]+\.toml", name):
        from hooks.pylock import read_pylock

        return read_pylock(path, extras=extras, groups=groups)
    from hooks.requirements_file import read_requirements

    return read_requirements(path, directory=directory, environ=environ)
