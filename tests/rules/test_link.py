"""Every row of the link's table: what stands at `venv`, what is said, and that the fixes mend it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hooks.check_venv_symlink import main
from tests.trees import Said, Symlink, build, git, make_venv, paste, said_whole

TARGET = "--target=../owner/venv"


@pytest.fixture
def family(dev: Path) -> Path:
    for name in ["owner", "member", "sibling"]:
        git(dev, "init", "--quiet", name)
        if name != "owner":
            (dev / name / "venv").symlink_to("../owner/venv")
    make_venv(dev / "owner" / "venv")
    return dev


def hook(project: Path, *arguments: str) -> Said:
    return said_whole(main, project, *(arguments or [TARGET]))


SILENT = [
    pytest.param("true", id="a relative link straight to the target"),
    pytest.param("ln -sfn ./../owner/../owner//venv/ venv", id="dots and slashes in the link"),
    pytest.param("mv ../owner/venv ../disk && ln -s ../disk ../owner/venv"
        " && sed -i 's|/owner/venv|/disk|' ../disk/bin/activate", id="the venv is on another disk"),
    pytest.param("mv ../owner/venv ../disk && ln -s ../disk ../owner/venv && ln -sfn ../disk venv"
        " && sed -i 's|/owner/venv|/disk|' ../disk/bin/activate", id="a link to that disk"),
    pytest.param("mv ../owner ../new && ln -s new ../owner && ln -sfn ../new/venv venv"
        , id="the owner's folder has a second name"),
]  # fmt: skip


@pytest.mark.parametrize("arrange", SILENT)
def test_silent(arrange: str, family: Path) -> None:
    paste(arrange, family / "member")
    assert hook(family / "member") == (0, "")


FOUND = [
    # id, what is arranged, what is said, whether the fixes make it pass
    pytest.param("rm venv", """
venv: is missing: it should be a link to `../owner/venv` [link-missing]
  fix: ln -sfn ../owner/venv venv
""", id="nothing"),
    pytest.param('ln -sfn "$PWD/../owner/venv" venv', """
venv: leads to `{dev}/member/../owner/venv`, an absolute path: it breaks when the projects move \
[link-absolute]
  fix: ln -sfn ../owner/venv venv
""", id="absolute"),
    pytest.param("ln -sfn ../sibling/venv venv", """
venv: leads to `../owner/venv` by way of the link in `../sibling`, and breaks with that \
[link-indirect]
  fix: ln -sfn ../owner/venv venv
""", id="by way of a sibling"),
    pytest.param("ln -sfn venv venv", """
venv: is a link in a loop, but should lead to `../owner/venv` [link-loop]
  fix: ln -sfn ../owner/venv venv
""", id="a loop"),
    pytest.param("ln -sfn ../gone/venv venv", """
venv: leads to `../gone/venv`, which is missing, instead of `../owner/venv` [link-dangling]
  fix: ln -sfn ../owner/venv venv
""", id="dangling, elsewhere"),
    pytest.param("mkdir ../other && ln -sfn ../other venv", """
venv: leads to `../other` instead of `../owner/venv` [link-elsewhere]
  fix: ln -sfn ../owner/venv venv
""", id="elsewhere"),
    pytest.param("rm venv && mkdir venv", """
venv: is a directory, no venv, but should be a link to `../owner/venv` [not-a-link]
  fix: rmdir venv && ln -sfn ../owner/venv venv
""", id="an empty folder"),
    pytest.param("rm venv && mkdir venv && touch venv/mine ../member.venv.old", """
venv: is a directory, no venv, but should be a link to `../owner/venv` [not-a-link]
  fix: test ! -e ../member.venv.old2 && mv -n venv ../member.venv.old2 && \
ln -sfn ../owner/venv venv
""", id="a folder of somebody's, and its name for later is taken"),
    pytest.param("rm venv && printf ../owner/venv > venv", """
venv: is a file, but should be a link to `../owner/venv` [not-a-link]
  fix: test ! -e ../member.venv.old && mv -n venv ../member.venv.old && \
ln -sfn ../owner/venv venv
""", id="a file of somebody's"),
    pytest.param("rm venv && printf ../owner/venv > venv && git config core.symlinks false", """
venv: is a file that says `../owner/venv`: git made it with `core.symlinks=false`, but should be \
a link to `../owner/venv` [link-as-text]
  fix: git config core.symlinks true && ln -sfn ../owner/venv venv
""", id="a link as text"),
    pytest.param("find ../owner/venv -mindepth 1 -delete", """
../owner/venv: is empty: `python -m venv --clear` or `rm -rf venv/`, run through a link, empties \
the shared venv [venv-emptied]
  fix: python3 -I -m venv ../owner/venv
""", id="emptied"),
    pytest.param("rm -r ../owner/venv", """
venv: leads to `../owner/venv`, but the owner `../owner` has no venv there [venv-missing]
  fix: python3 -I -m venv ../owner/venv
  or: rm -f venv && python3 -I -m venv venv
""", id="the venv is gone"),
]  # fmt: skip


@pytest.mark.parametrize(("arrange", "says"), FOUND)
def test_found_and_mended(arrange: str, says: str, family: Path) -> None:
    member = family / "member"
    paste(arrange, member)
    said = hook(member)
    assert said == (1, says.lstrip("\n").replace("{dev}", str(family)))
    fixes = [line[7:] for line in said.output.splitlines() if line.startswith("  fix: ")]
    for fix in fixes:
        paste(fix, member)
    assert hook(member) == (0, "")


UNDECIDED = [
    pytest.param("true", "--target=../ownr/venv", """
venv: leads to `../owner/venv`, which works, but `--target` names `../ownr/venv`, which is \
missing: is `--target` right? [target-suspect]
""", id="a working link, and a slip in the target"),
    pytest.param("rm venv && mv ../owner/venv . && ln -s ../member/venv ../owner/venv", TARGET, """
venv: is the shared venv itself, to which `../owner/venv` leads: it belongs in the owner \
[local-venv]
""", id="the only venv is the member's"),
    pytest.param("mv ../owner ../renamed", TARGET, """
venv: leads to `../owner/venv`, but the owner `../owner` is not there, and the venv in \
`../renamed/venv` was made as `../owner/venv`: if its folder was renamed, change `--target` in \
the configuration of each project [owner-renamed]
""", id="the owner's folder was renamed"),
]  # fmt: skip


@pytest.mark.parametrize(("arrange", "target", "says"), UNDECIDED)
def test_what_people_decide_has_no_command(
    arrange: str, target: str, says: str, family: Path
) -> None:
    paste(arrange, family / "member")
    assert hook(family / "member", target) == (1, says.lstrip("\n"))


@pytest.mark.parametrize("target", ["../owner", "../member", "."])
def test_a_slip_in_the_target(target: str, family: Path) -> None:
    said = hook(family / "member", f"--target={target}")
    assert said.status == 2
    assert "did you mean" in said.output
    assert len(said.output.splitlines()) == 1


def test_fix_keeps_a_redirect_file(family: Path) -> None:
    member = family / "member"
    build({".venv": "../gone/venv\n", ".v": Symlink("x")}, member)
    assert hook(member, TARGET, "--venv=.venv", "--fix").status == 1
    assert (member / ".venv").read_text() == "../owner/venv\n"
    assert not os.path.islink(member / ".venv")
    assert hook(member, TARGET, "--venv=.venv") == (0, "")
