"""The requirements of a TOML file, a string each (PEP 508), and what `[tool.uv]` says of them."""

from __future__ import annotations

import os

from hooks.files import real_path
from hooks.harmless import quoted
from hooks.problems import Problem
from hooks.report import Note
from hooks.requirements.required import Required
from hooks.requirements.requirement import (
    RefusedError,
    both,
    hint,
    marker_of,
    take,
    take_plain,
    unless,
    url_of_path,
)
from hooks.requirements.uv_tables import read_uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from packaging.markers import Marker

    from hooks.requirements.requirement import Taken
    from hooks.requirements.toml_file import Toml
    from hooks.requirements.uv_tables import UvSource


class Dependencies:
    """What a TOML file asks for, collected."""

    def __init__(self, toml: Toml, directory: str) -> None:
        self.toml = toml
        self.directory = directory
        # What a file outside of the project holds is not shown: a link may lead anywhere.
        own = os.path.join(real_path(directory), "")
        self.is_own = real_path(toml.path).startswith(own)
        self.required: list[Required] = []
        self.messages: list[Problem | Note] = []
        self.uv = read_uv(toml)

    def taken(self, text: str, line: int | None) -> Taken | None:
        """What it means; None for what is none, which is told."""
        shown = quoted(text) if self.is_own else "a dependency"
        try:
            # An empty marker is one to pip alone.
            plain = None if text.rstrip().endswith(";") else take_plain(text)
            if plain is not None:
                return plain
            from packaging.requirements import Requirement

            return take(Requirement(text), self.directory)
        except RefusedError as refusal:
            self.find(f"{shown} {refusal}", line)
        except (ValueError, RecursionError):  # of many brackets, until packaging 26.3
            self.find(f"{shown} is no requirement{hint(text)}", line)
        return None

    def add(
        self, taken: Taken, text: str, line: int | None, inside: tuple[str, str] | None = None
    ) -> None:
        """`inside` is the extra or group that it stands in: `("extra", "test")`."""
        sources = self.uv.sources.get(taken.name or "") if taken.url is None else None
        if not sources:
            self.required.append(self._required(taken, text, line))
            return
        left: Marker | str | None = taken.marker
        for source in sources:
            if source.inside in {None, inside}:
                self._add_from(source, taken, text, line)
                if not source.marker:
                    return
                left = both(left, unless(source.marker))
        self.required.append(self._required(taken._replace(marker=left), text, line))

    def _add_from(self, source: UvSource, taken: Taken, text: str, line: int | None) -> None:
        try:
            taken = taken._replace(marker=both(taken.marker, marker_of(source.marker)))
        except (RefusedError, RecursionError):
            self.find(f"{quoted(source.marker)} of `[tool.uv.sources]` is no marker", line)
            return
        if source.url:
            extras = f"[{','.join(sorted(taken.extras))}]" if taken.extras else ""
            text = f"{taken.name}{extras} @ {source.shown}"
            url = url_of_path(source.url) if source.url.startswith("/") else source.url
            taken = taken._replace(url=url)
        self.required.append(self._required(taken, text, line, is_editable=source.is_editable))

    def _required(
        self, taken: Taken, text: str, line: int | None, *, is_editable: bool | None = False
    ) -> Required:
        origin = taken.origin(text, self.directory, is_editable=is_editable)
        return Required(
            *(self.toml.path, line, text, *taken[:-1], origin),
            editable=bool(is_editable),
            constraint=False,
        )

    def uv_requirements(self, key: str) -> Iterator[Required]:
        """`override-dependencies` or `constraint-dependencies`."""
        texts = self.uv.settings.get(key)
        place = self.uv.root.place("tool.uv", key)
        for text in texts if isinstance(texts, list) else ():
            if isinstance(text, str):
                line = self.uv.root.line(place, text)
                taken = self.taken(text, line)
                if taken is not None:
                    required = self._required(taken, text, line)
                    is_constraint = key == "constraint-dependencies"
                    yield required._replace(path=self.uv.root.path, constraint=is_constraint)

    def find(self, what: str, line: int | None = None) -> None:
        problem = Problem(self.toml.path, what, line, "bad-requirement")
        if problem not in self.messages:  # a table that is none is met again and again
            self.messages.append(problem)
