"""Which place is which: the one venv by several paths, and commands that count from elsewhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cases.family import PASSED, TARGET, Family, site_packages
from tests.cases.kinds import kind

LINK = "check-venv-symlink"
LOCAL = "forbid-local-venv"
SYNC = "check-requirements-sync"
ALL = "check-shared-venv"


@pytest.fixture
def second_mount(family: Family) -> Iterator[Path]:
    """The same `dev` mounted at another place, too."""
    other = family.dev.parent / "other"
    other.mkdir()
    mounted = subprocess.run(
        ["mount", "--bind", str(family.dev), str(other)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this user cannot mount")
    yield other
    subprocess.run(["umount", "--lazy", str(other)], check=True)


# One place by two paths: nothing is wrong.


@pytest.mark.parametrize("hook", [LINK, LOCAL, SYNC, ALL])
@pytest.mark.parametrize("seen_from", ["the first mount", "the second mount"])
@kind("one place by two paths")
def test_a_venv_made_through_another_mount_is_in_its_place(
    family: Family, second_mount: Path, seen_from: str, hook: str
) -> None:
    family.destroy(family.venv)
    family.make_venv(second_mount / "owner" / "venv")
    (family.member / "requirements.txt").write_text("# nothing\n")
    here = family.dev if seen_from == "the first mount" else second_mount
    assert family.hook(hook, folder=here / "member") == PASSED
    assert family.hook(hook, folder=here / "owner") == PASSED


@pytest.mark.parametrize("hook", [LINK, LOCAL, SYNC, ALL])
@kind("one place by two paths")
def test_a_target_named_by_the_other_mount_is_the_same(
    family: Family, second_mount: Path, hook: str
) -> None:
    (family.member / "requirements.txt").write_text("# nothing\n")
    target = f"--target={second_mount / 'owner' / 'venv'}"
    assert family.hook(hook, target) == PASSED
    assert family.hook(hook, target, folder=family.owner).status == 0


def made_through_a_link_above(family: Family) -> None:
    """As in `~/dev`, which leads to `/data/dev`."""
    family.destroy(family.venv)
    above = family.dev.parent / "home" / "dev"
    above.symlink_to(family.dev)
    family.make_venv(above / "owner" / "venv")
    script = family.venv / "bin" / "tool"
    script.write_text(f"#!{above}/owner/venv/bin/python\n")
    script.chmod(0o755)


def made_through_a_renamed_owner_that_a_link_replaces(family: Family) -> None:
    """The link has the folder's new name, `--target` the old one, and the venv, too."""
    family.owner.rename(family.dev / "renamed")
    family.owner.symlink_to("renamed")
    (family.member / "venv").unlink()
    (family.member / "venv").symlink_to("../renamed/venv")


def linked_with_a_slash_and_dots(family: Family) -> None:
    (family.member / "venv").unlink()
    (family.member / "venv").symlink_to("./../owner/../owner//venv/")


@pytest.mark.parametrize(
    "change",
    [
        made_through_a_link_above,
        made_through_a_renamed_owner_that_a_link_replaces,
        linked_with_a_slash_and_dots,
    ],
)
@pytest.mark.parametrize("hook", [LINK, LOCAL, ALL])
@kind("one place by two paths")
def test_a_place_reached_through_a_link_is_the_same(
    family: Family, change: Callable[[Family], None], hook: str
) -> None:
    change(family)
    assert family.hook(hook) == PASSED


@pytest.mark.parametrize("hook", [LINK, LOCAL, ALL])
@kind("one place by two paths")
def test_letter_case_is_no_difference_where_the_disk_knows_none(family: Family, hook: str) -> None:
    if not (family.dev / "OWNER").exists():
        pytest.skip("letter case counts on this disk")
    (family.member / "venv").unlink()
    (family.member / "venv").symlink_to("../Owner/venv")
    assert family.hook(hook) == PASSED
    assert family.hook(hook, "--target=../OWNER/venv") == PASSED


# The only venv: nothing that is printed may give it up.


def owner_links_to_the_member(family: Family) -> None:
    """The real venv stands in the member."""
    (family.member / "venv").unlink()
    family.venv.rename(family.member / "venv")
    family.venv.symlink_to("../member/venv")
    activate = family.member / "venv" / "bin" / "activate"
    activate.write_text(activate.read_text().replace("owner/venv", "member/venv"))


def owner_links_to_it_absolutely(family: Family) -> None:
    owner_links_to_the_member(family)
    family.venv.unlink()
    family.venv.symlink_to(family.member / "venv")


def owner_links_to_it_by_way_of_a_sibling(family: Family) -> None:
    owner_links_to_the_member(family)
    (family.sibling / "venv").unlink()
    (family.sibling / "venv").symlink_to("../member/venv")
    family.venv.unlink()
    family.venv.symlink_to("../sibling/venv")


THE_ONLY_ONE_IS_THE_MEMBERS = [
    owner_links_to_the_member,
    owner_links_to_it_absolutely,
    owner_links_to_it_by_way_of_a_sibling,
]


