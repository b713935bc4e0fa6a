"""Where the search looks and where it does not, and what `--allow` names."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from hooks.venvs.search import Allowed, find_venvs
from tests.trees import Fifo, Symlink, Tree, build

TREES = [
    pytest.param({}, [], id="an empty directory"),
    pytest.param({"pyvenv.cfg": ""}, ["."], id="the directory itself"),
    pytest.param(
        {"pyvenv.cfg": "", "a/pyvenv.cfg": "", "lib": {}}, [".", "a"], id="itself and one in it"
    ),
    pytest.param({"a/pyvenv.cfg": ""}, ["a"], id="one without a folder in it"),
    pytest.param({"a/bin/x": "", "a/pyvenv.cfg": ""}, ["a"], id="one with folders in it"),
    pytest.param({"a/pyvenv.cfg": Symlink("nowhere")}, ["a"], id="its mark is a dangling link"),
    pytest.param({"a/pyvenv.cfg": {"x": {}}}, ["a"], id="its mark is a folder"),
    pytest.param({"a/pyvenv.cfg": Fifo()}, ["a"], id="its mark is a pipe"),
    pytest.param({"a/conda-meta": {}}, ["a"], id="conda's"),
    pytest.param({"a/conda-meta": ""}, [], id="a file with the name of conda's mark"),
    pytest.param({"a/pyvenv.cfg": "", "a/b/pyvenv.cfg": ""}, ["a"], id="not inside another"),
    pytest.param(
        {"b/y/pyvenv.cfg": "", "b/x/pyvenv.cfg": "", "a/z/pyvenv.cfg": ""},
        ["a/z", "b/x", "b/y"],
        id="in the order of their paths",
    ),
    pytest.param({"a": Symlink("b"), "b/pyvenv.cfg": ""}, ["b"], id="not through a link"),
    pytest.param({"a": Symlink("."), "b": Symlink("..")}, [], id="loops"),
    pytest.param(
        {name: {"a/pyvenv.cfg": ""} for name in [".git", ".tox", ".nox", "node_modules"]},
        [],
        id="not where other tools keep theirs",
    ),
    pytest.param(
        {"x/.tox/a/pyvenv.cfg": "", "x/tox/a/pyvenv.cfg": ""}, ["x/tox/a"], id="nor deeper"
    ),
    pytest.param(
        {"a/.git": {}, "a/pyvenv.cfg": "", "a/b/pyvenv.cfg": ""}, [], id="not in a repository"
    ),
    pytest.param({"a/.git": "gitdir: /x", "a/pyvenv.cfg": ""}, [], id="nor in a work tree"),
    pytest.param(
        {".git": {}, "a/pyvenv.cfg": ""}, ["a"], id="but in the repository that it starts in"
    ),
]


def make(tree: Tree, root: Path) -> None:
    # One folder beside it, so that where directories count their subdirectories that is seen.
    build({"beside": {}, **tree}, root)


@pytest.mark.parametrize(("tree", "venvs"), TREES)
def test_finds(
    tree: Tree, venvs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tree, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert find_venvs(Allowed([])) == (venvs, [])


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="no second file system")
def test_finds_on_another_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each may count links in its own way: what was seen of one tells nothing of another."""
    folder = Path("/dev/shm", f"{tmp_path.name}-{os.getpid()}")
    build({"x": {"a/pyvenv.cfg": "", "b/c/pyvenv.cfg": ""}, "y": {}}, folder)
    try:
        monkeypatch.chdir(folder)
        assert find_venvs(Allowed([])) == (["x/a", "x/b/c"], [])
    finally:
        shutil.rmtree(folder)


def test_finds_deep_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deepest = "/".join("d" * 300)
    build({f"{deepest}/pyvenv.cfg": ""}, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert find_venvs(Allowed([])) == ([deepest], [])


NAMED = [
    pytest.param([], "a", False, id="nothing is allowed"),
    pytest.param(["a"], "a", True, id="its path"),
    pytest.param(["a"], "a/b/c", True, id="a folder above it"),
    pytest.param(["a"], "b/a", False, id="its last part alone"),
    pytest.param(["*/a"], "b/c/a", True, id="a star crosses folders"),
    pytest.param(["*"], ".venv", True, id="a star names what starts with a dot"),
    pytest.param(["./a/"], "a", True, id="written as a path"),
    pytest.param(["A"], "a", False, id="another case"),
    pytest.param(["x", "a[bc]?"], "acx", True, id="one of several"),
    pytest.param(["a"], "a\nb", False, id="the whole of it"),
]


@pytest.mark.parametrize(("globs", "path", "is_covered"), NAMED)
def test_allows(globs: list[str], path: str, is_covered: bool) -> None:
    assert Allowed(globs).covers(path) is is_covered


def test_what_is_allowed_is_not_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make({"a/b/pyvenv.cfg": "", "c/pyvenv.cfg": "", "pyvenv.cfg": ""}, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert find_venvs(Allowed(["a", "."])) == (["c"], [])


class AnotherProcess(Allowed):
    """Removes a folder after the search has read its name and before it looks inside."""

    def names(self, path: str) -> bool:
        shutil.rmtree("gone", ignore_errors=True)
        return super().names(path)


def test_a_folder_that_is_removed_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make({"gone/pyvenv.cfg": "", "there/pyvenv.cfg": ""}, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert find_venvs(AnotherProcess([])) == (["there"], [])
