"""Whether a module is surely not there: nothing is imported, and a doubt is no finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.venvs.modules import is_gone
from tests.trees import Tree, build

SITE = "venv/lib/python3.11/site-packages"
FINDER = "MAPPING: dict[str, str] = {{'dr': '{}'}}\n"

THERE = [
    pytest.param({f"{SITE}/dr/cli.py": ""}, id="a package"),
    pytest.param({f"{SITE}/dr/cli/__init__.py": ""}, id="a package in a package"),
    pytest.param({f"{SITE}/dr/cli.cpython-311-x86_64-linux-gnu.so": ""}, id="compiled"),
    pytest.param({f"{SITE}/dr.pth": "../../../../src\n", "src/dr/cli.py": ""}, id="by a .pth"),
    pytest.param(
        {f"{SITE}/__editable___dr_1_finder.py": FINDER.format("{root}/dr"), "dr": {}},
        id="by setuptools' finder",
    ),
    pytest.param(
        {f"{SITE}/__editable___dr_1_finder.py": FINDER.format("{root}/dr"), "dr.py": ""},
        id="by setuptools' finder, a module",
    ),
    pytest.param({f"{SITE}/_dr_loader.py": "names = {'dr'}\n"}, id="a finder of others names it"),
    pytest.param({"venv/pyvenv.cfg": "include-system-site-packages = true\n"}, id="the base's"),
    pytest.param({"venv/pyvenv.cfg": {}}, id="nothing tells whether the base's count"),
]

GONE = [
    pytest.param({}, id="nothing is there"),
    pytest.param({f"{SITE}/dr/other.py": ""}, id="the package without the module"),
    pytest.param({f"{SITE}/dr-1.dist-info/METADATA": ""}, id="metadata alone"),
    pytest.param({f"{SITE}/dr.pth": "/gone/src\n"}, id="a .pth leads nowhere"),
    pytest.param({f"{SITE}/dr.pth": {}}, id="a .pth that is none"),
    pytest.param(
        {f"{SITE}/__editable___dr_1_finder.py": FINDER.format("/gone/dr")}, id="its source is gone"
    ),
    pytest.param({f"{SITE}/_virtualenv.py": "x = 1\n"}, id="a finder that knows others"),
]


def arrange(tree: Tree, root: Path) -> str:
    plain: Tree = {f"{SITE}/.keep": "", "venv/pyvenv.cfg": "home = /usr/bin\n"}
    filled = {
        name: content.replace("{root}", str(root)) if isinstance(content, str) else content
        for name, content in {**plain, **tree}.items()
    }
    build(filled, root)
    return str(root / "venv")


@pytest.mark.parametrize("tree", THERE)
def test_it_is_there_or_may_be(tree: Tree, dev: Path) -> None:
    assert not is_gone(arrange(tree, dev), "dr.cli")


@pytest.mark.parametrize("tree", GONE)
def test_it_is_gone(tree: Tree, dev: Path) -> None:
    assert is_gone(arrange(tree, dev), "dr.cli")


def test_the_standard_library_is_everywhere(dev: Path) -> None:
    assert not is_gone(arrange({}, dev), "idlelib.pyshell")
