"""Environment markers (PEP 508), decided by their text; packaging decides what is left over."""

from __future__ import annotations

import re

from hooks.fast.names import normalised
from hooks.fast.specifiers import plainly_allow
from hooks.harmless import quoted
from hooks.report import Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from packaging.markers import Marker


_VERSIONS = {"python_version", "python_full_version"}


_COMPARISON = re.compile(
    r"\b(python_version|python_full_version|extra|implementation_name|os_name|platform_machine"
    r"|platform_python_implementation|platform_system|sys_platform)"
    r""" *(<=|>=|==|!=|<|>) *(["'])([A-Za-z0-9._*-]+)\3"""
)


# What is left of a marker, once each comparison is one of these.
_TRUE, _FALSE, _UNKNOWN = " \1 ", " \0 ", "?"


_WITHOUT_BRACKETS = re.compile(r" *[\0\1] *(?: (?:and|or) +[\0\1] *)*")


_INNERMOST = re.compile(r"\(([^()]*)\)")


_LONGEST = 1000


class Environment:
    """Markers for one Python, each evaluated once."""

    def __init__(self, variables: Mapping[str, str], *, is_short: bool = False) -> None:
        self.notes: list[Note] = []
        self.is_short = is_short
        """The patch release is not known, and taken to be 0."""
        self._variables = variables
        self._known: dict[tuple[str, str], bool] = {}

    @property
    def python(self) -> str:
        return self._variables["python_full_version"]

    def holds(self, marker: Marker | str, extra: str = "") -> bool:
        """Whether the marker is true, asked for with this extra. Never raises."""
        key = str(marker), extra
        if key not in self._known:
            self._known[key] = self._evaluate(marker, extra)
            if self.is_short and "python_full_version" in key[0]:
                why = f"`python_full_version` is taken to be {quoted(self.python)}"
                self.notes.append(Note(f"the venv does not tell its Python's patch release: {why}"))
        return self._known[key]

    def _evaluate(self, marker: Marker | str, extra: str) -> bool:
        variables = {**self._variables, "extra": extra}
        if isinstance(marker, str) and (plainly := plainly_holds(marker, variables)) is not None:
            return plainly
        from packaging.markers import Marker

        try:
            if isinstance(marker, str):
                marker = Marker(marker)
            return marker.evaluate(variables)
        # `"x" in extras` is a KeyError; all else of packaging's a ValueError, as of a huge number.
        except (KeyError, ValueError, RecursionError):
            self.notes.append(
                Note(f"the marker {quoted(str(marker))} cannot be evaluated; taken for false")
            )
            return False


def plainly_holds(marker: str, variables: Mapping[str, str]) -> bool | None:
    """What `Marker.evaluate` says; None where it has to be asked."""

    def truth(found: re.Match[str]) -> str:
        name, operator, _, value = found.groups()
        answer = None
        if name not in variables:
            return _UNKNOWN
        if name in _VERSIONS:
            answer = plainly_allow(operator + value, variables[name])
        elif operator in {"==", "!="}:
            if name == "extra":
                value = normalised(value)
            answer = (variables[name] == value) is (operator == "==")
        return _UNKNOWN if answer is None else _TRUE if answer else _FALSE

    return _decided(marker, truth)


def plain_marker(text: str) -> str | None:
    """A valid marker in the spelling of packaging; None where that has to be asked."""
    if "extra" in text or _decided(text, lambda _: _TRUE) is None:
        return None  # packaging normalises an extra's name
    spaced = _COMPARISON.sub(r' \1 \2 "\4" ', text).replace("(", " (").replace(")", ") ")
    return " ".join(spaced.split()).replace("( ", "(").replace(" )", ")")


def _decided(marker: str, truth: Callable[[re.Match[str]], str]) -> bool | None:
    if len(marker) > _LONGEST or not marker.isprintable():
        return None
    text = _COMPARISON.sub(truth, marker)
    while "(" in text:
        text, count = _INNERMOST.subn(lambda found: _without_brackets(found[1]), text)
        if not count:
            return None
    return {_TRUE: True, _FALSE: False}.get(_without_brackets(text))


def _without_brackets(text: str) -> str:
    """True, if all is true between one `or` and the next."""
    if not _WITHOUT_BRACKETS.fullmatch(text):
        return _UNKNOWN
    return _TRUE if any("\0" not in each for each in text.split("or")) else _FALSE
