"""The role, the link's text, the git repository: worked out from where the project lies."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from hooks.files import is_same_entry
from hooks.project.git_repository import GitRepository, read_git_repository
from hooks.project.project import origin_url, owner_of, read_project
from tests.trees import Symlink, Tree, build, git

ROLES = [
    pytest.param("member", "../owner/venv", ("venv", "../owner/venv", False), id="a member"),
    pytest.param("owner", "../owner/venv", ("venv", "venv", True), id="the owner"),
    pytest.param("owner", "../owner/envs/x/", ("envs/x", "envs/x", True), id="deeper"),
    pytest.param("owner", "../link/venv", ("venv", "venv", True), id="through another name"),
    pytest.param("owner", "../other/inner/venv", ("inner/venv", "inner/venv", True), id="a link in"),
    pytest.param("own", "../owner/venv", ("venv", "../owner/venv", False), id="a name that begins so"),
    pytest.param("member", None, ("venv", None, False), id="no target"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "target", "worked_out"), ROLES)
def test_the_role(
    name: str,
    target: str | None,
    worked_out: tuple[Any, ...],
    dev: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build({"owner/inner": {}, "member": {}, "own": {}, "link": Symlink("owner")}, dev)
    build({"other": {"inner": Symlink("../owner/inner")}}, dev)
    monkeypatch.chdir(dev / name)
    project = read_project("venv", target, {})
    assert (project.place, project.target, project.is_owner) == worked_out


LINKS = [
    pytest.param("venv", "../owner/venv", "../owner/venv", id="beside"),
    pytest.param("a/b/venv", "../owner/venv", "../../../owner/venv", id="deeper"),
    pytest.param("venv", "/srv/venv", "/srv/venv", id="absolute"),
    pytest.param("venv", None, None, id="no target"),
]


@pytest.mark.parametrize(("place", "target", "text"), LINKS)
def test_what_the_right_link_says(
    place: str, target: str | None, text: str | None, dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build({"member/a/b": {}}, dev)
    monkeypatch.chdir(dev / "member")
    shared = read_project(place, target, {}).shared
    assert (shared.link_text if shared else None) == text


OWNERS = [
    pytest.param("../owner/venv", "../owner", id="beside"),
    pytest.param("../owner/envs/venv", "../owner", id="deeper"),
    pytest.param("../../x/owner/venv", "../../x", id="the first folder that is not ours"),
    pytest.param("../../venv", "../..", id="a folder around this one"),
    pytest.param("/srv/owner/venv", "/srv/owner", id="absolute"),
]


@pytest.mark.parametrize(("target", "owner"), OWNERS)
def test_whose_folder_the_target_is_in(
    target: str, owner: str, dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build({"a/b/member": {}}, dev)
    monkeypatch.chdir(dev / "a/b/member")
    assert owner_of(read_project("venv", target, {})) == owner


def test_the_same_entry_by_other_ways(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build({"a": {"venv": {}}, "b": Symlink("a"), "c": {"venv": Symlink("../a/venv")}}, dev)
    monkeypatch.chdir(dev)
    assert is_same_entry("a/venv/", "b/venv")
    assert is_same_entry("a/venv/..", f"{dev}/a")
    assert not is_same_entry("c/venv", "a/venv")


def test_repositories_of_every_kind(dev: Path) -> None:
    git(dev, "init", "--quiet", "main")
    main = dev / "main"
    git(main, "commit", "--quiet", "--allow-empty", "--message=first")
    git(main, "worktree", "add", "--quiet", "../linked")
    git(dev, "clone", "--quiet", "--bare", "main", "bare.git")
    git(dev / "bare.git", "worktree", "add", "--quiet", "../of-bare")
    git(dev, "init", "--quiet", "--separate-git-dir=apart.git", "apart")
    git(dev / "apart", "commit", "--quiet", "--allow-empty", "--message=first")
    git(dev / "apart", "worktree", "add", "--quiet", "../of-apart")
    git(main, "submodule", "--quiet", "add", str(dev / "apart"), "sub")
    git(main / "sub", "worktree", "add", "--quiet", str(dev / "of-sub"))
    build({"main/deep/er": {}, "none": {}, "false": {".git": "no pointer"}}, dev)

    def found(name: str) -> GitRepository | None:
        repository = read_git_repository(str(dev / name))
        return repository and GitRepository(
            *(path and os.path.relpath(path, dev) for path in repository)  # type: ignore[arg-type]
        )

    same = ("main", "main/.git", "main/.git", "main")
    modules = "main/.git/modules/sub"
    assert {
        name: found(name)
        for name in "main main/deep/er linked of-bare apart of-apart main/sub of-sub none".split()
    } == {
        "main": same,
        "main/deep/er": same,
        "linked": ("linked", "main/.git/worktrees/linked", "main/.git", "main"),
        "of-bare": ("of-bare", "bare.git/worktrees/of-bare", "bare.git", None),
        "apart": ("apart", "apart.git", "apart.git", "apart"),
        "of-apart": ("of-apart", "apart.git/worktrees/of-apart", "apart.git", None),
        "main/sub": ("main/sub", modules, modules, "main/sub"),
        "of-sub": ("of-sub", f"{modules}/worktrees/of-sub", modules, "main/sub"),
        "none": None,
    }
    for name, is_linked in {"linked": True, "apart": False, "of-sub": True}.items():
        repository = found(name)
        assert repository is not None
        assert repository.is_linked is is_linked
    # git calls a work tree of its own what lies around a `.git` that says `bare`, too.
    git(main, "config", "extensions.worktreeConfig", "true")
    git(main, "config", "--worktree", "core.bare", "true")
    assert found("linked") == ("linked", "main/.git/worktrees/linked", "main/.git", None)


BARE = {"bare": None, "bare = true": None, "bare =": "main", "bare = false": "main"}


@pytest.mark.parametrize(("setting", "main_work_tree"), BARE.items(), ids=BARE)
def test_what_git_calls_bare(setting: str, main_work_tree: str | None, dev: Path) -> None:
    git(dev, "init", "--quiet", "main")
    git(dev / "main", "commit", "--quiet", "--allow-empty", "--message=first")
    git(dev / "main", "worktree", "add", "--quiet", "../linked")
    (dev / "main/.git/config").write_text(f"[core]\nrepositoryformatversion = 0\n{setting}\n")
    says = git(dev, "--git-dir=main/.git", "config", "--type=bool", "core.bare").strip()
    assert says == ("false" if main_work_tree else "true")
    found = read_git_repository(str(dev / "linked"))
    assert found is not None
    assert found.main_work_tree == (main_work_tree and str(dev / main_work_tree))


ORIGINS = [
    pytest.param("git@example.org:team/member.git", True, id="ssh"),
    pytest.param("https://example.org/team/member", True, id="https"),
    pytest.param("../srv/member.git", True, id="a path"),
    pytest.param("example.org:member.git", False, id="nothing beside it"),
    pytest.param(None, False, id="none"),
]


@pytest.mark.parametrize(("url", "usable"), ORIGINS)
def test_where_the_project_came_from(
    url: str | None, usable: bool, dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(dev, "init", "--quiet", "member")
    monkeypatch.chdir(dev / "member")
    if url:
        git(dev / "member", "remote", "add", "origin", url)
    assert origin_url(read_project("venv", None, {})) == (url if usable else None)


def test_outside_git_there_is_no_origin(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(dev)
    assert origin_url(read_project("venv", None, {})) is None


def test_settings_of_many_spaces_are_read_at_once(
    dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(dev, "init", "--quiet", "project")
    monkeypatch.chdir(dev / "project")
    spaces = " " * 100_000
    (dev / "project" / ".git" / "config").write_text(
        f'[a{spaces}x\n[remote "origin"]\nurl{spaces}x\nurl = ../x\n'
    )
    start = time.process_time()
    assert origin_url(read_project("venv", None, {})) == "../x"
    assert time.process_time() - start < 2


@pytest.mark.usefixtures("measured")
def test_there_is_nowhere_to_say_why(tmp_path: Path) -> None:
    code = "from hooks.project.project import read_project; read_project('..', None, {})"
    line = '"$0" -c "$1" >&- 2>&-'
    ran = subprocess.run(["bash", "-c", line, sys.executable, code], cwd=tmp_path, check=False)
    assert ran.returncode == 2


# What stands beside the project, its target, and the folder of the project that holds it.
OWNERS = [
    pytest.param({}, "../grp/own/venv", "../grp", id="nothing is cloned"),
    pytest.param({"grp": {}}, "../grp/own/venv", "../grp/own", id="cloned into a group's folder"),
    pytest.param(
        {"grp/own/.git": {}}, "../grp/own/envs/main", "../grp/own", id="the one that git keeps"
    ),
    pytest.param({"grp/own/envs": {}}, "../grp/own/envs/main", "../grp", id="git keeps none"),
    pytest.param({}, "{dev}/own/envs/main", "{dev}/own", id="absolute, nothing is cloned"),
    pytest.param({"own/.git": {}}, "{dev}/own/envs/main", "{dev}/own", id="absolute, and cloned"),
    pytest.param(
        {"own/envs": {}}, "{dev}/own/envs/main", "{dev}/own/envs", id="absolute, git keeps none"
    ),
    pytest.param({}, "/venv", "/", id="in no folder"),
]


@pytest.mark.parametrize(("tree", "target", "owner"), OWNERS)
def test_whose_the_target_is(
    tree: Tree, target: str, owner: str, dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build({"member/.git": {}, **tree}, dev)
    monkeypatch.chdir(dev / "member")
    project = read_project("venv", target.format(dev=dev), {})
    assert owner_of(project) == owner.format(dev=dev)


def test_outside_git_what_is_missing_in_the_owner_is_no_owner(
    dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build({"member": {}, "own": {}}, dev)
    monkeypatch.chdir(dev / "member")
    assert owner_of(read_project("venv", "../own/envs/main", {})) == "../own"
