"""What others could write to, and modes that are the mount's and nobody's doing."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.family import PASSED, Family, site_packages
from tests.cases.kinds import kind

LINK = "check-venv-symlink"
ALL = "check-shared-venv"


def add_mode(mode: str, *paths: Path) -> None:
    """As `chmod` does it, which changes no link."""
    subprocess.run(["chmod", *mode.split(), *map(str, paths)], check=True)


def open_to_others(folder: Path) -> list[str]:
    """What in this folder every user may write to."""
    every = [folder, *folder.rglob("*")]
    return [
        str(each) for each in every if not each.is_symlink() and each.stat().st_mode & stat.S_IWOTH
    ]


# Modes that are nobody's fault: at most a note.


def as_it_is_made(family: Family) -> None:
    pass


def projects_folder_is_as_open(family: Family) -> None:
    """All of a mount of WSL's, of vfat, of a shared folder is 777."""
    add_mode("-R 777", family.dev)


def owners_folder_is_as_open(family: Family) -> None:
    add_mode("-R 777", family.owner)


def closed_to_all_others(family: Family) -> None:
    """A umask of 077."""
    add_mode("-R go-rwx", family.dev)


def open_for_the_user_alone(family: Family) -> None:
    add_mode("-R u+w", family.dev)


def a_cache_that_all_may_fill(family: Family) -> None:
    """Nothing is run from there."""
    (family.venv / "share" / "cache").mkdir()
    add_mode("777", family.venv / "share" / "cache")


def with_a_sticky_bit_above(family: Family) -> None:
    """The family lies in a folder like `/tmp`."""
    add_mode("1777", family.dev)


@pytest.mark.parametrize(
    "state",
    [
        as_it_is_made,
        projects_folder_is_as_open,
        owners_folder_is_as_open,
        closed_to_all_others,
        open_for_the_user_alone,
        a_cache_that_all_may_fill,
        with_a_sticky_bit_above,
    ],
)
@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("modes that the mount makes up")
def test_modes_that_are_nobodys_fault(
    family: Family, state: Callable[[Family], None], hook: str
) -> None:
    state(family)
    for project in [family.member, family.owner]:
        said = family.hook(hook, folder=project)
        assert (said.status, said.findings) == (0, [])
        assert bool(said.notes) == ("as_open" in state.__name__)


# What others can write to is closed, all of it, by one paste.


def all_of_it(family: Family) -> None:
    """What is advised for "Permission denied"."""
    add_mode("-R 777", family.venv)


def the_folder_itself(family: Family) -> None:
    add_mode("o+w", family.venv)


def the_scripts(family: Family) -> None:
    add_mode("o+w", family.venv / "bin")


def the_activation(family: Family) -> None:
    add_mode("o+w", family.venv / "bin" / "activate")


def the_mark(family: Family) -> None:
    add_mode("o+w", family.venv / "pyvenv.cfg")


def the_library(family: Family) -> None:
    add_mode("o+w", family.venv / "lib")


def the_librarys_version(family: Family) -> None:
    add_mode("o+w", site_packages(family.venv).parent)


def the_packages(family: Family) -> None:
    add_mode("o+w", site_packages(family.venv))


def packages_and_what_is_in_them(family: Family) -> None:
    add_mode("-R o+w", site_packages(family.venv))


@pytest.mark.parametrize(
    "state",
    [
        all_of_it,
        the_folder_itself,
        the_scripts,
        the_activation,
        the_mark,
        the_library,
        the_librarys_version,
        the_packages,
        packages_and_what_is_in_them,
    ],
)
@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("all that others can write to is closed")
def test_what_others_can_write_to_is_told_and_closed(
    family: Family, state: Callable[[Family], None], hook: str
) -> None:
    interpreter = os.stat(family.venv / "bin" / "python").st_mode
    state(family)
    rounds = family.follow(hook)
    assert set(rounds[0].rules) == {"open-to-others"}
    assert rounds[-1] == PASSED
    assert open_to_others(family.venv) == []
    assert os.stat(family.venv / "bin" / "python").st_mode == interpreter, "behind a link"


@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("all that others can write to is closed")
def test_one_cause_is_told_once(family: Family, hook: str) -> None:
    all_of_it(family)
    assert family.hook(hook).rules == ["open-to-others"]


@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("all that others can write to is closed")
def test_what_belongs_to_another_user_gets_no_command(family: Family, hook: str) -> None:
    """`chown` would flip between two users for ever."""
    if os.geteuid():
        pytest.skip("only root can give a file to another user")
    subprocess.run(["chown", "-R", "65534", str(family.venv)], check=True)
    said = family.hook(hook)
    assert (said.status, said.commands) == (1, [])
    assert set(said.rules) == {"foreign-owner"}
