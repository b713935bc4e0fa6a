"""What `git ls-files` prints, read; and what git says when it gives up."""

from __future__ import annotations

import os
import resource
import signal
from pathlib import Path

import pytest

from hooks.project import git_index
from hooks.project.git_index import (
    Question,
    Tracked,
    parse_batch,
    parse_complaint,
    parse_stages,
    read_blobs,
)
from hooks.project.project import Project, read_project
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
    assert parse_stages(text, prefix) == [Tracked(*each, NULL) for each in found]


COMPLAINTS = [
    pytest.param("fatal: bad\n", 128, "bad", id="one line"),
    pytest.param("warning: x\nfatal: bad\n\nfatal: more", 128, "bad", id="the first fatal one"),
    pytest.param("\nls-files: not found\n", 127, "ls-files: not found", id="none is fatal"),
    pytest.param("", -9, "`git ls-files` ended with status -9", id="silence"),
]


@pytest.mark.parametrize(("text", "status", "why"), COMPLAINTS)
def test_says_why_git_gave_up(text: str, status: int, why: str) -> None:
    assert parse_complaint(text, status) == why


BATCHES = [
    pytest.param(b"", {}, id="nothing"),
    pytest.param(b"aa missing\n", {}, id="what a partial clone has left out"),
    pytest.param(
        b"aa blob 4\na\nb\n\nbb blob 0\n\n", {"aa": b"a\nb\n", "bb": b""}, id="line breaks"
    ),
    pytest.param(b"aa missing\nbb blob 1\nx\n", {"bb": b"x"}, id="one of two"),
]


@pytest.mark.parametrize(("content", "found"), BATCHES)
def test_reads_contents(content: bytes, found: dict[str, bytes]) -> None:
    assert parse_batch(content) == found


EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
APP = [Tracked("app.py", "100644", EMPTY)]


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
        assert Question(project, os.environ).answer() == APP
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
    assert Question(project, os.environ).answer() == APP
    assert not mark.exists()
    git(Path(), "ls-files")
    assert mark.exists()  # as it would be without our care


def test_contents_are_read_some_at_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_index, "_AT_ONCE", 2)
    ids = []
    for number in range(5):
        Path("x").write_text(f"{number}\n" * number)
        ids.append(git(Path(), "hash-object", "-w", "x").strip())
    contents = read_blobs(project, os.environ, [*ids, NULL])
    assert [contents[each] for each in ids] == [f"{n}\n".encode() * n for n in range(5)]
    assert NULL not in contents


def test_contents_of_no_repository(project: Project) -> None:
    assert read_blobs(project, {**os.environ, "GIT_DIR": "/nowhere"}, [EMPTY]) == {}


def test_what_a_partial_clone_has_left_out_is_not_fetched(project: Project) -> None:
    git(Path(), "commit", "--quiet", "--message=one")
    git(Path(), "config", "uploadpack.allowFilter", "true")
    source = Path().absolute().as_uri()
    git(Path(".."), "clone", "--quiet", "--no-checkout", "--filter=blob:none", source, "partial")
    there = Path("../partial").resolve()
    partial = project._replace(root=str(there), git=None)
    assert read_blobs(partial, os.environ, [EMPTY]) == {}
