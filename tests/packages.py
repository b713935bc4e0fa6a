"""Tiny packages that tests install for real: wheels, and projects that build without a network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import uv

UV = uv.find_uv_bin()

BACKEND = '''\
"""A build backend (PEP 517, PEP 660) that needs nothing."""
import os
import re
import zipfile


def _build(folder, editable):
    with open("pyproject.toml") as file:
        text = file.read()
    name = re.search('^name = "(.*)"', text, re.M)[1]
    version = re.search('^version = "(.*)"', text, re.M)[1]
    requires = re.findall("^# Requires-Dist: (.*)", text, re.M)
    module = re.sub("[-_.]+", "_", name)
    info = module + "-" + version + ".dist-info"
    metadata = ["Metadata-Version: 2.1", "Name: " + name, "Version: " + version]
    metadata += ["Requires-Dist: " + each for each in requires]
    files = {
        info + "/METADATA": "\\n".join(metadata) + "\\n",
        info + "/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    if editable:
        files["__editable__" + module + ".pth"] = os.getcwd() + "\\n"
    else:
        files[module + "/__init__.py"] = ""
    record = info + "/RECORD"
    files[record] = "".join(each + ",,\\n" for each in [*files, record])
    wheel = module + "-" + version + "-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, wheel), "w") as archive:
        for each, content in files.items():
            archive.writestr(each, content)
    return wheel


def build_wheel(folder, config_settings=None, metadata_directory=None):
    return _build(folder, False)


def build_editable(folder, config_settings=None, metadata_directory=None):
    return _build(folder, True)
'''


def make_project(folder: Path, name: str, version: str = "1", requires: Sequence[str] = ()) -> Path:
    """A directory that pip and uv can install, editable or not."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "pyproject.toml").write_text(
        "[build-system]\n"
        'requires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        f'[project]\nname = "{name}"\nversion = "{version}"\n'
        + "".join(f"# Requires-Dist: {each}\n" for each in requires)
    )
    return folder


def make_wheel(folder: Path, name: str, version: str, requires: Sequence[str] = ()) -> Path:
    """A wheel in this folder, which `--find-links` can then name."""
    folder.mkdir(parents=True, exist_ok=True)
    module = re.sub("[-_.]+", "_", name)
    info = f"{module}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    extras = {each for line in requires for each in re.findall("extra == '(.*?)'", line)}
    lines += [f"Provides-Extra: {extra}" for extra in sorted(extras)]
    lines += [f"Requires-Dist: {each}" for each in requires]
    files = {
        f"{module}/__init__.py": f"__version__ = {version!r}\n",
        f"{info}/METADATA": "\n".join(lines) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = f"{info}/RECORD"
    files[record] = "".join(f"{each},,\n" for each in [*files, record])
    wheel = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for each, content in files.items():
            archive.writestr(each, content)
    return wheel


def make_venv(place: Path, python: str = sys.executable) -> Path:
    """An empty one, without pip."""
    run(UV, "venv", "--quiet", "--python", python, str(place))
    return place


def install(installer: str, venv: Path, *arguments: str, directory: Path) -> None:
    """With `pip` or `uv`, into this venv; it must succeed."""
    python = str(venv / "bin" / "python")
    if installer == "pip":
        pip = [sys.executable, "-m", "pip", "--python", python, "--quiet", "install"]
        run(*pip, "--disable-pip-version-check", *arguments, directory=directory)
    else:
        run(UV, "pip", "install", "--quiet", "--python", python, *arguments, directory=directory)


def run(*command: str, directory: Path | None = None) -> str:
    done = subprocess.run(
        command, cwd=directory, capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout
