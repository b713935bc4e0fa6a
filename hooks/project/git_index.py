"""What git tracks: the index that the next commit is made of, as `git ls-files` tells it."""

from __future__ import annotations

import os

from hooks.fast.records import NamedTuple
from hooks.report import Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hooks.project.project import Project


SECONDS = 10
"""How long git may think before it says anything."""


class Tracked(NamedTuple):
    """One path in the index; an unmerged one, with its stages 1 to 3, is there once."""

    path: str
    """From the working directory."""
    mode: str

    @property
    def is_link(self) -> bool:
        """On disk it may be a small text file (`core.symlinks=false`), or gone."""
        return self.mode == "120000"

    @property
    def is_repository(self) -> bool:
        """A submodule, or a repository added by mistake."""
        return self.mode == "160000"


class Question:
    """`git ls-files`, started at once and answered later: meanwhile the disk is walked.

    By `os.posix_spawnp`: to import `subprocess` takes longer than git takes to answer.
    """

    def __init__(
        self, project: Project, environ: Mapping[str, str], pathspecs: list[str] | None = None
    ) -> None:
        """Ask for what is tracked in the working directory, or only for these pathspecs."""
        # `GIT_DIR` and `GIT_INDEX_FILE`, as a hook gets them, may be relative: they count from the
        # top of the work tree, where git starts its hooks. A sub-project's folder lies deeper.
        self._top = project.git.work_tree if project.git else project.root
        self._prefix = _below(self._top, project.root)
        if pathspecs is None:
            pathspecs = [f":(literal){self._prefix}"] if self._prefix else []
        # git would run `core.fsmonitor`.
        git = ["git", "-C", self._top, "-c", "core.fsmonitor=false"]
        words = [*git, "ls-files", "-z", "--stage", "--", *pathspecs]
        pipes: list[int] = []
        self._process, self._why = 0, ""
        try:
            for _ in range(2):
                pipes += os.pipe()
            actions = [(os.POSIX_SPAWN_DUP2, pipes[1], 1), (os.POSIX_SPAWN_DUP2, pipes[3], 2)]
            self._process = os.posix_spawnp(
                "git", words, _environment(environ), file_actions=actions
            )
        except OSError as error:
            self._why = f"`git` cannot be run ({error.strerror})"
        for gits_end in pipes[1::2]:
            os.close(gits_end)
        self._pipes = pipes[::2]

    def answer(self) -> list[Tracked] | Note:
        is_stuck = bool(self._process) and self._is_stuck()
        said = []
        for pipe in self._pipes:
            with open(pipe, "rb") as file:
                said.append(file.read())
        if not self._process:
            return _unanswered(self._why)
        listed, complaints = said
        try:
            status = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        except ChildProcessError:  # who started us ignores SIGCHLD: the system forgets children
            status = int(bool(complaints))
        if is_stuck:
            return _unanswered(f"`git ls-files` said nothing for {SECONDS} s and was ended")
        if status != 0:
            return _unanswered(parse_complaint(os.fsdecode(complaints), status))
        return parse_stages(os.fsdecode(listed), self._prefix)

    def _is_stuck(self) -> bool:
        """git waits for ever where a pipe stands in the place of its index; then it is ended."""
        import select

        if select.select(self._pipes[:1], [], [], SECONDS)[0]:
            return False
        import signal

        os.kill(self._process, signal.SIGKILL)
        return True


def ask_about_venvs(project: Project, place: str, environ: Mapping[str, str]) -> Question:
    """Ask for the place of the venv or link, all below it, and what makes a directory a venv."""
    prefix = _below(project.git.work_tree if project.git else project.root, project.root)
    pattern = "".join(f"\\{char}" if char in "\\*?[" else char for char in prefix)
    pathspecs = [f":(glob){pattern}**/pyvenv.cfg", f":(glob){pattern}**/conda-meta/**"]
    if not place.startswith("../"):
        pathspecs.append(f":(literal){prefix}{place}")
    return Question(project, environ, pathspecs)


def index_after_partial_commit(project: Project, environ: Mapping[str, str]) -> str | None:
    """During `git commit FILE`: the index that it will leave behind.

    The commit itself is made of `next-index-….lock`: the last commit and FILE, without what else
    is staged. git has the full index ready beside it (`prepare_index` in builtin/commit.c).
    """
    folder, name = os.path.split(environ.get("GIT_INDEX_FILE", ""))
    after = os.path.join(folder, "index.lock")
    top = project.git.work_tree if project.git else project.root
    is_there = os.path.exists(os.path.join(top, after))
    return after if name.startswith("next-index-") and is_there else None


def venv_folders(tracked: list[Tracked]) -> set[str]:
    """The folders that are venvs by what git tracks in them, wherever they are on disk."""
    folders = set()
    for entry in tracked:
        *parents, name = entry.path.split("/")
        if "conda-meta" in parents:
            folders.add("/".join(parents[: parents.index("conda-meta")]) or ".")
        elif name == "pyvenv.cfg":
            folders.add("/".join(parents) or ".")
    return folders


def parse_stages(text: str, prefix: str) -> list[Tracked]:
    """What `git ls-files -z --stage` prints, its paths counted from `prefix`."""
    found: dict[str, Tracked] = {}
    for line in text.split("\0"):
        stage, _, path = line.partition("\t")
        if path.startswith(prefix) and path:
            found.setdefault(path, Tracked(path[len(prefix) :], stage[:6]))
    return list(found.values())


def parse_complaint(text: str, status: int) -> str:
    """The line of git's standard error that says why it gave up."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
    return (fatal or lines or [f"`git ls-files` ended with status {status}"])[0]


def _unanswered(why: str) -> Note:
    return Note(f"what git tracks was not checked: {why}")


def _below(top: str, directory: str) -> str:
    below = os.path.relpath(directory, top)
    return "" if below == "." else f"{below}/"


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """As it is, but for git's variables that change what a pathspec or the output means."""
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith("GIT_TRACE") and not name.endswith("_PATHSPECS")
    }
    return {**kept, "LC_ALL": "C"}
