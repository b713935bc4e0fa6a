"""A project, as the working directory, for what is compared without a venv on disk."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def in_project(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (dev / "dr").mkdir()
    monkeypatch.chdir(dev / "dr")
