"""What may be in a project and what may not, on disk and in git; each repair is pasted."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from hooks.forbid_local_venv import main
from tests.trees import Said, git, make_venv, paste, repairs, said_by

CHECKOUT = Path(__file__).parents[2]
OWNER = "dr-daily-report"
MEMBER = "dr-daily-report_telegram"
TARGET = "--target=../dr-daily-report/venv"
SHARED = "`../dr-daily-report/venv` is the one that this project shares"
NOTHING_LOST = "it has no distribution that the shared one lacks"
PUT_LINK = "ln -s ../dr-daily-report/venv venv"
UNTRACK = "git rm --cached -rqf venv && echo /venv >> .gitignore && git add .gitignore"
TRACKED_LINK = (
    "venv: is a link that git tracks: `python -m venv venv` fails in CI (`File exists`), and a"
    " local venv that stands in its place at a commit is deleted by the runner's stash"
    " (`git checkout -- .`) before any hook can see it; ignore it as `/venv`, since `venv/` does"
    f" not match a link\n  fix: {UNTRACK}\n"
)
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
LOCAL_VENV = (
    f"venv: is a local venv, but {SHARED}; {NOTHING_LOST}\n  fix: rm -rf venv && {PUT_LINK}\n"
)
BESIDE = f".venv: is a local venv, but {SHARED}; {NOTHING_LOST}\n  fix: rm -rf .venv\n"
NO_REPOSITORY = "note: what git tracks was not checked: the project is in no git repository\n"
# `VENV x` makes a venv, `INSTALL venv name==1 …` writes what an installer leaves in one,
# `FEW x` makes what is the same in a venv of any Python, and not more.
PRELUDE = """
INSTALL() {
    for each in "${@:2}"; do
        name=${each%%==*} version=${each##*==}
        info=$1/lib/python3.*/site-packages; info=$(echo $info)/$name-$version.dist-info
        mkdir "$info"
        printf 'Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n' $name $version > "$info/METADATA"
        printf '#!/bin/sh\\n' > "$1/bin/$name"
        printf '../../../bin/%s,,\\n' $name > "$info/RECORD"
    done
}
FEW() {
    mkdir -p "$1/bin" "$1/include/python3.11" "$1/lib/python3.11/site-packages"
    touch "$1/pyvenv.cfg" "$1/bin/activate" "$1/bin/python"
}
VENV() { PYTHON -I -m venv --without-pip "$@"; }
""".replace("PYTHON", shlex.quote(sys.executable))


def hook(project: Path, *arguments: str) -> Said:
    return said_by(main, project, *arguments)


@pytest.fixture
def family(dev: Path) -> Path:
    """Owner and member; the member's link is there and ignored."""
    for name in [OWNER, MEMBER]:
        git(dev, "init", "--quiet", name)
        (dev / name / ".gitignore").write_text("/venv\n")
        (dev / name / "app.py").write_text("")
        git(dev / name, "add", "--all")
    (dev / MEMBER / "venv").symlink_to("../dr-daily-report/venv")
    make_venv(dev / OWNER / "venv")
    return dev


def arrange(script: str, project: Path) -> None:
    paste(PRELUDE + "set -e\n" + script, project)


# What must stay silent: a hook that cries wolf gets `--no-verify` for ever.

SILENT = [
    pytest.param(MEMBER, "true", [TARGET], id="the member's link"),
    pytest.param(MEMBER, "true", [], id="the member's link, no target"),
    pytest.param(MEMBER, "rm venv", [TARGET], id="no link, which is another hook's business"),
    pytest.param(MEMBER, "ln -sfn loop venv", [TARGET], id="a link in a loop"),
    pytest.param(OWNER, "true", ["--target=venv"], id="the owner's venv"),
    pytest.param(OWNER, "true", [TARGET], id="the owner's venv, by the family's text"),
    pytest.param(OWNER, "VENV .tox/py", [TARGET], id="tox's venvs"),
    pytest.param(
        OWNER, "VENV .nox/tests; VENV node_modules/x/env; VENV a/.tox/py", [TARGET],
        id="nox's, node's and deeper ones",
    ),
    pytest.param(
        MEMBER, "git init -q libs/other; VENV libs/other/.venv; VENV libs/other", [TARGET],
        id="a nested repository",
    ),
    pytest.param(
        MEMBER, "mkdir w; echo 'gitdir: /nowhere' > w/.git; touch w/pyvenv.cfg", [TARGET],
        id="a nested work tree with nothing but a venv's mark",
    ),
    pytest.param(
        MEMBER, "git commit -qm x; git worktree add -q trees/topic; VENV trees/topic/venv", [TARGET],
        id="a linked work tree inside the project",
    ),
    pytest.param(MEMBER, "VENV .venv", [TARGET, "--allow=.venv"], id="allowed by its name"),
    pytest.param(
        MEMBER, "VENV .venv", [TARGET, "--allow=./.venv/"], id="allowed, written as a path"
    ),
    pytest.param(
        MEMBER, "VENV examples/a/env; VENV examples/env", [TARGET, "--allow=examples"],
        id="allowed by a folder above it",
    ),
    pytest.param(
        MEMBER, "VENV a/b/env; git add -f a", [TARGET, "--allow=x", "--allow=*/env"],
        id="allowed by a glob that crosses folders, in git as well",
    ),
    pytest.param(
        MEMBER, "rm venv; ln -s x venv; git add -f venv", [TARGET, "--allow=venv"],
        id="the tracked link is allowed",
    ),
    pytest.param(MEMBER, "VENV .", [TARGET, "--allow=."], id="the project's own root is allowed"),
    pytest.param(
        MEMBER, "rm venv; echo text > venv; git add -f venv", [TARGET],
        id="a file that happens to be called venv",
    ),
    pytest.param(
        MEMBER, "rm venv; mkdir venv; touch venv/__init__.py venv/main.py; git add -f venv",
        [TARGET], id="a package that happens to be called venv",
    ),
    pytest.param(
        MEMBER, "rm venv; mkdir -p venv/lib venv/bin; touch venv/bin/run; git add -f venv; rm -r venv",
        [TARGET], id="a tracked folder called venv that is not on disk",
    ),
    pytest.param(
        MEMBER, "touch not-pyvenv.cfg conda-meta pyvenv.cfg.txt; git add .", [TARGET],
        id="files with names like a venv's",
    ),
    pytest.param(MEMBER, "mkdir s; ln -s ../../dr-daily-report s/all", [TARGET], id="links are not followed"),
    pytest.param(MEMBER, "ln -s . again; ln -s .. s; mkfifo pipe", [TARGET], id="loops and pipes"),
    pytest.param(MEMBER, "rm venv; rm -r ../*report/venv; VENV venv", [TARGET], id="the fallback, no target"),
    pytest.param(MEMBER, "rm venv; rm -rf ../*report; VENV venv", [TARGET], id="the fallback, no owner"),
    pytest.param(
        MEMBER, "rm venv; rm ../*report/venv/pyvenv.cfg; VENV venv", [TARGET],
        id="the fallback, the target has lost its configuration",
    ),
    pytest.param(
        MEMBER, "rm venv; ln -sf /gone ../*report/venv/bin/python; VENV venv", [TARGET],
        id="the fallback, the target's Python is gone",
    ),
    pytest.param(
        MEMBER, "rm venv; rm -r ../*report/venv/lib; VENV venv", [TARGET],
        id="the fallback, the target's library is gone",
    ),
    pytest.param(
        OWNER, "mkdir envs; mv venv envs/py", ["--target=../dr-daily-report/envs/py"],
        id="the owner's venv lies deeper",
    ),
    pytest.param(MEMBER, "true", [TARGET, "--venv=../venv"], id="the link's place is elsewhere"),
    pytest.param(MEMBER, "ln -s venv/x venv2; git add venv2", [TARGET], id="another tracked link"),
    pytest.param(
        MEMBER, "rm venv; VENV .venv; ln -s .venv venv", [], id="the link leads into the project"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("project", "script", "arguments"), SILENT)
def test_passes_silently(project: str, script: str, arguments: list[str], family: Path) -> None:
    arrange(script, family / project)
    assert hook(family / project, *arguments) == (0, "")


SILENT_IN_CI = [
    pytest.param("rm venv; VENV venv", [TARGET], id="a fresh venv"),
    pytest.param("rm venv; VENV venv", [], id="a fresh venv, no target"),
    pytest.param("rm venv; VENV .venv; VENV a/b", [TARGET], id="venvs anywhere"),
    pytest.param("rm venv; VENV .", [TARGET], id="the project's root is a venv"),
    pytest.param("rm -r venv ../*report", [TARGET], id="nothing"),
]


@pytest.mark.parametrize(("script", "arguments"), SILENT_IN_CI)
def test_passes_silently_in_ci(
    script: str, arguments: list[str], family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    arrange(script, family / MEMBER)
    assert hook(family / MEMBER, *arguments) == (0, "")


# On disk.

ON_DISK = [
    pytest.param(MEMBER, "rm venv; VENV venv", [TARGET], LOCAL_VENV, id="at the link's place"),
    pytest.param(
        MEMBER, "rm venv; VENV venv; chmod o+w ../*report/venv", [TARGET], LOCAL_VENV,
        id="a smaller fault of the target is no licence",
    ),
    pytest.param(
        MEMBER, "VENV .venv", [TARGET],
        BESIDE,
        id="beside the link",
    ),
    pytest.param(
        MEMBER, "VENV .venv", [],
        BESIDE,
        id="beside the link, which tells the target",
    ),
    pytest.param(
        MEMBER, "rm venv; VENV venv", [],
        "venv: is a local venv: say with `--target` where the shared venv is\n",
        id="no target is known",
    ),
    pytest.param(
        MEMBER, "VENV 'b/my env'; mkdir -p a/conda-meta a/bin", [TARGET],
        f"""\
a: is a local venv, but {SHARED}; {NOTHING_LOST}
  fix: rm -rf a
b/my env: is a local venv, but {SHARED}; {NOTHING_LOST}
  fix: rm -rf 'b/my env'
""",
        id="of any name, conda's as well, in the order of their paths",
    ),
    pytest.param(
        OWNER, "VENV .venv", [TARGET],
        f".venv: is a local venv, but `venv` is the one that this project shares; {NOTHING_LOST}\n  fix: rm -rf .venv\n",
        id="a second one in the owner",
    ),
    pytest.param(
        MEMBER, "rm venv; rm -rf ../*report; VENV venv; VENV .venv", [TARGET],
        ".venv: is a local venv, but `venv` is the one that this project falls back to;"
        f" {NOTHING_LOST}\n  fix: rm -rf .venv\n",
        id="beside the fallback",
    ),
    pytest.param(
        MEMBER, "VENV ./$'-a\\e[31m\\n'", [TARGET],
        rf"-a\x1b[31m\n: is a local venv, but {SHARED}; {NOTHING_LOST}"
        "\n  fix: rm -rf $'./-a\\033\\13331m\\012'\n",
        id="control characters in its name",
    ),
    pytest.param(
        MEMBER, "mkdir env; ln -s ../../dr-daily-report/venv env/py; rm venv; VENV venv",
        [TARGET, "--venv=env/py"],
        f"venv: is a local venv, but {SHARED}; {NOTHING_LOST}\n  fix: rm -rf venv\n",
        id="at the usual place, when the link's is another",
    ),
    pytest.param(
        MEMBER, "mkdir env; VENV env/py; rm venv", [TARGET, "--venv=env/py"],
        f"env/py: is a local venv, but {SHARED}; {NOTHING_LOST}\n"
        "  fix: rm -rf env/py && ln -s ../../dr-daily-report/venv env/py\n",
        id="at the link's place, which lies deeper",
    ),
    pytest.param(
        MEMBER,
        "VENV .venv; INSTALL .venv rich==13.7 pip==23 pandas==1.5.3 numpy==1;"
        " INSTALL ../*report/venv pandas==2.0.0 numpy==1",
        [TARGET],
        f".venv: is a local venv, but {SHARED}; only this one has `pandas==1.5.3` (shared: `2.0.0`),"
        " `rich==13.7`\n  fix: rm -rf .venv\n",
        id="what would be lost, pip left aside",
    ),
    pytest.param(
        MEMBER, "VENV .venv; INSTALL .venv p{10..21}==1", [TARGET],
        f".venv: is a local venv, but {SHARED}; only this one has `p10==1`, `p11==1`, `p12==1`,"
        " `p13==1`, `p14==1`, `p15==1`, `p16==1`, `p17==1`, `p18==1`, `p19==1` and 2 more\n"
        "  fix: rm -rf .venv\n",
        id="ten of what would be lost, and a count",
    ),
    pytest.param(
        MEMBER, "VENV .venv; mkdir .venv/bin/__pycache__; touch .venv/bin/__pycache__/x.pyc", [TARGET],
        BESIDE,
        id="with what Python leaves beside a script",
    ),
]  # fmt: skip


def test_a_local_venv_is_kept_until_there_is_another(family: Path) -> None:
    arrange("rm -r ../*report/venv; VENV .venv", family / MEMBER)
    says = (
        ".venv: is a local venv, and the shared one, `../dr-daily-report/venv`, is missing\n"
        "  fix: python3 -I -m venv ../dr-daily-report/venv\n"
    )
    assert hook(family / MEMBER, TARGET) == (1, says)
    paste(repairs(says)[0], family / MEMBER)
    assert hook(family / MEMBER, TARGET) == (1, BESIDE)


def test_a_misspelt_target_does_not_cost_the_owner_its_venv(family: Path) -> None:
    says = "venv: is a local venv, and the shared one, `.venv`, is missing\n"
    assert hook(family / OWNER, "--target=../dr-daily-report/.venv") == (1, says)


@pytest.mark.parametrize(("project", "script", "arguments", "says"), ON_DISK)
def test_forbids_on_disk(
    project: str, script: str, arguments: list[str], says: str, family: Path
) -> None:
    arrange(script, family / project)
    assert hook(family / project, *arguments) == (1, says)
    before = everything(family)
    fixes = repairs(says)
    for fix in fixes:
        paste(fix, family / project)
    if fixes:
        assert hook(family / project, *arguments) == (0, "")
    gone = before - everything(family)
    marks = {path for path in gone if path.name in {"pyvenv.cfg", "conda-meta"}}
    venvs = {mark.parent for mark in marks} - {family / OWNER / "venv"}
    assert [path for path in gone if not venvs.intersection([path, *path.parents])] == []


def test_the_right_link_is_in_place_after_the_repair(family: Path) -> None:
    arrange("rm venv; VENV venv", family / MEMBER)
    paste(repairs(hook(family / MEMBER, TARGET).output)[0], family / MEMBER)
    assert (family / MEMBER / "venv").readlink() == Path("../dr-daily-report/venv")


def everything(folder: Path) -> set[Path]:
    return {
        Path(parent, name)
        for parent, folders, files in os.walk(folder)
        for name in [*folders, *files]
    }


MIXED = [
    pytest.param(
        "FEW .; INSTALL . rich==13",
        f".: is itself a local venv, but {SHARED}; only this one has `rich==13`\n"
        "  fix: rm -rf bin include lib pyvenv.cfg\n",
        ["app.py", "venv", ".gitignore"], id="in the project's root",
    ),
    pytest.param(
        "mkdir bin lib; touch bin/deploy bin/run lib/own.py; git add bin/deploy; FEW ."
        "; INSTALL . rich==13; ln -s lib lib64",
        f".: is itself a local venv, but {SHARED}; only this one has `rich==13`\n"
        "  fix: rm -rf bin/activate bin/python bin/rich include lib/python3.11 lib64 pyvenv.cfg\n",
        ["app.py", "venv", "bin/deploy", "bin/run", "lib/own.py"],
        id="around the project's own bin and lib",
    ),
    pytest.param(
        "mkdir -p backend/lib64; touch backend/app.py backend/lib64/x; git add backend; FEW backend",
        f"backend: is a local venv, but {SHARED}; {NOTHING_LOST}\n"
        "  fix: rm -rf backend/bin backend/include backend/lib backend/pyvenv.cfg\n",
        ["backend/app.py", "backend/lib64/x"], id="around a folder of sources",
    ),
    pytest.param(
        "FEW ./-x; touch ./-x/bin/mine; git add -f ./-x/bin/mine",
        f"-x: is a local venv, but {SHARED}; {NOTHING_LOST}\n"
        "  fix: rm -rf ./-x/bin/activate ./-x/bin/python ./-x/include ./-x/lib ./-x/pyvenv.cfg\n",
        ["-x/bin/mine"], id="around a tracked file in its bin",
    ),
    pytest.param(
        "FEW a; rm -r a/bin; touch a/bin a/own a/lib/python3.11/site-packages/x.pth",
        f"a: is a local venv, but {SHARED}; {NOTHING_LOST}\n"
        "  fix: rm -rf a/include a/lib a/pyvenv.cfg\n",
        ["a/bin", "a/own"], id="around a file called bin",
    ),
    pytest.param(
        "VENV .venv; mkdir .venv/src; touch .venv/src/work.py; rm -rf .venv/.gitignore",
        f".venv: is a local venv, but {SHARED}; {NOTHING_LOST}\n"
        "  fix: rm -rf .venv/bin .venv/include .venv/lib .venv/lib64 .venv/pyvenv.cfg\n",
        [".venv/src/work.py"], id="around what pip has cloned, which may hold work",
    ),
    pytest.param(
        "FEW app; touch app/lib/util.py app/include/my.h; mkdir app/bin/__pycache__;"
        " touch app/bin/__pycache__/{mine.txt,x.pyc}",
        f"app: is a local venv, but {SHARED}; {NOTHING_LOST}\n  fix: rm -rf app/bin/activate"
        " app/bin/python app/include/python3.11 app/lib/python3.11 app/pyvenv.cfg\n",
        ["app/lib/util.py", "app/include/my.h", "app/bin/__pycache__/mine.txt"],
        id="around files in its lib and include",
    ),
    pytest.param(
        "FEW .venv; touch .venv/bin/{pipeline.sh,python_tool.py,activate-prod.sh,pip3.11,activate.fish}"
        "; ln -s ../../app.py .venv/bin/app",
        f".venv: is a local venv, but {SHARED}; {NOTHING_LOST}\n  fix: rm -rf .venv/bin/activate"
        " .venv/bin/activate.fish .venv/bin/pip3.11 .venv/bin/python .venv/include .venv/lib"
        " .venv/pyvenv.cfg\n",
        [f".venv/bin/{name}" for name in ["pipeline.sh", "python_tool.py", "activate-prod.sh", "app"]],
        id="around scripts that only begin as its own do",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("script", "says", "spared"), MIXED)
def test_a_venv_around_other_things_is_taken_away_alone(
    script: str, says: str, spared: list[str], family: Path
) -> None:
    project = family / MEMBER
    arrange(script, project)
    assert hook(project, TARGET) == (1, says)
    paste(repairs(says)[0], project)
    assert hook(project, TARGET) == (0, "")
    assert [name for name in spared if not os.path.lexists(project / name)] == []


def test_a_tracked_mark_is_not_deleted(family: Path) -> None:
    """A venv around the project's own files, and git tracks part of it: first out of git."""
    arrange("FEW b; touch b/app.py; git add -f b/app.py b/pyvenv.cfg", family / MEMBER)
    says = (
        "b: is a venv with `b/pyvenv.cfg` in git, but a venv works only where it was made\n"
        "  fix: git rm --cached -rqf b/pyvenv.cfg\n"
        f"b: is a local venv, but {SHARED}; {NOTHING_LOST}\n"
        "  fix: rm -rf b/bin b/include b/lib b/pyvenv.cfg\n"
    )
    assert hook(family / MEMBER, TARGET) == (1, says)
    for fix in repairs(says):
        paste(fix, family / MEMBER)
    assert hook(family / MEMBER, TARGET) == (0, "")


# In git's index.

IGNORE = " && echo /venv >> .gitignore && git add .gitignore"
IGNORED_LINK = TRACKED_LINK.replace(IGNORE, "")


def tracked_venv(
    folder: str, holds: str, *parts: str, ignore: str = " && echo {} >> .gitignore"
) -> str:
    pattern = f"{ignore.format('/' + folder)} && git add .gitignore" if ignore else ""
    return (
        f"{folder}: is a venv with {holds} in git, but a venv works only where it was made\n"
        f"  fix: git rm --cached -rqf {shlex.join(parts or [folder])}{pattern}\n"
    )


IN_GIT = [
    pytest.param("> .gitignore; git add venv", [TARGET], TRACKED_LINK, id="the link"),
    pytest.param("rm .gitignore; git add venv", [TARGET], TRACKED_LINK, id="no .gitignore"),
    pytest.param("echo venv/ > .gitignore; git add venv", [], TRACKED_LINK, id="no target"),
    pytest.param("git add -f venv", [TARGET], IGNORED_LINK, id="the link, ignored already"),
    pytest.param(
        "printf '*.pyc\r\nvenv\r\n' > .gitignore; git add -f venv", [TARGET], IGNORED_LINK,
        id="ignored already, in a file with Windows line ends",
    ),
    pytest.param(
        "printf '*.pyc' > .gitignore; git add venv", [TARGET],
        TRACKED_LINK.replace("echo /venv", r"printf '\n%s\n' /venv"),
        id="no line end at the end of .gitignore",
    ),
    pytest.param("git add -f venv; rm venv", [TARGET], IGNORED_LINK, id="the link is not on disk"),
    pytest.param(
        "git add -f venv; rm venv; git config core.symlinks false; git checkout -q venv", [TARGET],
        IGNORED_LINK, id="the link is a text file on disk",
    ),
    pytest.param("git add -f -N venv", [TARGET], IGNORED_LINK, id="only meant to be added"),
    pytest.param("git add -f venv; ln -sfn x venv", [TARGET], IGNORED_LINK, id="changed since"),
    pytest.param(
        "git add -f venv; rm venv; VENV venv", [TARGET], IGNORED_LINK + LOCAL_VENV,
        id="a local venv in the place of the tracked link",
    ),
    pytest.param(
        "git add -f venv; git commit -qm one; git branch other; ln -sfn x venv; git commit -qam x;"
        " git checkout -q other; ln -sfn y venv; git commit -qam y; git merge -q main || true",
        [TARGET], IGNORED_LINK, id="in three unmerged stages",
    ),
    pytest.param(
        "rm venv; mkdir env; ln -s ../../dr-daily-report/venv 'env/my *py '; git add .",
        [TARGET, "--venv=env/my *py "],
        TRACKED_LINK.replace("git rm", "git --literal-pathspecs rm")
        .replace("qf venv", "qf 'env/my *py '")
        .replace("echo /venv", r"printf '\n%s\n' '/env/my \*py\ '")
        .replace("venv:", "env/my *py :").replace("-m venv venv", "-m venv env/my *py ")
        .replace("`/venv`", "`/env/my *py `").replace("`venv/`", "`env/my *py /`"),
        id="a link with a name that is a pattern",
    ),
    pytest.param(
        "rm venv; ln -s x $'v\\n\\377'; git add .", [TARGET, "--venv=v\n\udcff"],
        TRACKED_LINK.replace("qf venv", r"qf $'v\012\377'").replace("echo /venv", "echo '/v??'")
        .replace("venv:", r"v\n\xff:").replace("-m venv venv", r"-m venv v\n\xff")
        .replace("`/venv`", r"`/v\n\xff`").replace("`venv/`", r"`v\n\xff/`"),
        id="a link with control characters in its name",
    ),
    pytest.param(
        "rm venv; git init -q venv; cd venv; touch x; git add x; git commit -qm x; cd ..;"
        " git add -f venv 2> /dev/null", [TARGET],
        "venv: is a nested repository that git tracks, but should be a venv or a link to one\n"
        "  fix: git rm --cached -rqf venv\n", id="a repository of its own in the link's place",
    ),
    pytest.param(
        "rm venv; FEW venv; git add -f venv; rm -r venv; ln -s x venv", [TARGET],
        tracked_venv("venv", "3 files", ignore=""), id="a venv where the link is now",
    ),
    pytest.param(
        "rm venv; FEW venv; git add -f venv/bin; rm -r venv; ln -s x venv", [TARGET],
        tracked_venv("venv", "2 files", ignore=""), id="scripts of a venv where the link is now",
    ),
    pytest.param(
        "rm venv; FEW venv; rm -r ../*report; git add -f venv", [TARGET],
        tracked_venv("venv", "3 files", ignore=""), id="the fallback",
    ),
    pytest.param(
        "FEW .venv; git add -f .venv/bin/activate .venv/pyvenv.cfg", [TARGET],
        tracked_venv(".venv", "2 files")
        + BESIDE,
        id="a venv, and it is on disk",
    ),
    pytest.param(
        "FEW 'a b/v'; git add -f a*; rm -r a*", [TARGET],
        tracked_venv("a b/v", "3 files", ignore=" && echo '{}' >> .gitignore"),
        id="a venv that is not on disk",
    ),
    pytest.param(
        "mkdir -p a/conda-meta; touch a/conda-meta/history; git add .; rm -r a", [TARGET],
        tracked_venv("a", "`a/conda-meta/history`"), id="conda's, that is not on disk",
    ),
    pytest.param(
        "FEW .; git add -f pyvenv.cfg bin/python; rm -r bin include lib pyvenv.cfg", [TARGET],
        tracked_venv(".", "2 files", "bin/python", "pyvenv.cfg", ignore=""),
        id="the project's root, where all else is the project's",
    ),
    pytest.param(
        "FEW b; touch b/app.py; git add -f b; rm -r b", [TARGET],
        tracked_venv(
            "b", "3 files", "b/bin/activate", "b/bin/python", "b/pyvenv.cfg", ignore=""
        ),
        id="among sources",
    ),
    pytest.param(
        "FEW .tox/py; git add -f .tox/py/bin/python .tox/py/pyvenv.cfg", [TARGET],
        tracked_venv(".tox/py", "2 files"), id="what is not looked into on disk",
    ),
]  # fmt: skip


@pytest.mark.parametrize("in_ci", [False, True], ids=["", "in CI"])
@pytest.mark.parametrize(("script", "arguments", "says"), IN_GIT)
def test_forbids_in_git(
    script: str,
    arguments: list[str],
    says: str,
    in_ci: bool,
    family: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = family / MEMBER
    arrange(script, project)
    if in_ci:
        monkeypatch.setenv("CI", "true")
        says = says.partition(".venv: is a local venv")[0].removesuffix(LOCAL_VENV)
    assert hook(project, *arguments) == (1, says)
    before = everything(family)
    paste(repairs(says)[0], project)
    assert {path for path in before - everything(family) if ".git" not in path.parts} == set()
    for fix in repairs(says)[1:]:
        paste(fix, project)
    assert hook(project, *arguments) == (0, "")
    git(project, "add", "--all", ".")
    assert hook(project, *arguments) == (0, ""), "what is ignored is not added again"


def test_forbids_the_tracked_link_in_the_owner(family: Path) -> None:
    arrange("mv venv real; ln -s real venv; git add -f venv; rm -r real", family / OWNER)
    assert hook(family / OWNER, TARGET) == (1, IGNORED_LINK)


def test_forbids_tracked_files_of_the_owners_venv(family: Path) -> None:
    arrange("git add -f venv/bin/activate venv/bin/python venv/pyvenv.cfg", family / OWNER)
    says = tracked_venv("venv", "3 files", ignore="")
    assert hook(family / OWNER, TARGET) == (1, says)
    paste(repairs(says)[0], family / OWNER)
    assert hook(family / OWNER, TARGET) == (0, "")


# Which index, and what if git cannot tell.


class Commits:
    """A project whose next commits run the hook, as git runs a hook: it is the only one."""

    def __init__(self, project: Path, *arguments: str) -> None:
        self.project = project
        call = "from hooks.forbid_local_venv import main; raise SystemExit(main())"
        line = shlex.join([sys.executable, "-c", call, *arguments])
        line = f"PYTHONPATH={shlex.quote(str(CHECKOUT))} exec {line} >&2"
        hook = project / git(project, "rev-parse", "--git-path", "hooks/pre-commit").strip()
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n{line}\n")
        hook.chmod(0o755)

    def __call__(self, line: str) -> Said:
        run = subprocess.run(
            ["bash", "-c", line], cwd=self.project, capture_output=True, text=True, check=False
        )
        return Said(run.returncode, run.stderr)


WAYS_TO_COMMIT = [
    pytest.param("git add -f venv; git commit -m x", id="plainly"),
    pytest.param("git add -f -N venv; git commit -a -m x", id="all that is tracked"),
    pytest.param("git add -f venv; git commit -m x app.py venv", id="some files, the link one of them"),
    pytest.param("git add -f venv; git commit -m x --include app.py", id="some files as well"),
    pytest.param("git add -f venv; cd folder; git commit -m x", id="from a folder below"),
    pytest.param("git add -f venv; git --git-dir=.git commit -m x", id="with a git directory"),
]  # fmt: skip


@pytest.mark.parametrize("line", WAYS_TO_COMMIT)
def test_the_commit_that_would_track_the_link_is_refused(line: str, family: Path) -> None:
    project = family / MEMBER
    git(project, "commit", "--quiet", "--message=one")
    (project / "folder").mkdir()
    (project / "app.py").write_text("changed")
    assert Commits(project, TARGET)(line) == (1, IGNORED_LINK)


def test_a_staged_link_is_not_in_a_partial_commit(family: Path) -> None:
    project = family / MEMBER
    git(project, "commit", "--quiet", "--message=one")
    commit = Commits(project, TARGET)
    (project / "app.py").write_text("changed")
    assert commit("git add -f venv; git commit -q -m two app.py") == (0, "")
    assert commit("git commit -q -m three") == (1, IGNORED_LINK)


def test_a_partial_commit_passes_once_the_repair_is_staged(family: Path) -> None:
    """It holds the link once more, from the last commit; that is no reason to be stuck."""
    project = family / MEMBER
    arrange("> .gitignore; git add -A; git commit -qm one; echo x > app.py", project)
    commit = Commits(project, TARGET)
    assert commit("git commit -q -m two app.py") == (1, TRACKED_LINK)
    paste(UNTRACK, project)
    assert commit("git commit -q -m two app.py") == (
        0, "note: `venv` leaves git with the next full commit\n",
    )  # fmt: skip
    assert commit("git commit -q -m three") == (0, "")
    assert git(project, "ls-files") == ".gitignore\napp.py\n"


def test_a_partial_commit_that_would_add_the_link_again_is_refused(family: Path) -> None:
    project = family / MEMBER
    arrange("git add -f venv; git commit -qm one; git rm -q --cached venv", project)
    assert Commits(project, TARGET)("git commit -q -m two venv") == (1, IGNORED_LINK)


@pytest.mark.parametrize("target", ["--target=../dr-daily-report", "--target=."])
def test_the_owner_itself_is_the_venv_and_keeps_its_files(target: str, family: Path) -> None:
    owner = family / OWNER
    arrange("rm -r venv; FEW .; git add app.py", owner)
    assert hook(owner, target) == (0, "")
    arrange("git add --force pyvenv.cfg bin/python", owner)
    says = (
        ".: is a venv with 2 files in git, but a venv works only where it was made\n"
        "  fix: git rm --cached -rqf bin/python pyvenv.cfg\n"
    )
    assert hook(owner, target) == (1, says)
    paste(repairs(says)[0], owner)
    assert hook(owner, target) == (0, "")


def test_a_linked_work_tree_of_the_member(family: Path) -> None:
    git(family / MEMBER, "commit", "--quiet", "--message=one")
    git(family / MEMBER, "worktree", "add", "--quiet", "../elsewhere/topic")
    topic = family / "elsewhere" / "topic"
    commit = Commits(topic, TARGET)
    link = "../../dr-daily-report/venv"
    (topic / "venv").symlink_to(link)
    assert commit("git commit -q --allow-empty -m x") == (0, "")
    assert commit("git add -f venv; git commit -q -m x") == (1, IGNORED_LINK)
    arrange("git rm -q --cached venv; rm venv; VENV venv", topic)
    says = LOCAL_VENV.replace("../dr-daily-report/venv", link)
    assert commit("git commit -q --allow-empty -m x") == (1, says)
    paste(repairs(says)[0], topic)
    assert commit("git commit -q --allow-empty -m x") == (0, "")
    assert (topic / "venv").resolve() == family / OWNER / "venv"


def test_a_linked_work_tree_of_the_owner_has_a_link(family: Path) -> None:
    git(family / OWNER, "commit", "--quiet", "--message=one")
    git(family / OWNER, "worktree", "add", "--quiet", "../topic")
    arrange("VENV venv", family / "topic")
    assert hook(family / "topic", TARGET) == (1, LOCAL_VENV)
    paste(repairs(LOCAL_VENV)[0], family / "topic")
    assert hook(family / "topic", TARGET) == (0, "")


def test_a_submodule_and_its_superproject(family: Path) -> None:
    git(family / OWNER, "commit", "--quiet", "--message=one")
    git(family / MEMBER, "submodule", "--quiet", "add", str(family / OWNER), "libs/other")
    other = family / MEMBER / "libs" / "other"
    arrange("VENV .venv; git add -f .venv/pyvenv.cfg", other)
    assert hook(family / MEMBER, TARGET) == (0, "")
    shared = "--target=../../../dr-daily-report/venv"
    says = (
        tracked_venv(".venv", "`.venv/pyvenv.cfg`")
        + f".venv: is a local venv, but `{shared[9:]}` is the one that this project shares;"
        f" {NOTHING_LOST}\n  fix: rm -rf .venv\n"
    )
    assert hook(other, shared) == (1, says)
    assert Commits(other, shared)("git commit -q -m x") == (1, says)


def test_a_sub_project_of_a_monorepo(family: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is below its folder counts, and so do the paths and the `.gitignore`."""
    sub = family / MEMBER / "sub [1]" / "deep"
    arrange("mkdir -p 'sub [1]/deep'; FEW 'sub 1/env'; rm venv; ln -s x venv; git add -f .",
            family / MEMBER)  # fmt: skip
    target = "--target=../../../dr-daily-report/venv"
    (sub / "venv").symlink_to("../../../dr-daily-report/venv")
    # As prek starts it: git's variables count from the top of the work tree.
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert hook(sub, target) == (0, "")
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_INDEX_FILE")
    arrange("git add venv; FEW .venv; git add .venv", sub)
    says = tracked_venv(".venv", "3 files") + TRACKED_LINK
    monkeypatch.setenv("CI", "1")
    assert hook(sub, target) == (1, says)
    for fix in repairs(says):
        paste(fix, sub)
    assert hook(sub, target) == (0, "")
    assert (sub / ".gitignore").read_text() == "/.venv\n/venv\n"


def test_outside_git_the_disk_is_checked(family: Path) -> None:
    arrange("rm -r .git; rm venv; VENV venv", family / MEMBER)
    assert hook(family / MEMBER, TARGET) == (1, LOCAL_VENV + NO_REPOSITORY)
    paste(repairs(LOCAL_VENV)[0], family / MEMBER)
    assert hook(family / MEMBER, TARGET) == (0, NO_REPOSITORY)


CANNOT_TELL = [
    pytest.param("echo x > .git/index", id="a broken index"),
    pytest.param("> .git/HEAD", id="a broken repository"),
    pytest.param("rm .git/index; mkfifo .git/index", id="a pipe where the index should be"),
    pytest.param(
        "chown -R 4321 . 2> /dev/null", id="a repository of somebody else",
        marks=pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to give a folder away"),
    ),
]  # fmt: skip


@pytest.mark.parametrize("script", CANNOT_TELL)
def test_where_git_cannot_tell_the_disk_is_checked(
    script: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hooks.project.git_index.SECONDS", 1)  # a pipe keeps git waiting
    arrange(f"VENV .venv; {script}", family / MEMBER)
    status, output = hook(family / MEMBER, TARGET)
    findings, note, reason = output.partition("note: what git tracks was not checked: ")
    assert (status, findings) == (1, BESIDE)
    assert note
    assert len(reason.splitlines()) == 1, "the reason is git's own, in its version's words"


def test_without_git_the_disk_is_checked(family: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrange("VENV .venv; git add -f venv", family / MEMBER)
    monkeypatch.setenv("PATH", str(family))
    why = "`git` cannot be run (No such file or directory)"
    assert hook(family / MEMBER, TARGET) == (
        1, f"{BESIDE}note: what git tracks was not checked: {why}\n",
    )  # fmt: skip


def test_a_repository_apart_from_its_work_tree(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`git --git-dir=… --work-tree=…`, as dotfiles are kept: no `.git` says where it is."""
    arrange("git add -f venv; mv .git ../apart.git", family / MEMBER)
    monkeypatch.setenv("GIT_DIR", "../apart.git")
    monkeypatch.setenv("GIT_WORK_TREE", ".")
    assert hook(family / MEMBER, TARGET) == (1, IGNORED_LINK)


def test_gits_own_variables_do_not_change_the_answer(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrange("FEW 'a/[x]'; git add -f venv a; rm -r a", family / MEMBER)
    says = tracked_venv("a/[x]", "3 files").replace("git rm", "git --literal-pathspecs rm")
    says = says.replace("echo /a/[x]", r"printf '\n%s\n' '/a/\[x]'") + IGNORED_LINK
    assert hook(family / MEMBER, TARGET) == (1, says)
    for name in ["GIT_LITERAL_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_TRACE", "GIT_TRACE_SETUP"]:
        monkeypatch.setenv(name, "1")
    assert hook(family / MEMBER, TARGET) == (1, says)


def test_a_sparse_checkout(family: Path) -> None:
    arrange(
        "mkdir kept other; touch kept/x other/x; FEW other/env; git add -f .; git commit -qm x;"
        " git rm -q --cached venv; git sparse-checkout set --cone --sparse-index kept",
        family / MEMBER,
    )
    assert not (family / MEMBER / "other").exists()
    says = tracked_venv("other/env", "3 files").replace("-rqf", "-rqf --sparse")
    says = says.replace("git add", "git add --sparse")
    assert hook(family / MEMBER, TARGET) == (1, says)
    paste(repairs(says)[0], family / MEMBER)
    assert hook(family / MEMBER, TARGET) == (0, "")


def test_what_cannot_be_looked_into_is_noted(family: Path) -> None:
    """Longer than any path may be: not even root can look into that."""
    name = "d" * 200
    here = os.getcwd()
    os.chdir(family / MEMBER)
    for _ in range(4096 // 200 + 2):
        os.mkdir(name)
        os.chdir(name)
    os.chdir(here)
    arrange("VENV .venv", family / MEMBER)
    path = "/".join([name] * 21)
    shown = f"{path[:150]}…{path[-49:]}"
    note = f"note: `{shown}` was not looked into (File name too long)\n"
    assert hook(family / MEMBER, TARGET) == (1, BESIDE + note)


def test_no_working_directory(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = dev / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SystemExit) as ended:
        main([TARGET])
    assert ended.value.code == 2


def test_an_unknown_option_ends_with_status_2(family: Path) -> None:
    assert hook(family, "--frobnicate").status == 2
