"""What the rules are given: what projects ask for, and what the venv holds."""

from __future__ import annotations

import os

from hooks.fast.markers import Environment
from hooks.fast.records import NamedTuple
from hooks.files import is_same, real_path
from hooks.project.family import find_family
from hooks.project.link import link_at
from hooks.project.shared_venv import with_target_of_link
from hooks.requirements.sources import read_own, read_siblings, sources_of
from hooks.venvs.environment import is_venv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Mapping, Sequence

    from hooks.fast.specifiers import Specifiers
    from hooks.project.project import Project
    from hooks.report import Note
    from hooks.requirements.origin import Origin
    from hooks.requirements.required import Lock, Required, RequiresPython
    from hooks.requirements.sources import Siblings, Source
    from hooks.venvs.installed import Distribution, Installed


class Asked(NamedTuple):
    """What one project asks for."""

    required: Sequence[Required]
    requires_python: RequiresPython | None = None
    overrides: Sequence[Required] = ()
    """uv's: each stands for all requirements of its name."""
    locks: Sequence[Lock] = ()

    def holding(self, environment: Environment | None) -> Asked:
        """What is left of it for this environment, overrides in place of what they override."""
        if not self.overrides:
            return self._replace(required=applying(self.required, environment))
        overridden = self.overridden(environment)
        required = []
        for each in applying(self.required, environment):
            if each.name not in overridden or each.constraint:
                required.append(each)
            else:
                here = overridden[each.name or ""]
                required += [one._replace(extras=one.extras | each.extras) for one in here]
        return self._replace(required=list(dict.fromkeys(required)))

    def overridden(self, environment: Environment | None) -> dict[str, list[Required]]:
        """By their names what stands for it: nothing, where no marker of an override holds."""
        found: dict[str, list[Required]] = {each.name or "": [] for each in self.overrides}
        for each in applying(self.overrides, environment):
            found[each.name or ""].append(each)
        return found


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
    installed: Installed
    venv: Venv
    notes: dict[str, Note]
    """By the names of the distributions that they are about."""


def venv_to_read(project: Project) -> str | None:
    """The one that the right link leads to; where that cannot be used, what stands in its place."""
    place, target = project.place, project.target
    if project.in_ci:  # it has a venv of its own there, or none
        found = [each for each in [place, target] if each and is_venv(each)]
        return found[0] if found else None
    if target is not None and is_usable(target):
        return target
    link = link_at(place)
    end = place if link is None else link.end
    if is_venv(end) and (target is None or not is_same(end, target)):
        return place if link is None else real_path(end)
    return target if target is not None and is_venv(target) else None


def is_usable(venv: str) -> bool:
    """As `Health.is_usable` says, of which this is the quick half: it passes nothing broken."""
    from hooks.venvs.layout import read_configuration, site_packages
    from hooks.venvs.python import parse_version, version_in_name

    configuration = read_configuration(venv)
    if not isinstance(configuration, dict) or not configuration.get("home"):
        return False
    version = parse_version(configuration)
    base = real_path(f"{venv}/bin/python")
    told = version_in_name(os.path.basename(base)) or ""
    is_mismatch = version is not None and "." in told and told != version
    is_there = os.path.isfile(base) and os.access(base, os.X_OK)
    libraries = site_packages(venv, version)
    are_open = all(os.access(library, os.R_OK | os.X_OK) for library in libraries)
    return is_there and not is_mismatch and bool(libraries) and are_open


def read_facts(project: Project) -> Facts | None:
    """None where there is no venv, or none that can be used."""
    place = venv_to_read(project)
    if place is None or not is_usable(place):
        return None
    from hooks.venvs.installed import read_installed

    installed = read_installed(place)
    origins: dict[str, Origin] = {}
    notes: dict[str, Note] = {}
    clones = os.path.join(real_path(place), "src")
    everything = installed.distributions.values()
    if any(each.direct_url_json or each.editable_project for each in everything):
        from hooks.requirements.places import read_origins

        origins, notes = read_origins(installed.distributions, clones)
    environment = Environment(installed.markers, is_short=installed.python_is_short)
    venv = Venv(installed.distributions, environment, origins, clones)
    return Facts(place, installed, venv, notes)


def asked_by(sources: Iterable[Source], venv: Venv | None) -> Asked:
    required: list[Required] = []
    requires_python = None
    overrides: list[Required] = []
    locks = []
    for source in sources:
        found = source.read.required
        if any(each.origin for each in found):
            from hooks.requirements.places import with_names

            found = with_names(found, venv.origins if venv else {})
        required += found
        requires_python = requires_python or source.read.requires_python
        overrides += source.read.overrides
        locks += [source.read.lock] if source.read.lock else []
    return Asked(required, requires_python, overrides, locks)


class Asking(NamedTuple):
    """All that the rules about requirements compare."""

    project: Project
    own: Sequence[Source]
    siblings: Siblings
    missing: Sequence[str]
    """What `--sibling` names, but is no directory."""
    facts: Facts | None
    """None where there is no venv that can be used."""

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
    facts = read_facts(project)
    return Asking(project, own, siblings, family.missing, facts)
