"""What shared-venv-status says of the shell it is typed into, on a terminal, and under runners."""

from __future__ import annotations

import os
import pty
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.status.family import (
    CONFIGURATION,
    MEDIA,
    NEWS,
    OWNER,
    TARGET,
    make_family,
    status,
)
from tests.trees import git, make_venv, tool

CHECKOUT = Path(__file__).parents[2]
HERE = "this shell    "


@pytest.fixture
def family(dev: Path) -> Path:
    make_venv(dev / "other")
    return make_family(dev)


SHELLS = {
    "nothing is activated": ("", "no venv is activated; no `python` is on PATH"),
    "the shared one": (
        f"VIRTUAL_ENV=DEV/{OWNER}/venv PATH=DEV/{OWNER}/venv/bin",
        f"activated: {TARGET}",
    ),
    "the shared one, by a member's link": (
        f"VIRTUAL_ENV=DEV/{MEDIA}/venv PATH=DEV/{MEDIA}/venv/bin",
        f"activated: {TARGET}",
    ),
    "the shared one, but PATH has another": (
        f"VIRTUAL_ENV=DEV/{OWNER}/venv PATH=DEV/other/bin",
        f"activated: {TARGET}, but `python` on PATH is DEV/other/bin/python",
    ),
    "the shared one, but PATH has none": (
        f"VIRTUAL_ENV=DEV/{OWNER}/venv",
        f"activated: {TARGET}, but no `python` is on PATH",
    ),
    "another one": (
        "VIRTUAL_ENV=DEV/other PATH=DEV/other/bin",
        "another venv is activated: DEV/other",
    ),
    "another one, but PATH has the shared one": (
        f"VIRTUAL_ENV=DEV/other PATH=DEV/{OWNER}/venv/bin",
        f"another venv is activated: DEV/other, but `python` on PATH is that of {TARGET}",
    ),
    "only PATH has the shared one": (
        f"PATH=DEV/{OWNER}/venv/bin",
        f"not activated, but `python` on PATH is that of {TARGET}",
    ),
    "a runner": ("PRE_COMMIT=1", "cannot be told here: a runner has its own environment on PATH"),
}


@pytest.mark.parametrize(("variables", "says"), SHELLS.values(), ids=SHELLS)
def test_what_is_said_of_the_shell(
    variables: str, says: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in variables.split():
        name, _, value = each.partition("=")
        before = os.pathsep if name == "PATH" else None
        monkeypatch.setenv(name, value.replace("DEV", str(family)), prepend=before)
    said = status(family / NEWS)
    assert said.output.splitlines()[1] == HERE + says
    assert said.status == 0


# -- on a terminal --------------------------------------------------------------------------------


def on_a_terminal(project: Path, **environ: str) -> str:
    """What is shown on it, both of stdout and of stderr."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "hooks.shared_venv_status"]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "TERM": "xterm", **environ}
    with subprocess.Popen(
        command, cwd=project, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 10_000):
                shown += piece
        except OSError:  # Linux's way to say that nobody writes any more
            pass
        process.wait()
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def test_colours_on_a_terminal_say_nothing_new(family: Path) -> None:
    (family / MEDIA / "venv").unlink()
    plain = on_a_terminal(family / NEWS, NO_COLOR="1")
    assert "\x1b" not in plain
    assert "\x1b" not in on_a_terminal(family / NEWS, TERM="dumb")
    coloured = on_a_terminal(family / NEWS, NO_COLOR="")
    assert re.sub(r"\x1b\[\d*m", "", coloured) == plain
    assert "\x1b[31mmissing\x1b[0m" in coloured
    assert "\x1b[32mworks\x1b[0m" in coloured


# -- under runners --------------------------------------------------------------------------------


@pytest.mark.parametrize("runner", ["pre-commit", "prek"])
def test_at_the_manual_stage(
    runner: str, family: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As the manifest has it, but for the environment, which is this one."""
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PREK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin", prepend=os.pathsep)
    entry = (
        f"env PYTHONPATH={shlex.quote(str(CHECKOUT))}"
        f" {shlex.quote(sys.executable)} -m hooks.shared_venv_status"
    )
    configuration = (
        "repos:\n  - repo: local\n    hooks:\n      - id: shared-venv-status\n        name: status\n"
        f"        entry: {entry}\n        language: system\n        pass_filenames: false\n"
        "        always_run: true\n        verbose: true\n        stages: [manual]\n"
    )
    (family / NEWS / CONFIGURATION).write_text(configuration)
    git(family / NEWS, "add", "--all")
    done = subprocess.run(
        [tool(runner), "run", "--hook-stage=manual", "--all-files"],
        cwd=family / NEWS,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{HERE}cannot be told here: a runner" in done.stdout
    assert re.search(
        rf"\n\s*{NEWS}      ok        0        0      0  -          none       local", done.stdout
    )


def test_what_git_says_of_this_repository_is_not_said_of_its_siblings(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(family / MEDIA, "add", "--force", "venv")
    told = status(family / NEWS)
    monkeypatch.setenv("GIT_DIR", str(family / NEWS / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(family / NEWS / ".git" / "index"))
    assert status(family / NEWS) == told


def test_commands_are_for_the_folder_that_one_types_in(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`git status-of-family` as an alias: git starts it at the top of the work tree."""
    (family / MEDIA / "venv").unlink()
    (family / NEWS / "deep").mkdir()
    monkeypatch.setenv("GIT_PREFIX", "deep/")
    said = status(family / NEWS)
    assert f"; first: (cd -P .. && cd ../{MEDIA} && ln -sfn {TARGET} venv)\n" in said.output
    assert "\nfill          (cd -P .. && " in said.output
