"""Where a distribution comes from: spellings of the same place, then what differs."""

from __future__ import annotations

from typing import Any

import pytest
from packaging.direct_url import DirectUrl

from hooks.requirements.origin import (
    Difference,
    Origin,
    contradicts,
    difference,
    editable_origin,
    installed_origin,
    parse_origin,
)

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SOURCES = "/venv/src"


def required(text: str) -> Origin:
    """A requirement's URL; `-e` in front makes it editable."""
    return parse_origin(text.removeprefix("-e "), is_editable=text.startswith("-e "))


def archive(url: str, **hashes: str) -> DirectUrl:
    return direct_url(url, archive_info={"hashes": hashes} if hashes else {})


def directory(url: str, *, editable: bool = False, **more: str) -> DirectUrl:
    return direct_url(url, dir_info={"editable": editable}, **more)


def repository(
    url: str, revision: str | None = None, commit: str = COMMIT, vcs: str = "git", **more: str
) -> DirectUrl:
    info = {"vcs": vcs, "commit_id": commit}
    return direct_url(
        url, vcs_info=info | ({"requested_revision": revision} if revision else {}), **more
    )


def direct_url(url: str, **record: Any) -> DirectUrl:
    return DirectUrl.from_dict({"url": url, **record})


SAME = [
    pytest.param("https://e.org/a.zip", archive("https://e.org/a.zip"), id="the same URL"),
    pytest.param("https://me:pw@e.org/a", archive("https://e.org/a"), id="a password"),
    pytest.param("https://me:p@w@e.org/a", archive("https://${U}@e.org/a"), id="@ in a password"),
    pytest.param("HTTPS://E.org:443/a/", archive("https://e.org/a"), id="case, port and slash"),
    pytest.param("https://e.org/a%20b", archive("https://e.org/a b"), id="percent encoding"),
    pytest.param("https://e.org/a?x=1", archive("https://e.org/a?x=1"), id="a query"),
    pytest.param("https://[::1", archive("https://[::1"), id="what is no URL"),
    pytest.param(
        "https://e.org/a#sha256=AB&egg=a", archive("https://e.org/a", sha256="ab"), id="a hash"
    ),
    pytest.param("https://e.org/a#sha256=ab", archive("https://e.org/a"), id="a hash of one"),
    pytest.param("https://e.org/a", archive("https://e.org/a", md5="1"), id="a hash of the other"),
    pytest.param("file:///my%20dev/a", directory("file:///my dev/a"), id="a path"),
    pytest.param("file://localhost/a/", directory("file:///a"), id="localhost"),
    pytest.param("file:///x/../a/.", directory("file:///a"), id="a path that is not straight"),
    pytest.param("-e file:///a", directory("file:///a", editable=True), id="editable"),
    pytest.param("file:///a+b", directory("file:///a+b"), id="a plus in a path"),
    pytest.param(
        "file:///a#subdirectory=b/c",
        directory("file:///a", subdirectory="b/c/"),
        id="a subdirectory",
    ),
    pytest.param(
        "file:///a#subdirectory=.", directory("file:///a"), id="a subdirectory that is none"
    ),
    pytest.param("git+https://e.org/a", repository("https://e.org/a"), id="a repository"),
    pytest.param("git+https://e.org/a.git", repository("https://e.org/a/"), id=".git"),
    pytest.param("git+https://e.org/a", repository("https://e.org/a.git"), id="no .git"),
    pytest.param(
        "git+ssh://git@e.org/o/a.git@v1", repository("ssh://git@e.org/o/a", "v1"), id="ssh"
    ),
    pytest.param("git+ssh://git@e.org/o/a", repository("git@e.org:o/a.git"), id="as scp has it"),
    pytest.param("git+git@e.org:o/a@v1", repository("git@e.org:o/a", "v1"), id="scp and revision"),
    pytest.param("git+https://me@e.org/a@v1", repository("https://e.org/a", "v1"), id="a tag"),
    pytest.param(
        "git+https://e.org/a@v%231", repository("https://e.org/a", "v#1"), id="a quoted revision"
    ),
    pytest.param(
        "git+https://e.org/a@x/y@z", repository("https://e.org/a@x/y", "z"), id="an @ in the path"
    ),
    pytest.param(
        "git+https://e.org/a@refs/heads/x", repository("https://e.org/a", "x"), id="a whole ref"
    ),
    pytest.param(f"git+https://e.org/a@{COMMIT}", repository("https://e.org/a", "x"), id="commit"),
    pytest.param(
        f"git+https://e.org/a@{COMMIT[:9].upper()}", repository("https://e.org/a"), id="short"
    ),
    pytest.param(
        f"git+https://e.org/a@{COMMIT[:9]}",
        repository("https://e.org/a", COMMIT[:12]),
        id="two short forms",
    ),
    pytest.param(
        "git+https://e.org/a@v1#subdirectory=b&egg=a",
        repository("https://e.org/a", "v1", subdirectory="b"),
        id="a subdirectory of a repository",
    ),
    pytest.param("hg+https://e.org/a", repository("https://e.org/a", vcs="hg"), id="another kind"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), SAME)
