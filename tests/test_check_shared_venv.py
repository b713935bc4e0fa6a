"""check-shared-venv in the owner of a real venv: what one paste mends is one line."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from hooks.check_shared_venv import main
from tests.families import LINK, PYPROJECT
from tests.packages import run
from tests.trees import Tree, build

SITE = "lib/python{}.{}/site-packages".format(*sys.version_info)
COMMANDS = PYPROJECT + '[project.scripts]\ndr = "news:main"\n'
PIP = "  fix: 'DEV/dr-daily-report/venv/bin/python' -m pip install -r requirements.txt"
THEN = " && 'DEV/dr-daily-report/venv/bin/python' -m pip install --force-reinstall --no-deps -e ."
NO_COMMAND = "venv/bin/dr: is missing, but `--require-command` asks for it [command-missing]\n"


def lacks(requirement: str) -> str:
    return f"requirements.txt:1: `{requirement}` is required, but not installed [not-installed]\n"


def said(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    status = main(["--target=venv", *options])
    return status, capsys.readouterr().out.replace(str(Path.cwd().parent), "DEV")


def distribution(name: str, url: object = None) -> Tree:
    recorded = {"direct_url.json": json.dumps(url)} if url else {}
    return {f"{name}-1.dist-info": {"METADATA": f"Name: {name}\nVersion: 1\n", **recorded}}


@pytest.fixture(autouse=True)
def repository(owner: Path) -> None:
    run("git", "init", "-q", str(owner))
    (owner / ".gitignore").write_text("/venv\n")


TOLD = [
    pytest.param("", ["pip"], "", id="all is well"),
    pytest.param("flask", ["pip"], f"{lacks('flask')}{PIP}{THEN}\n", id="a new venv"),
    pytest.param(
        "-e .", ["pip"], f"{lacks('-e .')}{PIP}\n", id="what is asked for brings the command"
    ),
    pytest.param(
        "-e ../elsewhere",
        ["pip"],
        f"{lacks('-e ../elsewhere')}{PIP}{THEN}\n",
        id="what is asked for is another project",
    ),
    pytest.param(
        "flask", ["pip", "idna"], f"{NO_COMMAND}{lacks('flask')}{PIP}{THEN}\n", id="in use"
    ),
]


@pytest.mark.parametrize(("requirement", "distributions", "expected"), TOLD)
def test_a_missing_command_is_in_the_line_that_installs(
    requirement: str,
    distributions: Sequence[str],
    expected: str,
    owner: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    build({"requirements.txt": f"{requirement}\n", "pyproject.toml": COMMANDS}, owner)
    build({"pyproject.toml": PYPROJECT.replace("news", "elsewhere")}, owner.parent / "elsewhere")
    for name in distributions:
        build({SITE: distribution(name)}, owner / "venv")
    commands = ["--require-command=dr"] if requirement else []
    assert said(capsys, *commands) == (1 if expected else 0, expected)


def test_a_venv_that_is_gone_is_told_once(owner: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build({"requirements.txt": "flask\n"}, owner)
    (owner / "venv").rename(owner.parent / "away")
    status, printed = said(capsys)
    [finding] = [line for line in printed.splitlines() if not line.startswith("  ")]
    assert status == 1
    assert finding.endswith(" [venv-missing]")


def test_a_venv_that_was_moved_and_lost_its_python(
    owner: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build({"requirements.txt": ""}, owner)
    activate = owner / "venv" / "bin" / "activate"
    activate.write_text(activate.read_text().replace(str(owner / "venv"), "/gone/venv"))
    for link in (owner / "venv" / "bin").glob("python*"):
        link.unlink()
    status, printed = said(capsys)
    assert (status, printed.count("  fix: ")) == (1, 1)
    assert "[python-missing]" in printed
    assert "[activation-elsewhere]" in printed


def test_where_nothing_can_be_compared_what_was_found_counts(
    owner: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = "nothing to check: no requirements.txt, no [project] dependencies in pyproject.toml"
    with pytest.raises(SystemExit, match="2"):
        said(capsys)
    assert nothing in capsys.readouterr().err
    (owner / "venv").rename(owner.parent / "away")
    status, printed = said(capsys)
    assert (status, printed.splitlines()[-1]) == (
        1,
        f"note: requirements were not compared: {nothing}",
    )


def test_what_was_moved_with_the_family_is_installed_again(
    owner: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {"news": owner, "gone": owner.parent / "gone", "kept": owner.parent.parent}
    for name, place in places.items():
        url = {"url": place.as_uri(), "dir_info": {"editable": True}}
        build({SITE: distribution(name, url)}, owner / "venv")
    build({"requirements.txt": "", "pyproject.toml": COMMANDS}, owner)
    build(
        {"venv": LINK, "pyproject.toml": PYPROJECT.replace("news", "kept")}, owner.parent / "kept"
    )
    moved = owner.parent.rename(owner.parent.parent / "moved")
    monkeypatch.chdir(moved / owner.name)
    status, printed = said(capsys)
    [fix] = {line for line in printed.splitlines() if line.startswith("  fix:")}
    assert status == 1
    again = "uv pip install --python DEV/dr-daily-report/venv --reinstall --no-deps -e"
    assert fix.endswith(f" --without-pip DEV/dr-daily-report/venv && {again} .")
    assert fix.count(again) == 1
