"""What holds for every door: started as a module, and unlooked at where git only passes by."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from hooks import check_shared_venv, door
from tests.trees import build, git, make_venv, said_whole

DOORS = [
    *("check_shared_venv", "check_venv_symlink", "forbid_local_venv", "check_requirements_sync"),
    *("check_siblings_agree", "shared_venv_status"),
]


@pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
@pytest.mark.parametrize("name", DOORS)
def test_a_door_is_a_program(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [name, "--help"])
    with pytest.raises(SystemExit) as end:
        runpy.run_module(f"hooks.{name}", run_name="__main__")
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: {name.replace('_', '-')} ")


@pytest.mark.parametrize("name", DOORS[:-1])
def test_a_checkout_of_files_is_passed_unlooked_at(
    name: str, dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRE_COMMIT_CHECKOUT_TYPE", "0")
    main = __import__(f"hooks.{name}", fromlist=["main"]).main
    assert said_whole(main, dev, "--target=../owner/venv") == (0, "")


def test_a_question_that_cannot_be_asked_is_told_where_nothing_is_found(dev: Path) -> None:
    git(dev, "init", "--quiet", "owner")
    build({"owner": {"venv/pyvenv.cfg": "home = /gone\n"}}, dev)
    why = "nothing to check: no requirements.txt, no [project] dependencies in pyproject.toml"
    said = said_whole(check_shared_venv.main, dev / "owner", "--target=../owner/venv")
    assert said.status == 1
    assert said.output.endswith(f"note: requirements were not compared: {why}\n")
    said = said_whole(
        check_shared_venv.main, dev / "owner", "--target=../owner/venv", "--ignore=python-missing",
        "--ignore=library-missing", "--ignore=activation-elsewhere",
    )  # fmt: skip
    assert said.status == 0


def test_a_question_that_cannot_be_asked_where_all_is_well(dev: Path) -> None:
    git(dev, "init", "--quiet", "owner")
    make_venv(dev / "owner" / "venv")
    said = said_whole(check_shared_venv.main, dev / "owner", "--target=../owner/venv", "--extra=x")
    assert said == (
        2,
        "check-shared-venv: --extra and --group need a pyproject.toml or a pylock.toml\n",
    )


def test_a_bug_without_a_place() -> None:
    told = door._bug("hooks.check_it", ValueError("x"))
    assert told == (
        "check-it: a bug of this hook: ValueError: x; SHARED_VENV_TRACEBACK=1 shows it whole"
    )
