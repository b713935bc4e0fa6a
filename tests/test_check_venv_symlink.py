"""The door of check-venv-symlink; what it judges is in `tests/rules/link`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules.link.states import (
    MEMBER,
    OWNER,
    TARGET,
    hook,
)
from tests.trees import git, make_venv, paste, repairs

# Bad arguments: the question could not be asked.

BAD_ARGUMENTS = [
    pytest.param(["--target="], "argument --target: a path is needed", id="an empty target"),
    pytest.param(["--venv= "], "argument --venv: a path is needed", id="a blank venv"),
    pytest.param(["--no-such"], "unrecognized arguments: --no-such", id="an unknown option"),
    pytest.param(["a"], "unrecognized arguments: a", id="a file name"),
    pytest.param(
        ["--require-command="],
        "argument --require-command: '' does not begin with the name of a command",
        id="no command",
    ),
    pytest.param(
        ["--require-command=../x"],
        "argument --require-command: '../x' does not begin with the name of a command",
        id="a path for a command",
    ),
    pytest.param(
        ['--require-command="dr --help"'],
        "argument --require-command: '\"dr --help\"' is quoted twice: leave the inner quotes out",
        id="quotes inside of an option in YAML",
    ),
    pytest.param(
        ["--require-command='"],
        'argument --require-command: "\'" is no command line: No closing quotation',
        id="an open quote",
    ),
]


@pytest.mark.parametrize(("arguments", "says"), BAD_ARGUMENTS)
def test_bad_arguments(arguments: list[str], says: str, dev: Path) -> None:
    ran = hook(dev, *arguments)
    assert ran.status == 2
    assert ran.output.splitlines()[-1] == f"check-venv-symlink: {says}"


def test_the_working_directory_is_gone(dev: Path) -> None:
    gone = dev / "gone"
    gone.mkdir()
    command = [
        sys.executable,
        "-c",
        "import os; os.rmdir(os.getcwd()); from hooks.check_venv_symlink import main; main([])",
    ]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    ran = subprocess.run(
        command, cwd=gone, env=environment, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (2, "the working directory does not exist any more\n")


# What others name is shown escaped, and the repair still works.


def test_passes_silently(dev: Path) -> None:
    git(dev, "init", "--quiet", MEMBER)
    (dev / MEMBER / "venv").symlink_to("../dr-daily-report/venv")
    make_venv(dev / OWNER / "venv")
    assert hook(dev / MEMBER, TARGET) == (0, "")


def test_names_that_are_not_printable(dev: Path) -> None:
    odd = "own\x1b[2Jer\u202e 'x"
    make_venv(dev / odd / "venv")
    git(dev, "init", "--quiet", MEMBER)
    target = f"--target=../{odd}/venv"
    says = (
        "venv: is missing: it should be a link to `../own\\x1b[2Jer\\u202e 'x/venv`\n"
        "  fix: ln -sfn $'../own\\033\\1332Jer\\342\\200\\256 \\047x/venv' venv\n"
    )
    assert hook(dev / MEMBER, target) == (1, says)
    paste(repairs(says)[0], dev / MEMBER)
    assert os.readlink(dev / MEMBER / "venv") == f"../{odd}/venv"
