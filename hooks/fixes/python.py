"""Which Python a venv is made with: told from names and files, nothing is run.

A venv is remade with the version that it had. A new one gets the user's `python3`, unless the
family asks for another.
"""

from __future__ import annotations

import os
import sys

from hooks.files import list_directory, real_path
from hooks.venvs.python import base_python, is_python, version_in_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hooks.fast.specifiers import Specifiers
    from hooks.project.project import Project

_MINORS = range(8, 31)
"""Of the Pythons 3 that are thought of; each with the first so many bugfix releases."""


def python_for_new(project: Project) -> str:
    """`python3` where it suits the family, else the lowest `python3.X` there that does.

    Where none does, the name of the lowest that would.
    """
    asked = _asked_by_family(project)
    if not asked or _suits(asked, _version_of(on_path("python3"))):
        return "python3"
    suiting = [f"python3.{minor}" for minor in _MINORS if _suits(asked, f"3.{minor}")]
    return next(filter(None, map(usable, suiting)), suiting[0] if suiting else "python3")


def python_for_old(project: Project, venv: str, configuration: dict[str, str]) -> str:
    """What a venv is remade with: the version that it had, by path or else by name.

    Where the user has that nowhere, a command with it would fail: then it is the way forward, if
    there is one.
    """
    same = base_python(configuration, venv)
    if same == "python3":  # nothing tells which one it had
        return python_for_new(project)
    return usable(same) or usable(python_for_new(project)) or same


def next_python(project: Project, version: str) -> str | None:
    """`python3.12` for a venv of `3.11.7`: the next on the user's PATH that suits the family."""
    minor = int(version.split(".")[1])
    asked = _asked_by_family(project)
    for newer in range(minor + 1, _MINORS.stop):
        if _suits(asked, f"3.{newer}") and (python := usable(f"python3.{newer}")):
            return python
    return None


def on_path(name: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """Where the user's shell finds a command: the hook's own environment is not on their PATH."""
    own = [sys.prefix, environ.get("VIRTUAL_ENV", "")] if sys.prefix != sys.base_prefix else []
    hidden = {real_path(f"{folder}/bin") for folder in own if folder}
    for folder in environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, name)
        if os.path.basename(folder) == "shims" and "." in name:
            path = _behind_shim(folder, name)
        is_there = folder and os.access(path, os.X_OK) and os.path.isfile(path)
        if is_there and real_path(folder) not in hidden:
            return path
    return None


def usable(python: str) -> str | None:
    """How the user calls it; None where it is nowhere, and a command with it would fail.

    Its name, or, where that is a shim, which may lead to nothing, the path of what is there.
    """
    path = python if os.path.isabs(python) else on_path(python)
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    is_named = path is not None and not os.path.isabs(python) and os.path.dirname(path) in folders
    return python if is_named else path


def _behind_shim(folder: str, name: str) -> str:
    """pyenv and asdf put a script for each name that any of their Pythons has beside these."""
    import glob

    root = glob.escape(os.path.dirname(folder))
    places = [f"{root}/versions/*/bin/{name}", f"{root}/installs/python/*/bin/{name}"]
    # Any patch release will do.
    return max((path for each in places for path in glob.glob(each)), default="")


def version_of(python: str) -> str | None:
    """`3.11`, of an interpreter: by its real name, or by the library beside it."""
    real = real_path(python)
    told = version_in_name(os.path.basename(real))
    if told and "." in told:
        return told
    libraries = list_directory(os.path.join(os.path.dirname(real), "..", "lib"))
    versions = {version_in_name(name) or "" for name in libraries if name.startswith("python3.")}
    return versions.pop() if len(versions) == 1 and is_python(real) else None


def _version_of(python: str | None) -> str | None:
    return None if python is None else version_of(python)


def _asked_by_family(project: Project) -> list[Specifiers]:
    """`requires-python` of this project and of its siblings."""
    from hooks.project.family import find_family
    from hooks.requirements.pyproject import read_pyproject

    family = find_family(project, project.place, (), search=not project.in_ci)
    files = [os.path.join(folder, "pyproject.toml") for folder in [".", *family.siblings]]
    found = []
    for path in filter(os.path.isfile, files):
        read = read_pyproject(path, extras=(), groups=(), directory=os.path.dirname(path))
        if read.requires_python is not None:
            found.append(read.requires_python.specifier)
    return found


def _suits(asked: Sequence[Specifiers], version: str | None) -> bool:
    """Some release of this minor version is allowed by all."""
    return version is not None and any(
        all(each.allow(f"{version}.{release}") for each in asked) for release in range(31)
    )
