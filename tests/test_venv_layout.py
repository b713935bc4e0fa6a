"""Health of venvs against the truth: what activating them and running scripts really gives."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hooks.venvs.health import read_health
from hooks.venvs.layout import parse_configuration, site_packages
from hooks.venvs.python import parse_version
from hooks.venvs.scripts import Interpreter, parse_activation, parse_interpreter
from tests.trees import Executable, Python, Symlink, build, make_venv, paste, pythons, tool

TRUSTED = frozenset({os.geteuid()})

# Pure parsing, as tables.

CONFIGURATIONS = [
    pytest.param("home = /usr/bin\nversion = 3.11.7\n", "3.11", id="venv"),
    pytest.param("home = /usr/bin\nversion_info = 3.11.7.final.0\n", "3.11", id="virtualenv"),
    pytest.param("home=/usr/bin\nversion_info=3.12\n", "3.12", id="uv with a minor link"),
    pytest.param("HOME = /a=b\nVersion = 3.13.0rc1\r\n", "3.13", id="upper case, `=` in a path"),
    pytest.param("home = /usr/bin\n", None, id="no version"),
    pytest.param("home = /usr/bin\nversion = three\n", None, id="a version that is none"),
    pytest.param("", None, id="empty"),
]


@pytest.mark.parametrize(("text", "version"), CONFIGURATIONS)
def test_the_version_in_a_configuration(text: str, version: str | None) -> None:
    assert parse_version(parse_configuration(text)) == version


def test_a_configuration_is_split_at_the_first_equals_sign() -> None:
    assert parse_configuration("home = /a=b\nno pair\nPrompt='x'") == {
        "home": "/a=b",
        "prompt": "'x'",
    }


ACTIVATIONS = [
    pytest.param('VIRTUAL_ENV="/o/venv"\nexport VIRTUAL_ENV', [(1, "/o/venv")], id="3.8 to 3.11"),
    pytest.param(
        'if [ x ]; then\n    export VIRTUAL_ENV=$(cygpath "/o/v")\nelse\n'
        '    export VIRTUAL_ENV="/o/v"\nfi',
        [(2, None), (4, "/o/v")],
        id="3.12, 3.13: a cygpath branch",
    ),
    pytest.param("VIRTUAL_ENV=/o/venv", [(1, "/o/venv")], id="as shlex writes a simple path"),
    pytest.param("VIRTUAL_ENV='/my o/venv'", [(1, "/my o/venv")], id="uv"),
    pytest.param("VIRTUAL_ENV='/o'\"'\"'hara/v'", [(1, "/o'hara/v")], id="a quote in the path"),
    pytest.param(
        "    VIRTUAL_ENV=\"$CURRENT_ENV\"\nelse\n    VIRTUAL_ENV='/o/v'\n",
        [(1, None), (3, "/o/v")],
        id="virtualenv: one of two branches is a literal",
    ),
    pytest.param(
        'VIRTUAL_ENV=\'\'"$(dirname -- "$(dirname -- "$SCRIPT_PATH")")"\'\'',
        [(1, None)],
        id="uv --relocatable",
    ),
    pytest.param('VIRTUAL_ENV="/o/$x/venv"', [(1, "/o//venv")], id="3.11: bash takes $x away"),
    pytest.param("unset VIRTUAL_ENV\nMY_VIRTUAL_ENV=x", [], id="other variables"),
    pytest.param("VIRTUAL_ENV=", [(1, "")], id="nothing"),
    pytest.param("VIRTUAL_ENV='open", [(1, "'open")], id="a quote that is not closed"),
    pytest.param('VIRTUAL_ENV="/o/x`y/v"', [(1, '"/o/x')], id="3.11: a backtick in the path"),
]


@pytest.mark.parametrize(("text", "found"), ACTIVATIONS)
def test_what_activation_sets(text: str, found: list[tuple[int, str | None]]) -> None:
    assert parse_activation(text) == found


INTERPRETERS = [
    pytest.param("#!/o/bin/python\nimport x", ("/o/bin/python", True), id="direct"),
    pytest.param("#!/o/bin/python3 -s -E\n", ("/o/bin/python3", True), id="direct, with options"),
    pytest.param("#! /o/bin/python\n", ("/o/bin/python", True), id="direct, after a space"),
    pytest.param('#!"/my o/bin/python"\n', ("/my o/bin/python", True), id="old setuptools"),
    pytest.param(
        "#!/bin/sh\n'''exec' \"/my o/bin/python\" \"$0\" \"$@\"\n' '''\n",
        ("/my o/bin/python", False),
        id="pip, a space in the path",
    ),
    pytest.param(
        "#!/bin/sh\n'''exec' /long/bin/python \"$0\" \"$@\"\n' '''\n",
        ("/long/bin/python", False),
        id="pip, a long path",
    ),
    pytest.param(
        "#!/bin/sh\n'''exec' '/my o/bin/python' \"$0\" \"$@\"\n' '''\n",
        ("/my o/bin/python", False),
        id="uv",
    ),
    pytest.param(
        '#!/bin/sh\n\'\'\'exec\' "$(dirname -- "$(realpath -- "$0")")"/\'python\' "$0" "$@"\n',
        None,
        id="relocatable",
    ),
    pytest.param("#!/bin/sh\necho hi\n", ("/bin/sh", True), id="a shell script"),
    pytest.param("#!/bin/sh\n'''exec' 'open\n", ("'open", False), id="a quote that is not closed"),
    pytest.param("#!/bin/sh\n'''exec' \n", None, id="nothing is started"),
    pytest.param("#!/usr/bin/env -S /o/bin/python -u\n", ("/o/bin/python", True), id="env -S"),
    pytest.param("#!/usr/bin/env /o/bin/python\n", ("/o/bin/python", True), id="env"),
    pytest.param("#!/usr/bin/env -S python3 -u\n", ("/usr/bin/env", True), id="env, by name"),
    pytest.param("\x7fELF", None, id="a binary"),
    pytest.param("", None, id="empty"),
]


@pytest.mark.parametrize(("head", "found"), INTERPRETERS)
def test_what_a_script_starts(head: str, found: tuple[str, bool] | None) -> None:
    assert parse_interpreter(head) == (Interpreter(*found) if found else None)


@pytest.mark.parametrize("library", ["python3.13", "python3.13t", "pypy3.13", "graalpy3.13"])
def test_the_library_of_every_build(library: str, tmp_path: Path) -> None:
    build({f"lib/{library}/site-packages": {}, "lib/python3.9/site-packages": {}}, tmp_path)
    expected = [f"{tmp_path}/lib/{library}/site-packages"]
    assert site_packages(str(tmp_path), "3.13") == expected
    assert len(site_packages(str(tmp_path), None)) == 2
    assert site_packages(str(tmp_path / "nowhere"), "3.13") == []


# Real venvs, intact and really broken.

SPACES = ["with a space", "plain"]
MAKERS = ["venv", "virtualenv", "uv"]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A distribution with the console script `dr`, which says where it runs."""
    path = tmp_path_factory.mktemp("wheel") / "dr-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dr.py", "import sys\ndef main(): print(sys.prefix)\n")
        archive.writestr(
            "dr-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: dr\nVersion: 1.0\n"
        )
        archive.writestr(
            "dr-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr("dr-1.0.dist-info/entry_points.txt", "[console_scripts]\ndr = dr:main\n")
        archive.writestr("dr-1.0.dist-info/RECORD", "")
    return path


def make(maker: str, python: Python, place: Path) -> None:
    command = {
        "venv": [python.executable, "-m", "venv", "--without-pip"],
        "virtualenv": [tool("virtualenv"), "--quiet", "--no-seed", "--python", python.executable],
        "uv": [tool("uv"), "venv", "--quiet", "--python", python.executable],
    }[maker]
    ran = subprocess.run([*command, str(place)], capture_output=True, text=True, check=False)
    if ran.returncode:
        pytest.skip(f"{maker} makes no venv of Python {python.version}: {ran.stderr[-200:]}")


def install(place: Path, wheel: Path) -> None:
    command = [tool("uv"), "pip", "install", "--quiet", "--no-index", "--reinstall", "--python"]
    subprocess.run([*command, str(place / "bin" / "python"), str(wheel)], check=True)


def really_works(venv: Path) -> bool:
    """The truth: it is activated as itself, Python and the script run in it, by its own place."""
    script = (
        'source "$1/bin/activate" && echo "$VIRTUAL_ENV" && '
        'python -c "import dr; dr.main()" && "$1/bin/dr"'
    )
    ran = subprocess.run(
        ["bash", "-c", script, "bash", str(venv)], capture_output=True, text=True, check=False
    )
    places = [Path(line) for line in ran.stdout.splitlines()]
    real = venv.resolve()
    return (
        ran.returncode == 0
        and len(places) == 3
        and all(place.resolve() == real and not place.is_symlink() for place in places)
    )


def another(python: Python) -> Python:
    others = [other for other in pythons() if other.version != python.version]
    if not others:
        pytest.skip("there is only one Python")
    return others[-1]


def relink(venv: Path, end: str) -> None:
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to(end)


Breaking = Callable[[Path, Python, Path], "Path | None"]


def owner_renamed(dev: Path, _python: Python, _wheel: Path) -> Path:
    (dev / "owner").rename(dev / "renamed")
    return dev / "renamed" / "venv"


def copied(dev: Path, _python: Python, _wheel: Path) -> Path:
    shutil.copytree(dev / "owner" / "venv", dev / "member2" / "venv", symlinks=True)
    return dev / "member2" / "venv"


def interpreter_gone(dev: Path, _python: Python, _wheel: Path) -> None:
    relink(dev / "owner" / "venv", "/opt/removed/bin/python3")


def interpreter_of_another_version(dev: Path, python: Python, _wheel: Path) -> None:
    relink(dev / "owner" / "venv", another(python).executable)


def other_venv_run_over_it(dev: Path, python: Python, _wheel: Path) -> None:
    command = [another(python).executable, "-m", "venv", "--without-pip"]
    subprocess.run([*command, str(dev / "owner" / "venv")], check=True)


def emptied_through_the_link(dev: Path, python: Python, _wheel: Path) -> None:
    command = [python.executable, "-m", "venv", "--clear", "venv"]
    subprocess.run(command, cwd=dev / "member", capture_output=True, check=False)
    assert not list((dev / "owner" / "venv").iterdir())


def rebuilt_by_uv_through_the_link(dev: Path, python: Python, wheel: Path) -> None:
    command = [tool("uv"), "venv", "--quiet", "--clear", "--python", python.executable, "venv"]
    subprocess.run(command, cwd=dev / "member", check=True)
    install(dev / "owner" / "venv", wheel)


def identity_rewritten_through_the_link(dev: Path, python: Python, wheel: Path) -> None:
    command = [tool("uv"), "venv", "--quiet", "--allow-existing", "-p", python.executable, "venv"]
    subprocess.run(command, cwd=dev / "member", check=True)
    install(dev / "owner" / "venv", wheel)


def script_installed_through_the_link(dev: Path, _python: Python, wheel: Path) -> None:
    install(dev / "member" / "venv", wheel)


BREAKINGS: list[tuple[Breaking | None, set[int]]] = [
    (None, set()),
    (owner_renamed, {4, 5}),
    (copied, {4, 5}),
    (interpreter_gone, {2}),
    (interpreter_of_another_version, {3}),
    (other_venv_run_over_it, {3}),
    (emptied_through_the_link, {1}),
    (rebuilt_by_uv_through_the_link, {4}),
    (identity_rewritten_through_the_link, {4}),
    (script_installed_through_the_link, {5}),
]


@pytest.mark.parametrize("folder", ["my dev", "dev"])
@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("python", pythons(), ids=lambda python: python.version)
def test_health_is_the_truth(
    python: Python, maker: str, folder: str, tmp_path: Path, wheel: Path
) -> None:
    dev, whole = tmp_path / folder, tmp_path / "whole"
    build({"owner": {}, "member": {"venv": Symlink("../owner/venv")}}, dev)
    make(maker, python, dev / "owner" / "venv")
    install(dev / "owner" / "venv", wheel)
    dev.rename(whole)
    for breaking, points in BREAKINGS:
        name = breaking.__name__ if breaking else "intact"
        shutil.copytree(whole, dev, symlinks=True)
        venv = dev / "owner" / "venv"
        if breaking:
            venv = breaking(dev, python, wheel) or venv
        health = read_health(str(venv), TRUSTED)
        # `venv` of another Python changes `pyvenv.cfg` and leaves the links: what was there still
        # runs, but which Python the venv is of is another thing to each tool. That is a fault.
        if breaking is not other_venv_run_over_it:
            assert (health.faults == []) == really_works(venv), name
        assert {fault.point for fault in health.faults} == points, name
        assert health.notes == [], name
        shutil.rmtree(dev)


@pytest.mark.parametrize("folder", ["o'hara", 'a"b', "pa$h/venv", "c#d", "ünï", "x`y"])
@pytest.mark.parametrize("maker", MAKERS)
def test_health_is_the_truth_wherever_it_lies(
    maker: str, folder: str, tmp_path: Path, wheel: Path
) -> None:
    venv = tmp_path / folder / "venv"
    venv.parent.mkdir(parents=True)
    make(maker, pythons()[-1], venv)
    install(venv, wheel)
    assert (read_health(str(venv), TRUSTED).faults == []) == really_works(venv)


def test_a_relocatable_venv_may_move(tmp_path: Path, wheel: Path) -> None:
    venv = tmp_path / "a" / "venv"
    command = [tool("uv"), "venv", "--quiet", "--relocatable", "--python", pythons()[-1].executable]
    subprocess.run([*command, str(venv)], check=True)
    install(venv, wheel)
    (tmp_path / "a").rename(tmp_path / "b")
    moved = tmp_path / "b" / "venv"
    assert really_works(moved)
    assert read_health(str(moved), TRUSTED).faults == []


def test_a_copied_interpreter_whose_home_is_gone_is_a_note(tmp_path: Path) -> None:
    venv = make_venv(tmp_path / "venv")
    python = (venv / "bin" / "python").resolve()
    (venv / "bin" / "python").unlink()
    shutil.copy(python, venv / "bin" / "python")
    assert read_health(str(venv), TRUSTED) == ([], [])
    paste("sed -i.bak 's|^home = .*|home = /opt/gone|' venv/pyvenv.cfg", tmp_path)
    note = f"{venv}/bin/python is a copy, and the `home` of its Python, `/opt/gone`, is missing"
    health = read_health(str(venv), TRUSTED)
    assert health.faults == []
    assert [message.what for message in health.notes] == [note]


def test_a_venv_without_a_version_may_be_of_any(tmp_path: Path) -> None:
    venv = make_venv(tmp_path / "venv")
    paste("sed -i.bak '/^version/d' pyvenv.cfg", venv)
    assert read_health(str(venv), TRUSTED).faults == []
    shutil.rmtree(venv / "lib")
    [fault] = read_health(str(venv), TRUSTED).faults
    assert (fault.point, fault.path, fault.what) == (
        3,
        f"{venv}/lib/python3.*/site-packages",
        "is missing",
    )


def test_a_venv_that_cannot_be_listed(tmp_path: Path) -> None:
    build({"venv": "a file", "cfg/pyvenv.cfg": {}, "nobin/pyvenv.cfg": "home = /usr/bin"}, tmp_path)
    told = {
        name: [fault.what for fault in read_health(str(tmp_path / name), TRUSTED).faults]
        for name in ["venv", "cfg", "nobin"]
    }
    assert told == {
        "venv": ["is no directory that can be read"],
        "cfg": ["is a directory, not a file"],
        "nobin": ["is missing", "is missing", "is missing"],
    }


def test_all_scripts_are_one_fault(tmp_path: Path) -> None:
    venv = make_venv(tmp_path / "venv")
    build({name: Executable("#!/gone/bin/python\n") for name in "abcde"}, venv / "bin")
    build({"z": Executable(f"#!{tmp_path}/b/bin/python\n")}, venv / "bin")
    make_venv(tmp_path / "b")
    assert [fault.what for fault in read_health(str(venv), TRUSTED).faults] == [
        "`a`, `b`, `c` and 3 more start `/gone/bin/python`, which is missing, or 1 more like that",
    ]
