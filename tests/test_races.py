"""pip and uv install and uninstall in the shared venv while the hooks read it.

Whatever the moment, a hook ends without a traceback and tells what is there: one of the versions
that are really being installed, none, or a half-installed one. `make fuzz` runs each hook a
thousand times.
"""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests import family
from tests.fuzzing import IS_LONG
from tests.packages import UV, make_wheel
from tests.trees import Said, git, make_venv

RUNS = 1000 if IS_LONG else 20
"""Of each hook, beside each installer."""
# What may be said: nothing but what is true at some moment. `alpha` is always required as version
# 1.10, and is there in that version or in 2.20, or not, or half; `beta` needs `alpha`.
PLACE = rf"\.\./owner/venv/lib/python{re.escape(family.VERSION)}/site-packages"
VERSION = r"(?:1\.10|2\.20)"
TRUE = [
    r"",
    r"requirements\.txt:1: `alpha==1\.10` is required, but not installed",
    r"requirements\.txt:1: `alpha==1\.10` is required, but `2\.20` is installed",
    r"requirements\.txt:2: `beta==1` is required, but not installed",
    rf"{PLACE}/(?:alpha-{VERSION}|beta-1)\.dist-info: is half installed: it has no `METADATA`",
    rf"{PLACE}/(?:alpha-{VERSION}|beta-1)\.dist-info/METADATA: has no `(?:Name|Version)`",
    rf"{PLACE}/alpha-{VERSION}\.dist-info: `alpha` is installed more than once:"
    rf" as `{VERSION}` here, as `{VERSION}` in `alpha-{VERSION}\.dist-info` beside it",
    r"  fix: .*",
]
TOLD = re.compile("|".join(TRUE))


@pytest.fixture
def wheels(dev: Path) -> Path:
    """`alpha` 1 and 2, and `beta`."""
    folder = dev / "wheels"
    make_wheel(folder, "alpha", "1.10")
    make_wheel(folder, "alpha", "2.20")
    make_wheel(folder, "beta", "1", ["alpha"])
    return folder


def installer(name: str, venv: Path, *arguments: str) -> list[str]:
    python = str(venv / "bin" / "python")
    if name == "uv":
        return [UV, "pip", arguments[0], "--quiet", "--python", python, *arguments[1:]]
    pip = [sys.executable, "-m", "pip", "--python", python, "--quiet"]
    return [*pip, "--disable-pip-version-check", *arguments]


def race(name: str, dev: Path, steps: list[list[str]]) -> Counter[str]:
    """Run the hooks while the steps are done again and again; the lines that were said."""
    is_over = threading.Event()
    done: Counter[int] = Counter()

    def work() -> None:
        for step in itertools.cycle(steps):
            if is_over.is_set():
                return
            done[subprocess.run(step, capture_output=True, check=False).returncode] += 1

    said: Counter[Said] = Counter()
    worker = threading.Thread(target=work)
    worker.start()
    try:
        for _ in range(RUNS):
            for hook in family.HOOKS:
                said[family.run(hook, dev / "member", family.TARGET)] += 1
            is_over.wait(0.03 if IS_LONG else 0.1)
    finally:
        is_over.set()
        worker.join(60)
    assert set(done) == {0}
    assert all(each.status == bool(each.output) for each in said)
    lines = Counter[str]()
    for each, count in said.items():
        lines.update(dict.fromkeys(each.output.splitlines(), count))
    figures = [f"{name}: {sum(done.values())} steps, {sum(said.values())} runs of hooks"]
    figures += [f"{count:6} {line}" for line, count in lines.most_common()]
    sys.stdout.write("\n".join([*figures, ""]))  # `pytest -rP` shows them
    return lines


@pytest.fixture
def member(dev: Path) -> Path:
    """A member that asks for `alpha` and `beta`, and an owner with an empty venv."""
    make_venv(dev / "owner" / "venv")
    for project in ["owner", "member"]:
        git(dev, "init", "--quiet", project)
        (dev / project / "requirements.txt").write_text("alpha==1.10\nbeta==1\n")
    (dev / "member" / "venv").symlink_to("../owner/venv")
    return dev / "member"


@pytest.mark.parametrize("name", ["pip", "uv"])
def test_an_installer_is_at_work(name: str, wheels: Path, member: Path) -> None:
    dev = member.parent
    venv = dev / "owner" / "venv"
    offline = ["--no-index", "--find-links", str(wheels)]
    yes = ["-y"] if name == "pip" else []
    steps = [
        installer(name, venv, "install", *offline, "alpha==1.10", "beta"),
        installer(name, venv, "install", *offline, "alpha==2.20"),
        installer(name, venv, "uninstall", *yes, "alpha"),
        installer(name, venv, "install", *offline, "alpha==1.10"),
        installer(name, venv, "uninstall", *yes, "alpha", "beta"),
    ]
    lines = race(name, dev, steps)
    assert [line for line in lines if not TOLD.fullmatch(line)] == []


def test_a_local_venv_comes_and_goes(member: Path) -> None:
    (member / "requirements.txt").write_text("")
    local = str(member / ".venv")
    steps = [[UV, "venv", "--quiet", local], ["sleep", "0.1"], ["rm", "-rf", local]]
    lines = race("uv venv", member.parent, steps)
    what = (
        r"\.venv: is a local venv, but `\.\./owner/venv` is the one that this project shares;"
        r" it has no distribution that the shared one lacks.*"
    )
    assert [
        line for line in lines if not re.fullmatch(rf"{what}|  fix: .*mv -n \.venv.*", line)
    ] == []
