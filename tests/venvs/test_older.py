"""Eggs: zip files on the path."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from hooks.files import Unreadable
from hooks.venvs.installed import read_installed
from hooks.venvs.older import _Files, read_zipped
from tests.trees import build

SITE = "venv/lib/python3.11/site-packages"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def zipped(name: str, **files: str) -> None:
    with zipfile.ZipFile(name, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)


def test_zip_files_on_the_path() -> None:
    build(
        {
            "venv/pyvenv.cfg": "home = /x\ninclude-system-site-packages = false\nversion = 3.11.7\n",
            f"{SITE}/x.pth": "a.egg\nb.egg\nc.egg\n",
        },
        Path(),
    )
    pkg_info = "Name: a\nVersion: 1\n"
    zipped(
        f"{SITE}/a.egg",
        **{"EGG-INFO/PKG-INFO": pkg_info, "EGG-INFO/requires.txt": "b\n", "x/y": ""},
    )
    zipped(f"{SITE}/b.egg", **{"b-1.dist-info/METADATA": "Name: b\n", "c-1.dist-info/RECORD": ""})
    Path(f"{SITE}/c.egg").write_text("PK\3\4 and no more")
    installed = read_installed("venv")
    assert [(each.name, each.requires) for each in installed.distributions.values()] == [
        ("a", ("b",))
    ]
    assert {name: [each.what for each in told] for name, told in installed.broken.items()} == {
        "b": ["has no `Version`"]
    }


def test_a_zipped_name_that_is_none() -> None:
    zipped("x.egg", **{"EGG-INFO/PKG-INFO": "Name: -\nVersion: 1\n"})
    [(place, told)] = read_zipped("x.egg")
    assert place == "x.egg/EGG-INFO"
    assert isinstance(told, Unreadable)
    assert told.why == "has the `Name` `-`, which is none"


def test_metadata_leads_to_no_other_files() -> None:
    with pytest.raises(NotImplementedError):
        _Files({}).locate_file("x")
