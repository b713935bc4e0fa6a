"""Which Python a venv is made with, told from names and files alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hooks.fixes.python import on_path, python_for_new, python_for_old, version_of
from hooks.project.project import Project, read_project
from tests.trees import Executable, Symlink, Tree, build, git

FILE = Executable("")


@pytest.fixture
def machine(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own, and a PATH of two folders."""
    git(dev, "init", "--quiet", "project")
    build({"one": {}, "two": {}, "owner": {}}, dev)
    monkeypatch.setenv("PATH", f"{dev}/one:{dev}/two")
    monkeypatch.chdir(dev / "project")
    return dev


def project() -> Project:
    return read_project("venv", "../owner/venv", {})


NEW = [
    pytest.param("", {}, "python3", id="nobody asks for one"),
    pytest.param(">=3.11", {"one": {"python3.12": FILE, "python3": Symlink("python3.12")}}, "python3",
                 id="what python3 leads to will do"),
    pytest.param("<3.12", {"one": {"python3.12": FILE, "python3": Symlink("python3.12")},
                           "two": {"python3.10": FILE, "python3.11": FILE}}, "python3.10",
                 id="the lowest there that will"),
    pytest.param("~=3.11", {"one": {"python3.9": FILE, "python3": Symlink("python3.9")}}, "python3.11",
                 id="the name of the lowest that would"),
    pytest.param("<3", {}, "python3", id="none would"),
]  # fmt: skip


def test_a_shim_is_no_python(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pyenv has a script for each name that any of its Pythons has, the chosen one or not."""
    shim = Executable("#!/bin/sh\n")
    build(
        {
            "pyenv/shims": {"python3": shim, "python3.10": shim, "python3.9": shim},
            "pyenv/versions/3.10.13/bin/python3.10": FILE,
            "pyenv/versions/3.10.2/bin/python3.10": FILE,
        },
        machine,
    )
    monkeypatch.setenv("PATH", f"{machine}/pyenv/shims")
    (machine / "project" / "pyproject.toml").write_text(
        '[project]\nname = "x"\nrequires-python = ">=3.9"\n'
    )
    behind = f"{machine}/pyenv/versions/3.10.2/bin/python3.10"
    assert on_path("python3.9") is None
    assert python_for_new(project()) == behind
    assert python_for_old(project(), "venv", {"home": "/gone", "version": "3.10.4"}) == behind


@pytest.mark.parametrize(("asks", "tree", "expected"), NEW)
def test_for_a_new_venv(asks: str, tree: Tree, expected: str, machine: Path) -> None:
    build(tree, machine)
    if asks:
        text = f'[project]\nname = "x"\nrequires-python = "{asks}"\n'
        (machine / "project" / "pyproject.toml").write_text(text)
    assert python_for_new(project()) == expected


OLD = [
    pytest.param({"home": "{dev}/base", "version": "3.11.7"}, {"base/python3.11": FILE},
                 "{dev}/base/python3.11", id="its base is still there"),
    pytest.param({"home": "/gone", "version": "3.11.7"}, {"one/python3.11": FILE}, "python3.11",
                 id="its base is gone, another of that version is there"),
    pytest.param({"home": "/gone", "version": "3.11.7"}, {"one/python3": FILE}, "python3",
                 id="no other of that version is there: the way forward"),
    pytest.param({"home": "/gone", "version": "3.11.7"}, {}, "python3.11", id="none is there"),
    pytest.param({}, {}, "python3", id="nothing tells which"),
    pytest.param({}, {"one/python3.9": FILE, "owner/venv/bin/python": Symlink("/gone/python3.9")},
                 "python3.9", id="pyvenv.cfg is lost, and its interpreter tells"),
    pytest.param({}, {"one/python3.9": FILE, "owner/venv/lib/python3.9": {}}, "python3.9",
                 id="pyvenv.cfg is lost, and its library tells"),
    pytest.param({}, {"owner/venv/lib": {"python3.9": {}, "python3.12": {}}}, "python3",
                 id="pyvenv.cfg is lost, and there are two libraries"),
]  # fmt: skip


@pytest.mark.parametrize(("configuration", "tree", "expected"), OLD)
def test_for_an_old_venv(
    configuration: dict[str, str], tree: Tree, expected: str, machine: Path
) -> None:
    build(tree, machine)
    filled = {key: value.format(dev=machine) for key, value in configuration.items()}
    found = python_for_old(project(), str(machine / "owner" / "venv"), filled)
    assert found == expected.format(dev=machine)


def test_the_hooks_own_environment_is_not_on_the_users_path(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build({"one/bin/tool": FILE, "two/tool": FILE, "two/other/tool": {}}, machine)
    monkeypatch.setattr("sys.base_prefix", "/elsewhere")
    environ = {"PATH": f":{machine}/one/bin:{machine}/two/other:{machine}/two"}
    assert on_path("tool", environ) == f"{machine}/one/bin/tool"
    environ["VIRTUAL_ENV"] = f"{machine}/one"
    assert on_path("tool", environ) == f"{machine}/two/tool"
    assert on_path("gone", environ) is None


def test_the_version_of_an_interpreter(machine: Path) -> None:
    build(
        {
            "a/bin/python3.11": FILE,
            "a/bin/python3": Symlink("python3.11"),
            "b/bin/python": FILE,
            "b/lib/python3.12": {},
            "c/bin/python": FILE,
            "c/lib": {"python3.12": {}, "python3.13": {}},
        },
        machine,
    )
    found = [version_of(os.fspath(machine / path)) for path in ["a/bin/python3", "b/bin/python"]]
    assert found == ["3.11", "3.12"]
    assert version_of(os.fspath(machine / "c/bin/python")) is None
