"""hooks/installed.py: what the venv's own Python would say, read from its files."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importlib_metadata import PathDistribution
from packaging.direct_url import ArchiveInfo, DirectUrl, DirInfo, VcsInfo
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement

from hooks.fast.names import normalised
from hooks.files import Unreadable
from hooks.report import Note
from hooks.venvs.installed import Broken, Distribution, Installed, read_installed
from hooks.venvs.metadata import (
    Metadata,
    parse_direct_url,
    parse_metadata,
    parse_pth,
)
from hooks.venvs.older import read_egg_info
from hooks.venvs.python import Python, marker_environment, parse_python_version
from tests import trees
from tests.trees import Fifo, Symlink, Tree, build, pythons

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


@pytest.fixture
def project(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory; the user has no packages of their own."""
    folder = dev / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONUSERBASE", str(dev / "no user base"))
    return folder


# Parsing -------------------------------------------------------------------------------------

METADATA = [
    pytest.param(
        "Metadata-Version: 2.1\nName: pandas\nVersion: 2.0.0\n",
        Metadata("pandas", "2.0.0", (), (), None),
        id="the least",
    ),
    pytest.param(
        "Name: a\nVersion: 1\nRequires-Python: >=3.8\nRequires-Dist: b (>=1)\n"
        "Provides-Extra: x\nRequires-Dist: c[y] ; extra == 'x'\nProvides-Extra: Y_z\n\nbody",
        Metadata("a", "1", ("b (>=1)", "c[y] ; extra == 'x'"), ("x", "Y_z"), ">=3.8"),
        id="all that is needed",
    ),
    pytest.param(
        "name: a\nVERSION:1\nrequires-dist:b\nREQUIRES-PYTHON: >=3.8\nprovides-EXTRA: x\n",
        Metadata("a", "1", ("b",), ("x",), ">=3.8"),
        id="other upper and lower case, no space after the colon",
    ),
    pytest.param(
        "Name: a\nVersion: 1\n\nRequires-Dist: b\n",
        Metadata("a", "1", (), (), None),
        id="a README that looks like headers",
    ),
    pytest.param(
        "Name: a\nVersion: 1\nRequires-Dist: b\n  ; python_version\n\t< '3'\nRequires-Dist: c\n",
        Metadata("a", "1", ("b ; python_version < '3'", "c"), (), None),
        id="a folded line",
    ),
    pytest.param(
        "Name: a\r\nVersion: 1\r\nRequires-Dist: b\r\n\r\nRequires-Dist: c\r\n",
        Metadata("a", "1", ("b",), (), None),
        id="line ends of Windows",
    ),
    pytest.param(
        "Name: a\nVersion: 1\nDescription: one\n    \n    Requires-Dist: no\nRequires-Dist: b",
        Metadata("a", "1", ("b",), (), None),
        id="a description among the headers",
    ),
    pytest.param(
        "Name: a\nVersion: 1\nSummary: one\ntwo lines\nRequires-Dist: b\n",
        Metadata("a", "1", (), (), None),
        id="a summary that breaks the headers off, as for pip",
    ),
    pytest.param(
        "Name: a\nVersion: 1\nVersion: 2\nName: b\n", Metadata("a", "1", (), (), None), id="twice"
    ),
    pytest.param(
        "Name: a\nVersion: 1\nX-Requires-Dist: b\nRequires-Distribution: c\n",
        Metadata("a", "1", (), (), None),
        id="headers with a similar name",
    ),
    pytest.param(
        b"Name: a\nAuthor: M\xfcller\nVersion: 1\nRequires-Dist: \xff\n",
        Metadata("a", "1", ("\ufffd",), (), None),
        id="no UTF-8",
    ),
    pytest.param("Name: a\nVersion: \n", Unreadable("has no `Version`"), id="an empty version"),
    pytest.param("Name: a\n\nVersion: 1\n", Unreadable("has no `Version`"), id="no version"),
    pytest.param("Version: 1\n", Unreadable("has no `Name`"), id="no name"),
    pytest.param("", Unreadable("has no `Name`"), id="an empty file"),
    pytest.param("\nName: a\nVersion: 1\n", Unreadable("has no `Name`"), id="a body only"),
    pytest.param(b"\0" * 100, Unreadable("has no `Name`"), id="what a crash leaves of a file"),
]


