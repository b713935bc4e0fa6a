"""How a project configures these hooks, in whichever file."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from hooks.files import Unreadable
from hooks.project.copies import Copy
from hooks.project.own_hooks import OwnHooks, parse_own_hooks, read_own_hooks
from hooks.values import Malformed

HASH = "8d1e4a2c1d1e4a2c1d1e4a2c1d1e4a2c1d1e4a2c"
OURS = "repos:\n- repo: https://github.com/OWNER/shared-venv-hooks\n  rev: {}\n  hooks:\n{}"
NAME = ".pre-commit-config.yaml"

TEXTS: dict[str, tuple[str, str | None, tuple[str, ...]]] = {
    "an empty file": ("", None, ()),
    "no list of repos": ("repos: 1", None, ()),
    "entries that are none": ("repos: [1, {}, {hooks: [1, {id: 2}]}, {hooks: {}}]", None, ()),
    "only other hooks": (OURS.format("v1", "  - id: ruff\n    args: [--fix]\n"), None, ()),
    "without arguments": (OURS.format("v1", "  - id: check-shared-venv\n"), "v1", ()),
    "arguments that are no text": (
        OURS.format("v1", "  - id: check-shared-venv\n    args: [1, --fix, [a]]\n"),
        "v1",
        ("--fix",),
    ),
    "each of the three": (
        OURS.format(
            "v1",
            "  - id: check-venv-symlink\n    args: [--target=../a/venv, --fix]\n"
            "  - id: forbid-local-venv\n    args: [--allow, examples]\n"
            "  - id: check-requirements-sync\n    args: [--extra=dev]\n",
        ),
        "v1",
        ("--target=../a/venv", "--fix", "--allow", "examples", "--extra=dev"),
    ),
    "two that compare, one of them the default files": (
        OURS.format(
            "v1",
            "  - id: check-shared-venv\n    args: [--fix]\n"
            "  - id: check-requirements-sync\n    args: [--requirements=a.txt]\n",
        ),
        "v1",
        ("--fix", "--requirements=a.txt", "--requirements=requirements.txt"),
    ),
    "two that compare files of their own": (
        OURS.format(
            "v1",
            "  - id: forbid-local-venv\n"
            "  - id: check-shared-venv\n    args: [--requirements, b.txt]\n"
            "  - id: check-requirements-sync\n    args: [--requirements=a.txt]\n",
        ),
        "v1",
        ("--requirements", "b.txt", "--requirements=a.txt"),
    ),
    "an anchor and its alias": (
        OURS.format(
            "v1",
            "  - id: check-venv-symlink\n    args: &shared [--target=../a/venv]\n"
            "  - id: forbid-local-venv\n    args: *shared\n",
        ),
        "v1",
        ("--target=../a/venv", "--target=../a/venv"),
    ),
    "the arguments of what compares siblings are its own": (
        OURS.format("v1", "  - id: check-siblings-agree\n    args: [--same=a]\n"),
        "v1",
        (),
    ),
    "a frozen hash": (
        OURS.format(f"{HASH}  # frozen: v1.2", "  - id: shared-venv-status\n"),
        "v1.2",
        (),
    ),
    "a hash": (OURS.format(HASH, "  - id: shared-venv-status\n"), HASH, ()),
    "no rev": ("repos: [{repo: a/b, hooks: [{id: check-shared-venv}]}]", None, ()),
    "a local hook": ("repos: [{repo: local, hooks: [{id: check-shared-venv}]}]", "local", ()),
    "twice, the first rev counts": (
        OURS.format("v1", "  - id: check-shared-venv\n")
        + "- repo: a/b\n  rev: v2\n  hooks:\n  - id: forbid-local-venv\n",
        "v1",
        (),
    ),
}


@pytest.mark.parametrize(("text", "rev", "arguments"), TEXTS.values(), ids=TEXTS)
def test_what_a_configuration_says(
    text: str, rev: str | None, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / NAME).write_text(text)
    (tmp_path / "requirements.txt").write_text("")
    path = f"{tmp_path}/{NAME}"
    assert read_own_hooks(str(tmp_path)) == OwnHooks(path, rev, arguments)


def test_the_file_of_prek_goes_before_the_other(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(OURS.format("v1", "  - id: check-shared-venv\n"))
    text = """\
        [[repos]]
        repo = "https://github.com/OWNER/shared-venv-hooks"
        rev = "v2"
        hooks = [{ id = "check-shared-venv", args = ["--fix"] }]
        """
    (tmp_path / "prek.toml").write_text(textwrap.dedent(text))
    assert read_own_hooks(str(tmp_path)) == OwnHooks(f"{tmp_path}/prek.toml", "v2", ("--fix",))


def test_a_project_without_one(tmp_path: Path) -> None:
    assert read_own_hooks(str(tmp_path)) == OwnHooks(None)


@pytest.mark.parametrize(
    ("content", "why", "line"),
    [
        (b"repos: [", "is no valid YAML", 1),
        (Unreadable("is a directory, not a file"), "is a directory, not a file", None),
    ],
)
def test_one_that_cannot_be_read(content: bytes | Unreadable, why: str, line: int | None) -> None:
    found = parse_own_hooks(Copy(NAME, ".", content))
    assert found == OwnHooks(NAME, problem=Malformed(why, line))
