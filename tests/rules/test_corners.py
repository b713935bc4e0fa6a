"""Rows of the rules that few families reach, each in a real one."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from hooks.check_requirements_sync import main as check_sync
from hooks.check_shared_venv import main as check_all
from hooks.check_venv_symlink import main as check_link
from hooks.forbid_local_venv import main as check_local
from hooks.project.project import read_project
from hooks.project.shared_venv import is_fallback
from tests.faults import failing
from tests.rules.projects import MEMBER, OWNER, TARGET
from tests.trees import Executable, Said, Tree, build, git, make_venv, paste, said_whole

SITE = "lib/python3.11/site-packages"
A = "Name: a\nVersion: {}\n"
LITERAL = {"pyvenv.cfg": "home = /opt/bin\nversion = 3.11.7\n", "bin/python": Executable("")}


def link(project: Path, *arguments: str) -> Said:
    return said_whole(check_link, project, TARGET, *arguments)


def sync(project: Path, *arguments: str) -> Said:
    return said_whole(check_sync, project, TARGET, *arguments)


@pytest.fixture
def literal(dev: Path) -> Path:
    """A family whose venv is a few files of Python 3.11."""
    build({OWNER: {"venv": {**LITERAL, SITE: {}}, "requirements.txt": ""}, MEMBER: {}}, dev)
    (dev / MEMBER / "venv").symlink_to("../dr-daily-report/venv")
    return dev


def installs(dev: Path, **metadata: str) -> None:
    for name, more in metadata.items():
        text = f"Name: {name}\nVersion: 1\n{more}"
        build({f"{name}-1.dist-info/METADATA": text}, dev / OWNER / "venv" / SITE)


# -- the owner's link -----------------------------------------------------------------------------


def test_an_owners_link_to_a_conda_environment(family: Path) -> None:
    owner = family / OWNER
    paste("rm -r venv && mkdir -p conda/conda-meta && ln -s conda venv", owner)
    said = link(owner)
    assert said.output.startswith("venv: is a conda environment")
    assert said.output.endswith("[conda-environment]\n")


def test_an_owners_link_in_a_loop_and_to_a_file(family: Path) -> None:
    owner = family / OWNER
    paste("rm -r venv && ln -s venv venv", owner)
    assert link(owner).output.startswith("venv: is a link to `venv`, in a loop, but this project")
    paste("rm venv && touch file && ln -s file venv", owner)
    assert link(owner).output.startswith("venv: is a link to `file`, but this project is the owner")


def test_an_owners_link_to_a_bigger_disk_is_as_good_as_the_venv(family: Path) -> None:
    make_venv(family / "disk" / "venv")
    paste("rm -r venv && ln -s ../disk/venv venv", family / OWNER)
    assert link(family / OWNER) == (0, "")
    assert link(family / MEMBER) == (0, "")


# -- a member's -----------------------------------------------------------------------------------


def test_the_only_venv_in_a_member_is_never_given_up(family: Path) -> None:
    paste("rm venv && mv ../dr-daily-report/venv venv", family / MEMBER)
    paste(f"ln -s ../{MEMBER}/venv venv", family / OWNER)
    said = link(family / MEMBER)
    assert said == (
        1,
        "venv: is the shared venv itself, to which `../dr-daily-report/venv` leads:"
        " it belongs in the owner [local-venv]\n",
    )


def test_a_local_venv_that_cannot_be_moved(family: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (family / MEMBER / "venv").unlink()
    make_venv(family / MEMBER / "venv")
    failing(monkeypatch, f"{MEMBER}/venv", 5, "lstat")
    said = link(family / MEMBER)
    assert "it cannot be moved aside from here [local-venv]\n" in said.output
    assert "fix" not in said.output


def test_a_link_to_a_venv_that_works_is_kept_while_the_target_does_not(family: Path) -> None:
    make_venv(family / "other" / "venv")
    paste("ln -sfn ../other/venv venv && rm ../dr-daily-report/venv/pyvenv.cfg", family / MEMBER)
    said = link(family / MEMBER)
    assert said.output.startswith(
        "venv: leads to `../other/venv` instead of `../dr-daily-report/venv` [link-elsewhere]\n../"
    )


def test_the_owners_venv_was_moved_into_a_member(family: Path) -> None:
    paste("rm venv && mv ../dr-daily-report/venv venv", family / MEMBER)
    said = link(family / MEMBER)
    assert said.output.startswith("venv: is a real venv, and `../dr-daily-report/venv` is missing")
    assert said.output.endswith("in the configuration of each project [owner-renamed]\n")


def test_a_file_outside_of_git_is_no_link_of_gits(dev: Path) -> None:
    build({MEMBER: {"venv": "../dr-daily-report/venv"}}, dev)
    make_venv(dev / OWNER / "venv")
    assert "[not-a-link]" in link(dev / MEMBER).output


def test_a_conda_environment_with_a_mark_of_a_venv(family: Path) -> None:
    build({"conda-meta/history": "", "pyvenv.cfg": ""}, family / OWNER / "venv")
    assert link(family / MEMBER).output.count("[conda-environment]") == 1
    assert "[conda-environment]" in sync(family / MEMBER).output


def test_a_conda_environment_in_a_members_place(family: Path) -> None:
    (family / MEMBER / "venv").unlink()
    build({"venv/conda-meta/history": ""}, family / MEMBER)
    assert link(family / MEMBER).output.endswith(" [conda-environment]\n")


# What is broken, in whose folder nothing may be written, where the hook runs, and what it says.
CLOSED = {
    "a member without a link": (
        "rm venv",
        MEMBER,
        MEMBER,
        "venv: is missing: it should be a link to `../dr-daily-report/venv`;"
        " it cannot be put there by you [link-missing]\n",
    ),
    "a member's link that dangles": (
        "rm -r ../dr-daily-report && git remote add origin https://a/b",
        MEMBER,
        ".",
        "venv: leads to `../dr-daily-report/venv`, but the owner `../dr-daily-report` is not there:"
        " clone it, or use a local venv meanwhile; it cannot be put there by you [owner-missing]\n"
        "  fix: rm -f venv && python3 -I -m venv venv\n",
    ),
    "an owner of somebody else": (
        "rm -r ../dr-daily-report/venv",
        MEMBER,
        OWNER,
        "venv: leads to `../dr-daily-report/venv`, but the owner `../dr-daily-report` has no venv"
        " there; it cannot be put there by you [venv-missing]\n"
        "  fix: rm -f venv && python3 -I -m venv venv\n",
    ),
    "an owner's link of somebody else": (
        "rm -r ../dr-daily-report/venv && ln -s gone ../dr-daily-report/venv",
        MEMBER,
        OWNER,
        "venv: leads to `../dr-daily-report/venv`, but `../dr-daily-report/venv` is a link to `gone`,"
        " which is missing; it cannot be put there by you [venv-missing]\n",
    ),
    "the owner": (
        "rm -r ../dr-daily-report/venv",
        OWNER,
        OWNER,
        "venv: is missing, but this project is the owner: the real shared venv belongs there;"
        " it cannot be put there by you [venv-missing]\n",
    ),
}


@pytest.mark.parametrize(("broken", "project", "closed", "says"), CLOSED.values(), ids=CLOSED)
def test_where_nothing_may_be_written_no_command_says_so(
    broken: str,
    project: str,
    closed: str,
    says: str,
    family: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paste(broken, family / MEMBER)
    access, folder = os.access, family / closed

    def asked(path: str, mode: int) -> bool:
        is_there = folder.samefile(path) if os.path.exists(path) else False
        return not (mode & os.W_OK and is_there) and access(path, mode)

    monkeypatch.setattr(os, "access", asked)
    assert link(family / project) == (1, says)


def test_what_only_another_may_change_is_said(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (family / OWNER / "venv" / "bin" / "activate").unlink()
    access = os.access

    def asked(path: str, mode: int) -> bool:
        return not (mode == os.W_OK and str(path).endswith("/venv")) and access(path, mode)

    monkeypatch.setattr(os, "access", asked)
    assert link(family / MEMBER) == (
        1,
        "../dr-daily-report/venv/bin/activate: is missing; only another user may change that"
        " [activation-elsewhere]\n",
    )


def test_what_could_not_be_looked_at_is_nobodys_to_change(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and access(path, mode))
    failing(monkeypatch, "bin/activate", errno.EIO, "open")
    assert "only another user may change that" not in link(family / MEMBER).output


def test_a_base_python_that_this_user_cannot_reach(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = os.path.realpath(family / OWNER / "venv" / "bin" / "python")
    failing(monkeypatch, python, 13, "stat")
    said = link(family / MEMBER)
    assert "cannot be reached by you (Permission denied) [python-missing]" in said.output
    assert "fix" not in said.output


def test_the_fallback_is_judged_in_one_place(family: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(family / MEMBER)
    assert not is_fallback(read_project("venv", None, {}), "venv")
    assert not is_fallback(read_project("venv", "../dr-daily-report/venv", {}), "other")


# -- ways to the venv -----------------------------------------------------------------------------


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
    said = link(family / MEMBER)
    assert said.output.count("`a` starts") == 1
    assert "`b`" not in said.output.partition("fix")[0]


def test_an_interpreter_that_may_not_be_executed_is_let_run(family: Path) -> None:
    """A copy, as `venv --copies` makes it: the venv is whole, and not given up."""
    python = family / OWNER / "venv" / "bin" / "python3"
    program = python.resolve().read_bytes()[:64]
    python.unlink()
    python.write_bytes(program)
    assert link(family / MEMBER) == (
        1,
        "../dr-daily-report/venv/bin/python3: is no executable file [python-missing]\n"
        "  fix: chmod +x ../dr-daily-report/venv/bin/python3\n",
    )


# -- requirements ---------------------------------------------------------------------------------


def test_what_is_read_nowhere_is_told(literal: Path) -> None:
    build({"Pipfile": "[packages]\na = '*'\n"}, literal / MEMBER)
    said = sync(literal / MEMBER, "--requirements=Pipfile")
    assert said.status == 2
    assert "Pipfile" in said.output


def test_pythons_that_what_is_installed_does_not_allow(literal: Path) -> None:
    installs(
        literal,
        a="Requires-Python: >=3.12\nRequires-Dist: b\n",
        b="Requires-Python: <3.11\n",
        c="Requires-Python: nonsense\n",
    )
    build({"requirements.txt": "a\nc\n"}, literal / MEMBER)
    assert sync(literal / MEMBER) == (
        1,
        "requirements.txt:1: `a==1` needs Python `>=3.12`, but the venv's is `3.11.7` [wrong-python]\n"
        "requirements.txt:1: `b==1` needs Python `<3.11` (`a` → `b`), but the venv's is `3.11.7`"
        " [wrong-python]\n",
    )


LOCK = """lock-version = "1.0"
created-by = "hand"
{}
[[packages]]
name = "a"
version = "1"
{}
[[packages.wheels]]
name = "a-1-py3-none-any.whl"
path = "a.whl"
hashes = {{sha256 = "0"}}
"""


@pytest.mark.parametrize(
    ("environments", "package", "says"),
    [
        ("environments = [\"sys_platform == 'linux'\"]", 'requires-python = ">=3.11"', ""),
        ("environments = [\"sys_platform == 'win32'\"]", "", "was locked for other environments"),
        ("", 'requires-python = "<3.11"', "`a` is locked for Python `<3.11`, but the venv's is"),
        ("", "marker = \"sys_platform == 'win32'\"\nrequires-python = '<3'", ""),
    ],
)
def test_a_lock_for_others(environments: str, package: str, says: str, literal: Path) -> None:
    installs(literal, a="")
    build({"pylock.toml": LOCK.format(environments, package)}, literal / MEMBER)
    said = sync(literal / MEMBER, "--requirements=pylock.toml")
    assert (said.status, says in said.output) == (int(bool(says)), True)
    assert said.output.count("[bad-lock]") == int(bool(says))


def test_where_words_would_tear_a_requirement_from_its_source(literal: Path) -> None:
    installs(literal, a="Requires-Dist: b>=2\n", b="")
    text = '[project]\nname = "x"\ndependencies = ["a", "c"]\n[[tool.poetry.source]]\nname = "y"\n'
    build({"pyproject.toml": text}, literal / MEMBER)
    said = sync(literal / MEMBER)
    assert (
        "[[tool.poetry.source]]` says where it comes from, which pip and uv do not read"
        in said.output
    )


def fix_of(output: str) -> str:
    [line] = {line for line in output.splitlines() if line.startswith("  fix: ")}
    return line


@pytest.mark.parametrize(
    "theirs", ["-e .\nfoo==1\nbaz\n", "foo==1\n???\n", "--extra-index-url https://h\nfoo==1\n"]
)
def test_nothing_is_lifted_over_what_a_sibling_has(theirs: str, literal: Path) -> None:
    """Their file goes by itself, so what it asks for, and has, is said in words beside ours."""
    installs(literal, foo="")
    build({"setup.py": "", "requirements.txt": "-e .\nbar\n"}, literal / MEMBER)
    third = build({"setup.py": "", "requirements.txt": theirs}, literal / "dr-daily-report_news")
    (third / "venv").symlink_to("../dr-daily-report/venv")
    steps = fix_of(sync(literal / MEMBER).output).split(" && ")
    [ours] = [step for step in steps if " -r requirements.txt" in step and "(cd" not in step][:1]
    assert ours.endswith(" -r requirements.txt foo==1")


def test_what_is_disputed_stays_as_it_is(literal: Path) -> None:
    installs(literal, foo="")
    build({"requirements.txt": "foo==1\n"}, literal / OWNER)
    build({"requirements.txt": "bar\nfoo==2\n"}, literal / MEMBER)
    said = sync(literal / MEMBER)
    assert "[conflict]" in said.output
    assert fix_of(said.output).endswith(" bar foo==1")


BROKEN = {
    "without METADATA": {"a-1.dist-info": {}},
    "twice": {"a-1.dist-info/METADATA": A.format(1), "a-2.dist-info/METADATA": A.format(2)},
}


@pytest.mark.parametrize("found", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_not_also_missing_or_wrong(found: Tree, literal: Path) -> None:
    build(found, literal / OWNER / "venv" / SITE)
    build({"requirements.txt": "a==2\n"}, literal / MEMBER)
    said = sync(literal / MEMBER)
    assert said.output.count(" [") == 1
    assert fix_of(said.output).endswith(" -r requirements.txt")


def test_two_pythons_that_exclude_each_other_are_told_once(literal: Path) -> None:
    for name, python in [(MEMBER, ">=3.12"), (OWNER, "<3.12")]:
        text = f'[project]\nname = "x"\ndependencies = []\nrequires-python = "{python}"\n'
        build({"pyproject.toml": text}, literal / name)
    said = sync(literal / MEMBER)
    assert said.output.count(" [") == 1
    assert "[conflict]" in said.output


def test_an_editable_that_another_needs_is_gone(literal: Path) -> None:
    installs(literal, a="Requires-Dist: b\n", b="")
    url = '{"url": "file:///gone/b", "dir_info": {"editable": true}}'
    build({"b-1.dist-info/direct_url.json": url}, literal / OWNER / "venv" / SITE)
    build({"requirements.txt": "a\n"}, literal / MEMBER)
    assert sync(literal / MEMBER) == (
        1,
        "requirements.txt:1: `b` is installed editable from `/gone/b`, which is gone (`a` → `b`):"
        " install it from where it is now [editable-gone]\n",
    )


# -- together -------------------------------------------------------------------------------------


def test_an_owners_link_that_leads_nowhere_is_told_once(family: Path) -> None:
    build({"requirements.txt": "a\n"}, family / OWNER)
    paste("rm -r venv && ln -s gone/venv venv", family / OWNER)
    said = said_whole(check_all, family / OWNER, "--target=venv")
    assert said.output.startswith("venv: is a link to `gone/venv`, which is missing, but this")
    assert said.output.count(" [") == 1


def test_a_family_that_was_moved_is_told_where_it_is_in_one_line(family: Path) -> None:
    venv = family / OWNER / "venv"
    [site] = venv.glob("lib/python*/site-packages")
    build(
        {"pyproject.toml": '[project]\nname = "dr"\nversion = "1"\n', "requirements.txt": ""},
        family / OWNER,
    )
    build({"requirements.txt": ""}, family / MEMBER)
    url = '{"url": "file:///gone/dr", "dir_info": {"editable": true}}'
    build({"dr-1.dist-info": {"METADATA": "Name: dr\nVersion: 1\n", "direct_url.json": url}}, site)
    activate = venv / "bin" / "activate"
    activate.write_text(activate.read_text().replace(str(venv), "/gone/venv"))
    said = said_whole(check_all, family / MEMBER, TARGET)
    assert said.status == 1
    [fix] = [line for line in said.output.splitlines() if line.startswith("  fix: ")]
    assert "-I -m venv --without-pip" in fix
    assert fix.endswith(f"-e ../{OWNER}")


def test_nothing_of_the_venv_is_told_twice(literal: Path) -> None:
    subprocess.run(["rm", "-r", literal / OWNER / "venv" / "lib"], check=True)
    said = said_whole(check_all, literal / MEMBER, TARGET)
    assert "[unusable-venv]" not in said.output


def test_an_owner_that_was_renamed_is_told_where_requirements_are_compared(family: Path) -> None:
    build({"requirements.txt": ""}, family / MEMBER)
    (family / OWNER).rename(family / "dr")
    said = sync(family / MEMBER)
    assert "and the venv in `../dr/venv` was made as `../dr-daily-report/venv`" in said.output
    assert "fix" not in said.output


def test_where_nothing_may_be_installed_the_reason_is_said(
    literal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build({"requirements.txt": "a\n"}, literal / MEMBER)
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and access(path, mode))
    said = sync(literal / MEMBER)
    assert said == (
        1,
        "requirements.txt:1: `a` is required, but not installed [not-installed]\n"
        "note: `../dr-daily-report/venv`: nothing can be written to it: it is read-only here\n",
    )


def test_an_error_that_passes_beside_a_fault(family: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is advised while a part of the venv cannot be looked at."""
    activate = family / OWNER / "venv" / "bin" / "activate"
    build({"dr": Executable("#!/gone/venv/bin/python\n")}, activate.parent)
    failing(monkeypatch, "bin/activate", 5, "open")
    said = link(family / MEMBER)
    assert said.output.count("\n") == 2
    assert "fix" not in said.output


def test_an_only_venv_while_the_owner_is_not_there(family: Path) -> None:
    make_venv(family / MEMBER / ".venv")
    (family / OWNER).rename(family / "elsewhere")
    (family / "elsewhere" / "venv").rename(family / "venv")
    git(family / MEMBER, "remote", "add", "origin", "https://h/x/y.git")
    said = said_whole(check_local, family / MEMBER, TARGET)
    assert said == (
        1,
        ".venv: is a local venv, and the shared one, `../dr-daily-report/venv`, is missing"
        " [local-venv]\n"
        '  fix: git clone "$(dirname "$(git remote get-url origin)")"/dr-daily-report'
        " ../dr-daily-report\n",
    )


def test_an_error_that_passes_beside_a_library_that_is_gone(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv = family / OWNER / "venv"
    subprocess.run(["rm", "-r", venv / "lib"], check=True)
    failing(monkeypatch, os.path.realpath(venv / "bin" / "python"), 5, "stat")
    said = link(family / MEMBER)
    assert said.output.count("\n") == 2
    assert "fix" not in said.output
