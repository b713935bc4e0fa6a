"""What stands at the place of a venv or link."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hooks.venvs.layout import (
    CONDA,
    DIRECTORY,
    LINK,
    LINK_AS_TEXT,
    NOTHING,
    OTHER,
    REDIRECT,
    VENV,
    Entry,
    look_at,
    read_configuration,
    site_packages,
)
from tests.trees import Fifo, Symlink, Tree, build

AS_TEXT = "a file that says `../owner/venv`: git made it with `core.symlinks=false`"
A_FILE = (OTHER, "a file")
STANDS = [
    pytest.param("venv", {}, False, (NOTHING, "nothing"), id="nothing"),
    pytest.param("a\0b", {}, False, (NOTHING, "nothing"), id="what no path can be"),
    pytest.param("venv", {"venv": Symlink("../x")}, True, (LINK, "../x"), id="a link"),
    pytest.param("venv", {"venv/x": ""}, False, (DIRECTORY, "a directory, no venv"), id="a folder"),
    pytest.param("venv", {"venv/pyvenv.cfg": ""}, False, (VENV, "a real venv"), id="a venv"),
    pytest.param("venv", {"venv/conda-meta/x": ""}, False, (CONDA, "a conda environment"), id="conda's"),
    pytest.param("venv", {"venv": Fifo()}, True, (OTHER, "a named pipe"), id="a pipe"),
    pytest.param("venv", {"venv": "../owner/venv"}, False, A_FILE, id="somebody's file with a path"),
    pytest.param("venv", {"venv": "../owner/venv"}, True, (LINK_AS_TEXT, AS_TEXT), id="git's text of a link"),
    pytest.param("venv", {"venv": "../owner/venv\n"}, True, (LINK_AS_TEXT, AS_TEXT), id="with a line break"),
    pytest.param("venv", {"venv": "two\nlines"}, True, A_FILE, id="changed since"),
    pytest.param("venv", {"venv": ""}, True, A_FILE, id="emptied since"),
    pytest.param(".venv", {".venv": "../o\n"}, False, (REDIRECT, "../o"), id="a redirect file"),
    pytest.param(".venv", {".venv": "../owner/venv"}, True, (LINK_AS_TEXT, AS_TEXT), id="git's text, of that name"),
    pytest.param(".venv", {".venv": "a\nb"}, False, A_FILE, id="no redirect file"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "tree", "is_link_in_git", "entry"), STANDS)
def test_what_stands_there(
    name: str, tree: Tree, is_link_in_git: bool, entry: tuple[int, str], tmp_path: Path
) -> None:
    build(tree, tmp_path)
    assert look_at(f"{tmp_path}/{name}", is_link_in_git=is_link_in_git) == Entry(*entry)


def test_a_configuration_that_is_not_there(tmp_path: Path) -> None:
    assert read_configuration(str(tmp_path)) != {}
    build({"pyvenv.cfg": "home = /x\n", "lib/python3.9": {}, "lib/x": ""}, tmp_path)
    assert read_configuration(str(tmp_path)) == {"home": "/x"}
    assert site_packages(str(tmp_path), None) == []
    assert site_packages(str(tmp_path), "3.8") == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(tmp_path: Path) -> None:
    build({".venv": "../x"}, tmp_path)
    (tmp_path / ".venv").chmod(0)
    assert look_at(str(tmp_path / ".venv"), is_link_in_git=True) == Entry(*A_FILE)
