"""Where a requirement comes from: nothing that is printed may install a stranger's package.

The default index, which stands for the public one, has a stranger's wheel of each private name.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.family import Family, make_index, make_wheel
from tests.cases.kinds import kind
from tests.packages import make_project

SYNC = "check-requirements-sync"
ALL = "check-shared-venv"


@pytest.fixture
def company(family: Family) -> Path:
    """The folder in which the company has its own: `acme-internal` 1.4, and an index of it."""
    folder = family.dev.parent / "private"
    own = [make_wheel(folder, "acme-internal", "1.4"), make_wheel(folder, "common", "1.0")]
    own += [make_wheel(folder, "tool", each) for each in ["1.0", "2.0"]]
    make_index(folder / "simple", *own)
    public = family.dev.parent / "stranger"
    strangers = [make_wheel(public, "acme-internal", each) for each in ["1.2", "1.4"]]
    strangers += [make_wheel(public, "common", "1.0")]
    strangers += [make_wheel(public, "corp-lib", each) for each in ["0.0.1", "9.0"]]
    index = make_index(public / "simple", *strangers)
    for name in ["PIP_NO_INDEX", "UV_OFFLINE"]:
        del family.environ[name]
    family.environ["PIP_INDEX_URL"] = family.environ["UV_DEFAULT_INDEX"] = index
    family.give_pip()
    return folder


def origin(family: Family, module: str) -> str:
    """The folder that the installed module's wheel was in; empty if there is none."""
    code = f"try:\n import {module} as m\n print(m.origin)\nexcept ImportError: print()"
    return family.run(str(family.venv / "bin" / "python"), "-I", "-c", code).strip()


# Ways in which a requirements file says from where it is.


def by_index_url(company: Path) -> str:
    return f"--index-url {company.as_uri()}/simple\nacme-internal==1.4\n"


def by_the_short_option(company: Path) -> str:
    return f"-i {company.as_uri()}/simple\nacme-internal==1.4\n"


def by_find_links_alone(company: Path) -> str:
    return f"--no-index\n--find-links {company}\nacme-internal\n"


def by_an_included_file(company: Path) -> str:
    (company.parent / "dev" / "member" / "index.txt").write_text(
        f"--index-url {company.as_uri()}/simple\n"
    )
    return "-r index.txt\nacme-internal==1.4\n"


def by_its_hash(company: Path) -> str:
    wheel = next(company.glob("acme_internal-1.4*.whl"))
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return (
        f"--extra-index-url {company.as_uri()}/simple\nacme-internal==1.4 --hash=sha256:{digest}\n"
    )


def by_a_reference(company: Path) -> str:
    wheel = next(company.glob("acme_internal-1.4*.whl"))
    return f"acme-internal @ {wheel.as_uri()}\n"


WAYS = [
    by_index_url,
    by_the_short_option,
    by_find_links_alone,
    by_an_included_file,
    by_its_hash,
    by_a_reference,
]


# What else is wrong, so that the file cannot just be installed.


def nothing_else(_: Family, text: str) -> str:
    return text


def a_conflict_with_a_sibling(family: Family, text: str) -> str:
    (family.sibling / "requirements.txt").write_text("other==1.0\n")
    return text + (
        "other==2.0\n" if "--hash" not in text else f"other==2.0 --hash=sha256:{'0' * 64}\n"
    )


def a_bad_line(_: Family, text: str) -> str:
    return text + "other ==== 1\n"


def a_siblings_bad_line(family: Family, text: str) -> str:
    (family.sibling / "requirements.txt").write_text("other ==== 1\n")
    return text


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "trouble", [nothing_else, a_conflict_with_a_sibling, a_bad_line, a_siblings_bad_line]
)
@kind("a requirement comes from where it is asked from")
def test_no_command_installs_a_strangers_package(
    family: Family,
    company: Path,
    way: Callable[[Path], str],
    trouble: Callable[[Family, str], str],
) -> None:
    (family.member / "requirements.txt").write_text(trouble(family, way(company)))
    rounds = family.follow(SYNC)
    assert rounds[0].status == 1
    installed = origin(family, "acme_internal")
    assert installed != "stranger"
    if trouble in {nothing_else, a_siblings_bad_line}:
        assert (installed, rounds[-1].status) == ("private", 0)


