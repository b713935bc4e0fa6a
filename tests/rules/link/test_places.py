"""Without a target, in a fallback, in linked work trees, and what `--fix` does."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.rules.link.states import (
    MEMBER,
    OWNER,
    TARGET,
    arranged,
    expected,
    hook,
    whole,
    worktree,
)
from tests.trees import Executable, build, git, make_venv, paste, repairs

NO_TARGET = [
    pytest.param(
        "rm venv",
        """
    venv: is missing: say with `--target` where the shared venv is
        """,
        id="nothing",
    ),
    pytest.param(
        "rm venv && $VENV venv",
        """
    venv: is a real venv, no link: say with `--target` where the shared venv is
        """,
        id="a real venv",
    ),
    pytest.param(
        "rm ../dr-daily-report/venv/bin/activate",
        """
    ../dr-daily-report/venv/bin/activate: is missing
      fix: (cd '{dev}/dr-daily-report/venv/bin' && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report/venv'
        """,
        id="a link to an unhealthy venv",
    ),
    pytest.param(
        "ln -sfn venv venv",
        """
    venv: is a link in a loop
        """,
        id="a loop",
    ),
    pytest.param(
        "rm venv && mkdir venv",
        """
    venv: is a directory, no venv, no link: say with `--target` where the shared venv is
        """,
        id="a directory",
    ),
]


@pytest.mark.parametrize(("arrange", "says"), NO_TARGET)
def test_without_target(
    arrange: str, says: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged(arrange, family, family / MEMBER, monkeypatch)
    assert hook(family / MEMBER) == (1, expected(says, family))


FALLBACKS = [
    pytest.param("rm -r ../dr-daily-report", "is missing", id="the owner is not there"),
    pytest.param("rm -r ../dr-daily-report/venv", "is missing", id="the owner has no venv"),
    pytest.param(
        "rm ../dr-daily-report/venv/pyvenv.cfg", "cannot be used", id="the target is no venv"
    ),
    pytest.param(
        "rm ../dr-daily-report/venv/bin/python", "cannot be used", id="no interpreter there"
    ),
    pytest.param("rm -r ../dr-daily-report/venv/lib", "cannot be used", id="no library there"),
]


@pytest.mark.parametrize(("arrange", "state"), FALLBACKS)
def test_a_healthy_local_venv_is_the_fallback(
    arrange: str, state: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = family / MEMBER
    arranged(f"rm venv && $VENV venv && {arrange}", family, member, monkeypatch)
    says = f"note: `venv` is a local venv, allowed while `../dr-daily-report/venv` {state}\n"
    assert hook(member, TARGET) == (0, says)
    shutil.rmtree(family / OWNER / "venv", ignore_errors=True)
    make_venv(family / OWNER / "venv")
    [back] = repairs(hook(member, TARGET).output)
    paste(back, member)
    assert hook(member, TARGET) == (0, "")


@pytest.mark.parametrize("place", ["beside", "far away", "inside"])
@pytest.mark.parametrize("project", [MEMBER, OWNER])
def test_a_linked_work_tree_links_straight_to_the_target(
    place: str, project: str, family: Path
) -> None:
    at = {"beside": family, "far away": family / "a" / "b", "inside": family / project}[place]
    tree = worktree(family / project, at / "feature")
    text = os.path.relpath(family / OWNER / "venv", tree)
    says = f"venv: is missing: it should be a link to `{text}`\n  fix: ln -sfn {text} venv\n"
    assert hook(tree, TARGET) == (1, says)
    paste(repairs(says)[0], tree)
    assert hook(tree, TARGET) == (0, "")
    (tree / "venv").unlink()
    (tree / "venv").symlink_to(os.path.relpath(family / MEMBER / "venv", tree))
    sibling = os.path.relpath(family / MEMBER, tree)
    says = (
        f"venv: leads to `{text}` by way of the link in `{sibling}`, and breaks with that\n"
        f"  fix: ln -sfn {text} venv\n"
    )
    assert hook(tree, TARGET) == (1, says)


def test_a_sub_project_in_a_linked_work_tree_counts_from_its_own_folder(dev: Path) -> None:
    build({"mono": {"owner": {"x": ""}, "member": {"x": ""}}}, dev)
    git(dev, "init", "--quiet", "mono")
    git(dev / "mono", "add", ".")
    git(dev / "mono", "commit", "--quiet", "--message=first")
    git(dev / "mono", "worktree", "add", "--quiet", str(dev / "trees" / "one"))
    make_venv(dev / "mono" / "owner" / "venv")
    assert hook(dev / "mono" / "owner", "--target=../owner/venv") == (0, "")
    for project in ["owner", "member"]:
        tree = dev / "trees" / "one" / project
        (tree / "venv").symlink_to("../../../mono/owner/venv")
        assert hook(tree, "--target=../owner/venv") == (0, "")


def test_a_bare_repository_has_no_main_work_tree(family: Path) -> None:
    git(family / MEMBER, "commit", "--quiet", "--allow-empty", "--message=first")
    git(family, "clone", "--quiet", "--bare", MEMBER, "bare/.git")
    git(family / "bare" / ".git", "worktree", "add", "--quiet", str(family / "tree"))
    (family / "tree" / "venv").symlink_to("../dr-daily-report/venv")
    assert hook(family / "tree", TARGET) == (0, "")


def test_a_submodule_is_no_linked_work_tree(family: Path) -> None:
    git(family / MEMBER, "commit", "--quiet", "--allow-empty", "--message=first")
    git(family, "init", "--quiet", "super")
    git(family / "super", "submodule", "--quiet", "add", str(family / MEMBER), "sub")
    (family / "super" / "sub" / "venv").symlink_to("../../dr-daily-report/venv")
    assert hook(family / "super" / "sub", "--target=../../dr-daily-report/venv") == (0, "")


def test_outside_git(family: Path) -> None:
    shutil.rmtree(family / MEMBER / ".git")
    assert hook(family / MEMBER, TARGET) == (0, "")


# --fix


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param("rm venv", id="nothing"),
        pytest.param("ln -sfn ../old/venv venv", id="a link that dangles"),
        pytest.param("ln -sfn venv venv", id="a loop"),
        pytest.param(
            "ln -sfn ../gone venv; ln -s ../dr-daily-report/venv venv.new",
            id="a run was killed before",
        ),
    ],
)
def test_fix_puts_the_right_link_in_place(arrange: str, family: Path) -> None:
    member = family / MEMBER
    paste(arrange, member)
    says = "fixed: `venv` leads to `../dr-daily-report/venv` now\n"
    assert hook(member, TARGET, "--fix") == (1, says)
    assert os.readlink(member / "venv") == "../dr-daily-report/venv"
    assert sorted(os.listdir(member)) == [".git", "venv"]
    assert hook(member, TARGET, "--fix") == (0, "")


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param("rm venv && touch venv", id="a file"),
        pytest.param("rm venv && mkdir venv", id="a directory"),
        pytest.param("rm venv && $VENV venv", id="a local venv"),
        pytest.param("rm venv; rm ../dr-daily-report/venv/bin/activate", id="an unhealthy target"),
        pytest.param("rm venv; rm -r ../dr-daily-report/venv", id="no target"),
        pytest.param("mkdir venv.new; ln -sfn ../gone venv", id="a directory is in the way"),
    ],
)
def test_fix_touches_nothing_else(
    arrange: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged(arrange, family, family / MEMBER, monkeypatch)
    before = subprocess.check_output(["ls", "-lR", "--full-time", "."], cwd=family)
    ran = hook(family / MEMBER, TARGET, "--fix")
    assert ran.status == 1
    assert "fixed" not in ran.output
    assert subprocess.check_output(["ls", "-lR", "--full-time", "."], cwd=family) == before


def test_a_deeper_link_counts_from_its_folder_and_fix_makes_that(family: Path) -> None:
    member = family / MEMBER
    paste("mkdir env && ln -s ../dr-daily-report/venv env/py", member)
    place = [TARGET, "--venv=env/py"]
    says = (
        "env/py: leads to `dr-daily-report/venv`, which is missing, instead of"
        " `../dr-daily-report/venv`\n  fix: ln -sfn ../../dr-daily-report/venv env/py\n"
    )
    assert hook(member, *place) == (1, says)
    shutil.rmtree(member / "env")
    says = "fixed: `env/py` leads to `../../dr-daily-report/venv` now\n"
    assert hook(member, *place, "--fix") == (1, says)
    assert hook(member, *place) == (0, "")


def test_the_repair_of_scripts_spares_a_backup_of_somebodys(family: Path) -> None:
    folder = family / OWNER / "venv" / "bin"
    script = f"#!/bin/sh\n'''exec' '{family}/{MEMBER}/venv/bin/python' \"$0\"\n"
    build({"tool": Executable(script), "tool.bak": "mine", "tool.bak~": "mine"}, folder)
    paste(repairs(hook(family / MEMBER, TARGET).output)[0], family / MEMBER)
    assert hook(family / MEMBER, TARGET) == (0, "")
    kept = [path for path in folder.iterdir() if path.name.startswith("tool.bak")]
    assert [path.read_text() for path in kept] == ["mine", "mine"]


@pytest.mark.parametrize("in_the_way", ["mkdir venv.new", "ln -s ../somebodys venv.new"])
def test_fix_says_why_it_failed(in_the_way: str, family: Path) -> None:
    paste(f"ln -sfn ../gone venv && {in_the_way}", family / MEMBER)
    says = (
        "venv: leads to `../gone`, which is missing, instead of `../dr-daily-report/venv`, "
        "and `--fix` failed (File exists)\n  fix: ln -sfn ../dr-daily-report/venv venv\n"
    )
    assert hook(family / MEMBER, TARGET, "--fix") == (1, says)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_venv_of_another_user(family: Path) -> None:
    venv = family / OWNER / "venv"
    os.chown(venv / "bin", 12345, -1)
    says = """
    ../dr-daily-report/venv/bin: belongs to `user 12345`, not to you
    """
    assert hook(family / MEMBER, TARGET) == (1, expected(says, family))
    os.chown(family / MEMBER, 12345, -1)
    assert hook(family / MEMBER, TARGET) == (0, ""), "whoever owns the project's folder is trusted"
    os.chown(family / MEMBER, 0, -1)
    paste("chown -R 0 ../dr-daily-report/venv/bin", family / MEMBER)
    assert hook(family / MEMBER, TARGET) == (0, "")


def test_scripts_by_a_folder_that_another_project_holds(family: Path) -> None:
    """`member/shared -> ../owner`: gone with the member; a link in no project is nobody's."""
    bin_folder = family / OWNER / "venv" / "bin"
    (family / MEMBER / "shared").symlink_to(f"../{OWNER}")
    (family / "current").symlink_to(OWNER)
    own = family / OWNER / "envs"
    own.symlink_to(".")
    for name, way in {"a": f"{MEMBER}/shared", "b": "current", "c": f"{OWNER}/envs"}.items():
        text = f"#!/bin/sh\n'''exec' \"{family}/{way}/venv/bin/python\" \"$0\" \"$@\"\n' '''\n"
        build({name: Executable(text)}, bin_folder)
    said = whole(family / MEMBER)
    assert said.output.count("`a` starts") == 1
    assert "`b`" not in said.output.partition("fix")[0]


def test_an_interpreter_that_may_not_be_executed_is_let_run(family: Path) -> None:
    """A copy, as `venv --copies` makes it: the venv is whole, and not given up."""
    python = family / OWNER / "venv" / "bin" / "python3"
    program = python.resolve().read_bytes()[:64]
    python.unlink()
    python.write_bytes(program)
    assert whole(family / MEMBER) == (
        1,
        "../dr-daily-report/venv/bin/python3: is no executable file [python-missing]\n"
        "  fix: chmod +x ../dr-daily-report/venv/bin/python3\n",
    )
