"""What stands in for the shared venv."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.project.project import read_project
from hooks.project.shared_venv import is_fallback
from tests.trees import build


def test_the_fallback_is_judged_in_one_place(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build({"news": {}}, dev)
    monkeypatch.chdir(dev / "news")
    assert not is_fallback(read_project("venv", None, {}), "venv")
    assert not is_fallback(read_project("venv", "../dr-daily-report/venv", {}), "other")
