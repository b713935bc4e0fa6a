"""What stands at the places that things were installed from: real clones, real folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.requirements.origin import Difference, difference, parse_origin
from hooks.requirements.places import read_clone, read_origins
from hooks.venvs.installed import Distribution
from tests.trees import git


def editable(folder: Path) -> dict[str, Distribution]:
    record = f'{{"url": "{folder.as_uri()}", "dir_info": {{"editable": true}}}}'
    return {"a": Distribution("a", "1", "a.dist-info", direct_url_json=record.encode())}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    clone = tmp_path / "venv/src/a"
    clone.mkdir(parents=True)
    git(clone, "init", "-q")
    git(clone, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-q", "--allow-empty", "-mx")
    git(clone, "remote", "add", "origin", "https://h/a.git")
    return clone


@pytest.mark.parametrize("how", ["on a branch", "packed", "detached"])
def test_a_clone(clone: Path, how: str) -> None:
    commit = git(clone, "rev-parse", "HEAD").strip()
    if how == "packed":
        git(clone, "pack-refs", "--all")
    elif how == "detached":
        git(clone, "checkout", "-q", "--detach")
    sources = str(clone.parent)
    found = read_origins(editable(clone), sources)[0]["a"]

    def told(url: str) -> Difference | None:
        return difference(parse_origin(url, is_editable=True), found, sources)

    assert told(f"git+https://h/a@{commit}") is None
    assert told("git+https://h/a.git") is None
    assert told(f"git+https://h/a@{'0' * 40}") == Difference(f"commit `{commit}` is installed")
    assert told("git+https://h/b") == Difference(
        "it is installed from a clone of `git+https://h/a.git`"
    )
    assert told("git+https://h/a@v1") == Difference(
        f"commit `{commit}` is installed: whether that is `v1` cannot be told offline",
        is_certain=False,
    )


def test_an_editable_whose_folder_is_there(tmp_path: Path) -> None:
    assert not read_origins(editable(tmp_path))[0]["a"].is_gone


def test_an_editable_whose_folder_is_gone(tmp_path: Path) -> None:
    assert read_origins(editable(tmp_path / "gone"))[0]["a"].is_gone


def test_a_clone_that_tells_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "clone")
    assert read_clone(str(tmp_path / "clone")) is None
    wanted = parse_origin("git+https://h/x@main#egg=x", is_editable=True)
    found = parse_origin("file:///venv/src/x", is_editable=True)
    told = difference(wanted, found, "/venv/src")
    assert told is not None
    assert (told.what, told.is_certain) == (
        "it is installed from a clone, whose files do not tell its commit",
        False,
    )
