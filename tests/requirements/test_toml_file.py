"""What is said of a TOML file as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.problems import Problem
from hooks.requirements.toml_file import read_toml


def test_merge_markers_in_a_toml_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text("[project]\n<<<<<<< HEAD\nname = 'x'\n=======\n>>>>>>> x\n")
    told = read_toml("pyproject.toml")
    assert isinstance(told, Problem)
    assert (told.path, told.line, told.rule) == ("pyproject.toml", 2, "conflict-markers")
