"""One thing is told once, and what is not there is told as that."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.check_requirements_sync import main
from tests.families import OWNER, SITE, TARGET, a_member, installed, said
from tests.packages import make_venv
from tests.trees import Tree, build, said_whole

A = "Name: a\nVersion: {}\n"
BROKEN = {
    "without METADATA": {"a-1.dist-info": {}},
    "twice": {"a-1.dist-info/METADATA": A.format(1), "a-2.dist-info/METADATA": A.format(2)},
}


@pytest.mark.usefixtures("uv_of_the_user")
@pytest.mark.parametrize("found", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_not_also_missing_or_wrong(
    found: Tree, dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = build({"venv": installed(), "requirements.txt": ""}, dev / OWNER)
    build(found, owner / "venv" / SITE)
    monkeypatch.chdir(a_member(owner, "news", {"requirements.txt": "a==2\n"}))
    output = said(capsys)[1]
    assert output.count(" [") == 1
    assert output.count("  fix: ") == 1
    assert output.endswith(" -r requirements.txt\n")


def test_what_is_read_nowhere_is_told(dev: Path) -> None:
    owner = build({"venv": installed(), "requirements.txt": ""}, dev / OWNER)
    member = a_member(owner, "news", {"Pipfile": "[packages]\na = '*'\n"})
    said = said_whole(main, member, TARGET, "--requirements=Pipfile")
    assert said.status == 2
    assert "Pipfile: declares dependencies, but is not read" in said.output


def test_an_owner_that_was_renamed_is_told_where_requirements_are_compared(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_venv(build({}, dev / OWNER) / "venv")
    monkeypatch.chdir(a_member(dev / OWNER, "news", {"requirements.txt": ""}))
    (dev / OWNER).rename(dev / "dr")
    output = said(capsys)[1]
    assert "and the venv in `../dr/venv` was made as `../dr-daily-report/venv`" in output
    assert "fix" not in output
