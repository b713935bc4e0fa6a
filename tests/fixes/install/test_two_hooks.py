"""A project may give two of our hooks files of their own: neither installs against the other."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.families import a_member, said
from tests.fixes.install.test_fill import fix_of
from tests.packages import make_wheel

TWO = """
repos:
- repo: https://github.com/OWNER/shared-venv-hooks
  rev: v1.0.0
  hooks:
  - id: check-requirements-sync
    args: [--target=../dr-daily-report/venv, {}]
  - id: check-requirements-sync
    args: [--target=../dr-daily-report/venv, {}]
"""


def configured(owner: Path, first: str, second: str, files: dict[str, str]) -> Path:
    configuration = TWO.format(first, second)
    return a_member(owner, "member", {".pre-commit-config.yaml": configuration, **files})


NUMPY = "numpy<2\n"
PROJECT = (
    '[project]\nname = "p"\nversion = "1"\n[dependency-groups]\ndev = ["numpy<2"]\ndocs = ["six"]\n'
)
BOTH = {
    "two files": ("--requirements=app.txt", "--requirements=tools.txt", {"tools.txt": NUMPY}),
    "a file, and the default": ("--requirements=app.txt", "", {"requirements.txt": NUMPY}),
    "of one file two groups": ("--group=docs", "--group=dev", {"pyproject.toml": PROJECT}),
}


@pytest.mark.parametrize(("first", "second", "files"), BOTH.values(), ids=BOTH)
def test_one_paste_fills_for_both(
    first: str,
    second: str,
    files: dict[str, str],
    owner: Path,
    links: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Else the newest numpy is installed for the one, and taken away for the other."""
    make_wheel(links, "six", "1.16.0", ["numpy"])
    make_wheel(links, "numpy", "1.26.4")
    make_wheel(links, "numpy", "2.1.0")
    monkeypatch.chdir(configured(owner, first, second, {"app.txt": "numpy\n", **files}))
    status, printed = said(capsys, first)
    assert status == 1
    subprocess.run(["sh", "-c", fix_of(printed, owner.parent)], check=True)
    for option in (first, second):
        assert said(capsys, *filter(None, [option])) == (0, "")


def test_what_both_cannot_have_is_told_by_both(
    owner: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"app.txt": "numpy<2\n", "tools.txt": "numpy>=2\n"}
    app, tools = "--requirements=app.txt", "--requirements=tools.txt"
    monkeypatch.chdir(configured(owner, app, tools, files))
    end = "one of them has to change [conflict]\n"
    against = "`numpy<2` contradicts `numpy>=2` of tools.txt:1"
    assert said(capsys, app) == (1, f"app.txt:1: {against}: {end}")
    against = "`numpy>=2` contradicts `numpy<2` of app.txt:1"
    assert said(capsys, tools) == (1, f"tools.txt:1: {against}: {end}")
