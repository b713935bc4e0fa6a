"""What no rule foresaw is no traceback, and nothing of the user's is imported."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.family import PASSED, TARGET, Family, Said
from tests.cases.kinds import kind

LINK = "check-venv-symlink"
LOCAL = "forbid-local-venv"
SYNC = "check-requirements-sync"
ALL = "check-shared-venv"
HOOKS = [LINK, LOCAL, SYNC, ALL]
CHECKOUT = Path(__file__).parents[2]


def run(command: list[str], family: Family, environ: dict[str, str] | None = None) -> Said:
    """As a runner starts it: in the project, without our wish for tracebacks."""
    settings = {**family.environ, **(environ or {})}
    settings.pop("SHARED_VENV_TRACEBACK", None)
    ran = subprocess.run(
        command, cwd=family.member, env=settings, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    return Said(ran.returncode, ran.stdout, ran.stderr)


def script(hook: str) -> str:
    path = Path(sys.executable).parent / hook
    assert path.exists(), f"{hook} is not installed beside {sys.executable}"
    return str(path)


def in_words(said: Said) -> None:
    """A status of ours, and lines of ours."""
    assert "Traceback" not in said.stderr
    assert said.status in {0, 1, 2}
    assert len(said.stderr.splitlines()) <= 1


# The user's code is never imported.


SHOUT = "import sys\nsys.stderr.write('CODE OF THE USER RAN\\n')\n"


def entries() -> dict[str, list[str]]:
    """The commands that runners start, by the hooks' ids, from the manifest."""
    text = (CHECKOUT / ".pre-commit-hooks.yaml").read_text()
    found = re.findall(r"^- id: (\S+)$.*?^  entry: (.+?)$", text, re.M | re.S)
    return {each: shlex.split(entry) for each, entry in found}


def named_hooks(folder: Path) -> None:
    (folder / "hooks").mkdir()
    (folder / "hooks" / "__init__.py").write_text(SHOUT)


def named_packaging(folder: Path) -> None:
    (folder / "packaging").mkdir()
    (folder / "packaging" / "__init__.py").write_text(SHOUT)


def named_as_the_standard_library(folder: Path) -> None:
    for name in ["json", "re", "subprocess", "tomllib", "shlex", "argparse", "tempfile"]:
        (folder / f"{name}.py").write_text(SHOUT)


def started_with_every_python(folder: Path) -> None:
    (folder / "sitecustomize.py").write_text(SHOUT)
    (folder / "usercustomize.py").write_text(SHOUT)


@pytest.mark.parametrize(
    "state",
    [named_hooks, named_packaging, named_as_the_standard_library, started_with_every_python],
)
@pytest.mark.parametrize("place", ["PYTHONPATH=.", "PYTHONPATH, absolute", "no PYTHONPATH", "site"])
@pytest.mark.parametrize("hook", HOOKS)
@kind("the user's code is never imported")
def test_a_runners_hook_imports_nothing_of_the_users(
    family: Family, state: Callable[[Path], None], place: str, hook: str
) -> None:
    """Both runners set PATH and VIRTUAL_ENV to the hook's environment, and keep all else."""
    bin_folder = Path(sys.executable).parent
    environ = {
        "PATH": f"{bin_folder}:{family.environ['PATH']}",
        "VIRTUAL_ENV": str(bin_folder.parent),
    }
    folder = family.member
    if place == "site":
        environ["PYTHONUSERBASE"] = str(family.dev.parent / "user")
        version = "python{}.{}".format(*sys.version_info)
        folder = family.dev.parent / "user" / "lib" / version / "site-packages"
        folder.mkdir(parents=True)
    elif place.startswith("PYTHONPATH"):
        environ["PYTHONPATH"] = "." if place.endswith(".") else str(folder)
    state(folder)
    (family.member / "requirements.txt").write_text("# nothing\n")
    entry = entries()[hook]
    assert run([*entry, TARGET], family, environ) == PASSED
    (family.member / "requirements.txt").write_text("missing==1\n")
    (family.member / "venv").unlink()
    said = run([*entry, TARGET], family, environ)
    assert "CODE OF THE USER" not in said.stderr
    assert said.status == (0 if hook == LOCAL else 1), "it is the hook that was started"


@pytest.mark.parametrize("hook", HOOKS)
@kind("the user's code is never imported")
def test_a_module_can_be_started_apart_from_everything(family: Family, hook: str) -> None:
    module = f"hooks.{hook.replace('-', '_')}"
    said = run([sys.executable, "-I", "-m", module, "--no-such-option"], family)
    assert said.status == 2
    assert "--no-such-option" in said.stderr


# An interrupt, strange folders, few descriptors.


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("when", [1, 3, 10])
@kind("no traceback")
def test_an_interrupt_ends_quietly(family: Family, when: int, hook: str) -> None:
    """Ctrl-C during a commit."""
    if (strace := shutil.which("strace")) is None:
        pytest.skip("there is no strace")
    log = family.dev.parent / "strace.log"
    looks = "readlink,newfstatat,stat,lstat,statx,openat,getdents64"
    chosen = [each for path in [family.venv, "../owner/venv", "venv", "requirements.txt", ".",
              ".git", family.member, f"{family.member}/venv"] for each in ("-P", str(path))]  # fmt: skip
    said = run(
        # Where the tests run in the background of a shell, an interrupt is ignored.
        ["env", "--default-signal=INT", strace, "-f", "-qq", "-o", str(log), *chosen, "-e", f"trace={looks}",
         "-e", f"inject={looks}:signal=SIGINT:when={when}", script(hook), TARGET],
        family,
    )  # fmt: skip
    if not log.exists() or "ptrace" in said.stderr:
        pytest.skip("this user cannot trace")
    if "SIGINT" not in log.read_text():
        pytest.skip(f"it has not looked {when} times")
    ours = [line for line in said.stderr.splitlines() if not line.startswith(f"{strace}: ")]
    before_python = -signal.SIGINT if when == 1 else 130  # has begun to listen, nobody is told
    assert ours == []
    assert said.status in {130, before_python}


