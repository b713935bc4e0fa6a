"""An error that passes says nothing of the venv: told, and nothing is advised."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from hooks.check_venv_symlink import main
from hooks.venvs.health import Fault, read_health
from tests.faults import failing
from tests.trees import git, make_venv, said_whole

TRUSTED = frozenset({0, Path("/").stat().st_uid, Path.home().stat().st_uid})


@pytest.fixture
def venv(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(dev, "init", "--quiet", "member")
    make_venv(dev / "owner" / "venv")
    (dev / "member" / "venv").symlink_to("../owner/venv")
    monkeypatch.chdir(dev / "member")
    return dev / "owner" / "venv"


PASSING = [
    pytest.param("venv/bin", errno.EMFILE, ["open"], "bin", id="a folder"),
    pytest.param("venv/pyvenv.cfg", errno.EIO, ["open"], "pyvenv.cfg", id="pyvenv.cfg"),
    pytest.param("bin/activate", errno.EIO, ["open"], "bin/activate", id="activate"),
    pytest.param("site-packages", errno.ESTALE, ["stat"], "site-packages", id="the library"),
]


@pytest.mark.parametrize(("path", "number", "calls", "told"), PASSING)
def test_it_could_not_be_looked_at(
    path: str,
    number: int,
    calls: list[str],
    told: str,
    venv: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failing(monkeypatch, path, number, *calls)
    faults: list[Fault] = read_health(str(venv), TRUSTED).faults
    assert [(each.path.endswith(told), each.is_passing) for each in faults] == [(True, True)]
    assert "could not be looked at" in faults[0].what
    said = said_whole(main, venv.parents[1] / "member", "--target=../owner/venv")
    assert said.status == 1
    assert "  fix: " not in said.output


def test_the_interpreter_could_not_be_looked_at(
    venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = (venv / "bin" / "python").readlink().as_posix()
    failing(monkeypatch, real, errno.EIO, "stat")
    assert any(each.is_passing for each in read_health(str(venv), TRUSTED).faults)
    failing(monkeypatch, real, errno.EACCES, "stat")
    faults = read_health(str(venv), TRUSTED).faults
    assert any(each.is_denied or each.is_passing for each in faults)


def test_the_link_could_not_be_looked_at(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "venv", errno.ESTALE, "lstat")
    assert said_whole(main, venv.parents[1] / "member", "--target=../owner/venv") == (
        1,
        "venv: could not be looked at (Stale file handle) [venv-unreadable]\n",
    )


def test_the_target_could_not_be_looked_at(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    member = venv.parents[1] / "member"
    says = "../owner/venv: could not be looked at (Input/output error) [venv-unreadable]\n"
    with monkeypatch.context() as inner:
        failing(inner, "owner/venv", errno.EIO, "stat")
        assert said_whole(main, member, "--target=../owner/venv") == (1, says)
    (member / "venv").unlink()
    make_venv(member / "venv")
    failing(monkeypatch, "owner/venv", errno.EIO, "stat")
    assert said_whole(main, member, "--target=../owner/venv") == (1, says)


def test_modes_that_cannot_be_looked_at_say_nothing(
    venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (venv / "bin").chmod(0o777)
    failing(monkeypatch, "bin/activate", errno.EIO, "lstat")
    failing(monkeypatch, str(venv.parent), errno.EIO, "stat")
    assert [each.rule for each in read_health(str(venv), TRUSTED).faults] == ["open-to-others"]


def test_modes_that_the_mount_makes_up_are_a_note(venv: Path) -> None:
    """All is open, the project's own folder as well: chmod would change nothing there."""
    for folder in [venv, venv / "bin", Path()]:
        folder.chmod(0o777)
    health = read_health(str(venv), TRUSTED)
    assert health.faults == []
    assert [each.what for each in health.notes] == [
        f"{venv} can be written to by every user, as can the folder that it is in"
    ]
