"""Which repository a `repo:` names, and which of a project's files is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.files import Unreadable
from hooks.project.configuration import Configuration, parse_configuration, repository_of
from hooks.project.copies import Copy, may_pin_twice, name_of, read_configuration, read_copy
from hooks.values import Malformed
from tests.trees import Symlink, build

SAME = [
    ["https://github.com/a/b", "https://github.com/a/b.git", "https://github.com/a/b/", "https://GitHub.com/a/b.git/"],
    ["https://github.com/a/b", "https://me@github.com/a/b", "https://me:pw@github.com/a/b", "https://github.com/a/b?token=x"],
    ["https://github.com/a/b", "https://github.com:443/a/b", "ssh://git@github.com/a/b.git", "ssh://git@github.com:22/a/b"],
    ["git@github.com:a/b.git", "https://github.com/a/b", "http://github.com/a/b", "github.com:a/b"],
    ["../x", "../x/", "../x.git", "/dev/x", "file:///dev/x", "../news/../x"],
]  # fmt: skip
OTHERS = [
    ("https://github.com/a/b", "https://github.com/a/B"),
    ("https://github.com/a/b", "https://github.com/a/b/c"),
    ("https://github.com/a/b", "https://gitlab.com/a/b"),
    ("https://github.com/a/b", "https://github.com:8443/a/b"),
    ("../x", "../../x"),
    ("https://h/x", "/h/x"),
    ("C:/x", "/x"),
]


@pytest.mark.parametrize("urls", SAME)
def test_spellings_of_one_repository(urls: list[str]) -> None:
    assert len({repository_of(url, "/dev/news") for url in urls}) == 1


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_two_repositories(one: str, other: str) -> None:
    assert repository_of(one, "/dev/news") != repository_of(other, "/dev/news")


def test_a_relative_path_counts_from_its_project(tmp_path: Path) -> None:
    build({"hooks": {}, "far": {"hooks": Symlink("../hooks")}}, tmp_path)
    places = {repository_of("../hooks", str(tmp_path / "news")), str(tmp_path / "hooks")}
    places.add(repository_of("../hooks", str(tmp_path / "far/news")))
    assert places == {str(tmp_path / "hooks")}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/a/b.git/", "b"),
        ("git@h:b.git", "b"),
        ("../b", "b"),
        ("https://h/b?x=/y", "b"),
        ("b", "b"),
    ],
)
def test_the_name_of_a_repository(url: str, name: str) -> None:
    assert name_of(url) == name


TOML, YAML, YML = "prek.toml", ".pre-commit-config.yaml", ".pre-commit-config.yml"


@pytest.mark.parametrize(
    ("names", "expected"),
    [([TOML, YAML, YML], TOML), ([YAML, YML], YAML), ([YML], YML), ([], None)],
)
def test_the_file_that_a_runner_takes(
    names: list[str], expected: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build({"dr": {name: name for name in names}, "news": {}}, tmp_path)
    found = read_configuration(str(tmp_path / "dr"))
    assert (found and found.path) == (expected and str(tmp_path / "dr" / expected))
    assert (found and found.folder) == (expected and str(tmp_path / "dr"))
    monkeypatch.chdir(tmp_path / "dr")
    own = read_configuration(".", "/dev/main")
    expected_copy = expected and Copy(expected, "/dev/main", expected.encode())
    assert own == expected_copy


def test_what_is_no_file_is_not_passed_over(tmp_path: Path) -> None:
    build({TOML: {}, YAML: "repos: []"}, tmp_path)
    found = read_configuration(str(tmp_path))
    assert found is not None
    assert parse_configuration(found) == Malformed("is a directory, not a file")


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    build({"a.yaml": b"#" * (1024 * 1024 + 1), "b.yaml": b"#" * 1024 * 1024}, tmp_path)
    assert read_copy(str(tmp_path), "a.yaml").content == Unreadable("is larger than 1024 KiB")
    assert read_copy(str(tmp_path), "b.yaml").content == b"#" * 1024 * 1024


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("repos:\n- repo: https://h/a\n- repo: https://h/b\n", False),
        ("repos:\n- repo: local\n- repo: local\n- repo: meta\n- repo: 'meta'\n", False),
        ("", False),
        ("repo:", False),
        ("repos:\n- repo: https://h/a\n- repo: https://i/c/a.git\n", True),
        ("repos: [{repo: https://h/a, rev: x}, {'repo': 'git@h:a', rev: y}]", True),
        ('repos: [{"repo":"https://h/a"},{"repo":"https://h/a/"}]', True),
        ('[[repos]]\nrepo = "https://h/a"\n[[repos]]\nrepo="https://h/a"\n', True),
    ],
)
def test_a_look_at_a_text_that_nobody_parses(text: str, expected: bool) -> None:
    assert may_pin_twice(Copy(YAML, ".", text.encode())) is expected


def test_a_look_at_nothing() -> None:
    assert not may_pin_twice(Copy(YAML, ".", Unreadable("is a directory")))


@pytest.mark.parametrize(
    ("line", "frozen"),
    [
        ("rev: abc  # frozen: v1", "v1"),
        ("'rev':  'abc'   #frozen:v1 x", "v1"),
        ('"rev": abc # frozen: v1', "v1"),
        ("rev: abc  # v1", None),
        ("rev: abc\n  # frozen: v1", None),
        ("rev: abc#frozen:v1", None),
    ],
)
def test_the_comment_of_a_frozen_hash(line: str, frozen: str | None) -> None:
    text = f"repos:\n- repo: https://h/a\n  {line}\n"
    configuration = parse_configuration(Copy(YAML, ".", text.encode()))
    assert isinstance(configuration, Configuration)
    [pin] = configuration.pins
    assert (pin.frozen, pin.line) == (frozen, 3)
