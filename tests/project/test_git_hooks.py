"""Which runner git starts, and when: what the runners really install, and git's own word."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from hooks.project.git_hooks import GitHooks, hooks_folder, parse_runners, read_git_hooks
from hooks.project.git_repository import GitRepository, read_git_repository
from tests.trees import git, tool

CONFIGURATION = "repos: []\n"
NONE = GitHooks((), ())


@pytest.fixture
def project(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(dev, "init", "--quiet", "project")
    (dev / "project" / ".pre-commit-config.yaml").write_text(CONFIGURATION)
    monkeypatch.chdir(dev / "project")
    return dev / "project"


def repository(folder: Path) -> GitRepository:
    found = read_git_repository(str(folder))
    assert found
    return found


def hooks_of(folder: Path) -> GitHooks:
    return read_git_hooks(repository(folder), os.environ)


def install(runner: str, *arguments: str) -> None:
    subprocess.run([tool(runner), "install", *arguments], check=True, capture_output=True)


def write(path: Path, text: str, mode: int = 0o755) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def test_a_new_clone_has_none(project: Path) -> None:
    assert hooks_of(project) == NONE


@pytest.mark.parametrize("runner", ["pre-commit", "prek"])
def test_what_a_runner_installs(runner: str, project: Path) -> None:
    install(runner)
    assert hooks_of(project) == GitHooks((runner,), ("pre-commit",))
    install(runner, "-t", "pre-push", "-t", "post-checkout")
    assert hooks_of(project) == GitHooks((runner,), ("pre-commit", "pre-push", "post-checkout"))
    subprocess.run([tool(runner), "uninstall"], check=True, capture_output=True)
    assert hooks_of(project) == GitHooks((runner,), ("pre-push", "post-checkout"))


def test_one_after_the_other_keeps_both(project: Path) -> None:
    install("pre-commit")
    install("prek")
    assert hooks_of(project) == GitHooks(("pre-commit", "prek"), ("pre-commit",))
    (project / ".git/hooks/pre-commit.legacy").chmod(0o644)
    assert hooks_of(project) == GitHooks(("prek",), ("pre-commit",))


def test_git_passes_over_a_hook_that_is_not_executable(project: Path) -> None:
    install("pre-commit")
    (project / ".git/hooks/pre-commit").chmod(0o644)
    assert hooks_of(project) == NONE


def test_a_linked_work_tree_has_the_hooks_of_the_main_one(project: Path) -> None:
    install("prek")
    git(project, "commit", "--quiet", "--allow-empty", "--no-verify", "--message=Begin")
    git(project, "worktree", "add", "--quiet", "../linked")
    assert hooks_of(project.parent / "linked") == GitHooks(("prek",), ("pre-commit",))


TEXTS = {
    "somebody's own hook": ("#!/bin/sh\nmake lint\n", set()),
    "a comment about a runner": ("#!/bin/sh\n# pre-commit run\n", set()),
    "a word that ends like one": ("#!/bin/sh\nmy-pre-commit run\n", set()),
    "a path to one": (
        "#!/bin/sh\n.venv/bin/pre-commit run --hook-stage=pre-push\n",
        {"pre-commit"},
    ),
    "by uv": ("#!/bin/sh\nexec uv run prek run\n", {"prek"}),
    "quoted": ('#!/bin/sh\n"$BIN/prek" hook-impl -- "$@"\n', {"prek"}),
    "both": ("#!/bin/sh\nprek run\npre-commit run\n", {"pre-commit", "prek"}),
    "another command of one": ("#!/bin/sh\npre-commit autoupdate\n", set()),
    "no text at all": ("\0\x7fELF", set()),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.values(), ids=TEXTS)
def test_a_hook_that_somebody_wrote(text: str, expected: set[str], project: Path) -> None:
    assert parse_runners(text.encode()) == expected
    write(project / ".git" / "hooks" / "pre-push", text)
    assert hooks_of(project) == GitHooks(tuple(sorted(expected)), ("pre-push",) if expected else ())


def husky(project: Path) -> None:
    """Hooks that are kept in the repository."""
    write(project / ".husky" / "pre-commit", "#!/bin/sh\npre-commit run\n")


PLACES = {
    "not set": [],
    "from the top of the work tree": ["git config core.hooksPath .husky"],
    "by an absolute path": ['git config core.hooksPath "$PWD/.husky"'],
    "in the user's home": ["git config core.hooksPath '~/hooks'"],
    "set for the user": ["git config --global core.hooksPath .husky"],
    "set for the user in ~/.config": [
        'mkdir -p "$HOME/.config/git"; rm -f "$HOME/.gitconfig"',
        'git config --file "$HOME/.config/git/config" core.hooksPath .husky',
    ],
    "set for the user in two files": [
        'mkdir -p "$HOME/.config/git"; git config --global core.hooksPath one',
        'git config --file "$HOME/.config/git/config" core.hooksPath two',
    ],
    "set for both": [
        "git config --global core.hooksPath elsewhere; git config core.hooksPath .husky"
    ],
    "switched off": ["git config core.hooksPath /dev/null"],
}


@pytest.mark.parametrize("lines", PLACES.values(), ids=PLACES)
def test_the_folder_is_the_one_that_git_names(
    lines: list[str], project: Path, dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    monkeypatch.setenv("HOME", str(dev / "home"))
    (dev / "home").mkdir()
    for line in lines:
        subprocess.run(["bash", "-c", line], cwd=project, check=True)
    named = git(project, "rev-parse", "--git-path", "hooks").strip()
    assert hooks_folder(repository(project), os.environ) == os.path.join(project, named)
    husky(project)
    expected = GitHooks(("pre-commit",), ("pre-commit",)) if named.endswith(".husky") else NONE
    assert hooks_of(project) == expected


def test_the_users_own_file_may_be_named(
    project: Path, dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"]:
        monkeypatch.setenv(variable, str(dev / variable))
    monkeypatch.delenv("GIT_CONFIG_NOSYSTEM")
    (dev / "GIT_CONFIG_SYSTEM").write_text("[core]\n\thooksPath = system\n")
    assert hooks_folder(repository(project), os.environ) == str(project / "system")
    (dev / "GIT_CONFIG_GLOBAL").write_text("[core]\n\thooksPath = user\n")
    assert hooks_folder(repository(project), os.environ) == str(project / "user")
