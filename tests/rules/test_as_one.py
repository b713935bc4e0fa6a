"""A file of which nothing is installed is one finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.report import Note
from hooks.rules.mismatch import Told, as_one
from tests.rules.compared import asked

pytestmark = pytest.mark.usefixtures("in_project")


def test_three_of_three_are_one_and_other_findings_stay() -> None:
    required = asked(Path(), "a\nb\nc").required
    missing = [
        Told(each.path, each.line, "not installed", "not-installed", each.name or "", each)
        for each in required
    ]
    other = Told("requirements.txt", 1, "another version", "wrong-version", "a", required[0])
    note = Note("n")
    what = "asks for 3 distributions, and none of them is installed"
    one = missing[0]._replace(what=what, subject="")
    assert list(as_one([other, *missing, note], required)) == [other, one, note]
    for few in [[], missing[:2]]:
        assert list(as_one([*few, other, note], required)) == [*few, other, note]


def test_three_of_four_are_three() -> None:
    required = asked(Path(), "a\nb\nc\nd").required
    missing = [
        Told(each.path, each.line, "not installed", "not-installed", each.name or "", each)
        for each in required[:3]
    ]
    assert list(as_one(missing, required)) == missing