@pytest.mark.parametrize("trouble", [a_conflict_with_a_sibling, a_bad_line])
@kind("a requirement comes from where it is asked from")
def test_nor_does_one_of_all_rules_together(
    family: Family, company: Path, trouble: Callable[[Family, str], str]
) -> None:
    (family.member / "requirements.txt").write_text(trouble(family, by_index_url(company)))
    assert family.follow(ALL)[0].status == 1
    assert origin(family, "acme_internal") != "stranger"


@pytest.mark.parametrize("hook", [SYNC, ALL])
@kind("a requirement comes from where it is asked from")
def test_a_constraint_holds_in_what_is_printed(family: Family, company: Path, hook: str) -> None:
    (family.member / "constraints.txt").write_text("tool<2\n")
    (family.sibling / "requirements.txt").write_text("other==1.0\n")
    (family.member / "requirements.txt").write_text(
        f"--index-url {company.as_uri()}/simple\n-c constraints.txt\ntool\nother==2.0\n"
    )
    family.follow(hook)
    installed = {each.name for each in family.venv.glob("lib/*/site-packages/tool-*")}
    assert installed <= {"tool-1.0.dist-info"}


@pytest.mark.parametrize("project", ["member", "sibling"])
@pytest.mark.parametrize("hook", [SYNC, ALL])
@kind("a requirement comes from where it is asked from")
def test_one_projects_index_is_not_the_other_projects(
    family: Family, company: Path, project: str, hook: str
) -> None:
    """`-r a -r b`: the last `--index-url` would hold for both."""
    (family.member / "requirements.txt").write_text(
        f"--index-url {company.as_uri()}/simple\nacme-internal==1.4\n"
    )
    (family.sibling / "requirements.txt").write_text("common==1.0\n")
    rounds = family.follow(hook, folder=family.dev / project)
    assert rounds[-1].status == 0
    assert origin(family, "acme_internal") in {"private", ""}
    assert origin(family, "common") in {"stranger", ""}, "that is the sibling's index"
    for each in [family.member, family.sibling]:
        family.follow(hook, folder=each)
    assert (origin(family, "acme_internal"), origin(family, "common")) == ("private", "stranger")


@pytest.mark.parametrize("hook", [SYNC, ALL])
@kind("a requirement comes from where it is asked from")
def test_one_projects_hashes_are_not_asked_of_the_other(
    family: Family, company: Path, hook: str
) -> None:
    """One `--hash` makes hashes mandatory for all that is installed with it."""
    (family.member / "requirements.txt").write_text(by_its_hash(company))
    (family.sibling / "requirements.txt").write_text("common==1.0\n")
    assert family.follow(hook)[-1].status == 0
    assert family.follow(hook, folder=family.sibling)[-1].status == 0


# `[tool.uv.sources]` and the like, of a pyproject.toml.


PYPROJECT = '[project]\nname = "m"\nversion = "1"\ndependencies = ["corp-lib"]\n\n'


def corp_lib(family: Family) -> Path:
    return make_project(family.dev / "corp-lib", "corp-lib", "3.0")


def editable_path(family: Family) -> str:
    corp_lib(family)
    return '[tool.uv.sources]\ncorp-lib = { path = "../corp-lib", editable = true }\n'


def path(family: Family) -> str:
    corp_lib(family)
    return '[tool.uv.sources]\ncorp-lib = { path = "../corp-lib" }\n'


def git_repository(family: Family) -> str:
    folder = corp_lib(family)
    for command in ["init --quiet", "add .", "commit --quiet --message=all"]:
        family.run("git", *command.split(), folder=folder)
    return f'[tool.uv.sources]\ncorp-lib = {{ git = "{folder.as_uri()}" }}\n'


def wheel_file(family: Family) -> str:
    wheel = make_wheel(family.dev.parent / "private", "corp-lib", "3.0")
    return f'[tool.uv.sources]\ncorp-lib = {{ path = "{wheel}" }}\n'


