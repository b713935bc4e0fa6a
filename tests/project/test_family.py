"""The family, as it lies on disk: who is a sibling, and who is not."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from hooks.project.family import Family, find_family
from hooks.project.project import owner_of, read_project
from tests.trees import Symlink, Tree, build, git

OWNER = "dr-daily-report"
TARGET = "../dr-daily-report/venv"
LINK = Symlink(TARGET)
MEMBER: Tree = {"venv": LINK}


def family(
    *named: str, venv: str = "venv", target: str | None = TARGET, search: bool = True
) -> Family:
    return find_family(read_project(venv, target, {}), venv, named, search=search)


FOUND = [
    pytest.param(
        {OWNER: {"venv": {}}, "media": MEMBER, "news": MEMBER, "telegram": MEMBER},
        "news",
        [],
        Family(["../dr-daily-report", "../media", "../telegram"], []),
        id="the family of four, from a member",
    ),
    pytest.param(
        {OWNER: {"venv": {}}, "media": MEMBER, "news": MEMBER, "telegram": MEMBER},
        OWNER,
        [],
        Family(["../media", "../news", "../telegram"], []),
        id="the family of four, from the owner",
    ),
    pytest.param(
        {OWNER: {}, "media": MEMBER, "news": MEMBER},
        "news",
        [],
        Family(["../dr-daily-report", "../media"], []),
        id="the venv is gone",
    ),
    pytest.param(
        {"media": MEMBER, "news": MEMBER},
        "news",
        [],
        Family(["../media"], []),
        id="the owner is gone",
    ),
    pytest.param(
        {OWNER: {"venv": {}}, "news": {}},
        "news",
        [],
        Family(["../dr-daily-report"], []),
        id="the link is not there yet",
    ),
    pytest.param(
        {
            OWNER: {"venv": {}},
            "local": {"venv": {}},
            "none": {},
            "elsewhere": {"venv": Symlink("../local/venv")},
            "a-file": "",
            "other-name": {"env": LINK},
            "news": MEMBER,
        },
        "news",
        [],
        Family(["../dr-daily-report"], []),
        id="neighbours that are no siblings",
    ),
    pytest.param(
        {OWNER: {"venv": {}}, "of-uv": {".venv": LINK}, "file": {".venv": TARGET}, "news": MEMBER},
        "news",
        [],
        Family(["../dr-daily-report", "../file", "../of-uv"], []),
        id="a sibling that calls its link by the other usual name",
    ),
    pytest.param(
        {OWNER: {"venv": {}}, "media": MEMBER, "news": {"venv": Symlink("../media/venv")}},
        OWNER,
        [],
        Family(["../media", "../news"], []),
        id="a link by way of a sibling's",
    ),
    pytest.param(
        {
            OWNER: {"venv": {}},
            "team/news": {"venv": Symlink("../../dr-daily-report/venv")},
            "team/media": {"venv": Symlink("../../dr-daily-report/venv")},
            "telegram": MEMBER,
        },
        "team/news",
        [],
        Family(["../../dr-daily-report", "../../telegram", "../media"], []),
        id="beside the owner, and beside this project",
    ),
    pytest.param(
        {OWNER: {"venv": {}}, "media": MEMBER, "news": MEMBER, "far/away": {}, "a-file": ""},
        "news",
        ["../far/away", "../media", "../gone", "../a-file", "../news", "."],
        Family(["../far/away", "../media", "../dr-daily-report"], ["../gone", "../a-file"]),
        id="siblings that are named, each once",
    ),
]


@pytest.mark.parametrize(("tree", "project", "named", "expected"), FOUND)
def test_family(
    tree: Tree,
    project: str,
    named: Sequence[str],
    expected: Family,
    dev: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build(tree, dev)
    monkeypatch.chdir(dev / project)
    target = os.path.relpath(dev / OWNER / "venv") if "/" in project else TARGET
    assert family(*named, target=target) == expected


def test_no_search(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build({OWNER: {"venv": {}}, "news": MEMBER, "media": MEMBER}, dev)
    monkeypatch.chdir(dev / "news")
    assert family("../media", search=False) == Family(["../media"], [])
    assert family(target=None) == Family([], [])


def test_a_sibling_in_the_home_directory(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build({"news": MEMBER, "media": {}}, dev)
    monkeypatch.chdir(dev / "news")
    monkeypatch.setenv("HOME", str(dev))
    assert family("~/media", search=False) == Family([str(dev / "media")], [])


def test_an_absolute_venv_is_nobody_elses(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build({OWNER: {"venv": {}}, "news": {"env": LINK}, "media": MEMBER, "link": LINK}, dev)
    monkeypatch.chdir(dev / "news")
    siblings = ["../dr-daily-report", "../media"]
    assert family(venv=str(dev / "news/env")) == Family(siblings, [])


@pytest.mark.parametrize("name", ["venv", ".venv", "env"])
def test_a_link_of_any_usual_name_is_looked_for(
    name: str, dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others: Tree = {"a": {"venv": LINK}, "b": {".venv": LINK}, "c": {"env": LINK}}
    build({OWNER: {"venv": {}}, "news": {name: LINK}, **others}, dev)
    monkeypatch.chdir(dev / "news")
    siblings = ["../dr-daily-report", "../a", "../b", *(["../c"] if name == "env" else [])]
    assert family(venv=name) == Family(siblings, [])


def test_a_folder_that_cannot_be_listed(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build({"news": MEMBER}, dev)
    monkeypatch.chdir(dev / "news")
    assert family(target="../../nowhere/dr/venv") == Family([], [])
    assert family(target="/nowhere/at/all/venv") == Family([], [])


@pytest.fixture
def repositories(dev: Path) -> Path:
    build({OWNER: {"venv": {}}, "news": MEMBER, "media": MEMBER}, dev)
    for name in [OWNER, "news", "media"]:
        git(dev / name, "init", "--quiet")
        git(dev / name, "commit", "--quiet", "--allow-empty", "--message", "first")
    return dev


def test_another_work_tree_is_no_sibling(
    repositories: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(repositories / "news", "worktree", "add", "--quiet", "../news-fix")
    (repositories / "news-fix" / "venv").symlink_to(TARGET)
    siblings = ["../dr-daily-report", "../media"]
    monkeypatch.chdir(repositories / "news")
    assert family("../news-fix") == Family(siblings, [])
    monkeypatch.chdir(repositories / "news-fix")
    assert family("../news") == Family(siblings, [])
    monkeypatch.chdir(repositories / "media")
    assert family() == Family(["../dr-daily-report", "../news"], [])
    assert family("../news-fix") == Family(["../news-fix", "../dr-daily-report", "../news"], [])
    (repositories / "news" / "venv").unlink()
    assert family() == Family(["../dr-daily-report", "../news-fix"], [])


def test_the_main_work_tree_counts_also_where_a_linked_one_sorts_first(
    repositories: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(repositories / "news", "worktree", "add", "--quiet", "../a-fix")
    (repositories / "a-fix" / "venv").symlink_to(TARGET)
    monkeypatch.chdir(repositories / "media")
    assert family() == Family(["../dr-daily-report", "../news"], [])


def test_siblings_of_a_distant_work_tree_are_those_of_the_main_one(
    repositories: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "fixes" / "news"
    git(repositories / "news", "worktree", "add", "--quiet", str(place))
    monkeypatch.chdir(place)
    dev = os.path.relpath(repositories)
    (repositories / "far").mkdir()
    assert family("../far", "../gone", str(repositories / "media")) == Family(
        [f"{dev}/far", str(repositories / "media"), f"{dev}/dr-daily-report"], [f"{dev}/gone"]
    )


def test_a_work_tree_of_the_owner_has_the_main_one_as_its_owner(
    repositories: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in [tmp_path / "fixes" / "dr", repositories / "dr-fix"]:
        git(repositories / OWNER, "worktree", "add", "--quiet", str(place))
        monkeypatch.chdir(place)
        dev = os.path.relpath(repositories)
        assert owner_of(read_project("venv", TARGET, {})) == f"{dev}/dr-daily-report"
        assert owner_of(read_project("venv", "envs/venv", {})) == f"{dev}/dr-daily-report"
        assert family() == Family([f"{dev}/media", f"{dev}/news"], [])


def test_sub_projects_of_one_work_tree_are_siblings(
    dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = Symlink("../venv")
    build({"venv": {}, "news": {"venv": link}, "media": {"venv": link}}, dev / "mono")
    git(dev / "mono", "init", "--quiet")
    monkeypatch.chdir(dev / "mono" / "news")
    assert family(target="../venv") == Family(["..", "../media"], [])


def test_in_another_work_tree_the_sub_projects_of_the_main_one_are_siblings(
    dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = Symlink("../dr/venv")
    tree: Tree = {
        "dr": {"x": ""},
        "news": {"x": "", "venv": link},
        "media": {"x": "", "venv": link},
    }
    mono = build({**tree, ".gitignore": "venv\n"}, dev / "mono")
    (mono / "dr" / "venv").mkdir()
    git(mono, "init", "--quiet")
    git(mono, "add", ".")
    git(mono, "commit", "--quiet", "--message", "first")
    git(mono, "worktree", "add", "--quiet", "../fix")
    for name in ["news", "media"]:
        (dev / "fix" / name / "venv").symlink_to("../../mono/dr/venv")
    monkeypatch.chdir(dev / "fix" / "news")
    siblings = ["../../mono/dr", "../../mono/media"]
    assert family("../news", target="../dr/venv") == Family(siblings, [])
