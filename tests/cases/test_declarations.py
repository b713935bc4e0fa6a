"""What a project declares where we do not look, and decisions that a team has made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.family import PASSED, TARGET, Family, make_wheel
from tests.cases.kinds import kind

LINK = "check-venv-symlink"
LOCAL = "forbid-local-venv"
SYNC = "check-requirements-sync"
ALL = "check-shared-venv"


def write(project: Path, **files: str) -> None:
    """`setup_cfg` is `setup.cfg`; the names' texts."""
    for name, text in files.items():
        (project / name.replace("_", ".")).write_text(text)


# Declared only where we do not look: told, with the file's name and the way out.


def poetry(project: Path) -> str:
    write(project, pyproject_toml='[tool.poetry.dependencies]\npython = "^3.11"\npandas = "^2.0"\n')
    return "pyproject.toml"


def pipfile(project: Path) -> str:
    write(project, Pipfile='[packages]\npandas = "*"\n')
    return "Pipfile"


def setup_cfg(project: Path) -> str:
    write(project, setup_cfg="[options]\ninstall_requires =\n  pandas>=2\n")
    return "setup.cfg"


def setup_py(project: Path) -> str:
    write(project, setup_py='from setuptools import setup\nsetup(install_requires=["pandas"])\n')
    return "setup.py"


def environment_yml(project: Path) -> str:
    write(project, environment_yml="dependencies:\n  - pandas=2\n")
    return "environment.yml"


def requirements_folder(project: Path) -> str:
    (project / "requirements").mkdir()
    (project / "requirements" / "base.txt").write_text("pandas==2.0.0\n")
    return "requirements/base.txt"


def requirements_in(project: Path) -> str:
    write(project, requirements_in="pandas\n")
    return "requirements.in"


