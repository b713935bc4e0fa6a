"""What is in no command, and what goes beside the files: a venv of literals, so nothing is pasted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.families import OWNER, a_member, installed, said
from tests.trees import Tree, build

pytestmark = pytest.mark.usefixtures("uv_of_the_user")


def in_a_family(
    dev: Path, monkeypatch: pytest.MonkeyPatch, own: Tree, owner: str = "", **others: Tree
) -> None:
    """This project is the working directory; `foo 1` is installed, and `a`, which needs `b>=2`."""
    venv = installed("foo 1", "a 1\nb>=2", "b 1")
    build({OWNER: {"venv": venv, "requirements.txt": owner}}, dev)
    for name, tree in others.items():
        a_member(dev / OWNER, name, tree)
    monkeypatch.chdir(a_member(dev / OWNER, "news", own))


def fix_of(output: str) -> str:
    [line] = {line for line in output.splitlines() if line.startswith("  fix: ")}
    return line


POETRY = '[project]\nname = "x"\ndependencies = ["a", "c"]\n[[tool.poetry.source]]\nname = "y"\n'


def test_where_words_would_tear_a_requirement_from_its_source(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    in_a_family(dev, monkeypatch, {"pyproject.toml": POETRY})
    assert (
        "[[tool.poetry.source]]` says where it comes from, which pip and uv do not read"
        in said(capsys)[1]
    )


@pytest.mark.parametrize(
    "theirs", ["-e .\nfoo==1\nbaz\n", "foo==1\n???\n", "--extra-index-url https://h\nfoo==1\n"]
)
def test_nothing_is_lifted_over_what_a_sibling_has(
    theirs: str, dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their file goes by itself, so what it asks for, and has, is said in words beside ours."""
    own = {"setup.py": "", "requirements.txt": "-e .\nbar\n"}
    in_a_family(dev, monkeypatch, own, media={"setup.py": "", "requirements.txt": theirs})
    steps = fix_of(said(capsys)[1]).split(" && ")
    [ours] = [step for step in steps if " -r requirements.txt" in step and "(cd" not in step][:1]
    assert ours.endswith(" -r requirements.txt foo==1")


def test_what_is_disputed_stays_as_it_is(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = {"requirements.txt": "bar\nfoo==2\n"}
    in_a_family(dev, monkeypatch, own, owner="foo==1\n")
    output = said(capsys)[1]
    assert "[conflict]" in output
    assert fix_of(output).endswith(" bar foo==1")


def test_where_nothing_may_be_installed_the_reason_is_said(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    in_a_family(dev, monkeypatch, {"requirements.txt": "bar\n"})
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and access(path, mode))
    assert said(capsys) == (
        1,
        "requirements.txt:1: `bar` is required, but not installed [not-installed]\n"
        "note: `../dr-daily-report/venv`: nothing can be written to it: it is read-only here\n",
    )
