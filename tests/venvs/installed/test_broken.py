"""What is wrong with what is installed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hooks.venvs.installed import Broken, Distribution, read_installed
from tests.trees import Fifo, Tree, build
from tests.venvs.installed.forms import (
    HALF,
    PKG_INFO,
    SITE,
    A,
    a_venv,
    dist_info,
    found,
)

LOUD: list[object] = [
    pytest.param(
        {"pandas-2.0.0.dist-info": {}},
        [],
        {
            "pandas": [
                Broken(
                    f"{SITE}/pandas-2.0.0.dist-info",
                    HALF,
                    "broken-metadata",
                    (f"{SITE}/pandas-2.0.0.dist-info",),
                )
            ]
        },
        id="half installed",
    ),
    pytest.param(
        {"Zope.Interface_x-2.0.0.dist-info": {}},
        [],
        {
            "zope-interface-x": [
                Broken(
                    f"{SITE}/Zope.Interface_x-2.0.0.dist-info",
                    HALF,
                    "broken-metadata",
                    (f"{SITE}/Zope.Interface_x-2.0.0.dist-info",),
                )
            ]
        },
        id="half installed, with an odd name",
    ),
    pytest.param(
        {"a.egg-info": {}},
        [],
        {
            "a": [
                Broken(
                    f"{SITE}/a.egg-info",
                    "is half installed: it has no `PKG-INFO`",
                    "broken-metadata",
                    (f"{SITE}/a.egg-info",),
                )
            ]
        },
        id="an .egg-info that is empty",
    ),
    pytest.param(
        {"x.pth": "a-1.egg", "a-1.egg/EGG-INFO": {}},
        [],
        {
            "a": [
                Broken(
                    f"{SITE}/a-1.egg/EGG-INFO",
                    "is half installed: it has no `PKG-INFO`",
                    "broken-metadata",
                    (f"{SITE}/a-1.egg/EGG-INFO",),
                )
            ]
        },
        id="an egg that is empty",
    ),
    pytest.param(
        {**dist_info("a", "1"), "a-2.dist-info": {}},
        [A],
        {
            "a": [
                Broken(f"{SITE}/a-2.dist-info", HALF, "broken-metadata", (f"{SITE}/a-2.dist-info",))
            ]
        },
        id="half installed beside one that is whole",
    ),
    pytest.param(
        {**dist_info("a", "1"), **dist_info("A", "2"), "a.egg-info": PKG_INFO},
        [Distribution("a", "2", f"{SITE}/A-2.dist-info")],
        {
            "a": [
                Broken(
                    f"{SITE}/A-2.dist-info",
                    "`a` is installed more than once: as `2` here,"
                    " as `1` in `a-1.dist-info`, as `1` in `a.egg-info` beside it",
                    "duplicate-distribution",
                    (
                        f"{SITE}/A-2.dist-info",
                        f"{SITE}/a-1.dist-info",
                        f"{SITE}/a.egg-info",
                    ),
                )
            ]
        },
        id="three times in one directory",
    ),
    pytest.param(
        {**dist_info("a", "1"), "a.egg-info": PKG_INFO},
        [A],
        {
            "a": [
                Broken(
                    f"{SITE}/a-1.dist-info",
                    "`a` is installed more than once: as `1` here, as `1` in `a.egg-info` beside it",
                    "duplicate-distribution",
                    (
                        f"{SITE}/a-1.dist-info",
                        f"{SITE}/a.egg-info",
                    ),
                )
            ]
        },
        id="twice, of the same version",
    ),
    pytest.param(
        {"a-1.dist-info": {"METADATA": "Name: a\n"}},
        [],
        {
            "a": [
                Broken(
                    f"{SITE}/a-1.dist-info/METADATA",
                    "has no `Version`",
                    "broken-metadata",
                    (f"{SITE}/a-1.dist-info",),
                )
            ]
        },
        id="no version",
    ),
    pytest.param(
        {"a-1.dist-info": {"METADATA": Fifo()}},
        [],
        {
            "a": [
                Broken(
                    f"{SITE}/a-1.dist-info/METADATA",
                    "is a named pipe, not a file",
                    "broken-metadata",
                    (f"{SITE}/a-1.dist-info",),
                )
            ]
        },
        id="a named pipe as METADATA",
    ),
    pytest.param(
        {"a-1.egg-info": Fifo()},
        [],
        {
            "a": [
                Broken(
                    f"{SITE}/a-1.egg-info",
                    "is a named pipe, not a file",
                    "broken-metadata",
                    (f"{SITE}/a-1.egg-info",),
                )
            ]
        },
        id="a named pipe as .egg-info",
    ),
    pytest.param(
        dist_info("a", "1", **{"direct_url.json/x": ""}),
        [A],
        {
            "a": [
                Broken(
                    f"{SITE}/a-1.dist-info/direct_url.json",
                    "is a directory, not a file",
                    "broken-metadata",
                )
            ]
        },
        id="direct_url.json is a directory",
    ),
    pytest.param(
        {"a.egg-info": {"PKG-INFO": PKG_INFO, "requires.txt": Fifo()}},
        [Distribution("a", "1", f"{SITE}/a.egg-info")],
        {
            "a": [
                Broken(
                    f"{SITE}/a.egg-info/requires.txt",
                    "is a named pipe, not a file",
                    "broken-metadata",
                )
            ]
        },
        id="requires.txt is a named pipe",
    ),
    pytest.param(
        {"a.egg-link": "/nowhere/a\n."},
        [],
        {
            "a": [
                Broken(
                    f"{SITE}/a.egg-link",
                    "leads to `/nowhere/a`, which is no directory",
                    "editable-gone",
                    (f"{SITE}/a.egg-link",),
                )
            ]
        },
        id="an .egg-link that leads nowhere",
    ),
    pytest.param(
        {"a.egg-link": Fifo()},
        [],
        {"a": [Broken(f"{SITE}/a.egg-link", "is a named pipe, not a file", "broken-metadata")]},
        id="an .egg-link that is a named pipe",
    ),
]


@pytest.mark.parametrize(("site_packages", "expected", "broken"), LOUD)
def test_what_is_wrong_with_it(
    site_packages: Tree,
    expected: list[Distribution],
    broken: dict[str, list[Broken]],
    project: Path,
) -> None:
    build(a_venv(site_packages), project)
    installed = read_installed("venv")
    assert (installed.distributions, installed.broken) == (found(*expected), broken)
    assert installed.notes == []
    for each in [each for told in broken.values() for each in told if each.in_the_way]:
        for path in each.in_the_way:
            os.rename(path, project / os.path.basename(path))
        assert read_installed("venv").broken == {}


def test_what_is_not_the_venvs_is_in_nobodys_way(project: Path) -> None:
    src = {"a.egg-info": {}, **dist_info("b", "1"), **dist_info("B", "2")}
    build({**a_venv({"x.pth": f"{project}/src\n"}), "src": src}, project)
    assert read_installed("venv").broken == {
        "a": [
            Broken(
                f"{project}/src/a.egg-info",
                "is half installed: it has no `PKG-INFO`",
                "broken-metadata",
            )
        ],
        "b": [
            Broken(
                f"{project}/src/B-2.dist-info",
                "`b` is installed more than once: as `2` here, as `1` in `b-1.dist-info` beside it",
                "duplicate-distribution",
            )
        ],
    }
