"""What becomes of the shared venv itself: rows 1 to 7, 10 and 11 of what a family lives through."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.events.course import Course
from tests.events.family import OTHER, VERSION, Family, link_python
from tests.events.keeping import plant
from tests.events.projects import MEDIA, MEMBERS, NEWS, OWNER, TARGET, TELEGRAM

needs_another_python = pytest.mark.skipif(OTHER is None, reason="needs two Pythons")
OTHER_NAME = f"python{OTHER.version}" if OTHER else "python3"
ASIDE = "dr-report"
"""What the owner's folder is called after row 6."""


def python_of(family: Family) -> str:
    """The minor version that the shared venv really is of."""
    question = "import sys; print('{}.{}'.format(*sys.version_info))"
    return family.run(f'"{family.venv}/bin/python" -I -c "{question}"', "..")[1].strip()


def clone(family: Family, project: str) -> None:
    family.type(f"git clone --quiet ../origins/{project}", ".")


@pytest.mark.usefixtures("mode")
def test_all_is_well(family: Family) -> None:
    """The measure of the other tests: in a family where nothing happened nothing is told."""
    plant(family)
    course = Course(family)
    course.follow(OWNER)
    course.check_counts(lines=0, pastes=0)
    course.check_well()
    course.verdict()


@pytest.mark.usefixtures("mode")
def test_1_a_new_machine(family: Family) -> None:
    """One member is cloned, nothing else is there; the owner wants a Python of one version."""
    pyproject = family.world / "origins" / OWNER / "pyproject.toml"
    pyproject.write_text(pyproject.read_text().replace(">=3.8", f"=={VERSION}.*"))
    family.type("git commit --quiet --all --message='Say which Python'", f"../origins/{OWNER}")
    shutil.rmtree(family.dev)
    family.dev.mkdir()
    if OTHER is not None:
        link_python(family.world / "bin" / "python3", Path(OTHER.executable))
    clone(family, TELEGRAM)
    course = Course(family)
    course.follow(TELEGRAM)
    course.check_counts(lines=4, pastes=3)
    course.check_told("owner-missing")
    course.check_well(**{"dr-daily-report": "1.0.0", "pandas": "2.0.0", "requests": "2.31.0"})
    if not course.refused:
        assert python_of(family) == VERSION
    course.verdict()


@pytest.mark.usefixtures("mode")
def test_2_the_next_member_is_cloned(family: Family) -> None:
    shutil.rmtree(family.dev / NEWS)
    clone(family, NEWS)
    plant(family)
    course = Course(family)
    course.follow(NEWS)
    course.check_counts(lines=2, pastes=1)
    course.check_told("link-missing")
    course.check_well()
    course.verdict()


EMPTIED = {
    "python -m venv --clear venv": TELEGRAM,
    "python -m venv --clear venv, seen by the owner": OWNER,
    "rm -rf venv/": NEWS,
    "rm -rf venv/, seen by the owner": OWNER,
}


@pytest.mark.parametrize("event", EMPTIED)
@pytest.mark.usefixtures("mode")
def test_3_the_shared_venv_is_emptied_through_a_link(family: Family, event: str) -> None:
    plant(family)
    line = event.partition(",")[0].replace("python -m", "python3 -m")
    family.run(line, TELEGRAM)
    assert list(family.venv.iterdir()) == []
    course = Course(family)
    course.follow(EMPTIED[event])
    course.check_counts(lines=3, pastes=2)
    course.check_told("venv-emptied")
    course.check_well()
    assert course.refused or python_of(family) == VERSION
    course.verdict()


def only_another_is_left(family: Family) -> None:
    """The base is removed, and nothing of that version remains."""
    family.lose_python()
    (family.world / "bin" / f"python{VERSION}").unlink()
    assert OTHER is not None
    link_python(family.world / "bin" / "python3", Path(OTHER.executable))


def the_next_patch_is_elsewhere(family: Family) -> None:
    """The base is upgraded: the same version, in another folder."""
    family.lose_python()
    new = family.world / "pythons" / f"{VERSION}.99"
    shutil.copytree(family.base / "gone" / VERSION, new, symlinks=True)
    for name in ("python3", f"python{VERSION}"):
        link_python(family.world / "bin" / name, new / "bin" / f"python{VERSION}")


def the_same_path_is_another_version(family: Family) -> None:
    """The system is upgraded: what `home` holds as `python3` is newer now."""
    family.lose_python()
    there = family.world / "pythons" / VERSION / "bin"
    there.mkdir(parents=True)
    assert OTHER is not None
    link_python(there / OTHER_NAME, Path(OTHER.executable))
    (there / "python3").symlink_to(OTHER_NAME)
    (family.world / "bin" / f"python{VERSION}").unlink()
    link_python(family.world / "bin" / "python3", there / "python3")


