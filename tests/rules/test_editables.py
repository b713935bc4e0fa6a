"""The family's own projects, installed editable, where one of them has gone from its place."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from hooks.check_shared_venv import main as check_all
from tests.families import LINK, OWNER, SITE, a_member, installed, said
from tests.packages import install, make_project
from tests.trees import build, git, paste, said_whole

TARGET = "--target=../dr-daily-report/venv"
NAMED = '[project]\nname = "news"\nversion = "1"\n'


def test_a_sibling_that_was_renamed_is_installed_from_where_it_is_now(
    owner: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    member = a_member(owner, "media", {"requirements.txt": "news\n"})
    news = make_project(owner.parent / "old", "news")
    install("uv", owner / "venv", "-e", str(news), directory=owner)
    (news.rename(owner.parent / "news") / "venv").symlink_to("../dr-daily-report/venv")
    monkeypatch.chdir(member)
    status, output = said(capsys)
    [finding, fix] = output.splitlines()
    assert status == 1
    assert finding.endswith("`DEV/old`, which is gone [editable-gone]")
    paste(fix.removeprefix("  fix: ").replace("DEV", str(owner.parent)), member)
    assert said(capsys) == (0, "")


def test_what_both_want_from_there_is_told_once(
    owner: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    member = a_member(owner, "media", {"requirements.txt": "news\n"})
    news = make_project(owner.parent / "old", "news")
    build({"requirements.txt": "-e .\n"}, news)
    install("uv", owner / "venv", "-e", str(news), directory=owner)
    (news.rename(owner.parent / "news") / "venv").symlink_to("../dr-daily-report/venv")
    monkeypatch.chdir(member)
    status, output = said(capsys)
    assert (status, output.count(" [")) == (1, 1)
    assert "[wrong-source]\n" in output


def test_two_that_want_it_from_their_own_folders(
    owner: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second clone, or a backup: the texts of both are the same."""
    for name in ("news", "news.bak"):
        make_project(owner.parent / name, "news")
        build({"requirements.txt": "-e .\n", "venv": LINK}, owner.parent / name)
    install("uv", owner / "venv", "-e", str(owner.parent / "news"), directory=owner)
    monkeypatch.chdir(owner.parent / "news")
    assert said(capsys) == (
        1,
        "requirements.txt:1: `-e .` contradicts `-e .` of ../news.bak/requirements.txt:1, and `news`"
        " is installed from `DEV/news`: one of them has to change [conflict]\n",
    )


@pytest.mark.parametrize("what", ["command", "moved"])
def test_nothing_is_installed_from_a_linked_work_tree(what: str, owner: Path) -> None:
    """The shared venv has a project from the main one, whatever asks for it."""
    build({".gitignore": "/venv\n", "requirements.txt": "", "pyproject.toml": NAMED}, owner)
    (owner / "pyproject.toml").write_text(f'{NAMED}[project.scripts]\ndr = "news:main"\n')
    git(owner, "init", "--quiet")
    git(owner, "add", ".")
    git(owner, "commit", "--quiet", "--message", "all")
    git(owner, "worktree", "add", "--quiet", "../fix")
    linked = owner.parent / "fix"
    (linked / "venv").symlink_to(f"../{OWNER}/venv")
    if what == "moved":
        [site] = owner.glob("venv/lib/python*/site-packages")
        url = json.dumps({"url": "file:///gone/news", "dir_info": {"editable": True}})
        record = {"METADATA": "Name: news\nVersion: 1\n", "direct_url.json": url}
        build({"news-1.dist-info": record}, site)
        activate = owner / "venv" / "bin" / "activate"
        activate.write_text(activate.read_text().replace(str(owner / "venv"), "/gone/venv"))
    options = ["--require-command=dr"] if what == "command" else []
    told = said_whole(check_all, linked, "--target=venv", *options)
    [fix] = [line for line in told.output.splitlines() if line.startswith("  fix: ")]
    assert fix.endswith(f" -e ../{OWNER}")
    assert os.path.isdir(linked / f"../{OWNER}")


def test_an_editable_that_another_needs_is_gone(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = '{"url": "file:///gone/b", "dir_info": {"editable": true}}'
    venv = build({"venv": installed("a 1\nb", "b 1")}, dev / OWNER) / "venv"
    build({"b-1.dist-info/direct_url.json": url}, venv / SITE)
    monkeypatch.chdir(a_member(dev / OWNER, "news", {"requirements.txt": "a\n"}))
    assert said(capsys) == (
        1,
        "requirements.txt:1: `b` is installed editable from `/gone/b`, which is gone (`a` → `b`):"
        " install it from where it is now [editable-gone]\n",
    )
