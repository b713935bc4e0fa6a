"""What fills the shared venv for the whole family, whether or not it lacks anything. Reads only."""

from __future__ import annotations

from hooks.fast.markers import Environment
from hooks.fixes.install import Filling, Wish, fill, line_of
from hooks.requirements.sources import sources_of
from hooks.rules import in_sync
from hooks.rules.facts import asked_by
from hooks.rules.sync import what_is_meant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.rules.facts import Asking, Facts


def fill_family(asking: Asking, facts: Facts, python: str | None = None) -> Filling | str:
    """One line for the files of all projects; as text: why nothing can be installed.

    What contradicts another project's lines is left out. `python`: for the venv that it is when
    it was remade with this minor version (`3.12`).
    """
    asked, meant, _ = what_is_meant(asking)
    family = [asked_by(sources, facts.venv) for sources in asking.siblings.values()]
    comparison = in_sync.check(asked, family, facts.venv, to_fill=True)
    environment = facts.venv.environment
    if python is not None:
        full = f"{python}.0"
        newer = {
            "python_version": python,
            "python_full_version": full,
            "implementation_version": full,
        }
        environment = Environment({**facts.installed.markers, **newer}, is_short=True)
    wish = Wish(
        asking.own,
        sources_of(asking.siblings),
        lambda each: each.marker is None or environment.holds(each.marker),
        frozenset(map(line_of, comparison.unsettled)),
        meant=meant,
    )
    return fill(facts.place, wish)