FORMS = [
    poetry,
    pipfile,
    setup_cfg,
    setup_py,
    environment_yml,
    requirements_folder,
    requirements_in,
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hook", [SYNC, ALL])
@kind("what is not read is told")
def test_a_members_form_that_is_not_read(
    family: Family, form: Callable[[Path], str], hook: str
) -> None:
    """What the owner asks for is not checked instead."""
    file = form(family.member)
    said = family.hook(hook)
    assert (said.status, said.rules, said.commands) == (1, ["unread-declaration"], [])
    assert file in said.stdout
    assert "--requirements" in said.stdout


@pytest.mark.parametrize("form", FORMS)
@kind("what is not read is told")
def test_in_the_owner_there_is_nothing_to_check(
    family: Family, form: Callable[[Path], str]
) -> None:
    (family.owner / "requirements.txt").unlink()
    file = form(family.owner)
    said = family.hook(SYNC, folder=family.owner)
    assert (said.status, said.stdout) == (2, "")
    assert file in said.stderr


@pytest.mark.parametrize("form", FORMS)
@kind("what is not read is told")
def test_a_member_that_would_inherit_it_is_told_the_owners_file(
    family: Family, form: Callable[[Path], str]
) -> None:
    (family.owner / "requirements.txt").unlink()
    file = form(family.owner)
    said = family.hook(SYNC)
    assert (said.status, said.rules) == (1, ["unread-declaration"])
    assert f"../owner/{file}" in said.stdout


@pytest.mark.parametrize("form", [poetry, setup_cfg, pipfile, environment_yml])
@kind("what is not read is told")
def test_asked_for_by_name_the_question_cannot_be_asked(
    family: Family, form: Callable[[Path], str]
) -> None:
    file = form(family.member)
    said = family.hook(SYNC, TARGET, f"--requirements={file}")
    assert (said.status, said.findings) == (2, [])
    assert file in said.stderr


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hook", [SYNC, ALL])
@kind("what is not read is told")
def test_beside_a_file_that_is_read_it_is_nothing(
    family: Family, form: Callable[[Path], str], hook: str
) -> None:
    """The project has both: what is locked for pip is what counts."""
    form(family.member)
    write(family.member, requirements_txt="# an answer\n")
    assert family.hook(hook) == PASSED


def tools_alone(project: Path) -> None:
    write(project, pyproject_toml="[tool.ruff]\nline-length = 100\n")


def setup_without_dependencies(project: Path) -> None:
    write(project, setup_cfg="[metadata]\nname = m\n[flake8]\nmax-line-length = 100\n")


def poetry_for_tests_alone(project: Path) -> None:
    write(project, pyproject_toml='[tool.poetry]\nname = "m"\nversion = "1"\n')


def folder_of_texts(project: Path) -> None:
    (project / "requirements").mkdir()
    (project / "requirements" / "README.md").write_text("what we want\n")


@pytest.mark.parametrize(
    "state", [tools_alone, setup_without_dependencies, poetry_for_tests_alone, folder_of_texts]
)
@pytest.mark.parametrize("hook", [SYNC, ALL])
@kind("what is not read is told")
def test_what_declares_nothing_inherits_the_owners(
    family: Family, state: Callable[[Path], None], hook: str
) -> None:
    state(family.member)
    assert family.hook(hook) == PASSED


# A conflict that the team knows.


NAMES = ["tight", "numlib"]
"""One of them is what the finding is about."""


@pytest.fixture
def tight(family: Family) -> Family:
    """`tight` wants `numlib<2`; the team has numlib 2.1, and it works."""
    wheels = family.dev.parent / "wheels"
    make_wheel(wheels, "tight", "1.0", ["numlib<2"])
    make_wheel(wheels, "numlib", "2.1")
    family.environ["PIP_FIND_LINKS"] = str(wheels)
    family.install("--no-deps", "tight", "numlib")
    write(family.member, requirements_txt="tight\nnumlib>=2\n")
    return family


@pytest.mark.parametrize("hook", [SYNC, ALL])
@kind("a finding can be ignored")
def test_a_known_conflict_becomes_a_note(tight: Family, hook: str) -> None:
    said = tight.hook(hook)
    assert (said.status, len(said.findings)) == (1, 1)
    (finding,) = said.findings
    again = tight.hook(hook, TARGET, f"--ignore={finding.rule}")
    assert (again.status, again.findings, len(again.notes)) == (0, [], 1)
    assert "numlib" in again.notes[0]
    by_subject = [tight.hook(hook, TARGET, f"--ignore={finding.rule}:{name}") for name in NAMES]
    assert again in by_subject
    other = tight.hook(hook, TARGET, f"--ignore={finding.rule}:something-else")
    assert other.findings == said.findings


@pytest.mark.parametrize("hook", [SYNC, ALL])
@kind("a finding can be ignored")
def test_all_other_findings_stay(tight: Family, hook: str) -> None:
    rule = tight.hook(hook).rules[0]
    write(tight.member, requirements_txt="tight\nnumlib>=2\nmissing==1\n")
    said = tight.hook(hook, TARGET, f"--ignore={rule}")
    assert (said.status, said.rules) == (1, ["not-installed"])


@pytest.mark.parametrize("hook", [LINK, LOCAL, SYNC, ALL])
@kind("a finding can be ignored")
def test_an_unknown_rule_is_a_slip(family: Family, hook: str) -> None:
    said = family.hook(hook, TARGET, "--ignore=no-such-rule")
    assert (said.status, said.stdout) == (2, "")
    assert "link-missing" in said.stderr, "the list of all"


@pytest.mark.parametrize("hook", [LINK, LOCAL, SYNC, ALL])
@kind("a finding can be ignored")
def test_the_rules_of_other_hooks_are_taken(family: Family, hook: str) -> None:
    ignored = [f"--ignore={each}" for each in ["link-missing", "local-venv", "conflict", "differs"]]
    write(family.member, requirements_txt="# nothing\n")
    assert family.hook(hook, TARGET, *ignored) == PASSED


def no_link(family: Family) -> str:
    (family.member / "venv").unlink()
    return LINK


def local_venv(family: Family) -> str:
    family.make_venv(family.member / "tools" / "py")
    return LOCAL


def other_version(family: Family) -> str:
    packages = next(family.venv.glob("lib/*/site-packages"))
    (packages / "alpha-1.dist-info").mkdir()
    (packages / "alpha-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: alpha\nVersion: 1\n"
    )
    write(family.member, requirements_txt="alpha==2\n")
    return SYNC


@pytest.mark.parametrize(
    ("state", "ignored"),
    [
        (no_link, "link-missing"),
        (no_link, "link-missing:venv"),
        (local_venv, "local-venv"),
        (local_venv, "local-venv:tools/py"),
        (other_version, "wrong-version"),
        (other_version, "wrong-version:alpha"),
    ],
)
@kind("a finding can be ignored")
def test_every_finding_has_this_way_out(
    family: Family, state: Callable[[Family], str], ignored: str
) -> None:
    hook = state(family)
    assert family.hook(hook).rules == [ignored.partition(":")[0]]
    said = family.hook(hook, TARGET, f"--ignore={ignored}")
    assert (said.status, said.findings) == (0, [])
    assert len(said.notes) == 1


@pytest.mark.parametrize(
    "decision",
    [
        'override-dependencies = ["numlib>=2"]',
        'override-dependencies = ["numlib==2.1", "other==1"]',
        'override-dependencies = ["NumLib"]',
    ],
)
@pytest.mark.parametrize("hook", [SYNC, ALL])
@kind("a decision that is written down")
def test_an_override_is_read_from_the_file(tight: Family, decision: str, hook: str) -> None:
    (tight.member / "requirements.txt").unlink()
    project = '[project]\nname = "m"\nversion = "1"\ndependencies = ["tight", "numlib>=2"]\n'
    write(tight.member, pyproject_toml=f"{project}[tool.uv]\n{decision}\n")
    assert tight.hook(hook) == PASSED


@pytest.mark.parametrize(
    "decision", ['override-dependencies = ["numlib<2"]', 'constraint-dependencies = ["numlib<2.1"]']
)
@pytest.mark.parametrize("hook", [SYNC, ALL])
@kind("a decision that is written down")
def test_a_decision_that_is_not_kept_is_told(tight: Family, decision: str, hook: str) -> None:
    (tight.member / "requirements.txt").unlink()
    project = '[project]\nname = "m"\nversion = "1"\ndependencies = ["numlib"]\n'
    write(tight.member, pyproject_toml=f"{project}[tool.uv]\n{decision}\n")
    said = tight.hook(hook)
    assert said.status == 1
    assert "numlib" in said.stdout
