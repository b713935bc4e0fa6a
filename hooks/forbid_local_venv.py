"""No virtual environment in the project but the one that belongs there: not on disk, not in git."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from hooks.arguments import Parser
from hooks.files import read_link
from hooks.git_index import (
    Question,
    Tracked,
    ask_about_venvs,
    index_after_partial_commit,
    venv_folders,
)
from hooks.project import Project, is_same_entry, read_project, real_directory
from hooks.report import Finding, Message, Note, quoted, report
from hooks.venv_search import Allowed, find_venvs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace


def main(argv: Sequence[str] | None = None) -> int:
    options = parse_arguments(argv)
    project = read_project(options.venv, options.target, os.environ)
    return report(check(project, Allowed(options.allow), os.environ))


def parse_arguments(argv: Sequence[str] | None) -> Namespace:
    parser = Parser("forbid-local-venv", __doc__)
    parser.add_argument(
        "--allow",
        metavar="GLOB",
        action="append",
        default=[],
        help="a path from the project, or a folder above it, that may be a venv: 'examples/*'",
    )
    return parser.read(argv)


def check(project: Project, allowed: Allowed, environ: Mapping[str, str]) -> list[Message]:
    """The disk and git's index, side by side; findings in the order of their paths."""
    place = os.path.relpath(real_directory(project.place), project.root)
    if project.target is None and (text := read_link(project.place)) is not None:
        project = project.leading_to(text)  # the link's own end
    question = _ask(project, environ, place)  # git looks at its index while we look at the disk
    venvs, notes = find_venvs(allowed)
    answer = _answer(question, notes, allowed)
    tracked = answer or []
    folders = venv_folders(tracked).union(venvs)
    if os.path.islink(place):
        folders.add(place)  # what git has below it was in a venv that stood there
    if answer is not None and folders - {place}:  # what else they hold was not asked for
        tracked = _answer(_ask(project, environ), notes, allowed) or []
    findings, freed = _check_index(project, tracked, folders, place)
    if findings and (after := index_after_partial_commit(project, environ)):
        environ = {**environ, "GIT_INDEX_FILE": after}
        remaining = _answer(_ask(project, environ), notes, allowed) or []
        findings = _unmended(findings, _check_index(project, remaining, folders, place)[0], notes)
    if not project.in_ci:
        unwanted = [venv for venv in venvs if not _belongs_there(project, venv, place)]
        kept = {entry.path for entry in tracked} - freed
        findings += [_local_venv(project, venv, place, kept) for venv in unwanted]
    return [*sorted(findings, key=lambda finding: finding.path), *notes]


def _ask(project: Project, environ: Mapping[str, str], place: str | None = None) -> Question | Note:
    """What is tracked: all of it or, given the place, what has to do with that and with venvs."""
    if project.git is None and "GIT_DIR" not in environ:
        return Note("what git tracks was not checked: the project is in no git repository")
    if place is None:
        return Question(project, environ)
    return ask_about_venvs(project, place, environ)


def _answer(question: Question | Note, notes: list[Note], allowed: Allowed) -> list[Tracked] | None:
    answer = question.answer() if isinstance(question, Question) else question
    if isinstance(answer, Note):
        notes.append(answer)
        return None
    return [entry for entry in answer if not allowed.covers(entry.path)]


def _check_index(
    project: Project, tracked: list[Tracked], folders: set[str], place: str
) -> tuple[list[Finding], set[str]]:
    """The link itself and the files of each venv; and which paths their repair takes out of git."""
    findings: list[Finding] = []
    freed: set[str] = set()
    if not tracked:
        return findings, freed
    from hooks.local_venv import tracked_venvs, untrack

    findings += [
        _tracked_link(entry, untrack(project, [place], ignore=place))
        for entry in tracked
        if entry.path == place and (entry.is_link or entry.is_repository)
    ]
    for folder, files, parts in tracked_venvs([entry.path for entry in tracked], folders, place):
        freed.update(files)
        holds = f"{len(files)} files" if len(files) > 1 else quoted(files[0])
        what = f"is a venv with {holds} in git, but a venv works only where it was made"
        fix = untrack(project, parts, ignore=folder if parts == [folder] else None)
        findings.append(Finding(folder, what, fixes=(fix,)))
    return findings, freed


def _unmended(now: list[Finding], later: list[Finding], notes: list[Note]) -> list[Finding]:
    """Not what is staged already: `git commit FILE` takes all but FILE from the last commit."""
    still = {finding.path for finding in later}
    mended = [finding.path for finding in now if finding.path not in still]
    notes += [Note(f"{quoted(path)} leaves git with the next full commit") for path in mended]
    return [finding for finding in now if finding.path in still]


def _tracked_link(entry: Tracked, fix: str) -> Finding:
    """Both runners delete a venv in the place of a tracked link: tried out, see the README."""
    place = entry.path
    if entry.is_repository:
        what = "is a nested repository that git tracks, but should be a venv or a link to one"
        return Finding(place, what, fixes=(fix,))
    return Finding(
        place,
        f"is a link that git tracks: {quoted(f'python -m venv {place}')} fails in CI"
        " (`File exists`), and a local venv that stands in its place at a commit is deleted"
        " by the runner's stash (`git checkout -- .`) before any hook can see it;"
        f" ignore it as {quoted(f'/{place}')}, since {quoted(f'{place}/')} does not match a link",
        fixes=(fix,),
    )


def _belongs_there(project: Project, venv: str, place: str) -> bool:
    """The owner's venv, or the fallback: at the link's place, while the target cannot be used."""
    if project.target is None:
        return False
    if is_same_entry(venv, project.target):
        return True
    from hooks.venv_layout import read_health

    return venv == place and not read_health(project.target, project.trusted_users).is_usable


def _local_venv(project: Project, venv: str, place: str, tracked: set[str]) -> Finding:
    what = "is itself a local venv" if venv == "." else "is a local venv"
    if project.target is None:
        return Finding(venv, f"{what}: say with `--target` where the shared venv is")
    from hooks.local_venv import missing_from_shared, remove
    from hooks.repair import get_owner, put_link
    from hooks.venv_layout import is_venv

    fixes: tuple[str, ...]
    kept = project.target
    if not os.path.isdir(kept) and venv != place and is_venv(place):
        kept = place  # the fallback
    elif not os.path.isdir(kept):  # there is nothing to go back to; or `--target` is misspelt
        fixes = () if project.is_owner else get_owner(project)
        what = f"{what}, and the shared one, {quoted(kept)}, is missing"
        return Finding(venv, what, fixes=fixes)
    missing = missing_from_shared(venv, kept)
    if venv == place and not project.is_owner:
        fixes = (put_link(project),)
    else:
        fixes = remove(venv, tracked)
    uses = "shares" if kept == project.target else "falls back to"
    shared = f"but {quoted(kept)} is the one that this project {uses}"
    return Finding(venv, f"{what}, {shared}{missing}", fixes=fixes)