@pytest.mark.parametrize("change", THE_ONLY_ONE_IS_THE_MEMBERS)
@kind("the only venv is never given up")
def test_an_only_venv_in_a_member_is_told_without_a_command(
    family: Family, change: Callable[[Family], None]
) -> None:
    change(family)
    family.plant(site_packages(family.member / "venv") / "big.py")
    for hook in [LINK, ALL]:
        said = family.hook(hook)
        assert (said.status, len(said.findings), said.commands) == (1, 1, [])
        assert "../owner" in said.stdout
    in_owner = family.hook(LINK, folder=family.owner)
    assert (in_owner.status, in_owner.rules, in_owner.commands) == (1, ["link-elsewhere"], [])


@pytest.mark.parametrize("change", THE_ONLY_ONE_IS_THE_MEMBERS)
@pytest.mark.parametrize("project", ["owner", "member", "sibling"])
@kind("the only venv is never given up")
def test_whatever_is_printed_an_only_venv_stays_in_use(
    family: Family, change: Callable[[Family], None], project: str
) -> None:
    change(family)
    big = family.plant(site_packages(family.member / "venv") / "big.py")
    for hook in [LINK, LOCAL, ALL]:
        family.follow(hook, folder=family.dev / project)
        assert big.exists(), f"{hook} had the only venv moved"


@kind("the only venv is never given up")
def test_a_working_link_is_not_bent_to_a_target_that_is_not_there(family: Family) -> None:
    """`--target` has a slip in it, or names a folder that was renamed."""
    said = family.hook(LINK, "--target=../ownr/venv")
    assert (said.status, said.commands) == (1, [])
    assert said.rules == ["target-suspect"]
    assert "--target" in said.stdout


def target_gone(family: Family) -> None:
    family.destroy(family.venv)


def owner_gone(family: Family) -> None:
    family.destroy(family.owner)


def target_without_its_python(family: Family) -> None:
    for each in (family.venv / "bin").glob("python*"):
        each.unlink()


def target_without_its_mark(family: Family) -> None:
    (family.venv / "pyvenv.cfg").unlink()


@pytest.mark.parametrize(
    "state", [target_gone, owner_gone, target_without_its_python, target_without_its_mark]
)
@pytest.mark.parametrize("hook", [LINK, LOCAL, ALL])
@kind("the only venv is never given up")
def test_a_local_venv_is_kept_while_there_is_no_other(
    family: Family, state: Callable[[Family], None], hook: str
) -> None:
    (family.member / "venv").unlink()
    local = family.make_venv(family.member / "venv")
    state(family)
    family.follow(hook)
    usable = [each for each in [local, family.venv] if (each / "bin" / "python").exists()]
    assert any((each / "pyvenv.cfg").exists() for each in usable)


# Commands that count from elsewhere than where they are pasted.


