"""A venv is made over what is left of it: with its own settings, and with what has its packages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hooks.fixes.venv import make_venv, settle_mismatch
from hooks.project.project import read_project
from tests.trees import Executable, Tree, build

PYTHON = Executable("")


@pytest.fixture(autouse=True)
def machine(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two Pythons in a folder of their own, and a venv whose settings its user has chosen."""
    monkeypatch.chdir(dev)
    settings = "include-system-site-packages = true\nprompt = 'dr'\nversion = 3.11.7\n"
    build(
        {
            "base": {"python3.11": PYTHON, "python3.12": PYTHON},
            "venv/pyvenv.cfg": f"home = {dev}/base\n{settings}",
            "venv/bin": {"activate": ""},
        },
        dev,
    )
    (dev / "venv/bin/python").symlink_to(dev / "base" / "python3.12")
    return dev


def test_back_to_the_python_that_has_the_packages(machine: Path) -> None:
    build(
        {"lib/python3.11/site-packages/x": "", "lib/python3.12/site-packages": {}}, machine / "venv"
    )
    back, forward = settle_mismatch("venv")
    assert back == (
        f"rm -f venv/bin/python && '{machine}/base/python3.11' -I -m venv --upgrade --without-pip"
        " --system-site-packages --prompt dr venv"
    )
    assert forward == (
        f"'{machine}/base/python3.12' -I -m venv --upgrade --system-site-packages --prompt dr venv"
    )


def test_forward_where_the_packages_are(machine: Path) -> None:
    build(
        {"lib/python3.12/site-packages/x": "", "lib/python3.11/site-packages": {}}, machine / "venv"
    )
    keep, back = settle_mismatch("venv")
    assert keep.startswith(f"'{machine}/base/python3.12' -I -m venv --upgrade --without-pip ")
    assert back.startswith(f"rm -f venv/bin/python && '{machine}/base/python3.11' -I -m venv")


def test_what_its_user_has_chosen_is_kept(machine: Path) -> None:
    (machine / "venv/bin/python").unlink()
    [line] = make_venv(read_project("venv", None, {}), "venv")
    assert line.endswith(
        "/python3.11' -I -m venv --upgrade --system-site-packages --prompt dr venv"
    )


def test_without_pyvenv_cfg_it_is_remade_for_what_is_installed(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(machine / "base"))
    build({"lib/python3.11/site-packages/x": ""}, machine / "venv")
    (machine / "venv/pyvenv.cfg").unlink()
    [line] = make_venv(read_project("venv", None, {}), "venv")
    assert line == "rm -f venv/bin/python && python3.11 -I -m venv --upgrade --without-pip venv"


def test_links_to_the_right_python_stay(machine: Path) -> None:
    build({"lib/python3.11/site-packages/x": ""}, machine / "venv")
    (machine / "venv/bin/python3.11").symlink_to(machine / "base" / "python3.11")
    [line] = make_venv(read_project("venv", None, {}), "venv")
    assert line.startswith(f"rm -f venv/bin/python && '{machine}/base/python3.11' -I -m venv ")


def test_no_way_back_to_a_python_that_is_nowhere(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(
        {"lib/python3.11/site-packages/x": "", "lib/python3.12/site-packages": {}}, machine / "venv"
    )
    (machine / "base" / "python3.11").unlink()
    monkeypatch.setenv("PATH", str(machine / "base"))
    [forward] = settle_mismatch("venv")
    assert "rm -f" not in forward


@pytest.mark.parametrize(
    "in_the_way",
    [
        pytest.param({"pyvenv.cfg": {}, "bin/activate": ""}, id="a folder for a file"),
        pytest.param({"pyvenv.cfg": "", "bin": ""}, id="a file for a folder"),
        pytest.param({"pyvenv.cfg": "", "bin/python3": "text"}, id="no program for a program"),
        pytest.param({"bin/activate": ""}, id="what was no venv"),
    ],
)
def test_what_venv_would_fail_over_is_moved_aside(in_the_way: Tree, machine: Path) -> None:
    shutil.rmtree(machine / "venv")
    build({"venv": in_the_way}, machine)
    [line] = make_venv(read_project("venv", None, {}), "venv")
    assert " && mv -n venv '../my dev.venv.old' && " in line


@pytest.mark.parametrize("is_there", [True, False])
def test_what_its_configuration_is_a_link_to_is_not_written(is_there: bool, machine: Path) -> None:
    elsewhere = (machine / "venv/pyvenv.cfg").rename(machine / "elsewhere.cfg")
    (machine / "venv/pyvenv.cfg").symlink_to(elsewhere)
    build({"lib/python3.12/site-packages/x": ""}, machine / "venv")
    if not is_there:
        elsewhere.unlink()
    [line] = make_venv(read_project("venv", None, {}), "venv")
    assert line.startswith("rm -f venv/")
    assert " venv/pyvenv.cfg && " in line
    assert " --upgrade " in line


def test_made_over_with_what_is_there_where_its_own_python_is_nowhere(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine / "base/python3.11").unlink()
    (machine / "base/python3").symlink_to("python3.12")
    (machine / "venv/bin/python").unlink()
    (machine / "venv/bin/python").symlink_to(machine / "base/python3.11")
    monkeypatch.setenv("PATH", str(machine / "base"))
    [line] = make_venv(read_project("venv", None, {}), "venv")
    assert line == (
        "rm -f venv/bin/python && python3 -I -m venv --upgrade --system-site-packages --prompt dr venv"
    )
