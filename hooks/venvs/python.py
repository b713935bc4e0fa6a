"""The venv's Python: its version in every spelling, and the markers it stands for (PEP 508)."""

from __future__ import annotations

import os
import re
import sys

from hooks.fast.records import NamedTuple
from hooks.files import list_directory, read_start, real_path

_MACHINE_CODE = {b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"}
_VERSION_KEYS = ("version", "version_info", "python-version")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def is_python(path: str) -> bool:
    """An interpreter, by its name and its mode."""
    name = os.path.basename(path)
    return version_in_name(name) is not None and os.path.isfile(path) and os.access(path, os.X_OK)


def is_program(path: str) -> bool:
    """A file of machine code, whatever its mode (ELF, Mach-O): no link to one."""
    return not os.path.islink(path) and read_start(path, 4) in _MACHINE_CODE


def parse_version(configuration: dict[str, str]) -> str | None:
    """`3.11`, as `pyvenv.cfg` has it; None where it does not tell.

    `version` (venv), `version_info` (virtualenv, uv), `python-version` (PEP 838).
    """
    written = next(filter(None, map(configuration.get, _VERSION_KEYS)), "")
    found = re.match(r"([0-9]{1,4})\.([0-9]{1,4})(?:\.|$)", written)
    return f"{found[1]}.{found[2]}" if found else None


def version_in_name(name: str) -> str | None:
    """`3.11` of `python3.11`, nothing of `python`; None where the name is no interpreter's."""
    version = name.strip(LETTERS)
    is_one = name.startswith(("python", "pypy", "graalpy")) and name.rstrip("t").endswith(version)
    return version if is_one and version.replace(".", "0").isdigit() | (not version) else None


# `3.11.7`, `3.14.0rc1` (uv), `3.11.7.final.0`, `3.14.0.candidate.1` (virtualenv).
_PYTHON_VERSION = r"(\d+\.\d+\.\d+)(?:\.?(a|b|rc|alpha|beta|candidate)\.?(\d+))?"


_RELEASE_LEVELS = {"alpha": "a", "beta": "b", "candidate": "rc"}


class Python(NamedTuple):
    """The venv's Python, as far as files tell."""

    short: str
    """`3.11`"""
    full: str | None
    """`3.11.7`"""
    implementation: str
    """`CPython` or `PyPy`"""
    implementation_version: str | None
    """PyPy's own, `7.3.15`; None for CPython."""


def marker_environment(python: Python) -> dict[str, str]:
    """PEP 508, for this Python on the hook's own machine.

    The same as `packaging.markers.default_environment`, which has to ask `platform` for it.
    """
    full = python.full or f"{python.short}.0"
    machine = os.uname()
    return {
        "implementation_name": python.implementation.lower(),
        # In CPython's own words a release candidate is `3.14.0c1` here.
        "implementation_version": python.implementation_version or full.replace("rc", "c"),
        "os_name": os.name,
        "platform_machine": machine.machine,
        "platform_python_implementation": python.implementation,
        "platform_release": machine.release,
        "platform_system": machine.sysname,
        "platform_version": machine.version,
        "python_full_version": full,
        "python_version": python.short,
        "sys_platform": sys.platform,
    }


def parse_python_version(text: str) -> str | None:
    """`3.14.0rc1`, from each spelling of it in a `pyvenv.cfg`; None for a short `3.14`."""
    numbers = text.split(".")
    if len(numbers) == 3 and all(map(str.isdecimal, numbers)):
        return text  # as nearly all are: a pattern would have to be compiled
    found = re.match(_PYTHON_VERSION, text)
    if found is None:
        return None
    number, level, serial = found.groups("")
    return f"{number}{_RELEASE_LEVELS.get(level, level)}{serial}"


def read_python(configuration: dict[str, str], library: str) -> Python:
    short = parse_version(configuration) or version_of(library)
    versions = (parse_python_version(configuration.get(key, "")) for key in _VERSION_KEYS[::-1])
    full = next(filter(None, versions), None)
    implementation = configuration.get("implementation")
    if implementation is None:
        implementation = "PyPy" if library.startswith("pypy") else "CPython"
    return Python(short, full, implementation, None if implementation == "CPython" else "0")


def version_of(library: str) -> str:
    """`3.13` of `python3.13t`."""
    found = re.search(r"[0-9]{1,4}\.[0-9]{1,4}", library)
    return found[0] if found else "{}.{}".format(*sys.version_info)


def version_had(configuration: dict[str, str], venv: str) -> str | None:
    """`3.11`; where its `pyvenv.cfg` is lost its one library's name tells, or the interpreter's."""
    told = version_in_name(os.path.basename(real_path(f"{venv}/bin/python"))) or ""
    names = [name.strip(LETTERS) for name in list_directory(f"{venv}/lib")]
    libraries = [name for name in names if "." in name]
    there = libraries[0] if len(libraries) == 1 else told if "." in told else None
    return parse_version(configuration) or there


def base_python(configuration: dict[str, str], venv: str) -> str:
    """The Python that a venv was made from: its path where it is still there, else its name.

    `home` of `pyvenv.cfg` is the folder that it lies in (PEP 405); `executable` and
    `base-executable` are more exact where `venv` and virtualenv write them.
    """
    version = version_had(configuration, venv)
    name = f"python{version}" if version else "python3"
    home = configuration.get("home", "")
    for path in [os.path.join(home, name), real_path(f"{venv}/bin/python")]:
        told = version_in_name(os.path.basename(path))
        if not path.startswith(f"{venv}/") and is_python(path) and told in {version, "3", ""}:
            return path
    return name
