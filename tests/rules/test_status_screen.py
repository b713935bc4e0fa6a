"""Cells, sizes and lines of the screen, one by one."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from hooks.project.activation import Shell
from hooks.project.git_hooks import GitHooks
from hooks.rules.one_project import Counts, Looked
from hooks.rules.status import Newer, Shared, Status
from hooks.rules.status_screen import cut, document, lines, size
from hooks.venvs.disk import Disk
from tests.trees import build

MIB = 1024 * 1024
STATUS = Status(
    Shared("../a/venv", None, None, "is missing"),
    None,
    [Looked(".", "a")],
    [],
    None,
    None,
    None,
    [],
    None,
    {},
)


def screen(status: Status, folder: str | None = None) -> list[str]:
    return list(lines(status, str, folder=folder, coloured=False))


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 5, ""),
        ("dr-daily", 8, "dr-daily"),
        ("dr-daily-report_telegram", 11, "dr-da…egram"),
        ("dr-daily-report_telegram", 10, "dr-d…egram"),
        ("日本語日本語", 12, "日本語日本語"),
        ("日本語日本語", 11, "日本…日本語"),
        ("日本語日本語", 10, "日本…本語"),
        ("a日本語日本語", 9, "a日…本語"),
    ],
)
def test_what_is_too_long_loses_its_middle(text: str, width: int, expected: str) -> None:
    found = cut(text, width)
    wide = sum(1 + (unicodedata.east_asian_width(char) == "W") for char in found)
    assert found == expected
    assert wide <= width


def test_a_mark_over_a_letter_takes_no_column() -> None:
    assert cut("e\N{COMBINING ACUTE ACCENT}tat", 4) == "e\N{COMBINING ACUTE ACCENT}tat"


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "0 KiB"),
        (1, "1 KiB"),
        (1025, "2 KiB"),
        (10 * MIB - 1, "10240 KiB"),
        (10 * MIB, "10 MiB"),
        (512 * MIB, "512 MiB"),
        (512 * MIB + 1, "513 MiB"),
        (10240 * MIB, "10.0 GiB"),
        (12 * 1024 * MIB + 512 * MIB, "12.5 GiB"),
    ],
)
def test_sizes_as_du_writes_them(count: int, expected: str) -> None:
    assert size(count) == expected


def test_colours_take_no_room() -> None:
    drawn = list(lines(STATUS, str, folder=None, coloured=True))
    assert drawn != screen(STATUS)
    assert [re.sub(r"\x1b\[\d*m", "", line) for line in drawn] == screen(STATUS)


SHARED = "../a/venv"
SHELLS = [
    (SHARED, f"{SHARED}/bin/python", f"activated: {SHARED}"),
    (SHARED, "/x/python", f"activated: {SHARED}, but `python` on PATH is /x/python"),
    (SHARED, None, f"activated: {SHARED}, but no `python` is on PATH"),
    ("/v", "/v/bin/python", "another venv is activated: /v"),
    (
        "/v",
        f"{SHARED}/bin/python",
        f"another venv is activated: /v, but `python` on PATH is that of {SHARED}",
    ),
    (
        None,
        f"{SHARED}/bin/python",
        f"not activated, but `python` on PATH is that of {SHARED}",
    ),
    (None, "/x/python", "no venv is activated; `python` on PATH is /x/python"),
    (None, None, "no venv is activated; no `python` is on PATH"),
]


@pytest.mark.parametrize(("activated", "python", "expected"), SHELLS)
def test_this_shell(
    activated: str | None,
    python: str | None,
    expected: str,
    dev: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build({"a": {"venv": {"bin": {}}}, "b": {}}, dev)
    monkeypatch.chdir(dev / "b")
    [_, shell, *_] = screen(STATUS._replace(shell=Shell(activated, python)))
    assert shell == f"this shell    {expected}"


DISKS = {
    "pip's": (
        Disk(512 * MIB, 512 * MIB, False, 0),
        ["disk          512 MiB once; each venv of its own would add 512 MiB"],
    ),
    "uv's": (
        Disk(512 * MIB, 150 * MIB, False, 0),
        [
            "disk          512 MiB once; each venv of its own would add 512 MiB (installed by pip),"
            " 150 MiB (by",
            "              uv, hard links)",
        ],
    ),
    "on a disk that clones": (
        Disk(512 * MIB, 150 * MIB, True, 0),
        [
            "disk          at most 512 MiB once; each venv of its own would add at most 512 MiB"
            " (installed by",
            "              pip), at most 150 MiB (by uv, hard links): files can share blocks here",
        ],
    ),
}


@pytest.mark.parametrize(("disk", "expected"), DISKS.values(), ids=DISKS)
def test_what_sharing_saves(disk: Disk, expected: list[str]) -> None:
    found = screen(STATUS._replace(disk=disk))
    assert found[4:-1] == expected
    assert max(map(len, found)) <= 100


HOOKS = {
    "outside git": (None, "no git"),
    "none": (GitHooks((), ()), "none"),
    "at the usual stage": (GitHooks(("prek",), ("pre-commit",)), "prek"),
    "at another one": (GitHooks(("pre-commit",), ("pre-push",)), "pre-commit, pre-push"),
    "at several": (GitHooks(("prek",), ("pre-commit", "pre-push")), "prek, 2 stages"),
    "both": (GitHooks(("pre-commit", "prek"), ("pre-commit",)), "pre-commit+prek"),
}


@pytest.mark.parametrize(("hooks", "expected"), HOOKS.values(), ids=HOOKS)
def test_git_hooks(hooks: GitHooks | None, expected: str) -> None:
    looked = Looked(".", "a", git_hooks=hooks, counts=Counts(1, None, None))
    row = screen(STATUS._replace(projects=[looked]))[3]
    assert row == f"a        -        1        -      -  -          {expected:9}  -"
    [project] = json_projects(STATUS._replace(projects=[looked]))
    asked = hooks and {"runners": [*hooks.runners], "stages": [*hooks.stages]}
    assert project["git_hooks"] == asked


def json_projects(status: Status) -> list[dict[str, object]]:
    found = document(status, None)["projects"]
    assert isinstance(found, list)
    return found


def test_the_longest_cells_leave_room_for_names() -> None:
    looked = Looked(
        ".",
        "dr-daily-report_telegram",
        link="local venv",
        own_venvs=["a/very/long/path/to/some/.venv", "b"],
        git_hooks=GitHooks(("pre-commit", "prek"), ("a", "b", "c", "d", "e", "f", "g")),
        rev="8d1e4a2c1d1e4a2c1d1e4a2c1d1e4a2c1d1e4a2c",
    )
    [row] = screen(STATUS._replace(projects=[looked]))[3:-1]
    assert row == (
        "dr-dail…telegram  local venv     -        -      -  a/very/lo…e/.venv +1"
        "  pre-commi…, 7 stages  8d1e4a2c1d1e"
    )


def test_the_way_to_a_newer_python() -> None:
    newer = Newer(["mv a b", "c"], None)
    found = screen(STATUS._replace(newer=newer, fill="c"), "..")
    assert found[4:] == [
        "fill          (cd -P .. && c)",
        "newer Python",
        "  (cd -P .. && mv a b)",
        "  (cd -P .. && c)",
        "no findings",
    ]
    told = document(STATUS._replace(newer=newer, fill="c"), "..")
    assert told["newer_python"] == ["(cd -P .. && mv a b)", "(cd -P .. && c)"]
    assert told["fill"] == "(cd -P .. && c)"


def test_a_single_distribution_is_one() -> None:
    found = screen(STATUS._replace(shared=Shared("venv", "3.12", 1, None)))
    assert found[0] == "shared venv   venv   Python 3.12   1 distribution   works"
