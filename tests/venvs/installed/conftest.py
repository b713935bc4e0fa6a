"""What each test here starts from."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def project(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory; the user has no packages of their own."""
    folder = dev / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONUSERBASE", str(dev / "no user base"))
    return folder
