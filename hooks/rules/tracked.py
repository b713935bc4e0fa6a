"""No environment in git's index, and no link or redirect file that leads to one.

What counts is the index that git is about to commit, in CI as well.
"""

from __future__ import annotations

import os

from hooks.fast.records import NamedTuple
from hooks.files import is_inside
from hooks.harmless import quoted
from hooks.project.git_index import Question, ask_by_name, ask_for, read_blobs
from hooks.report import Finding, Note
from hooks.venvs.environment import (
    CONDA,
    MARKS,
    end_of,
    environments_among,
    is_venv,
    way_text,
)
from hooks.venvs.redirect import NAME, parse_redirect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hooks.project.git_index import Tracked
    from hooks.project.project import Project
    from hooks.venvs.search import Allowed, Found

# What people call a link to an environment: asked for though there may be nothing on disk.
_USUAL = ("venv", NAME)


class Unwanted(NamedTuple):
    """An environment in the index."""

    folder: str
    files: list[str]
    parts: list[str]
    """What to take out of git: the folder, or what in it is the environment's."""


class InGit(NamedTuple):
    findings: list[Finding]
    notes: list[Note]
    kept: frozenset[str]
    """What git tracks in the environments, and that is none of theirs."""


def ask(project: Project, environ: Mapping[str, str], place: str) -> Question | Note:
    """What has to do with the place, or makes a folder an environment; git answers later."""
    if project.git is None and "GIT_DIR" not in environ:
        return Note("what git tracks was not checked: the project is in no git repository")
    names = {*_USUAL, *(mark for _, marks in MARKS for mark in marks), os.path.basename(place)}
    names = {name for name in names if name not in {"", ".", ".."} and not set(name) & set("*?[\\")}
    return ask_by_name(project, environ, place, sorted(names))


def check(
    project: Project,
    environ: Mapping[str, str],
    question: Question | Note,
    place: str,
    found: Iterable[Found],
    allowed: Allowed,
) -> InGit:
    """Judge what git answers, and what is found on disk: of that it is asked for all."""
    answer = _answer(project, environ, question, found)
    if isinstance(answer, Note):
        return InGit([], [answer], frozenset())
    tracked = {entry.path: entry for entry in answer if not allowed.covers(entry.path)}
    folders = environments_among(entry.path for entry in answer)
    folders |= {each.path: each.kind for each in found if each.leads_to is None}
    whole = {place} if way_text(place) is not None else set()  # what is below it was a venv's once
    if not tracked:
        return InGit([], [], frozenset())
    inside = _by_folder(tracked, {*folders, *whole})
    findings = [*_ways(project, environ, tracked, inside, place)]
    records = _records(project, environ, tracked, inside)
    untracked: set[str] = set()
    for each in tracked_environments(inside, {*whole, *_condas(folders), place}, records, tracked):
        untracked.update(each.files)
        findings.append(_environment(project, each))
    files = {path for paths in inside.values() for path in paths}
    return InGit(findings, [], frozenset(files - untracked))


def _answer(
    project: Project,
    environ: Mapping[str, str],
    question: Question | Note,
    found: Iterable[Found],
) -> list[Tracked] | Note:
    """All that was asked for and, where that was not all, what is in the environments."""
    answer = question.answer() if isinstance(question, Question) else question
    if isinstance(question, Note) or isinstance(answer, Note) or question.is_for_all:
        return answer
    folders = environments_among(entry.path for entry in answer)
    asked = sorted({*folders, *(each.path for each in found)})
    more = ask_for(project, environ, asked).answer() if asked else []
    return more if isinstance(more, Note) else [*answer, *more]


def tracked_environments(
    inside: Mapping[str, list[str]],
    whole: set[str],
    records: Mapping[str, set[str]],
    tracked: Mapping[str, Tracked],
) -> Iterator[Unwanted]:
    """The tracked files of each environment, by what is tracked inside; all of those in `whole`.

    Any other may be a source folder with a venv made in its midst (`python -m venv .`): where it
    holds what is not known for an environment's, only the parts that are count.
    """
    from hooks.venvs.own_files import OWN_ENTRIES, part_of_venv

    for folder, files in inside.items():
        below = "" if folder == "." else f"{folder}/"
        names = {path: path[len(below) :] for path in files}
        recorded = records.get(folder, set())
        clones = {
            path
            for path, name in names.items()
            if name.startswith("src/") and tracked[path].is_repository
        }
        is_marked = bool(environments_among(names.values()).get("."))
        is_foreign = any(
            name.partition("/")[0] not in OWN_ENTRIES
            and name not in recorded
            and path not in clones
            for path, name in names.items()
        )
        if folder != "." and (folder in whole or (is_marked and not is_foreign)):
            yield Unwanted(folder, files, [folder])
            continue
        parts: dict[str, str] = {}
        for path, name in names.items():
            if part := part_of_venv(name):
                parts[path] = below + part
            elif name in recorded or path in clones:
                parts[path] = path
        if parts:
            yield Unwanted(folder, [*parts], list(dict.fromkeys(parts.values())))


