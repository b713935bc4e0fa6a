"""The closure against what `pip check` and `uv pip check` say of the same venv."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hooks.fast.markers import Environment
from hooks.requirements.requirements_file import read_requirements
from hooks.rules.closure import Graph
from hooks.rules.facts import Venv
from hooks.venvs.installed import read_installed
from tests.packages import UV, make_venv
from tests.trees import build

VERSIONS = ["0.9", "1", "1.0.post1", "1.5", "2.0.dev3", "2.0rc1", "2", "1!0.5", "2+local.1"]
SPECIFIERS = [
    *("", ">=1", ">1", "<2", "<=2", "==1.*", "!=1.5", "~=1.0", "==2", "===1", ">=1,<2", ">=1!0"),
    *("(>=1)", " >= 1.0 , != 1.5", "==2.0rc1", ">2.0.dev1", "==2+local.1", "<1!1"),
]
MARKERS = [
    *("", "", "", "", "; python_version >= '3'", ";python_version<'3'", "; sys_platform == 'none'"),
    *("; os_name == 'posix' and extra == 'x'", "; extra == 'x' or os_name == 'posix'"),
    *('; extra == "x"', "; (os_name != 'posix') or python_full_version >= '3.8.1'"),
    *("; 'linux' in sys_platform or 'darwin' in sys_platform", "; os_name=='x'or os_name=='posix'"),
]


def a_venv_of(count: int, seed: int, place: Path) -> list[str]:
    """Distributions that need each other at random; the names of those that are there."""
    pick = random.Random(seed)
    names = [f"{pick.choice(['a', 'b-c', 'D_e'])}{number}" for number in range(count)]
    site = next(place.glob("lib/python*/site-packages"))
    there = [name for name in names if pick.random() < 0.9]
    for name in there:
        version = pick.choice(VERSIONS)
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        lines += ["Provides-Extra: x"]
        for needed in pick.sample(names, pick.randint(0, 8)):
            specifiers, marker = pick.choice(SPECIFIERS), pick.choice(MARKERS)
            lines.append(f"Requires-Dist: {needed}{specifiers}{marker}")
        directory = f"{re.sub('[-_.]+', '_', name).lower()}-{version}.dist-info"
        build({directory: {"METADATA": "\n".join(lines) + "\n", "INSTALLER": "pip\n"}}, site)
    return there


def said(*command: str) -> str:
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode in {0, 1}, run.stderr
    return run.stdout + run.stderr


def normalised(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()


def gaps_of_pip(python: str) -> set[tuple[str, str]]:
    lines = said(sys.executable, "-m", "pip", "--python", python, "check").splitlines()
    missing = re.compile(r"(\S+) \S+ requires (\S+), which is not installed\.")
    wrong = re.compile(r"(\S+) \S+ has requirement ([\w.-]+).*, but you have ")
    found = [missing.match(line) or wrong.match(line) for line in lines]
    return {(normalised(each[1]), normalised(each[2])) for each in found if each}


def gaps_of_uv(python: str) -> set[tuple[str, str]]:
    lines = said(UV, "pip", "check", "--python", python).splitlines()
    problem = re.compile(r"The package `(\S+)` requires `([\w.-]+).*`, but ")
    return {(each[1], normalised(each[2])) for line in lines if (each := problem.match(line))}


@pytest.mark.parametrize("seed", range(4))
def test_the_same_gaps(seed: int, tmp_path: Path) -> None:
    venv = make_venv(tmp_path / "venv")
    names = a_venv_of(60, seed, venv)
    asks = build({"requirements.txt": "\n".join(names)}, tmp_path) / "requirements.txt"
    required = read_requirements(str(asks), directory=str(tmp_path), environ={}).required
    installed = read_installed(str(venv))
    environment = Environment(installed.markers)
    closure = Graph(Venv(installed.distributions, environment, {}, "")).walk(required)
    ours = {(gap.way.labels()[-1], gap.dependency.name) for gap in closure.demands}
    python = str(venv / "bin" / "python")
    assert len(ours) > 20
    assert closure.notes == []
    assert ours == gaps_of_pip(python)
    assert ours == gaps_of_uv(python)
