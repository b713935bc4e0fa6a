"""What has to make room: where it goes, and what nobody may move."""

from __future__ import annotations

from pathlib import Path

from hooks.fixes.aside import move_aside
from tests.trees import build, git, paste


def test_beside_the_work_tree_under_a_free_name(dev: Path) -> None:
    build({"news": {"venv/mine": "1", "deep/.venv/mine": "2"}, "news.venv.old": ""}, dev)
    git(dev, "init", "--quiet", "news")
    root = str(dev / "news")
    line = move_aside("venv", root)
    assert line == "test ! -e ../news.venv.old2 && mv -n venv ../news.venv.old2"
    paste(line, dev / "news")
    assert (dev / "news.venv.old2" / "mine").read_text() == "1"
    deeper = move_aside("deep/.venv", root)
    assert deeper == "test ! -e ../news.venv.old3 && mv -n deep/.venv ../news.venv.old3"


def test_out_of_the_repository_around_a_submodule(dev: Path) -> None:
    build({"super/sub/venv/mine": ""}, dev)
    git(dev, "init", "--quiet", "super")
    git(dev / "super", "init", "--quiet", "sub")
    line = move_aside("venv", str(dev / "super" / "sub"))
    assert line == "test ! -e ../../sub.venv.old && mv -n venv ../../sub.venv.old"


def test_what_is_not_moved(dev: Path) -> None:
    build({"news": {}}, dev)
    root = str(dev / "news")
    assert move_aside(".", root) is None
    assert move_aside("..", root) is None
    assert move_aside("gone", root) is None
    assert move_aside("/proc", root) is None


def test_outside_git_beside_the_folder(dev: Path) -> None:
    build({"news/venv": {}, "owner/venv": {}}, dev)
    root = str(dev / "news")
    assert move_aside("venv", root) == "test ! -e ../news.venv.old && mv -n venv ../news.venv.old"
    other = move_aside("../owner/venv", root)
    assert other == "test ! -e ../owner.venv.old && mv -n ../owner/venv ../owner.venv.old"
