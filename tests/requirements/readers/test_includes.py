"""What a requirements file includes, and how it may be encoded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hooks.problems import Problem
from hooks.requirements.required import Read
from hooks.requirements.sources import read_asked_for
from tests.requirements.readers.reading import read, shown, told
from tests.trees import Symlink, build


def test_no_such_file() -> None:
    assert read_asked_for("none.txt", directory=".", environ={}) == Read(
        [], [Problem("none.txt", "is missing")], {}
    )


def test_paths_count_from_the_projects_folder(project: Path, dev: Path) -> None:
    """A sibling's `-e .` is the sibling, wherever the hook runs; its includes lie beside it."""
    build(
        {"sibling": {"r": {"a.txt": "-e .\n-r b.txt\n", "b.txt": "./pkg\n"}, "pkg/setup.py": ""}},
        dev,
    )
    sibling = os.path.relpath(dev / "sibling", project)
    result = read_asked_for(f"{sibling}/r/a.txt", directory=sibling, environ={})
    assert [(each.path, each.line, each.url) for each in result.required] == [
        (f"{sibling}/r/a.txt", 1, (dev / "sibling").as_uri()),
        (f"{sibling}/r/b.txt", 1, (dev / "sibling/pkg").as_uri()),
    ]
    assert result.messages == []


def test_a_file_url_is_read(project: Path) -> None:
    result = read(f"-r {project.as_uri()}/base.txt\n")
    assert [each.text for each in result.required] == ["base==1"]


def test_what_a_file_outside_of_the_project_holds_is_not_shown() -> None:
    result = read("-r ../outside/shared.txt\n-r to-shadow.txt\n")
    assert shown(result.required) == ["../outside/shared.txt:1 good -> good"]
    assert told(result.messages)[:4] == [
        "../outside/shared.txt:2: the line is no requirement",
        "../outside/shared.txt:3: the line is no requirement",
        "../outside/shared.txt:4: the line is no requirement",
        "../outside/shared.txt:5: the included `../outside/none.txt` is missing",
    ]
    assert not any(":$" in line or "root" in line for line in told(result.messages))


def test_what_a_variable_holds_is_not_shown() -> None:
    result = read(
        "a @ https://u:${TOKEN}@h/a.zip\n-r ${TOKEN}.txt\n${TOKEN} bad\n${BAD}\nx ; ${TOKEN}\n"
        "-r https://${TOKEN}@h/x\n-e ${TOKEN}\n${EMPTY}=1\n-r ${TOKEN} ${FLAG} --${WORD} # ${DIR}\n"
    )
    assert told(result.messages) == [
        "2: the included `${TOKEN}.txt` is missing",
        "3: `${TOKEN} bad` is no requirement",
        "note: requirements.txt:4: `${BAD}` is an option that is not known here: it was not read",
        "5: `x ; ${TOKEN}` has no valid marker",
        "note: requirements.txt:6: `https://****@h/x` is not on this machine and was not read",
        (
            "7: `-e ${TOKEN}` is neither a directory nor the URL of a repository, like "
            "`git+https://…`"
        ),
        "8: `${EMPTY}=1` is no requirement",
        "9: the included `${TOKEN}` is missing",
    ]
    assert [(each.text, each.url) for each in result.required] == [
        ("a @ https://u:${TOKEN}@h/a.zip", "https://u:s3cret@h/a.zip")
    ]
    assert result.hidden == {
        "s3cret": "${TOKEN}",
        "--s3cret": "${BAD}",
        "--pre": "${FLAG}",
        "no-index": "${WORD}",
    }


def test_an_included_file_whose_name_is_a_variable_keeps_it_hidden(project: Path) -> None:
    build({"s3cret": {"in.txt": "inner\nbad word\n"}}, project)
    result = read("-r ${TOKEN}/in.txt\n")
    assert shown(result.required) == ["${TOKEN}/in.txt:1 inner -> inner"]
    assert told(result.messages) == ["${TOKEN}/in.txt:2: `bad word` is no requirement"]


ENCODED = {
    "UTF-8": ("föö\n".encode(), []),
    "UTF-8 with a BOM": (b"\xef\xbb\xbffoo\n", ["1 foo -> foo"]),
    "UTF-16": ("foo\n# ä".encode("utf-16"), ["1 foo -> foo"]),
    "UTF-16, big end first": (b"\xfe\xff" + "foo".encode("utf-16-be"), ["1 foo -> foo"]),
    "UTF-32": ("foo\n".encode("utf-32"), ["1 foo -> foo"]),
    "UTF-32, big end first": (b"\x00\x00\xfe\xff" + "foo".encode("utf-32-be"), ["1 foo -> foo"]),
    "Latin-1, as its first line says": (
        b"# -*- coding: latin-1 -*-\nfoo # \xe4\n",
        ["2 foo -> foo"],
    ),
    "Latin-1, as its second line says": (b"\n# coding=latin-1\nfoo # \xe4\n", ["3 foo -> foo"]),
    "a coding line must be a comment": (b"x # coding: none\n", ["1 x -> x"]),
}


