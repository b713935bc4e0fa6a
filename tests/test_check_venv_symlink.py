"""Every row of the table: what stands at `venv`, what the hook says, and that its repairs mend."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hooks.check_venv_symlink import main
from tests.trees import Executable, Said, build, git, make_venv, paste, repairs, said_by

OWNER = "dr-daily-report"
MEMBER = "dr-daily-report_telegram"
TARGET = "--target=../dr-daily-report/venv"
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
BASE = os.path.realpath(sys.executable)


@pytest.fixture
def family(dev: Path) -> Path:
    """Owner, member and sibling as the guide draws them; returns their folder."""
    for name in [OWNER, MEMBER, "dr-daily-report_media"]:
        git(dev, "init", "--quiet", name)
        if name != OWNER:
            (dev / name / "venv").symlink_to("../dr-daily-report/venv")
    make_venv(dev / OWNER / "venv")
    return dev


def hook(project: Path, *arguments: str) -> Said:
    return said_by(main, project, *arguments)


def expected(text: str, dev: Path) -> str:
    """Tables are written with `{dev}`, `{base}` (the venv's Python) and `{version}` in them."""
    lines = [line.removeprefix("    ") for line in text.strip("\n").splitlines()]
    filled = "\n".join(lines).replace("{dev}", str(dev)).replace("{base}", BASE)
    return filled.replace("{version}", VERSION).rstrip() + "\n"


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


# What must be found. After the repair the hook passes, with a space in the path, too.

MEMBER_FINDINGS = [
    pytest.param(
        'ln -sfn "$DEV/dr-daily-report/venv" venv',
        """
    venv: leads to `{dev}/dr-daily-report/venv`, an absolute path: it breaks when the projects move
      fix: ln -sfn ../dr-daily-report/venv venv
        """,
        id="an absolute link to a relative target",
    ),
    pytest.param(
        "ln -sfn ../dr-daily-report_media/venv venv",
        """
    venv: leads to `../dr-daily-report/venv` by way of the link in `../dr-daily-report_media`, \
and breaks with that
      fix: ln -sfn ../dr-daily-report/venv venv
        """,
        id="by way of a sibling's link",
    ),
    pytest.param(
        "mkdir ../other && ln -sfn ../other venv",
        """
    venv: leads to `../other` instead of `../dr-daily-report/venv`
      fix: ln -sfn ../dr-daily-report/venv venv
        """,
        id="a link elsewhere",
    ),
    pytest.param(
        "ln -sfn ../old/venv venv",
        """
    venv: leads to `../old/venv`, which is missing, instead of `../dr-daily-report/venv`
      fix: ln -sfn ../dr-daily-report/venv venv
        """,
        id="a link that dangles, elsewhere",
    ),
    pytest.param(
        "ln -sfn venv venv",
        """
    venv: is a link in a loop, but should lead to `../dr-daily-report/venv`
      fix: ln -sfn ../dr-daily-report/venv venv
        """,
        id="a link in a loop",
    ),
    pytest.param(
        "rm venv",
        """
    venv: is missing: it should be a link to `../dr-daily-report/venv`
      fix: ln -sfn ../dr-daily-report/venv venv
        """,
        id="nothing",
    ),
    pytest.param(
        "rm venv && printf '../dr-daily-report/venv' > venv",
        """
    venv: is a file, but should be a link to `../dr-daily-report/venv`
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a text file that holds the path",
    ),
    pytest.param(
        "rm venv && printf 'notes\\nmore notes' > venv",
        """
    venv: is a file, but should be a link to `../dr-daily-report/venv`
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="another file",
    ),
    pytest.param(
        "rm venv && mkfifo venv",
        """
    venv: is a named pipe, but should be a link to `../dr-daily-report/venv`
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a named pipe",
    ),
    pytest.param(
        "rm venv && mkdir venv venv.old && touch venv/thesis.txt",
        """
    venv: is a directory, no venv, but should be a link to `../dr-daily-report/venv`
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a directory that is no venv, and its name for later is taken",
    ),
    pytest.param(
        "rm venv && $VENV venv",
        """
    venv: is a local venv, but `../dr-daily-report/venv` is the one that this project shares; it has no distribution that the shared one lacks
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a local venv",
    ),
    pytest.param(
        "rm venv && $VENV venv && echo mine > venv/bin/deploy.sh",
        """
    venv: is a local venv, but `../dr-daily-report/venv` is the one that this project shares; it has no distribution that the shared one lacks
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a local venv with a script of somebody's",
    ),
    pytest.param(
        "ln -sfn ../other venv && mkdir ../other && rm -r ../dr-daily-report/venv",
        """
    venv: leads to `../other` instead of `../dr-daily-report/venv`, and the owner `../dr-daily-report` has no venv there
      fix: python3 -I -m venv ../dr-daily-report/venv && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a wrong link that leads somewhere, and no target",
    ),
    pytest.param(
        "rm venv && $VENV venv && mkdir venv/src",
        """
    venv: is a local venv, but `../dr-daily-report/venv` is the one that this project shares; it has no distribution that the shared one lacks
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a local venv that holds somebody's sources, too",
    ),
    pytest.param(
        "rm venv && $VENV venv && rm venv/bin/python",
        """
    venv: is a local venv, but `../dr-daily-report/venv` is the one that this project shares; it has no distribution that the shared one lacks
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a local venv that is broken",
    ),
    pytest.param(
        "rm -r ../dr-daily-report/venv",
        """
    venv: leads to `../dr-daily-report/venv`, but the owner `../dr-daily-report` has no venv there
      fix: python3 -I -m venv ../dr-daily-report/venv
      or: rm -f venv && python3 -I -m venv venv
        """,
        id="the owner's venv is gone",
    ),
    pytest.param(
        "rm venv && rm -r ../dr-daily-report/venv",
        """
    venv: is missing: it should be a link to `../dr-daily-report/venv`, and the owner `../dr-daily-report` has no venv there
      fix: python3 -I -m venv ../dr-daily-report/venv && ln -sfn ../dr-daily-report/venv venv
      or: python3 -I -m venv venv
        """,
        id="nothing here, and the owner's venv is gone",
    ),
    pytest.param(
        "mv ../dr-daily-report ../away",
        """
    venv: leads to `../dr-daily-report/venv`, but the owner `../dr-daily-report` is not there, and the venv in `../away/venv` was made as `../dr-daily-report/venv`: if its folder was renamed, change `--target` in the configuration of each project
        """,
        id="the owner is not there, and nothing tells where it would be cloned from",
    ),
    pytest.param(
        "$CLONABLE && rm -rf ../dr-daily-report",
        """
    venv: leads to `../dr-daily-report/venv`, but the owner `../dr-daily-report` is not there: clone it, or use a local venv meanwhile
      fix: git clone "$(dirname "$(git remote get-url origin)")"/dr-daily-report ../dr-daily-report
      or: rm -f venv && python3 -I -m venv venv
        """,
        id="the owner is not there, but where this project came from",
    ),
    pytest.param(
        "$CLONABLE && rm -rf ../dr-daily-report venv",
        """
    venv: is missing: it should be a link to `../dr-daily-report/venv`, and the owner `../dr-daily-report` is not there: clone it, or use a local venv meanwhile
      fix: git clone "$(dirname "$(git remote get-url origin)")"/dr-daily-report ../dr-daily-report && ln -sfn ../dr-daily-report/venv venv
      or: python3 -I -m venv venv
        """,
        id="nothing here, and the owner is not there",
    ),
    pytest.param(
        "rm -r ../dr-daily-report/venv && ln -s nowhere ../dr-daily-report/venv",
        """
    venv: leads to `../dr-daily-report/venv`, but `../dr-daily-report/venv` is a link to `nowhere`, which is missing
      fix: rm -f ../dr-daily-report/venv && python3 -I -m venv ../dr-daily-report/venv
        """,
        id="the target is a link that dangles",
    ),
    pytest.param(
        "rm -r ../dr-daily-report/venv && ln -s ../dr-daily-report_telegram/venv "
        "../dr-daily-report/venv",
        """
    venv: leads to `../dr-daily-report/venv`, but `../dr-daily-report/venv` is a link in a loop
      fix: rm -f ../dr-daily-report/venv && python3 -I -m venv ../dr-daily-report/venv
        """,
        id="the target leads back here",
    ),
    pytest.param(
        "rm -r ../dr-daily-report/venv && touch ../dr-daily-report/venv",
        """
    venv: leads to `../dr-daily-report/venv`, but `../dr-daily-report/venv` is no directory
      fix: test ! -e ../dr-daily-report.venv.old && mv -n ../dr-daily-report/venv ../dr-daily-report.venv.old && python3 -I -m venv ../dr-daily-report/venv
      or: rm -f venv && python3 -I -m venv venv
        """,
        id="the target is a file",
    ),
    pytest.param(
        "$VENV --clear venv || true; find -L venv -mindepth 1 -delete",
        """
    ../dr-daily-report/venv: is empty: `python -m venv --clear` or `rm -rf venv/`, run through \
a link, empties the shared venv
      fix: python3 -I -m venv ../dr-daily-report/venv
        """,
        id="the target was emptied",
    ),
    pytest.param(
        "rm ../dr-daily-report/venv/pyvenv.cfg",
        """
    ../dr-daily-report/venv: has no `pyvenv.cfg`: it is no venv
      fix: python3 -I -m venv --upgrade ../dr-daily-report/venv
        """,
        id="the target is no venv",
    ),
    pytest.param(
        "echo home > ../dr-daily-report/venv/pyvenv.cfg",
        """
    ../dr-daily-report/venv/pyvenv.cfg: has no `home`: it is no venv's
      fix: python3 -I -m venv --upgrade ../dr-daily-report/venv
        """,
        id="the configuration of the target is no venv's",
    ),
    pytest.param(
        "rm ../dr-daily-report/venv/bin/python",
        """
    ../dr-daily-report/venv/bin/python: is missing
      fix: {base} -I -m venv --upgrade ../dr-daily-report/venv
        """,
        id="the target has no interpreter",
    ),
    pytest.param(
        "ln -sfn /opt/gone/python3.9 ../dr-daily-report/venv/bin/python3 && "
        "ln -sfn python3 ../dr-daily-report/venv/bin/python",
        """
    ../dr-daily-report/venv/bin/python3: leads to `/opt/gone/python3.9`, which is missing
      fix: rm -f ../dr-daily-report/venv/bin/python ../dr-daily-report/venv/bin/python3 && {base} -I -m venv --upgrade ../dr-daily-report/venv
        """,
        id="the interpreter of the target was removed",
    ),
    pytest.param(
        "ln -sfn python ../dr-daily-report/venv/bin/python",
        """
    ../dr-daily-report/venv/bin/python: is a link in a loop
      fix: rm -f ../dr-daily-report/venv/bin/python && {base} -I -m venv --upgrade ../dr-daily-report/venv
        """,
        id="the interpreter of the target is a loop",
    ),
    pytest.param(
        "ln -sfn /etc/passwd ../dr-daily-report/venv/bin/python",
        """
    ../dr-daily-report/venv/bin/python: leads to `/etc/passwd`, which is no executable file
      fix: rm -f ../dr-daily-report/venv/bin/python && {base} -I -m venv --upgrade ../dr-daily-report/venv
        """,
        id="the interpreter of the target is no program",
    ),
    pytest.param(
        "rm -r ../dr-daily-report/venv/lib/python*",
        """
    ../dr-daily-report/venv/lib/python{version}/site-packages: is missing, but `pyvenv.cfg` names Python `{version}`
      fix: {base} -I -m venv --upgrade ../dr-daily-report/venv
        """,
        id="the library of the target is missing",
    ),
    pytest.param(
        "sed -i.bak 's/^version.*/version = 3.4.10/' ../dr-daily-report/venv/pyvenv.cfg && "
        "rm ../dr-daily-report/venv/*.bak",
        """
    ../dr-daily-report/venv/bin/python: leads to `{base}`, but `pyvenv.cfg` names Python `3.4`
      fix: {base} -I -m venv --upgrade --without-pip ../dr-daily-report/venv
        """,
        id="the interpreter of the target is another version's",
    ),
    pytest.param(
        "rm ../dr-daily-report/venv/bin/activate",
        """
    ../dr-daily-report/venv/bin/activate: is missing
      fix: (cd '{dev}/dr-daily-report/venv/bin' && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report/venv'
        """,
        id="the target cannot be activated",
    ),
    pytest.param(
        "echo > ../dr-daily-report/venv/bin/activate; "
        "echo 'include-system-site-packages = TRUE' >> ../dr-daily-report/venv/pyvenv.cfg; "
        "echo \"prompt = 'my team'\" >> ../dr-daily-report/venv/pyvenv.cfg",
        """
    ../dr-daily-report/venv/bin/activate: sets no `VIRTUAL_ENV`
      fix: (cd '{dev}/dr-daily-report/venv/bin' && mv -n activate activate.old && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip --system-site-packages --prompt 'my team' '{dev}/dr-daily-report/venv'
        """,
        id="the activation of the target activates nothing",
    ),
    pytest.param(
        "cp -R ../dr-daily-report/venv ../v && rm -r ../dr-daily-report/venv && "
        "mv ../v ../dr-daily-report/venv && sed -i.bak "
        '"s|$DEV|/elsewhere|" ../dr-daily-report/venv/bin/activate && '
        "rm ../dr-daily-report/venv/bin/activate.bak",
        """
    ../dr-daily-report/venv/bin/activate:38: sets `VIRTUAL_ENV` to `/elsewhere/dr-daily-report/venv`, but this venv is `{dev}/dr-daily-report/venv`: it was moved or copied
      fix: (cd '{dev}/dr-daily-report/venv/bin' && mv -n activate activate.old && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report/venv'
        """,
        id="the target was moved",
    ),
    pytest.param(
        '$VENV venv2 && sed "s|venv2|venv|" venv2/bin/activate > '
        "../dr-daily-report/venv/bin/activate && rm -r venv2",
        """
    ../dr-daily-report/venv/bin/activate:38: sets `VIRTUAL_ENV` to `{dev}/dr-daily-report_telegram/venv`, a link: its sibling `{dev}/dr-daily-report_telegram` rewrote it
      fix: (cd '{dev}/dr-daily-report/venv/bin' && mv -n activate activate.old && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report/venv'
        """,
        id="a sibling rewrote the target's identity",
    ),
    pytest.param(
        'printf \'#!/bin/sh\\n\'"\'\'\'exec\' \\"$PWD/venv/bin/python\\" \\"\\$0\\" \\"\\$@\\"\\n" '
        "> venv/bin/dr && for x in a b c; do cp venv/bin/dr venv/bin/$x; done",
        """
    ../dr-daily-report/venv/bin: `a`, `b`, `c` and 1 more start `{dev}/dr-daily-report_telegram/venv/bin/python`, by way of `{dev}/dr-daily-report_telegram`, and breaks with that
      fix: (cd '{dev}/dr-daily-report/venv/bin' && for f in ./a ./b ./c ./dr; do s=$(sed -e '1,2s|{dev}/dr-daily-report_telegram/venv/bin/python|{dev}/dr-daily-report/venv/bin/python|' "$f"; echo .) && printf %s "${s%.}" > "$f"; done)
        """,
        id="scripts were installed through a member's link",
    ),
    pytest.param(
        "printf '#!/gone/venv/bin/python3.8\\n' > venv/bin/dr",
        """
    ../dr-daily-report/venv/bin: `dr` starts `/gone/venv/bin/python3.8`, which is missing
        """,
        id="a script of a place that is gone, and the kernel reads no space",
    ),
    pytest.param(
        "chmod o+w ../dr-daily-report/venv ../dr-daily-report/venv/bin",
        """
    ../dr-daily-report/venv: can be written to by every user, and so can 1 more of this venv's
      fix: chmod -R o-w '{dev}/dr-daily-report/venv'
        """,
        id="everybody may write to the target",
    ),
    pytest.param(
        "mkdir ../other && ln -sfn ../other venv && rm ../dr-daily-report/venv/bin/activate",
        """
    venv: leads to `../other` instead of `../dr-daily-report/venv`
    ../dr-daily-report/venv/bin/activate: is missing
      fix: ln -sfn ../dr-daily-report/venv venv && (cd '{dev}/dr-daily-report/venv/bin' && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report/venv'
        """,
        id="a wrong link, and an unhealthy target",
    ),
    pytest.param(
        "ln -sfn ../old/venv venv && rm -r ../dr-daily-report/venv",
        """
    venv: leads to `../old/venv`, which is missing, instead of `../dr-daily-report/venv`, and the owner `../dr-daily-report` has no venv there
      fix: python3 -I -m venv ../dr-daily-report/venv && ln -sfn ../dr-daily-report/venv venv
      or: rm -f venv && python3 -I -m venv venv
        """,
        id="a wrong link, and no target",
    ),
    pytest.param(
        "rm venv && $VENV venv && rm venv/bin/activate && rm -r ../dr-daily-report/venv",
        """
    venv/bin/activate: is missing
      fix: (cd '{dev}/dr-daily-report_telegram/venv/bin' && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report_telegram/venv'
        """,
        id="a fallback that is broken",
    ),
    pytest.param(
        "rm venv && $VENV venv && rm ../dr-daily-report/venv/bin/activate",
        """
    venv: is a local venv, but `../dr-daily-report/venv` is the one that this project shares; it has no distribution that the shared one lacks
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
    ../dr-daily-report/venv/bin/activate: is missing
      fix: (cd '{dev}/dr-daily-report/venv/bin' && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report/venv'
        """,
        id="a smaller fault of the target is no licence for a local venv",
    ),
]


def arranged(arrange: str, family: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Break something by a shell line; it may use $DEV, $VENV and $CLONABLE."""
    monkeypatch.setenv("DEV", str(family))
    clonable = (
        "mkdir ../srv && git -C ../dr-daily-report commit -q --allow-empty -m 1 && "
        "git clone -q --bare ../dr-daily-report ../srv/dr-daily-report.git && "
        'git remote add origin "$DEV/srv/dr-daily-report_telegram.git"'
    )
    arrange = arrange.replace("$CLONABLE", clonable)
    paste(arrange.replace("$VENV", f"{BASE} -m venv --without-pip"), project)


def line_of_activation(family: Path) -> str:
    activate = family / OWNER / "venv" / "bin" / "activate"
    lines = activate.read_text().splitlines() if activate.is_file() else []
    literal = [n for n, line in enumerate(lines, 1) if "VIRTUAL_ENV=" in line and "$(" not in line]
    return str(literal[0]) if literal else ""


@pytest.mark.parametrize(("arrange", "says"), MEMBER_FINDINGS)
def test_a_member_is_told_and_mended(
    arrange: str, says: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = family / MEMBER
    arranged(arrange, family, member, monkeypatch)
    says = expected(says.replace("{line}", line_of_activation(family)), family)
    assert hook(member, TARGET) == (1, says)
    whole = tree_of(family)
    fixes = [line[7:] for line in says.splitlines() if line.startswith("  fix: ")]
    seen: list[list[str]] = []
    while fixes:
        assert fixes not in seen, "round in a circle"
        seen.append(fixes)
        for fix in fixes:
            paste(fix, member)
        output = hook(member, TARGET).output
        fixes = [line[7:] for line in output.splitlines() if line.startswith("  fix: ")]
    assert hook(member, TARGET).status == int(not seen)
    assert whole - tree_of(family) <= disposable(whole), "a file that is no venv's is lost"


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param(case.values[0], id=case.id)
        for case in MEMBER_FINDINGS
        if "or: " in str(case.values[1])
    ],
)
def test_the_other_way_mends_as_well(
    arrange: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = family / MEMBER
    arranged(arrange, family, member, monkeypatch)
    other = [
        line.strip()[4:] for line in hook(member, TARGET).output.splitlines() if "  or:" in line
    ]
    for repair in other:
        paste(repair, member)
    ran = hook(member, TARGET)
    if "ln -s" in other[0]:  # back to the link, though its target is still missing
        assert "leads to `../dr-daily-report/venv`, but" in ran.output
    else:
        assert (ran.status, ran.output[:5]) == (0, "note:")


def tree_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if ".git" not in path.parts}


def disposable(paths: set[str]) -> set[str]:
    """What a repair may remove or move: links, venvs, and what is put aside under a new name."""
    return {path for path in paths if "/venv" in path}


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


NO_TARGET = [
    pytest.param(
        "rm venv",
        """
    venv: is missing: say with `--target` where the shared venv is
        """,
        id="nothing",
    ),
    pytest.param(
        "rm venv && $VENV venv",
        """
    venv: is a real venv, no link: say with `--target` where the shared venv is
        """,
        id="a real venv",
    ),
    pytest.param(
        "rm ../dr-daily-report/venv/bin/activate",
        """
    ../dr-daily-report/venv/bin/activate: is missing
      fix: (cd '{dev}/dr-daily-report/venv/bin' && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report/venv'
        """,
        id="a link to an unhealthy venv",
    ),
    pytest.param(
        "ln -sfn venv venv",
        """
    venv: is a link in a loop
        """,
        id="a loop",
    ),
    pytest.param(
        "rm venv && mkdir venv",
        """
    venv: is a directory, no venv, no link: say with `--target` where the shared venv is
        """,
        id="a directory",
    ),
]


@pytest.mark.parametrize(("arrange", "says"), NO_TARGET)
def test_without_target(
    arrange: str, says: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged(arrange, family, family / MEMBER, monkeypatch)
    assert hook(family / MEMBER) == (1, expected(says, family))


FALLBACKS = [
    pytest.param("rm -r ../dr-daily-report", "is missing", id="the owner is not there"),
    pytest.param("rm -r ../dr-daily-report/venv", "is missing", id="the owner has no venv"),
    pytest.param(
        "rm ../dr-daily-report/venv/pyvenv.cfg", "cannot be used", id="the target is no venv"
    ),
    pytest.param(
        "rm ../dr-daily-report/venv/bin/python", "cannot be used", id="no interpreter there"
    ),
    pytest.param("rm -r ../dr-daily-report/venv/lib", "cannot be used", id="no library there"),
]


@pytest.mark.parametrize(("arrange", "state"), FALLBACKS)
def test_a_healthy_local_venv_is_the_fallback(
    arrange: str, state: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = family / MEMBER
    arranged(f"rm venv && $VENV venv && {arrange}", family, member, monkeypatch)
    says = f"note: `venv` is a local venv, allowed while `../dr-daily-report/venv` {state}\n"
    assert hook(member, TARGET) == (0, says)
    shutil.rmtree(family / OWNER / "venv", ignore_errors=True)
    make_venv(family / OWNER / "venv")
    [back] = repairs(hook(member, TARGET).output)
    paste(back, member)
    assert hook(member, TARGET) == (0, "")


def worktree(project: Path, at: Path) -> Path:
    git(project, "commit", "--quiet", "--allow-empty", "--message=first")
    git(project, "worktree", "add", "--quiet", str(at))
    return at


@pytest.mark.parametrize("place", ["beside", "far away", "inside"])
@pytest.mark.parametrize("project", [MEMBER, OWNER])
def test_a_linked_work_tree_links_straight_to_the_target(
    place: str, project: str, family: Path
) -> None:
    at = {"beside": family, "far away": family / "a" / "b", "inside": family / project}[place]
    tree = worktree(family / project, at / "feature")
    text = os.path.relpath(family / OWNER / "venv", tree)
    says = f"venv: is missing: it should be a link to `{text}`\n  fix: ln -sfn {text} venv\n"
    assert hook(tree, TARGET) == (1, says)
    paste(repairs(says)[0], tree)
    assert hook(tree, TARGET) == (0, "")
    (tree / "venv").unlink()
    (tree / "venv").symlink_to(os.path.relpath(family / MEMBER / "venv", tree))
    sibling = os.path.relpath(family / MEMBER, tree)
    says = (
        f"venv: leads to `{text}` by way of the link in `{sibling}`, and breaks with that\n"
        f"  fix: ln -sfn {text} venv\n"
    )
    assert hook(tree, TARGET) == (1, says)


def test_a_sub_project_in_a_linked_work_tree_counts_from_its_own_folder(dev: Path) -> None:
    build({"mono": {"owner": {"x": ""}, "member": {"x": ""}}}, dev)
    git(dev, "init", "--quiet", "mono")
    git(dev / "mono", "add", ".")
    git(dev / "mono", "commit", "--quiet", "--message=first")
    git(dev / "mono", "worktree", "add", "--quiet", str(dev / "trees" / "one"))
    make_venv(dev / "mono" / "owner" / "venv")
    assert hook(dev / "mono" / "owner", "--target=../owner/venv") == (0, "")
    for project in ["owner", "member"]:
        tree = dev / "trees" / "one" / project
        (tree / "venv").symlink_to("../../../mono/owner/venv")
        assert hook(tree, "--target=../owner/venv") == (0, "")


def test_a_bare_repository_has_no_main_work_tree(family: Path) -> None:
    git(family / MEMBER, "commit", "--quiet", "--allow-empty", "--message=first")
    git(family, "clone", "--quiet", "--bare", MEMBER, "bare/.git")
    git(family / "bare" / ".git", "worktree", "add", "--quiet", str(family / "tree"))
    (family / "tree" / "venv").symlink_to("../dr-daily-report/venv")
    assert hook(family / "tree", TARGET) == (0, "")


def test_a_submodule_is_no_linked_work_tree(family: Path) -> None:
    git(family / MEMBER, "commit", "--quiet", "--allow-empty", "--message=first")
    git(family, "init", "--quiet", "super")
    git(family / "super", "submodule", "--quiet", "add", str(family / MEMBER), "sub")
    (family / "super" / "sub" / "venv").symlink_to("../../dr-daily-report/venv")
    assert hook(family / "super" / "sub", "--target=../../dr-daily-report/venv") == (0, "")


def test_outside_git(family: Path) -> None:
    shutil.rmtree(family / MEMBER / ".git")
    assert hook(family / MEMBER, TARGET) == (0, "")


# --fix


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param("rm venv", id="nothing"),
        pytest.param("ln -sfn ../old/venv venv", id="a link that dangles"),
        pytest.param("ln -sfn venv venv", id="a loop"),
        pytest.param(
            "ln -sfn ../gone venv; ln -s ../dr-daily-report/venv venv.new",
            id="a run was killed before",
        ),
    ],
)
def test_fix_puts_the_right_link_in_place(arrange: str, family: Path) -> None:
    member = family / MEMBER
    paste(arrange, member)
    says = "fixed: `venv` leads to `../dr-daily-report/venv` now\n"
    assert hook(member, TARGET, "--fix") == (1, says)
    assert os.readlink(member / "venv") == "../dr-daily-report/venv"
    assert sorted(os.listdir(member)) == [".git", "venv"]
    assert hook(member, TARGET, "--fix") == (0, "")


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param("rm venv && touch venv", id="a file"),
        pytest.param("rm venv && mkdir venv", id="a directory"),
        pytest.param("rm venv && $VENV venv", id="a local venv"),
        pytest.param("rm venv; rm ../dr-daily-report/venv/bin/activate", id="an unhealthy target"),
        pytest.param("rm venv; rm -r ../dr-daily-report/venv", id="no target"),
        pytest.param("mkdir venv.new; ln -sfn ../gone venv", id="a directory is in the way"),
    ],
)
def test_fix_touches_nothing_else(
    arrange: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged(arrange, family, family / MEMBER, monkeypatch)
    before = subprocess.check_output(["ls", "-lR", "--full-time", "."], cwd=family)
    ran = hook(family / MEMBER, TARGET, "--fix")
    assert ran.status == 1
    assert "fixed" not in ran.output
    assert subprocess.check_output(["ls", "-lR", "--full-time", "."], cwd=family) == before


def test_a_deeper_link_counts_from_its_folder_and_fix_makes_that(family: Path) -> None:
    member = family / MEMBER
    paste("mkdir env && ln -s ../dr-daily-report/venv env/py", member)
    place = [TARGET, "--venv=env/py"]
    says = (
        "env/py: leads to `dr-daily-report/venv`, which is missing, instead of"
        " `../dr-daily-report/venv`\n  fix: ln -sfn ../../dr-daily-report/venv env/py\n"
    )
    assert hook(member, *place) == (1, says)
    shutil.rmtree(member / "env")
    says = "fixed: `env/py` leads to `../../dr-daily-report/venv` now\n"
    assert hook(member, *place, "--fix") == (1, says)
    assert hook(member, *place) == (0, "")


def test_the_repair_of_scripts_spares_a_backup_of_somebodys(family: Path) -> None:
    folder = family / OWNER / "venv" / "bin"
    script = f"#!/bin/sh\n'''exec' '{family}/{MEMBER}/venv/bin/python' \"$0\"\n"
    build({"tool": Executable(script), "tool.bak": "mine", "tool.bak~": "mine"}, folder)
    paste(repairs(hook(family / MEMBER, TARGET).output)[0], family / MEMBER)
    assert hook(family / MEMBER, TARGET) == (0, "")
    kept = [path for path in folder.iterdir() if path.name.startswith("tool.bak")]
    assert [path.read_text() for path in kept] == ["mine", "mine"]


@pytest.mark.parametrize("in_the_way", ["mkdir venv.new", "ln -s ../somebodys venv.new"])
def test_fix_says_why_it_failed(in_the_way: str, family: Path) -> None:
    paste(f"ln -sfn ../gone venv && {in_the_way}", family / MEMBER)
    says = (
        "venv: leads to `../gone`, which is missing, instead of `../dr-daily-report/venv`, "
        "and `--fix` failed (File exists)\n  fix: ln -sfn ../dr-daily-report/venv venv\n"
    )
    assert hook(family / MEMBER, TARGET, "--fix") == (1, says)


# --require-command

PYTHON_SCRIPT = "#!/bin/sh\n'''exec' '{venv}/bin/python' \"$0\" \"$@\"\n' '''\n"


def script(venv: Path, code: str, *, name: str = "dr") -> None:
    """A console script as pip writes it where the path has a space."""
    text = PYTHON_SCRIPT.replace("{venv}", str(venv)) + code
    build({name: Executable(text)}, venv / "bin")


RUNS = [
    pytest.param("", "dr", id="it is there"),
    pytest.param("raise SystemExit(3)", "dr", id="without arguments it is not run"),
    pytest.param("import sys; raise SystemExit(sys.argv[1:] != ['--help'])", "dr --help", id="ran"),
    pytest.param(
        "import os, shutil; raise SystemExit(shutil.which('dr') != os.environ['VIRTUAL_ENV'] "
        "+ '/bin/dr')",
        "dr 'two words'",
        id="it runs as in the activated venv",
    ),
]


@pytest.mark.parametrize(("code", "wanted"), RUNS)
def test_a_required_command_that_works(code: str, wanted: str, family: Path) -> None:
    script(family / OWNER / "venv", code)
    for project in [MEMBER, OWNER]:
        assert hook(family / project, TARGET, "--require-command", wanted) == (0, "")


BROKEN_COMMANDS = [
    pytest.param(
        "rm ../dr-daily-report/venv/bin/dr",
        "dr",
        """
    ../dr-daily-report/venv/bin/dr: is missing, but `--require-command` asks for it; no project of the family declares it
        """,
        id="missing, and nothing here provides it",
    ),
    pytest.param(
        "rm ../dr-daily-report/venv/bin/dr && mkdir ../dr-daily-report/venv/bin/dr",
        "dr",
        """
    ../dr-daily-report/venv/bin/dr: is required, but is no file
        """,
        id="a directory",
    ),
    pytest.param(
        "chmod -x ../dr-daily-report/venv/bin/dr",
        "dr",
        """
    ../dr-daily-report/venv/bin/dr: is required, but may not be executed
      fix: chmod +x ../dr-daily-report/venv/bin/dr
        """,
        id="not executable",
    ),
    pytest.param(
        "printf '#!{base}\\n' > ../dr-daily-report/venv/bin/dr",
        "dr",
        """
    ../dr-daily-report/venv/bin/dr: starts `{base}`, which is not this venv's; no project of the family declares it
        """,
        id="another Python's",
    ),
    pytest.param(
        "printf '#!/gone/venv/bin/python\\n' > ../dr-daily-report/venv/bin/dr",
        "dr",
        """
    ../dr-daily-report/venv/bin: `dr` starts `/gone/venv/bin/python`, which is missing
        """,
        id="a moved venv's is said once",
    ),
    pytest.param(
        "echo 'raise SystemExit(\"no data\")' >> ../dr-daily-report/venv/bin/dr",
        "dr --help",
        """
    ../dr-daily-report/venv/bin/dr: `dr --help` exits with 1: `no data`
        """,
        id="it fails",
    ),
    pytest.param(
        "echo 'raise SystemExit(7)' >> ../dr-daily-report/venv/bin/dr",
        "dr --help",
        """
    ../dr-daily-report/venv/bin/dr: `dr --help` exits with 7
        """,
        id="it fails without a word",
    ),
    pytest.param(
        "echo 'import os; os.kill(os.getpid(), 9)' >> ../dr-daily-report/venv/bin/dr",
        "dr --help",
        """
    ../dr-daily-report/venv/bin/dr: `dr --help` was ended by signal 9
        """,
        id="it dies",
    ),
    pytest.param(
        "printf 'not a program' > ../dr-daily-report/venv/bin/dr",
        "dr --help",
        """
    ../dr-daily-report/venv/bin/dr: `dr --help` cannot be started (Exec format error)
        """,
        id="no program",
    ),
]


@pytest.mark.parametrize(("arrange", "wanted", "says"), BROKEN_COMMANDS)
def test_a_required_command_that_does_not_work(
    arrange: str,
    wanted: str,
    says: str,
    family: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script(family / OWNER / "venv", "")
    arranged(arrange.replace("{base}", BASE), family, family / MEMBER, monkeypatch)
    ran = hook(family / MEMBER, TARGET, "--require-command", wanted)
    assert ran == (1, expected(says, family))


def test_a_required_command_is_ended_with_all_that_it_started(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import hooks.rules.command_run

    monkeypatch.setattr(hooks.rules.command_run, "SECONDS", 1)
    venv = family / OWNER / "venv"
    child = "import subprocess; subprocess.Popen(['sleep', '4321']).wait()"
    script(venv, child)
    says = "../dr-daily-report/venv/bin/dr: `dr -x` was still running after 1 s and was ended\n"
    assert hook(family / MEMBER, TARGET, "--require-command=dr -x") == (1, says)
    assert subprocess.run(["pgrep", "-f", "sleep 4321"], check=False).returncode == 1


@pytest.mark.parametrize(
    ("has_pip", "install"),
    [
        pytest.param(True, "{python} -m pip install", id="with pip"),
        pytest.param(
            False,
            "{python} -m ensurepip && {python} -m pip install",
            id="without pip, as uv makes a venv",
        ),
    ],
)
def test_the_project_that_provides_the_command_is_installed(
    family: Path, *, has_pip: bool, install: str
) -> None:
    declares = "[project]\nname = 'dr'\n[project.scripts]\ndr = 'dr:main'\n"
    (family / OWNER / "pyproject.toml").write_text(declares)
    if has_pip:
        (library,) = (family / OWNER / "venv").glob("lib/python*/site-packages")
        (library / "pip").mkdir()
    python = f"'{family}/{OWNER}/venv/bin/python'"
    line = install.replace("{python}", python)
    says = f"""
    ../dr-daily-report/venv/bin/dr: is missing, but `--require-command` asks for it
      fix: {line} --force-reinstall --no-deps -e ../dr-daily-report
    """
    ran = hook(family / MEMBER, TARGET, "--require-command=dr")
    assert ran == (1, expected(says, family))


@pytest.mark.parametrize(
    ("arrange", "project", "says"),
    [
        pytest.param(
            "rm venv", MEMBER, "note: `dr` was not looked for: `venv` is missing\n", id="no venv"
        ),
        pytest.param("true", OWNER, "note: `dr` is not installed in `venv`\n",
            id="the owner's venv"),
        pytest.param(
            "true", MEMBER, "note: `dr` is not installed in `../dr-daily-report/venv`\n",
            id="siblings side by side",
        ),
        pytest.param(
            "rm venv && $VENV venv", MEMBER, "note: `dr` is not installed in `venv`\n",
            id="a fresh venv",
        ),
    ],
)  # fmt: skip
def test_in_ci_an_absent_command_is_a_note(
    arrange: str,
    project: str,
    says: str,
    family: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CI", "1")
    arranged(arrange, family, family / project, monkeypatch)
    assert hook(family / project, TARGET, "--require-command=dr") == (0, says)


def test_in_a_fallback_an_absent_command_is_a_note(family: Path) -> None:
    member = family / MEMBER
    shutil.rmtree(family / OWNER)
    (member / "venv").unlink()
    make_venv(member / "venv")
    ran = hook(member, TARGET, "--require-command=dr")
    assert (ran.status, ran.output.splitlines()[1]) == (0, "note: `dr` is not installed in `venv`")


# Bad arguments: the question could not be asked.

BAD_ARGUMENTS = [
    pytest.param(["--target="], "argument --target: a path is needed", id="an empty target"),
    pytest.param(["--venv= "], "argument --venv: a path is needed", id="a blank venv"),
    pytest.param(["--no-such"], "unrecognized arguments: --no-such", id="an unknown option"),
    pytest.param(["a"], "unrecognized arguments: a", id="a file name"),
    pytest.param(
        ["--require-command="],
        "argument --require-command: '' does not begin with the name of a command",
        id="no command",
    ),
    pytest.param(
        ["--require-command=../x"],
        "argument --require-command: '../x' does not begin with the name of a command",
        id="a path for a command",
    ),
    pytest.param(
        ['--require-command="dr --help"'],
        "argument --require-command: '\"dr --help\"' is quoted twice: leave the inner quotes out",
        id="quotes inside of an option in YAML",
    ),
    pytest.param(
        ["--require-command='"],
        'argument --require-command: "\'" is no command line: No closing quotation',
        id="an open quote",
    ),
]


@pytest.mark.parametrize(("arguments", "says"), BAD_ARGUMENTS)
def test_bad_arguments(arguments: list[str], says: str, family: Path) -> None:
    ran = hook(family / MEMBER, *arguments)
    assert ran.status == 2
    assert ran.output.splitlines()[-1] == f"check-venv-symlink: {says}"


def test_the_working_directory_is_gone(family: Path) -> None:
    gone = family / "gone"
    gone.mkdir()
    command = [
        sys.executable,
        "-c",
        "import os; os.rmdir(os.getcwd()); from hooks.check_venv_symlink import main; main([])",
    ]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    ran = subprocess.run(
        command, cwd=gone, env=environment, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (2, "the working directory does not exist any more\n")


# What others name is shown escaped, and the repair still works.


def test_names_that_are_not_printable(dev: Path) -> None:
    odd = "own\x1b[2Jer\u202e 'x"
    make_venv(dev / odd / "venv")
    git(dev, "init", "--quiet", MEMBER)
    target = f"--target=../{odd}/venv"
    says = (
        "venv: is missing: it should be a link to `../own\\x1b[2Jer\\u202e 'x/venv`\n"
        "  fix: ln -sfn $'../own\\033\\1332Jer\\342\\200\\256 \\047x/venv' venv\n"
    )
    assert hook(dev / MEMBER, target) == (1, says)
    paste(repairs(says)[0], dev / MEMBER)
    assert os.readlink(dev / MEMBER / "venv") == f"../{odd}/venv"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_venv_of_another_user(family: Path) -> None:
    venv = family / OWNER / "venv"
    os.chown(venv / "bin", 12345, -1)
    says = """
    ../dr-daily-report/venv/bin: belongs to `user 12345`, not to you
    """
    assert hook(family / MEMBER, TARGET) == (1, expected(says, family))
    os.chown(family / MEMBER, 12345, -1)
    assert hook(family / MEMBER, TARGET) == (0, ""), "whoever owns the project's folder is trusted"
    os.chown(family / MEMBER, 0, -1)
    paste("chown -R 0 ../dr-daily-report/venv/bin", family / MEMBER)
    assert hook(family / MEMBER, TARGET) == (0, "")
