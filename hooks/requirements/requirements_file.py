"""pip's requirements files, read as the newest pip reads them: nothing is fetched or built.

Accidents that people rely on are included; `tests/test_requirements_file.py` compares the two."""

from __future__ import annotations

import os
import re

from hooks.fast.records import NamedTuple
from hooks.files import Unreadable, read_file, real_path
from hooks.harmless import quoted
from hooks.problems import Problem
from hooks.report import Note
from hooks.requirements.conflict_markers import conflict_markers
from hooks.requirements.decoding import decoded
from hooks.requirements.pip_lines import (
    VARIABLE,
    Asked,
    Include,
    Option,
    Refused,
    Unknown,
    logical_lines,
    parse_requirements,
)
from hooks.requirements.required import Read, Required
from hooks.requirements.requirement import (
    RefusedError,
    check_constraint,
    hint,
    take_editable,
    take_line,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class _File(NamedTuple):
    path: str
    identity: tuple[str, str]
    shown: str
    constraint: bool
    is_own: bool
    """It lies in the project's own tree. What other files hold is not shown: `-r /etc/shadow`."""
    lines: Iterator[Asked | Include | Option | Refused | Unknown]


_SOURCES = {"--extra-index-url", "--find-links", "--index-url", "--no-index"}


# A path as it is written that does not count from the project's folder.
_ABSOLUTE = r"(?i)(?:.*@ *)?[\"']?(?:file:)?/"


def read_requirements(path: str, *, directory: str, environ: Mapping[str, str]) -> Read:
    """Read a requirements file and what it includes; each included file once.

    In a file that `-c` includes, `-r` leads to requirements again, as in pip.
    """
    reader = _Reader(directory, environ)
    if why := reader.begin(path, path, constraint=False):
        reader.messages.append(Problem(path, why))
    while reader.files:
        reader.take_line()
    return Read(
        reader.required,
        reader.messages,
        reader.hidden,
        has_hashes=reader.has_hashes,
        indexes=tuple(dict.fromkeys(reader.indexes)),
        settings=tuple(dict.fromkeys(reader.settings)),
        constraints=tuple(dict.fromkeys(reader.constraints)),
        has_paths=reader.has_paths,
    )


class _Reader:
    """The files being read, each included by the one before it; no recursion, as they may be many.

    A file that is included by two ways counts once: where each doubles the next, 30 are endless.
    """

    def __init__(self, directory: str, environ: Mapping[str, str]) -> None:
        self.directory = directory
        self.environ = environ
        self.required: list[Required] = []
        self.messages: list[Problem | Note] = []
        self.hidden: dict[str, str] = {}
        self.has_hashes = self.has_paths = False
        self.indexes: list[str] = []
        self.settings: list[str] = []
        self.constraints: list[str] = []
        self.files: list[_File] = []
        self.open: set[tuple[str, str]] = set()
        self.seen: set[tuple[tuple[str, str], bool]] = set()

    def begin(self, path: str, shown: str, *, constraint: bool) -> str | None:
        """Make it the file that is read next, or say why it cannot be."""
        content = read_file(path)
        if isinstance(content, Unreadable):
            return content.why
        own = os.path.join(real_path(self.directory), "")
        is_own = real_path(path).startswith(own)
        text = decoded(content)
        if isinstance(text, Problem):
            what = text.what if is_own else "is no text in its encoding"
            self.messages.append(text._replace(path=shown, what=what))
            return None
        if markers := conflict_markers(text):
            self.messages.append(markers._replace(path=shown))
            return None
        if "${" in text:
            for _, line in logical_lines(text):
                for variable in re.findall(VARIABLE, line):
                    if value := self.environ.get(variable):
                        self.hidden[value] = f"${{{variable}}}"
        identity = _identity(path)
        lines = parse_requirements(text, self.environ)
        self.files.append(_File(path, identity, shown, constraint, is_own, lines))
        self.open.add(identity)
        self.seen.add((identity, constraint))
        return None

    def take_line(self) -> None:
        file = self.files[-1]
        match next(file.lines, None):
            case None:
                self.files.pop()
                self.open.remove(file.identity)
            case Asked() as asked:
                self.ask(asked, file)
            case Refused(line, why):
                self.messages.append(_problem(file, line, why))
            case Unknown(line, option):
                shown = quoted(option) if file.is_own else "there"
                what = f"{shown} is an option that is not known here: it was not read"
                self.messages.append(Note(f"{file.shown}:{line}: {what}"))
            case Option(_, name, value):
                self.set_option(name, value, file)
            case include:
                if message := self.include(include, file):
                    self.messages.append(message)

    def ask(self, asked: Asked, file: _File) -> None:
        required = _required(asked, file, self.directory)
        if not isinstance(required, Required):
            self.messages.append(required)
            return
        self.required.append(required)
        self.has_hashes |= asked.has_hashes
        if required.origin is not None and required.origin.directory is not None:
            self.has_paths |= re.match(_ABSOLUTE, asked.value) is None

    def set_option(self, name: str, value: str, file: _File) -> None:
        if name in {"--hash", "--require-hashes"}:
            self.has_hashes = True
        elif name in _SOURCES:
            beside = _beside(file.path, value)
            if name == "--find-links" and "://" not in value and os.path.exists(beside):
                value = real_path(beside)
            self.indexes.append(f"{name}={value.rstrip('/')}" if value else name)
        else:
            self.settings.append(f"{name}={value}" if value else name)

    def include(self, include: Include, file: _File) -> Problem | Note | None:
        target = _target(include, file)
        is_url = "://" in include.shown  # `normpath` would leave one slash, and a password
        shown = include.shown if is_url else _beside(file.shown, include.shown)
        if include.constraint:
            self.constraints.append(real_path(target) if target else include.target)
        if target is None:
            place = f"{file.shown}:{include.line}"
            return Note(f"{place}: {quoted(include.shown)} is not on this machine and was not read")
        identity = _identity(target)
        if identity in self.open:
            return Problem(
                file.shown, f"{quoted(shown)} includes itself this way", include.line, "bad-include"
            )
        if (identity, include.constraint) in self.seen:
            return None
        if why := self.begin(target, shown, constraint=include.constraint):
            return Problem(
                file.shown, f"the included {quoted(shown)} {why}", include.line, "bad-include"
            )
        return None


def _identity(path: str) -> tuple[str, str]:
    """The file, and the directory that its own includes count from: links lead to both."""
    return real_path(path), real_path(os.path.dirname(path) or ".")


def _target(include: Include, file: _File) -> str | None:
    """The path that is included; None for a remote one."""
    if not re.match(r"(https?|file):", include.target, re.IGNORECASE):
        return _beside(file.path, include.target)
    from urllib.parse import unquote, urlsplit

    try:
        scheme, host, path, _, _ = urlsplit(include.target)
    except ValueError:
        return None
    return unquote(path) if scheme == "file" and host in {"", "localhost"} else None


def _beside(path: str, target: str) -> str:
    return os.path.normpath(os.path.join(os.path.dirname(path), target))


def _problem(file: _File, line: int, what: str) -> Problem:
    what = what if file.is_own else "the line is no requirement"
    return Problem(file.shown, what, line, "bad-requirement")


def _required(asked: Asked, file: _File, directory: str) -> Required | Problem:
    take = take_editable if asked.editable else take_line
    try:
        taken = take(asked.value, directory)
        if file.constraint:
            check_constraint(taken, editable=asked.editable)
    except RefusedError as refusal:
        why = str(refusal)
    except (ValueError, RecursionError):  # what packaging (until 26.3 of brackets) and urllib raise
        why = f"is no {'editable ' * asked.editable}requirement{hint(asked.value)}"
    else:
        origin = taken.origin(asked.text, directory, is_editable=asked.editable)
        return Required(
            *(file.shown, asked.line, asked.text, *taken[:-1], origin),
            editable=asked.editable,
            constraint=file.constraint,
        )
    return _problem(file, asked.line, f"{quoted(asked.text)} {why}")
