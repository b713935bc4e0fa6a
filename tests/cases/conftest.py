"""Each case starts from a whole and healthy family."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.family import Family


@pytest.fixture
def family(tmp_path: Path) -> Family:
    return Family(tmp_path / "dev")
