"""What a tree of files holds."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from hooks.report import Note
from hooks.venvs.installed import Broken, Distribution, Installed, read_installed
from hooks.venvs.python import Python, marker_environment
from tests.trees import Fifo, Symlink, Tree, build
from tests.venvs.installed.forms import (
    HALF,
    PKG_INFO,
    SITE,
    A,
    a_venv,
    dist_info,
    found,
    metadata,
)

QUIET: list[object] = [
    pytest.param({}, [], id="nothing is installed"),
    pytest.param(dist_info("a", "1"), [A], id="one distribution"),
    pytest.param(
        {
            **dist_info("b", "2", "Requires-Dist: a", "Requires-Dist: c; extra == 'x'"),
            **dist_info("a", "1", "Requires-Python: >=3.8", "Provides-Extra: x"),
        },
        [
            A._replace(requires_python=">=3.8", extras=("x",)),
            Distribution("b", "2", f"{SITE}/b-2.dist-info", requires=("a", "c; extra == 'x'")),
        ],
        id="two that need something",
    ),
    pytest.param(
        {"Zope.Interface-5.0.dist-info": {"METADATA": metadata("Zope_Interface", "5.0")}},
        [Distribution("zope-interface", "5.0", f"{SITE}/Zope.Interface-5.0.dist-info")],
        id="a name that is not normalised",
    ),
    pytest.param(
        {"a-1.dist-info": {"METADATA": metadata("b", "2.0+local")}},
        [Distribution("b", "2.0+local", f"{SITE}/a-1.dist-info")],
        id="a directory that says something else",
    ),
    pytest.param(
        {"a-1.dist-info": {"METADATA": metadata("a", "1").replace("\n\n", "\n\n" + "x" * 300_000)}},
        [A],
        id="a long README",
    ),
    pytest.param(
        dist_info("a", "1", **{"direct_url.json": "{}"}),
        [A._replace(direct_url_json=b"{}")],
        id="installed from somewhere",
    ),
    pytest.param(
        {
            **dist_info("a", "1"),
            "~-0.dist-info": {},
            "~a-0.9.dist-info": {"METADATA": metadata("a", "0")},
        },
        [A],
        id="what pip leaves when it is interrupted",
    ),
    pytest.param(
        {
            **dist_info("a", "1"),
            "-a-0.dist-info": {"METADATA": metadata("a", "0")},
            ".dist-info": {"METADATA": metadata("a", "0")},
            "a": {"__init__.py": ""},
            "b-1.dist-info": "a file",
            "c-1.virtualenv": "",
            "dist-info": {},
        },
        [A],
        id="what only looks like a distribution",
    ),
    pytest.param(
        {"link-1.dist-info": Symlink("nowhere"), **dist_info("a", "1")},
        [A],
        id="a link that dangles",
    ),
    pytest.param(
        {"a-1-py3.11.egg-info": PKG_INFO},
        [Distribution("a", "1", f"{SITE}/a-1-py3.11.egg-info")],
        id="an .egg-info that is a file",
    ),
    pytest.param(
        {"a.egg-info": {"PKG-INFO": PKG_INFO, "requires.txt": "b\n[x]\nc\n"}},
        [Distribution("a", "1", f"{SITE}/a.egg-info", ("b", 'c; extra == "x"'), ("x",))],
        id="an .egg-info that is a directory, with requires.txt",
    ),
    pytest.param(
        {
            "a.egg-info": {
                "PKG-INFO": f"{PKG_INFO}Requires-Dist: b\nProvides-Extra: y\n",
                "requires.txt": "c\n",
            }
        },
        [Distribution("a", "1", f"{SITE}/a.egg-info", ("b",), ("y",))],
        id="an .egg-info of a newer setuptools",
    ),
    pytest.param(
        {"a.egg-info": {"PKG-INFO": PKG_INFO}},
        [Distribution("a", "1", f"{SITE}/a.egg-info")],
        id="an .egg-info without requires.txt",
    ),
    pytest.param(
        {
            "easy-install.pth": "./a-1-py3.11.egg\n",
            "a-1-py3.11.egg": {"EGG-INFO": {"PKG-INFO": PKG_INFO, "requires.txt": "b"}},
        },
        [Distribution("a", "1", f"{SITE}/a-1-py3.11.egg/EGG-INFO", ("b",))],
        id="an egg",
    ),
    pytest.param({"EGG-INFO": {"PKG-INFO": PKG_INFO}}, [], id="EGG-INFO outside of an egg"),
    pytest.param(
        {
            **dist_info("a", "1"),
            "x.pth": "more\n",
            "more": {**dist_info("a", "2"), **dist_info("b", "3")},
        },
        [A, Distribution("b", "3", f"{SITE}/more/b-3.dist-info")],
        id="in a directory of a .pth; site-packages comes first",
    ),
    pytest.param(
        {
            "2.pth": "two",
            "1.pth": "one\n",
            "one": {**dist_info("a", "1"), "3.pth": "../three\n"},
            "two": dist_info("a", "2"),
            "three": dist_info("b", "3"),
        },
        [Distribution("a", "1", f"{SITE}/one/a-1.dist-info")],
        id=".pth files in their order, but none in the directory that one names",
    ),
    pytest.param(
        {
            "x.pth": "# more\nimport sys; sys.path.append('more')\nimport\tmore\n\n \nnowhere\n"
            "\0\n" + "y" * 5000 + "\n.\n../site-packages/\n../../python3.11/site-packages\n",
            **dist_info("a", "1"),
            "more": dist_info("a", "2"),
        },
        [A],
        id="comments, code, nothing, nonsense, and the same directory again",
    ),
    pytest.param(
        {".x.pth": "more\n", "more": dist_info("a", "1")},
        [],
        id="a hidden .pth, as in newer Pythons",
    ),
    pytest.param(
        {"x.pth": b"\xef\xbb\xbfmore\r\n", "more": dist_info("a", "1")},
        [A._replace(path=f"{SITE}/more/a-1.dist-info")],
        id="a .pth from Windows",
    ),
    pytest.param(
        {"x.pth": b"m\xffre\xe9", **dist_info("a", "1")}, [A], id="a .pth that is no UTF-8"
    ),
    pytest.param(
        {**dist_info("a", "1"), "more/a-2.dist-info": {}, "x.pth": "more"},
        [A],
        id="half installed where it does not count",
    ),
]


@pytest.mark.parametrize(("site_packages", "expected"), QUIET)
def test_what_is_installed(
    site_packages: Tree, expected: list[Distribution], project: Path
) -> None:
    build(a_venv(site_packages), project)
    installed = read_installed("venv")
    markers = marker_environment(Python("3.11", "3.11.7", "CPython", None))
    assert installed == Installed(found(*expected), {}, [], markers, python_is_short=False)


def test_a_pth_file_that_leads_to_no_directory(project: Path) -> None:
    build(a_venv({"x.pth": "/dev/null\n"}), project)
    [note] = read_installed("venv").notes
    assert note.what == "`/dev/null` cannot be read (Not a directory)"


# Develop installs, archives, links ------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "packages"),
    [
        pytest.param("{owner}\n.", "", id="a flat layout"),
        pytest.param("{owner}/src\n../", "src/", id="a src layout"),
        pytest.param("\n  {owner}/src  \n  ../  \n", "src/", id="spaces and a blank line"),
        pytest.param("../../../../src\n../", "src/", id="relative"),
    ],
)
def test_a_legacy_editable_install(lines: str, packages: str, dev: Path, project: Path) -> None:
    owner = dev / "owner"
    site_packages = {
        "a.egg-link": lines.format(owner=owner),
        "easy-install.pth": f"{owner}/{packages}\n",
    }
    egg_info = {"PKG-INFO": PKG_INFO, "requires.txt": "b\n"}
    build({**a_venv(site_packages), f"{packages}a.egg-info": egg_info}, owner)
    (project / "venv").symlink_to("../owner/venv")
    installed = read_installed("venv")
    expected = Distribution(
        "a", "1", f"{owner}/{packages}a.egg-info", ("b",), editable_project=str(owner)
    )
    assert (installed.distributions, installed.broken) == (found(expected), {})


def test_what_is_on_the_path_but_no_directory(project: Path) -> None:
    build(a_venv({"x.pth": "a.egg\n", "a.egg": "PK", "y.pth": Fifo(), "z.pth/x": ""}), project)
    assert read_installed("venv").notes == [
        Note(f"`{SITE}/y.pth` is a named pipe, not a file"),
        Note(f"`{SITE}/z.pth` is a directory, not a file"),
    ]


def test_what_vanishes_while_it_is_read(project: Path) -> None:
    gone = {"x.pth": Symlink("gone"), "a.egg-link": Symlink("gone"), "a.egg-info": Symlink("gone")}
    build(a_venv({**gone, "b-1.dist-info": Symlink("gone")}), project)
    assert read_installed("venv")[:3] == ({}, {}, [])


def test_a_directory_that_may_not_be_read(project: Path) -> None:
    build(a_venv({"x.pth": "secret\n", "secret": dist_info("a", "1")}), project)
    secret = project / SITE / "secret"
    secret.chmod(0)
    try:
        if os.access(secret, os.R_OK):
            pytest.skip("this user may read everything")
        assert read_installed("venv")[:3] == (
            {},
            {},
            [Note(f"`{SITE}/secret` cannot be read (Permission denied)")],
        )
    finally:
        secret.chmod(0o755)


def test_each_directory_is_read_once(project: Path) -> None:
    links: Tree = {"x.pth": "loop\n", "loop": Symlink("."), "a.egg-link": ".", "b-1.dist-info": {}}
    nowhere: Tree = {"y.pth": "self", "self": Symlink("self")}
    build(a_venv({**dist_info("a", "1"), **links, **nowhere}), project)
    (project / "venv/lib64").symlink_to("lib")
    half = Broken(f"{SITE}/b-1.dist-info", HALF, "broken-metadata", (f"{SITE}/b-1.dist-info",))
    assert read_installed("venv")[:3] == (found(A), {"b": [half]}, [])


@pytest.mark.parametrize(
    ("tree", "notes"),
    [
        pytest.param(
            {}, ["`venv/pyvenv.cfg` is missing", "`{library}` is missing"], id="nothing is there"
        ),
        pytest.param(
            {"venv/conda-meta": {}},
            ["`venv/pyvenv.cfg` is missing", "`{library}` is missing"],
            id="of conda",
        ),
        pytest.param(
            {"venv/pyvenv.cfg": Fifo()},
            ["`venv/pyvenv.cfg` is a named pipe, not a file", "`{library}` is missing"],
            id="a named pipe",
        ),
        pytest.param(
            {
                "venv": {
                    "pyvenv.cfg": "version = 3.12.1",
                    "lib/python3.11/site-packages": dist_info("a", "1"),
                }
            },
            ["`venv/lib/python3.12/site-packages` is missing"],
            id="packages of another Python",
        ),
        pytest.param(
            {"venv": Symlink("venv")},
            [
                "`venv/pyvenv.cfg` cannot be read (Too many levels of symbolic links)",
                "`{library}` is missing",
            ],
            id="a link in a loop",
        ),
    ],
)
def test_no_venv(tree: Tree, notes: list[str], project: Path) -> None:
    build(tree, project)
    installed = read_installed("venv")
    own = "{}.{}".format(*sys.version_info)
    library = f"venv/lib/python{own}/site-packages"
    assert installed[:3] == ({}, {}, [Note(note.format(library=library)) for note in notes])
    assert installed.markers["python_version"] in {own, "3.12"}


def test_an_environment_of_conda(project: Path) -> None:
    build(
        {"venv": {"conda-meta": {}, "lib/python3.11/site-packages": dist_info("a", "1")}}, project
    )
    installed = read_installed("venv")
    assert installed.distributions == found(A)
    assert installed.notes == [Note("`venv/pyvenv.cfg` is missing")]
    assert installed.markers["python_version"] == "3.11"


# The base's packages --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "is_seen"),
    [
        pytest.param("include-system-site-packages = true", True, id="true"),
        pytest.param("Include-System-Site-Packages=TRUE", True, id="written in another way"),
        pytest.param("", True, id="no key"),
        pytest.param("include-system-site-packages = false", False, id="false"),
        pytest.param("include-system-site-packages = yes", False, id="another word"),
    ],
)
def test_the_bases_packages_are_seen(key: str, is_seen: bool, project: Path) -> None:
    base = {
        "x.pth": "more",
        "more": dist_info("c", "3"),
        **dist_info("a", "0"),
        **dist_info("b", "2"),
    }
    configuration = f"home = {project}/base/bin\nversion = 3.11.7\n{key}\n"
    build(
        {
            **a_venv(dist_info("a", "1"), configuration=configuration),
            "base/lib/python3.11/site-packages": base,
        },
        project,
    )
    seen = [
        Distribution(
            "b", "2", f"{project}/base/lib/python3.11/site-packages/b-2.dist-info", in_base=True
        ),
        Distribution(
            "c",
            "3",
            f"{project}/base/lib/python3.11/site-packages/more/c-3.dist-info",
            in_base=True,
        ),
    ]
    assert read_installed("venv")[:3] == (found(A, *(seen if is_seen else [])), {}, [])


def test_the_bases_own_doubles_are_told_if_they_differ(project: Path) -> None:
    base = "base/lib/python3.11/site-packages"
    doubles = [
        dist_info("a", "1"),
        {"a.egg-info": PKG_INFO},
        dist_info("b", "1"),
        dist_info("B", "2"),
    ]
    configuration = f"home = {project}/base/bin\nversion = 3.11.7\n"
    tree = a_venv(configuration=configuration)
    build(
        {**tree, base: {name: content for one in doubles for name, content in one.items()}}, project
    )
    what = "`b` is installed more than once: as `2` here, as `1` in `b-1.dist-info` beside it"
    assert read_installed("venv").broken == {
        "b": [Broken(f"{project}/{base}/B-2.dist-info", what, "duplicate-distribution")]
    }


def test_a_base_that_is_gone(project: Path) -> None:
    for home, library in [("/usr/bin", "pypy3.11"), (f"{project}/gone/bin", "python3.11")]:
        tree = {f"lib/{library}/site-packages": dist_info("a", "1")}
        build({"pyvenv.cfg": f"home = {home}\nversion = 3.11.7\n", **tree}, project / library)
        installed = read_installed(library)
        a = A._replace(path=f"{library}/lib/{library}/site-packages/a-1.dist-info")
        assert installed[:3] == (found(a), {}, [])


def test_no_home_no_base(project: Path) -> None:
    build(a_venv(dist_info("a", "1"), configuration="version = 3.11.7\n"), project)
    assert read_installed("venv")[:3] == (found(A), {}, [])