@pytest.mark.parametrize(("content", "expected"), METADATA)
def test_the_headers_of_metadata(
    content: str | bytes, expected: Metadata | Unreadable, tmp_path: Path
) -> None:
    raw = content if isinstance(content, bytes) else content.encode()
    assert parse_metadata(raw) == expected
    (tmp_path / "METADATA").write_bytes(raw)
    if isinstance(expected, Metadata) and b"\xff" not in raw:
        assert expected == by_the_email_parser(PathDistribution(tmp_path).read_text("METADATA"))


def by_the_email_parser(text: str | None) -> Metadata:
    import email

    message = email.message_from_string(text or "")
    requires = [" ".join(value.split()) for value in message.get_all("Requires-Dist", [])]
    extras = [" ".join(value.split()) for value in message.get_all("Provides-Extra", [])]
    return Metadata(
        " ".join(message["Name"].split()),
        " ".join(message["Version"].split()),
        tuple(requires),
        tuple(extras),
        " ".join(python.split()) if (python := message["Requires-Python"]) else None,
    )


def test_the_metadata_of_all_that_is_installed_here() -> None:
    compared = 0
    for distribution in importlib.metadata.distributions():
        if (text := distribution.read_text("METADATA")) is not None:
            assert parse_metadata(text.encode()) == by_the_email_parser(text)
            compared += 1
    assert compared > 10


HEADER_LINES = st.lists(
    st.sampled_from(
        [
            *["Name: a", "Version: 1", "Requires-Dist: b", "requires-dist:c", "Provides-Extra: e"],
            *["Requires-Python: >=3", "Summary: x", ":", "Name : d", "é: f", "no header"],
            *["  folded", "\tfolded", "", " "],
        ]
    ),
    max_size=12,
)


@given(HEADER_LINES)
def test_headers_end_where_the_email_parser_ends_them(lines: list[str]) -> None:
    text = "\n".join(["Name: first", "Version: 0", *lines, ""])
    assert parse_metadata(text.encode()) == by_the_email_parser(text)


REQUIRES_TXT = [
    pytest.param("", (), (), id="empty"),
    pytest.param("a\nb>=1\n\n", ("a", "b>=1"), (), id="plain"),
    pytest.param(
        "a\n\n[test]\nb\nc<2\n\n[Docs]\nd\n",
        ("a", 'b ; extra == "test"', 'c<2 ; extra == "test"', 'd ; extra == "Docs"'),
        ("test", "Docs"),
        id="extras",
    ),
    pytest.param(
        '[:python_version < "3.8"]\na\n',
        ('a ; (python_version < "3.8")',),
        (),
        id="a marker",
    ),
    pytest.param(
        '[x:os_name == "posix" or os_name == "nt"]\na\n[x]\nb\n',
        ('a ; (os_name == "posix" or os_name == "nt") and extra == "x"', 'b ; extra == "x"'),
        ("x",),
        id="an extra with a marker",
    ),
    pytest.param(
        "[x]\na@ file:///p/a\n", ('a@ file:///p/a ; extra == "x"',), ("x",), id="from a URL"
    ),
    pytest.param("[empty]\n", (), ("empty",), id="an extra that needs nothing"),
]


@pytest.mark.parametrize(("text", "requires", "extras"), REQUIRES_TXT)
def test_requires_txt(
    text: str, requires: tuple[str, ...], extras: tuple[str, ...], tmp_path: Path
) -> None:
    build({"PKG-INFO": "Name: a\nVersion: 1\n", "requires.txt": text}, tmp_path)
    found = read_egg_info(str(tmp_path))
    assert isinstance(found, Metadata)
    assert [*map(str, map(Requirement, found.requires))] == [*map(str, map(Requirement, requires))]
    assert found.extras == extras


