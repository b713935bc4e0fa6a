"""What is asked for, each requirement with its file and line, whatever the file is: values."""

from __future__ import annotations

from hooks.fast.records import NamedTuple
from hooks.problems import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from packaging.markers import Marker

    from hooks.fast.specifiers import Specifiers
    from hooks.report import Note
    from hooks.requirements.origin import Origin


class Required(NamedTuple):
    """One requirement or constraint."""

    path: str
    """Its file, from the working directory: to be shown and pasted."""
    line: int | None
    """The first line of it; None where a TOML file does not tell cheaply."""
    text: str
    """As written, without comment and per-requirement options, `${VAR}` unexpanded.

    This is what messages show: what `origin` holds may be a secret.
    """
    name: str | None
    """Normalized; None where only a built project tells: `-e .`, `./dir`, a bare URL."""
    specifier: Specifiers
    extras: frozenset[str]
    marker: Marker | str | None
    """One that can be decided: what no environment decides is refused when it is read."""
    origin: Origin | None
    """Where it has to come from, links followed; None: from an index, or wherever."""
    editable: bool
    constraint: bool

    @property
    def url(self) -> str | None:
        """What an installer takes for `origin`: `file://…`, `git+https://…@rev#…`; not shown."""
        return None if self.origin is None else self.origin.url


class RequiresPython(NamedTuple):
    """`requires-python` of a project or a lock file."""

    path: str
    line: int | None
    text: str
    specifier: Specifiers


class LockedPython(NamedTuple):
    """`requires-python` of one package of a lock file."""

    name: str
    line: int | None
    marker: Marker | str | None
    """Where it is false for an environment, the package is not installed there."""
    specifier: Specifiers


class Lock(NamedTuple):
    """For which environments a `pylock.toml` was made (PEP 751)."""

    path: str
    line: int | None
    """Of `environments`."""
    environments: tuple[Marker | str, ...]
    """One of them has to hold; empty: it is for all."""
    packages: tuple[LockedPython, ...]


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
    indexes: tuple[str, ...] = ()
    """Where things come from: `--index-url=…`, `--extra-index-url=…`, `--find-links=…`,
    `--no-index`, in the order of the file. They may hold secrets: not shown."""
    settings: tuple[str, ...] = ()
    """Other options that hold for a whole run of pip: `--pre`, `--only-binary=:all:`."""
    constraints: tuple[str, ...] = ()
    """The files that `-c` names: their real paths."""
    has_paths: bool = False
    """Some path counts from the project's folder: `-e .`, `./wheels/x.whl`."""
    uv: bool = False
    """`[tool.uv]` says where things come from, or what may be installed: only uv takes that."""
    elsewhere: str = ""
    """What else says where things come from: `[[tool.poetry.source]]`, `[[tool.pdm.source]]`."""
    overrides: Sequence[Required] = ()
    """`[tool.uv] override-dependencies`: each stands for all requirements of its name."""
    lock: Lock | None = None
    names_itself: bool = False
    """A dependency group has the project's own name: an installer would ask an index for it."""

    @property
    def is_whole(self) -> bool:
        """Every line was understood: an installer takes the file as well."""
        return not any(isinstance(message, Problem) for message in self.messages)

    @property
    def names_sources(self) -> bool:
        """It says where things come from: then no words on a command line stand for a line."""
        return bool(self.indexes or self.constraints or self.uv or self.elsewhere)


def compact(required: Required) -> str:
    """The text in a form that is the same for all who ask for the same; to be pasted, too."""
    is_plain = required.origin is None
    return "".join(required.text.partition(";")[0].split()) if is_plain else required.text
