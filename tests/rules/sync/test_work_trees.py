"""A linked work tree of a project: what it asks for is installed from the main one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.families import a_member, paste_fix, said
from tests.packages import install, make_project, make_wheel
from tests.trees import git

MAIN = "note: `-e lib` is installed from the main work tree, `../dr-daily-report/lib`\n"


def test_a_linked_work_tree_has_the_main_ones_project(
    owner: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_project(owner / "lib", "lib")
    install("uv", owner / "venv", "-e", "lib", directory=owner)
    (owner / "requirements.txt").write_text("-e lib\n")
    (owner / ".gitignore").write_text("/venv\n")
    git(owner, "init", "--quiet")
    git(owner, "add", ".")
    git(owner, "commit", "--quiet", "--message", "all")
    git(owner, "worktree", "add", "--quiet", "../fix")
    (owner.parent / "fix" / "venv").symlink_to("../dr-daily-report/venv")
    assert said(capsys) == (0, "")
    os.chdir(owner.parent / "fix")
    assert said(capsys) == (0, MAIN)
    assert said(capsys, "--forbid-undeclared")[0] == 0
    (owner.parent / "fix" / "requirements.txt").write_text("-e lib\nlib @ git+https://e.org/l\n")
    assert "contradicts `-e lib` of requirements.txt:1" in said(capsys)[1]
    (owner.parent / "fix" / "requirements.txt").write_text("-e lib\n")
    make_project(owner.parent / "elsewhere", "lib")
    install("uv", owner / "venv", "-e", "../elsewhere", directory=owner)
    status, output = said(capsys)
    assert (status, output.partition("\n")[0]) == (
        1,
        "requirements.txt:1: `-e lib` is required, but it is installed from"
        " `DEV/elsewhere` [wrong-source]",
    )
    # The repair takes nothing from the main work tree.
    fix = output.partition("  fix: ")[2]
    assert fix.endswith("/venv' -e ../dr-daily-report/lib\n"), fix
    paste_fix(output, owner.parent / "fix")
    make_wheel(owner.parent / "wheels here", "a", "1")
    (owner.parent / "fix" / "requirements.txt").write_text("-e lib\na\n")
    status, output = said(capsys)
    assert output.endswith("/venv' -e ../dr-daily-report/lib a\n" + MAIN)
    paste_fix(output, owner.parent / "fix")
    assert said(capsys) == (0, MAIN)
    make_project(Path("new"), "new")
    Path("requirements.txt").write_text("-e lib\n-e new\n")
    status, output = said(capsys)
    what = "`-e new` is required, but not installed [not-installed]"
    why = "`-e new` is in this work tree alone, and would be gone with it"
    note = f"note: requirements.txt is left out of the command: {why}\n"
    assert output == f"requirements.txt:2: {what}\n{MAIN}{note}"
    os.chdir(owner)
    assert said(capsys) == (0, "")


TOML = '[project]\nname = "m"\nversion = "1"\ndependencies = ["lib"]\n[tool.uv.sources]\n'
BESIDE = {
    "requirements.txt": ["-e ../lib\na\n", "../lib\na\n", "lib @ ../lib\na\n"],
    "pyproject.toml": [TOML + 'lib = {path = "../lib"}\n'],
}


@pytest.mark.parametrize(
    ("file", "text"), [(file, text) for file, several in BESIDE.items() for text in several]
)
def test_a_linked_work_tree_at_another_depth_has_what_is_beside_the_main_one(
    file: str, text: str, owner: Path, links: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_project(owner.parent / "lib", "lib")
    make_wheel(links, "a", "1")
    member = a_member(owner, "news", {file: text, ".gitignore": "/venv\n"})
    git(member, "init", "--quiet")
    git(member, "add", ".")
    git(member, "commit", "--quiet", "--message", "all")
    git(member, "worktree", "add", "--quiet", "../deep/down/fix")
    os.chdir(owner.parent / "deep" / "down" / "fix")
    Path("venv").symlink_to("../../../dr-daily-report/venv")
    status, output = said(capsys)
    assert status == 1
    paste_fix(output, Path.cwd())
    assert said(capsys)[0] == 0
    os.chdir(member)
    assert said(capsys) == (0, "")
