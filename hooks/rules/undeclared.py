"""What is installed though nobody asks for it."""

from __future__ import annotations

from hooks.fast.names import INSTALLERS, normalised
from hooks.fast.records import NamedTuple
from hooks.fast.specifiers import Specifiers
from hooks.files import is_inside
from hooks.harmless import quoted
from hooks.report import Finding, Note
from hooks.requirements.required import Required
from hooks.rules.closure import Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hooks.requirements.sources import Source
    from hooks.rules.facts import Asked, Facts, Venv


class Root(NamedTuple):
    """An undeclared distribution that no other one needs; of a circle the first by its name."""

    name: str
    alone: int
    """How many more of them only it needs."""
    shared: int
    """How many it needs as others do that come after it."""


def undeclared(projects: Iterable[Asked], venv: Venv, allowed: Iterable[str]) -> list[str]:
    """What is installed, though no project declares it and nothing declared needs it."""
    graph = Graph(venv)
    # What an exempt or allowed one needs must stay as well, or that would not work any more.
    reached = set(graph.walk([_by_name(name) for name in {*INSTALLERS, *allowed}]).reached)
    for each in projects:
        asked = each.holding(venv.environment)
        reached |= graph.walk(asked.required, asked.overridden(venv.environment)).reached.keys()
    return sorted(venv.distributions.keys() - reached)


def roots(names: Sequence[str], venv: Venv) -> list[Root]:
    """Of these, those that no other needs, each with how many it leads to."""
    graph = Graph(venv)
    among = set(names)
    leads_to = {name: among & graph.walk([_by_name(name)]).reached.keys() for name in names}
    tops = [
        name
        for name in names
        if all(
            name not in leads_to[other] or (other in leads_to[name] and name <= other)
            for other in names
        )
    ]
    counted: set[str] = set()
    found = []
    for top in tops:
        others = set().union(*(leads_to[other] for other in tops if other != top))
        alone = leads_to[top] - others - {top}
        shared = (leads_to[top] & others) - counted - {top}
        counted |= shared
        found.append(Root(top, len(alone), len(shared)))
    return found


def _by_name(name: str) -> Required:
    return Required(
        path="",
        line=None,
        text=name,
        name=name,
        specifier=Specifiers(),
        extras=frozenset(),
        marker=None,
        origin=None,
        editable=False,
        constraint=False,
    )


def undeclared_findings(
    allowed: Iterable[str],
    folders: Sequence[str],
    family: Sequence[Asked],
    facts: Facts,
) -> list[Finding]:
    """What the next rebuild of the venv would lose; but for the family's own projects.

    These are what the others are for: `pip install -e .` has put them there.
    """
    venv = facts.venv
    projects = [
        name
        for name, origin in venv.origins.items()
        if origin.directory and any(is_inside(origin.directory, folder) for folder in folders)
    ]
    base = [name for name, each in venv.distributions.items() if each.in_base]
    names = undeclared(family, venv, [*projects, *base, *map(normalised, allowed)])
    return [_finding(each, facts) for each in roots(names, venv)] if names else []


def _finding(root: Root, facts: Facts) -> Finding:
    version = facts.venv.distributions[root.name].version
    more = [
        f"{count} that {what}"
        for count, what in [
            (root.alone, "only it needs"),
            (root.shared, "it needs as others below do"),
        ]
        if count
    ]
    also = "".join(f", and {each}" for each in more)
    what = (
        f"{quoted(f'{root.name}=={version}')} is installed{also}, but no project of the family"
        f" declares it or needs it: write it down where it is needed,"
        f" or allow it with {quoted(f'--allow-undeclared={root.name}')}"
    )
    return Finding(facts.place, what, rule="undeclared", subject=root.name)


def untold(undeclared: Iterable[Finding], unread: Source) -> Iterator[Note]:
    """A file that was not read as a whole may declare them."""
    for finding in undeclared:
        what = quoted(finding.subject)
        why = f"cannot be told while {quoted(unread.path)} is not read as a whole"
        yield Note(f"whether {what} is declared {why}")
