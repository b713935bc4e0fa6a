"""`[tool.uv]`: where dependencies come from, what overrides them, and who says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.problems import Problem
from hooks.report import Note
from hooks.requirements.pyproject import read_pyproject
from tests.trees import build

# The line of `[tool.uv.sources]`, and each requirement: its URL, whether editable, its marker.
SOURCES = {
    "no source": ("b = { path = 'b' }", [(None, False, None)]),
    "an index": ("a = { index = 'x' }", [(None, False, None)]),
    "a folder": ("a = { path = 'lib' }", [("ROOT/lib", None, None)]),
    "an editable folder": ("a = { path = 'lib', editable = true }", [("ROOT/lib", True, None)]),
    "a wheel": ("a = { path = 'a.whl' }", [("ROOT/a.whl", False, None)]),
    "a repository": (
        "a = { git = 'https://h/r', tag = 'v1', subdirectory = 's' }",
        [("git+https://h/r@v1#subdirectory=s", False, None)],
    ),
    "a URL": ("a = { url = 'https://h/a.zip' }", [("https://h/a.zip", False, None)]),
    "a project of the workspace": ("a = { workspace = true }", [("ROOT/packages/a", None, None)]),
    "places by markers": (
        "a = [{ url = 'https://h/a.zip', marker = \"os_name == 'nt'\" }]",
        [("https://h/a.zip", False, 'os_name == "nt"'), (None, False, 'os_name != "nt"')],
    ),
    "another extra's": ("a = [{ path = 'lib', extra = 'x' }]", [(None, False, None)]),
}


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    build(
        {
            "lib": {},
            "packages/a/pyproject.toml": "[project]\nname = 'A'\ndependencies = ['numpy']\n",
            "packages/out/pyproject.toml": "[project]\nname = 'out'\ndependencies = ['numpy']\n",
        },
        tmp_path,
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(line: str, more: str = "") -> None:
    Path("pyproject.toml").write_text(
        f"[project]\ndependencies = ['a']\n[tool.uv.sources]\n{line}\n[tool.uv.workspace]\n"
        f"members = ['packages/*', 1]\nexclude = ['packages/out']\n{more}"
    )


@pytest.mark.parametrize(("line", "expected"), SOURCES.values(), ids=SOURCES)
def test_sources(line: str, expected: list[tuple[str | None, bool | None, str | None]]) -> None:
    write(line)
    read = read_pyproject("pyproject.toml", directory=".")
    root = Path.cwd().as_uri()
    assert [
        (
            each.url and each.url.replace(root, "ROOT"),
            each.origin.is_editable if each.origin else False,
            str(each.marker) if each.marker else None,
        )
        for each in read.required
    ] == expected
    assert read.messages == []
    assert read.uv


def test_a_source_that_tells_no_place_is_a_problem() -> None:
    write("a = { workspace = false }")
    (problem,) = read_pyproject("pyproject.toml", directory=".").messages
    assert problem.what == "`a` of `[tool.uv.sources]` tells no place that is known here"


@pytest.mark.parametrize(("name", "holds"), [("out", False), ("a", True)])
def test_what_the_root_says_holds_for_its_members_alone(name: str, holds: bool) -> None:
    write(
        "numpy = { index = 'x' }",
        "[tool.uv]\noverride-dependencies = ['numpy<2']\nconstraint-dependencies = ['pandas<3']\n",
    )
    read = read_pyproject(f"packages/{name}/pyproject.toml", directory=f"packages/{name}")
    assert [each.text for each in read.overrides] == ["numpy<2"] * holds
    constraints = [(each.path, each.text) for each in read.required if each.constraint]
    assert constraints == [("pyproject.toml", "pandas<3")] * holds
    assert read.uv is holds


SAYS_WHERE = [
    ("[tool.uv]\nindex-url = 'https://h'", ""),
    ("[tool.uv]\nno-index = true", ""),
    ("[tool.uv.pip]\nextra-index-url = ['https://h']", ""),
    ("", "index-url = 'https://h'"),
    ("", "[pip]\nfind-links = ['./wheels']"),
]


@pytest.mark.parametrize(("table", "beside"), SAYS_WHERE)
def test_an_index_of_uvs_is_uvs_to_ask(table: str, beside: str) -> None:
    Path("pyproject.toml").write_text(f"[project]\ndependencies = ['a']\n{table}\n")
    assert read_pyproject("pyproject.toml", directory=".").uv is bool(table)
    Path("uv.toml").write_text(beside)
    assert read_pyproject("pyproject.toml", directory=".").uv


def test_other_settings_of_uvs_say_nothing_of_where() -> None:
    Path("pyproject.toml").write_text(
        "[project]\ndependencies = ['a']\n[tool.uv]\npackage = false\npip = 1\n"
    )
    Path("uv.toml").write_text("[[index]\n")
    assert not read_pyproject("pyproject.toml", directory=".").uv


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
