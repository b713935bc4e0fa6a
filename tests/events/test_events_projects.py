"""What becomes of the projects: rows 8, 9, 12 to 14 and 17 to 20 of what a family lives through."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.events.course import Course
from tests.events.family import SHARED, SYNC, Family
from tests.events.index import SIX
from tests.events.keeping import plant, plant_in_venv
from tests.events.projects import FOUR, MEDIA, NEWS, OWNER, TARGET, TELEGRAM


def push(family: Family, project: str, file: str, text: str) -> None:
    """A colleague adds this to a file of the project."""
    origin = f"../origins/{project}"
    with (family.dev / origin / file).open("a") as opened:
        opened.write(text)
    family.type(f"git add {file} && git commit --quiet --message='Ask for more'", origin)


# -- a local venv ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("mode")
def test_8_a_local_venv_where_the_link_was(family: Family) -> None:
    plant(family)
    family.type("rm venv && python3 -m venv venv", TELEGRAM)
    family.type("venv/bin/python -m pip install --quiet tqdm==4.67.0 pandas==1.5.3", TELEGRAM)
    plant_in_venv(family.dev / TELEGRAM / "venv", "the local venv")
    course = Course(family)
    course.follow(TELEGRAM)
    course.check_counts(lines=2, pastes=1)
    course.check_told("local-venv")
    if "tqdm" not in course.told[0].output:
        course.faults.append(f"what only it has is not named:\n{course.told[0].output}")
    course.check_well()
    course.verdict()


@pytest.mark.usefixtures("mode")
def test_9_uv_run_makes_one(family: Family) -> None:
    plant(family)
    family.type("uv run python -c 'import httpx'", MEDIA)
    assert (family.dev / MEDIA / ".venv" / "pyvenv.cfg").exists()
    plant_in_venv(family.dev / MEDIA / ".venv", "what uv made")
    course = Course(family)
    course.follow(MEDIA)
    course.check_counts(lines=2, pastes=1)
    course.check_told("local-venv")
    if "uv run --no-project" not in course.told[0].output:
        course.faults.append(f"not told what to run instead:\n{course.told[0].output}")
    course.check_well()
    course.verdict()


# -- what is asked for ----------------------------------------------------------------------------

BROUGHT = {
    # who asks for it, in which file, what, and what is installed in the end
    "one": (TELEGRAM, "requirements.txt", "tqdm==4.66.1\n", {"tqdm": "4.66.1"}),
    "two": (
        TELEGRAM,
        "requirements.txt",
        "tqdm<4.67\nnotebook\n",
        {"tqdm": "4.66.1", "notebook": "7.0.0"},
    ),
    # The newest of it would lift numpy over a pin of the owner's.
    "bait": (TELEGRAM, "requirements.txt", "seaborn\n", {"seaborn": "0.12.0"}),
    "in the owner": (OWNER, "requirements.txt", "seaborn>=0.12\n", {"seaborn": "0.12.0"}),
    # The constraint is in another file; the private index is for this project alone.
    "under a constraint": (NEWS, "constraints.txt", "feedparser<6.0.12\n", {}),
    "with an index": (NEWS, "requirements.txt", "dr-digest==1.0\n", {"dr-digest": "1.0"}),
}


@pytest.mark.parametrize("event", BROUGHT)
@pytest.mark.usefixtures("mode")
def test_12_a_pull_brings_a_requirement(family: Family, event: str) -> None:
    project, file, text, expected = BROUGHT[event]
    plant(family)
    push(family, project, file, text)
    family.type("git pull --quiet", project)
    course = Course(family)
    course.follow(project)
    count = len(text.splitlines()) if expected else 0
    course.check_counts(lines=2 * count, pastes=min(count, 1))
    if expected:
        course.check_told("not-installed")
        assert re.match(r"requirements\.txt:[345]: ", course.told[0].output)
    course.check_well(**expected)
    course.verdict()


CONTRADICTIONS = {
    # what _telegram asks for beside the owner's pins, and the projects that cannot both hold
    "by what they declare": ("pandas==1.5.3\n", "pandas==2.0.0"),
    "by what it leads to": ("pandas>=2.0\nnumpy==2.1.0\n", "numpy"),
}


@pytest.mark.parametrize("event", CONTRADICTIONS)
@pytest.mark.usefixtures("mode")
def test_13_two_projects_contradict_each_other(family: Family, event: str) -> None:
    text, named = CONTRADICTIONS[event]
    plant(family)
    (family.dev / TELEGRAM / "requirements.txt").write_text(text + "requests==2.31.0\n")
    course = Course(family)
    course.follow(TELEGRAM)
    course.check_counts(lines=1, pastes=0)
    course.check_told("conflict")
    said = course.told[0].output
    if named not in said or OWNER not in said:
        course.faults.append(f"not both places are named:\n{said}")
    course.check_refused(TELEGRAM, OWNER)
    course.verdict()


@pytest.mark.usefixtures("mode")
def test_14_conflict_markers(family: Family) -> None:
    """The merge is concluded with the markers still in the file."""
    plant(family)
    push(family, TELEGRAM, "requirements.txt", "tqdm==4.66.1\n")
    theirs = family.dev / TELEGRAM / "requirements.txt"
    theirs.write_text(theirs.read_text() + "tqdm==4.67.0\n")
    family.type("git commit --quiet --no-verify --message=Mine -- requirements.txt", TELEGRAM)
    status, _ = family.run("git pull --quiet --no-rebase --no-ff --no-edit", TELEGRAM)
    assert status
    assert "<<<<<<<" in theirs.read_text()
    family.type("git add requirements.txt", TELEGRAM)
    course = Course(family)
    course.follow(TELEGRAM)
    course.check_counts(lines=1, pastes=0)
    course.check_told("conflict-markers")
    course.check_refused(TELEGRAM)
    course.verdict()


# -- members come and go --------------------------------------------------------------------------


def deleted(family: Family) -> None:
    shutil.rmtree(family.dev / MEDIA)


def leaves(family: Family) -> None:
    """It gets a venv of its own and runs these hooks no longer."""
    family.type("rm venv && python3 -m venv --without-pip venv", MEDIA)


def loses_its_link(family: Family) -> None:
    (family.dev / MEDIA / "venv").unlink()


GOING = {"deleted": deleted, "has a venv of its own": leaves, "has no venv": loses_its_link}


@pytest.mark.parametrize("event", GOING)
@pytest.mark.usefixtures("mode")
def test_17_a_member_goes(family: Family, event: str) -> None:
    plant(family)
    GOING[event](family)
    if event != "deleted":
        (family.dev / MEDIA / ".git").rename(family.dev / MEDIA / ".git-of-another-family")
    course = Course(family)
    course.follow(TELEGRAM)
    course.check_counts(lines=0, pastes=0)
    assert course.told[0].project == TELEGRAM
    course.check_well()
    course.verdict()


@pytest.mark.usefixtures("mode")
def test_18_a_package_that_nobody_declares(family: Family) -> None:
    plant(family)
    family.options = dict.fromkeys((SHARED, SYNC), ("--forbid-undeclared",))
    family.type(f"{family.venv}/bin/python -m pip install --quiet notebook", TELEGRAM)
    course = Course(family)
    course.follow(TELEGRAM)
    course.check_counts(lines=1, pastes=0)
    course.check_told("undeclared")
    said = course.told[0].output
    named = [name for name in SIX if name in said]
    if "notebook" not in said or "and 6 that only it needs" not in said or named:
        course.faults.append(f"not that one, and a number:\n{said}")
    course.check_refused(*FOUR)
    course.verdict()


# -- git ------------------------------------------------------------------------------------------

ABOUT_TO_BE_TRACKED = {
    "by force": "git add --force venv",
    "by a pattern that ends in a slash": "echo venv/ > .gitignore && git add .gitignore venv",
}


@pytest.mark.parametrize("event", ABOUT_TO_BE_TRACKED)
@pytest.mark.usefixtures("mode")
def test_19_the_link_is_about_to_be_tracked(family: Family, event: str) -> None:
    plant(family)
    family.type(ABOUT_TO_BE_TRACKED[event], NEWS)
    ignored = (family.dev / NEWS / ".gitignore").read_text()
    course = Course(family)
    course.follow(NEWS)
    course.check_counts(lines=2, pastes=1)
    course.check_told("tracked-link")
    course.check_well()
    if not course.refused:
        assert family.type("git ls-files venv", NEWS) == ""
        assert family.type("git check-ignore venv", NEWS) == "venv\n"
        assert (family.dev / NEWS / ".gitignore").read_text().startswith(ignored)
    course.verdict()


SLIPS = {
    # the arguments, and what was probably meant
    "the owner, not its venv": ((f"--target=../{OWNER}",), TARGET),
    "the project itself": (("--target=.",), "--target"),
    "another member": ((f"--target=../{NEWS}",), f"../{NEWS}/venv"),
    "a comma was forgotten": ((f"--target={TARGET} --venv=venv",), "comma"),
    "home": (("--target=~",), "home"),
    "what holds home": (("--target=/",), "--target"),
}


@pytest.mark.parametrize("event", SLIPS)
@pytest.mark.usefixtures("mode")
def test_20_a_slip_in_the_arguments(family: Family, event: str) -> None:
    family.instead, meant = SLIPS[event]
    plant(family)
    course = Course(family)
    course.follow(TELEGRAM, pasting=False)
    course.check_counts(lines=1, pastes=0)
    for said in course.told[0].said:
        if said.status != 2 or len(said.output.splitlines()) != 1 or meant not in said.output:
            course.faults.append(f"{said.hook} ends with {said.status}:\n{said.output}")
    course.check_refused(*FOUR)
    course.verdict()
