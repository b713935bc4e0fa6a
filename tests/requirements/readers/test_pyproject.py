"""`pyproject.toml`: dependencies, extras and groups."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.dependency_groups import resolve_dependency_groups
from packaging.requirements import Requirement

from hooks.fast.specifiers import Specifiers
from hooks.problems import Problem
from hooks.requirements.pyproject import read_pyproject
from hooks.requirements.required import Read, RequiresPython
from hooks.requirements.sources import read_asked_for
from tests.requirements.readers.reading import shown, told

# -- pyproject.toml --------------------------------------------------------------------------------

PYPROJECT = """\
[project]
name = "My.Project"
version = "1"
requires-python = ">=3.9"
dependencies = [
    "foo==1", # why
    'bar[x] ; python_version < "3"',
    "here @ ./pkg",
]

[project.optional-dependencies]
test = ["pytest>=8", "foo==1"]
Data_Base = ["sql"]
all = [
    "my-project[test,data-base]",
    "my_project[all] ; os_name == 'nt'",
    "last",
]
windows = ["my-project[test] ; os_name == 'nt'", "my-project[sub]; os_name == 'nt'"]
sub = ["some ; python_version > '3'"]

[dependency-groups]
dev = ["ruff", {include-group = "Lint_er"}, {include-group = "lint-er"}]
lint-er = ["mypy ; os_name == 'nt'"]
"""


def read_toml(text: str, extras: Iterable[str] = (), groups: Iterable[str] = ()) -> Read:
    Path("pyproject.toml").write_text(text)
    return read_asked_for(
        "pyproject.toml", extras=list(extras), groups=list(groups), directory=".", environ={}
    )


BASIC = [
    "pyproject.toml:6 foo==1 -> foo==1",
    'pyproject.toml:7 bar[x] ; python_version < "3" -> bar[x] ; python_version < "3"',
    "pyproject.toml:8 here @ ./pkg -> here @ ROOT/pkg",
]


CHOSEN = {
    "nothing more": ([], [], []),
    "an extra": (
        ["test"],
        [],
        ["pyproject.toml:12 pytest>=8 -> pytest>=8", "pyproject.toml:12 foo==1 -> foo==1"],
    ),
    "an extra in another spelling": (["data.base"], [], ["pyproject.toml:13 sql -> sql"]),
    "an extra that includes others and itself": (
        ["all"],
        [],
        [
            "pyproject.toml:13 sql -> sql",
            "pyproject.toml:12 pytest>=8 -> pytest>=8",
            "pyproject.toml:12 foo==1 -> foo==1",
            "pyproject.toml:17 last -> last",
        ],
    ),
    "an extra that includes others under a condition": (
        ["windows"],
        [],
        [
            'pyproject.toml:12 pytest>=8 -> pytest>=8 ; os_name == "nt"',
            'pyproject.toml:12 foo==1 -> foo==1 ; os_name == "nt"',
            (
                "pyproject.toml:20 some ; python_version > '3' -> "
                'some ; os_name == "nt" and python_version > "3"'
            ),
        ],
    ),
    "a group that includes another twice": (
        [],
        ["DEV"],
        [
            "pyproject.toml:23 ruff -> ruff",
            "pyproject.toml:24 mypy ; os_name == 'nt' -> mypy ; os_name == \"nt\"",
        ],
    ),
    "an extra and a group": (
        ["sub"],
        ["lint-er"],
        [
            "pyproject.toml:20 some ; python_version > '3' -> some ; python_version > \"3\"",
            "pyproject.toml:24 mypy ; os_name == 'nt' -> mypy ; os_name == \"nt\"",
        ],
    ),
}


@pytest.mark.parametrize(("extras", "groups", "expected"), CHOSEN.values(), ids=CHOSEN)
def test_pyproject(extras: list[str], groups: list[str], expected: list[str]) -> None:
    result = read_toml(PYPROJECT, extras, groups)
    assert shown(result.required) == BASIC + expected
    assert told(result.messages) == []
    assert result.hidden == {}
    assert result.has_dependencies
    assert result.requires_python == RequiresPython(
        "pyproject.toml", 4, ">=3.9", Specifiers(">=3.9")
    )


SILENT_TOML = {
    "no project at all": ("[tool.ruff]\nline-length = 100\n", False),
    "a project without dependencies": ('[project]\nname = "x"\n', False),
    "an empty list of dependencies": ("[project]\ndependencies = []\n", True),
    "an empty file": ("", False),
    "dynamic, but not its dependencies": ('[project]\ndynamic = ["version"]\n', False),
    "a wrong type that nobody asked for": ("[project]\noptional-dependencies = 1\n", False),
    "a broken group that nobody asked for": ('[dependency-groups]\nx = [1, "=="]\n', False),
}


@pytest.mark.parametrize(("text", "has"), SILENT_TOML.values(), ids=SILENT_TOML)
def test_pyproject_without_dependencies(text: str, has: bool) -> None:
    assert read_toml(text) == Read([], [], {}, None, has)


def test_a_place_that_is_written_otherwise_is_not_told() -> None:
    result = read_toml('project.dependencies = ["a", "b\\u0063"]\n[project.x]\n')
    assert shown(result.required) == ["pyproject.toml a -> a", "pyproject.toml bc -> bc"]
    result = read_toml('[project]\ndependencies = ["a", "b\\u0063", "c; os_name == \\"x\\""]\n')
    assert shown(result.required) == [
        "pyproject.toml:2 a -> a",
        "pyproject.toml bc -> bc",
        'pyproject.toml:2 c; os_name == "x" -> c ; os_name == "x"',
    ]


DEEP = "(" * 9999


TOLD_TOML = {
    "no TOML": ("[project]\na = \n", [":2: is no valid TOML"]),
    "no UTF-8": ("[project]\n# \udcff\n", [":2: is not UTF-8"]),
    "nested too deeply": (
        "a = " + "[" * 9999,
        [": is no TOML that can be read: it is nested too deeply"],
    ),
    "a number too long": (f"a = {'9' * 5000}\n", [": is no valid TOML"]),
    "a project that is no table": ("project = 1\n", [": `[project]` is no table"]),
    "dependencies that are no list": (
        '[project]\ndependencies = "a"\n',
        [":2: `[project] dependencies` is no list of strings"],
    ),
    "dependencies that are no strings": (
        "[project]\n\ndependencies = [1]\n",
        [":3: `[project] dependencies` is no list of strings"],
    ),
    "bad dependencies": (
        "[project]\ndependencies = [\n'a=1',\n'a b',\n'x @ file://h/x',\n'a;((']\n",
        [
            ":3: `a=1` is no requirement: `=` is not an operator, `==` is",
            ":4: `a b` is no requirement",
            ":5: `x @ file://h/x` is a `file:` on another machine",
            ":6: `a;((` has no valid marker",
        ],
    ),
    "a marker nested too deeply": (
        f"[project]\ndependencies = ['a;{DEEP}']\n",
        [":2: `DEEP` has no valid marker"],
    ),
    "dynamic dependencies": (
        '[project]\ndynamic = ["dependencies"]\n',
        [
            (
                "note: pyproject.toml: its dependencies cannot be told without building the project "
                "(`dynamic`)"
            )
        ],
    ),
    "a wrong requires-python": (
        '[project]\nrequires-python = "3"\n',
        [":2: `requires-python` is no version specifier: `3`"],
    ),
    "a requires-python that is no string": (
        "[project]\nrequires-python = []\n",
        [":2: `requires-python` is no version specifier: `[]`"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), TOLD_TOML.values(), ids=TOLD_TOML)
def test_what_is_wrong_in_pyproject(text: str, expected: list[str]) -> None:
    Path("pyproject.toml").write_bytes(text.encode(errors="surrogateescape"))
    result = read_pyproject("pyproject.toml", directory=".")
    messages = [re.sub(r"`a;\(+…\(+`", "`DEEP`", line) for line in told(result.messages)]
    assert [line.removeprefix("pyproject.toml") for line in messages] == expected
    assert result.required == []
    assert result.requires_python is None


TOLD_CHOICES = {
    "an unknown extra": (
        "[project.optional-dependencies]\na = []\nb = []\n",
        ["x"],
        [],
        [": there is no extra `x`; there are `a`, `b`"],
    ),
    "an extra, where there is none": ("[project]\n", ["x"], [], [": there is no extra `x`"]),
    "an unknown extra that an extra includes": (
        '[project]\nname = "p"\n[project.optional-dependencies]\na = ["p[x]"]\n',
        ["a"],
        [],
        [": there is no extra `x`; there are `a`"],
    ),
    "a dynamic extra": (
        '[project]\ndynamic = ["optional-dependencies"]\n',
        ["x"],
        [],
        [
            (
                "note: pyproject.toml: its extra `x` cannot be told without building the project "
                "(`dynamic`)"
            )
        ],
    ),
    "extras that are no table": (
        "[project]\noptional-dependencies = 1\n",
        ["x"],
        [],
        [": `[project.optional-dependencies]` is no table", ": there is no extra `x`"],
    ),
    "an extra that is no list": (
        "[project.optional-dependencies]\nx = 1\n",
        ["x"],
        [],
        [":2: `[project.optional-dependencies] x` is no list of strings"],
    ),
    "a bad requirement in an extra": (
        "[project.optional-dependencies]\nx = [\n'a b']\n",
        ["x"],
        [],
        [":3: `a b` is no requirement"],
    ),
    "an unknown group": (
        "[dependency-groups]\na = []\n",
        [],
        ["x"],
        [": there is no dependency group `x`; there are `a`"],
    ),
    "an unknown group that a group includes": (
        '[dependency-groups]\na = [{include-group = "x"}]\n',
        [],
        ["a"],
        [": there is no dependency group `x`, which `a` includes"],
    ),
    "groups that include one another": (
        '[dependency-groups]\na = [{include-group = "B"}]\nb = [{include-group = "A"}]\n',
        [],
        ["a", "b"],
        [":2: `[dependency-groups] a` includes itself"],
    ),
    "groups that are no table": (
        "dependency-groups = []\n",
        [],
        ["x", "y"],
        [
            ": `[dependency-groups]` is no table",
            ": there is no dependency group `x`",
            ": there is no dependency group `y`",
        ],
    ),
    "a group that is no list": (
        "[dependency-groups]\nx = 'y'\n",
        [],
        ["x"],
        [":2: `[dependency-groups] x` is no list"],
    ),
    "two groups of one name": (
        "[dependency-groups]\na_b = []\nA-B = []\n",
        [],
        ["a-b"],
        [":2: `a_b` and `A-B` are the same dependency group"],
    ),
    "what a group cannot hold": (
        (
            "[dependency-groups]\nx = [1]\ny = [{a = 'x'}]\nz = [{include-group = 1}]\n"
            "w = [{include-group = 'x', a = 1}]\nv = ['==']\n"
        ),
        [],
        ["x", "y", "z", "w", "v"],
        [
            *(
                f":{line}: `[dependency-groups] {name}` holds neither a requirement "
                "nor an `include-group`"
                for line, name in enumerate("xyzw", 2)
            ),
            ":6: `==` is no requirement",
        ],
    ),
}


@pytest.mark.parametrize(
    ("text", "extras", "groups", "expected"), TOLD_CHOICES.values(), ids=TOLD_CHOICES
)
def test_what_is_wrong_in_what_is_chosen(
    text: str, extras: list[str], groups: list[str], expected: list[str]
) -> None:
    result = read_toml(text, extras, groups)
    assert [line.removeprefix("pyproject.toml") for line in told(result.messages)] == expected
    assert result.required == []


def test_extras_that_include_one_another_without_end() -> None:
    """Each under one of two conditions: 2**30 of them."""
    extras = "".join(
        f"x{n} = [\"p[x{n + 1}]; os_name == 'a{n}'\", \"p[x{n + 1}]; os_name == 'b{n}'\"]\n"
        for n in range(30)
    )
    text = f'[project]\nname = "p"\n[project.optional-dependencies]\n{extras}x30 = ["a"]\n'
    result = read_toml(text, ["x0"])
    assert told(result.messages) == ["pyproject.toml: its extras include one another too often"]


def test_groups_that_include_one_another_too_deeply() -> None:
    groups = "".join(f'g{n} = [{{include-group = "g{n + 1}"}}]\n' for n in range(1200))
    result = read_toml(f"[dependency-groups]\n{groups}", [], ["g0"])
    assert told(result.messages) == [
        "pyproject.toml: its extras or dependency groups are nested too deeply"
    ]


def test_packaging_resolves_the_same_groups() -> None:
    groups = {
        "a": ["one", {"include-group": "b"}, "two>=2", {"include-group": "c"}],
        "b": ["three[x] ; os_name == 'nt'", {"include-group": "C"}],
        "c": ["four==4"],
    }
    text = "[dependency-groups]\n" + "".join(
        f"{name} = {str(entries).replace(chr(39) + 'include-group' + chr(39) + ':', 'include-group =')}\n"
        for name, entries in groups.items()
    )
    ours = [each.text for each in read_toml(text, [], ["a"]).required]
    theirs = resolve_dependency_groups(groups, "a")  # type: ignore[arg-type]
    # A group that is included twice counts once here.
    assert [str(Requirement(text)) for text in ours] == list(dict.fromkeys(theirs))


def test_no_pyproject() -> None:
    assert read_pyproject("none/pyproject.toml", directory=".") == Read(
        [], [Problem("none/pyproject.toml", "is missing")], {}, None, has_dependencies=False
    )


@pytest.mark.parametrize("tool", ["poetry", "pdm"])
def test_other_tools_say_where_things_come_from(tool: str) -> None:
    Path("pyproject.toml").write_text(
        f"[project]\nname = 'x'\n[[tool.{tool}.source]]\nname = 'x'\n"
    )
    read = read_pyproject("pyproject.toml", directory=".")
    assert read.elsewhere == f"[[tool.{tool}.source]]"
