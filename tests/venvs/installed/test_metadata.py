"""Metadata in every form: headers, `requires.txt`, `direct_url.json`, `.pth`."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importlib_metadata import PathDistribution
from packaging.direct_url import ArchiveInfo, DirectUrl, DirInfo, VcsInfo
from packaging.requirements import Requirement

from hooks.files import Unreadable
from hooks.venvs.installed import Distribution
from hooks.venvs.metadata import (
    Metadata,
    parse_direct_url,
    parse_metadata,
    parse_pth,
)
from hooks.venvs.older import read_egg_info
from tests.trees import build

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
    pytest.param(
        '{"url": "file:./p", "dir_info": {}}',
        DirectUrl(url="file:///./p", dir_info=DirInfo()),
        id="a relative URL, as pip writes it",
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
