"""A problem in parts, and how a venv fails one requirement. No I/O."""

from __future__ import annotations

from hooks.fast.names import normalised
from hooks.fast.records import NamedTuple
from hooks.harmless import quoted
from hooks.report import Note
from hooks.rules.facts import has

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hooks.requirements.required import Required, RequiresPython
    from hooks.rules.facts import Venv


class Told(NamedTuple):
    """Something is wrong at this line of the project."""

    path: str
    line: int | None
    what: str
    rule: str
    subject: str = ""
    """The distribution's name; empty where it is about none, or where none is known."""
    asks: Required | None = None
    """The line that has to be installed to put it right; None where no installation does."""
    is_replaced: bool = False
    """An installer would take what is there for right."""


class Mismatch(NamedTuple):
    """How the venv fails a requirement."""

    found: str
    """What is there instead, as the end of a sentence: "`2.0.0` is installed"."""
    rule: str
    is_certain: bool = True

    @property
    def is_replaced(self) -> bool:
        """An installer would take it for right as it is."""
        return self.rule == "wrong-source"


def mismatch(required: Required, venv: Venv) -> Mismatch | None:
    """Whether what is installed is what is required, its version and where it comes from."""
    name, installed = required.name, venv.distributions.get(required.name or "")
    if name is None:
        return Mismatch("nothing is installed from there", "not-installed")
    if installed is None:
        return Mismatch("not installed", "not-installed")
    if required.origin is not None:
        from hooks.requirements.origin import difference

        differs = difference(required.origin, venv.origins.get(name), venv.sources)
        if differs is not None:
            found = differs.what
            if found.startswith("it ") and name not in normalised(required.text):
                found = f"{quoted(name)}{found[2:]}"  # of `-e .`
            return Mismatch(found, "wrong-source", differs.is_certain)
    if not has(venv, name, required.specifier):
        return Mismatch(f"{quoted(installed.version)} is installed", "wrong-version")
    return None


def told_at(required: Required, why: Mismatch) -> Told | Note:
    asks = "is a constraint" if required.constraint else "is required"
    what = f"{quoted(required.text)} {asks}, but {why.found}"
    if not why.is_certain:
        return Note(f"{place_of(required)}: {what}")
    return Told(
        required.path,
        required.line,
        what,
        "broken-constraint" if required.constraint else why.rule,
        required.name or "",
        required,
        why.is_replaced,
    )


def is_met(lines: Iterable[Required], venv: Venv) -> bool:
    return all(mismatch(each, venv) is None for each in lines)


def place_of(line: Required | RequiresPython) -> str:
    return line.path if line.line is None else f"{line.path}:{line.line}"


def as_one(
    found: Sequence[Told | Note], required: Iterable[Required], least: int = 3
) -> Iterator[Told | Note]:
    """A file of which nothing is installed, and that asks for three distributions or more."""
    asked: dict[str, dict[object, Required]] = {}
    for each in required:
        if not each.constraint:
            asked.setdefault(each.path, {}).setdefault(each.name or each.text, each)
    missing: dict[str, list[Told]] = {}
    for told in found:
        if isinstance(told, Told) and told.rule == "not-installed":
            missing.setdefault(told.path, []).append(told)
    of_nothing = {
        path
        for path, several in missing.items()
        if len(several) >= max(least, len(asked.get(path, ())))
    }
    for told in found:
        if isinstance(told, Note) or told.rule != "not-installed" or told.path not in of_nothing:
            yield told
        elif told is missing[told.path][0]:
            what = (
                f"asks for {len(missing[told.path])} distributions, and none of them is installed"
            )
            yield told._replace(what=what, subject="")
