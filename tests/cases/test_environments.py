"""Every form of environment: a lib64 of its own, by any mark, in git, and conda's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.family import BASE, PASSED, VERSION, Family, make_wheel, site_packages
from tests.cases.kinds import kind

LINK = "check-venv-symlink"
LOCAL = "forbid-local-venv"
SYNC = "check-requirements-sync"
ALL = "check-shared-venv"


# Compiled packages in a `lib64` that is a folder of its own.


def lib64_by_hand(family: Family) -> None:
    """As virtualenv leaves it on Fedora: `lib64` is no link, and both hold distributions."""
    lib64 = family.venv / "lib64"
    if lib64.is_symlink():
        lib64.unlink()
    (lib64 / f"python{VERSION}" / "site-packages").mkdir(parents=True)


def lib64_by_virtualenv(family: Family) -> None:
    """By an interpreter whose `sys.platlibdir` is `lib64`."""
    virtualenv = pytest.importorskip("virtualenv")
    prefix, base = Path(BASE).parent.parent, family.dev.parent / "base"
    (base / "bin").mkdir(parents=True)
    shutil.copy(BASE, base / "bin")
    for name in ["lib", "lib64"]:
        (base / name).symlink_to(prefix / "lib")
    family.destroy(family.venv)
    settings = {"PYTHONPLATLIBDIR": "lib64", "LD_LIBRARY_PATH": str(prefix / "lib")}
    settings["XDG_DATA_HOME"] = str(base)
    settings["PYTHONPATH"] = str(Path(virtualenv.__file__).parent.parent)
    python = str(base / "bin" / Path(BASE).name)
    make = ["-m", "virtualenv", "--quiet", "--no-seed"]
    try:
        family.run(python, *make, str(family.venv), environ=settings)
    except AssertionError:
        pytest.skip("this interpreter has one folder for libraries only")
    if (family.venv / "lib64").is_symlink() or not (family.venv / "lib64").exists():
        pytest.skip("virtualenv makes no lib64 here")


def install_in(packages: Path, name: str, version: str) -> None:
    wheel = make_wheel(packages.parent / "wheels", name, version)
    shutil.unpack_archive(wheel, packages, "zip")


@pytest.mark.parametrize("make", [lib64_by_hand, lib64_by_virtualenv])
@pytest.mark.parametrize("hook", [LINK, LOCAL, SYNC, ALL])
@kind("a lib64 of its own")
def test_what_is_in_lib64_is_installed(
    family: Family, make: Callable[[Family], None], hook: str
) -> None:
    make(family)
    install_in(family.venv / "lib64" / f"python{VERSION}" / "site-packages", "numpyc", "1.0")
    install_in(family.venv / "lib" / f"python{VERSION}" / "site-packages", "pure", "1.0")
    (family.member / "requirements.txt").write_text("numpyc==1.0\npure==1.0\n")
    assert family.hook(hook) == PASSED


@pytest.mark.parametrize("hook", [SYNC, ALL])
@kind("a lib64 of its own")
def test_another_version_in_lib64_is_told(family: Family, hook: str) -> None:
    lib64_by_hand(family)
    install_in(family.venv / "lib64" / f"python{VERSION}" / "site-packages", "numpyc", "1.0")
    (family.member / "requirements.txt").write_text("numpyc==2.0\n")
    said = family.hook(hook)
    assert said.rules == ["wrong-version"]
    assert "`1.0`" in said.stdout


@pytest.mark.parametrize("hook", [SYNC, ALL])
@kind("a lib64 of its own")
def test_the_same_in_lib_and_lib64_is_there_twice(family: Family, hook: str) -> None:
    lib64_by_hand(family)
    install_in(family.venv / "lib64" / f"python{VERSION}" / "site-packages", "numpyc", "1.0")
    install_in(family.venv / "lib" / f"python{VERSION}" / "site-packages", "numpyc", "2.0")
    (family.member / "requirements.txt").write_text("numpyc\n")
    assert family.hook(hook).rules == ["duplicate-distribution"]


@kind("a lib64 of its own")
def test_a_link_named_lib64_holds_nothing_of_its_own(family: Family) -> None:
    lib64 = family.venv / "lib64"
    if not lib64.is_symlink():
        lib64.symlink_to("lib")
    install_in(site_packages(family.venv), "numpyc", "1.0")
    (family.member / "requirements.txt").write_text("numpyc==1.0\n")
    for hook in [LINK, LOCAL, SYNC, ALL]:
        assert family.hook(hook) == PASSED


# Environments by any of their marks.


def fill(folder: Path, *files: str) -> None:
    for each in files:
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).write_text(f"{each}\n")


def of_windows(folder: Path) -> None:
    fill(folder, "Scripts/activate", "Scripts/activate.bat", "Scripts/python.exe")
    fill(folder, *(f"Lib/site-packages/flask/m{n}.py" for n in range(20)))
    (folder / "pyvenv.cfg").write_bytes(b"home = C:\\Python39\r\nversion = 3.9.7\r\n")


def of_windows_without_its_mark(folder: Path) -> None:
    """The clone ignores `*.cfg`."""
    of_windows(folder)
    (folder / "pyvenv.cfg").unlink()


def of_old_virtualenv(folder: Path) -> None:
    fill(folder, "bin/activate", "bin/python", "lib/python2.7/site-packages/six.py")


def of_conda(folder: Path) -> None:
    fill(folder, "conda-meta/history", "bin/python", "lib/python3.11/site-packages/six.py")


def of_venv(folder: Path) -> None:
    fill(folder, "bin/activate", "bin/python", "pyvenv.cfg", "lib/python3.9/site-packages/six.py")


ENVIRONMENTS = [of_windows, of_windows_without_its_mark, of_old_virtualenv, of_conda, of_venv]


@pytest.mark.parametrize("make", ENVIRONMENTS)
@pytest.mark.parametrize("name", ["env", ".venv", "tools/py", "a b"])
@pytest.mark.parametrize("hook", [LOCAL, ALL])
@kind("an environment by any mark")
def test_an_environment_on_disk_is_found(
    family: Family, make: Callable[[Path], None], name: str, hook: str
) -> None:
    make(family.member / name)
    said = family.hook(hook)
    assert said.status == 1
    assert said.rules == ["conda-environment" if make is of_conda else "local-venv"]
    assert name in said.stdout


def own_activate_script(member: Path) -> None:
    """Nothing but a name in common."""
    fill(member / "tool", "bin/activate", "bin/deploy")


def own_scripts_folder(member: Path) -> None:
    fill(member / "tool", "Scripts/deploy.bat", "bin/python-notes.txt")


def own_pyvenv_notes(member: Path) -> None:
    fill(member, "docs/pyvenv.cfg.md", "conda-meta.yaml")


def link_to_the_shared_one(member: Path) -> None:
    (member / ".venv").symlink_to("../owner/venv")


def redirect_to_the_shared_one(member: Path) -> None:
    (member / ".venv").write_text("../owner/venv\n")


def link_to_a_folder(member: Path) -> None:
    (member / "data").symlink_to("..")


@pytest.mark.parametrize(
    "state",
    [
        own_activate_script,
        own_scripts_folder,
        own_pyvenv_notes,
        link_to_the_shared_one,
        redirect_to_the_shared_one,
        link_to_a_folder,
    ],
)
@pytest.mark.parametrize("hook", [LOCAL, ALL])
@kind("an environment by any mark")
def test_what_is_no_other_environment(
    family: Family, state: Callable[[Path], None], hook: str
) -> None:
    state(family.member)
    assert family.hook(hook) == PASSED


def link_to_another(member: Path) -> None:
    (member / ".venv").symlink_to("../another")


def link_deep_inside_to_another(member: Path) -> None:
    (member / "tools").mkdir()
    (member / "tools" / "py").symlink_to("../../another")


def redirect_to_another(member: Path) -> None:
    (member / ".venv").write_text("../another\n")


def redirect_without_a_line_break(member: Path) -> None:
    (member / ".venv").write_text(str(member.parent / "another"))


OTHER_WAYS = [
    link_to_another,
    link_deep_inside_to_another,
    redirect_to_another,
    redirect_without_a_line_break,
]


@pytest.mark.parametrize("state", OTHER_WAYS)
@pytest.mark.parametrize("hook", [LOCAL, ALL])
@kind("an environment by any mark")
def test_what_leads_to_another_environment_is_one(
    family: Family, state: Callable[[Path], None], hook: str
) -> None:
    family.make_venv(family.dev / "another")
    state(family.member)
    said = family.hook(hook)
    assert (said.status, said.rules) == (1, ["local-venv"])
    family.follow(hook)
    assert (family.dev / "another" / "pyvenv.cfg").exists()


# In git: the whole of it is untracked, and the hook does not fall silent by its own fix.


def tracked(family: Family, path: str) -> list[str]:
    return family.run("git", "ls-files", "--", path, folder=family.member).splitlines()


@pytest.mark.parametrize("make", ENVIRONMENTS)
@pytest.mark.parametrize("name", ["env", "tools/p y"])
@pytest.mark.parametrize("hook", [LOCAL, ALL])
@kind("a whole environment in git")
def test_a_whole_environment_is_untracked(
    family: Family, make: Callable[[Path], None], name: str, hook: str
) -> None:
    folder = family.member / name
    make(folder)
    family.plant(folder / "lib" / "edited.py")
    family.run("git", "add", "--all", "--force", name, folder=family.member)
    rounds = family.follow(hook)
    assert rounds[0].status == 1
    assert "tracked-venv" in rounds[0].rules
    assert tracked(family, name) == []
    if make is not of_conda:
        assert rounds[-1].status == 0
        assert not folder.exists(), "a silent hook has left no environment"


@pytest.mark.parametrize("make", ENVIRONMENTS)
@pytest.mark.parametrize("hook", [LOCAL, ALL])
@kind("a whole environment in git")
def test_an_environment_in_git_alone_is_told(
    family: Family, make: Callable[[Path], None], hook: str
) -> None:
    """Deleted from the disk, and committed all the same; in CI as well."""
    make(family.member / "env")
    family.run("git", "add", "--all", "--force", "env", folder=family.member)
    shutil.rmtree(family.member / "env")
    for environ in [{}, {"CI": "true"}]:
        said = family.hook(hook, environ=environ)
        assert (said.status, said.rules) == (1, ["tracked-venv"])
    family.follow(hook)
    assert tracked(family, "env") == []


@pytest.mark.parametrize("state", [link_to_the_shared_one, redirect_to_the_shared_one, *OTHER_WAYS])
@pytest.mark.parametrize("hook", [LOCAL, ALL])
@kind("a whole environment in git")
def test_a_tracked_way_to_an_environment_is_told(
    family: Family, state: Callable[[Path], None], hook: str
) -> None:
    """It breaks wherever the family is not there: in CI, for a colleague."""
    family.make_venv(family.dev / "another")
    state(family.member)
    family.run("git", "add", "--all", folder=family.member)
    for environ in [{}, {"CI": "true"}]:
        said = family.hook(hook, environ=environ)
        assert said.status == 1
        assert "tracked-link" in said.rules
    family.follow(hook)
    assert tracked(family, ".venv") == tracked(family, "tools/py") == []


# Conda's environments: one answer, wherever they are met.


def make_conda(place: Path, *, by_the_file: bool = True) -> None:
    (place / "bin").mkdir(parents=True)
    (place / f"lib/python{VERSION}/site-packages").mkdir(parents=True)
    (place / "conda-meta").mkdir()
    (place / "bin" / f"python{VERSION}").symlink_to(BASE)
    (place / "bin" / "python").symlink_to(f"python{VERSION}")
    (place / "conda-meta" / "history").write_text("")
    if by_the_file:
        text = json.dumps({"name": "python", "version": f"{VERSION}.0"})
        (place / "conda-meta" / f"python-{VERSION}.0-h1_0.json").write_text(text)


@pytest.mark.parametrize("project", ["owner", "member"])
@pytest.mark.parametrize("hook", [LINK, LOCAL, SYNC, ALL])
@kind("one answer for conda")
def test_a_shared_conda_environment_gets_one_answer(
    family: Family, project: str, hook: str
) -> None:
    family.destroy(family.venv)
    make_conda(family.venv)
    (family.dev / project / "requirements.txt").write_text("six==1.0\n")
    said = family.hook(hook, folder=family.dev / project)
    assert (said.status, said.rules, said.commands) == (1, ["conda-environment"], [])


@pytest.mark.parametrize("hook", [LINK, LOCAL, ALL])
@kind("one answer for conda")
def test_a_conda_environment_where_the_link_belongs(family: Family, hook: str) -> None:
    (family.member / "venv").unlink()
    make_conda(family.member / "venv")
    said = family.hook(hook)
    assert (said.status, said.rules, said.commands) == (1, ["conda-environment"], [])


@kind("one answer for conda")
def test_beside_one_the_target_is_what_requirements_are_compared_with(family: Family) -> None:
    install_in(site_packages(family.venv), "six", "2.0")
    (family.member / "venv").unlink()
    make_conda(family.member / "venv")
    (family.member / "requirements.txt").write_text("six==1.0\n")
    for hook in [SYNC, ALL]:
        said = family.hook(hook)
        assert "wrong-version" in said.rules
        assert "`2.0`" in said.stdout
