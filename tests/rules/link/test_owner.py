"""The owner's venv, what is said of it, and that the fixes mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks import check_requirements_sync, check_shared_venv
from tests.rules.link.states import (
    MEMBER,
    OWNER,
    TARGET,
    arranged,
    expected,
    hook,
    whole,
)
from tests.trees import build, make_venv, paste, repairs, said_by

OWNER_FINDINGS = [
    pytest.param(
        "rm -r venv",
        """
    venv: is missing, but this project is the owner: the real shared venv belongs there
      fix: python3 -I -m venv venv
        """,
        id="nothing",
    ),
    pytest.param(
        "rm -r venv && ln -s ../elsewhere venv",
        """
    venv: is a link to `../elsewhere`, which is missing, but this project is the owner: the real shared venv belongs there
      fix: rm -f venv && python3 -I -m venv venv
        """,
        id="a link",
    ),
    pytest.param(
        'rm -r venv && ln -s "$DEV"/dr-daily-report_telegram/other venv',
        """
    venv: is a link to `{dev}/dr-daily-report_telegram/other`, which is missing, but this project is the owner: the real shared venv belongs there
      fix: rm -f venv && python3 -I -m venv venv
        """,
        id="an absolute link to another project",
    ),
    pytest.param(
        "rm -r venv && touch venv",
        """
    venv: is a file, but this project is the owner: the real shared venv belongs there
      fix: test ! -e ../dr-daily-report.venv.old && mv -n venv ../dr-daily-report.venv.old && python3 -I -m venv venv
        """,
        id="a file",
    ),
    pytest.param(
        "rm -r venv && mkdir venv",
        """
    venv: is empty: `python -m venv --clear` or `rm -rf venv/`, run through a link, empties the \
shared venv
      fix: python3 -I -m venv venv
        """,
        id="emptied",
    ),
    pytest.param(
        "rm -r venv && mkdir venv && touch venv/thesis.txt",
        """
    venv: has no `pyvenv.cfg`: it is no venv
      fix: test ! -e ../dr-daily-report.venv.old && mv -n venv ../dr-daily-report.venv.old && python3 -I -m venv venv
        """,
        id="a directory of somebody's",
    ),
    pytest.param(
        "rm -r venv/lib",
        """
    venv/lib/python{version}/site-packages: is missing, but `pyvenv.cfg` names Python `{version}`
      fix: {base} -I -m venv --upgrade venv
        """,
        id="unhealthy",
    ),
    pytest.param(
        "rm -r venv/lib && touch thesis.txt venv/thesis.txt",
        """
    venv/lib/python{version}/site-packages: is missing, but `pyvenv.cfg` names Python `{version}`
      fix: {base} -I -m venv --upgrade venv
        """,
        id="unhealthy, with a file of somebody's inside",
    ),
    pytest.param(
        "rm -r venv && mkdir venv && touch venv/__init__.py",
        """
    venv: has no `pyvenv.cfg`: it is no venv
      fix: test ! -e ../dr-daily-report.venv.old && mv -n venv ../dr-daily-report.venv.old && python3 -I -m venv venv
        """,
        id="a package that is named venv",
    ),
]


@pytest.mark.parametrize("ci", ["", "true"])
@pytest.mark.parametrize(("arrange", "says"), OWNER_FINDINGS)
def test_the_owner_is_told_and_mended(
    ci: str, arrange: str, says: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    owner = family / OWNER
    arranged(arrange, family, owner, monkeypatch)
    ran = hook(owner, TARGET)
    if ci and arrange == "rm -r venv":
        assert ran == (0, "")
        return
    assert ran == (1, expected(says, family))
    for repair in repairs(ran.output):
        paste(repair, owner)
    assert hook(owner, TARGET) == (0, "")
    assert arrange.count("thesis.txt") == len(list(family.rglob("thesis.txt")))


def test_a_disk_that_is_not_mounted_is_for_people(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = family / OWNER
    arranged('rm -r venv && ln -s "$DEV"/not/mounted/venv venv', family, owner, monkeypatch)
    build({"requirements.txt": "pandas\n"}, owner)
    says = f"""
    venv: is a link to `{family}/not/mounted/venv`, which is missing: if it is on a disk of its own, mount that, else remove the link
    """
    assert hook(owner, TARGET) == (1, expected(says, family))
    for main in [check_requirements_sync.main, check_shared_venv.main]:
        assert said_by(main, owner, TARGET) == (1, expected(says, family))


IN_CI_FINDINGS = [
    pytest.param(
        "rm venv && $VENV venv && rm venv/bin/activate",
        """
    venv/bin/activate: is missing
      fix: (cd '{dev}/dr-daily-report_telegram/venv/bin' && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report_telegram/venv'
        """,
        id="a fresh venv that is broken",
    ),
    pytest.param(
        "rm -r ../dr-daily-report/venv",
        """
    venv: leads to `../dr-daily-report/venv`, but the owner `../dr-daily-report` has no venv there
      fix: python3 -I -m venv ../dr-daily-report/venv
      or: rm -f venv && python3 -I -m venv venv
        """,
        id="a link that dangles",
    ),
    pytest.param(
        "rm venv && mkdir venv",
        """
    venv: is a directory, no venv, but should be a link to `../dr-daily-report/venv`
      fix: rmdir venv && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a directory that is no venv",
    ),
]


@pytest.mark.parametrize(("arrange", "says"), IN_CI_FINDINGS)
def test_ci_is_told_the_rest(
    arrange: str, says: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    arranged(arrange, family, family / MEMBER, monkeypatch)
    assert hook(family / MEMBER, TARGET) == (1, expected(says, family))


def test_an_owners_link_to_a_conda_environment(family: Path) -> None:
    owner = family / OWNER
    paste("rm -r venv && mkdir -p conda/conda-meta && ln -s conda venv", owner)
    said = whole(owner)
    assert said.output.startswith("venv: is a conda environment")
    assert said.output.endswith("[conda-environment]\n")


def test_an_owners_link_in_a_loop_and_to_a_file(family: Path) -> None:
    owner = family / OWNER
    paste("rm -r venv && ln -s venv venv", owner)
    assert whole(owner).output.startswith("venv: is a link to `venv`, in a loop, but this project")
    paste("rm venv && touch file && ln -s file venv", owner)
    assert whole(owner).output.startswith(
        "venv: is a link to `file`, but this project is the owner"
    )


def test_an_owners_link_to_a_bigger_disk_is_as_good_as_the_venv(family: Path) -> None:
    make_venv(family / "disk" / "venv")
    paste("rm -r venv && ln -s ../disk/venv venv", family / OWNER)
    assert whole(family / OWNER) == (0, "")
    assert whole(family / MEMBER) == (0, "")