def test_same(text: str, found: DirectUrl) -> None:
    assert difference(required(text), installed_origin(found), SOURCES) is None


DIFFERENT = [
    pytest.param(
        "https://e.org/a", None, "it was installed by its name alone, from an index", id="by name"
    ),
    pytest.param(
        "https://e.org/a",
        archive("https://e.org/b"),
        "it is installed from `https://e.org/b`",
        id="another path",
    ),
    pytest.param(
        "https://e.org/${TOKEN}/a",
        archive("https://e.org/s3cret/b?sig=s3cret"),
        "it is installed from `https://e.org/…`",
        id="another path, where what a variable was may stand",
    ),
    pytest.param(
        "https://e.org/${TOKEN}/a",
        directory("file:///src/a"),
        "it is installed from `/src/a`",
        id="a folder, where a variable is asked for",
    ),
    pytest.param(
        "https://e.org/a",
        archive("http://e.org/a"),
        "it is installed from `http://e.org/a`",
        id="another scheme",
    ),
    pytest.param(
        "https://e.org/a",
        archive("https://e.org:8443/a"),
        "it is installed from `https://e.org:8443/a`",
        id="another port",
    ),
    pytest.param(
        "https://e.org/a?x=1",
        archive("https://e.org/a?x=2"),
        "it is installed from `https://e.org/a?x=****`",
        id="another query",
    ),
    pytest.param(
        "https://e.org/a#sha256=ab",
        archive("https://e.org/a", sha256="cd"),
        "another file is installed from there",
        id="another hash",
    ),
    pytest.param(
        "file:///a",
        directory("file:///my%20b"),
        "it is installed from `/my b`",
        id="another folder",
    ),
    pytest.param(
        "file:///a",
        directory("file:///a", editable=True),
        "it is installed editable",
        id="editable, but required as a copy",
    ),
    pytest.param(
        "-e file:///a", directory("file:///a"), "a copy is installed", id="a copy, but editable"
    ),
    pytest.param(
        "file:///a#subdirectory=b",
        directory("file:///a"),
        "it is installed from its root",
        id="the root, but a subdirectory",
    ),
    pytest.param(
        "file:///a",
        directory("file:///a", subdirectory="b"),
        "it is installed from its subdirectory `b`",
        id="a subdirectory, but the root",
    ),
    pytest.param(
        "git+https://e.org/a",
        archive("https://e.org/a"),
        "it is installed from `https://e.org/a`",
        id="an archive, but a repository",
    ),
    pytest.param(
        "https://e.org/a",
        repository("https://e.org/a"),
        "it is installed from `git+https://e.org/a`",
        id="a repository, but an archive",
    ),
    pytest.param(
        "git+https://e.org/a@v2",
        repository("https://e.org/a", "v1"),
        f"`v1` is installed (commit `{COMMIT}`)",
        id="another tag",
    ),
    pytest.param(
        f"git+https://e.org/a@{'f' * 40}",
        repository("https://e.org/a", "main"),
        f"commit `{COMMIT}` is installed",
        id="another commit",
    ),
    pytest.param(
        "git+https://e.org/a@" + "f" * 8,
        repository("https://e.org/a", "main"),
        f"`main` is installed (commit `{COMMIT}`)",
        id="another short commit",
    ),
    pytest.param(
        "-e git+https://e.org/a",
        directory("file:///elsewhere/src/a", editable=True),
        "it is installed from `/elsewhere/src/a`",
        id="a clone elsewhere",
    ),
    pytest.param(
        "-e git+https://e.org/a",
        directory("file:///venv/src/a"),
        "it is installed from `/venv/src/a`",
        id="a clone that is a copy",
    ),
    pytest.param(
        "-e git+https://e.org/a",
        repository("https://e.org/a"),
        "a copy is installed",
        id="a repository's copy, but editable",
    ),
]


