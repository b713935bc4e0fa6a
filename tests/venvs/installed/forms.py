"""Venvs as literals, and what is in them."""

from __future__ import annotations

from hooks.venvs.installed import Distribution
from tests.trees import Tree

SITE = "venv/lib/python3.11/site-packages"


CONFIGURATION = "home = /opt/python/bin\ninclude-system-site-packages = false\nversion = 3.11.7\n"


def metadata(name: str, version: str, *headers: str) -> str:
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *headers]
    return "\n".join([*lines, "", "# A README", "Name: not this", "Requires-Dist: nor-this", ""])


def dist_info(name: str, version: str, *headers: str, **files: str) -> Tree:
    """One `.dist-info` directory, named as PEP 427 wants it."""
    directory = f"{name.replace('-', '_')}-{version}.dist-info"
    return {directory: {"METADATA": metadata(name, version, *headers), **files}}


def a_venv(*site_packages: Tree, configuration: str = CONFIGURATION) -> Tree:
    merged = {name: content for tree in site_packages for name, content in tree.items()}
    return {"venv": {"pyvenv.cfg": configuration, "lib/python3.11/site-packages": merged}}


# What a tree holds ---------------------------------------------------------------------------


def found(*distributions: Distribution) -> dict[str, Distribution]:
    return {distribution.name: distribution for distribution in distributions}


A = Distribution("a", "1", f"{SITE}/a-1.dist-info")


PKG_INFO = "Metadata-Version: 1.0\nName: a\nVersion: 1\n"

HALF = "is half installed: it has no `METADATA`"
