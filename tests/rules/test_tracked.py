"""What git may not track: environments, links and redirect files; each fix is pasted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rules.projects import (
    IGNORED_LINK,
    MEMBER,
    OWNER,
    TARGET,
    TRACKED_LINK,
    Commits,
    arrange,
    follow,
    hook,
    local_venv,
    tracked_link,
    tracked_venv,
)
from tests.trees import git, paste, repairs

LOCAL_VENV = local_venv()
BESIDE = local_venv(".venv")

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
        "venv: is a nested repository that git tracks, but should be a venv or a link to one [tracked-venv]\n"
        "  fix: git rm --cached -rqf venv\n", id="a repository of its own in the link's place",
    ),
    pytest.param(
        "rm venv; FEW venv; git add -f venv; rm -r venv; ln -s x venv", [TARGET],
        tracked_venv("venv", "3 files", ignored=""), id="a venv where the link is now",
    ),
    pytest.param(
        "rm venv; FEW venv; git add -f venv/bin; rm -r venv; ln -s x venv", [TARGET],
        tracked_venv("venv", "2 files", ignored=""), id="scripts of a venv where the link is now",
    ),
    pytest.param(
        "rm venv; FEW venv; rm -r ../*report; git add -f venv", [TARGET],
        tracked_venv("venv", "3 files", ignored=""), id="the fallback",
    ),
    pytest.param(
        "FEW .venv; git add -f .venv/bin/activate .venv/pyvenv.cfg", [TARGET],
        tracked_venv(".venv", "2 files")
        + BESIDE,
        id="a venv, and it is on disk",
    ),
    pytest.param(
        "FEW 'a b/v'; git add -f a*; rm -r a*", [TARGET],
        tracked_venv("a b/v", "3 files"),
        id="a venv that is not on disk",
    ),
    pytest.param(
        "mkdir -p a/conda-meta; touch a/conda-meta/history; git add .; rm -r a", [TARGET],
        tracked_venv("a", "`a/conda-meta/history`"), id="conda's, that is not on disk",
    ),
    pytest.param(
        "FEW .; git add -f pyvenv.cfg bin/python; rm -r bin include lib pyvenv.cfg", [TARGET],
        tracked_venv(".", "2 files", "bin/python", "pyvenv.cfg"),
        id="the project's root, where all else is the project's",
    ),
    pytest.param(
        "FEW b; touch b/app.py; git add -f b; rm -r b", [TARGET],
        tracked_venv(
            "b", "3 files", "b/bin/activate", "b/bin/python", "b/pyvenv.cfg"
        ),
        id="among sources",
    ),
    pytest.param(
        "FEW .tox/py; git add -f .tox/py/bin/python .tox/py/pyvenv.cfg", [TARGET],
        tracked_venv(".tox/py", "2 files"), id="what is not looked into on disk",
    ),
    pytest.param(
        "ln -s ../dr-daily-report/venv .venv; git add .", [TARGET], tracked_link(".venv"),
        id="a second link to the shared one",
    ),
    pytest.param(
        "echo ../dr-daily-report/venv > .venv; git add .", [TARGET],
        tracked_link(".venv", what="a redirect file"), id="a redirect file to the shared one",
    ),
    pytest.param(
        "VENV ../other; mkdir a; ln -s ../../other a/py; git add .; rm -r a", [TARGET],
        tracked_link("a/py"), id="a link to another, not on disk",
    ),
    pytest.param(
        "ln -s ../../envs/x .venv; git add .", [TARGET], tracked_link(".venv"),
        id="a link out of the project that dangles, as in CI",
    ),
    pytest.param(
        "mkdir a; ln -s ../../dr-daily-report/venv a/x; git add .; rm -r ../*report", [TARGET],
        tracked_link("a/x"), id="a link to the shared one, which is not there",
    ),
    pytest.param(
        "VENV ../other; ln -s ../other .venv; git add .; rm .venv; echo x > .venv", [TARGET],
        tracked_link(".venv"), id="a link that is another file on disk",
    ),
    pytest.param(
        "VENV env; touch env/app.py; ln -s env py; git add -f env/pyvenv.cfg py", [TARGET],
        tracked_venv("env", "`env/pyvenv.cfg`") + local_venv("env") + tracked_link("py"),
        id="a link to one in the project",
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
        for path in [".venv", "env", "venv"]:
            says = says.replace(local_venv(path), "")
    assert hook(project, *arguments) == (1, says)
    assert follow(project, *arguments) == (0, "")
    git(project, "add", "--all", ".")
    assert hook(project, *arguments) == (0, ""), "what is ignored is not added again"


def test_other_links_may_be_in_git(family: Path) -> None:
    """To what is no environment, and to nothing."""
    arrange("mkdir docs; ln -s ../app.py docs/app; ln -s gone docs/x; git add .", family / MEMBER)
    assert hook(family / MEMBER, TARGET) == (0, "")


def test_forbids_the_tracked_link_in_the_owner(family: Path) -> None:
    arrange("mv venv real; ln -s real venv; git add -f venv; rm -r real", family / OWNER)
    assert hook(family / OWNER, TARGET) == (1, IGNORED_LINK)


def test_forbids_tracked_files_of_the_owners_venv(family: Path) -> None:
    arrange("git add -f venv/bin/activate venv/bin/python venv/pyvenv.cfg", family / OWNER)
    says = tracked_venv("venv", "3 files", ignored="")
    assert hook(family / OWNER, TARGET) == (1, says)
    paste(repairs(says)[0], family / OWNER)
    assert hook(family / OWNER, TARGET) == (0, "")


# The whole environment leaves git, by one command, and the hook is not silent before.


def of_windows(folder: Path) -> None:
    fill(folder, "Scripts/activate.bat", "Scripts/python.exe", "Scripts/pip.exe", "pyvenv.cfg")
    fill(folder, *(f"Lib/site-packages/flask/m{number}.py" for number in range(20)))
    fill(folder, "Include/greenlet.h", "share/man/x.1")


def of_windows_without_its_mark(folder: Path) -> None:
    of_windows(folder)
    (folder / "pyvenv.cfg").unlink()


def of_old_virtualenv(folder: Path) -> None:
    fill(folder, "bin/activate", "bin/python", "bin/rich", "lib/python2.7/site-packages/six.py")
    fill(folder, "local/bin", "src/mine/x.py") if folder.name == "env" else None


def of_conda(folder: Path) -> None:
    fill(folder, "conda-meta/history", "bin/python", "ssl/cert.pem", "x86_64-conda-linux-gnu/x")


def of_venv(folder: Path) -> None:
    fill(folder, "bin/activate", "bin/python", "bin/rich", "pyvenv.cfg", "lib64/x", "include/x.h")
    fill(
        folder, "lib/python3.9/site-packages/six.py", ".gitignore", "etc/jupyter/x", "CACHEDIR.TAG"
    )


def of_venv_with_files_of_its_packages(folder: Path) -> None:
    of_venv(folder)
    fill(
        folder, "docs/rich.txt", "LICENSE", "lib/python3.9/site-packages/rich-1.dist-info/METADATA"
    )
    record = folder / "lib/python3.9/site-packages/rich-1.dist-info/RECORD"
    record.write_text("../../../docs/rich.txt,,\n../../../LICENSE,,\n../../../bin/rich,,\n")


ENVIRONMENTS = [
    of_windows, of_windows_without_its_mark, of_old_virtualenv, of_conda, of_venv,
    of_venv_with_files_of_its_packages,
]  # fmt: skip


def fill(folder: Path, *files: str) -> None:
    for each in files:
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).write_text(f"{each}\n")


@pytest.mark.parametrize("in_ci", [False, True], ids=["", "in CI"])
@pytest.mark.parametrize("is_on_disk", [True, False], ids=["on disk", "in git alone"])
@pytest.mark.parametrize("name", ["py", "tools/p y", ".venv"])
@pytest.mark.parametrize("make", ENVIRONMENTS)
def test_a_whole_environment_leaves_git(
    make: Callable[[Path], None],
    name: str,
    is_on_disk: bool,
    in_ci: bool,
    family: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = family / MEMBER
    make(project / name)
    git(project, "add", "--force", ".")
    git(project, "rm", "--cached", "-qr", "venv")
    count = len(git(project, "ls-files", name).splitlines())
    if not is_on_disk:
        shutil.rmtree(project / name)
    if in_ci:
        monkeypatch.setenv("CI", "true")
    says = hook(project, TARGET).output.splitlines(keepends=True)
    assert "".join(says[:2]) == tracked_venv(name, f"{count} files")
    paste(repairs(says[1])[0], project)
    assert git(project, "ls-files", name) == ""
    assert "tracked-venv" not in hook(project, TARGET).output
    status, output = follow(project, TARGET)
    is_conda = make is of_conda and is_on_disk and not in_ci
    assert (status, "conda-environment" in output) == (int(is_conda), is_conda)
    git(project, "add", "--all", ".")
    assert git(project, "ls-files", name) == ""


@pytest.mark.parametrize("is_on_disk", [True, False], ids=["on disk", "in git alone"])
@pytest.mark.parametrize("folder", [".", "backend"])
@pytest.mark.parametrize("make", [of_venv_with_files_of_its_packages, of_windows_without_its_mark])
def test_sources_around_a_venv_stay_in_git(
    make: Callable[[Path], None], folder: str, is_on_disk: bool, family: Path
) -> None:
    """Nothing of the venv's remains but what may be the project's own by its name."""
    project = family / MEMBER
    own = ["app.py", "bin/deploy", "lib/util.py", "scripts/x.bat", "Include/mine.h", "src/a.py"]
    fill(project / folder, *own)
    git(project, "add", ".")
    arrange("git rm -q --cached .gitignore; rm .gitignore; git commit -qm x", project)
    before = set(git(project, "ls-files").splitlines())
    make(project / folder)
    arrange("git add --force .; git rm -rq --cached venv", project)
    if not is_on_disk:
        for path in set(git(project, "ls-files").splitlines()) - before:
            (project / path).unlink()
    follow(project, TARGET)
    left = set(git(project, "ls-files").splitlines()) - before - {".gitignore"}
    may_be_own = {"lib64/x", "include/x.h", "etc/jupyter/x", "CACHEDIR.TAG", "Include/greenlet.h"}
    may_be_own |= {"share/man/x.1"}
    assert {path.removeprefix(f"{folder}/") for path in left} <= {*may_be_own, ".gitignore"}
    assert before <= set(git(project, "ls-files").splitlines())


def test_a_clone_of_pip_leaves_with_its_environment(family: Path) -> None:
    project = family / MEMBER
    of_venv(project / "py")
    arrange(
        "git init -q py/src/rich; cd py/src/rich; touch x; git add x; git commit -qm x; cd -;"
        " git add -f py 2> /dev/null", project,
    )  # fmt: skip
    assert "160000" in git(project, "ls-files", "--stage", "py/src/rich")
    assert hook(project, TARGET).output.startswith(tracked_venv("py", "11 files"))
    follow(project, TARGET)
    assert git(project, "ls-files", "py") == ""


@pytest.mark.parametrize("path", ["a/.venv", "tools/py"])
def test_a_real_venv_in_the_place_of_a_tracked_link(path: str, family: Path) -> None:
    """What the runner's stash would delete, at whatever path."""
    arrange(
        f"mkdir -p {path}; rmdir {path}; ln -s x {path}; git add .; rm {path}; VENV {path}",
        family / MEMBER,
    )
    assert hook(family / MEMBER, TARGET) == (1, tracked_link(path) + local_venv(path))
    assert follow(family / MEMBER, TARGET) == (0, "")


