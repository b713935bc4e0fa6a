"""PEP 832's redirect file: which text is one; and uv, asked about the same files."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from hooks.venvs.redirect import parse_redirect, read_redirect, redirect_text
from tests.trees import Fifo, Symlink, build, make_venv, tool

NO_REDIRECT = [
    pytest.param(b"", id="nothing"),
    pytest.param(b"\n", id="an empty line"),
    pytest.param(b"\r\n", id="an empty line of Windows"),
    pytest.param(b"../venv\n\n", id="an empty line behind it"),
    pytest.param(b"../venv\n# mine\n", id="a second line"),
    pytest.param(b"\n../venv", id="an empty line before it"),
    pytest.param(b"a\rb", id="a line break of old Macs"),
    pytest.param(b"a\0b", id="what no path can hold"),
    pytest.param(b"x" * 4097, id="longer than a path can be"),
]

REDIRECTS = [
    pytest.param(b"../owner/venv\n", "../owner/venv", id="relative"),
    pytest.param(b"/o/venv", "/o/venv", id="absolute, no line break"),
    pytest.param(b"../owner/venv\r\n", "../owner/venv", id="Windows' line break"),
    pytest.param(b" venv \n", " venv ", id="spaces are the path's"),
    pytest.param(b"# notes\n", "# notes", id="there are no comments"),
    pytest.param(b"\xef\xbb\xbfvenv", "\ufeffvenv", id="a BOM is the path's"),
    pytest.param(b"caf\xe9", "caf\udce9", id="a name that is no UTF-8"),
    pytest.param(b"x" * 4096 + b"\r\n", "x" * 4096, id="as long as a path can be"),
]


@pytest.mark.parametrize("content", NO_REDIRECT)
def test_is_just_a_file(content: bytes, tmp_path: Path) -> None:
    assert parse_redirect(content) is None
    (tmp_path / ".venv").write_bytes(content)
    assert read_redirect(str(tmp_path / ".venv")) is None


@pytest.mark.parametrize(("content", "path"), REDIRECTS)
def test_says_a_path(content: bytes, path: str, tmp_path: Path) -> None:
    assert parse_redirect(content) == path
    (tmp_path / ".venv").write_bytes(content)
    assert read_redirect(str(tmp_path / ".venv")) == (path if "/" in path else None)


def test_a_word_is_a_path_if_it_leads_somewhere(tmp_path: Path) -> None:
    build({".venv": "trial\n"}, tmp_path)
    assert read_redirect(str(tmp_path / ".venv")) is None
    (tmp_path / "trial").mkdir()
    assert read_redirect(str(tmp_path / ".venv")) == "trial"


def test_what_has_another_name_or_is_no_file(tmp_path: Path) -> None:
    build({"venv": "../x\n", "a/.venv": {}, "b/.venv": Fifo(), "c/.venv": Symlink("n")}, tmp_path)
    for path in ["venv", "a/.venv", "b/.venv", "c/.venv", "d/.venv"]:
        assert read_redirect(str(tmp_path / path)) is None


def test_a_text_that_was_written_is_read_back(tmp_path: Path) -> None:
    (tmp_path / ".venv").write_text(redirect_text("../my owner/venv"))
    assert read_redirect(str(tmp_path / ".venv")) == "../my owner/venv"


AS_UV = [
    pytest.param("../real", True, id="no line break"),
    pytest.param("../real\n", True, id="a line break"),
    pytest.param("../real\r\n", True, id="Windows' line break"),
    pytest.param("../real\n\n", False, id="two"),
    pytest.param("../real \n", False, id="a space behind it"),
    pytest.param("../real\n# c\n", False, id="a comment"),
]


@pytest.mark.parametrize(("text", "leads_there"), AS_UV)
def test_leads_where_uv_goes(text: str, leads_there: bool, dev: Path) -> None:
    make_venv(dev / "real")
    project = '[project]\nname = "member"\nversion = "1"\nrequires-python = ">=3.8"\n'
    build({"member/pyproject.toml": project, "member/.venv": text.encode()}, dev)
    ran = subprocess.run(
        [tool("uv"), "run", "--offline", "--no-sync", "python", "-c", "import sys; print(sys.prefix)"],
        cwd=dev / "member", capture_output=True, text=True, check=False,
        env={**os.environ, "VIRTUAL_ENV": ""},
    )  # fmt: skip
    followed = ran.returncode == 0 and Path(ran.stdout.strip()) == dev / "real"
    said = read_redirect(str(dev / "member" / ".venv"))
    ours = said is not None and (dev / "member" / said / "pyvenv.cfg").exists()
    assert ours is followed is leads_there, ran.stderr
