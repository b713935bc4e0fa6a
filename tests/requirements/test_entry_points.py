"""Which project declares a command, whatever file it does so in."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.requirements.entry_points import declares_command
from tests.trees import Tree, build

DECLARES = [
    pytest.param({"pyproject.toml": "[project.scripts]\ndr = 'dr:main'\n"}, id="PEP 621"),
    pytest.param({"pyproject.toml": "[tool.poetry.scripts]\ndr = 'dr:main'\n"}, id="Poetry"),
    pytest.param(
        {"setup.cfg": "[options.entry_points]\nconsole_scripts =\n  x = x:main\n  dr = dr:main\n"},
        id="setuptools",
    ),
]
DECLARES_NOT = [
    pytest.param({}, id="nothing is there"),
    pytest.param({"pyproject.toml": "[project.scripts]\nother = 'dr:main'\n"}, id="another"),
    pytest.param({"pyproject.toml": "project = 1\n"}, id="no table"),
    pytest.param({"pyproject.toml": "[project\n"}, id="no TOML"),
    pytest.param({"setup.cfg": "dr = dr:main\n"}, id="no setup.cfg"),
    pytest.param({"setup.cfg": "[metadata]\nname = dr\n"}, id="no entry points"),
]


@pytest.mark.parametrize("tree", DECLARES)
def test_declared(tree: Tree, dev: Path) -> None:
    build(tree, dev)
    assert declares_command(str(dev), "dr")


@pytest.mark.parametrize("tree", DECLARES_NOT)
def test_not_declared(tree: Tree, dev: Path) -> None:
    build(tree, dev)
    assert not declares_command(str(dev), "dr")
