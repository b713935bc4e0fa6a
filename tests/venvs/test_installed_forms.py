"""Older forms, two site-packages, links into a cache: what a venv holds, however it got there."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from hooks.venvs.installed import read_installed
from tests.trees import Symlink, Tree, build

CONFIGURATION = "home = /none\ninclude-system-site-packages = false\nversion = 3.11.7\n"
PYTHON = "python3.11/site-packages"
A = {"a-1.dist-info": {"METADATA": "Name: a\nVersion: 1\n"}}
B = {"b-2.dist-info": {"METADATA": "Name: b\nVersion: 2\n"}}


def a_venv(root: Path, lib: Tree, lib64: Tree | None = None) -> str:
    tree: dict[str, Tree | str] = {f"lib/{PYTHON}": lib}
    if lib64 is not None:
        tree[f"lib64/{PYTHON}"] = lib64
    build({"venv": {"pyvenv.cfg": CONFIGURATION, **tree}}, root)
    return str(root / "venv")


def test_both_of_two_folders_are_read(tmp_path: Path) -> None:
    found = read_installed(a_venv(tmp_path, A, B))
    assert sorted(found.distributions) == ["a", "b"]
    assert not found.broken


def test_a_distribution_in_both_is_there_twice(tmp_path: Path) -> None:
    (broken,) = read_installed(a_venv(tmp_path, A, A)).broken["a"]
    assert broken.rule == "duplicate-distribution"


def test_a_lib64_that_is_a_link_is_the_same_folder(tmp_path: Path) -> None:
    venv = a_venv(tmp_path, A)
    (tmp_path / "venv/lib64").symlink_to("lib")
    assert not read_installed(venv).broken


@pytest.mark.parametrize("folder", ["EGG-INFO", "x-1.egg-info"])
def test_a_zipped_egg(tmp_path: Path, folder: str) -> None:
    venv = a_venv(tmp_path, {"easy-install.pth": "./x-1.egg\n"})
    with zipfile.ZipFile(f"{venv}/lib/{PYTHON}/x-1.egg", "w") as egg:
        egg.writestr(f"{folder}/PKG-INFO", "Name: X\nVersion: 1\n")
        egg.writestr(f"{folder}/requires.txt", "y>=1\n\n[e]\nz\n")
    found = read_installed(venv).distributions["x"]
    assert (found.version, found.extras) == ("1", ("e",))
    assert found.requires == ("y>=1", 'z; extra == "e"')


def test_a_link_into_a_cache_that_is_gone(tmp_path: Path) -> None:
    venv = a_venv(tmp_path, {"a-1.dist-info": {"METADATA": Symlink("/gone/METADATA")}})
    (broken,) = read_installed(venv).broken["a"]
    assert (broken.is_stuck, broken.in_the_way) == (True, ())
    assert broken.what == "is a link to `/gone/METADATA`, which is gone"
