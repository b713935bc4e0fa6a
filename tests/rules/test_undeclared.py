"""What is installed though nobody asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from hooks.rules.undeclared import Root, roots, undeclared
from tests.rules.compared import Installed, a_venv, asked

pytestmark = pytest.mark.usefixtures("in_project")


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


ROOTS = [
    pytest.param({"a 1": []}, [Root("a", 0, 0)], id="one"),
    pytest.param({"a 1": ["b", "c"], "b 1": ["c"], "c 1": []}, [Root("a", 2, 0)], id="a tree"),
    pytest.param({"b 1": ["a"], "a 1": ["b"]}, [Root("a", 1, 0)], id="a circle"),
    pytest.param(
        {"a 1": ["c", "d"], "b 1": ["c"], "c 1": [], "d 1": []},
        [Root("a", 1, 1), Root("b", 0, 0)],
        id="two that share one",
    ),
    pytest.param({"a 1": ["b; extra == 'x'"], "b 1": []}, [Root("a", 0, 0), Root("b", 0, 0)],
                 id="an extra that nobody asks for"),
]  # fmt: skip


@pytest.mark.parametrize(("installed", "expected"), ROOTS)
def test_roots(installed: Installed, expected: Sequence[Root]) -> None:
    venv = a_venv(installed)
    assert roots(sorted(venv.distributions), venv) == expected
