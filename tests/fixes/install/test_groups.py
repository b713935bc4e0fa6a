"""The extras and groups that are asked for are in the line that installs a file as a whole."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.families import a_member, said
from tests.fixes.install.test_fill import fix_of
from tests.packages import make_project, make_wheel

ONLY_UV_READS = """
[project]
name = "p"
version = "1"
dependencies = ["sib"]
[project.optional-dependencies]
x = ["idna==3.9"]
[dependency-groups]
dev = ["six==1.16.0"]
[tool.uv.sources]
sib = { path = "SIB" }
"""
LOCK = """
lock-version = "1.0"
created-by = "uv"
extras = ["x"]
dependency-groups = ["dev"]
"""


def locked(name: str, marker: str, wheel: Path) -> str:
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"""
[[packages]]
name = "{name}"
version = "{wheel.name.split("-")[1]}"
marker = "{marker}"
wheels = [{{ path = "{wheel}", hashes = {{ sha256 = "{digest}" }} }}]
"""


Check = Callable[[str, str], None]


@pytest.fixture
def is_mended_by_one_paste(
    owner: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Check:
    """What a member's file, with this text, lacks of its extra `x` and its group `dev`."""

    def check(file: str, text: str) -> None:
        monkeypatch.chdir(a_member(owner, "member", {file: text}))
        options = [f"--requirements={file}", "--extra=x", "--group=dev"]
        status, printed = said(capsys, *options)
        assert status == 1
        subprocess.run(["sh", "-c", fix_of(printed, owner.parent)], check=True)
        assert said(capsys, *options) == (0, "")

    return check


@pytest.mark.parametrize("folder", [".", "below"])
def test_of_a_project(folder: str, owner: Path, links: Path, is_mended_by_one_paste: Check) -> None:
    make_wheel(links, "idna", "3.9")
    make_wheel(links, "six", "1.16.0")
    make_project(owner / "sib", "sib")
    text = ONLY_UV_READS.replace("SIB", str(owner / "sib"))
    is_mended_by_one_paste(f"{folder}/pyproject.toml", text)


@pytest.mark.parametrize("folder", [".", "below"])
def test_of_a_lock(folder: str, links: Path, is_mended_by_one_paste: Check) -> None:
    text = LOCK + locked("idna", "'x' in extras", make_wheel(links, "idna", "3.9"))
    text += locked("six", "'dev' in dependency_groups", make_wheel(links, "six", "1.16.0"))
    is_mended_by_one_paste(f"{folder}/pylock.toml", text)


def test_a_group_that_names_its_own_project_is_left_out(
    owner: Path, links: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An installer would ask an index for it: whoever has taken the name there is a stranger."""
    make_wheel(links, "p", "9")
    make_project(owner / "sib", "sib")
    text = ONLY_UV_READS.replace("SIB", str(owner / "sib")).replace('"six', '"p", "p[x]", "six')
    monkeypatch.chdir(a_member(owner, "member", {"pyproject.toml": text}))
    status, printed = said(capsys, "--group=dev")
    assert status == 1
    assert "`p`" not in printed
    assert "asks for 3 distributions" in printed  # sib, six, and by its extra idna
    assert "-r pyproject.toml" not in printed
