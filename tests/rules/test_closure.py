"""What requirements lead to, over what is installed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from hooks.rules.closure import Graph, Way
from hooks.rules.in_sync import check
from tests.rules.compared import Installed, a_venv, asked, told

pytestmark = pytest.mark.usefixtures("in_project")


def test_a_long_chain_is_walked_to_its_end() -> None:
    venv = a_venv({f"a{n} 1": [f"a{n + 1}"] for n in range(3000)})
    closure = Graph(venv).walk(asked(Path(), "a0").required)
    assert len(closure.reached) == 3000
    assert [gap.dependency.name for gap in closure.demands] == ["a3000"]
    assert len(closure.demands[0].way.labels()) == 3000
    assert told(check(asked(Path(), "a0"), [], venv).problems) == [
        "requirements.txt:1: `a2999` needs `a3000` (`a0` → `a1` → `a2` → `a3` → … → `a2997` →"
        " `a2998` → `a2999` → `a3000`), but it is not installed [unmet-dependency]"
    ]


OVERRIDES = [
    pytest.param("numlib>=2", {"tight 1": ["numlib<2"], "numlib 2.1": []}, [], id="a decision"),
    pytest.param(
        "numlib; python_version < '3'", {"tight 1": ["numlib"]}, [],
        id="one that takes a dependency away",
    ),
    pytest.param(
        "numlib>=3", {"tight 1": ["numlib<2"], "numlib 2.1": []},
        ["requirements.txt:1: `tight` needs `numlib>=3`, but `2.1` is installed [unmet-dependency]"],
        id="one that is not met",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("override", "installed", "expected"), OVERRIDES)
def test_overrides(override: str, installed: Installed, expected: Sequence[str]) -> None:
    """uv's stand for whatever is wanted of a name."""
    overrides = asked(Path("../elsewhere"), override).required
    own = asked(Path(), "tight")._replace(overrides=overrides)
    assert told(check(own, [], a_venv(installed)).problems) == expected


def test_an_override_stands_for_a_line_as_well() -> None:
    overrides = asked(Path("../elsewhere"), "a==2").required
    own = asked(Path(), "a[x]==1")._replace(overrides=overrides)
    venv = a_venv({"a 2": ["b; extra == 'x'"]})
    assert told(check(own, [], venv).problems) == [
        "../elsewhere/requirements.txt:1: `a[x]` needs `b`, but it is not installed"
        " [unmet-dependency]"
    ]


def test_a_constraint_declares_nothing() -> None:
    own = asked(Path(), "a\n-c c.txt", included={"c.txt": "b==1"})
    assert told(check(own, [], a_venv({"a 1": [], "b 1": ["c"]})).problems) == []
    assert told(check(own, [], a_venv({"a 1": ["b"]})).problems) == [
        "requirements.txt:1: `a` needs `b`, but it is not installed [unmet-dependency]"
    ]


@pytest.mark.parametrize(
    ("text", "is_firm"),
    [
        ("a==1", True),
        ("a @ https://e.org/a.zip", True),
        ("a", False),
        ("a>=1", False),
        ("a==1.*", False),
        ("a==1,!=2", False),
    ],
)
def test_where_no_installer_could_go_another_way(text: str, is_firm: bool) -> None:
    [line] = asked(Path(), text).required
    way = Way(line, "a", None)
    assert way.is_firm is is_firm
    assert not Way(line, "b", way).is_firm


def test_extras_that_what_is_installed_has_and_has_not() -> None:
    venv = a_venv({"a 1": ["b; extra == 'In.Markers'"], "b 1": []})
    declared = venv.distributions["a"]._replace(extras=("Declared",))
    venv = venv._replace(distributions={**venv.distributions, "a": declared})
    found = check(asked(Path(), "a[declared,in_markers]\na[x,y]"), [], venv)
    assert told(found.problems) == []
    assert [each.what for each in found.notes] == [
        "requirements.txt:2: `a==1` has none of the extras `x`, `y`"
    ]


NOTHING_THERE = [
    pytest.param("a\nb", ["1: `a` is required, but not installed",
                          "2: `b` is required, but not installed"], id="two of two"),
    pytest.param("\na\nb\nc", ["2: asks for 3 distributions, and none of them is installed"],
                 id="three of three"),
    pytest.param("a\na\nb\nc; python_version < '3'", [
        "1: `a` is required, but not installed", "3: `b` is required, but not installed"],
        id="two, one of them twice, and one for another Python"),
    pytest.param("a\nb\nc\nthere", [f"{n}: `{x}` is required, but not installed"
                                    for n, x in [(1, "a"), (2, "b"), (3, "c")]], id="not all"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NOTHING_THERE)
def test_where_nothing_is_installed(text: str, expected: Sequence[str]) -> None:
    found = told(check(asked(Path(), text), [], a_venv({"there 1": []})).problems)
    assert found == [f"requirements.txt:{each} [not-installed]" for each in expected]
