"""What git does with a family, under both runners: rows 15 and 16, and one plain commit."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from pathlib import Path

import pytest

from tests.events.course import Course
from tests.events.family import LINK, MODES, SHARED, Family, entry_of, quote
from tests.events.keeping import plant, planted_in
from tests.events.projects import TELEGRAM

RUNNERS = ("pre-commit", "prek")
SCRIPTS = Path(sys.executable).parent
TREE = "dr-daily-report_telegram-hotfix"
FINDING = re.compile(r" \[[a-z-]+\]$|is required, but|it should be|is a local venv", re.MULTILINE)


@pytest.fixture(params=RUNNERS)
def runner(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def configure(family: Family, runner: str, *stages: str, fix: bool = False) -> None:
    """The hooks of one project under a runner, from this environment, committed and installed."""
    if fix:
        family.options = dict.fromkeys((SHARED, LINK), ("--fix",))
    text = "repos:\n  - repo: local\n    hooks:\n"
    for hook in MODES[family.mode]:
        command, *words = entry_of(hook).split()
        text += textwrap.indent(
            f"- id: {hook}\n  name: {hook}\n  language: system\n"
            f"  entry: {json.dumps(quote(SCRIPTS / command))}\n  args: {[*words, *family.arguments_of(hook)]}\n"
            f"  pass_filenames: false\n  always_run: true\n  stages: [{', '.join(stages)}]\n",
            "      ",
        )
    (family.dev / TELEGRAM / ".pre-commit-config.yaml").write_text(text)
    family.type("git add .pre-commit-config.yaml", TELEGRAM)
    family.type("git commit --quiet --no-verify --message='Have hooks'", TELEGRAM)
    types = " ".join(f"--hook-type={stage}" for stage in stages)
    family.type(f"{quote(SCRIPTS / runner)} install {types}", TELEGRAM)


def passes(family: Family, line: str, project: str = TELEGRAM) -> str:
    """What is printed by a git command that must succeed, and in which no finding is told."""
    output = family.type(line, project)
    assert "Failed" not in output, output
    assert not FINDING.search(output), output
    return output


@pytest.mark.usefixtures("mode")
def test_2_under_a_runner_refused_mended_and_committed(family: Family, runner: str) -> None:
    """As a check of the tests that start the hooks themselves."""
    configure(family, runner, "pre-commit")
    passes(family, "git commit --allow-empty --message=Before")
    (family.dev / TELEGRAM / "venv").unlink()
    status, output = family.run("git commit --allow-empty --message='Take a note'", TELEGRAM)
    assert status
    fixes = dict.fromkeys(re.findall(r"^ *fix: (.*)$", output, re.MULTILINE))
    assert len(fixes) == 1, output
    for line in fixes:
        family.type(line, TELEGRAM)
    passes(family, "git commit --allow-empty --message='Take a note'")


@pytest.mark.usefixtures("mode")
def test_15_a_linked_worktree_comes_and_goes(family: Family, runner: str) -> None:
    configure(family, runner, "pre-commit", "post-checkout", fix=True)
    passes(family, f"git worktree add -b hotfix ../{TREE}")
    assert (family.dev / TREE / "venv").resolve() == family.venv
    passes(family, "git commit --allow-empty --message='Take a note'", TREE)
    # What an update of the configuration does while the work tree is there.
    family.type(f"git worktree remove --force ../{TREE}", TELEGRAM)
    assert planted_in(family) == []
    plant(family)
    course = Course(family)
    course.follow(TELEGRAM)
    course.check_counts(lines=0, pastes=0)
    course.check_well()
    course.verdict()


@pytest.fixture
def history(family: Family, runner: str, mode: str) -> Family:
    """Pins that change from commit to commit; only the first and the last are met."""
    assert mode == family.mode
    configure(family, runner, "post-checkout")
    requirements = family.dev / TELEGRAM / "requirements.txt"
    for version in ("1.0", "1.1", "1.2", "2.31.0"):
        requirements.write_text(f"pandas>=2.0\nrequests=={version}\n")
        family.type(f"git commit --quiet --all --message='Pin {version}'", TELEGRAM)
    return family


def test_16_a_checkout_to_another_commit_is_looked_at(history: Family) -> None:
    """The measure of the others: the hooks are there, and speak."""
    _, output = history.run("git checkout --quiet HEAD~1", TELEGRAM)
    assert "requests==1.2" in output


def test_16_bisect(history: Family) -> None:
    passes(history, "git bisect start HEAD HEAD~3")
    output = passes(
        history, "git bisect run bash -c '! grep -q requests==[12].[23] requirements.txt'"
    )
    assert "is the first bad commit" in output
    assert "Pin 1.2" in output
    passes(history, "git bisect reset")


def test_16_checkout_of_files(history: Family) -> None:
    passes(history, "git checkout HEAD~1 -- requirements.txt")
    passes(history, "git checkout HEAD -- requirements.txt")
    (history.dev / TELEGRAM / "requirements.txt").write_text("not-there\n")
    passes(history, "git checkout -- requirements.txt")


@pytest.mark.parametrize("backend", ["--merge", "--apply"])
def test_16_rebase(history: Family, backend: str) -> None:
    history.run("git checkout --quiet -b topic HEAD~2", TELEGRAM)
    for number in (1, 2):
        history.type(f"echo {number} > {number}.md && git add {number}.md", TELEGRAM)
        history.type(f"git commit --quiet --message='Topic {number}'", TELEGRAM)
    line = f"git rebase {backend} HEAD~1 --onto main~1"
    if backend == "--merge":
        passes(history, line)
    else:  # git starts the hook before it leaves a trace of what it does
        history.type(line, TELEGRAM)
    assert "Topic 2" in history.type("git log --format=%s -1", TELEGRAM)
