"""The family on one screen: each project by the rules of its hooks, and what they share.

Reads only. What can be said of a project is found in its own folder (`one_project`); here it is
put together, with paths and commands for the folder that one started from.
"""

from __future__ import annotations

import os
import sys
from copy import copy

from hooks.fast.records import NamedTuple
from hooks.files import is_same, real_directory, real_path
from hooks.harmless import harmless, quoted
from hooks.progress import Progress
from hooks.project.activation import read_shell
from hooks.project.family import find_family, neighbours
from hooks.project.git_repository import read_git_repository
from hooks.project.link import link_at
from hooks.project.lost_siblings import find_lost
from hooks.project.own_hooks import read_own_hooks
from hooks.project.project import main_place, owner_of, place_in_main, read_project
from hooks.project.shared_venv import read_shared_venv, with_target_of_link
from hooks.report import Finding, Note
from hooks.requirements.sources import read_siblings
from hooks.rules.gathered import conflicts, first, messages, uncounted
from hooks.rules.one_project import look, options_of
from hooks.venvs.disk import measure
from hooks.venvs.installed import read_installed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Mapping

    from hooks.project.activation import Shell
    from hooks.project.project import Project, Target
    from hooks.project.shared_venv import SharedVenv
    from hooks.report import Message
    from hooks.rules.facts import Asking, Facts
    from hooks.rules.one_project import Looked
    from hooks.venvs.disk import Disk


class Shared(NamedTuple):
    """The shared venv."""

    path: str
    python: str | None
    """Its version; this and the next are None where it cannot be used."""
    distributions: int | None
    why: str | None
    """Why it cannot be used; None where it works."""


class Newer(NamedTuple):
    """The way to the next minor version of Python."""

    commands: list[str]
    """Remake the venv; then fill it."""
    why: str | None
    """Why there are none."""


class Status(NamedTuple):
    """All that is shown; paths and commands are for the folder that one started from."""

    shared: Shared
    shell: Shell | None
    projects: list[Looked]
    conflicts: list[str]
    disk: Disk | None
    fill: str | None
    """The command that installs what the whole family asks for."""
    newer: Newer | None
    """None where there is no venv to remake."""
    messages: list[Message]
    first: str | None
    """What to do first, or what is wrong where no command mends it."""
    hidden: dict[str, str]

    @property
    def with_findings(self) -> int:
        """How many projects have any."""
        return sum(any(isinstance(m, Finding) for m in each.messages) for each in self.projects)


def read_status(given: Namespace, environ: Mapping[str, str]) -> Status | str:
    """As text: why there is nothing to show. `given` are the options of the command."""
    own = read_own_hooks(".")
    mine = options_of(own, given)
    # Where the configuration is no use, what is typed, or the link, may tell the family.
    options = _over(copy(given) if isinstance(mine, str) else mine, given)
    project = with_target_of_link(read_project(options.venv, options.target, environ))
    if project.shared is None:
        found = f"{quoted(project.place)} is no link and no venv"
        return f"no family here: {found}, and there is no `--target`: run it in a project"
    if options.target is None:
        options.target = _counted_from(main_place(project), project.shared)
    siblings = _siblings(project, project.shared, options)
    here = look(".", mine if isinstance(mine, str) else options, own, environ)
    outside = {name: each for name, each in environ.items() if not _is_of_one_repository(name)}
    others = [_look_at(folder, project.shared, given, outside) for folder in siblings]
    projects = sorted([here, *others], key=lambda each: (not each.is_owner, each.name))
    return _compose(project, project.shared, here, projects, environ)


def _over(options: Namespace, given: Namespace) -> Namespace:
    """What is typed goes before what is configured."""
    options.target = given.target or options.target
    options.venv = given.venv if given.venv != "venv" else options.venv
    options.sibling = list(dict.fromkeys([*options.sibling, *given.sibling]))
    return options


def _is_of_one_repository(variable: str) -> bool:
    """In a git hook `GIT_DIR` and the like are right for this project, and for no sibling."""
    return variable.startswith("GIT_") and not variable.startswith("GIT_CONFIG")


def _counted_from(place: str, target: Target) -> str:
    """The target as a `--target` for a project at this place."""
    real = real_directory(target.path)
    return os.path.relpath(real, place) if target.is_relative else real


