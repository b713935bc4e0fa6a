"""A base Python for the venvs of tests: this machine's, with the slow work of `ensurepip` done.

`python -m venv` takes four seconds, of which three go into bytecode: of the bundled pip, which is
read from its wheel, and of what is installed. The suite makes more than a hundred such venvs.
"""

from __future__ import annotations

import atexit
import compileall
import ensurepip
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from py_compile import PycInvalidationMode

NAME = "python{}.{}".format(*sys.version_info)

_FROM_BYTECODE = '''

_from_the_wheel = _run_pip


def _run_pip(args, additional_paths=None):
    """The same, with the bytecode that the wheels hold, and of the same pip beside them."""
    unpacked = os.path.join(os.path.dirname(__file__), "unpacked")
    return _from_the_wheel([*args, "--no-compile"], [unpacked])
'''


def replace() -> None:
    """Have a copy be the base, first on PATH as well, until this process ends."""
    place = Path(tempfile.mkdtemp(prefix="base-python-")).resolve()
    atexit.register(shutil.rmtree, place)
    with suppress(OSError, subprocess.CalledProcessError):  # then it is this machine's own
        sys._base_executable = make(place)  # type: ignore[attr-defined]
        os.environ["PATH"] = f"{place}/bin:{os.environ['PATH']}"


def executable() -> str:
    """The interpreter that venvs are made with here; no venv's."""
    base: str = sys._base_executable  # type: ignore[attr-defined]
    return os.path.realpath(base)


def make(place: Path) -> str:
    """Copy the base to there: its interpreter. The library is linked, but for `ensurepip` and what
    is installed.

    Raises OSError or CalledProcessError where the base of the running Python cannot be copied.
    """
    library = Path(os.__file__).parent
    copy = place / "lib" / library.name
    copy.mkdir(parents=True)
    for each in library.iterdir():
        if each.name not in {"site-packages", "dist-packages", "ensurepip"}:
            (copy / each.name).symlink_to(each)
    for each in library.parent.glob("libpython*"):
        (place / "lib" / each.name).symlink_to(each)
    (copy / "site-packages").mkdir()
    _prepare(shutil.copytree(Path(ensurepip.__file__).parent, copy / "ensurepip"))
    python = place / "bin" / NAME
    python.parent.mkdir()
    shutil.copy2(executable(), python)
    (python.parent / "python3").symlink_to(NAME)
    question = "import ensurepip, sys, venv; print(sys.base_prefix)"
    command = [str(python), "-I", "-c", question]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    if answer.stdout != f"{place}\n":
        raise OSError(f"a copy of {library} is not at home in {place}: {answer.stdout}")
    return str(python)


def _prepare(package: Path) -> None:
    """Have the wheels of this copy of `ensurepip` hold bytecode, and pip lie beside them.

    Distributors that keep the wheels elsewhere are left alone.
    """
    wheels = list((package / "_bundled").glob("*.whl"))
    for wheel in wheels:
        content = package / ("unpacked" if wheel.name.startswith("pip-") else wheel.stem)
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(content)
        compileall.compile_dir(
            content, quiet=2, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
        )
        with zipfile.ZipFile(wheel, "a") as archive:
            for each in content.rglob("*.pyc"):
                archive.write(each, each.relative_to(content))
        shutil.rmtree(next(content.glob("*.dist-info")))  # pip would take itself for installed
    if wheels:
        with (package / "__init__.py").open("a") as code:
            code.write(_FROM_BYTECODE)
