"""`pylock.toml` (PEP 751)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.markers import Marker

from hooks.fast.specifiers import Specifiers
from hooks.problems import Problem
from hooks.requirements.pylock import read_pylock
from hooks.requirements.required import Read, RequiresPython
from hooks.requirements.sources import read_asked_for
from tests.families import a_lock
from tests.requirements.readers.reading import shown, told

# -- pylock.toml -----------------------------------------------------------------------------------

PYLOCK = """\
lock-version = "1.0"
created-by = "a test"
requires-python = ">=3.9"
extras = ["web"]
dependency-groups = ["dev", "docs"]
default-groups = ["docs"]

[[packages]]
name = "pinned"
version = "1.0"
marker = "python_version < '4'"
[[packages.wheels]]
url = "https://h/pinned-1.0-py3-none-any.whl"
hashes = {sha256 = "00"}

[[packages]]
name = "from-wheel"
[[packages.wheels]]
url = "https://h/from_wheel-2.0-py3-none-any.whl"
hashes = {sha256 = "00"}

[[packages]]
name = "from-sdist"
[packages.sdist]
url = "https://h/from_sdist-3.0.tar.gz"
hashes = {sha256 = "00"}

[[packages]]
name = "repository"
marker = "'web' in extras"
[packages.vcs]
type = "git"
url = "https://h/r"
commit-id = "0a1b"
subdirectory = "sub"

[[packages]]
name = "folder"
marker = "'dev' in dependency_groups or \\"docs\\" in dependency_groups and os_name == \\"'x' in extras\\""
[packages.directory]
path = "../pkg"
editable = true

[[packages]]
name = "below"
marker = "'dev' not in dependency_groups"
[packages.directory]
path = "../pkg"
subdirectory = "x"

[[packages]]
name = "archive"
[packages.archive]
path = "a.zip"
hashes = {sha256 = "00"}
"""


def locked(text: str, extras: Iterable[str] = (), groups: Iterable[str] = ()) -> Read:
    Path("lock").mkdir(exist_ok=True)
    Path("lock/pylock.dev.toml").write_text(text)
    return read_asked_for(
        "lock/pylock.dev.toml", extras=list(extras), groups=list(groups), directory=".", environ={}
    )


ALWAYS, NEVER = ' ; python_version >= "0"', ' ; python_version < "0"'


LOCKS = {
    "nothing chosen": ([], [], NEVER, NEVER, ALWAYS),
    "an extra": (["Web"], [], ALWAYS, NEVER, ALWAYS),
    "a group": ([], ["dev"], NEVER, ALWAYS, NEVER),
}


@pytest.mark.parametrize(("extras", "groups", "web", "dev", "not_dev"), LOCKS.values(), ids=LOCKS)
def test_pylock(extras: list[str], groups: list[str], web: str, dev: str, not_dev: str) -> None:
    result = locked(PYLOCK, extras, groups)
    folder = f'{dev} or python_version >= "0" and os_name == "\'x\' in extras"'
    assert [line.removeprefix("lock/pylock.dev.toml:") for line in shown(result.required)] == [
        '8 pinned==1.0 -> pinned==1.0 ; python_version < "4"',
        "16 from-wheel==2.0 -> from-wheel==2.0",
        "22 from-sdist==3.0 -> from-sdist==3.0",
        (
            "28 repository @ git+https://h/r@0a1b#subdirectory=sub -> "
            f"repository @ git+https://h/r@0a1b#subdirectory=sub{web}"
        ),
        f"37 folder @ ROOT/pkg -> folder @ ROOT/pkg{folder} (editable)",
        f"44 below @ ROOT/pkg/x -> below @ ROOT/pkg/x{not_dev}",
        "51 archive @ ROOT/lock/a.zip -> archive @ ROOT/lock/a.zip",
    ]
    assert told(result.messages) == []
    assert result.requires_python == RequiresPython(
        "lock/pylock.dev.toml", 3, ">=3.9", Specifiers(">=3.9")
    )


def test_decided_markers_hold_everywhere() -> None:
    for marker, holds in [(ALWAYS, True), (NEVER, False)]:
        assert Marker(marker.removeprefix(" ; ")).evaluate({"python_version": "3.13"}) is holds


def test_a_lock_whose_packages_are_written_in_one_line(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Of a newer minor version, too: packaging's warning about it would go to stderr."""
    result = locked(
        'lock-version = "1.1"\ncreated-by = "x"\n'
        'packages = [{name = "a", directory = {path = "."}}]\n'
    )
    assert shown(result.required) == ["lock/pylock.dev.toml a @ ROOT/lock -> a @ ROOT/lock"]
    assert result.requires_python is None
    assert capfd.readouterr() == ("", "")


TOLD_LOCKS = {
    "no TOML": ("a = ]", [], [], [":1: is no valid TOML"]),
    "nothing": ("", [], [], [": is no valid lock file: see `lock-version`"]),
    "of a later kind": (
        'lock-version = "2.0"\ncreated-by = "x"\npackages = []\n',
        [],
        [],
        [": is no valid lock file"],
    ),
    "a package without a name": (
        'lock-version = "1.0"\ncreated-by = "x"\npackages = [{}]\n',
        [],
        [],
        [": is no valid lock file: see `packages[0].name`"],
    ),
    "an unknown choice": (
        'lock-version = "1.0"\ncreated-by = "x"\npackages = []\nextras = ["a", "b"]\n',
        ["A", "x"],
        ["y"],
        [": there is no extra `x`; there are `a`, `b`", ": there is no dependency group `y`"],
    ),
}


@pytest.mark.parametrize(
    ("text", "extras", "groups", "expected"), TOLD_LOCKS.values(), ids=TOLD_LOCKS
)
def test_what_is_wrong_in_a_lock(
    text: str, extras: list[str], groups: list[str], expected: list[str]
) -> None:
    result = locked(text, extras, groups)
    assert [line.removeprefix("lock/pylock.dev.toml") for line in told(result.messages)] == expected
    assert result.required == []


def test_no_lock() -> None:
    assert read_pylock("pylock.toml") == Read([], [Problem("pylock.toml", "is missing")], {})


def test_a_lock_that_is_for_another_python() -> None:
    Path("pylock.toml").write_text(a_lock("a", 'requires-python = "<3"'))
    lock = read_pylock("pylock.toml").lock
    assert lock is not None
    assert [(each.name, str(each.specifier)) for each in lock.packages] == [("a", "<3")]


def test_a_marker_of_a_lock_that_nothing_decides() -> None:
    Path("pylock.toml").write_text(a_lock("a", "marker = \"'x' in extras and 'y' in extras\""))
    assert read_pylock("pylock.toml").messages == []
    Path("pylock.toml").write_text(a_lock("a", "marker = \"os_name ~= '3'\""))
    told = read_pylock("pylock.toml").messages
    assert [each.rule for each in told if isinstance(each, Problem)] == ["bad-lock"]