VCS = '"vcs_info": {"vcs": "git", "requested_revision": "main", "commit_id": "abc"}'
DIRECT_URLS = [
    pytest.param(
        '{"url": "file:///p/a", "dir_info": {"editable": true}}',
        DirectUrl(url="file:///p/a", dir_info=DirInfo(editable=True)),
        id="editable",
    ),
    pytest.param(
        '{"url": "file:///p/a.whl", "archive_info": {}}',
        DirectUrl(url="file:///p/a.whl", archive_info=ArchiveInfo()),
        id="a wheel",
    ),
    pytest.param(
        f'{{"url": "https://example.org/a", "subdirectory": "s", {VCS}}}',
        DirectUrl(
            url="https://example.org/a",
            subdirectory="s",
            vcs_info=VcsInfo(vcs="git", commit_id="abc", requested_revision="main"),
        ),
        id="git",
    ),
    pytest.param("", Unreadable("is not valid JSON"), id="empty"),
    pytest.param("{", Unreadable("is not valid JSON"), id="half written"),
    pytest.param(b"\xff\xfe\xff", Unreadable("is not valid JSON"), id="no text"),
    pytest.param("[" * 100_000, Unreadable("is not valid JSON"), id="brackets without end"),
    pytest.param("9" * 5000, Unreadable("is not valid JSON"), id="a number without end"),
    pytest.param("[]", Unreadable("is not valid (PEP 610): it is no object"), id="a list"),
    pytest.param(
        '{"url": "file:///p"}',
        Unreadable(
            "is not valid (PEP 610): "
            "Exactly one of vcs_info, archive_info, dir_info must be present"
        ),
        id="of no kind",
    ),
    pytest.param(
        '{"url": 1, "dir_info": {}}',
        Unreadable("is not valid (PEP 610): Unexpected type int (expected str) in 'url'"),
        id="a number as URL",
    ),
    pytest.param(
        '{"url": "http://[::1", "dir_info": {}}',
        Unreadable("is not valid (PEP 610): its `url` is none"),
        id="no URL",
    ),
]


@pytest.mark.parametrize(("content", "expected"), DIRECT_URLS)
def test_direct_urls(content: str | bytes, expected: DirectUrl | Unreadable) -> None:
    raw = content if isinstance(content, bytes) else content.encode()
    assert parse_direct_url(raw) == expected
    assert Distribution("a", "1", "a-1.dist-info", direct_url_json=raw).direct_url == expected


def test_no_direct_url() -> None:
    assert Distribution("a", "1", "a-1.dist-info").direct_url is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", [], id="empty"),
        pytest.param(b"/p/a\n./b \n  c\n", ["/p/a", "./b", "  c"], id="paths"),
        pytest.param(b"/p/a", ["/p/a"], id="no line end"),
        pytest.param(b"\xef\xbb\xbf/p/a\r\n/p/b\r\n", ["/p/a", "/p/b"], id="from Windows"),
        pytest.param(b"# a\n\n \t\nimport a; b()\nimport\ta\n", [], id="comments and code"),
        pytest.param(b"imports\n #a\n", ["imports", " #a"], id="what only looks like them"),
        pytest.param(b"/p/\xe9", ["/p/\udce9"], id="no UTF-8"),
    ],
)
def test_the_lines_of_a_pth(content: bytes, expected: list[str]) -> None:
    assert parse_pth(content) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a", "a"), ("Zope.Interface", "zope-interface"), ("a_-._b", "a-b"), ("PyYAML", "pyyaml")],
)
def test_names_are_normalised(name: str, expected: str) -> None:
    assert normalised(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("3.11.7", "3.11.7", id="venv"),
        pytest.param("3.11.7.final.0", "3.11.7", id="virtualenv"),
        pytest.param("3.14.0rc1", "3.14.0rc1", id="uv, a release candidate"),
        pytest.param("3.14.0.candidate.1", "3.14.0rc1", id="virtualenv, a release candidate"),
        pytest.param("3.15.0.alpha.2", "3.15.0a2", id="virtualenv, an alpha release"),
        pytest.param("3.15.0b3", "3.15.0b3", id="uv, a beta release"),
        pytest.param("3.12", None, id="uv with a link to the minor version"),
        pytest.param("", None, id="nothing"),
        pytest.param("three", None, id="no version"),
    ],
)
def test_versions_of_python(text: str, expected: str | None) -> None:
    assert parse_python_version(text) == expected


