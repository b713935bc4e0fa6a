"""What this project is: its role, its link, the shared venv, CI, its git repository.

A runner starts a hook in the project's root (or in a sub-project of a monorepo), so every path
that this module gives is relative to the working directory or absolute: it can be opened, shown
and pasted as it is."""

from __future__ import annotations

import os
import sys

from hooks.fast.records import NamedTuple
from hooks.files import is_inside, path_inside, real_directory, real_path
from hooks.harmless import quoted
from hooks.project.git_repository import read_git_repository, read_settings
from hooks.shell import path_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hooks.project.git_repository import GitRepository

_CI = ("CI", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION")
DEFAULT_FILES = ("requirements.txt", "pyproject.toml")
"""What a project asks for stands in these, where its hooks are told of no others."""


class Target(NamedTuple):
    """The shared venv: where it is, and how the right link leads there."""

    path: str
    is_relative: bool
    """It counts from the project: then the link must, too, or it breaks when they move."""
    link_text: str
    """What the right link says: the target, from the directory that the link is in."""
    owner: str
    """The folder of the project that holds the shared venv."""


class Project(NamedTuple):
    """The project that the hook runs in, and where its venv or link belongs."""

    root: str
    """The working directory: absolute, without links."""
    place: str
    """Where the venv (owner) or the link (member) is expected."""
    shared: Target | None
    """None without `--target`."""
    is_owner: bool
    in_ci: bool
    git: GitRepository | None

    @property
    def target(self) -> str | None:
        """The path of the shared venv."""
        return self.shared.path if self.shared else None

    @property
    def trusted_users(self) -> frozenset[int]:
        """Whom a venv may belong to: the user, root, the owner of the project's folder.

        The last for root in a container, where the checkout is the host's user's.
        """
        return frozenset({0, os.geteuid(), os.stat(".").st_uid})

    def leading_to(self, link_text: str) -> Project:
        """The same project, its target where this text of its link leads."""
        return self._replace(shared=self.target_of(link_text))

    def target_of(self, link_text: str) -> Target:
        """Where a link with this text at this project's place leads."""
        path = os.path.join(os.path.dirname(self.place), link_text)
        return self._target(path, is_relative=not os.path.isabs(link_text))

    def with_target(self, path: str, *, is_relative: bool) -> Project:
        """The same project with this shared venv; the path is from the working directory."""
        return self._replace(shared=self._target(path, is_relative=is_relative))

    def _target(self, path: str, *, is_relative: bool) -> Target:
        text = path
        directory = real_path(os.path.dirname(self.place))
        if is_relative and directory != self.root:
            text = os.path.relpath(real_directory(path), directory)
        return Target(path, is_relative, text, _owner_of(self, path))


def read_project(venv: str, target: str | None, environ: Mapping[str, str]) -> Project:
    """Work out the role. Ends the program with status 2 where there is nothing to work with.

    The project is the owner if the target's path, as written, lies inside it. In a linked work
    tree a relative target counts from the main one, where its siblings are.
    """
    try:
        root = os.getcwd()
    except OSError:
        raise _end("the working directory does not exist any more") from None
    _refuse_home({"--venv": venv, "--target": target or venv})
    git = read_git_repository(root)
    in_ci = any(_is_on(environ.get(name, "")) for name in _CI)
    project = Project(root, venv, None, is_owner=False, in_ci=in_ci, git=git)
    is_relative = target is not None and not os.path.isabs(target)
    main = main_place(project)
    if target is not None and is_relative and main != root:
        target = os.path.relpath(os.path.join(main, target), root)
    own = None if target is None else _place_inside(root, target)
    if target is not None:
        _refuse_project(target, venv, is_itself=own == ".")
        if own is None and main != root and (place := _place_inside(main, target)):
            project = project._replace(place=place)  # of the owner's venv, in its other work tree
    if own is not None:
        project = project._replace(place=own, is_owner=True)
    elif is_inside(root, real_directory(project.place)):
        raise _end(f"--venv: {quoted(venv)} holds the project, it is no venv")
    if target is None:
        return project
    return project.with_target(own or target, is_relative=is_relative)


def _refuse_home(paths: Mapping[str, str]) -> None:
    """What mends a finding there would move it aside."""
    home = real_path(os.path.expanduser("~"))
    for option, path in paths.items():
        if is_inside(home, real_directory(path)):
            raise _end(f"{option}: {quoted(path)} holds the home directory, it is no venv")


def _refuse_project(target: str, venv: str, *, is_itself: bool) -> None:
    """A slip: the folder of a project, where the venv in it was meant."""
    meant = os.path.normpath(os.path.join(target, os.path.basename(venv)))
    if is_itself:
        what = "is this project itself"
    elif os.path.lexists(os.path.join(target, ".git")) or _holds_venv(target, meant):
        what = "is a project"
    else:
        return
    raise _end(f"--target: {quoted(target)} {what}, no venv: did you mean {quoted(meant)}?")


def _holds_venv(target: str, venv: str) -> bool:
    """A venv in a folder that is none; `ln -s`, pasted twice, makes one in a venv as well."""
    from hooks.venvs.environment import is_venv

    is_venv_itself = is_venv(target) or os.path.lexists(os.path.join(target, "bin", "python"))
    return not is_venv_itself and is_venv(venv)


def _is_on(value: str) -> bool:
    return value.strip().lower() not in {"", "0", "false", "no"}


def _end(why: str) -> SystemExit:
    if sys.stderr is not None:
        sys.stderr.write(f"{why}\n")
    return SystemExit(2)


def _place_inside(root: str, target: str) -> str | None:
    """The target's path from the root, if it lies inside; its own link is not followed."""
    as_written = os.path.normpath(os.path.join(root, target))
    if is_inside(as_written, root):
        return path_word(os.path.relpath(as_written, root))
    inside = path_inside(target, root)
    return None if inside is None else path_word(inside)


def _owner_of(project: Project, target: str) -> str:
    """The folder of the project that holds the target, as far as its path and git tell."""
    main, is_absolute = main_place(project), os.path.isabs(target)
    away = main if is_absolute else os.path.relpath(main, project.root)
    parts = os.path.relpath(target, away).split("/")
    up = sum(part == ".." for part in parts)
    if not up:
        return away
    # `../../dr-daily-report/envs/venv`: of the folders that are not ours the one that git keeps.
    ends = range(up + 1, len(parts))
    folders = [os.path.normpath(os.path.join(away, *parts[:end])) for end in ends]
    kept = [each for each in folders if os.path.lexists(f"{each}/.git")]
    gone = [each for each in folders if project.git and not os.path.lexists(each)]
    if not folders or (is_absolute and not kept and not gone):
        return os.path.dirname(target) or "."
    return kept[-1] if kept else [*gone, *folders][0]


def owner_of(project: Project) -> str:
    """The folder of the project that holds the shared venv; this one without a target."""
    return project.shared.owner if project.shared else "."


def origin_url(project: Project) -> str | None:
    """Where this project was cloned from; only where a path leads to its siblings there."""
    settings = read_settings(project.git.common_directory) if project.git else {}
    url = settings.get("remote.origin.url", "")
    return url if "/" in url else None


def main_place(project: Project) -> str:
    """Where this project is in the main work tree."""
    return place_in_main(project.root, project.git)


def place_in_main(root: str, git: GitRepository | None) -> str:
    """The same folder in the main work tree; both are absolute and without links."""
    if git is None or not git.is_linked or git.main_work_tree is None:
        return root
    return os.path.normpath(os.path.join(git.main_work_tree, os.path.relpath(root, git.work_tree)))


def place_of(path: str, directory: str) -> str:
    """Where a path of a project leads, which counts from its folder.

    Out of a linked work tree that is from the main one, as a relative `--target` does: there are
    its siblings.
    """
    place = os.path.join(directory, path)
    if not path.startswith("../") or os.path.lexists(place):
        return place
    root = real_path(directory)
    in_main = os.path.join(place_in_main(root, read_git_repository(root)), path)
    return in_main if os.path.lexists(in_main) else place
