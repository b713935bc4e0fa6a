"""What this project is: its role, its link, the shared venv, CI, its git repository.

A runner starts a hook in the project's root (or in a sub-project of a monorepo), so every path
that this module gives is relative to the working directory or absolute: it can be opened, shown
and pasted as it is.
"""

from __future__ import annotations

import os
import re
import sys

from hooks.files import list_directory, read_file, real_path
from hooks.records import NamedTuple
from hooks.report import path_word, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Project(NamedTuple):
    """The project that the hook runs in, and where its venv or link belongs."""

    root: str
    """The working directory: absolute, without links."""
    place: str
    """Where the venv (owner) or the link (member) is expected."""
    target: str | None
    """The shared venv; None without `--target`."""
    target_is_relative: bool
    """`--target` counts from the project: then the link must, too, or it breaks when they move."""
    is_owner: bool
    in_ci: bool
    git: GitRepository | None

    @property
    def link_text(self) -> str:
        """What the right link says: the target, from the directory that the link is in."""
        target = self.target or ""
        directory = real_path(os.path.dirname(self.place))
        if not self.target_is_relative or directory == self.root:
            return target
        return os.path.relpath(real_directory(target), directory)

    @property
    def trusted_users(self) -> frozenset[int]:
        """Whom a venv may belong to: the user, root, the owner of the project's folder.

        The last for root in a container, where the checkout is the host's user's.
        """
        return frozenset({0, os.geteuid(), os.stat(".").st_uid})

    def leading_to(self, link_text: str) -> Project:
        """The same project, its target where this text of its link leads."""
        target = os.path.join(os.path.dirname(self.place), link_text)
        return self._replace(target=target, target_is_relative=not os.path.isabs(link_text))


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


def read_project(venv: str, target: str | None, environ: Mapping[str, str]) -> Project:
    """Work out the role. Ends the program with status 2 where there is nothing to work with.

    The project is the owner if the target's path, as written, lies inside it. In a linked work
    tree a relative target counts from the main one, where its siblings are.
    """
    try:
        root = os.getcwd()
    except OSError:
        raise _end("the working directory does not exist any more") from None
    home = real_path(os.path.expanduser("~"))
    for option, path in {"--venv": venv, "--target": target or venv}.items():
        if is_inside(home, real_directory(path)):  # what mends it would move it aside
            raise _end(f"{option}: {quoted(path)} holds the home directory, it is no venv")
    git = read_git_repository(root)
    relative = target is not None and not os.path.isabs(target)
    if target is not None and relative and git and git.is_linked and git.main_work_tree:
        sub_project = os.path.relpath(root, git.work_tree)
        target = os.path.relpath(os.path.join(git.main_work_tree, sub_project, target), root)
    own = None if target is None else _place_inside(root, target)
    if own is None and is_inside(root, real_directory(venv)):
        raise _end(f"--venv: {quoted(venv)} holds the project, it is no venv")
    in_ci = environ.get("CI", "").strip().lower() not in {"", "0", "false", "no"}
    return Project(root, own or venv, own or target, relative, own is not None, in_ci, git)


def _end(why: str) -> SystemExit:
    if sys.stderr is not None:
        sys.stderr.write(f"{why}\n")
    return SystemExit(2)


def _place_inside(root: str, target: str) -> str | None:
    """The target's path from the root, if it lies inside; its own link is not followed."""
    for absolute in [os.path.normpath(os.path.join(root, target)), real_directory(target)]:
        if is_inside(absolute, root):
            return path_word(os.path.relpath(absolute, root))
    return None


def real_directory(path: str) -> str:
    """The path with the links before its last part followed: where the entry itself stands."""
    head, tail = os.path.split(path.rstrip("/"))
    if tail in {"", ".", ".."}:
        return real_path(path)
    return os.path.join(real_path(head), tail)


def is_same_entry(one: str, other: str) -> bool:
    """Both paths name the same directory entry; neither's own link is followed."""
    return real_directory(one) == real_directory(other)


def owner_of(project: Project) -> str:
    """The folder of the project that holds the shared venv, as far as the target's path tells."""
    target = project.target or ""
    if not os.path.isabs(target):
        # `../../dr-daily-report/envs/venv`: the first folder that is not one of ours.
        main = main_place(project)
        away = "" if main == project.root else os.path.relpath(main, project.root)
        parts = os.path.normpath(os.path.relpath(target, away) if away else target).split("/")
        up = sum(part == ".." for part in parts)
        if len(parts) > up + 1:
            return os.path.normpath(os.path.join(away, *parts[: up + 1 if up else 0]))
    return os.path.dirname(target) or "."


