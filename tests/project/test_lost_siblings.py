"""Siblings that nothing leads to the shared venv any more: known by what they say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hooks.project.lost_siblings import configured_target, find_lost
from hooks.project.project import read_project
from tests.trees import Fifo, Symlink, Tree, build, git

TARGET = "../owner/venv"
NAME = ".pre-commit-config.yaml"


def configured(target: str) -> str:
    return (
        "repos: [{repo: a/b, rev: v1, hooks: "
        f"[{{id: check-shared-venv, args: ['--target={target}']}}]}}]\n"
    )


OTHERS: dict[str, tuple[Tree | str, bool]] = {
    "a folder with nothing in it": ({}, False),
    "a file": ("", False),
    "a link that leads to the venv is found by that": ({"venv": Symlink(TARGET)}, False),
    "a link to another owner": ({"venv": Symlink("../another/venv")}, False),
    "a link that dangles elsewhere": ({"venv": Symlink("../gone/venv")}, False),
    "a link to what is there in the owner": ({"venv": Symlink("../owner/docs")}, False),
    "a link that dangles into the owner": ({"venv": Symlink("../owner/.venv")}, True),
    "configured for another target": ({NAME: configured("../another/venv")}, False),
    "configured without a target, but with the name": ({NAME: "repos: []  # owner\n"}, False),
    "a configuration that cannot be read": ({NAME: Fifo()}, False),
    "no YAML": ({NAME: "owner: ["}, False),
    "configured for it, without a link": ({NAME: configured(TARGET)}, True),
    "configured for it, with a local venv": (
        {NAME: configured(TARGET), "venv/pyvenv.cfg": ""},
        True,
    ),
    "configured for it, with a link elsewhere": (
        {NAME: configured(TARGET), "venv": Symlink("../another/venv")},
        True,
    ),
    "configured by a way round": ({NAME: configured("../other/../owner/venv")}, True),
}


@pytest.fixture
def member(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    build({"owner": {"venv/pyvenv.cfg": "", "docs": {}}, "another/venv/pyvenv.cfg": ""}, dev)
    build({"venv": Symlink(TARGET)}, dev / "member")
    monkeypatch.chdir(dev / "member")
    return dev / "member"


def is_lost(folder: Path, target: str = TARGET, venv: str = "venv") -> bool:
    project = read_project("venv", target, {})
    assert project.shared
    return list(find_lost([str(folder)], project.shared, venv)) == [str(folder)]


@pytest.mark.parametrize(("tree", "expected"), OTHERS.values(), ids=OTHERS)
def test_who_means_the_shared_venv(tree: Tree | str, expected: bool, member: Path) -> None:
    build({"other": tree}, member.parent)
    assert is_lost(member.parent / "other") is expected


def test_an_absolute_target_and_an_absolute_place(member: Path) -> None:
    target = str(member.parent / "owner" / "venv")
    build({"other": {NAME: configured(target)}}, member.parent)
    assert is_lost(member.parent / "other", target)
    assert is_lost(member.parent / "other", venv=os.path.abspath("venv"))


def test_in_a_linked_work_tree_the_target_counts_from_the_main_one(member: Path) -> None:
    other = build({NAME: configured(TARGET)}, member.parent / "other")
    git(other, "init", "--quiet")
    git(other, "add", ".")
    git(other, "commit", "--quiet", "--message=Begin")
    git(other, "worktree", "add", "--quiet", "../deeper/linked")
    assert is_lost(member.parent / "deeper" / "linked")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", None),
        ("--fix", None),
        ("--target", None),
        ("--target=a", "a"),
        ("--target a --fix", "a"),
        ("--target=a --target b", "b"),
        ("--target a --target=b", "b"),
        ("--targets=a", None),
    ],
)
def test_the_last_target_counts(arguments: str, expected: str | None) -> None:
    assert configured_target(arguments.split()) == expected
