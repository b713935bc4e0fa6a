"""Families whose venvs are literals, and what check-requirements-sync says in them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from hooks.check_requirements_sync import main
from tests.trees import Executable, Symlink, Tree, build, paste

OWNER = "dr-daily-report"
TARGET = "--target=../dr-daily-report/venv"
LINK = Symlink("../dr-daily-report/venv")
PYPROJECT = '[project]\nname = "news"\nversion = "1"\n'


def a_member(owner: Path, name: str, tree: Tree) -> Path:
    return build({"venv": LINK, **tree}, owner.parent / name)


def said(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    """The exit status, and all that is printed; the folder of the family is `DEV` in it."""
    status = main([TARGET, *options])
    return status, capsys.readouterr().out.replace(str(Path.cwd().parent), "DEV")


def paste_fix(output: str, project: Path) -> None:
    """Twice: what is pasted again does no harm."""
    line = output.partition("  fix: ")[2].partition("\n")[0].replace("DEV", str(project.parent))
    assert not re.search(r"uninstall|\brm |--clear", line)
    paste(line, project)
    subprocess.run(["bash", "-c", line], cwd=project, capture_output=True, check=False)


def a_lock(name: str, more: str = "", head: str = "") -> str:
    """A `pylock.toml` (PEP 751) of one package, `1`; `more` stands in its table, `head` above."""
    return f"""lock-version = "1.0"
created-by = "hand"
{head}
[[packages]]
name = "{name}"
version = "1"
{more}
[[packages.wheels]]
name = "{name}-1-py3-none-any.whl"
path = "{name}.whl"
hashes = {{sha256 = "0"}}
"""


SITE = "lib/python3.11/site-packages"
CONFIGURATION = "home = /opt/python/bin\ninclude-system-site-packages = false\nversion = 3.11.7\n"


def installed(*distributions: str) -> Tree:
    """A venv with these in it: `pandas 2.0.0`, or with what it needs in more lines."""
    site: dict[str, Tree] = {}
    for text in distributions:
        first, *requires = text.split("\n")
        name, version = first.split()
        lines = [f"Name: {name}", f"Version: {version}"]
        lines += [f"Requires-Dist: {each}" for each in requires]
        site[f"{name}-{version}.dist-info"] = {"METADATA": "\n".join(lines)}
    return {"pyvenv.cfg": CONFIGURATION, "bin/python": Executable(""), SITE: site}


GUIDE = "pandas==2.0.0\nnumpy==1.24.0\n"
PANDAS = installed("pandas 2.0.0", "numpy 1.24.0")
