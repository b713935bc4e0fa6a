"""What is asked for against what is installed: tables of what passes, then of what does not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hooks.fast.markers import Environment
from hooks.fast.specifiers import Specifiers
from hooks.report import Note
from hooks.requirements.origin import editable_origin, parse_origin
from hooks.requirements.required import Required
from hooks.rules.facts import Asked, Venv
from hooks.rules.in_sync import check
from hooks.rules.mismatch import Told
from hooks.venvs.installed import Distribution
from tests.rules.compared import PYTHON, Installed, a_venv, asked, told

pytestmark = pytest.mark.usefixtures("in_project")

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
        [
            "requirements.txt:2: `a==1` is required, but not installed [not-installed]",
        ],
        id="missing",
    ),
    pytest.param(
        "pandas==1.5.3",
        {"pandas 2.0.0": []},
        [
            "requirements.txt:1: `pandas==1.5.3` is required, but `2.0.0` is installed [wrong-version]",
        ],
        id="another version",
    ),
    pytest.param(
        "a>=2",
        {"a 2.0rc1": []},
        [
            "requirements.txt:1: `a>=2` is required, but `2.0rc1` is installed [wrong-version]",
        ],
        id="a pre-release of the lowest version",
    ),
    pytest.param(
        "a>1",
        {"a legacy": []},
        [
            "requirements.txt:1: `a>1` is required, but `legacy` is installed [wrong-version]",
        ],
        id="a version that is none",
    ),
    pytest.param(
        "a; python_version == '3.11'\nb; python_version == '3.12'",
        {},
        [
            "requirements.txt:1: `a; python_version == '3.11'` is required, but not installed [not-installed]",
        ],
        id="a marker for the venv's own Python",
    ),
    pytest.param(
        "a==1\na == 1\n-r more.txt",
        {},
        [
            "requirements.txt:1: `a==1` is required, but not installed [not-installed]",
        ],
        id="asked for in three places, told once",
    ),
    pytest.param(
        "b==1\na==1",
        {},
        [
            "requirements.txt:1: `b==1` is required, but not installed [not-installed]",
            "requirements.txt:2: `a==1` is required, but not installed [not-installed]",
        ],
        id="each that is missing",
    ),
    pytest.param(
        "dr-news",
        {"dr-news 1": ["rss[http]"], "rss 1": ["feedparser>=6; extra == 'http'"]},
        [
            "requirements.txt:1: `rss[http]` needs `feedparser>=6` (`dr-news` → `rss[http]` → `feedparser>=6`), but it is not installed [unmet-dependency]",
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
            "requirements.txt:1: `rss[http]` needs `feedparser>=6` (`dr-news` → `reader` → `rss[http]` → `feedparser>=6`), but `5.2.1` is installed [unmet-dependency]",
        ],
        id="an extra that is asked for when the distribution has been walked already",
    ),
    pytest.param(
        "a",
        {"a 1": ["b>=2"], "b 1": []},
        [
            "requirements.txt:1: `a` needs `b>=2`, but `1` is installed [unmet-dependency]",
        ],
        id="a dependency in another version",
    ),
    pytest.param(
        "a\nb\nc",
        {"a 1": ["x", "y>1"], "b 1": ["x", "y>1"], "c 1": ["y>2"], "y 1": []},
        [
            "requirements.txt:1: `a` needs `x`, but it is not installed [unmet-dependency]",
            "requirements.txt:1: `a` needs `y>1`, but `1` is installed [unmet-dependency]",
            "requirements.txt:3: `c` needs `y>2`, but `1` is installed [unmet-dependency]",
        ],
        id="a dependency of several is told once for each version that is wanted",
    ),
    pytest.param(
        "a\nb",
        {"a 1": ["b>=2"]},
        [
            "requirements.txt:2: `b` is required, but not installed [not-installed]",
        ],
        id="a missing dependency that has a line of its own",
    ),
    pytest.param(
        "a\nb==3\nc===3",
        {"a 1": ["b>=2", "b<5", "c>=2"], "b 1": [], "c 1": []},
        [
            "requirements.txt:2: `b==3` is required, but `1` is installed [wrong-version]",
            "requirements.txt:3: `c===3` is required, but `1` is installed [wrong-version]",
            "requirements.txt:1: `a` needs `c>=2`, but `1` is installed [unmet-dependency]",
        ],
        id="a dependency that is right when the project's own line is met",
    ),
    pytest.param(
        "a\nb>=2",
        {"a 1": ["b>=3"], "b 1": []},
        [
            "requirements.txt:2: `b>=2` is required, but `1` is installed [wrong-version]",
            "requirements.txt:1: `a` needs `b>=3`, but `1` is installed [unmet-dependency]",
        ],
        id="a dependency that wants more than the project's own line",
    ),
    pytest.param(
        "a\nb==1",
        {"a 1": ["b>=2"], "b 1": []},
        [
            "requirements.txt:2: `b==1` contradicts `b>=2`, needed by `a` of requirements.txt:1, and `1` is installed [contradiction]",
        ],
        id="a dependency that a line of the project forbids",
    ),
    pytest.param(
        "a",
        {"a 1": ["b; extra == 'x' or os_name == 'posix'"]},
        [
            "requirements.txt:1: `a` needs `b`, but it is not installed [unmet-dependency]",
        ],
        id="an extra that is one of two reasons, and the other one holds",
    ),
    pytest.param(
        "a[x]",
        {"a 1": ["b; extra == 'x' or extra == 'y'"]},
        [
            "requirements.txt:1: `a[x]` needs `b`, but it is not installed [unmet-dependency]",
        ],
        id="an extra that is one of two reasons",
    ),
    pytest.param(
        "a",
        {"a 1": ["b @ https://example.org/b.zip ; python_version > '3'"]},
        [
            "requirements.txt:1: `a` needs `b @ https://example.org/b.zip`, but it is not installed [unmet-dependency]",
        ],
        id="a dependency from a URL is missing",
    ),
    pytest.param(
        "a",
        {"a 1": ["b[x] @ https://example.org/b.zip"], "b 1": ["c ; extra == 'x'"]},
        [
            "requirements.txt:1: `b[x]` needs `c` (`a` → `b[x]` → `c`), but it is not installed [unmet-dependency]",
        ],
        id="the extra of a dependency from a URL",
    ),
    pytest.param(
        "a\n-c c.txt",
        {"a 1": ["b"], "b 2": []},
        [
            "c.txt:1: `b<2` is a constraint, but `2` is installed [broken-constraint]",
        ],
        id="a constraint on a dependency",
    ),
    pytest.param(
        "b\n-c c.txt",
        {"b 2": []},
        [
            "c.txt:1: `b<2` is a constraint, but `2` is installed [broken-constraint]",
        ],
        id="a constraint on what is required",
    ),
    pytest.param(
        "a==1\na==2",
        {"a 1": []},
        [
            "requirements.txt:2: `a==2` contradicts `a==1` of requirements.txt:1, and `1` is installed [contradiction]",
        ],
        id="two lines that contradict each other",
    ),
    pytest.param(
        "b==2\n-c c.txt",
        {"b 2": []},
        [
            "c.txt:1: `b<2` contradicts `b==2` of requirements.txt:1, and `2` is installed [contradiction]",
        ],
        id="a constraint that contradicts a line",
    ),
    pytest.param(
        "a>=1\na<2\na!=1.*",
        {"a 1": []},
        [
            "requirements.txt:3: `a!=1.*` contradicts `a>=1`, `a<2` together, and `1` is installed [contradiction]",
        ],
        id="three lines of which any two can be met",
    ),
]


@pytest.mark.parametrize(("text", "installed", "expected"), OUT_OF_SYNC)
def test_out_of_sync(text: str, installed: Installed, expected: Sequence[str]) -> None:
    own = asked(Path(), text, included={"c.txt": "b<2", "more.txt": "a==1.0"})
    found = check(own, [], a_venv(installed))
    assert (told(found.problems), found.notes) == (expected, [])


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
        "a[x]", {"a 1": ["b"], "b 1": []}, ["requirements.txt:1: `a==1` has no extra `x`"],
        id="an extra that the distribution lacks",
    ),
    pytest.param(
        "a[x,y]", {"a 1": []}, ["requirements.txt:1: `a==1` has none of the extras `x`, `y`"],
        id="extras that the distribution lacks",
    ),
    pytest.param(
        "\na", {"a 1": ["b[x]"], "b 1": []}, ["requirements.txt:2: `b==1` has no extra `x`"],
        id="an extra that a dependency lacks",
    ),
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
            "requirements.txt:1: `a @ https://example.org/a.zip` is required, but it was installed by its name alone, from an index [wrong-source]",
        ],
        id="a URL, but installed by name",
    ),
    pytest.param(
        "a @ https://example.org/a.zip",
        "https://example.org/b.zip",
        [
            "requirements.txt:1: `a @ https://example.org/a.zip` is required, but it is installed from `https://example.org/b.zip` [wrong-source]",
        ],
        id="another URL",
    ),
    pytest.param(
        "https://example.org/a-2-py3-none-any.whl",
        "https://example.org/a-2-py3-none-any.whl",
        [
            "requirements.txt:1: `https://example.org/a-2-py3-none-any.whl` is required, but `1` is installed [wrong-version]",
        ],
        id="a wheel that is built anew",
    ),
    pytest.param(
        "https://example.org/x.zip#egg=a",
        None,
        [
            "requirements.txt:1: `https://example.org/x.zip#egg=a` is required, but it was installed by its name alone, from an index [wrong-source]",
        ],
        id="a URL with its name at the end",
    ),
    pytest.param(
        "https://example.org/x.zip",
        "https://example.org/x.zip",
        [
            "requirements.txt:1: `https://example.org/x.zip` is required, but nothing is installed from there [not-installed]",
        ],
        id="a URL that nobody has told the name of",
    ),
    pytest.param(
        "a\n-c c.txt",
        "https://example.org/b.zip",
        [
            "c.txt:1: `a @ https://example.org/a.zip` is a constraint, but it is installed from `https://example.org/b.zip` [broken-constraint]",
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


def test_an_editable_from_another_directory_is_named() -> None:
    own = asked(Path(), "-e .")
    required = [each._replace(name="dr") for each in own.required]
    venv = a_venv({"dr 1": []}, {"dr": editable_origin("/somewhere/else")})
    [problem] = check(Asked(required), [], venv).problems
    line = "`-e .` is required, but `dr` is installed from `/somewhere/else`"
    assert problem == Told(
        "requirements.txt", 1, line, "wrong-source", "dr", required[0], is_replaced=True
    )


GONE = "`news` is installed editable from `file:///gone`, which is gone"
EDITABLES = [
    pytest.param("news", [f"requirements.txt:1: {GONE} [editable-gone]"], id="asked for by name"),
    pytest.param("x", [f"requirements.txt:1: {GONE} (`x` → `news`) [editable-gone]"], id="needed"),
    pytest.param("y", [], id="nobody asks for it"),
    pytest.param(
        "news>=2",
        ["requirements.txt:1: `news>=2` is required, but `1` is installed [wrong-version]",
         f"requirements.txt:1: {GONE} [editable-gone]"],
        id="and not the one that is asked for",
    ),
    pytest.param(
        "x\nnews @ https://e.org/news.zip",
        ["requirements.txt:2: `news @ https://e.org/news.zip` is required, but it is installed"
         " from `file:///gone` [wrong-source]"],
        id="asked for from elsewhere",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), EDITABLES)
def test_an_editable_whose_folder_is_gone(text: str, expected: Sequence[str]) -> None:
    gone = parse_origin("file:///gone", is_editable=True)
    origins = {"news": gone._replace(is_gone=True)}
    venv = a_venv({"news 1": [], "x 1": ["news"], "y 1": []}, origins)
    assert told(check(asked(Path(), text), [], venv).problems) == expected
    [from_there] = asked(Path(), "news @ file:///gone").required
    own = Asked([from_there._replace(origin=gone, editable=True)])
    assert told(check(own, [], venv).problems) == [f"requirements.txt:1: {GONE} [editable-gone]"]


HELD = {"x 1": ["b"], "b 1": []}


def test_a_siblings_constraint_holds_what_it_needs() -> None:
    family = [asked(Path("../news"), "x\n-c c.txt", included={"c.txt": "b==2"})]
    assert told(check(asked(Path(), "b==1"), family, a_venv(HELD)).problems) == [
        "requirements.txt:1: `b==1` contradicts `b==2` of ../news/c.txt:1, and `1` is installed:"
        " one of them has to change [conflict]"
    ]


def test_a_siblings_override_stands_for_what_it_needs() -> None:
    news = asked(Path("../news"), "x")._replace(overrides=asked(Path("../it"), "b==2").required)
    assert told(check(asked(Path(), "b==1"), [news], a_venv(HELD)).problems) == [
        "requirements.txt:1: `b==1` contradicts `b==2`, needed by `x` of ../news/requirements.txt:1,"
        " and `1` is installed: one of them has to change [conflict]"
    ]


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
