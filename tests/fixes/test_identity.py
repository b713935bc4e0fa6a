"""One line makes a venv say where it is: really moved, really pasted, packages kept."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hooks.fixes.identity import mend_identity
from hooks.venvs.health import Fault, read_health
from tests.trees import Executable, build, make_venv

TRUSTED = frozenset({0, os.geteuid()})
SHELLS = [shell for shell in ["bash", "zsh", "dash"] if shutil.which(shell)]


def health(venv: Path) -> list[str]:
    return [fault.rule for fault in read_health(str(venv), TRUSTED).faults]


def line_for(venv: Path) -> str | None:
    return mend_identity(str(venv), read_health(str(venv), TRUSTED).faults)


def paste(line: str, shell: str) -> None:
    subprocess.run([shell, "-c", line], check=True, capture_output=True)


def script(python: Path | str) -> Executable:
    text = str(python)
    if " " in text:
        return Executable(f"#!/bin/sh\n'''exec' \"{text}\" \"$0\" \"$@\"\n' '''\nprint('hello')\n")
    return Executable(f"#!{text}\nprint('hello')\n")


@pytest.mark.parametrize("shell", SHELLS)
def test_a_venv_that_was_moved(shell: str, dev: Path) -> None:
    old, venv = dev / "old" / "venv", dev / "owner" / "venv"
    make_venv(old)
    build(
        {"dr": script(old / "bin" / "python"), "it's": script(old / "bin" / "python3")}, old / "bin"
    )
    (old / "bin" / "activate").write_text((old / "bin" / "activate").read_text() + "# mine\n")
    kept = (old / "bin" / "activate").read_text()
    shutil.move(old, venv)
    assert health(venv) == ["activation-elsewhere", "scripts-elsewhere"]
    line = line_for(venv)
    assert line is not None
    paste(line, shell)
    assert health(venv) == []
    assert (venv / "bin" / "activate.old").read_text() == kept
    assert not [*venv.glob("bin/*.bak*")]
    for name in ["dr", "it's"]:
        assert subprocess.check_output([venv / "bin" / name]) == b"hello\n"
        assert (venv / "bin" / name).stat().st_mode & 0o111
    before = {path.name: path.read_bytes() for path in (venv / "bin").iterdir() if path.is_file()}
    subprocess.run([shell, "-c", line], check=False, capture_output=True)
    after = {path.name: path.read_bytes() for path in (venv / "bin").iterdir() if path.is_file()}
    assert after == before
    assert health(venv) == []


def test_scripts_of_all_kinds_in_one_line(dev: Path) -> None:
    venv = make_venv(dev / "owner" / "venv")
    (dev / "member").mkdir()
    (dev / "member" / "venv").symlink_to("../owner/venv")
    ways: dict[str, Path | str] = {
        "by_link": dev / "member" / "venv" / "bin" / "python",
        "by_way": f"{dev}/member/../owner/venv/bin/python",
        "gone": "/gone/venv/bin/python3",
    }
    build({name: script(python) for name, python in ways.items()}, venv / "bin")
    assert health(venv) == ["scripts-elsewhere"]
    line = line_for(venv)
    assert line is not None
    paste(line, "bash")
    assert health(venv) == []
    shutil.rmtree(dev / "member")
    for name in ways:
        assert subprocess.check_output([venv / "bin" / name]) == b"hello\n"


NAMES = ["my dev", "it's", "it's new", "R&D [x]", "a" * 120, "plain"]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("name", NAMES)
def test_a_venv_that_was_moved_where_the_kernel_may_not_read_its_path(
    name: str, shell: str, tmp_path: Path
) -> None:
    """The names in a plain first line are made what pip writes there; twice does no harm."""
    venv = tmp_path / name / "venv"
    make_venv(venv)
    build({"dr": script("/gone/bin/python"), "dr3": script("/gone/bin/python3")}, venv / "bin")
    line = line_for(venv)
    assert line is not None
    for _ in range(2):
        paste(line, shell)
        assert health(venv) == []
        for each in ["dr", "dr3"]:
            assert subprocess.check_output([venv / "bin" / each]) == b"hello\n"


def test_what_has_a_command_gets_it_though_another_has_none(dev: Path) -> None:
    venv = make_venv(dev / "old").rename(dev / "venv")
    build({"dr": Executable("#!/gone/bin/python -I\nprint('hello')\n")}, venv / "bin")
    line = line_for(venv)
    assert line is not None
    paste(line, "bash")
    assert health(venv) == ["scripts-elsewhere"]
    assert line_for(venv) is None


def test_what_a_shell_cannot_hold_gets_no_command(tmp_path: Path) -> None:
    venv = make_venv(tmp_path / "venv")
    build({"zipped": Executable("#!/gone/venv/bin/python\nPK\0\0")}, venv / "bin")
    assert health(venv) == ["scripts-elsewhere"]
    assert line_for(venv) is None


def test_what_sed_could_not_be_told_gets_no_command(tmp_path: Path) -> None:
    venv = make_venv(tmp_path / "venv")
    build({"dr": Executable("#!/gone\x01/venv/bin/python\nprint('hello')\n")}, venv / "bin")
    assert health(venv) == ["scripts-elsewhere"]
    assert line_for(venv) is None


@pytest.mark.parametrize("name", ["$HOME", "`x`", 'a"b', "a\\b"])
def test_what_an_old_venv_would_write_wrong_gets_no_command(name: str, dev: Path) -> None:
    venv = dev / name / "venv"
    make_venv(dev / "old")
    venv.parent.mkdir()
    shutil.move(dev / "old", venv)
    assert "activation-elsewhere" in health(venv)
    assert line_for(venv) is None


def test_a_dollar_that_no_name_follows_is_one(dev: Path) -> None:
    make_venv(dev / "old")
    (dev / "cash$").mkdir()
    shutil.move(dev / "old", dev / "cash$" / "venv")
    line = line_for(dev / "cash$" / "venv")
    assert line is not None
    paste(line, "bash")
    assert health(dev / "cash$" / "venv") == []


def test_nothing_is_wrong(tmp_path: Path) -> None:
    assert line_for(make_venv(tmp_path / "venv")) is None


def test_options_of_the_venv_are_kept(dev: Path) -> None:
    venv = make_venv(dev / "old")
    (venv / "pyvenv.cfg").write_text(
        (venv / "pyvenv.cfg").read_text().replace("= false", "= true") + "prompt = 'it'\n"
    )
    (dev / "owner").mkdir()
    shutil.move(venv, dev / "owner" / "venv")
    for name in ["activate", "activate.csh", "activate.fish", "Activate.ps1"]:
        (dev / "owner" / "venv" / "bin" / name).unlink()
    line = line_for(dev / "owner" / "venv")
    assert line is not None
    assert "mv" not in line
    assert "--without-pip --system-site-packages --prompt it " in line
    paste(line, "bash")
    assert health(dev / "owner" / "venv") == []


def test_what_was_kept_before_stays(dev: Path) -> None:
    old, venv = dev / "old" / "venv", dev / "owner" / "venv"
    make_venv(old)
    build({"activate.old": "the first"}, old / "bin")
    venv.parent.mkdir()
    old.rename(venv)
    line = line_for(venv)
    assert line is not None
    assert "mv -n activate 'activate.old~' " in line
    paste(line, "bash")
    assert (venv / "bin" / "activate.old").read_text() == "the first"
    assert health(venv) == []


def test_nothing_is_put_aside_for_a_python_that_is_nowhere(
    dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(dev))
    venv = dev / "venv"
    tree = {"pyvenv.cfg": "home = /gone\nversion = 3.7.1\n", "bin/activate": ""}
    build({**tree, "bin/python": Executable("")}, venv)
    assert mend_identity(str(venv), [Fault(4, "activate", "")]) is None
