"""Where the search looks and where it does not, and what `--allow` names."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hooks.venvs.search import Allowed, Found, find_environments
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
    pytest.param({"a": Symlink("b"), "b/pyvenv.cfg": ""}, ["a", "b"], id="a link to one"),
    pytest.param({"a": Symlink("b"), "b/x/pyvenv.cfg": ""}, ["b/x"], id="not through a link"),
    pytest.param(
        {"a": Symlink("b/c"), "b": Symlink("d"), "d/c/pyvenv.cfg": ""}, ["a", "d/c"], id="by links"
    ),
    pytest.param(
        {"a": Symlink("b/bin"), "b/pyvenv.cfg": "", "b/bin/x": ""}, ["b"], id="a link into one"
    ),
    pytest.param({"a/.venv": "../b\n", "b/pyvenv.cfg": ""}, ["a/.venv", "b"], id="a redirect file"),
    pytest.param({"a/venv": "../b\n", "b/pyvenv.cfg": ""}, ["b"], id="one of another name"),
    pytest.param(
        {".venv": "c\n", "c": Symlink("b"), "b/pyvenv.cfg": ""},
        [".venv", "b", "c"],
        id="a redirect file to a link",
    ),
    pytest.param(
        {"a/pyvenv.cfg": "", "a/b": Symlink("."), "a/lib/c": Symlink("../..")},
        ["a"],
        id="no link in one",
    ),
    pytest.param({"a": Symlink("."), "b": Symlink(".."), "c": Symlink("c")}, [], id="loops"),
    pytest.param({"a/bin/activate": "", "a/bin/deploy": ""}, [], id="an activate of its own"),
    pytest.param({"a/bin/python": ""}, [], id="a python without an activate"),
    pytest.param({"a/Scripts/deploy.bat": "", "a/activate.bat": ""}, [], id="scripts of its own"),
    pytest.param({"a/bin": "", "a/Scripts": ""}, [], id="files with the names of folders"),
    pytest.param({"x": Symlink("file"), "file": "", "y": Symlink("gone")}, [], id="other links"),
    pytest.param({"venv": "../a", ".venv": "gone\n", "b/.venv": "# notes\n"}, [], id="other files"),
    pytest.param({".venv": {"x": ""}, "b/.venv": Fifo()}, [], id="what is only called .venv"),
    pytest.param(
        {"a/bin/activate": "", "a/bin/python": Symlink("/gone")}, ["a"], id="of an old virtualenv"
    ),
    pytest.param({"a/Scripts/activate.bat": "", "a/Lib/x": ""}, ["a"], id="of Windows"),
    pytest.param(
        {
            name: {"a/pyvenv.cfg": ""}
            for name in [".git", ".tox", ".nox", ".direnv", ".hatch", ".pixi", "node_modules"]
        },
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


def found(allowed: Allowed | None = None) -> list[str]:
    """The paths that are found; nothing is noted."""
    each, notes = find_environments(allowed or Allowed([]))
    assert notes == []
    return [one.path for one in each]


@pytest.mark.parametrize(("tree", "venvs"), TREES)
def test_finds(
    tree: Tree, venvs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tree, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert found() == venvs


def test_finds_deep_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deepest = "/".join("d" * 300)
    build({f"{deepest}/pyvenv.cfg": ""}, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert found() == [deepest]


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
    build({"a/b/pyvenv.cfg": "", "c/pyvenv.cfg": "", "pyvenv.cfg": ""}, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert found(Allowed(["a", "."])) == ["c"]


class AnotherProcess(Allowed):
    """Removes a folder after the search has read its name and before it looks inside."""

    def names(self, path: str) -> bool:
        shutil.rmtree("gone", ignore_errors=True)
        return super().names(path)


def test_a_folder_that_is_removed_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build({"gone/pyvenv.cfg": "", "there/pyvenv.cfg": ""}, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert found(AnotherProcess([])) == ["there"]


def test_says_where_a_way_leads_and_to_which_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree: Tree = {
        "conda/conda-meta": {}, "conda/pyvenv.cfg": "", "real/pyvenv.cfg": "",
        "p/link": Symlink("../conda"), "p/.venv": "../real\n",
    }  # fmt: skip
    build(tree, tmp_path)
    monkeypatch.chdir(tmp_path / "p")
    assert find_environments(Allowed([])) == (
        [Found(".venv", "venv", "../real"), Found("link", "conda", str(tmp_path / "conda"))],
        [],
    )


def test_a_way_that_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build({"a": Symlink("b"), "b/pyvenv.cfg": ""}, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert found(Allowed(["a"])) == ["b"]


def test_a_link_that_is_gone_when_it_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build({"gone": {}, "there/pyvenv.cfg": "", "x": Symlink("gone")}, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert found(AnotherProcess([])) == ["there"]
