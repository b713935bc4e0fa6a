"""What the rules' tests start from: a working directory alone, or a family of two."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.projects import MEMBER, OWNER
from tests.trees import git, make_venv


@pytest.fixture
def in_project(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project, as the working directory, for what is compared without a venv on disk."""
    (dev / "dr").mkdir()
    monkeypatch.chdir(dev / "dr")


@pytest.fixture
def family(dev: Path) -> Path:
    """Owner and member; the member's link is there and ignored."""
    for name in [OWNER, MEMBER]:
        git(dev, "init", "--quiet", name)
        (dev / name / ".gitignore").write_text("/venv\n")
        (dev / name / "app.py").write_text("")
        git(dev / name, "add", "--all")
    (dev / MEMBER / "venv").symlink_to("../dr-daily-report/venv")
    make_venv(dev / OWNER / "venv")
    return dev
