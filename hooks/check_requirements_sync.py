"""The shared venv holds what this project asks for, and the family does not contradict itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hooks import compare
from hooks.arguments import Parser
from hooks.closure import Venv
from hooks.declared import Source, read_defaults, read_optional, read_own
from hooks.files import read_link, real_path
from hooks.markers import Environment
from hooks.project import (
    Project,
    find_family,
    is_inside,
    main_place,
    read_project,
)
from hooks.records import NamedTuple
from hooks.report import Finding, Message, Note, quoted, report
from hooks.venv_layout import is_venv, read_health

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from hooks.asked_for import Required
    from hooks.installed import Installed
    from hooks.origin import Origin


def main(argv: Sequence[str] | None = None) -> int:
    parser = make_parser()
    options = parser.read(argv)
    project = with_target_of_link(read_project(options.venv, options.target, os.environ))
    own = read_own(project, options.requirements, options.extra, options.group)
    if why := unanswerable(project, options, own):
        parser.error(why)
    search = not options.no_siblings and not project.in_ci
    family = find_family(project, options.venv, options.sibling, search=search)
    siblings = read_siblings(family.siblings, own)
    facts = read_facts(project, options, [*own, *_sources(siblings)])
    messages: list[Message] = [
        Finding(path, "is no directory, but `--sibling` names it") for path in family.missing
    ]
    messages += check(project, options, own, siblings, facts)
    sources = [*own, *_sources(siblings)]
    return report(messages, {k: v for each in sources for k, v in each.read.hidden.items()})


def make_parser() -> Parser:
    parser = Parser("check-requirements-sync", __doc__)

    def add_list(option: str, metavar: str, text: str) -> None:
        parser.add_argument(option, metavar=metavar, action="append", default=[], help=text)

    add_list(
        "--requirements",
        "FILE",
        "a requirements file, pyproject.toml or pylock.toml that tells what is asked for"
        " (default: requirements.txt, and pyproject.toml if it has [project] dependencies)",
    )
    add_list("--extra", "NAME", "optional dependencies of pyproject.toml to include")
    add_list("--group", "NAME", "a dependency group of pyproject.toml to include")
    add_list("--sibling", "PATH", "another project of the family, besides those that are found")
    parser.add_argument(
        "--no-siblings", action="store_true", help="do not search for the family's other projects"
    )
    parser.add_argument(
        "--forbid-undeclared",
        action="store_true",
        help="refuse what is installed though no project of the family needs it",
    )
    add_list("--allow-undeclared", "NAME", "a distribution that nobody has to declare")
    return parser


def unanswerable(project: Project, options: Namespace, own: Sequence[Source]) -> str | None:
    """Why the question cannot be asked."""
    is_toml = any(source.path.endswith(".toml") for source in own)
    if (options.extra or options.group) and not is_toml:
        return "--extra and --group need a pyproject.toml or a pylock.toml"
    if project.is_owner and not any(source.is_answer for source in own):
        return "nothing to check: no requirements.txt, no [project] dependencies in pyproject.toml"
    return None


# -- facts ----------------------------------------------------------------------------------------

Siblings = Mapping[str, Sequence[Source]]


class Facts(NamedTuple):
    """The venv, as it was read."""

    place: str
    mended_at: str
    """Where its repairs install: by the shared venv's own path, if that can be used."""
    installed: Installed
    venv: Venv
    notes: dict[str, Note]
    """By the names of the distributions that they are about."""


def with_target_of_link(project: Project) -> Project:
    """Without `--target` the link tells the venv; a real venv is this project's own."""
    place = project.place
    if project.target is not None:
        return project
    text = read_link(place)
    if text is None:
        # In CI a member has a venv of its own, too.
        return project._replace(
            target=place if is_venv(place) else None,
            is_owner=is_venv(place) and not project.in_ci,
        )
    target = real_path(place)
    if os.path.isabs(text):
        return project._replace(target=target)
    return project._replace(target=os.path.relpath(target), target_is_relative=True)


