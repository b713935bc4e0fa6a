"""One cause is told once, and what belongs together is one line."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from hooks.check_requirements_sync import main as check_sync
from hooks.check_shared_venv import main
from hooks.check_venv_symlink import main as check_link
from hooks.report import Finding, Message, Note
from hooks.rules.together import once
from tests.rules.projects import MEMBER, OWNER, TARGET
from tests.trees import build, paste, said_whole


def told(rule: str, path: str, fix: str = "", line: int | None = None, what: str = "") -> Finding:
    return Finding(path, what or rule, line, (fix,) if fix else (), rule)


ONCE = [
    pytest.param([], [], [], id="nothing"),
    pytest.param(
        [told("local-venv", "venv", "a"), told("local-venv", "venv", "b", what="and more")],
        [],
        [told("local-venv", "venv", "b", what="and more")],
        id="a local venv, by the rule that knows more of it",
    ),
    pytest.param(
        [told("conda-environment", "venv")],
        [told("conda-environment", "venv"), Note("n")],
        [told("conda-environment", "venv"), Note("n")],
        id="a conda environment",
    ),
    pytest.param(
        [Note("m"), told("link-missing", "venv", "ln")],
        [told("not-installed", "r.txt", "pip", 1)],
        [Note("m"), told("link-missing", "venv", "ln"), told("not-installed", "r.txt", "pip", 1)],
        id="two causes with two fixes",
    ),
    pytest.param(
        [told("activation-elsewhere", "a", "sed"), told("scripts-elsewhere", "b", "sed")],
        [told("editable-gone", "r.txt", "pip", 1), told("conflict", "r.txt", "", 2)],
        [
            told("activation-elsewhere", "a", "sed && pip"),
            told("scripts-elsewhere", "b", "sed && pip"),
            told("editable-gone", "r.txt", "sed && pip", 1),
            told("conflict", "r.txt", "", 2),
        ],
        id="a family that was moved",
    ),
    pytest.param(
        [told("activation-elsewhere", "a", "sed"), told("command-broken", "bin/dr", "pip dr")],
        [],
        [told("activation-elsewhere", "a", "sed"), told("command-broken", "bin/dr", "pip dr")],
        id="a command that a moved venv is not the reason of",
    ),
]


@pytest.mark.parametrize(("first", "then", "expected"), ONCE)
def test_once(
    first: Sequence[Message], then: Sequence[Message], expected: Sequence[Message]
) -> None:
    assert once(first, then) == expected


def test_in_a_new_venv_a_command_is_missing_as_all_is() -> None:
    command = told("command-missing", "bin/dr", "dr")
    no_provider = told("command-missing", "bin/x")
    missing = told("not-installed", "r.txt", "pip", 1)
    joined = missing._replace(fixes=("pip && dr",))
    assert once([command, no_provider], [missing], is_new=True) == [no_provider, joined]
    assert once([command], [], is_new=True) == [command]
    assert once([command], [missing], is_new=True, brings_commands=True) == [missing]


def test_editables_that_were_moved_are_installed_after_the_venv_is_mended() -> None:
    moved = told("activation-elsewhere", "a", "sed")
    assert once([moved], [], editables="pip -e .") == [moved._replace(fixes=("sed && pip -e .",))]
    gone = told("editable-gone", "r.txt", "pip -e . && pip", 1)
    assert once([moved], [gone], editables="pip -e .") == [
        moved._replace(fixes=("sed && pip -e . && pip",)),
        gone._replace(fixes=("sed && pip -e . && pip",)),
    ]
    assert once([Note("n")], [], editables="pip -e .") == [Note("n")]
    link = told("link-dangling", "venv", "sed")
    assert once([link, moved], [], editables="pip -e .") == [
        link._replace(fixes=("sed && pip -e .",)),
        moved._replace(fixes=("sed && pip -e .",)),
    ]


def test_an_owners_link_that_leads_nowhere_is_told_once(family: Path) -> None:
    build({"requirements.txt": "a\n"}, family / OWNER)
    paste("rm -r venv && ln -s gone/venv venv", family / OWNER)
    said = said_whole(main, family / OWNER, "--target=venv")
    assert said.output.startswith("venv: is a link to `gone/venv`, which is missing, but this")
    assert said.output.count(" [") == 1


def test_a_family_that_was_moved_is_told_where_it_is_in_one_line(family: Path) -> None:
    venv = family / OWNER / "venv"
    [site] = venv.glob("lib/python*/site-packages")
    build(
        {"pyproject.toml": '[project]\nname = "dr"\nversion = "1"\n', "requirements.txt": ""},
        family / OWNER,
    )
    build({"requirements.txt": ""}, family / MEMBER)
    url = '{"url": "file:///gone/dr", "dir_info": {"editable": true}}'
    build({"dr-1.dist-info": {"METADATA": "Name: dr\nVersion: 1\n", "direct_url.json": url}}, site)
    activate = venv / "bin" / "activate"
    activate.write_text(activate.read_text().replace(str(venv), "/gone/venv"))
    said = said_whole(main, family / MEMBER, TARGET)
    assert said.status == 1
    [fix] = [line for line in said.output.splitlines() if line.startswith("  fix: ")]
    assert "-I -m venv --without-pip" in fix
    assert fix.endswith(f"-e ../{OWNER}")


def test_nothing_of_the_venv_is_told_twice(family: Path) -> None:
    shutil.rmtree(family / OWNER / "venv" / "lib")
    said = said_whole(main, family / MEMBER, TARGET)
    assert "[unusable-venv]" not in said.output


def test_a_conda_environment_with_a_mark_of_a_venv(family: Path) -> None:
    build({"conda-meta/history": "", "pyvenv.cfg": ""}, family / OWNER / "venv")
    for hook in [main, check_link, check_sync]:
        said = said_whole(hook, family / MEMBER, TARGET)
        assert said.output.count("[conda-environment]") == 1
