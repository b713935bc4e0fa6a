"""What is asked for against what is installed: tables of what passes, then of what does not."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hooks.asked_for import Required, RequiresPython
from hooks.closure import Venv, walk
from hooks.compare import Asked, Mend, Problem, check, undeclared
from hooks.installed import Distribution
from hooks.markers import Environment
from hooks.origin import Origin, editable_origin, parse_origin
from hooks.report import Note
from hooks.requirements_file import read_requirements
from hooks.specifiers import Specifiers

PYTHON = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "python_full_version": "3.11.7",
    "python_version": "3.11",
    "sys_platform": "linux",
}

Installed = Mapping[str, Sequence[str]]
"""`{"requests 2.31.0": ["idna>=2"]}`: names with versions, and what each needs."""


def a_venv(
    installed: Installed, origins: Mapping[str, Origin] | None = None, *, is_short: bool = False
) -> Venv:
    distributions = {}
    for name_and_version, requires in installed.items():
        name, version = name_and_version.split()
        path = f"venv/lib/{name}-{version}.dist-info"
        distributions[name] = Distribution(name, version, path, tuple(requires))
    return Venv(distributions, Environment(PYTHON, is_short=is_short), origins or {}, "/venv/src")


def asked(directory: Path, text: str, *, included: Mapping[str, str] | None = None) -> Asked:
    """What a requirements.txt with this text in that directory asks for."""
    directory.mkdir(exist_ok=True)
    for name, content in {"requirements.txt": text, **(included or {})}.items():
        (directory / name).write_text(content)
    path = os.path.relpath(directory / "requirements.txt")
    read = read_requirements(path, directory=os.path.realpath(directory), environ={})
    assert read.messages == []
    return Asked(read.required)


@pytest.fixture(autouse=True)
def in_project(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (dev / "dr").mkdir()
    monkeypatch.chdir(dev / "dr")


def told(problems: Sequence[Problem]) -> list[str]:
    return [f"{each.path}:{each.line}: {each.what}" for each in problems]


IN_SYNC = [
    pytest.param("", {"stray 1": []}, id="nothing is asked for"),
    pytest.param("a==1", {"a 1": []}, id="a pin that is met"),
    pytest.param("a==1.0", {"a 1": []}, id="another spelling of the version"),
    pytest.param("A.B_c==1", {"a-b-c 1": []}, id="another spelling of the name"),
    pytest.param("a==1", {"a 1+local": []}, id="a local version of the pinned one"),
    pytest.param("a>=1,<2", {"a 1.5": []}, id="a range"),
    pytest.param("a~=1.4", {"a 1.5": []}, id="a compatible release"),
    pytest.param("a===legacy", {"a legacy": []}, id="a version that is none, spelt out"),
    pytest.param("a", {"a legacy": []}, id="any version, also one that is none"),
    pytest.param("a>=1", {"a 2.0rc1": []}, id="a pre-release that is installed"),
    pytest.param("a", {"a 2.0.dev1": []}, id="a development version that is installed"),
    pytest.param("a; python_version < '3'", {}, id="a marker that is false"),
    pytest.param(
        "a==1; python_version < '3.11'\na==2; python_version >= '3.11'",
        {"a 2": []},
        id="two pins of which the marker picks one",
    ),
    pytest.param("a; extra == 'x'", {}, id="a marker for an extra in a requirements file"),
    pytest.param("a==1\na==1", {"a 1": []}, id="the same line twice"),
    pytest.param("a>=1\na<2", {"a 1": []}, id="two lines of one name that are both met"),
    pytest.param("a[x]", {"a 1": ["b"], "b 1": []}, id="an extra that the distribution lacks"),
    pytest.param(
        "a[x]", {"a 1": ["b>=1; extra == 'x'"], "b 1": []}, id="the extra's dependency is there"
    ),
    pytest.param("a", {"a 1": ["b>=1; extra == 'x'"]}, id="an extra that nobody asks for"),
    pytest.param(
        "a[X_1]", {"a 1": ["b; extra == 'x-1'"], "b 1": []}, id="another spelling of the extra"
    ),
    pytest.param(
        "a",
        {
            "a 1": [
                "b; python_version < '3' or extra == 'x'",
                "c; (extra=='x')or extra=='y'",
                "d; extra=='x'or extra=='y'",
            ]
        },
        id="an extra that is one of two reasons, none of them given",
    ),
    pytest.param(
        "a[x]",
        {"a 1": ["b; extra == 'x' and python_version < '3'"]},
        id="the extra is asked for, but the rest of the marker is false",
    ),
    pytest.param("a", {"a 1": ["b"], "b 1": ["a"]}, id="two that need each other"),
    pytest.param(
        "a[all]",
        {"a 1": ["a[x]; extra == 'all'", "b; extra == 'x'"], "b 1": []},
        id="an extra that is made of the distribution's own",
    ),
    pytest.param("a", {"a 1": ["b (>=1)"], "b 1": []}, id="brackets around the specifiers"),
    pytest.param("a", {"a 1": ["b>=1;python_version>'3'"], "b 1": []}, id="a marker without space"),
    pytest.param(
        "a",
        {"a 1": ["b @ https://example.org/b;v=1.zip ; python_version > '3'"], "b 1": []},
        id="a dependency from a URL with a semicolon",
    ),
    pytest.param("a", {"a 1": [], "x 1": ["y"]}, id="a gap in what nobody here asks for"),
    pytest.param("a\n-c c.txt", {"a 1": [], "b 2": []}, id="a constraint on what nobody needs"),
    pytest.param(
        "a\n-c c.txt", {"a 1": ["b"], "b 1": []}, id="a constraint on a dependency, which is met"
    ),
]


@pytest.mark.parametrize(("text", "installed"), IN_SYNC)
def test_in_sync(text: str, installed: Installed) -> None:
    own = asked(Path(), text, included={"c.txt": "b<2"})
    found = check(own, [], a_venv(installed))
    assert (told(found.problems), found.notes) == ([], [])


OUT_OF_SYNC = [
    pytest.param(
        "\na==1",
        {},
        ["requirements.txt:2: `a==1` is required, but not installed"],
        id="missing",
    ),
    pytest.param(
        "pandas==1.5.3",
        {"pandas 2.0.0": []},
        ["requirements.txt:1: `pandas==1.5.3` is required, but `2.0.0` is installed"],
        id="another version",
    ),
    pytest.param(
        "a>=2",
        {"a 2.0rc1": []},
        ["requirements.txt:1: `a>=2` is required, but `2.0rc1` is installed"],
        id="a pre-release of the lowest version",
    ),
    pytest.param(
        "a>1",
        {"a legacy": []},
        ["requirements.txt:1: `a>1` is required, but `legacy` is installed"],
        id="a version that is none",
    ),
    pytest.param(
        "a; python_version == '3.11'\nb; python_version == '3.12'",
        {},
        ["requirements.txt:1: `a; python_version == '3.11'` is required, but not installed"],
        id="a marker for the venv's own Python",
    ),
    pytest.param(
        "a==1\na == 1\n-r more.txt",
        {},
        ["requirements.txt:1: `a==1` is required, but not installed"],
        id="asked for in three places, told once",
    ),
    pytest.param(
        "b==1\na==1",
        {},
        [
            "requirements.txt:1: `b==1` is required, but not installed",
            "requirements.txt:2: `a==1` is required, but not installed",
        ],
        id="each that is missing",
    ),
    pytest.param(
        "dr-news",
        {"dr-news 1": ["rss[http]"], "rss 1": ["feedparser>=6; extra == 'http'"]},
        [
            "requirements.txt:1: `rss[http]` needs `feedparser>=6`"
            " (`dr-news` → `rss[http]` → `feedparser>=6`), but it is not installed"
        ],
        id="the dependency of an extra that is asked for on the way is missing",
    ),
    pytest.param(
        "dr-news",
        {
            "dr-news 1": ["rss", "reader"],
            "rss 1": ["feedparser>=6; extra == 'http'"],
            "reader 1": ["rss[http]"],
            "feedparser 5.2.1": [],
        },
        [
            "requirements.txt:1: `rss[http]` needs `feedparser>=6`"
            " (`dr-news` → `reader` → `rss[http]` → `feedparser>=6`), but `5.2.1` is installed"
        ],
        id="an extra that is asked for when the distribution has been walked already",
    ),
    pytest.param(
        "a",
        {"a 1": ["b>=2"], "b 1": []},
        ["requirements.txt:1: `a` needs `b>=2`, but `1` is installed"],
        id="a dependency in another version",
    ),
    pytest.param(
        "a\nb\nc",
        {"a 1": ["x", "y>1"], "b 1": ["x", "y>1"], "c 1": ["y>2"], "y 1": []},
        [
            "requirements.txt:1: `a` needs `x`, but it is not installed",
            "requirements.txt:1: `a` needs `y>1`, but `1` is installed",
            "requirements.txt:3: `c` needs `y>2`, but `1` is installed",
        ],
        id="a dependency of several is told once for each version that is wanted",
    ),
    pytest.param(
        "a\nb",
        {"a 1": ["b>=2"]},
        ["requirements.txt:2: `b` is required, but not installed"],
        id="a missing dependency that has a line of its own",
    ),
    pytest.param(
        "a\nb==3\nc===3",
        {"a 1": ["b>=2", "b<5", "c>=2"], "b 1": [], "c 1": []},
        [
            "requirements.txt:2: `b==3` is required, but `1` is installed",
            "requirements.txt:3: `c===3` is required, but `1` is installed",
            "requirements.txt:1: `a` needs `c>=2`, but `1` is installed",
        ],
        id="a dependency that is right when the project's own line is met",
    ),
    pytest.param(
        "a\nb>=2",
        {"a 1": ["b>=3"], "b 1": []},
        [
            "requirements.txt:2: `b>=2` is required, but `1` is installed",
            "requirements.txt:1: `a` needs `b>=3`, but `1` is installed",
        ],
        id="a dependency that wants more than the project's own line",
    ),
    pytest.param(
        "a\nb==1",
        {"a 1": ["b>=2"], "b 1": []},
        [
            "requirements.txt:1: `a` needs `b>=2`, but `1` is installed:"
            " `b==1` of requirements.txt:2 does not allow it"
        ],
        id="a dependency that a line of the project forbids",
    ),
    pytest.param(
        "a",
        {"a 1": ["b; extra == 'x' or os_name == 'posix'"]},
        ["requirements.txt:1: `a` needs `b`, but it is not installed"],
        id="an extra that is one of two reasons, and the other one holds",
    ),
    pytest.param(
        "a[x]",
        {"a 1": ["b; extra == 'x' or extra == 'y'"]},
        ["requirements.txt:1: `a[x]` needs `b`, but it is not installed"],
        id="an extra that is one of two reasons",
    ),
    pytest.param(
        "a",
        {"a 1": ["b @ https://example.org/b.zip ; python_version > '3'"]},
        ["requirements.txt:1: `a` needs `b @ https://example.org/b.zip`, but it is not installed"],
        id="a dependency from a URL is missing",
    ),
    pytest.param(
        "a",
        {"a 1": ["b[x] @ https://example.org/b.zip"], "b 1": ["c ; extra == 'x'"]},
        [
            "requirements.txt:1: `b[x]` needs `c` (`a` → `b[x]` → `c`), but it is not installed",
        ],
        id="the extra of a dependency from a URL",
    ),
    pytest.param(
        "a\n-c c.txt",
        {"a 1": ["b"], "b 2": []},
        ["c.txt:1: `b<2` is a constraint, but `2` is installed"],
        id="a constraint on a dependency",
    ),
    pytest.param(
        "b\n-c c.txt",
        {"b 2": []},
        ["c.txt:1: `b<2` is a constraint, but `2` is installed"],
        id="a constraint on what is required",
    ),
    pytest.param(
        "a==1\na==2",
        {"a 1": []},
        [
            "requirements.txt:2: `a==2` contradicts `a==1` of requirements.txt:1",
            "requirements.txt:2: `a==2` is required, but `1` is installed",
        ],
        id="two lines that contradict each other",
    ),
    pytest.param(
        "b==2\n-c c.txt",
        {"b 2": []},
        [
            "c.txt:1: `b<2` contradicts `b==2` of requirements.txt:1",
            "c.txt:1: `b<2` is a constraint, but `2` is installed",
        ],
        id="a constraint that contradicts a line",
    ),
    pytest.param(
        "a>=1\na<2\na!=1.*",
        {"a 1": []},
        [
            "requirements.txt:3: `a!=1.*` contradicts `a>=1`, `a<2` together",
            "requirements.txt:3: `a!=1.*` is required, but `1` is installed",
        ],
        id="three lines of which any two can be met",
    ),
]


@pytest.mark.parametrize(("text", "installed", "expected"), OUT_OF_SYNC)
def test_out_of_sync(text: str, installed: Installed, expected: Sequence[str]) -> None:
    own = asked(Path(), text, included={"c.txt": "b<2", "more.txt": "a==1.0"})
    found = check(own, [], a_venv(installed))
    assert (told(found.problems), found.notes) == (expected, [])


MEND = [
    pytest.param("a==2", {"a 1": []}, [Mend()], id="a version"),
    pytest.param("a", {"a 1": ["b"]}, [Mend()], id="a gap"),
    pytest.param("a @ https://e.org/a.zip", {"a 1": []}, [Mend(remove="a")], id="an origin"),
    pytest.param("a==1\na==2", {"a 1": []}, [None, None], id="a contradiction"),
    pytest.param("a\nb==1", {"a 1": ["b>1"], "b 1": []}, [None], id="what a line forbids"),
]


@pytest.mark.parametrize(("text", "installed", "expected"), MEND)
def test_what_an_installation_mends(
    text: str, installed: Installed, expected: Sequence[Mend | None]
) -> None:
    problems = check(asked(Path(), text), [], a_venv(installed)).problems
    assert [each.mend for each in problems] == expected


def test_a_wheel_is_installed_anew() -> None:
    """Whether it is the place that is not right, or the version of a wheel that was built anew."""
    wheel = "https://e.org/a-1-py3-none-any.whl"
    elsewhere = parse_origin("https://f.org/a-1-py3-none-any.whl", is_editable=False)
    for version, origin in [("1", elsewhere), ("2", parse_origin(wheel, is_editable=False))]:
        venv = a_venv({f"a {version}": []}, {"a": origin})
        own = asked(Path(), f"{wheel}#egg=a")
        assert [each.mend for each in check(own, [], venv).problems] == [Mend(remove="a")]


def test_a_folder_and_the_same_editable_are_two() -> None:
    Path("x").mkdir()
    Path("x/pyproject.toml").write_text('[project]\nname = "x"\n')
    own = asked(Path(), "./x\n-e ./x")
    own = own._replace(required=[each._replace(name="x") for each in own.required])
    assert told(check(own, [], a_venv({})).problems) == [
        "requirements.txt:2: `-e ./x` contradicts `./x` of requirements.txt:1",
        "requirements.txt:1: `./x` is required, but not installed",
        "requirements.txt:2: `-e ./x` is required, but not installed",
    ]


def test_what_is_needed_has_the_line_that_needs_it() -> None:
    venv = a_venv({"a 1": ["c", "b"], "b 1": [], "stray 1": []})
    own = asked(Path(), "b\na\nmissing\n-c c.txt", included={"c.txt": "stray<2"})
    needed = check(own, [], venv).needed
    assert {name: line.line for name, line in needed.items()} == {
        "b": 1,
        "a": 2,
        "c": 2,
        "missing": 3,
    }


NOTES = [
    pytest.param(
        "a", {"a 1": ["b>=1.*"]}, ["`a` needs `b>=1.*`, which is no requirement: not checked"],
        id="a dependency with a bad version",
    ),
    pytest.param(
        "a", {"a 1": ["b @"]}, ["`a` needs `b @`, which is no requirement: not checked"],
        id="a dependency whose URL is missing",
    ),
    pytest.param(
        "a", {"a 1": ["b c"]}, ["`a` needs `b c`, which is no requirement: not checked"],
        id="a dependency that is no requirement",
    ),
    pytest.param(
        "a", {"a 1": ["b; python_version"]},
        ["the marker `python_version` cannot be evaluated; taken for false"],
        id="a marker that is none",
    ),
    pytest.param(
        "a", {"a 1": [f"b; {'(' * 5000}os_name == 'x'{')' * 5000}"]},
        [f"the marker `{'(' * 150}…{')' * 49}` cannot be evaluated; taken for false"],
        id="a marker that is nested too deeply",
    ),
    pytest.param(
        "a; sys_platform ~= 'linux'", {"a 1": []},
        ['the marker `sys_platform ~= "linux"` cannot be evaluated; taken for false'],
        id="a marker that compares what has no order",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "installed", "expected"), NOTES)
def test_notes(text: str, installed: Installed, expected: Sequence[str]) -> None:
    found = check(asked(Path(), text), [], a_venv(installed))
    assert (told(found.problems), found.notes) == ([], [Note(each) for each in expected])


# -- places ---------------------------------------------------------------------------------------

FROM_PLACES = [
    pytest.param("a==1", "https://example.org/a-1.zip", [], id="a version, wherever it came from"),
    pytest.param("a @ https://example.org/a.zip", "https://example.org/a.zip", [], id="a URL"),
    pytest.param(
        "a @ https://example.org/a.zip",
        None,
        [
            "requirements.txt:1: `a @ https://example.org/a.zip` is required,"
            " but it was installed by its name alone, from an index"
        ],
        id="a URL, but installed by name",
    ),
    pytest.param(
        "a @ https://example.org/a.zip",
        "https://example.org/b.zip",
        [
            "requirements.txt:1: `a @ https://example.org/a.zip` is required,"
            " but it is installed from `https://example.org/b.zip`"
        ],
        id="another URL",
    ),
    pytest.param(
        "https://example.org/a-2-py3-none-any.whl",
        "https://example.org/a-2-py3-none-any.whl",
        [
            "requirements.txt:1: `https://example.org/a-2-py3-none-any.whl` is required,"
            " but `1` is installed"
        ],
        id="a wheel that is built anew",
    ),
    pytest.param(
        "https://example.org/x.zip#egg=a",
        None,
        [
            "requirements.txt:1: `https://example.org/x.zip#egg=a` is required,"
            " but it was installed by its name alone, from an index"
        ],
        id="a URL with its name at the end",
    ),
    pytest.param(
        "https://example.org/x.zip",
        "https://example.org/x.zip",
        [
            "requirements.txt:1: `https://example.org/x.zip` is required,"
            " but nothing is installed from there"
        ],
        id="a URL that nobody has told the name of",
    ),
    pytest.param(
        "a\n-c c.txt",
        "https://example.org/b.zip",
        [
            "c.txt:1: `a @ https://example.org/a.zip` is a constraint,"
            " but it is installed from `https://example.org/b.zip`"
        ],
        id="a constraint that is a URL",
    ),
]


@pytest.mark.parametrize(("text", "origin", "expected"), FROM_PLACES)
def test_places(text: str, origin: str | None, expected: Sequence[str]) -> None:
    own = asked(Path(), text, included={"c.txt": "a @ https://example.org/a.zip"})
    origins = {"a": parse_origin(origin, is_editable=False)} if origin else {}
    found = check(own, [], a_venv({"a 1": []}, origins))
    assert (told(found.problems), found.notes) == (expected, [])


def test_what_only_the_network_could_tell_is_a_note() -> None:
    origin = parse_origin("git+https://example.org/a", is_editable=False)._replace(commit="abc1234")
    own = asked(Path(), "a @ git+https://example.org/a@v1")
    found = check(own, [], a_venv({"a 1": []}, {"a": origin}))
    why = "commit `abc1234` is installed: whether that is `v1` cannot be told offline"
    line = "requirements.txt:1: `a @ git+https://example.org/a@v1` is required, but "
    assert (told(found.problems), found.notes) == ([], [Note(line + why)])


# -- the family -----------------------------------------------------------------------------------

Siblings = Mapping[str, str]

AT_PEACE = [
    pytest.param("a==1", {"news": "a==1"}, {"a 1": []}, id="the same pin"),
    pytest.param("a==1", {"news": "a==1.0"}, {"a 1": []}, id="another spelling of the version"),
    pytest.param("a>=1", {"news": "a<2"}, {"a 1": []}, id="ranges that meet"),
    pytest.param("a==1", {"news": "b==7"}, {"a 1": []}, id="what concerns the sibling alone"),
    pytest.param("a", {"news": "b==1\nb==2"}, {"a 1": []}, id="a sibling that contradicts itself"),
    pytest.param(
        "a", {"news": "a==1\na==2"}, {"a 1": []}, id="a sibling that contradicts itself in a name"
    ),
    pytest.param("a==1", {"news": ""}, {"a 1": []}, id="a sibling without requirements"),
    pytest.param("a==1", {"news": "a==2; python_version < '3'"}, {"a 1": []}, id="a false marker"),
    pytest.param("a==1", {"news": "-c c.txt"}, {"a 1": []}, id="a constraint on what it has not"),
    pytest.param("a===1", {"news": "a>=1"}, {"a 1": []}, id="an arbitrary version"),
    pytest.param("a[x]", {"news": "a[y]"}, {"a 1": []}, id="different extras"),
    pytest.param("a==1", {"news": "a @ https://e.org/a.zip"}, None, id="a pin and a URL, no venv"),
    pytest.param(
        "a==1", {"news": "a==2; python_version < '3'"}, None, id="a marker without a venv"
    ),
]


@pytest.mark.parametrize(("text", "siblings", "installed"), AT_PEACE)
def test_at_peace(text: str, siblings: Siblings, installed: Installed | None) -> None:
    family = [
        asked(Path("..") / name, each, included={"c.txt": "a==2"})
        for name, each in siblings.items()
    ]
    found = check(asked(Path(), text), family, a_venv(installed) if installed else None)
    assert (told(found.problems), found.notes) == ([], [])


AT_ODDS = [
    pytest.param(
        "pandas==1.5.3",
        {"news": "pandas==2.0.0"},
        {"pandas 2.0.0": []},
        [
            "requirements.txt:1: `pandas==1.5.3` contradicts `pandas==2.0.0` of"
            " ../news/requirements.txt:1, and `2.0.0` is installed: one of them has to change",
            "requirements.txt:1: `pandas==1.5.3` is required, but `2.0.0` is installed",
        ],
        id="the guide's own example",
    ),
    pytest.param(
        "pandas==1.5.3",
        {"news": "pandas==2.0.0"},
        None,
        [
            "requirements.txt:1: `pandas==1.5.3` contradicts `pandas==2.0.0` of"
            " ../news/requirements.txt:1: one of them has to change"
        ],
        id="without a venv",
    ),
    pytest.param(
        "a==1; os_name == 'x'",
        {"news": "a==2; os_name == 'x'"},
        None,
        [
            "requirements.txt:1: `a==1; os_name == 'x'` contradicts `a==2` of"
            " ../news/requirements.txt:1: one of them has to change"
        ],
        id="without a venv, both with the same marker",
    ),
    pytest.param(
        "a==1",
        {"media": "x\na==2", "news": "a == 2", "sports": "a==2", "telegram": "a==3"},
        {"a 1": []},
        [
            "requirements.txt:1: `a==1` contradicts `a==2` of ../media/requirements.txt:2"
            " and of 2 more, and `1` is installed: one of them has to change",
            "requirements.txt:1: `a==1` contradicts `a==3` of ../telegram/requirements.txt:1,"
            " and `1` is installed: one of them has to change",
        ],
        id="siblings that agree with each other are told as one",
    ),
    pytest.param(
        "a",
        {"news": "a>=2"},
        {"a 1": []},
        [
            "requirements.txt:1: `a` is needed together with `a>=2` of"
            " ../news/requirements.txt:1, but `1` is installed"
        ],
        id="what is installed breaks the sibling",
    ),
    pytest.param(
        "a<2",
        {"news": "a", "media": "a<2", "telegram": "a<3"},
        {"a 3": []},
        ["requirements.txt:1: `a<2` is required, but `3` is installed"],
        id="what is installed breaks this project, and what mends that is right for the sibling",
    ),
    pytest.param(
        "a===1",
        {"news": "a>=1"},
        {"a 0": []},
        [
            "requirements.txt:1: `a===1` is needed together with `a>=1` of"
            " ../news/requirements.txt:1, but `0` is installed",
            "requirements.txt:1: `a===1` is required, but `0` is installed",
        ],
        id="an arbitrary version, which implies nothing",
    ),
    pytest.param(
        "a>=1\na<2",
        {"news": "a!=1.*\na"},
        {"a 1": []},
        [
            "requirements.txt:1: `a>=1` contradicts `a!=1.*,a` of"
            " ../news/requirements.txt:1, and `1` is installed: one of them has to change"
        ],
        id="lines of which only all together cannot be met",
    ),
    pytest.param(
        "a @ https://e.org/a.zip",
        {"news": "a @ https://e.org/b.zip"},
        None,
        [
            "requirements.txt:1: `a @ https://e.org/a.zip` contradicts `a @ https://e.org/b.zip`"
            " of ../news/requirements.txt:1: one of them has to change"
        ],
        id="different URLs",
    ),
    pytest.param(
        "a==1",
        {"news": "a\n-c c.txt"},
        {"a 1": []},
        [
            "requirements.txt:1: `a==1` contradicts `a==2` of"
            " ../news/requirements.txt:1, and `1` is installed: one of them has to change"
        ],
        id="a constraint of the sibling on what it requires",
    ),
]


@pytest.mark.parametrize(("text", "siblings", "installed", "expected"), AT_ODDS)
def test_at_odds(
    text: str, siblings: Siblings, installed: Installed | None, expected: Sequence[str]
) -> None:
    family = [
        asked(Path("..") / name, each, included={"c.txt": "a==2"})
        for name, each in siblings.items()
    ]
    found = check(asked(Path(), text), family, a_venv(installed) if installed else None)
    assert (told(found.problems), found.notes) == (expected, [])


def test_what_a_sibling_forbids_is_not_installed() -> None:
    found = check(asked(Path(), "a==1\nb"), [asked(Path("../news"), "a==2")], a_venv({"a 2": []}))
    assert [each.mend for each in found.problems] == [None, None, Mend()]
    assert found.disputed == {"a"}


def test_what_both_need_is_installed_for_both() -> None:
    family = [asked(Path("../news"), "a >= 2 ; os_name == 'posix'")]
    [problem] = check(asked(Path(), "a"), family, a_venv({"a 1": []})).problems
    assert problem.mend == Mend(add=("a>=2",))


# -- versions of Python ---------------------------------------------------------------------------


def python(text: str, *, path: str = "pyproject.toml") -> RequiresPython:

    return RequiresPython(path, 3, text, Specifiers(text))


@pytest.mark.parametrize(
    ("text", "is_short", "expected"),
    [
        pytest.param(">=3.11", False, [], id="met"),
        pytest.param(">=3.11", True, [], id="met, the patch release is not known"),
        pytest.param(
            ">=3.12",
            False,
            ["pyproject.toml:3: `requires-python` is `>=3.12`, but the venv's Python is `3.11.7`"],
            id="not met",
        ),
        pytest.param(
            ">=3.12",
            True,
            ["pyproject.toml:3: `requires-python` is `>=3.12`, but the venv's Python is `3.11`"],
            id="not met, the patch release is not known",
        ),
        pytest.param(
            ">=3.11.9",
            True,
            [
                "note: pyproject.toml:3: `requires-python` is `>=3.11.9`, but the venv's Python"
                " is `3.11`: its files do not tell which patch release"
            ],
            id="the patch release decides, and is not known",
        ),
    ],
)
def test_requires_python(text: str, is_short: bool, expected: Sequence[str]) -> None:
    found = check(Asked([], python(text)), [], a_venv({}, is_short=is_short))
    notes = [f"note: {note.what}" for note in found.notes]
    assert told(found.problems) + notes == expected


def test_an_unknown_patch_release_that_a_marker_asks_for_is_a_note() -> None:
    own = asked(Path(), "a; python_full_version < '3'\nb; python_full_version < '3'")
    found = check(own, [], a_venv({}, is_short=True))
    why = "`python_full_version` is taken to be `3.11.7`"
    assert found.notes == [Note(f"the venv does not tell its Python's patch release: {why}")]


@pytest.mark.parametrize(
    ("own", "theirs", "expected"),
    [
        pytest.param(">=3.11", [">=3.8,<3.12"], [], id="jointly possible"),
        pytest.param(">=3.11", ["<3.11.7,>=3"], [], id="only the sibling's own is broken"),
        pytest.param(
            ">=3.11",
            ["<3.11", "<3.11", "==3.9.*"],
            [
                "pyproject.toml:3: `requires-python` `>=3.11` contradicts `<3.11` of"
                " ../0/pyproject.toml:3 and of 1 more, and the venv's Python is `3.11.7`",
                "pyproject.toml:3: `requires-python` `>=3.11` contradicts `==3.9.*` of"
                " ../2/pyproject.toml:3, and the venv's Python is `3.11.7`",
            ],
            id="jointly impossible",
        ),
    ],
)
def test_requires_python_of_the_family(
    own: str, theirs: Sequence[str], expected: Sequence[str]
) -> None:
    family = [
        Asked([], python(each, path=f"../{position}/pyproject.toml"))
        for position, each in enumerate(theirs)
    ]
    found = check(Asked([], python(own)), family, a_venv({}))
    assert told(found.problems) == expected
    expected_without = [
        each.replace(", and the venv's Python is `3.11.7`", "") for each in expected
    ]
    assert told(check(Asked([], python(own)), family, None).problems) == expected_without


# -- what nobody declares -------------------------------------------------------------------------


def test_undeclared() -> None:
    venv = a_venv(
        {
            "pip 1": [],
            "own 1": ["below", "more; extra == 'x'"],
            "below 1": [],
            "more 1": [],
            "theirs 1": [],
            "with-extra 1": ["extra-part; extra == 'x'"],
            "extra-part 1": [],
            "black 1": ["click"],
            "click 1": [],
            "allowed 1": ["beneath"],
            "beneath 1": [],
            "wheel 1": ["beneath-wheel"],
            "beneath-wheel 1": [],
            "unasked 1": [],
        }
    )
    projects = [
        asked(Path(), "own\nunasked; python_version < '3'"),
        asked(Path("../news"), "theirs\nwith-extra[x]"),
    ]
    assert undeclared(projects, venv, ["allowed"]) == ["black", "click", "more", "unasked"]


def test_a_long_chain_is_walked_to_its_end() -> None:
    venv = a_venv({f"a{n} 1": [f"a{n + 1}"] for n in range(3000)})
    closure = walk(asked(Path(), "a0").required, venv)
    assert len(closure.reached) == 3000
    assert [gap.dependency.name for gap in closure.gaps] == ["a3000"]
    assert len(closure.gaps[0].way.labels()) == 3000
    assert told(check(asked(Path(), "a0"), [], venv).problems) == [
        "requirements.txt:1: `a2999` needs `a3000` (`a0` → `a1` → `a2` → `a3` → … → `a2997` →"
        " `a2998` → `a2999` → `a3000`), but it is not installed"
    ]


def test_an_editable_from_another_directory_is_named() -> None:
    own = asked(Path(), "-e .")
    required = [each._replace(name="dr") for each in own.required]
    venv = a_venv({"dr 1": []}, {"dr": editable_origin("/somewhere/else")})
    [problem] = check(Asked(required), [], venv).problems
    line = "`-e .` is required, but `dr` is installed from `/somewhere/else`"
    assert problem == Problem("requirements.txt", 1, line, required[0], Mend(remove="dr"))


PIECES = st.sampled_from(
    [*"ab[]();,@<>=!~'\"|\\\0 ", "extra", "==", " or ", " and ", "python_version", "1", "x", "é"]
)


@given(st.lists(st.lists(PIECES, max_size=20).map("".join), max_size=5), st.text(max_size=8))
def test_no_metadata_is_too_odd(requires: Sequence[str], version: str) -> None:
    line = read_line("a[x]")
    distributions = {"a": Distribution("a", version, "a.dist-info", tuple(requires))}
    venv = Venv(distributions, Environment(PYTHON), {}, "/venv/src")
    assert set(check(Asked([line]), [], venv).needed) >= {"a"}


def read_line(text: str) -> Required:
    from packaging.requirements import Requirement

    parsed = Requirement(text)
    extras = frozenset(parsed.extras)
    return Required(
        "requirements.txt",
        1,
        text,
        parsed.name,
        Specifiers(str(parsed.specifier)),
        extras,
        None,
        None,
        editable=False,
        constraint=False,
    )
