"""What is taken out of git's index is ignored from then on."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.fixes.untrack import untrack
from hooks.project.project import Project, read_project
from tests.packages import run


@pytest.fixture
def project(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    run("git", "init", "-q", str(dev))
    monkeypatch.chdir(dev)
    return read_project("venv", None, {})


@pytest.mark.parametrize(
    ("ignored", "parts", "expected"),
    [
        ("", ["venv"], "git rm --cached -rqf venv && echo /venv >> .gitignore && git add .gitignore"),
        ("x", ["venv"], r"git rm --cached -rqf venv && printf '\n%s\n' /venv >> .gitignore && git add .gitignore"),
        ("/venv\r\n", ["venv"], "git rm --cached -rqf venv"),
        ("venv\nenv\n", ["venv", "env"], "git rm --cached -rqf venv env"),
        ("", ["venv", "env"], r"git rm --cached -rqf venv env && printf '%s\n' /venv /env >> .gitignore && git add .gitignore"),
        ("venv\n", [":(top)*"], r"git --literal-pathspecs rm --cached -rqf ':(top)*' && printf '\n%s\n' '/:(top)\*' >> .gitignore && git add .gitignore"),
    ],
)  # fmt: skip
def test_untrack(ignored: str, parts: list[str], expected: str, project: Project) -> None:
    Path(".gitignore").write_text(ignored)
    assert untrack(project, parts) == expected


def test_what_a_sparse_checkout_leaves_out(project: Project) -> None:
    Path(".git/info/sparse-checkout").write_text("")
    expected = "git rm --cached -rqf --sparse venv && echo /venv >> .gitignore && git add --sparse .gitignore"
    assert untrack(project, ["venv"]) == expected
