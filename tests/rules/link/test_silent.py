"""What must stay silent: a hook that cries wolf gets `--no-verify` for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.link.states import (
    BASE,
    MEMBER,
    OWNER,
    TARGET,
    hook,
)
from tests.trees import make_venv, paste

# What must stay silent: a hook that cries wolf gets `--no-verify` for ever.

SILENT = [
    pytest.param("true", [TARGET], id="a relative link straight to the healthy target"),
    pytest.param("ln -sfn ../dr-daily-report/venv/ venv", [TARGET], id="a slash ends the link"),
    pytest.param("true", [TARGET + "/"], id="a slash ends the target"),
    pytest.param("true", [], id="no target, and the link leads to a healthy venv"),
    pytest.param(
        'ln -sfn "$DEV/dr-daily-report/venv" venv', ["--target={dev}/dr-daily-report/venv"],
        id="an absolute link to an absolute target",
    ),
    pytest.param(
        "true", ["--target={dev}/dr-daily-report/venv"], id="a relative link to an absolute target"
    ),
    pytest.param("true", ["--target=~/dr-daily-report/venv"], id="a target below the home folder"),
    pytest.param(
        "mkdir env && mv venv env/py && ln -sfn ../../dr-daily-report/venv env/py",
        [TARGET, "--venv=env/py"], id="the link lies deeper",
    ),
    pytest.param(
        "ln -s dr-daily-report ../current && ln -sfn ../current/venv venv", [TARGET],
        id="through another name of the owner's folder",
    ),
    pytest.param("cd ../dr-daily-report/venv/bin && cp /bin/ls .", [TARGET], id="a native binary"),
    pytest.param(
        r"cd ../dr-daily-report/venv/bin && printf '#!/bin/sh\necho hi\n' > tool", [TARGET],
        id="a shell script",
    ),
    pytest.param(
        r"cd ../dr-daily-report/venv/bin && printf '#!/usr/bin/env python3\n' > tool", [TARGET],
        id="a script that works its Python out",
    ),
    pytest.param(
        "cd ../dr-daily-report/venv/bin && mkdir inner && mkfifo pipe", [TARGET],
        id="no files in bin",
    ),
    pytest.param(
        "cd ../dr-daily-report/venv && rm bin/python && cp {base} bin/python", [TARGET],
        id="the interpreter is a copy",
    ),
    pytest.param(
        "cd ../dr-daily-report && mv venv ../disk && ln -s ../disk venv"
        r" && printf '#!{dev}/dr-daily-report/venv/bin/python\n' > venv/bin/tool", [TARGET],
        id="the owner's venv is on another disk",
    ),
    pytest.param(
        "$VENV ../tools && cd ../dr-daily-report/venv/bin"
        r" && printf '#!{dev}/tools/bin/python\n' > ../../../tools/bin/tool"
        " && ln -s ../../../tools/bin/tool .", [TARGET],
        id="a link to another venv's script",
    ),
    pytest.param("chmod g+w ../dr-daily-report/venv", [TARGET], id="the group may write"),
    pytest.param("chmod 1777 ../dr-daily-report/venv", [TARGET], id="all may write, sticky"),
]  # fmt: skip


@pytest.mark.parametrize(("arrange", "arguments"), SILENT)
def test_passes_silently(
    arrange: str,
    arguments: list[str],
    family: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEV", str(family))
    monkeypatch.setenv("HOME", str(family))
    monkeypatch.setenv("VENV", f"{BASE} -m venv --without-pip")
    arrange = arrange.replace("{base}", f"'{BASE}'").replace("{dev}", str(family))
    paste(arrange, family / MEMBER)
    arguments = [argument.replace("{dev}", str(family)) for argument in arguments]
    assert hook(family / MEMBER, *arguments) == (0, "")


SILENT_IN_CI = [
    pytest.param("rm venv", [TARGET], MEMBER, id="nothing in a member"),
    pytest.param("rm venv", [], MEMBER, id="nothing, no target"),
    pytest.param("rm -r venv", [TARGET], OWNER, id="nothing in the owner"),
    pytest.param("rm venv && $VENV venv", [TARGET], MEMBER, id="a fresh venv in a member"),
    pytest.param("rm venv && $VENV venv", [], MEMBER, id="a fresh venv, no target"),
    pytest.param(
        "rm venv && rm -r ../dr-daily-report && $VENV venv", [TARGET], MEMBER, id="no siblings"
    ),
    pytest.param("true", [TARGET], OWNER, id="the venv in the owner"),
    pytest.param("true", [TARGET], MEMBER, id="a link that works"),
]


@pytest.mark.parametrize("ci", ["true", "1", "github"])
@pytest.mark.parametrize(("arrange", "arguments", "project"), SILENT_IN_CI)
def test_passes_silently_in_ci(
    ci: str,
    arrange: str,
    arguments: list[str],
    project: str,
    family: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VENV", f"{BASE} -m venv --without-pip")
    monkeypatch.setenv("CI", ci)
    paste(arrange, family / project)
    assert hook(family / project, *arguments) == (0, "")


@pytest.mark.parametrize("ci", ["", "0", "false", "No"])
def test_ci_that_says_no_is_none(ci: str, family: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", ci)
    (family / MEMBER / "venv").unlink()
    assert hook(family / MEMBER, TARGET).status == 1


def test_the_owner_with_its_venv_passes(family: Path) -> None:
    assert hook(family / OWNER, TARGET) == (0, "")


def test_the_owners_venv_may_have_any_name_and_depth(family: Path) -> None:
    make_venv(family / OWNER / "envs" / "dev")
    assert hook(family / OWNER, "--target=../dr-daily-report/envs/dev") == (0, "")
    (family / MEMBER / "venv").unlink()
    (family / MEMBER / "venv").symlink_to("../dr-daily-report/envs/dev")
    assert hook(family / MEMBER, "--target=../dr-daily-report/envs/dev") == (0, "")