# Markers -------------------------------------------------------------------------------------


def test_the_machine_is_the_hooks_own() -> None:
    full = "{}.{}.{}".format(*sys.version_info)
    if sys.version_info.releaselevel != "final" or sys.implementation.name != "cpython":
        pytest.skip("the oracle is the Python that runs the tests: a released CPython")
    python = Python(full.rpartition(".")[0], full, "CPython", None)
    assert marker_environment(python) == default_environment()


@pytest.mark.parametrize(
    ("python", "expected"),
    [
        pytest.param(
            Python("3.14", "3.14.0rc1", "CPython", None),
            ("3.14", "3.14.0rc1", "cpython", "CPython", "3.14.0c1"),
            id="a release candidate, in the two spellings of the language",
        ),
        pytest.param(
            Python("3.12", None, "CPython", None),
            ("3.12", "3.12.0", "cpython", "CPython", "3.12.0"),
            id="short",
        ),
        pytest.param(
            Python("3.10", "3.10.13", "PyPy", "7.3.15"),
            ("3.10", "3.10.13", "pypy", "PyPy", "7.3.15"),
            id="PyPy",
        ),
    ],
)
def test_the_python_is_the_venvs(python: Python, expected: tuple[str, ...]) -> None:
    markers = marker_environment(python)
    assert expected == (
        markers["python_version"],
        markers["python_full_version"],
        markers["implementation_name"],
        markers["platform_python_implementation"],
        markers["implementation_version"],
    )


HEADER = """\
/* Version as a string */
#define PY_VERSION      \t"{}"
/*--end constants--*/
#define PYPY_VERSION "7.3.15"
"""


@pytest.mark.parametrize(
    ("library", "configuration", "expected"),
    [
        pytest.param(
            "python3.11",
            "version = 3.11.7",
            ("3.11.7", "CPython", "3.11.7", False),
            id="venv",
        ),
        pytest.param(
            "python3.12",
            "version_info = 3.12",
            ("3.12.0", "CPython", "3.12.0", True),
            id="short",
        ),
        pytest.param(
            "python3.13t",
            "version = 3.13.0",
            ("3.13.0", "CPython", "3.13.0", False),
            id="free-threaded",
        ),
        pytest.param(
            "pypy3.10",
            "version_info = 3.10.13.final.0\nimplementation = PyPy",
            ("3.10.13", "PyPy", "0", False),
            id="PyPy",
        ),
        pytest.param(
            "python3.9",
            "",
            ("3.9.0", "CPython", "3.9.0", True),
            id="known by the directory only",
        ),
    ],
)
def test_python_as_far_as_files_tell(
    library: str,
    configuration: str,
    expected: tuple[str, str, str, bool],
    project: Path,
) -> None:
    base = project / "base"
    build({"venv": {f"lib/{library}/site-packages": {}}}, project)
    (project / "venv/pyvenv.cfg").write_text(f"home = {base}/bin\n{configuration}\n")
    installed = read_installed("venv")
    assert installed.notes == []
    assert expected == (
        installed.markers["python_full_version"],
        installed.markers["platform_python_implementation"],
        installed.markers["implementation_version"],
        installed.python_is_short,
    )
    assert Marker("python_version >= '3.9'").evaluate(installed.markers)


# What a tree holds ---------------------------------------------------------------------------


def found(*distributions: Distribution) -> dict[str, Distribution]:
    return {distribution.name: distribution for distribution in distributions}


A = Distribution("a", "1", f"{SITE}/a-1.dist-info")
PKG_INFO = "Metadata-Version: 1.0\nName: a\nVersion: 1\n"

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


HALF = "is half installed: it has no `METADATA`"
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


# Real ones ------------------------------------------------------------------------------------

