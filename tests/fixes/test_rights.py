"""What may not be changed gets no command, and the reason is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hooks.files import user_name
from hooks.fixes import installer
from hooks.fixes.aside import move_aside
from hooks.fixes.install import install_project
from hooks.fixes.link import put_link
from hooks.fixes.venv import make_venv
from hooks.project.project import read_project
from tests.faults import failing
from tests.trees import build


def test_whose_venv_it_is(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert installer._refusal(str(dev)) == "nothing can be written to it: it is read-only here"
    owner = user_name(os.geteuid())
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    assert installer._refusal(str(dev)) == f"only `{owner}` may install into it"


def test_a_venv_that_is_gone_is_filled_by_nobody(dev: Path) -> None:
    assert installer._refusal(str(dev / "gone")) == "it is gone since it was looked at"
    assert install_project(str(dev / "gone"), ".") is None


def test_in_a_folder_of_all_only_its_owner_moves_a_thing(
    dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dev / "project" / "venv").mkdir(parents=True)
    root = str(dev / "project")
    (dev / "project").chmod(0o1777)
    assert move_aside("venv", root) is not None
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    assert move_aside("venv", root) is None


def test_a_link_is_no_mount_point(dev: Path) -> None:
    (dev / "venv").symlink_to("/proc")
    assert move_aside("venv", str(dev)) is not None


def test_a_venv_that_cannot_be_moved_is_not_remade(
    dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dev / "project" / "venv").mkdir(parents=True)
    (dev / "project" / "venv" / "notes.txt").write_text("")
    monkeypatch.chdir(dev / "project")
    closed(monkeypatch, str(dev))
    assert make_venv(read_project("venv", None, {}), "venv") == ()


def closed(monkeypatch: pytest.MonkeyPatch, *folders: str) -> None:
    """As on a read-only file system, where root may not write either (access(2), EROFS)."""
    access = os.access

    def asked(path: str, mode: int) -> bool:
        return not (mode & os.W_OK and os.fspath(path) in folders) and access(path, mode)

    monkeypatch.setattr(os, "access", asked)


def test_where_nothing_may_be_written_nothing_is_moved(
    dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dev / "project" / "venv").mkdir(parents=True)
    root = str(dev / "project")
    with monkeypatch.context() as inner:
        closed(inner, str(dev))
        assert move_aside("venv", root) is None
    closed(monkeypatch, root)
    assert move_aside("venv", root) is None


def test_what_is_gone_is_not_moved(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert move_aside("gone", str(dev)) is None
    (dev / "venv").mkdir()
    failing(monkeypatch, "/venv", 5, "lstat")
    assert move_aside("venv", str(dev)) is None


def test_a_mount_point_is_not_moved() -> None:
    assert move_aside("proc", "/") is None


def test_without_a_target_there_is_no_link_to_put(
    dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(dev)
    assert put_link(read_project("venv", None, {})) is None


def test_a_link_below_what_is_no_folder_is_not_put(
    dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build({"project/env": "", "owner/venvs/venv/pyvenv.cfg": "", "other": {}}, dev)
    (dev / "other" / "env").symlink_to("../owner/venvs")
    monkeypatch.chdir(dev / "project")
    assert put_link(read_project("env/venv", "../owner/venvs/venv", {})) is None
    monkeypatch.chdir(dev / "other")
    in_the_owner = read_project("env/venv", "../owner/venvs/venv", {})
    (dev / "owner/venvs/venv/pyvenv.cfg").unlink()
    (dev / "owner/venvs/venv").rmdir()
    assert put_link(in_the_owner) is None, "a link to itself"
