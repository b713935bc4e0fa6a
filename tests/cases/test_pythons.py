"""A venv's Python: the version that it had, one that is closed to this user, a passing error."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uv

from tests.cases.family import (
    BASE,
    PASSED,
    VERSION,
    Family,
    Said,
    make_wheel,
    site_packages,
)
from tests.cases.kinds import kind
from tests.trees import pythons

LINK = "check-venv-symlink"
LOCAL = "forbid-local-venv"
SYNC = "check-requirements-sync"
ALL = "check-shared-venv"


@pytest.fixture
def other_python() -> str:
    """An interpreter of another minor version, which can make venvs with pip."""
    for each in pythons():
        if each.version != VERSION and int(each.version.partition(".")[2]) >= 10:
            return each.executable
    pytest.skip("there is one Python only on this machine")


def with_alpha(family: Family) -> None:
    """`alpha` is installed and asked for, and can be installed again."""
    wheels = family.dev.parent / "wheels"
    make_wheel(wheels, "alpha", "1.0")
    family.environ["PIP_FIND_LINKS"] = family.environ["UV_FIND_LINKS"] = str(wheels)
    family.install("alpha")
    (family.member / "requirements.txt").write_text("alpha==1.0\n")


def version_of(venv: Path) -> str:
    """`3.12`, as `pyvenv.cfg` has it."""
    text = (venv / "pyvenv.cfg").read_text()
    return re.search(r"^version(?:_info)? = (\d+\.\d+)", text, re.M)[1]  # type: ignore[index]


# Whatever `python3` is, a venv is remade with the Python that it had.


def made_by_venv(family: Family, base: Path) -> None:
    family.make_venv(family.venv, str(base))


def made_by_uv(family: Family, base: Path) -> None:
    family.run(uv.find_uv_bin(), "venv", "--quiet", "--python", str(base), str(family.venv))


@pytest.mark.parametrize("make", [made_by_venv, made_by_uv])
@pytest.mark.parametrize("found", ["on PATH", "nowhere"])
@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("the Python that the venv had")
def test_a_venv_whose_base_is_gone_keeps_its_version(
    family: Family,
    other_python: str,
    make: Callable[[Family, Path], None],
    found: str,
    hook: str,
) -> None:
    """`python3` is this one, the venv's was another, as after an upgrade of the system."""
    version = "{}.{}".format(*re.match(r"python(\d+)\.(\d+)", Path(other_python).name).groups())  # type: ignore[union-attr]
    base = family.dev.parent / "base" / "bin" / f"python{version}"
    base.parent.mkdir(parents=True)
    base.symlink_to(other_python)
    family.destroy(family.venv)
    make(family, base)
    shutil.rmtree(base.parent)
    if (family.venv / "bin" / "python").exists():
        pytest.skip("it was made with the end of the link that the base is here")
    said = family.hook(hook)
    assert said.rules == ["python-missing"]
    assert all(f"python{version}" in fix for fix in said.fixes)
    if found == "on PATH":
        family.environ["PATH"] += f":{os.path.dirname(other_python)}"
        assert family.follow(hook)[-1] == PASSED
        assert version_of(family.venv) == version
    elif shutil.which(f"python{version}", path=family.environ["PATH"]) is None:
        # A command with a Python that nobody has would fail: the way forward, and it ends.
        assert f"python{version}` is missing" in said.stdout or version in said.stdout
        assert family.follow(hook)[-1].status == 0
        assert version_of(family.venv) != version


@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("the Python that the venv had")
def test_a_moved_venv_of_copies_keeps_its_python(
    family: Family, other_python: str, hook: str
) -> None:
    family.destroy(family.venv)
    family.make_venv(family.venv, BASE, "--copies")
    with_alpha(family)
    moved = Path(f"{family.dev}-moved")
    family.dev.rename(moved)
    after = family.at(moved)
    first = after.dev.parent / "first"
    first.mkdir()
    (first / "python3").symlink_to(other_python)
    after.environ["PATH"] = f"{first}:{after.environ['PATH']}"
    rounds = after.follow(hook)
    assert rounds[0].rules == ["activation-elsewhere"]
    assert rounds[-1].status == 0
    for name in ["python", "python3", f"python{VERSION}"]:
        code = "import alpha, sys; print('{}.{}'.format(*sys.version_info))"
        line = f". '{after.venv}/bin/activate' && {name} -c \"{code}\""
        assert after.run("bash", "-c", line).strip() == VERSION


@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("the Python that the venv had")
def test_another_python_made_over_a_venv_keeps_its_packages(
    family: Family, other_python: str, hook: str
) -> None:
    with_alpha(family)
    family.run(other_python, "-I", "-m", "venv", "--upgrade", "--without-pip", str(family.venv))
    rounds = family.follow(hook)
    assert set(rounds[0].rules) == {"python-mismatch"}
    assert rounds[-1] == PASSED
    assert version_of(family.venv) == VERSION
    assert family.run(str(family.venv / "bin" / "python"), "-c", "import alpha") == ""


# What is closed to this user is there all the same.


ORDINARY = (
    []
    if os.geteuid()
    else ["setpriv", "--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all"]
)
"""Starts a command to which closed folders are closed, for root as well."""


@pytest.fixture
def closed(family: Family) -> Iterator[Path]:
    """A home that only somebody else may enter: a colleague's, or root's."""
    home = family.dev.parent / "colleague"
    home.mkdir()
    yield home
    home.chmod(0o700)


def close(home: Path) -> None:
    if os.geteuid() == 0:
        os.chown(home, 65534, 65534)
    home.chmod(0)
    there = ["test", "-e", str(home / "bin")]
    if subprocess.run([*ORDINARY, *there], check=False).returncode == 0:
        pytest.skip("nothing is closed to this user")


