"""What the hooks say of arguments that they cannot work with."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from hooks import check_shared_venv, check_venv_symlink
from hooks.rule_names import RULES
from tests.family import HOOKS, Hook
from tests.trees import build, said_by, said_whole

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


SLIPS = [
    pytest.param(
        ["--target=../owner/venv --no-siblings"],
        "`--target=../owner/venv --no-siblings` is one argument: is a comma missing, as in"
        " `--target=../owner/venv`, `--no-siblings`?",
        id="a comma was forgotten",
    ),
    pytest.param(
        ["--require-command=dr --help --fix"],
        None,
        id="a command may have options of its own",
    ),
    pytest.param(
        ["--require-command=dr --target=../owner/venv"],
        "`--require-command=dr --target=../owner/venv` is one argument: is a comma missing, as in"
        " `--require-command=dr`, `--target=../owner/venv`?",
        id="but not one of ours",
    ),
    pytest.param(
        ["--ignore=venv-gone"],
        f"argument --ignore: `venv-gone` names no rule: {', '.join(RULES)} are",
        id="a rule that is none",
    ),
    pytest.param(["--ignore=conflict:a:b", "--ignore=rev-drift"], None, id="another hook's rule"),
    pytest.param(
        ["--output-format=xml"],
        "argument --output-format: `xml` is no format: text, github, json are",
        id="a format that is none",
    ),
]


@pytest.mark.parametrize(("arguments", "why"), SLIPS)
def test_slips(arguments: list[str], why: str | None, dev: Path) -> None:
    build({"requirements.txt": ""}, dev)
    status, output = said_by(check_shared_venv.main, dev, *arguments)
    expected = None if why is None else f"check-shared-venv: {why}\n"
    assert (output if status == 2 else None) == expected


def test_the_format_may_be_asked_for_by_a_variable(
    dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARED_VENV_OUTPUT_FORMAT", "json")
    output = said_whole(check_venv_symlink.main, dev, "--target=../owner/venv").output
    assert json.loads(output)["hook"] == "check-venv-symlink"
    output = said_by(check_venv_symlink.main, dev, "--output-format=text").output
    assert output.startswith("venv: ")
    monkeypatch.setenv("SHARED_VENV_OUTPUT_FORMAT", "")
    assert said_by(check_venv_symlink.main, dev).output.startswith("venv: ")


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """`2>&-`: Python has no stderr then."""
    monkeypatch.setattr(sys, "stderr", None)
    with pytest.raises(SystemExit) as end:
        check_venv_symlink.main(["--no-such-option"])
    assert end.value.code == 2
