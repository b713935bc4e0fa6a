"""What each test here starts from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.link.states import (
    MEMBER,
    OWNER,
)
from tests.trees import git, make_venv


@pytest.fixture
def family(dev: Path) -> Path:
    """Owner, member and sibling as the guide draws them; returns their folder."""
    for name in [OWNER, MEMBER, "dr-daily-report_media"]:
        git(dev, "init", "--quiet", name)
        if name != OWNER:
            (dev / name / "venv").symlink_to("../dr-daily-report/venv")
    make_venv(dev / OWNER / "venv")
    return dev
