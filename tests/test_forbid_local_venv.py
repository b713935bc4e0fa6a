"""The door of forbid-local-venv; what it judges is in `tests/rules`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hooks.forbid_local_venv import main
from tests.trees import git, make_venv, said_whole

TARGET = "--target=../owner/venv"
FIX = "test ! -e ../member.venv.old && mv -n .venv ../member.venv.old"
SAYS = (
    ".venv: is a local venv, but `../owner/venv` is the one that this project shares;"
    " it has no distribution that the shared one lacks [local-venv]\n"
)


@pytest.fixture
def member(dev: Path) -> Path:
    git(dev, "init", "--quiet", "member")
    (dev / "member" / "venv").symlink_to("../owner/venv")
    make_venv(dev / "owner" / "venv")
    return dev / "member"


def test_passes_silently(member: Path) -> None:
    assert said_whole(main, member, TARGET) == (0, "")


def test_forbids(member: Path) -> None:
    make_venv(member / ".venv")
    assert said_whole(main, member, TARGET) == (1, f"{SAYS}  fix: {FIX}\n")
    assert said_whole(main, member, TARGET, "--allow=.venv") == (0, "")


def test_what_is_ignored_is_a_note(member: Path) -> None:
    make_venv(member / ".venv")
    status, output = said_whole(main, member, TARGET, "--ignore=local-venv:.venv")
    assert (status, output) == (0, f"note: {SAYS[:-1]} (ignored)\n")


def test_from_a_folder_below_git_prefix_is_gone_back(
    member: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_venv(member / ".venv")
    monkeypatch.setenv("GIT_PREFIX", "src/")
    assert said_whole(main, member, TARGET).output == f"{SAYS}  fix: (cd -P .. && {FIX})\n"


def test_a_checkout_of_files_is_passed_unlooked_at(
    member: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_venv(member / ".venv")
    monkeypatch.setenv("PRE_COMMIT_CHECKOUT_TYPE", "0")
    assert said_whole(main, member, TARGET) == (0, "")
    monkeypatch.setenv("PRE_COMMIT_CHECKOUT_TYPE", "1")
    assert said_whole(main, member, TARGET).status == 1


def test_is_started_as_a_module(member: Path) -> None:
    make_venv(member / ".venv")
    ran = subprocess.run(
        [sys.executable, "-m", "hooks.forbid_local_venv", TARGET], cwd=member,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout.partition("  fix")[0], ran.stderr) == (1, SAYS, "")


def test_no_working_directory(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = dev / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SystemExit) as ended:
        main([TARGET])
    assert ended.value.code == 2


def test_an_unknown_option_ends_with_status_2(member: Path) -> None:
    assert said_whole(main, member, "--frobnicate").status == 2