def base_of_a_colleague(family: Family, home: Path) -> None:
    """The chain's last link leads into the closed home."""
    (home / "bin").mkdir()
    (home / "bin" / "python3").symlink_to(BASE)
    for link in (family.venv / "bin").glob("python*"):
        link.unlink()
        link.symlink_to(home / "bin" / "python3")


def base_behind_a_link_of_ours(family: Family, home: Path) -> None:
    base_of_a_colleague(family, home)
    way = family.dev.parent / "python"
    way.symlink_to(home / "bin")
    for link in (family.venv / "bin").glob("python*"):
        link.unlink()
        link.symlink_to(way / "python3")


@pytest.mark.parametrize("state", [base_of_a_colleague, base_behind_a_link_of_ours])
@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("not for you is not missing")
def test_a_base_python_in_a_closed_folder_is_not_missing(
    family: Family, closed: Path, state: Callable[[Family, Path], None], hook: str
) -> None:
    state(family, closed)
    close(closed)
    said = family.hook(hook, before=ORDINARY)
    assert (said.status, len(said.findings)) == (1, 1)
    assert "cannot be reached by you" in said.stdout
    assert [each for each in said.commands if "-m venv" in each] == []
    if os.geteuid() == 0:
        assert said.commands == [], "only another user may open it"


def marks_file(family: Family) -> Path:
    return family.venv / "pyvenv.cfg"


def packages(family: Family) -> Path:
    return site_packages(family.venv)


def scripts(family: Family) -> Path:
    return family.venv / "bin"


def whole(family: Family) -> Path:
    return family.venv


@pytest.mark.parametrize("what", [marks_file, packages, scripts, whole])
@pytest.mark.parametrize("hook", [LINK, LOCAL, SYNC, ALL])
@kind("not for you is not missing")
def test_what_another_user_has_closed_gets_no_command(
    family: Family, what: Callable[[Family], Path], hook: str
) -> None:
    """As after `sudo pip install` with a umask of 077."""
    if os.geteuid():
        pytest.skip("only root can give a file to another user")
    with_alpha(family)
    path = what(family)
    os.chown(path, 65534, 65534)
    path.chmod(0o600 if path.is_file() else 0o700)
    said = family.hook(hook, before=ORDINARY)
    assert said.commands == []
    assert "Traceback" not in said.stderr
    if hook in {LINK, ALL}:
        assert said.status == 1
        assert not {"venv-missing", "venv-emptied", "not-installed"} & set(said.rules)


# An error that passes is no damage.


ERRORS = ["EIO", "ESTALE", "EMFILE", "ENOMEM"]
LOOKS = "open,openat,stat,lstat,newfstatat,statx,readlink,readlinkat"


def struck(family: Family, hook: str, error: str, path: str) -> Said:
    """What the hook says while the kernel answers so whenever this path is looked at."""
    if (strace := shutil.which("strace")) is None:
        pytest.skip("there is no strace")
    log = family.dev.parent / "strace.log"
    names = {path, str(family.member / path), os.path.normpath(family.member / path)}
    names |= {name.replace("../owner/venv", "venv") for name in names}
    chosen = [each for name in sorted(names) for each in ("-P", name)]
    injected = f"inject={LOOKS}:error={error}"
    said = family.hook(
        hook,
        before=[strace, "-f", "-qq", "-o", str(log), *chosen, "-e", f"trace={LOOKS}", "-e", injected],
    )  # fmt: skip
    if not log.exists() or "ptrace" in said.stderr:
        pytest.skip("this user cannot trace")
    assert "INJECTED" in log.read_text(), f"nothing looked at {path}"
    return said


@pytest.mark.parametrize("error", ["EIO", "EMFILE"])
@pytest.mark.parametrize(
    "path",
    [
        "venv",
        "../owner/venv",
        "../owner/venv/pyvenv.cfg",
        "../owner/venv/bin/python",
        "../owner/venv/bin/activate",
        f"../owner/venv/lib/python{VERSION}/site-packages",
    ],
)
@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("a passing error is no damage")
def test_an_error_that_passes_gets_no_command(
    family: Family, path: str, error: str, hook: str
) -> None:
    said = struck(family, hook, error, path)
    assert said.commands == []
    assert "Traceback" not in said.stderr
    assert said.status == 1
    assert "could not be looked at" in said.stdout
    assert family.hook(hook).status == 0, "it has passed"


@pytest.mark.parametrize("error", ERRORS)
@kind("a passing error is no damage")
def test_a_distribution_that_could_not_be_read_is_not_missing(family: Family, error: str) -> None:
    with_alpha(family)
    path = f"../owner/venv/lib/python{VERSION}/site-packages/alpha-1.0.dist-info/METADATA"
    said = struck(family, SYNC, error, path)
    assert (said.status, said.commands) == (1, [])
    assert "not-installed" not in said.rules


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("hook", [LINK, LOCAL, SYNC, ALL])
@kind("a passing error is no damage")
def test_a_mark_that_could_not_be_read_is_no_damage(family: Family, error: str, hook: str) -> None:
    with_alpha(family)
    said = struck(family, hook, error, "../owner/venv/pyvenv.cfg")
    assert said.commands == []
    assert "Traceback" not in said.stderr
    assert not {"venv-missing", "venv-emptied", "not-installed"} & set(said.rules)


@pytest.mark.parametrize("error", ERRORS)
@kind("a passing error is no damage")
def test_a_requirements_file_that_could_not_be_read_is_told(family: Family, error: str) -> None:
    with_alpha(family)
    said = struck(family, SYNC, error, "requirements.txt")
    assert (said.status, said.commands) == (1, [])
    assert "requirements.txt" in said.stdout
