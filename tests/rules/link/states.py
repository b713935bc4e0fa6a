"""How the tests of the link break something, and read what is said of it."""

from __future__ import annotations

import re
import sys
import venv
from pathlib import Path

import pytest

from hooks.check_venv_symlink import main
from tests import base_python
from tests.trees import Executable, Said, build, git, paste, said_by, said_whole

OWNER = "dr-daily-report"


MEMBER = "dr-daily-report_telegram"


TARGET = "--target=../dr-daily-report/venv"


VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


BASE = base_python.executable()


ACTIVATE = Path(venv.__file__).parent / "scripts" / "common" / "activate"
LINE = str(re.split('VIRTUAL_ENV="?__VENV', ACTIVATE.read_text())[0].count("\n") + 1)
"""Where this Python's `activate` says where it is."""


def hook(project: Path, *arguments: str) -> Said:
    return said_by(main, project, *arguments)


def whole(project: Path, *arguments: str) -> Said:
    """All that is said with the guide's target, and by which rule."""
    return said_whole(main, project, TARGET, *arguments)


def expected(text: str, dev: Path) -> str:
    """Tables are written with `{dev}` (and `{pattern}` of it, for `sed`), `{base}` (the venv's Python),
    `{version}` and `{line}` in them.
    """
    lines = [line.removeprefix("    ") for line in text.strip("\n").splitlines()]
    filled = "\n".join(lines).replace("{dev}", str(dev)).replace("{base}", BASE)
    filled = filled.replace("{pattern}", re.sub(r"[.*^$\[\]\\]", r"\\\g<0>", str(dev)))
    return filled.replace("{version}", VERSION).replace("{line}", LINE).rstrip() + "\n"


def arranged(arrange: str, family: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Break something by a shell line; it may use $DEV, $VENV and $CLONABLE."""
    monkeypatch.setenv("DEV", str(family))
    clonable = (
        "mkdir ../srv && git -C ../dr-daily-report commit -q --allow-empty -m 1 && "
        "git clone -q --bare ../dr-daily-report ../srv/dr-daily-report.git && "
        'git remote add origin "$DEV/srv/dr-daily-report_telegram.git"'
    )
    arrange = arrange.replace("$CLONABLE", clonable)
    paste(arrange.replace("$VENV", f"{BASE} -m venv --without-pip"), project)


def line_of_activation(family: Path) -> str:
    activate = family / OWNER / "venv" / "bin" / "activate"
    lines = activate.read_text().splitlines() if activate.is_file() else []
    literal = [n for n, line in enumerate(lines, 1) if "VIRTUAL_ENV=" in line and "$(" not in line]
    return str(literal[0]) if literal else ""


def tree_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if ".git" not in path.parts}


def disposable(paths: set[str]) -> set[str]:
    """What a repair may remove or move: links, venvs, and what is put aside under a new name."""
    return {path for path in paths if "/venv" in path}


def worktree(project: Path, at: Path) -> Path:
    git(project, "commit", "--quiet", "--allow-empty", "--message=first")
    git(project, "worktree", "add", "--quiet", str(at))
    return at


# --require-command

PYTHON_SCRIPT = "#!/bin/sh\n'''exec' '{venv}/bin/python' \"$0\" \"$@\"\n' '''\n"


def script(venv: Path, code: str, *, name: str = "dr") -> None:
    """A console script as pip writes it where the path has a space."""
    text = PYTHON_SCRIPT.replace("{venv}", str(venv)) + code
    build({name: Executable(text)}, venv / "bin")
