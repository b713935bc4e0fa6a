"""Files that declare dependencies, and that are not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.requirements.unread import unread


def test_a_setup_cfg_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("setup.cfg").write_text("install_requires = x\n")
    assert unread("setup.cfg") is not None
    Path("setup.cfg").write_text("anything = x\n")
    assert unread("setup.cfg") is None
