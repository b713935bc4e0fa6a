"""What an environment is, by the files in it: on disk and by the paths in git's index, alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.venvs.environment import (
    end_of,
    environment_kind,
    environments_among,
    is_conda,
    is_venv,
    way_text,
)
from tests.trees import Symlink, build

NONE = [
    pytest.param(["a", "b/c"], id="nothing of the kind"),
    pytest.param(["pyvenv.cfg.txt", "not-pyvenv.cfg", "pyvenv"], id="names like pyvenv.cfg"),
    pytest.param(["conda-meta", "x-conda-meta/y"], id="no folder conda-meta"),
    pytest.param(["bin/activate", "bin/deploy"], id="activate without python"),
    pytest.param(["bin/python", "bin/activate.py"], id="python without activate"),
    pytest.param(["x/bin/activate", "y/bin/python"], id="the two in two folders"),
    pytest.param(["sbin/activate", "sbin/python"], id="in a folder of another name"),
    pytest.param(["Scripts/activate", "Scripts/deploy.bat"], id="Scripts without activate.bat"),
    pytest.param(["activate.bat"], id="activate.bat elsewhere"),
]

SOME = [
    pytest.param(["pyvenv.cfg"], "venv", id="by pyvenv.cfg"),
    pytest.param(["conda-meta/x/y"], "conda", id="by conda-meta"),
    pytest.param(["pyvenv.cfg", "conda-meta/x"], "conda", id="a pyvenv.cfg in one of conda's"),
    pytest.param(["bin/activate", "bin/python"], "venv", id="of an old virtualenv"),
    pytest.param(["Scripts/activate.bat"], "venv", id="of Windows"),
]


@pytest.mark.parametrize("folder", [".", "a", "a b/c"])
@pytest.mark.parametrize("files", NONE)
def test_is_none(files: list[str], folder: str, tmp_path: Path) -> None:
    paths = [f"{folder}/{name}".removeprefix("./") for name in files]
    assert environments_among(paths) == {}
    build(dict.fromkeys(paths, ""), tmp_path)
    assert environment_kind(str(tmp_path / folder)) is None


@pytest.mark.parametrize("folder", [".", "a", "a b/c"])
@pytest.mark.parametrize(("files", "kind"), SOME)
def test_is_one(files: list[str], kind: str, folder: str, tmp_path: Path) -> None:
    paths = [f"{folder}/{name}".removeprefix("./") for name in files]
    assert environments_among(paths) == {folder: kind}
    build(dict.fromkeys(paths, ""), tmp_path)
    place = str(tmp_path / folder)
    names = {name.partition("/")[0] for name in files}
    assert environment_kind(place) == environment_kind(place, names) == kind
    assert environment_kind(place, set()) is None
    assert is_venv(place)
    assert is_conda(place) is (kind == "conda")


def test_several_at_once() -> None:
    paths = ["a/pyvenv.cfg", "a/b/conda-meta/c/conda-meta/d", "bin/python", "bin/activate"]
    assert environments_among(paths) == {"a": "venv", "a/b": "conda", ".": "venv"}


def test_what_leads_to_one(tmp_path: Path) -> None:
    build({"a": Symlink("b/c"), "p/.venv": "../b\n", "f": "x", "d": {}}, tmp_path)
    texts = [way_text(str(tmp_path / name)) for name in ["a", "p/.venv", "f", "d", "gone"]]
    assert texts == ["b/c", "../b", None, None, None]
    assert end_of("p/.venv", "../b") == "p/../b"
    assert end_of("venv", "../owner/venv") == "../owner/venv"
    assert end_of("p/.venv", "/b/") == "/b/"
