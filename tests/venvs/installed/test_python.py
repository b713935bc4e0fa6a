"""The venv's Python, as far as files tell."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from packaging.markers import Marker, default_environment

from hooks.fast.names import normalised
from hooks.venvs.installed import read_installed
from hooks.venvs.python import Python, marker_environment, parse_python_version
from tests.trees import build


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a", "a"), ("Zope.Interface", "zope-interface"), ("a_-._b", "a-b"), ("PyYAML", "pyyaml")],
)
def test_names_are_normalised(name: str, expected: str) -> None:
    assert normalised(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("3.11.7", "3.11.7", id="venv"),
        pytest.param("3.11.7.final.0", "3.11.7", id="virtualenv"),
        pytest.param("3.14.0rc1", "3.14.0rc1", id="uv, a release candidate"),
        pytest.param("3.14.0.candidate.1", "3.14.0rc1", id="virtualenv, a release candidate"),
        pytest.param("3.15.0.alpha.2", "3.15.0a2", id="virtualenv, an alpha release"),
        pytest.param("3.15.0b3", "3.15.0b3", id="uv, a beta release"),
        pytest.param("3.12", None, id="uv with a link to the minor version"),
        pytest.param("", None, id="nothing"),
        pytest.param("three", None, id="no version"),
    ],
)
def test_versions_of_python(text: str, expected: str | None) -> None:
    assert parse_python_version(text) == expected


# Markers -------------------------------------------------------------------------------------


def test_the_machine_is_the_hooks_own() -> None:
    full = "{}.{}.{}".format(*sys.version_info)
    if sys.version_info.releaselevel != "final" or sys.implementation.name != "cpython":
        pytest.skip("the oracle is the Python that runs the tests: a released CPython")
    python = Python(full.rpartition(".")[0], full, "CPython", None)
    assert marker_environment(python) == default_environment()


@pytest.mark.parametrize(
    ("python", "expected"),
    [
        pytest.param(
            Python("3.14", "3.14.0rc1", "CPython", None),
            ("3.14", "3.14.0rc1", "cpython", "CPython", "3.14.0c1"),
            id="a release candidate, in the two spellings of the language",
        ),
        pytest.param(
            Python("3.12", None, "CPython", None),
            ("3.12", "3.12.0", "cpython", "CPython", "3.12.0"),
            id="short",
        ),
        pytest.param(
            Python("3.10", "3.10.13", "PyPy", "7.3.15"),
            ("3.10", "3.10.13", "pypy", "PyPy", "7.3.15"),
            id="PyPy",
        ),
    ],
)
def test_the_python_is_the_venvs(python: Python, expected: tuple[str, ...]) -> None:
    markers = marker_environment(python)
    assert expected == (
        markers["python_version"],
        markers["python_full_version"],
        markers["implementation_name"],
        markers["platform_python_implementation"],
        markers["implementation_version"],
    )


HEADER = """\
/* Version as a string */
#define PY_VERSION      \t"{}"
/*--end constants--*/
#define PYPY_VERSION "7.3.15"
"""


@pytest.mark.parametrize(
    ("library", "configuration", "expected"),
    [
        pytest.param(
            "python3.11",
            "version = 3.11.7",
            ("3.11.7", "CPython", "3.11.7", False),
            id="venv",
        ),
        pytest.param(
            "python3.12",
            "version_info = 3.12",
            ("3.12.0", "CPython", "3.12.0", True),
            id="short",
        ),
        pytest.param(
            "python3.13t",
            "version = 3.13.0",
            ("3.13.0", "CPython", "3.13.0", False),
            id="free-threaded",
        ),
        pytest.param(
            "pypy3.10",
            "version_info = 3.10.13.final.0\nimplementation = PyPy",
            ("3.10.13", "PyPy", "0", False),
            id="PyPy",
        ),
        pytest.param(
            "python3.9",
            "",
            ("3.9.0", "CPython", "3.9.0", True),
            id="known by the directory only",
        ),
    ],
)
def test_python_as_far_as_files_tell(
    library: str,
    configuration: str,
    expected: tuple[str, str, str, bool],
    project: Path,
) -> None:
    base = project / "base"
    build({"venv": {f"lib/{library}/site-packages": {}}}, project)
    (project / "venv/pyvenv.cfg").write_text(f"home = {base}/bin\n{configuration}\n")
    installed = read_installed("venv")
    assert installed.notes == []
    assert expected == (
        installed.markers["python_full_version"],
        installed.markers["platform_python_implementation"],
        installed.markers["implementation_version"],
        installed.python_is_short,
    )
    assert Marker("python_version >= '3.9'").evaluate(installed.markers)
