"""The extras and groups that are asked for are in the line that installs a file as a whole."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hooks.venvs.installed import read_installed
from tests.families import a_member, said
from tests.fixes.install.test_fill import fix_of
from tests.packages import install, make_project, make_wheel
from tests.trees import build

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
def test_of_a_lock(folder: str, owner: Path, links: Path, is_mended_by_one_paste: Check) -> None:
    """No other file goes with it, nor before it: it says the version of all that it installs."""
    make_wheel(links, "idna", "3.10")
    build({"requirements.txt": "idna\n"}, owner)
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


OF_AN_INDEX = """
[project]
name = "p"
version = "1"
dependencies = ["six"]
[project.optional-dependencies]
x = []
[dependency-groups]
dev = []
[[tool.uv.index]]
name = "ours"
url = "URL"
format = "flat"
"""


@pytest.mark.parametrize("theirs", ["numpy<2\n", "-c nothing.txt\nnumpy<2\n"])
def test_of_an_index_nothing_is_lifted_over_what_a_sibling_asks_for(
    theirs: str, owner: Path, links: Path, is_mended_by_one_paste: Check
) -> None:
    """Their file is another's constraint; where it cannot be, its lines that are met are said."""
    build({"requirements.txt": theirs, "nothing.txt": ""}, owner)
    for folder in (links, links.parent / "ours"):
        make_wheel(folder, "numpy", "1.26.4")
    make_wheel(links.parent / "ours", "numpy", "2.1.0")
    make_wheel(links.parent / "ours", "six", "1.16.0", ["numpy"])
    make_wheel(links.parent / "ours", "six", "1.17.0", ["numpy>=2"])
    install("uv", owner / "venv", "numpy==1.26.4", directory=owner)
    url = (links.parent / "ours").as_uri()
    is_mended_by_one_paste("pyproject.toml", OF_AN_INDEX.replace("URL", url))
    found = read_installed(str(owner / "venv")).distributions
    assert found["numpy"].version == "1.26.4"