def find_venv(project: Project) -> str | None:
    """The venv to look into; by its own path, where the link leads to the target."""
    place, target = project.place, project.target
    if is_venv(place):
        if target is not None and real_path(place) == real_path(target):
            return target
        return real_path(place) if os.path.islink(place) else place
    return target if target is not None and is_venv(target) else None


def read_siblings(paths: Iterable[str], own: Sequence[Source]) -> Siblings:
    """What the siblings declare; the owner that this project inherits from is no sibling."""
    known = {real_path(source.directory) for source in own}
    return {path: read_defaults(path) for path in paths if real_path(path) not in known}


def read_facts(project: Project, options: Namespace, sources: Iterable[Source]) -> Facts | None:
    place = find_venv(project)
    if place is None:
        return None
    from hooks.installed import read_installed

    installed = read_installed(place)
    origins: dict[str, Origin] = {}
    notes: dict[str, Note] = {}
    if options.forbid_undeclared or any(
        each.url is not None for source in sources for each in source.read.required
    ):
        from hooks.places import read_origins

        origins, notes = read_origins(installed.distributions)
    environment = Environment(installed.markers, is_short=installed.python_is_short)
    clones = os.path.join(real_path(place), "src")
    venv = Venv(installed.distributions, environment, origins, clones)
    return Facts(place, _place_to_mend(project, place), installed, venv, notes)


def _place_to_mend(project: Project, place: str) -> str:
    """Not a local venv that is about to give way to the link."""
    target = project.target
    if project.in_ci or project.is_owner or not target or os.path.islink(project.place):
        return place
    return target if read_health(target, project.trusted_users).is_usable else place


# -- findings -------------------------------------------------------------------------------------


def check(
    project: Project,
    options: Namespace,
    own: Sequence[Source],
    siblings: Siblings,
    facts: Facts | None,
) -> list[Message]:
    """Compare the facts; the findings come in the order in which one reads the files."""
    venv = facts.venv if facts else None
    asked = _asked(own, venv)
    family = [_asked(sources, venv) for sources in siblings.values()]
    notes = [each for each in _read_messages(own) if isinstance(each, Note)]
    notes += map(_as_note, _read_messages(_sources(siblings)))
    in_main_work_tree = False
    if venv is not None and main_place(project) != project.root:
        from hooks import places

        required, more = places.in_main_work_tree(project, asked.required, venv.origins)
        in_main_work_tree = required != asked.required
        asked = asked._replace(required=required)
        notes += more

    # Where the owner and a sibling part is not for a member to tell that only inherits.
    declares = any(source.is_answer and source.directory == "." for source in own)
    comparison = compare.check(asked, family if declares else [], venv)
    findings = [each for each in _read_messages(own) if isinstance(each, Finding)]
    # A file with `-e .` would take from the main work tree what all have from there.
    findings += _findings(comparison, own, facts, by_words=in_main_work_tree)
    paths = [*(source.path for source in own), *(each.path for each in asked.required)]
    rank = {path: position for position, path in reversed([*enumerate(paths)])}
    findings.sort(key=lambda each: (rank.get(each.path, len(rank)), each.line or 0))
    notes += comparison.notes

    if facts is not None:
        if facts.mended_at != facts.place and is_venv(facts.place):
            what = f"{quoted(facts.place)} is a local venv: what is installed was read from it"
            notes.append(Note(f"{what}, not from {quoted(facts.mended_at)}"))
        notes += facts.installed.notes
        notes += (note for name, note in facts.notes.items() if name in comparison.needed)
        if options.forbid_undeclared:
            everyone = [asked, *family]
            everyone += [_asked(read_optional(folder), venv) for folder in [".", *siblings]]
            folders = [project.root, main_place(project), *map(real_path, siblings)]
            undeclared = _undeclared(options.allow_undeclared, folders, everyone, facts)
            if unread := [each for each in [*own, *_sources(siblings)] if each.read.messages]:
                notes += _untold(undeclared, unread[0])
            else:
                findings += undeclared
    elif project.in_ci:
        notes.append(Note(f"{project.place}: no venv here in CI: what is installed is not checked"))
    else:
        findings.append(_no_venv(project))
    if not any(source.is_answer for source in own):
        notes.append(Note("nothing is asked for, neither here nor in an owner to inherit from"))
    return [*findings, *notes]


