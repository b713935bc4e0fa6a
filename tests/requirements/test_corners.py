"""What files may say besides what nearly all say."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from hooks.files import Unreadable
from hooks.problems import Problem
from hooks.report import Note
from hooks.requirements.origin import difference, parse_origin
from hooks.requirements.places import read_clone
from hooks.requirements.pylock import read_pylock
from hooks.requirements.pyproject import read_pyproject
from hooks.requirements.requirements_file import read_requirements
from hooks.requirements.toml_file import read_toml
from hooks.requirements.unread import unread
from hooks.venvs.installed import read_installed
from hooks.venvs.older import _Files, read_zipped
from tests.trees import build, git


@pytest.fixture(autouse=True)
def project(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(dev)
    return dev


def messages_of(text: str) -> list[Problem | Note]:
    Path("pyproject.toml").write_text(text)
    return read_pyproject("pyproject.toml", directory=".").messages


UV = '[project]\nname = "x"\ndependencies = ["a"]\n'


def test_what_uv_could_not_read_either() -> None:
    source = "[tool.uv.sources]\na = { path = './a', marker = 'nonsense' }\n"
    assert messages_of(f"{UV}{source}") == [
        Problem(
            "pyproject.toml", "`nonsense` of `[tool.uv.sources]` is no marker", 3, "bad-requirement"
        )
    ]
    told = messages_of(f"{UV}[tool.uv.sources]\na = 1\n")
    assert [each.what for each in told] == [
        "`a` of `[tool.uv.sources]` tells no place that is known here"
    ]
    assert messages_of(f"{UV}[tool.uv.workspace]\nmembers = [1, 'x']\n") == []
    told = messages_of(f"{UV}[tool.uv]\noverride-dependencies = [1, '<', 'b==1']\n")
    assert [each.what for each in told] == ["`<` is no requirement"]


@pytest.mark.parametrize("tool", ["poetry", "pdm"])
def test_other_tools_say_where_things_come_from(tool: str) -> None:
    Path("pyproject.toml").write_text(f"{UV}[[tool.{tool}.source]]\nname = 'x'\n")
    read = read_pyproject("pyproject.toml", directory=".")
    assert read.elsewhere == f"[[tool.{tool}.source]]"


LOCK = """lock-version = "1.0"
created-by = "hand"
[[packages]]
name = "a"
version = "1"
{}
[[packages.wheels]]
name = "a-1-py3-none-any.whl"
path = "a.whl"
hashes = {{sha256 = "0"}}
"""


def test_a_lock_that_is_for_another_python() -> None:
    Path("pylock.toml").write_text(LOCK.format('requires-python = "<3"'))
    lock = read_pylock("pylock.toml").lock
    assert lock is not None
    assert [(each.name, str(each.specifier)) for each in lock.packages] == [("a", "<3")]


def test_a_marker_of_a_lock_that_nothing_decides() -> None:
    Path("pylock.toml").write_text(LOCK.format("marker = \"'x' in extras and 'y' in extras\""))
    assert read_pylock("pylock.toml").messages == []
    Path("pylock.toml").write_text(LOCK.format("marker = \"os_name ~= '3'\""))
    told = read_pylock("pylock.toml").messages
    assert [each.rule for each in told if isinstance(each, Problem)] == ["bad-lock"]


def test_merge_markers_in_a_toml_file() -> None:
    Path("pyproject.toml").write_text("[project]\n<<<<<<< HEAD\nname = 'x'\n=======\n>>>>>>> x\n")
    told = read_toml("pyproject.toml")
    assert isinstance(told, Problem)
    assert (told.path, told.line, told.rule) == ("pyproject.toml", 2, "conflict-markers")


def test_a_setup_cfg_that_is_none() -> None:
    Path("setup.cfg").write_text("install_requires = x\n")
    assert unread("setup.cfg") is not None
    Path("setup.cfg").write_text("anything = x\n")
    assert unread("setup.cfg") is None


def read(text: str, **environ: str) -> tuple[list[str], list[str]]:
    Path("requirements.txt").write_text(text)
    found = read_requirements("requirements.txt", directory=".", environ=environ)
    return [each.text for each in found.required], [each.what for each in found.messages]


def test_a_folder_of_links_is_the_same_by_any_path(project: Path) -> None:
    Path("wheels").mkdir()
    Path("requirements.txt").write_text("--find-links ./wheels\na\n")
    found = read_requirements("requirements.txt", directory=".", environ={})
    assert found.indexes == (f"--find-links={project}/wheels",) or [*found.indexes] == [
        f"--find-links={project}/wheels"
    ]


def test_an_include_whose_quote_closes_in_a_variable() -> None:
    Path("more.txt").write_text("b\n")
    assert read("-r 'more${END}\n", END=".txt'") == (["b"], [])


def test_a_file_that_is_included_twice_counts_once() -> None:
    Path("more.txt").write_text("b\n")
    assert read("-r more.txt\n-r more.txt\n") == (["b"], [])


def test_a_clone_that_tells_nothing(project: Path) -> None:
    git(project, "init", "--quiet", "clone")
    assert read_clone(str(project / "clone")) is None
    wanted = parse_origin("git+https://h/x@main#egg=x", is_editable=True)
    found = parse_origin("file:///venv/src/x", is_editable=True)
    told = difference(wanted, found, "/venv/src")
    assert told is not None
    assert (told.what, told.is_certain) == (
        "it is installed from a clone, whose files do not tell its commit",
        False,
    )


SITE = "venv/lib/python3.11/site-packages"


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
