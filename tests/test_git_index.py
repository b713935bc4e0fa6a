"""What `git ls-files` prints, read; and what git says when it gives up."""

from __future__ import annotations

import os
import resource
import signal
from pathlib import Path

import pytest

from hooks.git_index import (
    Question,
    Tracked,
    index_after_partial_commit,
    parse_complaint,
    parse_stages,
    venv_folders,
)
from hooks.project import Project, read_project
from hooks.report import Note
from tests.trees import Executable, build, git

NULL = "0" * 40

STAGES = [
    pytest.param("", "", [], id="nothing"),
    pytest.param(f"100644 {NULL} 0\ta\x00", "", [("a", "100644")], id="a file"),
    pytest.param(
        f"120000 {NULL} 0\ta\tb\nc\x00160000 {NULL} 0\td\x00",
        "",
        [("a\tb\nc", "120000"), ("d", "160000")],
        id="a tab and a line end in a name",
    ),
    pytest.param(
        f"120000 {NULL} 1\ta\x00100644 {NULL} 2\ta\x00120000 {NULL} 3\ta\x00",
        "",
        [("a", "120000")],
        id="three unmerged stages",
    ),
    pytest.param(
        f"100644 {NULL} 0\ts/a\x00100644 {NULL} 0\tt\x00",
        "s/",
        [("a", "100644")],
        id="below a folder",
    ),
]


@pytest.mark.parametrize(("text", "prefix", "found"), STAGES)
def test_reads_stages(text: str, prefix: str, found: list[tuple[str, str]]) -> None:
    assert parse_stages(text, prefix) == [Tracked(*each) for each in found]


COMPLAINTS = [
    pytest.param("fatal: bad\n", 128, "bad", id="one line"),
    pytest.param("warning: x\nfatal: bad\n\nfatal: more", 128, "bad", id="the first fatal one"),
    pytest.param("\nls-files: not found\n", 127, "ls-files: not found", id="none is fatal"),
    pytest.param("", -9, "`git ls-files` ended with status -9", id="silence"),
]


@pytest.mark.parametrize(("text", "status", "why"), COMPLAINTS)
def test_says_why_git_gave_up(text: str, status: int, why: str) -> None:
    assert parse_complaint(text, status) == why


def test_the_index_that_a_partial_commit_leaves_behind(project: Project) -> None:
    environ = {"GIT_INDEX_FILE": ".git/next-index-1.lock"}
    assert index_after_partial_commit(project, environ) is None, "it is not there"
    Path(".git/index.lock").touch()
    assert index_after_partial_commit(project, environ) == ".git/index.lock"
    assert index_after_partial_commit(project, {"GIT_INDEX_FILE": ".git/index"}) is None


FOLDERS = [
    pytest.param(["a", "b/c"], set(), id="none"),
    pytest.param(["pyvenv.cfg", "a/b/pyvenv.cfg"], {".", "a/b"}, id="by pyvenv.cfg"),
    pytest.param(["conda-meta/x", "a/conda-meta/b/c"], {".", "a"}, id="by conda-meta"),
    pytest.param(["pyvenv.cfg/a", "conda-meta", "a/conda-meta"], set(), id="files with the names"),
]


@pytest.mark.parametrize(("paths", "folders"), FOLDERS)
def test_finds_venvs_that_only_git_knows(paths: list[str], folders: set[str]) -> None:
    assert venv_folders([Tracked(path, "100644") for path in paths]) == folders


@pytest.fixture
def project(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    git(dev, "init", "--quiet", "project")
    (dev / "project" / "app.py").touch()
    git(dev / "project", "add", "app.py")
    monkeypatch.chdir(dev / "project")
    return read_project("venv", None, {})


def test_no_more_files_may_be_opened(project: Project) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        question = Question(project, os.environ)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    why = "`git` cannot be run (Too many open files)"
    assert question.answer() == Note(f"what git tracks was not checked: {why}")


def test_children_are_forgotten_at_once(project: Project) -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # as some CI services start us
    try:
        assert Question(project, os.environ).answer() == [Tracked("app.py", "100644")]
        git_dir = {**os.environ, "GIT_DIR": "/nowhere"}
        assert isinstance(Question(project, git_dir).answer(), Note)
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_the_file_system_monitor_is_not_run(project: Project) -> None:
    mark = Path("mark").absolute()
    build({"monitor": Executable(f"#!/bin/sh\ntouch '{mark}'\n")}, Path("../tools"))
    git(Path(), "config", "core.fsmonitor", f"'{Path('../tools/monitor').resolve()}'")
    git(Path(), "update-index", "--fsmonitor")
    mark.unlink(missing_ok=True)
    assert Question(project, os.environ).answer() == [Tracked("app.py", "100644")]
    assert not mark.exists()
    git(Path(), "ls-files")
    assert mark.exists()  # as it would be without our care