def _sources(siblings: Siblings) -> list[Source]:
    return [source for sources in siblings.values() for source in sources]


def _read_messages(sources: Iterable[Source]) -> list[Finding | Note]:
    return [message for source in sources for message in source.read.messages]


def _as_note(message: Finding | Note) -> Note:
    """What is wrong in a sibling's file is for the sibling to mend."""
    if isinstance(message, Note):
        return message
    place = message.path if message.line is None else f"{message.path}:{message.line}"
    return Note(f"{place}: {message.what}")


def _asked(sources: Iterable[Source], venv: Venv | None) -> compare.Asked:
    required: list[Required] = []
    requires_python = None
    for source in sources:
        found = source.read.required
        if any(each.url for each in found):
            from hooks.places import at_real_places

            found = at_real_places(found, venv.origins if venv else {}, source.directory)
        required += found
        requires_python = requires_python or source.read.requires_python
    return compare.Asked(required, requires_python)


def _findings(
    comparison: compare.Comparison, own: Sequence[Source], facts: Facts | None, *, by_words: bool
) -> list[Finding]:
    """The problems, and the broken metadata of what is needed; one command mends what it can."""
    problems = [
        (Finding(each.path, each.what, each.line), each.mend) for each in comparison.problems
    ]
    if facts is None:
        return [finding for finding, _ in problems]
    broken = [
        (finding, line)
        for name, line in comparison.needed.items()
        for finding in facts.installed.messages_by_name.get(name, [])
    ]
    if not problems and not broken:
        return []
    from hooks.installer import install_command, installer_of

    installer = installer_of(facts.mended_at)
    line = install_command(installer, own, comparison, broken, by_words=by_words)
    fixes = () if line is None else (line,)
    return [
        *(each._replace(fixes=fixes) if mend else each for each, mend in problems),
        *(each._replace(fixes=fixes) if each.fixes else each for each, _ in broken),
    ]


def _no_venv(project: Project) -> Finding:
    from hooks import repair

    what = "there is no virtual environment"
    if project.target is None:
        what = f"{what}; `--target` names the shared one"
        return Finding(project.place, what, fixes=(repair.fall_back(project),))
    if project.is_owner:
        return Finding(project.place, what, fixes=(repair.make_venv(project.place),))
    fixes = (*repair.get_owner(project), repair.fall_back(project))
    return Finding(project.place, f"{what}, nor at {quoted(project.target)}", fixes=fixes)


def _undeclared(
    allowed: Iterable[str],
    folders: Sequence[str],
    family: Sequence[compare.Asked],
    facts: Facts,
) -> list[Finding]:
    """What the next rebuild of the venv would lose; but for the family's own projects.

    These are what the others are for: `pip install -e .` has put them there.
    """
    from hooks.installer import installer_of
    from hooks.names import normalised

    venv = facts.venv
    projects = [
        name
        for name, origin in venv.origins.items()
        if origin.directory and any(is_inside(origin.directory, folder) for folder in folders)
    ]
    base = [name for name, each in venv.distributions.items() if each.in_base]
    names = compare.undeclared(family, venv, [*projects, *base, *map(normalised, allowed)])
    fix = installer_of(facts.mended_at).command("uninstall", *names)
    return [
        Finding(
            facts.place,
            f"{quoted(f'{name}=={venv.distributions[name].version}')} is installed, but no project"
            " of the family declares it or needs it",
            fixes=(fix,),
        )
        for name in names
    ]


def _untold(undeclared: Iterable[Finding], unread: Source) -> Iterator[Note]:
    """A file that was not read as a whole may declare them."""
    for finding in undeclared:
        what = finding.what.partition(" is ")[0]
        why = f"cannot be told while {quoted(unread.path)} is not read as a whole"
        yield Note(f"whether {what} is declared {why}")