def _by_folder(tracked: Iterable[str], folders: set[str]) -> dict[str, list[str]]:
    """The tracked paths inside of each folder, of the outermost where one is in another.

    The project's own root holds all; it takes what is in no other.
    """
    inside: dict[str, list[str]] = {}
    for path in sorted(tracked):
        ends = [end for end, char in enumerate(path) if char == "/"]
        outermost = next((path[:end] for end in ends if path[:end] in folders), ".")
        if outermost in folders:
            inside.setdefault(outermost, []).append(path)
    return inside


def _condas(folders: Mapping[str, str]) -> Iterator[str]:
    """conda makes an environment only in a folder that has nothing else."""
    return (folder for folder, kind in folders.items() if kind == CONDA)


def _records(
    project: Project,
    environ: Mapping[str, str],
    tracked: Mapping[str, Tracked],
    inside: Mapping[str, list[str]],
) -> dict[str, set[str]]:
    """What installers have put into each environment, by the records on disk and in git."""
    from hooks.venvs.own_files import RECORD, parse_record, recorded_files

    records = {folder: recorded_files(folder) for folder in inside}
    ids = {path: tracked[path].blob for each in inside.values() for path in each}
    ids = {path: blob for path, blob in ids.items() if RECORD.search(path)}
    blobs = read_blobs(project, environ, [*dict.fromkeys(ids.values())])
    for folder, paths in inside.items():
        for path in paths:
            if path in ids:
                records[folder] |= parse_record(blobs.get(ids[path], b""))
    return records


def _ways(
    project: Project,
    environ: Mapping[str, str],
    tracked: Mapping[str, Tracked],
    inside: Mapping[str, list[str]],
    place: str,
) -> Iterator[Finding]:
    """Links and redirect files, by their text in the index: on disk they may be gone."""
    covered = {path for folder, paths in inside.items() if folder != "." for path in paths}
    ways = {
        path: entry
        for path, entry in tracked.items()
        if path not in covered and (entry.is_link or os.path.basename(path) == NAME)
    }
    asked = [entry.blob for entry in ways.values() if not entry.is_repository]
    blobs = read_blobs(project, environ, [*dict.fromkeys(asked)])
    for path, entry in ways.items():
        content = blobs.get(entry.blob, b"")
        text = os.fsdecode(content) if entry.is_link else parse_redirect(content)
        if (path == place and entry.is_link) or _leads_to_environment(project, path, text):
            yield _tracked_way(project, path, is_link=entry.is_link)
    if place in tracked and tracked[place].is_repository:
        from hooks.fixes.untrack import untrack

        what = "is a nested repository that git tracks, but should be a venv or a link to one"
        yield Finding(place, what, fixes=(untrack(project, [place]),), rule="tracked-venv")


def _leads_to_environment(project: Project, path: str, text: str | None) -> bool:
    """To the shared one, to any other, or out of the project to what is missing here, as in CI."""
    if not text or "\0" in text:
        return False
    end = end_of(path, text)
    plain = os.path.normpath(end)  # its own folder may be in git alone
    if is_venv(end) or is_venv(plain) or is_venv(path):  # or by what stands there now
        return True
    if project.target and plain == os.path.normpath(project.target):
        return True
    is_usual = os.path.basename(path) in {*_USUAL, os.path.basename(project.place)}
    is_outside = plain.startswith(("../", "/")) and not is_inside(plain, project.root)
    return is_usual and is_outside and not os.path.lexists(end) and not os.path.lexists(plain)


def _tracked_way(project: Project, path: str, *, is_link: bool) -> Finding:
    """Both runners delete a venv in the place of a tracked link: tried out, see the README."""
    from hooks.fixes.untrack import untrack

    what = "a link" if is_link else "a redirect file"
    return Finding(
        path,
        f"is {what} that git tracks: {quoted(f'python -m venv {path}')} fails in CI"
        " (`File exists`), and a local venv that stands in its place at a commit is deleted"
        " by the runner's stash (`git checkout -- .`) before any hook can see it;"
        f" ignore it as {quoted(f'/{path}')}, since {quoted(f'{path}/')} does not match a link",
        fixes=(untrack(project, [path]),),
        rule="tracked-link",
    )


def _environment(project: Project, each: Unwanted) -> Finding:
    from hooks.fixes.untrack import untrack

    count = len(each.files)
    holds = f"{count} files" if count > 1 else quoted(each.files[0])
    what = f"is a venv with {holds} in git, but a venv works only where it was made"
    return Finding(each.folder, what, fixes=(untrack(project, each.parts),), rule="tracked-venv")
