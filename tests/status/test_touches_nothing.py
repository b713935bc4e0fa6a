"""shared-venv-status changes nothing and runs nothing: a mark in all that could be run."""

from __future__ import annotations

import hashlib
import os
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.status.family import (
    CONFIGURATION,
    FOUR,
    MEDIA,
    NEWS,
    OWNER,
    SITE,
    configuration,
    make_family,
    status,
)
from tests.trees import build, git, make_venv

Snapshot = dict[str, tuple[object, ...]]


def snapshot(folder: Path) -> Snapshot:
    """All that is there: kinds, modes, times of change, contents."""
    found: Snapshot = {}
    for parent, folders, files in os.walk(folder):
        for path in [Path(parent), *(Path(parent, name) for name in [*folders, *files])]:
            now = path.lstat()
            kind = stat.S_IFMT(now.st_mode)
            content = path.read_bytes() if kind == stat.S_IFREG else b""
            link = os.readlink(path) if kind == stat.S_IFLNK else ""
            digest = hashlib.sha256(content).hexdigest()
            found[str(path)] = (now.st_mode, now.st_mtime_ns, now.st_ctime_ns, link, digest)
    return found


@pytest.fixture
def mined(dev: Path, shell: Path) -> Path:
    """A family in which whatever is run leaves a mark in `dev/marks`."""
    make_family(dev)
    marks = dev / "marks"
    marks.mkdir()
    script = f'#!/bin/sh\ntouch {shlex.quote(str(marks))}/"$(basename "$0")"\n'
    line = f"import os; open({str(marks)!r} + '/pth', 'w')\n"
    bin_folder = dev / OWNER / "venv" / "bin"
    for name in [*os.listdir(bin_folder), "dr", "pip", "pre-commit"]:
        (bin_folder / name).unlink(missing_ok=True)
        if not name.startswith("activate"):
            write(bin_folder / name, script)
    activate = f"VIRTUAL_ENV={shlex.quote(str(dev / OWNER / 'venv'))}\ntouch {shlex.quote(str(marks))}/activate\n"
    write(bin_folder / "activate", activate)
    build({f"{SITE}/mark.pth": line, f"{SITE}/sitecustomize.py": line}, dev / OWNER)
    make_venv(dev / MEDIA / ".venv")
    for name in FOUR:
        hook = configuration("--target=../dr-daily-report/venv", "--require-command=dr --help")
        (dev / name / CONFIGURATION).write_text(hook.replace("]\n", ", --fix]\n", 1))
        for module in ["hooks", "packaging", "yaml", "venv", "sitecustomize", "usercustomize"]:
            (dev / name / f"{module}.py").write_text(line)
        (dev / name / "setup.py").write_text(line)
        for each in ["pre-commit", "post-checkout", "post-index-change"]:
            write(dev / name / ".git" / "hooks" / each, f"{script}prek run\n")
        git(dev / name, "config", "core.fsmonitor", str(bin_folder / "dr"))
    (dev / MEDIA / "venv").unlink()
    for name in ["python", "python3", "python3.13", "python3.14", "uv", "prek", "pre-commit"]:
        (shell / name).unlink(missing_ok=True)
        write(shell / name, script)
    return dev


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.mark.parametrize("project", [OWNER, MEDIA, NEWS])
@pytest.mark.parametrize("output", ["text", "json", "github"])
def test_nothing_changes_and_nothing_is_run(project: str, output: str, mined: Path) -> None:
    before = snapshot(mined)
    said = status(mined / project, f"--output-format={output}")
    assert said.status == 1
    assert "link-missing" in said.output or output == "text"
    assert snapshot(mined) == before
    assert os.listdir(mined / "marks") == []


def test_nor_as_a_process_of_its_own(mined: Path) -> None:
    checkout = Path(__file__).parents[2]
    before = snapshot(mined)
    code = f"import sys; sys.path.insert(0, {str(checkout)!r}); from hooks.shared_venv_status import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=mined / NEWS, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert snapshot(mined) == before
    assert os.listdir(mined / "marks") == []


def test_the_mines_go_off_where_somebody_steps_on_them(mined: Path) -> None:
    subprocess.run(
        [str(mined / OWNER / "venv" / "bin" / "dr")], check=True, env={"PATH": "/usr/bin:/bin"}
    )
    assert os.listdir(mined / "marks") == ["dr"]
