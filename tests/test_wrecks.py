"""The README's table of commands that wreck a shared venv: each tried again, for real."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.trees import build, pythons, tool

README = (Path(__file__).parent.parent / "README.md").read_text()
PYTHON = pythons()[-1].executable


def wheel(folder: Path, name: str) -> Path:
    path = folder / f"{name}-1.0-py3-none-any.whl"
    information = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", "def main(): print('hello')\n")
        archive.writestr(
            f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{information}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(
            f"{information}/entry_points.txt", f"[console_scripts]\n{name} = {name}:main\n"
        )
        archive.writestr(f"{information}/RECORD", "")
    return path


@pytest.fixture
def member(dev: Path, request: pytest.FixtureRequest) -> Path:
    """A member of a family whose shared venv has one distribution, and pip where that is tried."""
    build({"owner": {}, "member": {}}, dev)
    venv = dev / "owner" / "venv"
    pip = [] if "bin/" in request.node.name else ["--without-pip"]
    subprocess.run([PYTHON, "-m", "venv", *pip, str(venv)], check=True)
    install = [tool("uv"), "pip", "install", "--quiet", "--no-index", "--python", str(venv)]
    subprocess.run([*install, str(wheel(dev, "kept"))], check=True)
    wheel(dev, "x")
    (dev / "member" / "venv").symlink_to("../owner/venv")
    return dev / "member"


def state(member: Path) -> set[str]:
    """What has happened to the shared venv."""
    venv = member.parent / "owner" / "venv"
    if not list(venv.iterdir()):
        return {"emptied"}
    found = set()
    if (member / ".venv").is_dir() and not (member / ".venv").is_symlink():
        found.add("a venv of its own")
    if not list(venv.glob("lib/*/site-packages/kept.py")):
        found.add("uninstalled")
    if str(member) in (venv / "bin" / "activate").read_text():
        found.add("activate")
    if (venv / "bin" / "x").exists():
        found.add("x by the member" if str(member) in (venv / "bin" / "x").read_text() else "x")
    return found


TRIED = [
    ("python -m venv venv", False, set()),
    ("uv venv", True, {"a venv of its own"}),
    ("python -m venv --clear venv", False, {"emptied"}),
    ("virtualenv --clear venv", False, set()),
    ("uv venv --clear venv", True, {"uninstalled", "activate"}),
    ("uv venv --allow-existing venv", True, {"activate"}),
    ("uv sync", True, {"uninstalled"}),
    ("rm -rf venv/", None, {"emptied"}),
    ("venv/bin/python -m pip install X", True, {"x by the member"}),
    ("../dr-daily-report/venv/bin/python -m pip install X", True, {"x by the member"}),
    ("uv pip install --python venv X", True, {"x by the member"}),
    ("venv/bin/pip install X", True, {"x"}),
]


@pytest.mark.parametrize(("command", "succeeds", "happens"), TRIED)
def test_a_command_in_a_member(
    command: str,
    succeeds: bool | None,
    happens: set[str],
    member: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert f"| `{command}`" in README, "each command that was tried stands in the README"
    monkeypatch.setenv("UV_PYTHON", PYTHON)
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PATH", f"{Path(PYTHON).parent}:{os.environ['PATH']}")
    command = command.replace("dr-daily-report", "owner")
    words = command.replace("X", "../x-1.0-py3-none-any.whl").split()
    if words[0] == "python":
        words[0] = PYTHON
    elif words[0] in {"uv", "virtualenv"}:
        words[0] = tool(words[0])
    if command == "uv sync":
        (member / "venv").rename(member / ".venv")
        version = pythons()[-1].version
        project = f'[project]\nname = "member"\nversion = "1"\nrequires-python = ">={version}"\n'
        (member / "pyproject.toml").write_text(project)
    ran = subprocess.run(words, cwd=member, capture_output=True, text=True, check=False)
    if succeeds is not None:
        assert (ran.returncode == 0) is succeeds, ran.stdout + ran.stderr
    assert state(member) == happens


def test_every_row_of_the_table_was_tried() -> None:
    table = README.partition("## Commands that wreck")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [command for command, _, _ in TRIED]