@pytest.mark.parametrize(("text", "found", "what"), DIFFERENT)
def test_different(text: str, found: DirectUrl | None, what: str) -> None:
    origin = installed_origin(found) if found else None
    assert difference(required(text), origin, SOURCES) == Difference(what)


ONLY_THE_NETWORK_COULD_TELL = [
    pytest.param(
        "git+https://e.org/a",
        repository("https://e.org/a", "main"),
        "`main` is installed: whether that is the default branch cannot be told offline",
        id="the default branch",
    ),
    pytest.param(
        "git+https://e.org/a@v1",
        repository("https://e.org/a"),
        f"commit `{COMMIT}` is installed: whether that is `v1` cannot be told offline",
        id="a tag, installed from the default branch",
    ),
    pytest.param(
        "git+https://e.org/a@main",
        repository("https://e.org/a", COMMIT),
        f"commit `{COMMIT}` is installed: whether that is `main` cannot be told offline",
        id="a branch, installed by its commit",
    ),
]


@pytest.mark.parametrize(("text", "found", "what"), ONLY_THE_NETWORK_COULD_TELL)
def test_what_cannot_be_told(text: str, found: DirectUrl, what: str) -> None:
    expected = Difference(what, is_certain=False)
    assert difference(required(text), installed_origin(found), SOURCES) == expected


def test_setup_py_develop() -> None:
    origin = editable_origin("/my dev/a/.")
    assert difference(required("-e file:///my%20dev/a"), origin, SOURCES) is None
    assert difference(required("-e file:///b"), origin, SOURCES) == Difference(
        "it is installed from `/my dev/a/.`"
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("https://e.org/a", "https://me@e.org/a/", False, id="the same"),
        pytest.param("git+https://e.org/a@v1", "git+https://e.org/a.git", False, id="one revision"),
        pytest.param(
            f"git+https://e.org/a@{COMMIT}",
            f"git+https://e.org/a@{COMMIT[:8]}",
            False,
            id="a short form",
        ),
        pytest.param("https://e.org/a#sha256=1", "https://e.org/a", False, id="one hash"),
        pytest.param("https://e.org/a", "https://e.org/b", True, id="another place"),
        pytest.param("https://e.org/a", "git+https://e.org/a", True, id="another kind"),
        pytest.param("https://e.org/a#sha256=1", "https://e.org/a#sha256=2", True, id="two hashes"),
        pytest.param("git+https://e.org/a@v1", "git+https://e.org/a@v2", True, id="two revisions"),
        pytest.param("file:///a", "-e file:///a", True, id="editable and not"),
        pytest.param("file:///a", "file:///a#subdirectory=b", True, id="a subdirectory and not"),
    ],
)
def test_contradicts(one: str, other: str, expected: bool) -> None:
    assert contradicts(required(one), required(other)) is expected
    assert contradicts(required(other), required(one)) is expected


def test_the_directory_of_an_origin() -> None:
    assert required("file:///a#subdirectory=b").directory == "/a/b"
    assert required("https://e.org/a").directory is None
    assert required("git+file:///a").directory is None
