"""No environment in git's index."""

from __future__ import annotations

from hooks.fast.records import NamedTuple
from hooks.harmless import quoted
from hooks.project.git_index import Question, ask_about_venvs
from hooks.report import Finding, Note
from hooks.venvs.own_files import OWN_ENTRIES, part_of_venv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hooks.project.git_index import Tracked
    from hooks.project.project import Project
    from hooks.venvs.search import Allowed


class TrackedVenv(NamedTuple):
    folder: str
    files: list[str]
    parts: list[str]
    """What to take out of git: the folder, or what in it is the venv's."""


def tracked_venvs(paths: list[str], folders: set[str], place: str) -> list[TrackedVenv]:
    """The tracked files of each venv: `folders` are venvs, `place` holds nothing but one.

    Any other may be a source folder with a venv made in its midst (`python -m venv .`): there
    only the venv's parts count.
    """
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        ends = [end for end, char in enumerate(path) if char == "/"]
        outermost = next((path[:end] for end in ends if path[:end] in folders), ".")
        if outermost in folders:
            by_folder.setdefault(outermost, []).append(path)
    found = []
    for folder, files in by_folder.items():
        below = "" if folder == "." else f"{folder}/"
        inside = [path[len(below) :] for path in files]
        is_marked = any(path == "pyvenv.cfg" or path.startswith("conda-meta/") for path in inside)
        has_more = not OWN_ENTRIES.issuperset(path.partition("/")[0] for path in inside)
        if folder != "." and (folder == place or (is_marked and not has_more)):
            found.append(TrackedVenv(folder, files, [folder]))
            continue
        parts = {path: below + part for path in inside if (part := part_of_venv(path))}
        if parts:
            own = [below + path for path in parts]
            found.append(TrackedVenv(folder, own, list(dict.fromkeys(parts.values()))))
    return found


def ask(project: Project, environ: Mapping[str, str], place: str | None = None) -> Question | Note:
    """What is tracked: all of it or, given the place, what has to do with that and with venvs."""
    if project.git is None and "GIT_DIR" not in environ:
        return Note("what git tracks was not checked: the project is in no git repository")
    if place is None:
        return Question(project, environ)
    return ask_about_venvs(project, place, environ)


def answer_of(
    question: Question | Note, notes: list[Note], allowed: Allowed
) -> list[Tracked] | None:
    answer = question.answer() if isinstance(question, Question) else question
    if isinstance(answer, Note):
        notes.append(answer)
        return None
    return [entry for entry in answer if not allowed.covers(entry.path)]


def check_index(
    project: Project, tracked: list[Tracked], folders: set[str], place: str
) -> tuple[list[Finding], set[str]]:
    """The link itself and the files of each venv; and which paths their repair takes out of git."""
    findings: list[Finding] = []
    freed: set[str] = set()
    if not tracked:
        return findings, freed
    from hooks.fixes.remove import untrack
    from hooks.rules.tracked import tracked_venvs

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
        findings.append(Finding(folder, what, fixes=(fix,), rule="tracked-venv"))
    return findings, freed


def unmended(now: list[Finding], later: list[Finding], notes: list[Note]) -> list[Finding]:
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
        return Finding(place, what, fixes=(fix,), rule="tracked-venv")
    return Finding(
        place,
        f"is a link that git tracks: {quoted(f'python -m venv {place}')} fails in CI"
        " (`File exists`), and a local venv that stands in its place at a commit is deleted"
        " by the runner's stash (`git checkout -- .`) before any hook can see it;"
        f" ignore it as {quoted(f'/{place}')}, since {quoted(f'{place}/')} does not match a link",
        fixes=(fix,),
        rule="tracked-link",
    )