@pytest.mark.parametrize(("content", "expected"), ENCODED.values(), ids=ENCODED)
def test_encodings(content: bytes, expected: list[str]) -> None:
    assert shown(read(content).required) == expected


UNDECODABLE = {
    "no UTF-8": (b"foo\nbar \xff\n", "2: is not UTF-8"),
    "not what the coding line says": (b"# coding: ascii\n\xe4\n", "2: is not ASCII"),
    "half a character of UTF-16": (b"\xff\xfea\x00b", "1: is not UTF-16-LE"),
    "an unknown coding": (b"# coding: klingon\n", " `klingon` is no encoding of text"),
    "a coding of bytes": (b"# coding: hex\n", " `hex` is no encoding of text"),
    "a coding that takes nothing": (b"# coding: undefined\nfoo\n", "1: is not UNDEFINED"),
}


@pytest.mark.parametrize(("content", "expected"), UNDECODABLE.values(), ids=UNDECODABLE)
def test_undecodable(content: bytes, expected: str) -> None:
    result = read(content)
    assert told(result.messages) == [expected]
    assert result.required == []


@pytest.mark.parametrize(("locales", "expected"), [("latin-1", []), ("ascii", ["2: is not UTF-8"])])
def test_what_is_not_utf_8_is_in_the_users_encoding_or_none(
    locales: str, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: locales)
    result = read(b"foo\n# caf\xe9\n")
    assert told(result.messages) == expected
    assert [each.text for each in result.required] == ["foo"] * (not expected)


def test_includes_that_double_are_read_once(project: Path) -> None:
    """Each of 40 files includes the next twice: read each time, that is 2**40 reads."""
    files = {f"d{n}.txt": f"-r d{n + 1}.txt\n-r ./d{n + 1}.txt\nd{n}\n" for n in range(40)}
    build({"double": {**files, "d40.txt": "end\n"}}, project)
    result = read("-r double/d0.txt\n")
    assert [each.text for each in result.required] == ["end", *(f"d{n}" for n in range(39, -1, -1))]
    assert result.messages == []


def test_a_chain_of_includes_longer_than_pythons_stack(project: Path) -> None:
    build({"chain": {f"{n}.txt": f"-r {n + 1}.txt\n" for n in range(3000)}}, project)
    assert told(read("-r chain/0.txt\n").messages) == [
        "chain/2999.txt:1: the included `chain/3000.txt` is missing"
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_that_links_lead_to_in_many_ways_is_read_once(folder: Path) -> None:
    build({"a": Symlink("."), "b": Symlink(".")}, folder)
    result = read("-r a/requirements.txt\n-r b/requirements.txt\nx\n")
    assert [each.text for each in result.required] == ["x"]
    assert result.messages == [
        Problem(
            "requirements.txt",
            f"`{link}/requirements.txt` includes itself this way",
            line,
            "bad-include",
        )
        for line, link in [(1, "a"), (2, "b")]
    ]


def test_includes_of_a_linked_file_count_from_the_links_folder(folder: Path) -> None:
    build(
        {
            "a": {"common.txt": "-r more.txt\n", "more.txt": "x\n"},
            "b": {"common.txt": Symlink("../a/common.txt"), "more.txt": "y\n"},
        },
        folder,
    )
    result = read("-r a/common.txt\n-r b/common.txt\n")
    assert [each.text for each in result.required] == ["x", "y"]


def test_what_a_link_out_of_the_project_leads_to_is_not_shown(folder: Path) -> None:
    build(
        {
            "outside": {
                "pyproject.toml": '[project]\nrequires-python = "s3cret"\n'
                'dependencies = ["s3cret line", "x @ file://s3cret/"]\n',
                "lines.txt": "# coding: s3cret\n",
            },
            "project": {
                "pyproject.toml": Symlink("../outside/pyproject.toml"),
                "lines.txt": Symlink("../outside/lines.txt"),
            },
        },
        folder,
    )
    os.chdir("project")
    messages = [
        message
        for name in ["pyproject.toml", "lines.txt"]
        for message in read_asked_for(name, directory=".", environ={}).messages
    ]
    assert messages == [
        Problem("pyproject.toml", "a dependency is no requirement", 3, "bad-requirement"),
        Problem(
            "pyproject.toml", "a dependency is a `file:` on another machine", 3, "bad-requirement"
        ),
        Problem(
            "pyproject.toml", "`requires-python` is no version specifier", 2, "bad-requirement"
        ),
        Problem("lines.txt", "is no text in its encoding", None),
    ]


def test_a_folder_of_links_is_the_same_by_any_path(project: Path) -> None:
    assert read("--find-links ./sub\na\n").indexes == (f"--find-links={project}/sub",)


def test_an_include_whose_quote_closes_in_a_variable() -> None:
    """What it leads to cannot be told from how it is written, which is shown as it is."""
    result = read("-r 'base${QUOTED}\n")
    assert shown(result.required) == ["-r 'base${QUOTED}:1 base==1 -> base==1"]
    assert result.messages == []


def test_a_file_that_is_included_twice_counts_once() -> None:
    result = read("-r base.txt\n-r base.txt\n")
    assert (shown(result.required), result.messages) == (["base.txt:1 base==1 -> base==1"], [])
