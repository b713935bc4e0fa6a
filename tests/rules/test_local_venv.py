"""Which environments may be on disk, and which may not; each fix is pasted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hooks.project.project import read_project
from hooks.rules.local_venv import ask, check
from hooks.venvs.search import Allowed
from tests.rules.projects import (
    AROUND,
    CHECKOUT,
    IGNORED_LINK,
    MEMBER,
    NO_REPOSITORY,
    NOTHING_LOST,
    OWNER,
    SHARED,
    TARGET,
    Commits,
    arrange,
    aside,
    follow,
    hook,
    local_venv,
    tracked_venv,
)
from tests.trees import git, make_venv, paste, pythons, repairs, tool

BESIDE = local_venv(".venv")

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
    pytest.param(MEMBER, "ln -s ../dr-daily-report/venv .venv", [TARGET], id="a second link to the shared one"),
    pytest.param(MEMBER, "echo ../dr-daily-report/venv > .venv", [TARGET], id="a redirect file to the shared one"),
    pytest.param(MEMBER, "mkdir a; ln -s ../venv a/.venv", [TARGET], id="a link to the link"),
    pytest.param(MEMBER, "echo research > .venv; git add .venv", [TARGET], id="a name for zsh-autoswitch-virtualenv"),
    pytest.param(MEMBER, "printf '../dr-daily-report/venv\\n# notes\\n' > .venv; git add .venv", [TARGET], id="a file of two lines"),
    pytest.param(MEMBER, "VENV ../other; mkdir a; ln -s ../../other/lib a/lib; git add a", [TARGET], id="a tracked link into a venv"),
    pytest.param(MEMBER, "ln -s gone .venv; ln -s app.py a; git add .venv a", [TARGET], id="tracked links within the project"),
    pytest.param(MEMBER, "mkdir -p t/bin t/Scripts; touch t/bin/{activate,deploy} t/Scripts/x.bat; git add t", [TARGET], id="scripts with such names"),
    pytest.param(MEMBER, "VENV .direnv/py; VENV .hatch/x; VENV .pixi/envs/x", [TARGET], id="direnv's, hatch's, pixi's"),
    pytest.param(MEMBER, "VENV trial; ln -s trial .venv", [TARGET, "--allow=trial"], id="a link to what is allowed"),
    pytest.param(MEMBER, "rm venv; rm -rf ../*report; VENV venv; ln -s venv .venv", [TARGET], id="a link to the fallback"),
    pytest.param(MEMBER, "VENV ../other; ln -sfn ../other venv; rm -r ../*report/venv", [TARGET], id="the link is elsewhere, and there is no other"),
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
    pytest.param(
        OWNER, "mkdir ../disk; mv venv ../disk/venv; ln -s ../disk/venv venv", ["--target=venv"],
        id="the owner's venv is on a bigger disk",
    ),
    pytest.param(
        OWNER, "FEW app; rm app/bin/python; touch app/main.py; git add -f app/main.py; rm app/pyvenv.cfg",
        [TARGET], id="what is left of a venv among sources",
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


ON_DISK = [
    pytest.param(MEMBER, "rm venv; VENV venv", [TARGET], local_venv(), id="at the link's place"),
    pytest.param(
        MEMBER, "rm venv; VENV venv; chmod o+w ../*report/venv", [TARGET], local_venv(),
        id="a smaller fault of the target is no licence",
    ),
    pytest.param(MEMBER, "VENV .venv", [TARGET], BESIDE, id="beside the link"),
    pytest.param(MEMBER, "VENV .venv", [], BESIDE, id="beside the link, which tells the target"),
    pytest.param(
        MEMBER, "mkdir -p .venv/bin; touch .venv/bin/activate; ln -s /gone .venv/bin/python",
        [TARGET], BESIDE, id="of an old virtualenv",
    ),
    pytest.param(
        MEMBER, "mkdir -p env/Scripts; touch env/Scripts/activate.bat", [TARGET],
        local_venv("env"), id="of Windows",
    ),
    pytest.param(
        MEMBER, "VENV 'b/my env'; VENV a", [TARGET], local_venv("a") + local_venv("b/my env"),
        id="of any name, in the order of their paths",
    ),
    pytest.param(
        OWNER, "VENV .venv", [TARGET],
        local_venv(".venv", shared=SHARED.replace("../dr-daily-report/", ""), fix=aside(".venv", f"../{OWNER}.venv.old")),
        id="a second one in the owner",
    ),
    pytest.param(
        MEMBER, "rm venv; rm -rf ../*report; VENV venv; VENV .venv", [TARGET],
        local_venv(".venv", shared="`venv` is the one that this project falls back to"),
        id="beside the fallback",
    ),
    pytest.param(
        MEMBER, "VENV ./$'-a\\e[31m\\n'", [TARGET],
        local_venv(r"-a\x1b[31m\n", fix=aside(r"$'./-a\033\13331m\012'", rf"$'../{MEMBER}.-a\033\13331m\012.old'")),
        id="control characters in its name",
    ),
    pytest.param(
        MEMBER, "mkdir env; ln -s ../../dr-daily-report/venv env/py; rm venv; VENV venv",
        [TARGET, "--venv=env/py"], local_venv(fix=aside("venv", f"../{MEMBER}.venv.old")),
        id="at the usual place, when the link's is another",
    ),
    pytest.param(
        MEMBER, "mkdir env; VENV env/py; rm venv", [TARGET, "--venv=env/py"],
        local_venv("env/py", fix=aside("env/py", f"../{MEMBER}.py.old") + " && ln -sfn ../../dr-daily-report/venv env/py"),
        id="at the link's place, which lies deeper",
    ),
    pytest.param(
        MEMBER,
        "VENV .venv; INSTALL .venv rich==13.7 pip==23 pandas==1.5.3 numpy==1;"
        " INSTALL ../*report/venv pandas==2.0.0 numpy==1",
        [TARGET],
        local_venv(".venv", lost="only this one has `pandas==1.5.3` (shared: `2.0.0`), `rich==13.7`"),
        id="what only it has, pip left aside",
    ),
    pytest.param(
        MEMBER, "VENV .venv; INSTALL .venv p{10..21}==1", [TARGET],
        local_venv(".venv", lost="only this one has " + ", ".join(f"`p{n}==1`" for n in range(10, 20)) + " and 2 more"),
        id="ten of what only it has, and a count",
    ),
    pytest.param(
        MEMBER, "VENV .venv; touch .venv/mine .venv/bin/mine; mkdir .venv/src; touch .venv/src/work.py",
        [TARGET], BESIDE, id="with somebody's files, which are kept",
    ),
    pytest.param(
        MEMBER, f"VENV .venv; touch ../{MEMBER}.venv.old", [TARGET],
        BESIDE.replace(".venv.old", ".venv.old2"), id="the name beside is taken",
    ),
    pytest.param(
        MEMBER, "VENV ../other; ln -s ../other .venv", [TARGET],
        f".venv: leads to `../other`, a local venv, but {SHARED}; {NOTHING_LOST} [local-venv]\n  fix: rm .venv\n",
        id="a link to another, as uv's centralized environments are",
    ),
    pytest.param(
        MEMBER, "VENV ../other; mkdir -- -t; ln -s ../../other ./-t/py", [TARGET],
        f"-t/py: leads to `../../other`, a local venv, but {SHARED}; {NOTHING_LOST} [local-venv]\n  fix: rm ./-t/py\n",
        id="a link deep inside",
    ),
    pytest.param(
        MEMBER, "VENV ../other; printf ../other > .venv", [TARGET],
        f".venv: leads to `../other`, a local venv, but {SHARED}; {NOTHING_LOST} [local-venv]\n"
        f"  fix: {aside('.venv', f'../{MEMBER}.venv.old')}\n", id="a redirect file to another",
    ),
    pytest.param(
        MEMBER, "VENV ../other; ln -sfn ../other venv", [TARGET],
        f"venv: leads to `../other`, a local venv, but {SHARED}; {NOTHING_LOST} [local-venv]\n"
        "  fix: ln -sfn ../dr-daily-report/venv venv\n", id="the link itself leads to another",
    ),
    pytest.param(MEMBER, "VENV .venv; ln -s .venv env; ln -s env x", [TARGET], BESIDE, id="one cause is told once"),
]  # fmt: skip


@pytest.mark.parametrize(("project", "script", "arguments", "says"), ON_DISK)
def test_forbids_on_disk(
    project: str, script: str, arguments: list[str], says: str, family: Path
) -> None:
    arrange(script, family / project)
    assert hook(family / project, *arguments) == (1, says)
    assert follow(family / project, *arguments) == (0, "")


GONE = "and the shared one, `../dr-daily-report/venv`, is missing [local-venv]\n"
BROKEN = "and the shared one, `../dr-daily-report/venv`, cannot be used [local-venv]\n"
CONDA = (
    ": is a conda environment, but these hooks guard virtual environments (PEP 405),"
    " as `venv`, `virtualenv` and `uv` make them [conda-environment]\n"
)
NO_COMMAND = [
    pytest.param(
        MEMBER, "rm venv; VENV venv", [],
        "venv: is a local venv: say with `--target` where the shared venv is [local-venv]\n",
        id="no target is known",
    ),
    pytest.param(
        MEMBER, "rm venv; VENV ../other; ln -s ../other .venv", [],
        ".venv: leads to `../other`, a local venv: say with `--target` where the shared venv is [local-venv]\n",
        id="no target is known, and a link",
    ),
    pytest.param(
        OWNER, "true", ["--target=.venv"],
        "venv: is a local venv, and the shared one, `.venv`, is missing [local-venv]\n",
        id="a misspelt target does not cost the owner its venv",
    ),
    pytest.param(
        MEMBER, "VENV .venv; rm ../*report/venv/pyvenv.cfg", [TARGET],
        f".venv: is a local venv, {BROKEN}", id="the shared one cannot be used",
    ),
    pytest.param(
        MEMBER, "VENV ../other; ln -s ../other .venv; rm -r ../*report/venv/lib", [TARGET],
        f".venv: leads to `../other`, a local venv, {BROKEN}", id="nor is a link given up then",
    ),
    pytest.param(
        MEMBER, "rm venv; mv ../*report/venv .; ln -s ../dr-daily-report_telegram/venv ../dr-daily-report/venv",
        [TARGET],
        "venv: is the shared venv itself, to which `../dr-daily-report/venv` leads: it belongs in the owner [local-venv]\n",
        id="the owner links to this very one",
    ),
    pytest.param(
        OWNER, "mv venv real; ln -s real venv", [TARGET],
        "real: is the shared venv itself, to which `venv` leads: it belongs at `venv` [local-venv]\n",
        id="the owner's link leads to another place in the owner",
    ),
    pytest.param(
        OWNER, "mkdir envs; mv venv envs/py; touch envs/pyvenv.cfg", ["--target=envs/py"],
        f"envs: is a local venv, but `envs/py` is the one that this project shares; {NOTHING_LOST};"
        " the shared one lies in it [local-venv]\n", id="the shared one lies in it",
    ),
    pytest.param(
        MEMBER, "FEW .; INSTALL . rich==13", [TARGET],
        f".: is itself a local venv, but {SHARED}; only this one has `rich==13`;"
        " it was made around the project: take it away by hand [local-venv]\n", id="the project's root",
    ),
    pytest.param(
        MEMBER, "mkdir backend; touch backend/{a,b}.py; git add backend; FEW backend", [TARGET],
        local_venv("backend", lost=f"{NOTHING_LOST}; {AROUND} (`backend/a.py` and 1 more): take it away by hand", fix=""),
        id="around a folder of sources",
    ),
    pytest.param(
        MEMBER, "FEW ./-x; touch ./-x/bin/mine; git add -f ./-x/bin/mine", [TARGET],
        local_venv("-x", lost=f"{NOTHING_LOST}; {AROUND} (`-x/bin/mine`): take it away by hand", fix=""),
        id="around a tracked file in its bin",
    ),
    pytest.param(MEMBER, "mkdir -p a/conda-meta a/bin", [TARGET], f"a{CONDA}", id="conda's"),
    pytest.param(MEMBER, "rm venv; mkdir -p venv/conda-meta", [TARGET], f"venv{CONDA}", id="conda's at the link's place"),
    pytest.param(
        MEMBER, "mkdir -p ../c/conda-meta; ln -s ../c .venv", [TARGET], f".venv{CONDA}", id="a link to conda's",
    ),
    pytest.param(
        MEMBER, "mkdir ../dr-daily-report/venv/conda-meta", [TARGET], f"../dr-daily-report/venv{CONDA}", id="the shared one is conda's",
    ),
    pytest.param(OWNER, "mkdir venv/conda-meta", [TARGET], f"venv{CONDA}", id="the owner's own is conda's"),
    pytest.param(
        MEMBER, "rm venv; mkdir -p venv/conda-meta; rm -r ../*report/venv", [TARGET], f"venv{CONDA}",
        id="conda's is no fallback",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("project", "script", "arguments", "says"), NO_COMMAND)
def test_says_what_to_decide(
    project: str, script: str, arguments: list[str], says: str, family: Path
) -> None:
    arrange(script, family / project)
    assert hook(family / project, *arguments) == (1, says)


def test_a_local_venv_is_kept_until_there_is_another(family: Path) -> None:
    arrange("rm -r ../*report/venv; VENV .venv", family / MEMBER)
    status, output = hook(family / MEMBER, TARGET)
    assert (status, output.partition("  fix")[0]) == (1, f".venv: is a local venv, {GONE}")
    paste(repairs(output)[0], family / MEMBER)
    assert hook(family / MEMBER, TARGET) == (1, BESIDE)


def test_what_another_rule_has_told_is_not_told_again(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrange(
        "rm venv; VENV venv; mkdir -p a/conda-meta ../dr-daily-report/venv/conda-meta",
        family / MEMBER,
    )
    monkeypatch.chdir(family / MEMBER)
    project = read_project("venv", TARGET[9:], {})
    told = frozenset({"venv", "a"})
    checked = [
        check(project, Allowed([]), os.environ, ask(project, os.environ), each)
        for each in [told, frozenset()]
    ]
    assert [[each.path for each in found] for found in checked] == [  # type: ignore[union-attr]
        [], ["../dr-daily-report/venv", "a"],
    ]  # fmt: skip


def test_of_uv_only_where_it_makes_one_by_itself(family: Path) -> None:
    script = "VENV .venv; VENV env; echo uv = 0.9 >> env/pyvenv.cfg; rm .venv/pyvenv.cfg"
    arrange(f"{script}; mkdir .venv/conda-meta", family / MEMBER)
    assert "`uv run`" not in hook(family / MEMBER, TARGET).output


@pytest.mark.parametrize("command", ["run", "venv"])
def test_what_uv_makes(command: str, family: Path) -> None:
    """`uv run` makes it anew each time, so what to run instead is said."""
    member = family / MEMBER
    version = pythons()[-1].version
    text = f'[project]\nname = "x"\nversion = "1"\nrequires-python = ">={version}"\n'
    (member / "pyproject.toml").write_text(text)
    words = ["run", "--no-sync", "true"] if command == "run" else ["venv"]
    environ = {**os.environ, "UV_PYTHON": pythons()[-1].executable, "UV_OFFLINE": "1"}
    environ.pop("VIRTUAL_ENV", None)
    subprocess.run([tool("uv"), "-q", *words], cwd=member, env=environ, check=True)
    instead = (
        "; `uv venv` and `uv run` make it: run `uv run --no-project` or, with the shared one"
        " activated, `uv run --active --no-sync` instead"
    )
    assert hook(member, TARGET) == (1, local_venv(".venv", lost=NOTHING_LOST + instead))
    assert follow(member, TARGET) == (0, "")


@pytest.mark.parametrize("command", ["uv run --no-project", "uv run --active --no-sync"])
def test_what_is_run_instead_makes_none(command: str, family: Path) -> None:
    member = family / MEMBER
    (member / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\n')
    environ = {**os.environ, "VIRTUAL_ENV": str(family / OWNER / "venv"), "UV_OFFLINE": "1"}
    words = [tool("uv"), *command.split()[1:], "python", "-c", "import sys; print(sys.prefix)"]
    said = subprocess.run(
        words, cwd=member, env=environ, check=True, capture_output=True, text=True
    )
    assert not os.path.lexists(member / ".venv")
    if "--active" in command:
        assert said.stdout.strip() == str(family / OWNER / "venv")
    assert hook(member, TARGET) == (0, "")


def test_what_virtualenv_makes(family: Path) -> None:
    subprocess.run([tool("virtualenv"), "-q", "env"], cwd=family / MEMBER, check=True)
    (family / MEMBER / "env" / "pyvenv.cfg").unlink()  # the clone has ignored `*.cfg`
    assert hook(family / MEMBER, TARGET) == (1, local_venv("env"))
    assert follow(family / MEMBER, TARGET) == (0, "")


START = "import sys; from hooks.forbid_local_venv import main; sys.exit(main())"
STAYS = f"{NOTHING_LOST}; it cannot be moved aside: it is a mount point, or you may not write there"


def started(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """By this command, in a process of its own."""
    environ = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    return subprocess.run(
        command, cwd=project, env=environ, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount")
def test_a_mount_is_not_moved(family: Path) -> None:
    """Tried in a namespace of mounts of its own, which is gone with the process."""
    arrange("VENV ../real; mkdir .venv", family / MEMBER)
    line = f"mount --bind ../real .venv && '{sys.executable}' -c '{START}' {TARGET}"
    ran = started(family / MEMBER, "unshare", "--mount", "bash", "-c", line)
    if "unshare" in ran.stderr or "mount" in ran.stderr:
        pytest.skip("nothing may be mounted here")
    assert (ran.returncode, ran.stdout) == (1, local_venv(".venv", lost=STAYS, fix=""))


def test_what_lies_in_a_closed_folder_is_not_moved(
    family: Path, without_privileges: list[str]
) -> None:
    arrange("VENV .venv", family / MEMBER)
    (family / MEMBER).chmod(0o555)
    ran = started(family / MEMBER, *without_privileges, sys.executable, "-c", START, TARGET)
    (family / MEMBER).chmod(0o755)
    assert (ran.returncode, ran.stdout) == (1, local_venv(".venv", lost=STAYS, fix=""))


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount")
def test_the_owners_venv_by_another_mount(family: Path) -> None:
    """The target by its one path, the project by its other: one and the same folder."""
    (family.parent / "again").mkdir()
    line = f"mount --bind '{family}' ../../again && cd ../../again/{OWNER} && '{sys.executable}'"
    line += f" -c '{START}' '--target={family}/{OWNER}/venv'"
    ran = started(family / OWNER, "unshare", "--mount", "bash", "-c", line)
    if "unshare" in ran.stderr or "mount" in ran.stderr:
        pytest.skip("nothing may be mounted here")
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


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
    says = local_venv(
        shared=SHARED.replace("../dr-daily-report/venv", link),
        fix=aside("venv", "../topic.venv.old") + f" && ln -sfn {link} venv",
    )
    assert commit("git commit -q --allow-empty -m x") == (1, says)
    paste(repairs(says)[0], topic)
    assert commit("git commit -q --allow-empty -m x") == (0, "")
    assert (topic / "venv").resolve() == family / OWNER / "venv"


def test_a_linked_work_tree_of_the_owner_has_a_link(family: Path) -> None:
    git(family / OWNER, "commit", "--quiet", "--message=one")
    git(family / OWNER, "worktree", "add", "--quiet", "../topic")
    arrange("VENV venv", family / "topic")
    fix = aside("venv", "../topic.venv.old") + " && ln -sfn ../dr-daily-report/venv venv"
    assert hook(family / "topic", TARGET) == (1, local_venv(fix=fix))
    assert follow(family / "topic", TARGET) == (0, "")


def test_a_submodule_and_its_superproject(family: Path) -> None:
    git(family / OWNER, "commit", "--quiet", "--message=one")
    git(family / MEMBER, "submodule", "--quiet", "add", str(family / OWNER), "libs/other")
    other = family / MEMBER / "libs" / "other"
    arrange("VENV .venv; git add -f .venv/pyvenv.cfg", other)
    assert hook(family / MEMBER, TARGET) == (0, "")
    shared = "--target=../../../dr-daily-report/venv"
    fix = aside(".venv", "../../../other.venv.old")
    says = tracked_venv(".venv", "`.venv/pyvenv.cfg`") + local_venv(
        ".venv", shared=f"`{shared[9:]}` is the one that this project shares", fix=fix
    )
    assert hook(other, shared) == (1, says)
    assert Commits(other, shared)("git commit -q -m x") == (1, says)


def test_outside_git_the_disk_is_checked(family: Path) -> None:
    arrange("rm -r .git; rm venv; VENV venv", family / MEMBER)
    assert hook(family / MEMBER, TARGET) == (1, local_venv() + NO_REPOSITORY)
    assert follow(family / MEMBER, TARGET) == (0, NO_REPOSITORY)


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


def test_an_only_venv_while_the_owner_is_not_there(family: Path) -> None:
    make_venv(family / MEMBER / ".venv")
    (family / OWNER).rename(family / "elsewhere")
    (family / "elsewhere" / "venv").rename(family / "venv")
    git(family / MEMBER, "remote", "add", "origin", "https://h/x/y.git")
    said = hook(family / MEMBER, TARGET)
    assert said == (
        1,
        ".venv: is a local venv, and the shared one, `../dr-daily-report/venv`, is missing"
        " [local-venv]\n"
        '  fix: git clone "$(dirname "$(git remote get-url origin)")"/dr-daily-report'
        " ../dr-daily-report\n",
    )
