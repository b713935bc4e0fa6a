"""What is done beforehand for the base Python of these tests changes nothing of the venvs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import base_python


def files_of_a_venv(python: Path, place: Path) -> dict[str, bytes]:
    """What it makes there: each file, but what has the time or the Python's own place in it."""
    subprocess.run([str(python), "-I", "-m", "venv", str(place)], check=True)
    files = {
        str(path.relative_to(place)): b"" if path.suffix == ".pyc" else path.read_bytes()
        for path in place.rglob("*")
        if path.is_file() and path.name != "pyvenv.cfg"
    }
    shutil.rmtree(place)
    return files


def test_venvs_are_as_the_machines_own_python_makes_them(tmp_path: Path) -> None:
    try:
        copy = Path(base_python.make(tmp_path / "base"))
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"the Python of these tests cannot be copied: {error}")
    made = files_of_a_venv(copy, tmp_path / "venv")
    machines = Path(sys.base_prefix, "bin", base_python.NAME)
    assert made == files_of_a_venv(machines, tmp_path / "venv")
    assert any(name.endswith("/pip/__main__.py") for name in made)
