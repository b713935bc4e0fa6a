"""Only what this user may change is changed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from hooks.fixes.permissions import close_to_others, let_run, open_to_user
from tests.packages import run
from tests.trees import paste


def test_a_venv_is_closed_to_others_down_to_its_files(dev: Path) -> None:
    (dev / "venv" / "bin").mkdir(parents=True)
    (dev / "venv" / "bin").chmod(0o777)
    line = close_to_others(str(dev / "venv"))
    assert line is not None
    paste(line, dev)
    assert (dev / "venv" / "bin").stat().st_mode & 0o777 == 0o775


def test_a_folder_and_a_file_are_opened(dev: Path) -> None:
    (dev / "file").touch()
    assert open_to_user(str(dev)) == f"chmod u+rx '{dev}'"
    assert open_to_user(str(dev / "file")) == f"chmod u+r '{dev}/file'"
    assert let_run(str(dev / "file")) == (f"chmod +x '{dev}/file'",)


def test_what_is_gone_is_not_ours(dev: Path) -> None:
    assert close_to_others(str(dev / "gone")) is None
    assert open_to_user(str(dev / "gone")) is None
    assert let_run(str(dev / "gone")) == ()


def test_what_we_closed_ourselves_is_ours(dev: Path, without_privileges: list[str]) -> None:
    """Also root's, without its capabilities: then whose it is decides, as for everybody."""
    (dev / "file").touch(0)
    code = (
        "import sys; from hooks.fixes.permissions import open_to_user as line; print(line('file'))"
    )
    assert run(*without_privileges, sys.executable, "-c", code, directory=dev) == "chmod u+r file\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may change everything")
def test_what_belongs_to_root_is_not_ours() -> None:
    assert close_to_others("/usr/bin") is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_root_may_change_what_belongs_to_others(dev: Path) -> None:
    (dev / "file").touch()
    os.chown(dev / "file", 65534, 65534)
    assert let_run(str(dev / "file")) == (f"chmod +x '{dev}/file'",)
