"""What git tracks: the index that the next commit is made of, as `git ls-files` tells it."""

from __future__ import annotations

import os

from hooks.fast.records import NamedTuple
from hooks.report import Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hooks.project.project import Project


SECONDS = 10
"""How long git may think before it says anything."""


class Tracked(NamedTuple):
    """One path in the index; an unmerged one, with its stages 1 to 3, is there once."""

    path: str
    """From the working directory."""
    mode: str
    blob: str = ""
    """The id of its content."""

    @property
    def is_link(self) -> bool:
        """On disk it may be a small text file (`core.symlinks=false`), or gone."""
        return self.mode == "120000"

    @property
    def is_repository(self) -> bool:
        """A submodule, or a repository added by mistake."""
        return self.mode == "160000"


class Git:
    """A git command, started at once and answered later: meanwhile the disk is walked.

    By `os.posix_spawnp`: to import `subprocess` takes longer than git takes to answer.
    """

    def __init__(
        self, project: Project, environ: Mapping[str, str], *words: str, told: bytes = b""
    ) -> None:
        """`told` is its standard input: no more than a pipe takes that nobody reads yet."""
        # git would run `core.fsmonitor`.
        git = ["git", "-C", _top(project), "-c", "core.fsmonitor=false", *words]
        pipes: list[int] = []
        self._process, self._why = 0, ""
        try:
            for _ in range(3):
                pipes += os.pipe()
            os.write(pipes[5], told)
            ends = enumerate([pipes[4], pipes[1], pipes[3]])
            actions = [(os.POSIX_SPAWN_DUP2, end, number) for number, end in ends]
            self._process = os.posix_spawnp("git", git, _environment(environ), file_actions=actions)
        except OSError as error:
            self._why = f"`git` cannot be run ({error.strerror})"
        for end in [*pipes[1:4:2], *pipes[4:]]:
            os.close(end)
        self._pipes = pipes[:4:2]

    def answer(self) -> bytes | Note:
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
            return _unanswered(f"`git` said nothing for {SECONDS} s and was ended")
        return (
            listed if status == 0 else _unanswered(parse_complaint(os.fsdecode(complaints), status))
        )

    def _is_stuck(self) -> bool:
        """git waits for ever where a pipe stands in the place of its index; then it is ended."""
        import select

        waiting = select.poll()  # `select` takes no descriptor over 1,023
        waiting.register(self._pipes[0], select.POLLIN)
        if waiting.poll(SECONDS * 1000):
            return False
        import signal

        os.kill(self._process, signal.SIGKILL)
        return True


class Question:
    """`git ls-files`: what is tracked in the working directory."""

    def __init__(
        self, project: Project, environ: Mapping[str, str], pathspecs: list[str] | None = None
    ) -> None:
        """Ask for all of it, or only for what these pathspecs name."""
        self.is_for_all = pathspecs is None
        self._prefix = _prefix(project)
        if pathspecs is None:
            pathspecs = [f":(literal){self._prefix}"] if self._prefix else []
        self._git = Git(project, environ, "ls-files", "-z", "--stage", "--", *pathspecs)

    def answer(self) -> list[Tracked] | Note:
        listed = self._git.answer()
        return (
            listed if isinstance(listed, Note) else parse_stages(os.fsdecode(listed), self._prefix)
        )


LARGE = 2 * 1024 * 1024
"""Bytes of an index, of some 20,000 files, that takes too long to be told whole."""


def ask_by_name(
    project: Project, environ: Mapping[str, str], place: str, names: Iterable[str]
) -> Question:
    """Ask for the place of the venv or link, and for what ends with one of these, at any depth.

    A name that ends with a slash is a folder's: all that is in it. Where the index is not large it
    is asked for all: only its modes tell every link.
    """
    if not _is_large(project, environ):
        return Question(project, environ)
    prefix = _prefix(project)
    pattern = "".join(f"\\{char}" if char in "\\*?[" else char for char in prefix)
    ends = [f"{name}**" if name.endswith("/") else name for name in names]
    pathspecs = [f":(glob){pattern}**/{end}" for end in ends]
    if not place.startswith("../"):
        pathspecs.append(f":(literal){prefix}{place}")
    return Question(project, environ, pathspecs)


def _is_large(project: Project, environ: Mapping[str, str]) -> bool:
    folder = project.git.directory if project.git else environ.get("GIT_DIR", ".git")
    index = environ.get("GIT_INDEX_FILE") or os.path.join(folder, "index")
    try:
        return os.path.getsize(os.path.join(_top(project), index)) > LARGE
    except (OSError, ValueError):
        return False


def ask_for(project: Project, environ: Mapping[str, str], paths: Iterable[str]) -> Question:
    """Ask for these paths and all that is below them."""
    prefix = _prefix(project)
    each = [f":(literal){prefix}{path}" for path in paths if path != "."]
    return Question(project, environ, each if "." not in paths else None)


_AT_ONCE = 200  # ids of 65 bytes: less than a pipe of 16 KiB takes (macOS)


def read_blobs(project: Project, environ: Mapping[str, str], ids: list[str]) -> dict[str, bytes]:
    """What the index holds, by the ids of it; nothing for what git cannot give without asking."""
    found: dict[str, bytes] = {}
    for start in range(0, len(ids), _AT_ONCE):
        told = "".join(f"{each}\n" for each in ids[start : start + _AT_ONCE]).encode()
        answer = Git(project, environ, "cat-file", "--batch", told=told).answer()
        found |= {} if isinstance(answer, Note) else parse_batch(answer)
    return found


def parse_batch(content: bytes) -> dict[str, bytes]:
    """What `git cat-file --batch` prints: `ID blob SIZE`, a line break, the content, another."""
    found: dict[str, bytes] = {}
    while content:
        head, _, content = content.partition(b"\n")
        name, _, kind_and_size = head.decode("ascii", "replace").partition(" ")
        size = kind_and_size.rpartition(" ")[2]
        if size.isdigit():  # else `ID missing`, which has no content
            found[name] = content[: int(size)]
            content = content[int(size) + 1 :]
    return found


def parse_stages(text: str, prefix: str) -> list[Tracked]:
    """What `git ls-files -z --stage` prints, its paths counted from `prefix`."""
    found: dict[str, Tracked] = {}
    for line in text.split("\0"):
        stage, _, path = line.partition("\t")
        if path.startswith(prefix) and path:
            mode, _, rest = stage.partition(" ")
            blob = rest.partition(" ")[0]
            found.setdefault(path, Tracked(path[len(prefix) :], mode, blob))
    return list(found.values())


def parse_complaint(text: str, status: int) -> str:
    """The line of git's standard error that says why it gave up."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
    return (fatal or lines or [f"`git ls-files` ended with status {status}"])[0]


def _unanswered(why: str) -> Note:
    return Note(f"what git tracks was not checked: {why}")


def _top(project: Project) -> str:
    """Where git starts its hooks: `GIT_DIR` and `GIT_INDEX_FILE`, which may be relative, count
    from there. A sub-project's folder lies deeper.
    """
    return project.git.work_tree if project.git else project.root


def _prefix(project: Project) -> str:
    below = os.path.relpath(project.root, _top(project))
    return "" if below == "." else f"{below}/"


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """As it is, but for git's variables that change what a pathspec or the output means."""
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith("GIT_TRACE") and not name.endswith("_PATHSPECS")
    }
    # What a partial clone has left out is not fetched.
    return {**kept, "LC_ALL": "C", "GIT_NO_LAZY_FETCH": "1"}