def commit_with(family: Family, hook: str, folder: Path, *options: str) -> str:
    """What git's own hook says at a `git commit` that is typed in this folder."""
    script = family.member / ".git" / "hooks" / "pre-commit"
    script.write_text(f'#!/bin/sh\nexec "{Path(sys.executable).parent / hook}" {TARGET}\n')
    script.chmod(0o755)
    done = subprocess.run(
        ["git", *options, "commit", "--allow-empty", "--message=x"],
        cwd=folder, env=family.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    script.unlink()
    return done.stdout + done.stderr


def local_venv(family: Family) -> None:
    (family.member / "venv").unlink()
    family.make_venv(family.member / "venv")


def no_link(family: Family) -> None:
    (family.member / "venv").unlink()


def absolute_link(family: Family) -> None:
    (family.member / "venv").unlink()
    (family.member / "venv").symlink_to(family.venv)


@pytest.mark.parametrize("typed_in", [".", "tools", "tools/a b/c", "src/$x"])
@pytest.mark.parametrize("state", [local_venv, no_link, absolute_link])
@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("a command works where it is pasted")
def test_a_fix_works_in_the_folder_that_the_commit_was_typed_in(
    family: Family, state: Callable[[Family], None], typed_in: str, hook: str
) -> None:
    state(family)
    folder = family.member / typed_in
    builder = family.plant(folder / "sub" / "venv" / "builder.py", "not yet committed\n")
    builder = family.plant(family.member / "tools" / "venv" / "builder.py", "nor is this\n")
    said = commit_with(family, hook, folder)
    fixes = [line.removeprefix("  fix: ") for line in said.splitlines() if "  fix: " in line]
    assert fixes, said
    for fix in fixes:
        family.paste(fix, folder)
    assert (family.member / "venv").resolve() == family.venv
    assert family.lost() == 0
    assert builder.exists(), "a package `venv` of the project's own is not ours to move"
    assert family.hook(hook) == PASSED


@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("a command works where it is pasted")
def test_in_a_sub_project_a_fix_is_for_the_top_that_git_was_called_in(
    family: Family, hook: str
) -> None:
    """prek starts the hook in the sub-project; the commit is typed at the top."""
    package = family.member / "packages" / "a"
    package.mkdir(parents=True)
    target = "--target=../../../owner/venv"
    family.follow(hook, target, folder=package, pasted_in=family.member, environ={"GIT_PREFIX": ""})
    assert family.hook(hook, target, folder=package) == PASSED


@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("a command works where it is pasted")
def test_a_project_reached_through_a_link_has_its_own_neighbours(family: Family, hook: str) -> None:
    """`cd ../owner` is the shell's logical one there, and leads to another folder."""
    real = family.dev / "data"
    real.mkdir()
    family.member.rename(real / "member")
    family.owner.rename(real / "owner")
    family.member.symlink_to("data/member")
    activate = real / "owner" / "venv" / "bin" / "activate"
    activate.write_text(activate.read_text().replace("dev/owner", "dev/data/owner"))
    wrong = "#!/old/venv/bin/python\n"
    (real / "owner" / "venv" / "bin" / "dr").write_text(wrong)
    other = family.plant(family.owner / "venv" / "bin" / "dr", wrong + "# another checkout\n")
    family.venv = real / "owner" / "venv"
    said = family.follow(hook)
    assert said[0].rules == ["scripts-elsewhere"]
    assert said[-1] == PASSED
    assert "another checkout" in other.read_text()


# Pasted twice.


def dangling(family: Family) -> None:
    no_link(family)
    (family.member / "venv").symlink_to("../gone/venv")


def elsewhere(family: Family) -> None:
    no_link(family)
    family.make_venv(family.dev / "another" / "venv")
    (family.member / "venv").symlink_to("../another/venv")


def by_way_of_a_sibling(family: Family) -> None:
    no_link(family)
    (family.member / "venv").symlink_to("../sibling/venv")


def in_a_loop(family: Family) -> None:
    no_link(family)
    (family.member / "venv").symlink_to("venv")


def empty_folder(family: Family) -> None:
    no_link(family)
    (family.member / "venv").mkdir()


def folder_of_the_user(family: Family) -> None:
    empty_folder(family)
    family.plant(family.member / "venv" / "model.py")


def link_as_text(family: Family) -> None:
    family.run("git", "add", "--force", "venv", folder=family.member)
    no_link(family)
    (family.member / "venv").write_text("../owner/venv")


@pytest.mark.parametrize(
    "state",
    [
        no_link,
        dangling,
        elsewhere,
        by_way_of_a_sibling,
        in_a_loop,
        absolute_link,
        empty_folder,
        folder_of_the_user,
        link_as_text,
        local_venv,
    ],
)
@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("a command pasted twice does no harm")
def test_a_link_put_back_twice_is_one_link(
    family: Family, state: Callable[[Family], None], hook: str
) -> None:
    before = sorted(each.name for each in family.venv.iterdir())
    state(family)
    rounds = family.follow(hook)
    assert rounds[0].status == 1
    assert (family.member / "venv").is_symlink()
    assert (family.member / "venv").resolve() == family.venv
    assert sorted(each.name for each in family.venv.iterdir()) == before
    if state is not link_as_text:  # untracked by another hook's advice
        assert rounds[-1] == PASSED


# Somebody's file where the link belongs.


@pytest.mark.parametrize(
    "text",
    [
        "/home/me/envs/research   # the environment of zsh-autoswitch; notes: see wiki/venv\n",
        "../owner/venv\n# and why\n",
        "../owner/venv",
        "research\n",
        '#!/bin/sh -c exec /opt/tools/run "$@"\n',
        "",
        "a\n" * 3000,
        "\0\1\2",
    ],
    ids=[
        "a path and a comment",
        "two lines",
        "a path, of which git knows nothing",
        "a word",
        "a script",
        "nothing in it",
        "long",
        "not even text",
    ],
)
@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("a file of the user is kept")
def test_a_file_of_the_user_is_moved_aside(family: Family, text: str, hook: str) -> None:
    no_link(family)
    family.plant(family.member / "venv", text)
    rounds = family.follow(hook)
    assert rounds[0].rules == ["not-a-link"]
    assert rounds[-1] == PASSED


@kind("a file of the user is kept")
def test_a_file_that_git_has_as_a_file_is_moved_aside(family: Family) -> None:
    no_link(family)
    family.plant(family.member / "venv", "../owner/venv")
    family.run("git", "add", "--force", "venv", folder=family.member)
    rounds = family.follow(LINK)
    assert rounds[0].rules == ["not-a-link"]
    assert rounds[-1].status == 0


@pytest.mark.parametrize("what", ["git's index has a link", "core.symlinks is false"])
@kind("a file of the user is kept")
def test_only_what_git_says_is_a_link_is_one(family: Family, what: str) -> None:
    if what.startswith("git"):
        family.run("git", "add", "--force", "venv", folder=family.member)
    else:
        family.run("git", "config", "core.symlinks", "false", folder=family.member)
    no_link(family)
    (family.member / "venv").write_text("../owner/venv")
    assert family.hook(LINK).rules == ["link-as-text"]
