"""What is asked for, each requirement with its file and line, whatever the file is."""

from __future__ import annotations

from hooks.fast.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packaging.markers import Marker

    from hooks.fast.specifiers import Specifiers
    from hooks.problems import Problem
    from hooks.report import Note


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
    messages: list[Problem | Note]
    hidden: dict[str, str]
    """Values that must not be printed, and what stands for them: `{"s3cret": "${TOKEN}"}`."""
    requires_python: RequiresPython | None = None
    has_dependencies: bool = True
    """False for a `pyproject.toml` that has no `[project] dependencies`."""
    has_hashes: bool = False
    """Then pip installs nothing that has none."""


def compact(required: Required) -> str:
    """The text in a form that is the same for all who ask for the same; to be pasted, too."""
    return "".join(required.text.partition(";")[0].split()) if not required.url else required.text
