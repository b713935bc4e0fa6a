"""What the hooks say of arguments that they cannot work with."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.family import HOOKS, Hook
from tests.trees import build, said_by

WRONG = [
    pytest.param(["--venv="], "argument --venv: a path is needed", id="an empty path"),
    pytest.param(["--venv=--"], "argument --venv: expected one argument", id="a path of dashes"),
    pytest.param(["--target=--"], "argument --target: expected one argument", id="for the target"),
    pytest.param(["x"], "unrecognized arguments: x", id="one too many"),
    pytest.param(
        ["\x1b[31m\n::error::x", "##[error]x"],
        "unrecognized arguments: \\x1b[31m\\n:\\x3aerror:\\x3ax #\\x23[error]x",
        id="what is obeyed where it is shown",
    ),
    pytest.param(
        ["https://me:my s3cret@host/x"],
        "unrecognized arguments: https://****@host/x",
        id="a password",
    ),
]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.name)
@pytest.mark.parametrize(("arguments", "why"), WRONG)
def test_wrong_arguments(hook: Hook, arguments: list[str], why: str, dev: Path) -> None:
    status, output = said_by(hook.main, dev, *arguments)
    assert status == 2
    assert output == f"{hook.name}: {why}\n"


LISTS = [
    (hook, option)
    for hook, options in zip(
        HOOKS,
        [
            ["--require-command"],
            ["--allow"],
            ["--requirements", "--extra", "--group", "--sibling", "--allow-undeclared"],
        ],
        strict=True,
    )
    for option in options
]


@pytest.mark.parametrize(("hook", "option"), LISTS)
def test_two_dashes_are_no_value(hook: Hook, option: str, dev: Path) -> None:
    status, output = said_by(hook.main, dev, f"{option}=--")
    assert status == 2
    assert output == f"{hook.name}: argument {option}: expected one argument\n"


NO_PLACES = [
    pytest.param(["--venv=~"], "--venv: `{dev}` holds the home directory, it is no venv", id="home"),
    pytest.param(["--venv=/"], "--venv: `/` holds the home directory, it is no venv", id="the root"),
    pytest.param(
        ["--target=~/."], "--target: `{dev}/.` holds the home directory, it is no venv", id="target"
    ),
    pytest.param(["--venv=.."], "--venv: `..` holds the project, it is no venv", id="above"),
]  # fmt: skip


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.name)
@pytest.mark.parametrize(("arguments", "why"), NO_PLACES)
def test_what_a_repair_would_move_aside_is_no_venv(
    hook: Hook, arguments: list[str], why: str, dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(dev / "home"))
    build({"home/code/project": {"requirements.txt": ""}}, dev)
    status, output = said_by(hook.main, dev / "home" / "code" / "project", *arguments)
    assert (status, output) == (2, f"{why.format(dev=dev / 'home')}\n")


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.name)
def test_a_link_that_leads_above_is_judged_as_a_link(
    hook: Hook, dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(dev))
    build({"project": {"requirements.txt": ""}}, dev)
    os.symlink("..", dev / "project" / "venv")
    assert said_by(hook.main, dev / "project", "--target=../owner/venv").status in {0, 1}