# Which index, and what if git cannot tell.

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
    says = IGNORED_LINK
    if "cd folder" in line:  # and there it is pasted
        says = says.replace("git rm --cached -rqf venv", "(cd -P .. && git rm --cached -rqf venv)")
    assert Commits(project, TARGET)(line) == (1, says)


def test_a_staged_link_is_not_in_a_partial_commit(family: Path) -> None:
    project = family / MEMBER
    git(project, "commit", "--quiet", "--message=one")
    commit = Commits(project, TARGET)
    (project / "app.py").write_text("changed")
    assert commit("git add -f venv; git commit -q -m two app.py") == (0, "")
    assert commit("git commit -q -m three") == (1, IGNORED_LINK)


def test_a_partial_commit_that_would_add_the_link_again_is_refused(family: Path) -> None:
    project = family / MEMBER
    arrange("git add -f venv; git commit -qm one; git rm -q --cached venv", project)
    assert Commits(project, TARGET)("git commit -q -m two venv") == (1, IGNORED_LINK)


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
    says = says.replace("echo '/a/[x]'", r"printf '\n%s\n' '/a/\[x]'") + IGNORED_LINK
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


LARGE = [
    ("the link", "git add -f venv", IGNORED_LINK),
    ("a usual name, not on disk", "ln -s ../../x .venv; git add .venv; rm .venv", tracked_link(".venv")),
    ("a link on disk", "VENV ../o; ln -s ../o py; git add py", tracked_link("py")),
    ("a venv on disk", "FEW env; git add -f env/bin/python", tracked_venv("env", "`env/bin/python`", "env/bin/python")),
    ("a venv in git alone", "FEW 'e [v]'; touch 'e [v]/lib/x'; git add -f e*; rm -r e*", None),
    ("the project's root", "FEW .; git add -f bin/python", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("script", "says"), [pytest.param(*each[1:], id=each[0]) for each in LARGE]
)
def test_a_large_index_is_not_told_whole(
    script: str, says: str | None, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is the same: it is asked by name, and for what is found on disk."""
    arrange(script, family / MEMBER)
    monkeypatch.setenv("CI", "1")
    small = hook(family / MEMBER, TARGET)
    monkeypatch.setattr("hooks.project.git_index.LARGE", 10)
    assert hook(family / MEMBER, TARGET) == small
    assert small == (1, says or small.output)


def test_a_large_index_when_the_links_place_is_elsewhere(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hooks.project.git_index.LARGE", 10)
    arrange("rm venv; FEW py; git add -f py/pyvenv.cfg; rm -r py", family / MEMBER)
    says = tracked_venv("py", "`py/pyvenv.cfg`")
    assert hook(family / MEMBER, TARGET, "--venv=../venv") == (1, says)
    paste(repairs(says)[0], family / MEMBER)
    assert hook(family / MEMBER, TARGET, "--venv=../venv") == (0, "")