# What the venv's own Python says: the distributions that it sees, the first of each name, and
# its marker environment, worked out as PEP 508 has it.
QUESTION = """
import importlib.metadata, json, os, platform, re, sys

seen = {}
for it in importlib.metadata.distributions():
    name = it.metadata["Name"]
    if name:
        seen.setdefault(re.sub("[-_.]+", "-", name).lower(), [it.version, it.requires or []])
v = sys.implementation.version
version = "{0.major}.{0.minor}.{0.micro}".format(v)
if v.releaselevel != "final":
    version += v.releaselevel[0] + str(v.serial)
print(json.dumps([seen, {
    "implementation_name": sys.implementation.name,
    "implementation_version": version,
    "os_name": os.name,
    "platform_machine": platform.machine(),
    "platform_python_implementation": platform.python_implementation(),
    "platform_release": platform.release(),
    "platform_system": platform.system(),
    "platform_version": platform.version(),
    "python_full_version": platform.python_version(),
    "python_version": ".".join(platform.python_version_tuple()[:2]),
    "sys_platform": sys.platform,
}]))
"""

Seen = dict[str, tuple[str, list[str]]]


def ask(venv: Path, *flags: str) -> tuple[Seen, dict[str, str]]:
    """What the venv's Python says of itself."""
    run = subprocess.run(
        [venv / "bin/python", *flags, "-c", QUESTION], capture_output=True, text=True, check=True
    )
    seen, markers = json.loads(run.stdout)
    return {name: (it[0], same_spelling(it[1])) for name, it in seen.items()}, markers


def told(installed: Installed) -> Seen:
    distributions = installed.distributions.values()
    return {it.name: (it.version, same_spelling(it.requires)) for it in distributions}


def same_spelling(requires: Iterable[str]) -> list[str]:
    """Each Python's importlib.metadata puts spaces elsewhere when it translates requires.txt."""
    return [str(Requirement(line)) for line in requires]


def run(*words: object) -> None:
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


MAKERS: dict[str, Callable[[str, Path], None]] = {
    "venv": lambda python, place: run(python, "-m", "venv", "--without-pip", place),
    "virtualenv": lambda python, place: run(
        sys.executable, "-m", "virtualenv", "-q", "--no-seed", "-p", python, place
    ),
    "uv": lambda python, place: run(sys.executable, "-m", "uv", "venv", "-q", "-p", python, place),
}
# What a venv may hold, in all the forms at once.
ALL_FORMS: Tree = {
    **dist_info("b", "2", "Requires-Dist: c[x]>=1 ; python_version < '4'", "Provides-Extra: x"),
    "Zope.I_x-5.0.dist-info": {"METADATA": metadata("Zope.I_x", "5.0")},
    "d-1.egg-info": "Metadata-Version: 1.0\nName: d\nVersion: 1\n",
    "e.egg-info": {"PKG-INFO": "Name: e\nVersion: 1.dev0\n", "requires.txt": "b\n"},
    "easy-install.pth": "./f-1-py3.egg\nmore dir",
    "f-1-py3.egg": {"EGG-INFO": {"PKG-INFO": "Name: f\nVersion: 1\n"}},
    "more dir": {**dist_info("b", "0"), **dist_info("g", "7")},
    "z.pth": "# comment\nimport os\n\n  \n.\nnowhere\nlast\r\n../site-packages/more dir\n",
    "last": dist_info("h", "8"),
    "last2": dist_info("i", "9"),
}


@pytest.mark.parametrize("python", [pytest.param(it, id=it.version) for it in pythons()])
@pytest.mark.parametrize("maker", MAKERS)
def test_a_real_venv(maker: str, python: trees.Python, project: Path) -> None:
    if maker != "venv" and shutil.which(maker, path=os.path.dirname(sys.executable)) is None:
        pytest.skip(f"{maker} is not installed")
    MAKERS[maker](python.executable, project / "venv")
    (site_packages,) = (project / "venv/lib").glob("python*/site-packages")
    build(ALL_FORMS, site_packages)
    seen, markers = ask(project / "venv", "-I")
    installed = read_installed("venv")
    assert (told(installed), installed.markers) == (seen, markers)
    assert installed[1:3] == ({}, [])
    assert not installed.python_is_short
    assert {"b", "zope-i-x", "d", "e", "f", "g", "h"} <= seen.keys()


