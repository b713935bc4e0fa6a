"""What the repositories of a family have in common: the hook, from arguments to what is printed.

Which pins and values agree is in tests/rules; here are real folders, real git, the real runners.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from demo import family as demo
from hooks.check_siblings_agree import main
from tests.trees import (
    Fifo,
    Said,
    Symlink,
    Tree,
    build,
    git,
    make_venv,
    repairs,
    said_by,
    without_rules,
)

CHECKOUT = Path(__file__).parent.parent
SCRIPTS = Path(sysconfig.get_path("scripts"))
OWNER, NEWS, MEDIA = "dr-daily-report", "dr-daily-report_news", "dr-daily-report_media"
TARGET = "--target=../dr-daily-report/venv"
LINK = Symlink("../dr-daily-report/venv")
YAML = ".pre-commit-config.yaml"
SILENT = Said(0, "")


def pinned(rev: str, repo: str = "https://h/hooks") -> str:
    return f"repos:\n  - repo: {repo}\n    rev: {rev}\n    hooks: []\n"


def drift(own: str, rest: str) -> str:
    return f"{YAML}:3: `https://h/hooks` is pinned to `{own}`, but to {rest}"


FIX = "  fix: pre-commit autoupdate --repo https://h/hooks\n"


@pytest.fixture
def news(dev: Path) -> Path:
    """A member, with its owner and a sibling; all pin the same."""
    make_venv(dev / OWNER / "venv")
    build({OWNER: {YAML: pinned("v1")}}, dev)
    for name in [NEWS, MEDIA]:
        build({name: {"venv": LINK, YAML: pinned("v1")}}, dev)
    return dev / NEWS


def run(project: Path, *arguments: str) -> Said:
    return said_by(main, project, TARGET, *arguments)


def test_a_family_that_agrees(news: Path) -> None:
    assert run(news) == SILENT
    assert run(news, "--same=.python-version") == Said(
        0, "note: `.python-version` was not compared: no project of the family has it\n"
    )


def test_what_agrees_is_not_parsed(news: Path) -> None:
    """PyYAML, and all that compares, is imported only where two texts differ."""
    code = (
        "import sys; from hooks.check_siblings_agree import main; main();"
        "print(*sorted({'yaml', 'packaging', 'hooks.values', 'hooks.rules.revs'}"
        " & {*sys.modules}))"
    )
    words = [sys.executable, "-P", "-c", code, TARGET, "--same=x.toml:a"]
    environ = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    for name in [OWNER, NEWS, MEDIA]:
        build({name: {"x.toml": "a = 1\n"}}, news.parent)
    ran = partial(subprocess.run, words, cwd=news, env=environ, capture_output=True, text=True)
    assert ran().stdout == "hooks.values\n"  # of `--same`: what is a key
    words.pop()
    assert ran().stdout == "\n"
    (news / YAML).write_text(pinned("v2"))
    assert ran().stdout.endswith("\nhooks.rules.revs hooks.values packaging yaml\n")


def test_the_older_is_told_in_either_repository(news: Path) -> None:
    (news.parent / OWNER / YAML).write_text(pinned("v2"))
    newer = f"the newer `v2` in `../{OWNER}/{YAML}:3`"
    assert run(news) == Said(1, drift("v1", newer) + "\n" + FIX)
    older = (
        f"the older `v1` in `../{MEDIA}/{YAML}:3` and `../{NEWS}/{YAML}:3`:"
        " these have to be brought up there\n"
    )
    assert said_by(main, news.parent / OWNER, "--target=venv") == Said(1, drift("v2", older))


def test_the_target_is_where_the_link_leads(news: Path) -> None:
    (news.parent / OWNER / YAML).write_text(pinned("v2"))
    told = run(news)
    assert told.status == 1
    assert said_by(main, news) == told
    assert said_by(main, news.parent / OWNER) == said_by(main, news.parent / OWNER, "--target=venv")
    (news / "venv").unlink()
    (news / "venv").symlink_to(news.parent / OWNER / "venv")
    absolute = told.output.replace("../", f"{news.parent}/")
    assert said_by(main, news) == Said(1, absolute)
    (news / "venv").unlink()
    assert said_by(main, news) == SILENT


def test_siblings_that_are_named(news: Path) -> None:
    build({"far": {YAML: pinned("v2")}}, news.parent)
    assert run(news) == SILENT
    told = Said(1, drift("v1", f"the newer `v2` in `../far/{YAML}:3`") + "\n" + FIX)
    assert run(news, "--sibling=../far") == told
    assert run(news, "--sibling=../far", "--no-siblings") == told
    assert run(news, "--sibling=../gone") == Said(
        1, "../gone: is no directory, but `--sibling` names it\n"
    )
    (news.parent / MEDIA / YAML).write_text(pinned("v3"))
    assert run(news, "--no-siblings") == SILENT


def test_in_ci_only_named_siblings_count(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    (news.parent / MEDIA / YAML).write_text(pinned("v2"))
    assert run(news) == SILENT
    assert run(news, f"--sibling=../{MEDIA}").status == 1
    (news / YAML).write_text(pinned("v1") + pinned("v2").removeprefix("repos:\n"))
    twice = drift("v1", f"the newer `v2` in `{YAML}:6`") + "\n" + FIX
    assert run(news) == Said(1, twice)


def test_files_and_values(news: Path) -> None:
    tree: Tree = {".python-version": "3.11\n", "pyproject.toml": "[tool.ruff]\nline-length = 100\n"}
    for name in [OWNER, NEWS, MEDIA]:
        build({name: tree}, news.parent)
    asked = ["--same=.python-version", "--same=pyproject.toml:tool.ruff", "--same=.python-version"]
    assert run(news, *asked) == SILENT
    build({MEDIA: {"x": "", ".python-version": "3.12\n"}}, news.parent)
    (news.parent / OWNER / "pyproject.toml").write_text("[tool]\nruff = {line-length = 88}\n")
    assert run(news, *asked) == Said(
        1,
        f".python-version:1: says `3.11`, but `3.12` in `../{MEDIA}/.python-version:1`\n"
        "pyproject.toml:2: `tool.ruff.line-length` is `100`,"
        f" but `88` in `../{OWNER}/pyproject.toml:2`\n",
    )
    assert run(news, "--same=.python-version", "--no-siblings") == SILENT
    (news / ".python-version").unlink()
    assert run(news, "--same=.python-version") == SILENT
    assert run(news, "--same=.python-version", "--everywhere") == Said(
        1, f".python-version: is missing, but `../{OWNER}/.python-version` is there\n"
    )


def test_a_file_below_a_folder_and_what_is_no_file(news: Path) -> None:
    for name, text in [(OWNER, "a"), (NEWS, "b")]:
        build({name: {"sub": {"a.txt": text}}}, news.parent)
    build({MEDIA: {"sub": {"a.txt": Fifo()}}}, news.parent)
    assert run(news, "--same=sub/a.txt") == Said(
        1,
        f"note: `../{MEDIA}/sub/a.txt` is a named pipe, not a file: it was not compared\n"
        f"sub/a.txt:1: says `b`, but `a` in `../{OWNER}/sub/a.txt:1`\n",
    )


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--same="], "argument --same: `` is no FILE and no FILE:KEY.KEY"),
        (["--same=a.toml:"], "argument --same: `a.toml:` is no FILE and no FILE:KEY.KEY"),
        (["--same=../x"], "argument --same: `../x` is no file inside each project"),
        (
            ["--same=setup.cfg:a"],
            "argument --same: `setup.cfg` has no keys that can be read:"
            " only TOML, YAML and JSON have",
        ),
        (["--everywhere"], "--everywhere needs --same"),
        (["--same"], "argument --same: expected one argument"),
    ],
)
def test_a_question_that_cannot_be_asked(news: Path, arguments: Sequence[str], why: str) -> None:
    status, output = run(news, *arguments)
    assert (status, output.splitlines()[-1]) == (2, f"check-siblings-agree: {why}")


def test_no_configuration_here(news: Path) -> None:
    (news / YAML).unlink()
    assert run(news) == SILENT


def test_the_console_script_and_the_module(news: Path) -> None:
    (news.parent / OWNER / YAML).write_text(pinned("v2"))
    for words in [
        [str(SCRIPTS / "check-siblings-agree")],
        [sys.executable, "-I", "-m", "hooks.check_siblings_agree"],
    ]:
        ran = subprocess.run([*words, TARGET], cwd=news, capture_output=True, text=True)
        assert Said(ran.returncode, without_rules(ran.stdout + ran.stderr)) == run(news)
        assert ran.returncode == 1


def test_a_linked_work_tree_counts_from_the_main_one(news: Path, tmp_path: Path) -> None:
    """Its siblings, and its hook repositories that are named by a relative path."""
    (news / YAML).write_text(pinned("v1", "../hooks"))
    (news.parent / MEDIA / YAML).write_text(pinned("v2", "../hooks"))
    git(news, "init", "--quiet")
    git(news, "add", YAML)
    git(news, "commit", "--quiet", "--message", "first")
    git(news, "worktree", "add", "--quiet", str(tmp_path / "far" / "fix"))
    [told] = run(tmp_path / "far" / "fix").output.splitlines()[:1]
    assert told == (
        f"{YAML}:3: `../hooks` is pinned to `v1`, but to the newer `v2`"
        f" in `../../my dev/{MEDIA}/{YAML}:3`"
    )


# -- real runners ---------------------------------------------------------------------------------


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    return demo.developers_shell(tmp_path, SCRIPTS)


@pytest.fixture
def hooks(dev: Path, shell: dict[str, str]) -> Path:
    """A hook repository of its own, with the tags v1.0.0 and v1.1.0."""
    manifest = "- {id: agree, name: agree, entry: check-siblings-agree, language: system,\n"
    manifest += "   pass_filenames: false, always_run: true, verbose: true}\n"
    build({"hooks": {".pre-commit-hooks.yaml": manifest}}, dev)
    git(dev, "init", "--quiet", "hooks")
    for tag, date in [("v1.0.0", "2026-01-01T00:00:00Z"), ("v1.1.0", "2026-02-01T00:00:00Z")]:
        # prek takes the newest tag by its date.
        do = partial(
            demo.must_run,
            directory=dev / "hooks",
            environment={**shell, "GIT_COMMITTER_DATE": date},
        )
        do(["git", "add", "."])
        do(["git", "commit", "--quiet", "--allow-empty", "--message", tag])
        do(["git", "tag", tag])
    return dev / "hooks"


def runner_pins(rev: str, name: str = YAML) -> str:
    if name == YAML:
        text = pinned(rev, "../hooks")
        return text.replace("hooks: []", f"hooks: [{{id: agree, args: [{TARGET}]}}]")
    rev, _, comment = rev.partition(" ")
    return (
        f'[[repos]]\nrepo = "../hooks"\nrev = "{rev}" {comment}\n'
        f'hooks = [{{id = "agree", args = ["{TARGET}"]}}]\n'
    )


@pytest.mark.parametrize(
    ("runner", "name", "is_frozen"),
    [
        ("pre-commit", YAML, False),
        ("pre-commit", YAML, True),
        ("prek", YAML, False),
        ("prek", YAML, True),
        ("prek", "prek.toml", False),
        ("prek", "prek.toml", True),
    ],
)
def test_drift_is_told_brought_together_by_pasting_and_silent(
    runner: str, name: str, is_frozen: bool, news: Path, hooks: Path, shell: dict[str, str]
) -> None:
    hashes = {tag: git(hooks, "rev-parse", tag).strip() for tag in ["v1.0.0", "v1.1.0"]}

    def rev(tag: str) -> str:
        return f"{hashes[tag]}  # frozen: {tag}" if is_frozen else tag

    do = partial(demo.must_run, directory=news, environment=shell)
    (news / YAML).unlink()
    build({name: runner_pins(rev("v1.0.0"), name), ".gitignore": "/venv\n"}, news)
    for sibling in [OWNER, MEDIA]:
        (news.parent / sibling / YAML).write_text(runner_pins(rev("v1.1.0")))
    do(["git", "init", "--quiet"])
    do(["git", "add", "."])
    status, output = demo.run([runner, "run", "--all-files"], news, shell)
    assert status == 1
    assert f"{name}:3: `../hooks` is pinned to `v1.0.0`" in output
    assert f"but to the newer `v1.1.0`{' (frozen as' if is_frozen else ' in'}" in output
    [line] = repairs(output.replace("\n    ", "\n  ").replace("    fix:", "  fix:"))
    freeze = "--freeze " if is_frozen else ""
    assert line == f"{runner} autoupdate {freeze}--repo ../hooks"
    do(["bash", "-c", line])
    text = (news / name).read_text()
    assert text == runner_pins(rev("v1.1.0"), name)
    do(["git", "add", "."])
    assert do([runner, "run", "--all-files"]).count("Passed") == 1
    assert run(news) == SILENT


@pytest.mark.usefixtures("hooks")
def test_after_an_autoupdate_in_one_repository(news: Path, shell: dict[str, str]) -> None:
    """Where the drift comes from: one is brought up, the others are not."""
    for name in [OWNER, NEWS, MEDIA]:
        (news.parent / name / YAML).write_text(runner_pins("v1.0.0"))
    git(news, "init", "--quiet")
    assert run(news) == SILENT
    demo.must_run(["pre-commit", "autoupdate"], news, shell)
    assert run(news) == Said(
        1,
        f"{YAML}:3: `../hooks` is pinned to `v1.1.0`, but to the older `v1.0.0` in"
        f" `../{OWNER}/{YAML}:3` and `../{MEDIA}/{YAML}:3`: these have to be brought up there\n",
    )
    for name in [OWNER, MEDIA]:
        git(news.parent / name, "init", "--quiet")
        said = said_by(main, news.parent / name, TARGET if name == MEDIA else "--target=venv")
        [line] = repairs(said.output)
        demo.must_run(["bash", "-c", line], news.parent / name, shell)
    assert run(news) == SILENT