BASES: dict[str, tuple[Callable[[Family], None], str, str]] = {
    # what happens, the rule, and the version that the venv has in the end
    "gone, another is left": (only_another_is_left, "python-missing", OTHER_NAME[6:]),
    "gone, the same elsewhere": (the_next_patch_is_elsewhere, "python-missing", VERSION),
    "now another": (the_same_path_is_another_version, "python-m", OTHER_NAME[6:]),
}


@needs_another_python
@pytest.mark.parametrize("event", BASES)
@pytest.mark.usefixtures("mode")
def test_4_the_base_python_is_gone_or_upgraded(family: Family, event: str) -> None:
    happens, rule, version = BASES[event]
    plant(family)
    happens(family)
    course = Course(family)
    course.follow(TELEGRAM)
    course.check_counts(lines=4, pastes=2)
    if not any(told.startswith(rule) for told in course.told[0].rules):
        course.check_told(rule)
    course.check_well()
    assert course.refused or python_of(family) == version
    course.verdict()


@needs_another_python
@pytest.mark.usefixtures("mode")
def test_5_upgraded_to_another_version_in_place(family: Family) -> None:
    plant(family)
    family.type(f"{OTHER_NAME} -m venv --upgrade venv", OWNER)
    course = Course(family)
    course.follow(TELEGRAM)
    course.check_counts(lines=4, pastes=1)
    course.check_told("python-mismatch")
    course.check_well()
    assert course.refused or python_of(family) == VERSION
    course.verdict()


@pytest.mark.usefixtures("mode")
def test_6_the_owners_folder_is_renamed(family: Family) -> None:
    plant(family)
    (family.dev / OWNER).rename(family.dev / ASIDE)
    before = Course(family)
    told = family.commit(TELEGRAM)
    before.told.append(told)
    before.check_told("owner-renamed")
    if told.fixes or ASIDE not in told.output:
        before.faults.append(f"not what people have to decide:\n{told.output}")
    before.check_counts(lines=5, pastes=0)
    family.target = f"../{ASIDE}/venv"
    after = Course(family)
    after.follow(TELEGRAM)
    after.check_counts(lines=5, pastes=1, in_each=True)
    after.check_well()
    after.faults += before.faults
    after.verdict()


@pytest.mark.usefixtures("mode")
def test_7_the_whole_family_is_moved(family: Family) -> None:
    plant(family)
    moved = family.world / "my code" / "reports"
    moved.parent.mkdir()
    family.dev.rename(moved)
    family.dev = moved
    course = Course(family)
    course.follow(MEDIA)
    course.check_counts(lines=5, pastes=1)
    course.check_told("activation-elsewhere")
    course.check_well()
    course.verdict()


@pytest.mark.usefixtures("mode")
def test_10_uv_venv_clear_through_the_link(family: Family) -> None:
    plant(family)
    family.type("uv venv --quiet --clear venv", MEDIA)
    assert not list(family.venv.glob("lib/python3*/site-packages/pandas"))
    course = Course(family)
    course.follow(TELEGRAM)
    course.check_counts(lines=4, pastes=2)
    course.check_told("activation-elsewhere")
    if MEDIA not in course.told[0].output:
        course.faults.append(f"{MEDIA} is not named:\n{course.told[0].output}")
    course.check_well()
    course.verdict()


INSTALLED = {
    "through the link": "venv/bin/python -m pip install --quiet tqdm==4.66.1",
    "by the owner's path": f"{TARGET}/bin/python -m pip install --quiet tqdm==4.66.1",
    "by uv": "uv pip install --quiet --python venv tqdm==4.66.1",
    "in many ways": "venv/bin/python -m pip install --quiet tqdm==4.66.1 && "
    f"{TARGET}/bin/python -m pip install --quiet --force-reinstall --no-deps httpx==0.27.0 && "
    "uv pip install --quiet --python venv --reinstall --no-deps numpy==1.26.4",
}


@pytest.mark.parametrize("event", INSTALLED)
@pytest.mark.usefixtures("mode")
def test_11_installed_through_a_member(family: Family, event: str) -> None:
    plant(family)
    family.type(INSTALLED[event], MEDIA)
    script = (family.venv / "bin" / "tqdm").read_text()
    assert re.search(f"{MEDIA}/(venv|[.][.]/{OWNER}/venv)/bin/python", script), script
    course = Course(family)
    course.follow(MEDIA)
    course.check_counts(lines=2, pastes=1)
    course.check_told("scripts-elsewhere")
    course.check_well(tqdm="4.66.1")
    course.verdict()


def test_the_venv_is_really_shared(family: Family) -> None:
    """What the other tests rely on: one venv, through three links, filled from both indexes."""
    for member in MEMBERS:
        assert Path(family.dev / member / "venv").resolve() == family.venv
        assert "private" in family.type(
            'venv/bin/python -c "import dr_feeds; print(dr_feeds.ORIGIN)"', member
        )
    assert python_of(family) == VERSION