def origin_url(project: Project) -> str | None:
    """Where this project was cloned from; only where a path leads to its siblings there."""
    settings = _settings(project.git.common_directory) if project.git else {}
    url = settings.get("remote.origin.url", "")
    return url if "/" in url else None


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
    settings = _settings(common)
    if settings.get("core.bare", "false").lower() in {"true", "yes", "on", "1"}:
        return None
    if "core.worktree" in settings:  # a submodule's, counted from the git directory
        return real_path(os.path.join(common, settings["core.worktree"]))
    return os.path.dirname(common) if os.path.basename(common) == ".git" else None


def _settings(common: str) -> dict[str, str]:
    """The repository's own settings: `core.bare`, `remote.origin.url`… (git-config(1))."""
    settings: dict[str, str] = {}
    section = ""
    # With `extensions.worktreeConfig` the main work tree's own settings move to the second file.
    for name in ["config", "config.worktree"]:
        content = read_file(os.path.join(common, name), at_most=1 << 20)
        for line in os.fsdecode(content).splitlines() if isinstance(content, bytes) else []:
            # Possessive: it takes quadratic time else, for spaces.
            if header := re.match(r'\s*+\[\s*+([\w.-]++)\s*+(?:"(.*)")?\s*+\]', line):
                section = f"{header[1].lower()}.{header[2]}" if header[2] else header[1].lower()
            elif setting := re.match(r"\s*+(\w++)\s*+(?:=\s*+(.*))?$", line):
                # A key alone is true, `key =` is false (git-config(1)).
                value = "true" if setting[2] is None else setting[2].strip().strip('"')
                settings[f"{section}.{setting[1].lower()}"] = value
    return settings


def _upwards(path: str) -> Iterator[str]:
    while True:
        yield path
        parent = os.path.dirname(path)
        if parent == path:
            return
        path = parent


def is_inside(path: str, directory: str) -> bool:
    return path == directory or path.startswith(directory.rstrip("/") + "/")


class Family(NamedTuple):
    """The siblings, as paths from the working directory, and what is wrong with finding them."""

    siblings: list[str]
    missing: list[str]
    """What `--sibling` names, but is no directory."""


def find_family(project: Project, venv: str, named: Iterable[str], *, search: bool) -> Family:
    """The siblings: those named, and those found by where their link leads.

    These are the owner, and the directories beside it or beside this project that have a link
    `venv` to the same target. Nothing of theirs is run, git neither: they are only looked at.
    """
    own = {project.root, main_place(project)}
    asked = dict.fromkeys(_named(project, named))
    siblings: dict[str, str] = {}
    for path in [*asked, *(_found(project, venv) if search else ())]:
        real = real_path(path)
        if real not in own and os.path.isdir(real) and not _is_other_work_tree(project, real):
            siblings.setdefault(real, path)
    missing = [path for path in asked if not os.path.isdir(path)]
    return Family(_one_of_each_repository(siblings, asked), missing)


def _one_of_each_repository(siblings: Mapping[str, str], asked: Iterable[str]) -> list[str]:
    """The work trees of one repository hold one project: the main one counts, or else the first."""
    kept: dict[tuple[str, str], str] = {}
    for real, path in siblings.items():
        git = read_git_repository(real)
        place = (git.common_directory, os.path.relpath(real, git.work_tree)) if git else (real, "")
        if path in asked:
            place = real, ""
        if place not in kept or (git and not git.is_linked):
            kept[place] = path
    return [*kept.values()]


def _named(project: Project, named: Iterable[str]) -> Iterator[str]:
    """As with `--target`, a relative path counts from the main work tree."""
    place = main_place(project)
    for path in map(os.path.expanduser, named):
        is_as_written = os.path.isabs(path) or place == project.root
        yield path if is_as_written else os.path.relpath(os.path.join(place, path), project.root)


def _found(project: Project, venv: str) -> Iterator[str]:
    if project.target is None:
        return
    owner = owner_of(project)
    if os.path.isdir(owner):
        yield owner
    shared = real_path(project.target)
    folders = map(os.path.dirname, [real_path(owner), main_place(project)])
    for folder in dict.fromkeys(folders) if not os.path.isabs(venv) else ():
        for entry in list_directory(folder):
            link = f"{folder}/{entry}/{venv}"
            if os.path.islink(link) and real_path(link) == shared:
                yield os.path.relpath(f"{folder}/{entry}", project.root)


def main_place(project: Project) -> str:
    """Where this project is in the main work tree."""
    git = project.git
    if git is None or not git.is_linked or git.main_work_tree is None:
        return project.root
    sub_project = os.path.relpath(project.root, git.work_tree)
    return os.path.normpath(os.path.join(git.main_work_tree, sub_project))


def _is_other_work_tree(project: Project, directory: str) -> bool:
    """Another work tree of this repository holds this same project, not a sibling."""
    theirs = read_git_repository(directory) if project.git else None
    return (
        project.git is not None
        and theirs is not None
        and theirs.common_directory == project.git.common_directory
        and theirs.work_tree != project.git.work_tree
    )
