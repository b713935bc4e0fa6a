"""What is installed though nobody asks for it."""

from __future__ import annotations

from hooks.fast.specifiers import Specifiers
from hooks.files import is_inside
from hooks.harmless import quoted
from hooks.report import Finding, Note
from hooks.requirements.required import Required
from hooks.rules.closure import walk
from hooks.rules.facts import applying

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hooks.requirements.sources import Source
    from hooks.rules.facts import Asked, Facts, Venv


EXEMPT = frozenset({"pip", "setuptools", "wheel", "uv"})
"""What nobody has to declare: the tools that a venv is made and filled with."""


def undeclared(projects: Iterable[Asked], venv: Venv, allowed: Iterable[str]) -> list[str]:
    """What is installed, though no project declares it and nothing declared needs it."""
    required = [each for asked in projects for each in applying(asked.required, venv.environment)]
    # What an exempt or allowed one needs must stay as well, or that would not work any more.
    kept = [
        Required(
            "",
            None,
            name,
            name,
            Specifiers(),
            frozenset(),
            None,
            None,
            editable=False,
            constraint=False,
        )
        for name in sorted(EXEMPT.union(allowed))
    ]
    return sorted(venv.distributions.keys() - walk([*required, *kept], venv).reached.keys())


def undeclared_findings(
    allowed: Iterable[str],
    folders: Sequence[str],
    family: Sequence[Asked],
    facts: Facts,
) -> list[Finding]:
    """What the next rebuild of the venv would lose; but for the family's own projects.

    These are what the others are for: `pip install -e .` has put them there.
    """
    from hooks.fast.names import normalised
    from hooks.fixes.installer import installer_of

    venv = facts.venv
    projects = [
        name
        for name, origin in venv.origins.items()
        if origin.directory and any(is_inside(origin.directory, folder) for folder in folders)
    ]
    base = [name for name, each in venv.distributions.items() if each.in_base]
    names = undeclared(family, venv, [*projects, *base, *map(normalised, allowed)])
    fix = installer_of(facts.mended_at).command("uninstall", *names)
    return [
        Finding(
            facts.place,
            f"{quoted(f'{name}=={venv.distributions[name].version}')} is installed, but no project"
            " of the family declares it or needs it",
            fixes=(fix,),
            rule="undeclared",
            subject=name,
        )
        for name in names
    ]


def untold(undeclared: Iterable[Finding], unread: Source) -> Iterator[Note]:
    """A file that was not read as a whole may declare them."""
    for finding in undeclared:
        what = finding.what.partition(" is ")[0]
        why = f"cannot be told while {quoted(unread.path)} is not read as a whole"
        yield Note(f"whether {what} is declared {why}")
