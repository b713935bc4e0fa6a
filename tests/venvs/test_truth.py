"""Health against the truth in unusual places: a lib64, a second mount, a closed base."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from hooks.venvs.health import read_health
from hooks.venvs.installed import read_installed
from tests.packages import make_venv, run
from tests.test_venv_layout import TRUSTED, install, wheel  # noqa: F401
from tests.trees import Symlink, build

LIBRARY = f"python{sys.version_info[0]}.{sys.version_info[1]}"


def test_what_is_imported_from_lib64_is_found_there(tmp_path: Path) -> None:
    """A compiled module, by a Python whose `sys.platlibdir` is `lib64`, as on Fedora."""
    compiled = importlib.util.find_spec("coverage.tracer")
    if compiled is None or compiled.origin is None:
        pytest.skip("nothing compiled is at hand")
    libraries = Path(sysconfig.get_path("stdlib")).parent
    build({"bin": {}, "lib": Symlink(libraries), "lib64": Symlink(libraries)}, tmp_path / "base")
    base = shutil.copy(os.path.realpath(sys.executable), tmp_path / "base" / "bin" / LIBRARY)
    platform = {"PYTHONPLATLIBDIR": "lib64", "LD_LIBRARY_PATH": str(libraries)}
    environ = os.environ | platform
    venv = tmp_path / "venv"
    made = [base, "-m", "venv", "--without-pip", str(venv)]
    subprocess.run(made, env=environ, check=True)
    (venv / "lib64").unlink(missing_ok=True)
    packages = venv / "lib64" / LIBRARY / "site-packages"
    build({"tracer-1.dist-info/METADATA": "Name: tracer\nVersion: 1\n"}, packages)
    shutil.copy(compiled.origin, packages / f"tracer{importlib.machinery.EXTENSION_SUFFIXES[0]}")
    command = [str(venv / "bin" / "python"), "-c", "import tracer; print(tracer.__file__)"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).parent == packages
    assert [each for each in read_health(str(venv), TRUSTED).faults if each.point < 6] == []
    assert read_installed(str(venv)).distributions["tracer"].version == "1"


def test_a_venv_works_by_each_mount_of_its_folder(tmp_path: Path, wheel: Path) -> None:  # noqa: F811
    first, second = tmp_path / "first", tmp_path / "second"
    build({"first": {}, "second": {}}, tmp_path)
    mount = ["mount", "--bind", str(first), str(second)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this user cannot mount")
    try:
        install(make_venv(first / "venv"), wheel)
        for place in [first, second]:
            activated = run("sh", "-c", f". {place}/venv/bin/activate && echo $VIRTUAL_ENV")
            assert os.path.samefile(activated.strip(), place / "venv")
            assert run(str(place / "venv" / "bin" / "dr")).strip()
            assert read_health(str(place / "venv"), TRUSTED).faults == []
    finally:
        subprocess.run(["umount", "--lazy", str(second)], check=True)


FAULTS = """
import sys
from hooks.venvs.health import read_health
print([each.point for each in read_health(sys.argv[1], frozenset()).faults if each.point < 6])
"""


def test_a_base_that_is_closed_to_this_user_is_a_fault(
    tmp_path: Path, without_privileges: list[str]
) -> None:
    base = tmp_path / "base"
    build({"bin": {}}, base)
    shutil.copy(os.path.realpath(sys.executable), base / "bin" / "python3")
    venv = make_venv(tmp_path / "venv")
    for link in ["python", "python3"]:
        (venv / "bin" / link).unlink(missing_ok=True)
        (venv / "bin" / link).symlink_to(base / "bin" / "python3")
    checked = [*without_privileges, sys.executable, "-c", FAULTS, str(venv)]
    assert run(*checked).strip() == "[]"
    base.chmod(0)
    starts = [*without_privileges, "sh", "-c", f"{venv}/bin/python -c ''"]
    assert subprocess.run(starts, capture_output=True, check=False).returncode != 0
    assert run(*checked).strip() == "[2]"
    base.chmod(0o755)