def deep_inside(folder: Path) -> None:
    """Deeper than Python recurses, and than a path may be long."""
    before = os.open(".", os.O_RDONLY)
    try:
        os.chdir(folder)
        for _ in range(1500):
            os.mkdir("deep")
            os.chdir("deep")
    finally:
        os.fchdir(before)
        os.close(before)


def a_deep_folder_in_a_local_venv(family: Family) -> None:
    (family.member / "venv").unlink()
    deep_inside(family.make_venv(family.member / "venv"))


def a_deep_folder_in_the_shared_venv(family: Family) -> None:
    deep_inside(family.venv / "share")


def a_deep_folder_in_the_project(family: Family) -> None:
    deep_inside(family.member)


def a_deep_folder_among_the_packages(family: Family) -> None:
    deep_inside(next(family.venv.glob("lib/*/site-packages")))


@pytest.mark.parametrize(
    "state",
    [
        a_deep_folder_in_a_local_venv,
        a_deep_folder_in_the_shared_venv,
        a_deep_folder_in_the_project,
        a_deep_folder_among_the_packages,
    ],
)
@pytest.mark.parametrize("hook", HOOKS)
@kind("no traceback")
def test_a_deep_folder_is_no_traceback(
    family: Family, state: Callable[[Family], None], hook: str
) -> None:
    (family.member / "requirements.txt").write_text("# nothing\n")
    state(family)
    try:
        said = run([script(hook), TARGET], family)
    finally:  # pytest's own way of removing folders recurses
        subprocess.run(["rm", "-rf", str(family.dev)], check=True)
    in_words(said)
    local = state is a_deep_folder_in_a_local_venv
    assert said.status == (1 if local and hook != SYNC else 0)


@pytest.mark.parametrize("hook", HOOKS)
@kind("no traceback")
def test_many_descriptors_of_others(family: Family, hook: str) -> None:
    """A program that starts git has left 1,100 files open: numbers over 1,024."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2000:
        pytest.skip("this user may not open so many files")
    code = (
        "import os, resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, (2000, {hard}))\n"
        "for _ in range(1100):\n"
        "    os.set_inheritable(os.open(os.devnull, os.O_RDONLY), True)\n"
        "os.execv(sys.argv[1], sys.argv[1:])\n"
    )
    (family.member / "requirements.txt").write_text("# nothing\n")
    assert soft > 0
    assert run([sys.executable, "-c", code, script(hook), TARGET], family) == PASSED


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("limit", range(5, 14))
@kind("no traceback")
def test_too_few_descriptors(family: Family, limit: int, hook: str) -> None:
    """Where Python itself can start, we have an answer."""
    (family.member / "requirements.txt").write_text("missing==1\n")
    limited = ["sh", "-c", f'ulimit -n {limit} && exec "$@"', "sh"]
    python = [sys.executable, "-I", "-c", "import argparse, json, re, subprocess, tomllib"]
    if run([*limited, *python], family).status:
        pytest.skip("too few for Python")
    in_words(run([*limited, script(hook), TARGET], family))


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("hook", HOOKS)
@kind("no traceback")
def test_closed_descriptors(family: Family, closed: str, hook: str) -> None:
    """Nothing is read from them, and nothing said is no other answer."""
    (family.member / "requirements.txt").write_text("missing==1\n")
    (family.member / "venv").unlink()
    family.make_venv(family.member / "tools" / "py")
    said = run(["sh", "-c", f'exec "$@" {closed}', "sh", script(hook), TARGET], family)
    in_words(said)
    assert said.status == 1, "findings are findings, even if nobody hears them"


@pytest.mark.parametrize("hook", HOOKS)
@kind("no traceback")
def test_a_reader_that_has_gone(family: Family, hook: str) -> None:
    """`| head -0`, or a full disk behind the output."""
    (family.member / "requirements.txt").write_text("missing==1\n" * 3000)
    (family.member / "venv").unlink()
    command = f"{shlex.join([script(hook), TARGET])} | true; exit ${{PIPESTATUS[0]}}"
    in_words(run(["bash", "-c", command], family))
    if Path("/dev/full").exists():
        in_words(run(["sh", "-c", f"{shlex.join([script(hook), TARGET])} > /dev/full"], family))


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("values", ["C", "POSIX", "en_US.ISO-8859-1"])
@kind("no traceback")
def test_names_that_no_encoding_has(family: Family, values: str, hook: str) -> None:
    (family.member / "venv").unlink()
    os.symlink(b"../\xff\xfe/\xe2\x98\x83", os.fsencode(family.member / "venv"))
    os.makedirs(os.fsencode(family.member) + b"/\xff/conda-meta")
    name = os.fsencode(family.member) + b"/requirements.txt"
    Path(os.fsdecode(name)).write_bytes(b"-r \xff.txt\nmissing==1\n")
    said = run([script(hook), TARGET], family, {"LC_ALL": values, "PYTHONUTF8": "0"})
    in_words(said)
    assert said.status == 1
