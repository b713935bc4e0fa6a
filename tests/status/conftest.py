"""What is shown is shown to a user with git and one Python, in whose shell nothing is activated."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.status.family import make_family


@pytest.fixture(autouse=True)
def shell(users_shell: Path) -> Path:
    return users_shell


@pytest.fixture
def family(dev: Path) -> Path:
    return make_family(dev)