def _siblings(project: Project, target: Target, options: Namespace) -> list[str]:
    """All of the family but this project; the owner too where this is its other work tree."""
    search = not options.no_siblings and not project.in_ci
    lost: Iterable[str] = ()
    if search:
        lost = find_lost(neighbours(project), target, options.venv)
    lost = [os.path.relpath(path, project.root) for path in lost]
    family = find_family(project, options.venv, options.sibling, search=search, more=lost)
    owner = owner_of(project)
    is_known = project.is_owner or any(is_same(each, owner) for each in family.siblings)
    if search and not is_known and os.path.isdir(owner):
        return [owner, *family.siblings]
    return family.siblings


def _look_at(folder: str, target: Target, given: Namespace, environ: Mapping[str, str]) -> Looked:
    own = read_own_hooks(folder)
    options = options_of(own, given)
    if not isinstance(options, str) and options.target is None:
        link = link_at(os.path.join(folder, options.venv))
        root = real_path(folder)
        is_relative = link is None or not os.path.isabs(link.text)
        place = place_in_main(root, read_git_repository(root))
        options.target = _counted_from(place, target._replace(is_relative=is_relative))
    return look(folder, options, own, environ)


def _compose(
    project: Project,
    target: Target,
    here: Looked,
    projects: list[Looked],
    environ: Mapping[str, str],
) -> Status:
    shared = read_shared_venv(project, target)
    asked = [each.asking for each in projects if each.asking]
    facts = here.asking.facts if here.asking else None
    notes: list[Message] = []
    fill: str | None = None
    newer: Newer | None = None
    if here.asking is not None and facts is not None and is_same(facts.place, target.path):
        others = [each.path for each in projects if each is not here]
        asking = here.asking._replace(siblings=read_siblings(others, here.asking.own))
        fill, newer = _commands(project, asking, facts._replace(place=target.path), notes)
    disk = _measured(target.path, notes) if shared.health is not None else None
    return Status(
        _shared(target, shared),
        read_shell(environ),
        projects,
        conflicts(projects),
        disk,
        fill,
        newer,
        [*messages(projects), *notes],
        first(projects, environ),
        {k: v for each in asked for k, v in each.hidden.items()},
    )


def _shared(target: Target, shared: SharedVenv) -> Shared:
    """What the rules say of it, whatever stands in this project's place."""
    path, health = target.path, shared.health
    if health is None:
        return Shared(path, None, None, os.strerror(shared.error) if shared.error else "is missing")
    fault = next((each for each in health.faults if each.point <= 3), None)
    if fault is not None:
        where = "" if is_same(fault.path, path) else f"{quoted(fault.path)} "
        return Shared(path, None, None, f"{where}{fault.what}")
    installed = read_installed(path)
    python = installed.markers["python_full_version"]
    if installed.python_is_short:
        python = python.rpartition(".")[0]
    count = sum(not each.in_base for each in installed.distributions.values())
    return Shared(path, python, count, None)


def _commands(
    project: Project, asking: Asking, facts: Facts, notes: list[Message]
) -> tuple[str | None, Newer | None]:
    """What fills the venv for all, and what remakes it with the next Python."""
    from hooks.rules.filling import fill_family

    filling = fill_family(asking, facts)
    if isinstance(filling, str):
        notes.append(Note(f"{quoted(facts.place)}: {filling}"))
        return None, None
    left_out = filling.left_out.items()
    notes += [Note(f"{path} is left out of the command: {why}") for path, why in left_out]
    return filling.line, _newer(project, asking, facts)


def _newer(project: Project, asking: Asking, facts: Facts) -> Newer:
    from hooks.fixes.python import next_python
    from hooks.fixes.venv import make_with
    from hooks.rules.filling import fill_family

    python = next_python(project, facts.venv.environment.python)
    if python is None:
        return Newer([], "none on your PATH that suits the family")
    make = make_with(project, facts.place, python)
    if make is None:
        return Newer([], f"{python}, but the venv cannot be moved aside by you")
    then = fill_family(asking, facts, python.removeprefix("python"))
    fill = None if isinstance(then, str) else then.line
    return Newer([make, fill] if fill else [make], None)


def _measured(venv: str, notes: list[Message]) -> Disk:
    progress = Progress(sys.stderr, f"measuring {harmless(venv)}")
    try:
        disk = measure(venv, progress.tell)
    finally:
        progress.end()
    notes += uncounted(venv, disk)
    return disk
