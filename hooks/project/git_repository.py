"""Where git keeps a work tree's repository, read from files: no git is run."""

from __future__ import annotations

import os
import re

from hooks.fast.records import NamedTuple
from hooks.files import read_file, real_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class GitRepository(NamedTuple):
    """Where git keeps this work tree's repository, read from files: no git is run."""

    work_tree: str
    """Absolute, without links: the directory that holds `.git`."""
    directory: str
    """This work tree's own git directory."""
    common_directory: str
    """The one that it shares with its linked work trees; else the same."""
    main_work_tree: str | None
    """None for a bare repository."""

    @property
    def is_linked(self) -> bool:
        """A work tree made by `git worktree add`; a submodule is none."""
        return self.directory != self.common_directory


def read_git_repository(start: str) -> GitRepository | None:
    """The repository whose work tree `start` (absolute) is in, or None.

    `GIT_DIR` is not asked: in a hook git sets it to what the `.git` here says anyway.
    Layout: gitrepository-layout(5), "gitdir" and "commondir".
    """
    for work_tree in _upwards(start):
        dot_git = os.path.join(work_tree, ".git")
        if os.path.isdir(dot_git):
            directory = real_path(dot_git)
            return GitRepository(work_tree, directory, directory, work_tree)
        pointer = read_file(dot_git, at_most=65536)
        if isinstance(pointer, bytes) and pointer.startswith(b"gitdir:"):
            text = os.fsdecode(pointer[len(b"gitdir:") :].strip(b" \r\n"))
            directory = real_path(os.path.join(work_tree, text))
            common = _common_directory(directory)
            main = work_tree if common == directory else _main_work_tree(common)
            return GitRepository(work_tree, directory, common, main)
    return None


def _common_directory(directory: str) -> str:
    pointer = read_file(os.path.join(directory, "commondir"), at_most=65536)
    if not isinstance(pointer, bytes):
        return directory  # a submodule, or `git init --separate-git-dir`
    return real_path(os.path.join(directory, os.fsdecode(pointer.strip(b"\r\n"))))


def _main_work_tree(common: str) -> str | None:
    """Where the main work tree of a common directory is, as git finds it (worktree.c)."""
    settings = read_settings(common)
    if settings.get("core.bare", "").lower() in {"true", "yes", "on", "1"}:
        return None
    if "core.worktree" in settings:  # a submodule's, counted from the git directory
        return real_path(os.path.join(common, settings["core.worktree"]))
    return os.path.dirname(common) if os.path.basename(common) == ".git" else None


def read_settings(common: str) -> dict[str, str]:
    """The repository's own settings: `core.bare`, `remote.origin.url`… (git-config(1))."""
    settings: dict[str, str] = {}
    # With `extensions.worktreeConfig` the main work tree's own settings move to the second file.
    for name in ["config", "config.worktree"]:
        content = read_file(os.path.join(common, name), at_most=1 << 20)
        if isinstance(content, bytes):
            settings |= parse_settings(os.fsdecode(content))
    return settings


def parse_settings(text: str) -> dict[str, str]:
    """One file of git's configuration, without what it includes; the last of equal keys counts."""
    settings: dict[str, str] = {}
    section = ""
    for line in text.splitlines():
        # Possessive: it takes quadratic time else, for spaces.
        if header := re.match(r'\s*+\[\s*+([\w.-]++)\s*+(?:"(.*)")?\s*+\]', line):
            section = f"{header[1].lower()}.{header[2]}" if header[2] else header[1].lower()
        elif setting := re.match(r"\s*+(\w++)\s*+(?:=\s*+(.*)|[#;].*)?$", line):
            # A bare key is true, and one that is set to nothing is not.
            value = "true" if setting[2] is None else _value(setting[2])
            settings[f"{section}.{setting[1].lower()}"] = value
    return settings


def _value(text: str) -> str:
    """Without its quotes, or the comment that follows it."""
    if '"' not in text:
        text = text.partition("#")[0].partition(";")[0]
    return text.strip().strip('"')


def head_branch(git: GitRepository) -> str | None:
    """The branch that is checked out; None for a commit alone."""
    text = _line(os.path.join(git.directory, "HEAD"))
    return text.partition("refs/heads/")[2] or None


def head_commit(git: GitRepository) -> str | None:
    """The commit that is checked out (gitrepository-layout(5): HEAD, refs, packed-refs)."""
    text = _line(os.path.join(git.directory, "HEAD"))
    if not text.startswith("ref:"):
        return text or None
    ref = text.removeprefix("ref:").strip()
    for directory in (git.directory, git.common_directory):
        if found := _line(os.path.join(directory, ref)):
            return found
    packed = read_file(os.path.join(git.common_directory, "packed-refs"))
    lines = os.fsdecode(packed).splitlines() if isinstance(packed, bytes) else []
    return next((line.partition(" ")[0] for line in lines if line.endswith(f" {ref}")), None)


def _line(path: str) -> str:
    content = read_file(path, at_most=65536)
    return os.fsdecode(content).strip() if isinstance(content, bytes) else ""


def _upwards(path: str) -> Iterator[str]:
    while True:
        yield path
        parent = os.path.dirname(path)
        if parent == path:
            return
        path = parent
