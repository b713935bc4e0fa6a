"""What the user has to install with, and what a command cannot be made to say."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from hooks.fixes.install import install_project
from hooks.fixes.installer import Installer, find_installer, of_line, seen_from
from hooks.requirements.sources import Source, read_defaults
from tests.families import a_member, said
from tests.trees import Symlink, build, make_venv, paste


def only_source(folder: Path) -> Source:
    [source] = read_defaults(os.path.relpath(folder))
    return source


def test_a_path_is_as_it_is_written_and_from_elsewhere_as_it_is(
    dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build({"far": {"r.txt": ""}, "news": {"near": Symlink("../far")}}, dev)
    monkeypatch.chdir(dev / "news")
    assert seen_from(".", "near/r.txt") == "near/r.txt"
    assert seen_from("../far", "near/r.txt") == "r.txt"


def test_pip_goes_before_uv(uv_of_the_user: Path, venv_with_pip: Path) -> None:
    assert uv_of_the_user.exists()
    assert find_installer(str(venv_with_pip)) == Installer(str(venv_with_pip), "pip", True)


def test_uv_of_the_user_installs_where_there_is_no_pip(uv_of_the_user: Path, dev: Path) -> None:
    assert uv_of_the_user.exists()
    make_venv(dev / "venv")
    (dev / "link").symlink_to("venv")
    assert find_installer(str(dev / "link")) == Installer(str(dev / "venv"), "uv", True)


def test_uv_of_the_hooks_environment_is_not_the_users(
    dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runners put the environment of a hook on PATH, first."""
    make_venv(dev / "venv")
    monkeypatch.setenv("PATH", os.pathsep.join(["", os.path.join(sys.prefix, "bin"), "/usr/bin"]))
    installer = find_installer(str(dev / "venv"))
    assert installer == Installer(str(dev / "venv"), "ensurepip", False)


def test_pip_is_added_where_there_is_nothing_else(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = build({"requirements.txt": "-e .\n"}, dev / "dr-daily-report")
    (owner / "setup.py").write_text("")
    make_venv(owner / "venv")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.chdir(owner)
    python = "'DEV/dr-daily-report/venv/bin/python'"
    line = f"{python} -m ensurepip && {python} -m pip install -r requirements.txt"
    assert said(capsys)[1].endswith(f"  fix: {line}\n")
    paste(line.partition(" && ")[0].replace("DEV", str(dev)) + " >/dev/null", owner)
    assert said(capsys)[1].endswith(f"  fix: {python} -m pip install -r requirements.txt\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_who_may_not_write_gets_no_command(dev: Path) -> None:
    make_venv(dev / "venv")
    (dev / "venv" / "bin").chmod(0o555)
    assert find_installer(str(dev / "venv")) == "nothing can be written to it: it is read-only here"
    assert install_project(str(dev / "venv"), ".") is None


TORN = [
    ("--index-url https://e.org/simple\na\n", None),
    ("--no-index\n--find-links wheels\na\n", None),
    ("-c c.txt\na\n", None),
    (f"a==1 --hash=sha256:{'0' * 64}\n", None),
    ("a==${VERSION}\n", None),
    ("a @ https://me:s3cret@e.org/a.zip\n", None),
    ("a @ https://e.org/a.zip?token=s3cret\n", None),
    ("-e git+https://e.org/lib?token=s3cret#egg=lib\n", None),
    ("a[x] >= 1 ; python_version > '3'\n", ("a[x]>=1",)),
    ("-e ../lib\n", ("-e", "../lib")),
    ("--index-url https://e.org/simple\n../lib[x]\n", ("../lib[x]",)),
    ("lib @ https://e.org/lib.zip\n", ("lib @ https://e.org/lib.zip",)),
    ("-e git+https://e.org/lib#egg=lib\n", ("-e", "git+https://e.org/lib#egg=lib")),
]


@pytest.mark.parametrize(("text", "words"), TORN)
def test_nothing_is_torn_from_what_its_file_says_of_it(
    text: str, words: tuple[str, ...] | None, dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERSION", "1")
    build({"lib/setup.py": "", "dr": {"requirements.txt": text, "c.txt": "b<2"}}, dev)
    monkeypatch.chdir(dev / "dr")
    source = only_source(dev / "dr")
    required = next(each for each in source.read.required if not each.constraint)
    argument = of_line(required, source, ".")
    assert (argument and argument.words) == words


def test_no_command_takes_anything_away(dev: Path) -> None:
    """What an installer can be told is to install, and to install anew."""
    methods = {name for name in vars(Installer) if not name.startswith("_")}
    assert methods >= {"install", "replace"}
    source = Path(sys.modules[Installer.__module__].__file__ or "").read_text()
    assert not re.search(r"\"(uninstall|rm|--clear|sync)\"", source)
    assert install_project(str(make_venv(dev / "venv")), "-odd") is not None


def test_a_conflict_leaves_a_file_with_an_index_out(
    owner: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (owner / "requirements.txt").write_text("aaa==1.0\n")
    text = "--index-url https://e.org/simple\naaa==2.0\ncorp-secret-lib==1.4\n"
    monkeypatch.chdir(a_member(owner, "news", {"requirements.txt": text}))
    assert said(capsys) == (
        1,
        "requirements.txt:2: `aaa==2.0` contradicts `aaa==1.0` of"
        " ../dr-daily-report/requirements.txt:1: one of them has to change [conflict]\n"
        "requirements.txt:3: `corp-secret-lib==1.4` is required, but not installed"
        " [not-installed]\n"
        "note: requirements.txt is left out of the command: its lines go only together, as it"
        " says where they come from\n",
    )


def test_beside_a_conflict_a_secret_is_in_no_command(
    owner: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (owner / "requirements.txt").write_text("aaa==1.0\n")
    text = "aaa==2.0\nbbb @ https://e.org/bbb.zip?token=s3cret\nccc\n"
    monkeypatch.chdir(a_member(owner, "news", {"requirements.txt": text}))
    masked = "`bbb @ https://e.org/bbb.zip?token=****`"
    assert said(capsys)[1].partition("\n")[2] == (
        f"requirements.txt:2: {masked} is required, but not installed [not-installed]\n"
        "requirements.txt:3: `ccc` is required, but not installed [not-installed]\n"
        "  fix: uv pip install --python 'DEV/dr-daily-report/venv' ccc\n"
        f"note: requirements.txt is left out of the command: {masked} holds what is not printed\n"
    )