def index_of_uv(family: Family) -> str:
    wheel = make_wheel(family.dev.parent / "private", "corp-lib", "3.0")
    url = make_index(family.dev.parent / "private" / "simple", wheel)
    return (
        f'[tool.uv.sources]\ncorp-lib = {{ index = "corp" }}\n'
        f'[[tool.uv.index]]\nname = "corp"\nurl = "{url}"\nexplicit = true\n'
    )


def workspace(family: Family) -> str:
    make_project(family.member / "packages" / "corp-lib", "corp-lib", "3.0")
    return (
        "[tool.uv.sources]\ncorp-lib = { workspace = true }\n"
        '[tool.uv.workspace]\nmembers = ["packages/*"]\n'
    )


def source_of_poetry(family: Family) -> str:
    wheel = make_wheel(family.dev.parent / "private", "corp-lib", "3.0")
    url = make_index(family.dev.parent / "private" / "simple", wheel)
    return (
        '[tool.poetry.dependencies]\ncorp-lib = { source = "corp" }\n'
        f'[[tool.poetry.source]]\nname = "corp"\nurl = "{url}"\npriority = "explicit"\n'
    )


def source_of_pdm(family: Family) -> str:
    wheel = make_wheel(family.dev.parent / "private", "corp-lib", "3.0")
    url = make_index(family.dev.parent / "private" / "simple", wheel)
    return f'[[tool.pdm.source]]\nname = "corp"\nurl = "{url}"\n'


BY_UV = [editable_path, path, git_repository, wheel_file, index_of_uv, workspace]


@pytest.mark.parametrize("source", [*BY_UV, source_of_poetry, source_of_pdm])
@pytest.mark.parametrize("with_uv", ["uv on PATH", "no uv"])
@kind("a requirement comes from where it is asked from")
def test_a_source_of_another_tool_is_kept_or_nothing_is_printed(
    family: Family, company: Path, source: Callable[[Family], str], with_uv: str
) -> None:
    assert company.exists()
    (family.member / "pyproject.toml").write_text(PYPROJECT + source(family))
    if with_uv == "no uv":
        (family.dev.parent / "home" / "bin" / "uv").unlink()
        said = family.hook(SYNC)
        for command in said.commands:
            family.paste(command)
    else:
        rounds = family.follow(SYNC)
        said = rounds[0]
        assert rounds[-1].status == (0 if source in BY_UV else 1)
    assert said.status == 1
    versions = {each.name for each in family.venv.glob("lib/*/site-packages/corp_lib-*")}
    assert versions <= {"corp_lib-3.0.dist-info"}


@pytest.mark.parametrize("source", [editable_path, path, git_repository, wheel_file, workspace])
@pytest.mark.parametrize("hook", [SYNC, ALL])
@kind("what came from elsewhere is told")
def test_a_strangers_package_in_place_of_a_source_is_told(
    family: Family, company: Path, source: Callable[[Family], str], hook: str
) -> None:
    assert company.exists()
    family.install("corp-lib==9.0")
    (family.member / "pyproject.toml").write_text(PYPROJECT + source(family))
    said = family.hook(hook)
    assert (said.status, said.rules) == (1, ["wrong-source"])
    rounds = family.follow(hook)
    assert rounds[-1].status == 0


@pytest.mark.parametrize("source", BY_UV)
@pytest.mark.parametrize("hook", [SYNC, ALL])
@kind("what came from elsewhere is told")
def test_what_uv_has_installed_from_its_sources_is_right(
    family: Family, company: Path, source: Callable[[Family], str], hook: str
) -> None:
    assert company.exists()
    (family.member / "pyproject.toml").write_text(PYPROJECT + source(family))
    uv = ["uv", "pip", "install", "--quiet", "--python", str(family.venv)]
    subprocess.run([*uv, "-r", "pyproject.toml"], cwd=family.member, env=family.environ, check=True)
    said = family.hook(hook)
    assert (said.status, said.findings) == (0, [])
