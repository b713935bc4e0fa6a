"""A problem in parts, and how a venv fails one requirement. No I/O."""

from __future__ import annotations

from hooks.fast.names import normalised
from hooks.fast.records import NamedTuple
from hooks.harmless import quoted
from hooks.rules.facts import has

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hooks.fixes.install import Mend
    from hooks.requirements.required import Required, RequiresPython
    from hooks.rules.facts import Venv


class Told(NamedTuple):
    """Something is wrong at this line of the project; `mend` is None where no command helps."""

    path: str
    line: int | None
    what: str
    required: Required | None = None
    mend: Mend | None = None
    rule: str = ""

    @property
    def subject(self) -> str:
        return self.required.name or "" if self.required else ""


class Mismatch(NamedTuple):
    """How the venv fails a requirement; completes a sentence that begins with it."""

    what: str
    is_certain: bool = True
    remove: str = ""


def mismatch(required: Required, venv: Venv) -> Mismatch | None:
    """Whether what is installed is what is required, its version and where it comes from."""
    name, installed = required.name, venv.distributions.get(required.name or "")
    asks = "is a constraint" if required.constraint else "is required"
    if name is None:
        return Mismatch(f"{asks}, but nothing is installed from there")
    if installed is None:
        return Mismatch(f"{asks}, but not installed")
    remove = ""
    if required.origin is not None:
        from hooks.requirements.origin import difference

        differs = difference(required.origin, venv.origins.get(name), venv.sources)
        if differs is not None:
            what = differs.what
            if what.startswith("it ") and name not in normalised(required.text):
                what = f"{quoted(name)}{what[2:]}"  # of `-e .`
            return Mismatch(f"{asks}, but {what}", differs.is_certain, name)
        remove = name  # a wheel of that name was built anew, in another version
    if not has(venv, name, required.specifier):
        return Mismatch(f"{asks}, but {quoted(installed.version)} is installed", remove=remove)
    return None


def is_met(lines: Iterable[Required], venv: Venv) -> bool:
    return all(mismatch(each, venv) is None for each in lines)


def place_of(line: Required | RequiresPython) -> str:
    return line.path if line.line is None else f"{line.path}:{line.line}"