def system_pythons() -> Sequence[object]:
    """Those that pythons() knows, and one of the system, which may have its own places."""
    found = [pytest.param(it.executable, id=it.version) for it in pythons()]
    if system := shutil.which("python3", path="/usr/bin:/bin"):
        found.append(pytest.param(system, id="of the system"))
    return found


@pytest.mark.parametrize("python", system_pythons())
def test_a_real_venv_that_sees_its_base(
    python: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = subprocess.run(
        [python, "-m", "venv", "--without-pip", "--system-site-packages", "venv"], check=False
    )
    if made.returncode != 0:
        pytest.skip(f"{python} cannot make a venv")
    (site_packages,) = (project / "venv/lib").glob("python*/site-packages")
    build(dist_info("mine", "0.1"), site_packages)
    library = site_packages.parent.name
    users = {**dist_info("pip", "0.2"), **dist_info("mine", "0.2"), **dist_info("my-own", "1")}
    user_base: Tree = {f"lib/{library}/site-packages": users}
    monkeypatch.setenv("PYTHONUSERBASE", str(build(user_base, project / "user base")))
    seen, markers = ask(project / "venv")
    installed = read_installed("venv")
    assert (told(installed), installed.markers) == (seen, markers)
    assert installed.distributions["mine"].version == "0.1"
    assert installed.distributions["pip"].version == "0.2"
    assert installed.distributions["my-own"].in_base
    assert installed[1:3] == ({}, [])
    monkeypatch.setenv("PYTHONNOUSERSITE", "1")
    seen, markers = ask(project / "venv")
    assert told(read_installed("venv")) == seen
    assert "my-own" not in seen


# A build backend that needs nothing from anywhere.
BACKEND = """
import os, zipfile

def build_wheel(directory, config_settings=None, metadata_directory=None, pth=None):
    name = "tiny-1.0-py3-none-any.whl"
    files = {
        "tiny.py": "",
        "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\\nName: Tiny\\nVersion: 1.0\\n",
        "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n",
    }
    if pth:
        del files["tiny.py"]
        files["tiny.pth"] = pth
    files["tiny-1.0.dist-info/RECORD"] = "".join(file + ",,\\n" for file in files)
    with zipfile.ZipFile(os.path.join(directory, name), "w") as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    return name

def build_editable(directory, config_settings=None, metadata_directory=None):
    return build_wheel(directory, pth=os.getcwd())
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny"
version = "1.0"
"""
SOURCE: Tree = {"pyproject.toml": PYPROJECT, "backend.py": BACKEND, "tiny.py": ""}
INSTALLERS = {
    "pip": ["-m", "pip", "--python", "venv/bin/python", "install", "-q", "--no-index"],
    "uv": ["-m", "uv", "pip", "install", "-q", "-p", "venv/bin/python", "--offline", "--no-index"],
}


@pytest.mark.parametrize("installer", INSTALLERS)
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(
            ["{dev}/source"],
            lambda dev, _: DirectUrl(url=f"{dev.as_uri()}/source", dir_info=DirInfo()),
            id="a directory",
        ),
        pytest.param(
            ["-e", "../source"],
            lambda dev, _: DirectUrl(url=f"{dev.as_uri()}/source", dir_info=DirInfo(editable=True)),
            id="editable",
        ),
        pytest.param(
            ["tiny @ git+{uri}/repository@v1#subdirectory=sub"],
            lambda dev, commit: DirectUrl(
                url=f"{dev.as_uri()}/repository",
                subdirectory="sub",
                vcs_info=VcsInfo(vcs="git", commit_id=commit, requested_revision="v1"),
            ),
            id="a tag of a git repository, a directory in it",
        ),
        pytest.param(["--find-links", "../wheels", "tiny"], lambda _, __: None, id="by its name"),
    ],
)
def test_a_real_install(
    installer: str,
    words: list[str],
    expected: Callable[[Path, str], DirectUrl | None],
    dev: Path,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    MAKERS["venv"](sys.executable, project / "venv")
    build(SOURCE, dev / "source")
    (dev / "wheels").mkdir()
    repository = build({"sub": SOURCE}, dev / "repository")
    for arguments in [["init", "-q"], ["add", "."], ["commit", "-qm", "one"], ["tag", "v1"]]:
        trees.git(repository, *arguments)
    commit = trees.git(repository, "rev-parse", "HEAD").strip()
    trees.paste(
        f"cd source && '{sys.executable}' -c \"import backend; backend.build_wheel('../wheels')\"",
        dev,
    )
    run(
        sys.executable,
        *INSTALLERS[installer],
        *(it.format(dev=dev, uri=dev.as_uri()) for it in words),
    )
    installed = read_installed("venv")
    assert told(installed) == ask(project / "venv", "-I")[0]
    assert installed[1:3] == ({}, [])
    tiny = installed.distributions["tiny"]
    assert (tiny.version, tiny.in_base, tiny.editable_project) == ("1.0", False, None)
    direct_url = tiny.direct_url
    wanted = expected(dev, commit)
    if isinstance(direct_url, DirectUrl) and wanted and wanted.dir_info == DirInfo():
        # uv adds `"editable": false`.
        assert direct_url.dir_info
        assert (direct_url.url, bool(direct_url.dir_info.editable)) == (wanted.url, False)
    elif isinstance(direct_url, DirectUrl) and wanted and wanted.vcs_info:
        # pip writes the URL of a repository with a space in it, uv with `%20`.
        assert unquote(direct_url.url) == unquote(wanted.url)
        assert direct_url.vcs_info == wanted.vcs_info
        assert direct_url.subdirectory == wanted.subdirectory
    else:
        assert direct_url == wanted


def test_a_race_with_an_installer(project: Path) -> None:
    """While an upgrade goes on, again and again: half installed or not there, but never wrong."""
    site_packages = build(a_venv(dist_info("a", "1")), project) / SITE
    done = threading.Event()

    def upgrade_for_ever() -> None:
        version = 1
        while not done.is_set():
            os.rename(site_packages / f"a-{version}.dist-info", site_packages / "~a.dist-info")
            version = 3 - version
            new = site_packages / f"a-{version}.dist-info"
            new.mkdir()
            (new / "METADATA").write_text(metadata("a", str(version)))
            shutil.rmtree(site_packages / "~a.dist-info")

    installer = threading.Thread(target=upgrade_for_ever)
    installer.start()
    seen = set()
    try:
        end = time.monotonic() + 1
        while time.monotonic() < end:
            installed = read_installed("venv")
            assert installed.notes == []
            for it in installed.distributions.values():
                assert it.path == f"{SITE}/a-{it.version}.dist-info"
                seen.add(it.version)
            for finding in installed.broken.get("a", []):
                seen.add(finding.what)
    finally:
        done.set()
        installer.join()
    assert {"1", "2"} <= seen <= {"1", "2", HALF, "has no `Name`"}


def test_nothing_slow_is_imported(project: Path) -> None:
    build(
        a_venv(
            dist_info("a", "1", **{"direct_url.json": "{}"}),
        ),
        project,
    )
    code = (
        "import sys; from hooks.venvs.installed import read_installed;"
        "assert len(read_installed('venv').distributions) == 1; print(*sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    imported = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    slow = {"packaging", "importlib_metadata", "importlib.metadata", "email", "json", "platform"}
    slow |= {"pathlib", "subprocess", "dataclasses", "urllib", "zipfile", "inspect"}
    assert not slow & {*imported.stdout.split()}


def test_a_venv_that_does_not_tell_its_version(tmp_path: Path) -> None:
    build({"venv/lib/python/site-packages": {}, "venv/pyvenv.cfg": "version = 3.²\n"}, tmp_path)
    installed = read_installed(str(tmp_path / "venv"))
    own = "{}.{}".format(*sys.version_info)
    assert installed.markers["python_version"] == own
    place = tmp_path / "venv"
    assert Note(f"`{place}` does not tell its Python's version, taken to be `{own}`") in (
        installed.notes
    )
