"""Projects, or lines of one, that contradict each other: what is at peace first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from hooks.requirements.origin import parse_origin
from hooks.rules.facts import Asked
from hooks.rules.in_sync import check
from tests.rules.compared import Installed, a_venv, asked, told

pytestmark = pytest.mark.usefixtures("in_project")

Siblings = Mapping[str, str]

AT_PEACE = [
    pytest.param("a==1", {"news": "a==1"}, {"a 1": []}, id="the same pin"),
    pytest.param("a==1", {"news": "a==1.0"}, {"a 1": []}, id="another spelling of the version"),
    pytest.param("a>=1", {"news": "a<2"}, {"a 1": []}, id="ranges that meet"),
    pytest.param("a>=1", {"news": "a<2\na!=1.5"}, {"a 1": []}, id="three ranges that meet"),
    pytest.param("a==1", {"news": "b==7"}, {"a 1": []}, id="what concerns the sibling alone"),
    pytest.param("a", {"news": "b==1\nb==2"}, {"a 1": []}, id="a sibling that contradicts itself"),
    pytest.param(
        "a", {"news": "a==1\na==2"}, {"a 1": []}, id="a sibling that contradicts itself in a name"
    ),
    pytest.param("a==1", {"news": ""}, {"a 1": []}, id="a sibling without requirements"),
    pytest.param("a==1", {"news": "a==2; python_version < '3'"}, {"a 1": []}, id="a false marker"),
    pytest.param("a==1", {"news": "-c c.txt"}, {"a 1": []}, id="a constraint on what it has not"),
    pytest.param("a===1", {"news": "a>=1"}, {"a 1": []}, id="an arbitrary version"),
    pytest.param("a[x]", {"news": "a[y]"}, {"a 1": ["a; extra == 'x'"]}, id="different extras"),
    pytest.param("a==1", {"news": "a @ https://e.org/a.zip"}, None, id="a pin and a URL, no venv"),
    pytest.param(
        "a==1", {"news": "a==2; python_version < '3'"}, None, id="a marker without a venv"
    ),
    pytest.param(
        "a==1; os_name == 'x'", {"news": "a==2; os_name == 'y'"}, None, id="two markers, no venv"
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
            "requirements.txt:1: `pandas==1.5.3` contradicts `pandas==2.0.0` of ../news/requirements.txt:1, and `2.0.0` is installed: one of them has to change [conflict]",
        ],
        id="the guide's own example",
    ),
    pytest.param(
        "pandas==1.5.3",
        {"news": "pandas==2.0.0"},
        None,
        [
            "requirements.txt:1: `pandas==1.5.3` contradicts `pandas==2.0.0` of ../news/requirements.txt:1: one of them has to change [conflict]",
        ],
        id="without a venv",
    ),
    pytest.param(
        "a==1; os_name == 'x'",
        {"news": "a==2; os_name == 'x'"},
        None,
        [
            "requirements.txt:1: `a==1; os_name == 'x'` contradicts `a==2` of ../news/requirements.txt:1: one of them has to change [conflict]",
        ],
        id="without a venv, both with the same marker",
    ),
    pytest.param(
        "a==1; os_name == 'posix'",
        {"news": "a==2; python_version > '3'"},
        {"a 1": []},
        [
            "requirements.txt:1: `a==1; os_name == 'posix'` contradicts `a==2` of ../news/requirements.txt:1, and `1` is installed: one of them has to change [conflict]",
        ],
        id="two markers that hold in the venv",
    ),
    pytest.param(
        "a==1",
        {"media": "x\na==2", "news": "a == 2", "sports": "a==2", "telegram": "a==3"},
        {"a 1": []},
        [
            "requirements.txt:1: `a==1` contradicts `a==2` of ../media/requirements.txt:2 and of 2 more, and `a==3` of ../telegram/requirements.txt:1, and `1` is installed: one of them has to change [conflict]",
        ],
        id="siblings that agree with each other are told as one",
    ),
    pytest.param(
        "a",
        {"news": "a>=2"},
        {"a 1": []},
        [
            "requirements.txt:1: `a` is needed together with `a>=2` of ../news/requirements.txt:1, but `1` is installed [wrong-version]",
        ],
        id="what is installed breaks the sibling",
    ),
    pytest.param(
        "a<2",
        {"news": "a", "media": "a<2", "telegram": "a<3"},
        {"a 3": []},
        [
            "requirements.txt:1: `a<2` is required, but `3` is installed [wrong-version]",
        ],
        id="what is installed breaks this project, and what mends that is right for the sibling",
    ),
    pytest.param(
        "a===1",
        {"news": "a>=1"},
        {"a 0": []},
        [
            "requirements.txt:1: `a===1` is needed together with `a>=1` of ../news/requirements.txt:1, but `0` is installed [wrong-version]",
            "requirements.txt:1: `a===1` is required, but `0` is installed [wrong-version]",
        ],
        id="an arbitrary version, which implies nothing",
    ),
    pytest.param(
        "a>=1\na<2",
        {"news": "a!=1.*\na"},
        {"a 1": []},
        [
            "requirements.txt:1: `a>=1` contradicts `a!=1.*,a` of ../news/requirements.txt:1, and `1` is installed: one of them has to change [conflict]",
        ],
        id="lines of which only all together cannot be met",
    ),
    pytest.param(
        "a @ https://e.org/a.zip",
        {"news": "a @ https://e.org/b.zip"},
        None,
        [
            "requirements.txt:1: `a @ https://e.org/a.zip` contradicts `a @ https://e.org/b.zip` of ../news/requirements.txt:1: one of them has to change [conflict]",
        ],
        id="different URLs",
    ),
    pytest.param(
        "a==1",
        {"news": "a\n-c c.txt"},
        {"a 1": []},
        [
            "requirements.txt:1: `a==1` contradicts `a==2` of ../news/c.txt:1, and `1` is installed: one of them has to change [conflict]",
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


BY_NEED_AT_PEACE = [
    pytest.param(
        "numpy==1.26", {"news": "pandas"}, {"pandas 2": ["numpy<2"], "numpy 1.26": []},
        id="what the sibling's requirement needs is what is pinned here",
    ),
    pytest.param(
        "a", {"news": "pandas"}, {"a 1": [], "pandas 2": ["numpy<2"], "numpy 2.0": []},
        id="what the sibling's requirement lacks concerns it alone",
    ),
    pytest.param(
        "numpy==2.0", {"news": "pandas"},
        {"pandas 2": ["numpy<2; extra == 'old'"], "numpy 2.0": []},
        id="an extra that the sibling does not ask for",
    ),
    pytest.param(
        "numpy", {"news": "pandas"}, {"pandas 2": ["numpy<2"], "numpy 2.0": []},
        id="both could be met, and what is missing is the sibling's to tell",
    ),
    pytest.param(
        "a==1", {"news": "a==1"}, {"a 1": ["c<2"], "b 1": ["c>=2"], "c 1": []},
        id="a need of what nobody asks for",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "siblings", "installed"), BY_NEED_AT_PEACE)
def test_at_peace_by_need(text: str, siblings: Siblings, installed: Installed) -> None:
    family = [asked(Path("..") / name, each) for name, each in siblings.items()]
    found = check(asked(Path(), text), family, a_venv(installed))
    assert (told(found.problems), found.notes) == ([], [])


PANDAS = {"pandas 2.0.0": ["numpy<2"]}
BY_NEED = [
    pytest.param(
        "numpy==2.0", {"news": "x\npandas"}, {**PANDAS, "numpy 2.0": []},
        ["requirements.txt:1: `numpy==2.0` contradicts `numpy<2`, needed by `pandas` of"
         " ../news/requirements.txt:2, and `2.0` is installed: one of them has to change [conflict]"],
        id="a pin here, a sibling's requirement that forbids it",
    ),
    pytest.param(
        "numpy==2.0", {"news": "pandas"}, {**PANDAS, "numpy 1.26": []},
        ["requirements.txt:1: `numpy==2.0` contradicts `numpy<2`, needed by `pandas` of"
         " ../news/requirements.txt:1, and `1.26` is installed: one of them has to change [conflict]"],
        id="the same, the other version is installed",
    ),
    pytest.param(
        "pandas", {"news": "numpy==2.0"}, {**PANDAS, "numpy 2.0": []},
        ["requirements.txt:1: `pandas` needs `numpy<2`, which contradicts `numpy==2.0` of"
         " ../news/requirements.txt:1, and `2.0` is installed: one of them has to change [conflict]"],
        id="a requirement here, a sibling's pin that forbids what it needs",
    ),
    pytest.param(
        "pandas", {"news": "numpy==2.0"}, {**PANDAS, "numpy 1.26": []},
        ["requirements.txt:1: `pandas` needs `numpy<2`, which contradicts `numpy==2.0` of"
         " ../news/requirements.txt:1, and `1.26` is installed: one of them has to change [conflict]"],
        id="the same, the other version is installed there",
    ),
    pytest.param(
        "c==1", {"news": "a[x]", "media": "a[x]"},
        {"a 1": ["b; extra == 'x'"], "b 1": ["c>=2"], "c 1": []},
        ["requirements.txt:1: `c==1` contradicts `c>=2`, needed by `b` (`a[x]` → `b` → `c>=2`) of"
         " ../news/requirements.txt:1 and of 1 more, and `1` is installed: one of them has to change"
         " [conflict]"],
        id="by a sibling's extra, over another distribution, for two siblings",
    ),
    pytest.param(
        "pandas>=2.0\nnumpy==2.1", {"owner": "pandas==2.0.0\nnumpy>=1.24"},
        {**PANDAS, "numpy 1.26": []},
        ["requirements.txt:2: `numpy==2.1` contradicts `numpy<2`, needed by `pandas` of"
         " ../owner/requirements.txt:1, and `1.26` is installed: one of them has to change"
         " [conflict]"],
        id="what is loose here is held by the sibling: that is named, and once",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "siblings", "installed", "expected"), BY_NEED)
def test_at_odds_by_need(
    text: str, siblings: Siblings, installed: Installed, expected: Sequence[str]
) -> None:
    family = [asked(Path("..") / name, each) for name, each in siblings.items()]
    found = check(asked(Path(), text), family, a_venv(installed))
    assert (told(found.problems), found.notes) == (expected, [])


AMONG_LINES = [
    pytest.param("a>=1\na<3\na!=2", [], id="lines that can be met together"),
    pytest.param(
        "a>=1\na==2\na==3",
        ["requirements.txt:3: `a==3` contradicts `a==2` of requirements.txt:2 [contradiction]"],
        id="two of three",
    ),
    pytest.param(
        "a>=1\na<2\na!=1.*",
        ["requirements.txt:3: `a!=1.*` contradicts `a>=1`, `a<2` together [contradiction]"],
        id="any two can be met, but not all",
    ),
]


@pytest.mark.parametrize(("text", "expected"), AMONG_LINES)
def test_lines_of_one_project(text: str, expected: Sequence[str]) -> None:
    assert told(check(asked(Path(), text), [], None).problems) == expected


def test_a_third_project_that_does_not_allow_it_is_named_and_nothing_is_installed() -> None:
    family = [asked(Path("../news"), "a>=2"), asked(Path("../media"), "a<2")]
    [problem] = check(asked(Path(), "a"), family, a_venv({"a 1": []})).problems
    assert told([problem]) == [
        "requirements.txt:1: `a` is needed together with `a>=2` of ../news/requirements.txt:1, but `1` is installed: `a<2` of ../media/requirements.txt:1 does not allow it [wrong-version]"
    ]
    assert problem.asks is None


def test_what_comes_from_elsewhere_is_told_once() -> None:
    text = "a @ https://e.org/a.zip"
    origins = {"a": parse_origin("https://e.org/b.zip", is_editable=False)}
    why = "but it is installed from `https://e.org/b.zip` [wrong-source]"
    for own, what in {
        text: f"`{text}` is required",
        "a": f"`a` is needed together with `{text}` of ../news/requirements.txt:1",
    }.items():
        family = [asked(Path("../news"), text)]
        found = check(asked(Path(), own), family, a_venv({"a 1": []}, origins))
        assert told(found.problems) == [f"requirements.txt:1: {what}, {why}"]


@pytest.mark.parametrize(
    ("own", "origins", "there"),
    [
        ("a==1", {"a": "https://e.org/a.zip"}, "`1` is installed"),
        ("https://e.org/a-1-py3-none-any.whl", {}, "`1` is installed"),
        (
            "https://e.org/a-1-py3-none-any.whl",
            {"a": "https://e.org/b.zip"},
            "`a` is installed from `https://e.org/b.zip`",
        ),
    ],
    ids=[
        "from elsewhere, unasked",
        "asked from elsewhere, by its name",
        "from elsewhere, as asked",
    ],
)
def test_a_conflict_says_what_is_installed(
    own: str, origins: Mapping[str, str], there: str
) -> None:
    venv = a_venv(
        {"a 1": []}, {name: parse_origin(url, is_editable=False) for name, url in origins.items()}
    )
    found = check(asked(Path(), own), [asked(Path("../news"), "a==2")], venv)
    [conflict] = (each for each in told(found.problems) if each.endswith("[conflict]"))
    assert conflict == (
        f"requirements.txt:1: `{own}` contradicts `a==2` of ../news/requirements.txt:1, and {there}:"
        " one of them has to change [conflict]"
    )


CONTRADICTIONS = [
    pytest.param(
        installed,
        ["requirements.txt:2: `idna==2.1` contradicts `idna>=2.5`, needed by `requests` of"
         f" requirements.txt:1, and `{version}` is installed [contradiction]"],
        id=f"idna {version} is installed",
    )
    for version in ["2.1", "3.4"]
    for installed in [{"requests 2.32.3": ["idna>=2.5"], f"idna {version}": []}]
]  # fmt: skip


@pytest.mark.parametrize("sibling", ["", "requests==2.32.3"], ids=["alone", "a sibling agrees"])
@pytest.mark.parametrize(("installed", "expected"), CONTRADICTIONS)
def test_lines_contradict_each_other_by_need(
    installed: Installed, expected: Sequence[str], sibling: str
) -> None:
    own = asked(Path(), "requests==2.32.3\nidna==2.1")
    found = check(own, [asked(Path("../news"), sibling)], a_venv(installed))
    assert told(found.problems) == expected
    assert {each.name for each in found.unsettled} >= {"requests", "idna"}


def test_what_siblings_alone_dispute_is_in_no_command() -> None:
    family = [asked(Path("../news"), "b==1\nc"), asked(Path("../media"), "b==2")]
    found = check(asked(Path(), "a==1"), family, a_venv({"a 2": []}))
    assert told(found.problems) == [
        "requirements.txt:1: `a==1` is required, but `2` is installed [wrong-version]"
    ]
    assert [each.text for each in found.unsettled] == ["b==1", "b==2"]


def test_what_an_override_settles_here_is_not_settled_for_a_sibling() -> None:
    overrides = asked(Path("../elsewhere"), "b>=2").required
    own = Asked(asked(Path(), "a\nb>=2").required, overrides=overrides)
    installed = a_venv({"a 1": ["b<2"], "b 2": []})
    found = check(own, [asked(Path("../news"), "a")], installed)
    assert told(found.problems) == [
        "../elsewhere/requirements.txt:1: `b>=2` contradicts `b<2`, needed by `a` of ../news/requirements.txt:1, and `2` is installed: one of them has to change [conflict]"
    ]


WRONG_VERSION = {"a 1": ["b<2", "c"], "b 2": []}
LACKS = "requirements.txt:1: `a` needs `c`, but it is not installed [unmet-dependency]"


def test_what_another_version_needs_is_no_contradiction() -> None:
    found = check(asked(Path(), "a==2\nb==2"), [], a_venv(WRONG_VERSION))
    assert told(found.problems) == [
        "requirements.txt:1: `a==2` is required, but `1` is installed [wrong-version]",
        LACKS,
    ]


def test_what_another_version_needs_is_no_conflict_with_a_sibling() -> None:
    family = [asked(Path("../news"), "a==2")]
    assert told(check(asked(Path(), "b==2"), family, a_venv(WRONG_VERSION)).problems) == []
    found = told(check(asked(Path(), "a\nb==2"), [], a_venv(WRONG_VERSION)).problems)
    assert [each.rpartition(" ")[2] for each in found] == ["[contradiction]", "[unmet-dependency]"]


def test_what_a_siblings_line_replaces_is_told_as_that() -> None:
    family = [asked(Path("../news"), "a==2")]
    found = told(check(asked(Path(), "a\nb==2"), family, a_venv(WRONG_VERSION)).problems)
    assert found == [
        "requirements.txt:1: `a` is needed together with `a==2` of ../news/requirements.txt:1, but `1` is installed [wrong-version]",
        LACKS,
    ]
    led_to = {**WRONG_VERSION, "x 1": ["a"]}
    found = told(check(asked(Path(), "x"), family, a_venv(led_to)).problems)
    assert [each.rpartition(" ")[2] for each in found] == ["[unmet-dependency]"] * 2


def test_a_constraint_on_what_a_sibling_has_not_makes_nothing_wrong() -> None:
    family = [asked(Path("../news"), "-c c.txt", included={"c.txt": "a==2"})]
    found = told(check(asked(Path(), "a\nb==2"), family, a_venv(WRONG_VERSION)).problems)
    assert [each.rpartition(" ")[2] for each in found] == ["[contradiction]", "[unmet-dependency]"]
