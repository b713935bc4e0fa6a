"""What the rules are given: what projects ask for, and what the venv holds."""

from __future__ import annotations

import os

from hooks.fast.markers import Environment
from hooks.fast.records import NamedTuple
from hooks.files import real_path
from hooks.project.family import find_family
from hooks.project.shared_venv import find_venv, venv_to_fill, with_target_of_link
from hooks.requirements.sources import read_own, read_siblings, sources_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Mapping, Sequence

    from hooks.fast.specifiers import Specifiers
    from hooks.project.project import Project
    from hooks.report import Note
    from hooks.requirements.origin import Origin
    from hooks.requirements.required import Required, RequiresPython
    from hooks.requirements.sources import Siblings, Source
    from hooks.venvs.installed import Distribution, Installed


class Asked(NamedTuple):
    """What one project asks for."""

    required: Sequence[Required]
    requires_python: RequiresPython | None = None


def applying(required: Iterable[Required], environment: Environment | None) -> list[Required]:
    """Those whose marker is true. Without a venv no marker can be evaluated, and all are given."""
    if environment is None:
        return list(required)
    return [each for each in required if each.marker is None or environment.holds(each.marker)]


class Venv(NamedTuple):
    """What is installed."""

    distributions: Mapping[str, Distribution]
    environment: Environment
    origins: Mapping[str, Origin]
    """Of the distributions that were not installed by name, by their names."""
    sources: str
    """Its `src`, where pip clones what is required as `-e git+…`."""


def has(venv: Venv, name: str, specifier: Specifiers) -> bool:
    """A version that fits is installed. What is installed may be a pre-release (PEP 440)."""
    installed = venv.distributions.get(name)
    if installed is None or not specifier:
        return installed is not None
    return specifier.allow(installed.version)


class Facts(NamedTuple):
    """The venv, as it was read."""

    place: str
    mended_at: str
    """Where its repairs install: by the shared venv's own path, if that can be used."""
    installed: Installed
    venv: Venv
    notes: dict[str, Note]
    """By the names of the distributions that they are about."""


def read_facts(project: Project, options: Namespace, sources: Iterable[Source]) -> Facts | None:
    place = find_venv(project)
    if place is None:
        return None
    from hooks.venvs.installed import read_installed

    installed = read_installed(place)
    origins: dict[str, Origin] = {}
    notes: dict[str, Note] = {}
    if options.forbid_undeclared or any(
        each.url is not None for source in sources for each in source.read.required
    ):
        from hooks.requirements.places import read_origins

        origins, notes = read_origins(installed.distributions)
    environment = Environment(installed.markers, is_short=installed.python_is_short)
    clones = os.path.join(real_path(place), "src")
    venv = Venv(installed.distributions, environment, origins, clones)
    return Facts(place, venv_to_fill(project, place), installed, venv, notes)


def asked_by(sources: Iterable[Source], venv: Venv | None) -> Asked:
    required: list[Required] = []
    requires_python = None
    for source in sources:
        found = source.read.required
        if any(each.origin for each in found):
            from hooks.requirements.places import with_names

            found = with_names(found, venv.origins if venv else {})
        required += found
        requires_python = requires_python or source.read.requires_python
    return Asked(required, requires_python)


class Asking(NamedTuple):
    """All that the rules about requirements compare."""

    project: Project
    own: Sequence[Source]
    siblings: Siblings
    missing: Sequence[str]
    """What `--sibling` names, but is no directory."""
    facts: Facts | None
    """None where there is no venv."""

    @property
    def sources(self) -> list[Source]:
        return [*self.own, *sources_of(self.siblings)]

    @property
    def hidden(self) -> dict[str, str]:
        """Values that must not be printed, and what stands for them."""
        return {k: v for each in self.sources for k, v in each.read.hidden.items()}


def read_asking(project: Project, options: Namespace) -> Asking:
    project = with_target_of_link(project)
    own = read_own(project, options.requirements, options.extra, options.group)
    search = not options.no_siblings and not project.in_ci
    family = find_family(project, options.venv, options.sibling, search=search)
    siblings = read_siblings(family.siblings, own)
    facts = read_facts(project, options, [*own, *sources_of(siblings)])
    return Asking(project, own, siblings, family.missing, facts)
