"""Where something may not be read or written, or cannot be for now: what is said, and advised."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from tests.faults import failing
from tests.rules.link.states import MEMBER, OWNER, whole
from tests.trees import Executable, build, make_venv, paste

# What is broken, in whose folder nothing may be written, where the hook runs, and what it says.
CLOSED = {
    "a member without a link": (
        "rm venv",
        MEMBER,
        MEMBER,
        "venv: is missing: it should be a link to `../dr-daily-report/venv`;"
        " it cannot be put there by you [link-missing]\n",
    ),
    "a member's link that dangles": (
        "rm -r ../dr-daily-report && git remote add origin https://a/b",
        MEMBER,
        ".",
        "venv: leads to `../dr-daily-report/venv`, but the owner `../dr-daily-report` is not there:"
        " clone it, or use a local venv meanwhile; it cannot be put there by you [owner-missing]\n"
        "  fix: rm -f venv && python3 -I -m venv venv\n",
    ),
    "an owner of somebody else": (
        "rm -r ../dr-daily-report/venv",
        MEMBER,
        OWNER,
        "venv: leads to `../dr-daily-report/venv`, but the owner `../dr-daily-report` has no venv"
        " there; it cannot be put there by you [venv-missing]\n"
        "  fix: rm -f venv && python3 -I -m venv venv\n",
    ),
    "an owner's link of somebody else": (
        "rm -r ../dr-daily-report/venv && ln -s gone ../dr-daily-report/venv",
        MEMBER,
        OWNER,
        "venv: leads to `../dr-daily-report/venv`, but `../dr-daily-report/venv` is a link to `gone`,"
        " which is missing; it cannot be put there by you [venv-missing]\n",
    ),
    "the owner": (
        "rm -r ../dr-daily-report/venv",
        OWNER,
        OWNER,
        "venv: is missing, but this project is the owner: the real shared venv belongs there;"
        " it cannot be put there by you [venv-missing]\n",
    ),
}


@pytest.mark.parametrize(("broken", "project", "closed", "says"), CLOSED.values(), ids=CLOSED)
def test_where_nothing_may_be_written_no_command_says_so(
    broken: str,
    project: str,
    closed: str,
    says: str,
    family: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paste(broken, family / MEMBER)
    access, folder = os.access, family / closed

    def asked(path: str, mode: int) -> bool:
        is_there = folder.samefile(path) if os.path.exists(path) else False
        return not (mode & os.W_OK and is_there) and access(path, mode)

    monkeypatch.setattr(os, "access", asked)
    assert whole(family / project) == (1, says)


def test_what_only_another_may_change_is_said(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (family / OWNER / "venv" / "bin" / "activate").unlink()
    access = os.access

    def asked(path: str, mode: int) -> bool:
        return not (mode == os.W_OK and str(path).endswith("/venv")) and access(path, mode)

    monkeypatch.setattr(os, "access", asked)
    assert whole(family / MEMBER) == (
        1,
        "../dr-daily-report/venv/bin/activate: is missing; only another user may change that"
        " [activation-elsewhere]\n",
    )


def test_a_local_venv_that_cannot_be_moved(family: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (family / MEMBER / "venv").unlink()
    make_venv(family / MEMBER / "venv")
    failing(monkeypatch, f"{MEMBER}/venv", 5, "lstat")
    said = whole(family / MEMBER)
    assert "it cannot be moved aside from here [local-venv]\n" in said.output
    assert "fix" not in said.output


def test_what_could_not_be_looked_at_is_nobodys_to_change(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and access(path, mode))
    failing(monkeypatch, "bin/activate", errno.EIO, "open")
    assert "only another user may change that" not in whole(family / MEMBER).output


def test_a_base_python_that_this_user_cannot_reach(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = os.path.realpath(family / OWNER / "venv" / "bin" / "python")
    failing(monkeypatch, python, 13, "stat")
    said = whole(family / MEMBER)
    assert "cannot be reached by you (Permission denied) [python-missing]" in said.output
    assert "fix" not in said.output


def test_an_error_that_passes_beside_a_fault(family: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is advised while a part of the venv cannot be looked at."""
    activate = family / OWNER / "venv" / "bin" / "activate"
    build({"dr": Executable("#!/gone/venv/bin/python\n")}, activate.parent)
    failing(monkeypatch, "bin/activate", 5, "open")
    said = whole(family / MEMBER)
    assert said.output.count("\n") == 2
    assert "fix" not in said.output


def test_an_error_that_passes_beside_a_library_that_is_gone(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv = family / OWNER / "venv"
    subprocess.run(["rm", "-r", venv / "lib"], check=True)
    failing(monkeypatch, os.path.realpath(venv / "bin" / "python"), 5, "stat")
    said = whole(family / MEMBER)
    assert said.output.count("\n") == 2
    assert "fix" not in said.output
