"""What each test here starts from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.requirements.readers.reading import ENVIRON, OUTSIDE, PROJECT
from tests.trees import build


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dev = build({"outside": OUTSIDE}, tmp_path_factory.mktemp("my dev"))
    return build(PROJECT, dev / "project")


@pytest.fixture(autouse=True)
def here(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
