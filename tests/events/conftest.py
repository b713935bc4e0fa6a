"""The family, built once for all tests of a worker and put back before each."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.events.family import MODES, Family
from tests.events.index import served


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Family]:
    base = tmp_path_factory.mktemp("events").resolve()
    with served(base / "index") as url:
        family = Family(base, url)
        try:
            family.build()
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"the Python of these tests cannot be copied: {error}")
        yield family


@pytest.fixture
def family(built: Family) -> Family:
    """The family of four, as it should be; what a commit runs is `check-shared-venv`."""
    built.restore()
    return built


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest, family: Family) -> str:
    """What a commit runs."""
    family.mode = str(request.param)
    return family.mode
