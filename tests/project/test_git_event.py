"""What git is doing, and where its user typed the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.project.git_event import folder_to_paste_in, is_checkout, is_passing_by
from tests.trees import git


@pytest.fixture(autouse=True)
def project(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(dev, "init", "--quiet", "member")
    monkeypatch.chdir(dev / "member")
    return dev / "member"


def checkout(kind: str) -> dict[str, str]:
    return {"PRE_COMMIT_CHECKOUT_TYPE": kind}


def test_a_commit_is_looked_at(project: Path) -> None:
    (project / ".git" / "BISECT_LOG").touch()
    assert not is_checkout({})
    assert not is_passing_by({})


def test_a_checkout_of_files_is_passing_by() -> None:
    assert is_checkout(checkout("0"))
    assert is_passing_by(checkout("0"))
    assert not is_passing_by(checkout("1"))


@pytest.mark.parametrize("name", ["BISECT_LOG", "rebase-merge", "rebase-apply"])
def test_a_step_of_something_longer_is_passing_by(name: str, project: Path) -> None:
    (project / ".git" / name).mkdir()
    assert is_passing_by(checkout("1"))


def test_outside_of_git_nothing_is_under_way(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(dev)
    assert not is_passing_by(checkout("1"))
    assert folder_to_paste_in({"GIT_PREFIX": "src/"}) is None


def test_where_the_command_was_typed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "src" / "deep").mkdir(parents=True)
    assert folder_to_paste_in({}) is None
    assert folder_to_paste_in({"GIT_PREFIX": ""}) is None
    assert folder_to_paste_in({"GIT_PREFIX": "src/deep/"}) == "../.."
    monkeypatch.chdir(project / "src")  # a sub-project, in which its runner starts the hook
    assert folder_to_paste_in({"GIT_PREFIX": ""}) == "src"
    assert folder_to_paste_in({"GIT_PREFIX": "src/"}) is None
