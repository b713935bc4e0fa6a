"""Where a thing was installed from, for real: pip and uv write PEP 610, the hook reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.families import (
    a_member,
    said,
)
from tests.packages import install, make_project, make_venv, make_wheel, run
from tests.trees import Python, git, pythons, without_rules

INSTALLED_FROM = [
    pytest.param(
        ["./my-lib"],
        ["./my-lib", "my-lib", "my-lib==1", "my_lib @ {root}/my-lib", "{root}/./my-lib/#egg=my-lib",
         "file:my-lib", "file:./my-lib", "my-lib @ file:my-lib"],
        {
            "-e my-lib": "`-e my-lib` is required, but a copy is installed",
            "./other": "`./other` is required, but `my-lib` is installed from `{here}/my-lib`",
            "my-lib==2": "`my-lib==2` is required, but `1` is installed",
        },
        id="a local directory",
    ),
    pytest.param(["file:./my-lib"], ["file:my-lib", "my-lib==1"], {}, id="a relative URL"),
    pytest.param(["-e", "file:my-lib"], ["-e file:my-lib", "-e ./my-lib"], {}, id="editable"),
    pytest.param(
        ["-e", "my-lib"],
        ["-e my-lib", "-e ./my-lib", "--editable={root}/my-lib", "my-lib>=1", "-e file:my-lib"],
        {
            "./my-lib": "`./my-lib` is required, but it is installed editable",
            "-e other": "`-e other` is required, but `my-lib` is installed from `{here}/my-lib`",
        },
        id="editable",
    ),
    pytest.param(
        ["wheels/my_lib-1-py3-none-any.whl"],
        ["wheels/my_lib-1-py3-none-any.whl", "./wheels/my_lib-1-py3-none-any.whl", "my-lib==1",
         "{root}/wheels/my_lib-1-py3-none-any.whl", "my-lib @ {root}/wheels/my_lib-1-py3-none-any.whl"],
        {
            "other/my_lib-1-py3-none-any.whl": "`other/my_lib-1-py3-none-any.whl` is required,"
            " but it is installed from `{here}/wheels/my_lib-1-py3-none-any.whl`",
            "./my-lib": "`./my-lib` is required,"
            " but it is installed from `{here}/wheels/my_lib-1-py3-none-any.whl`",
        },
        id="a wheel file",
    ),
    pytest.param(
        ["my-lib @ git+{root}/repo@main"],
        ["my-lib @ git+{root}/repo@main", "git+{root}/repo@main#egg=my-lib", "my-lib==1",
         "git+{root}/repo/@refs/heads/main#egg=my-lib", "my-lib @ git+{root}/repo.git@{commit}",
         "git+{root}/repo@main"],
        {
            "my-lib @ git+{root}/repo@v1": "`my-lib @ git+{root}/repo@v1` is required,"
            " but `main` is installed (commit `{commit}`)",
            "my-lib @ git+{root}/repo@" + "0" * 40: "`my-lib @ git+{root}/repo@"
            + "0" * 40 + "` is required, but commit `{commit}` is installed",
            "my-lib @ git+{root}/other@main": "`my-lib @ git+{root}/other@main` is required,"
            " but it is installed from `git+file://{here}/repo@main`",
            "./my-lib": "`./my-lib` is required, but it is installed from `git+file://{here}/repo@main`",
        },
        id="a branch of a repository",
    ),
    pytest.param(
        ["my-lib @ git+{root}/repo@v1"],
        ["my-lib @ git+{root}/repo@v1", "my-lib @ git+{root}/repo@refs/tags/v1",
         "my-lib @ git+{root}/repo@{short}"],
        {
            "my-lib @ git+{root}/repo@v2": "`my-lib @ git+{root}/repo@v2` is required,"
            " but `v1` is installed (commit `{commit}`)",
        },
        id="a tag of a repository",
    ),
    pytest.param(
        ["my-lib @ git+{root}/repo@{commit}"],
        ["my-lib @ git+{root}/repo@{commit}", "my-lib @ git+{root}/repo@{short}"],
        {
            "my-lib @ git+{root}/repo@" + "1" * 40: "`my-lib @ git+{root}/repo@"
            + "1" * 40 + "` is required, but commit `{commit}` is installed",
        },
        id="a commit of a repository",
    ),
    pytest.param(
        ["my-lib @ git+{root}/repo"],
        ["my-lib @ git+{root}/repo", "my-lib @ git+{root}/repo/", "git+{root}/repo#egg=my-lib"],
        {
            "my-lib": None,
            "my-inner @ git+{root}/repo#subdirectory=sub/inner": "`my-inner @"
            " git+{root}/repo#subdirectory=sub/inner` is required, but not installed",
        },
        id="the default branch of a repository",
    ),
    pytest.param(
        ["my-inner @ git+{root}/repo@main#subdirectory=sub/inner"],
        ["my-inner @ git+{root}/repo@main#subdirectory=sub/inner",
         "git+{root}/repo@main#subdirectory=sub/inner/&egg=my-inner",
         "git+{root}/repo@main#subdirectory=sub/inner"],
        {
            "my-inner @ git+{root}/repo@main": "`my-inner @ git+{root}/repo@main` is required,"
            " but it is installed from its subdirectory `sub/inner`",
        },
        id="a subdirectory of a repository",
    ),
]  # fmt: skip


@pytest.mark.parametrize("installer", ["pip", "uv"])
@pytest.mark.parametrize(("arguments", "in_sync", "out_of_sync"), INSTALLED_FROM)
def test_installed_from(
    installer: str,
    arguments: Sequence[str],
    in_sync: Sequence[str],
    out_of_sync: dict[str, str | None],
    owner: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ["my-lib", "other", "repo"]:
        make_project(owner / name, "my-lib")
    make_project(owner / "repo/sub/inner", "my-inner")
    for folder in ["wheels", "other"]:
        make_wheel(owner / folder, "my-lib", "1")
    git(owner / "repo", "init", "--quiet")
    git(owner / "repo", "add", ".")
    git(owner / "repo", "commit", "--quiet", "--message", "all")
    git(owner / "repo", "tag", "v1")
    commit = git(owner / "repo", "rev-parse", "HEAD").strip()
    words = {
        "root": owner.as_uri(),
        "here": "DEV/dr-daily-report",
        "commit": commit,
        "short": commit[:9],
    }
    install(
        installer,
        owner / "venv",
        *(each.format(**words) for each in arguments),
        directory=owner,
    )
    asks = owner / "requirements.txt"
    outputs = {}
    for line in in_sync:
        asks.write_text(line.format(**words) + "\n")
        outputs[line] = said(capsys)
    assert outputs == dict.fromkeys(in_sync, (0, ""))
    for line, expected in out_of_sync.items():
        asks.write_text(line.format(**words) + "\n")
        status, output = said(capsys)
        what = "" if expected is None else f"requirements.txt:1: {expected.format(**words)}"
        assert (status, without_rules(output).partition("\n")[0]) == (int(bool(expected)), what)


def test_a_clone_that_is_editable_under_src_is_in_sync(
    owner: Path, venv_with_pip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """pip clones it into `src` of the venv that runs it: here by way of the member's link."""
    shutil.rmtree(owner / "venv")
    shutil.copytree(venv_with_pip, owner / "venv", symlinks=True)
    make_project(owner / "repo", "my-lib")
    git(owner / "repo", "init", "--quiet")
    git(owner / "repo", "add", ".")
    git(owner / "repo", "commit", "--quiet", "--message", "all")
    line = f"-e git+{(owner / 'repo').as_uri()}@main#egg=my-lib"
    member = a_member(owner, "news", {"requirements.txt": line})
    run("venv/bin/python", "-m", "pip", "install", "-q", "-r", "requirements.txt", directory=member)
    os.chdir(member)
    assert said(capsys) == (0, "")
    (member / "requirements.txt").write_text("-e git+https://example.org/repo#egg=other")
    assert said(capsys, "--no-siblings") == (
        1,
        (
            "requirements.txt:1: `-e git+https://example.org/repo#egg=other` is required,"
            " but not installed [not-installed]\n"
            "  fix: 'DEV/dr-daily-report/venv/bin/python' -m pip install -r requirements.txt\n"
        ),
    )


@pytest.mark.parametrize("maker", ["venv", "virtualenv", "uv"])
@pytest.mark.parametrize("python", pythons(), ids=lambda python: python.version)
def test_markers_are_for_the_venvs_own_python(
    python: Python, maker: str, owner: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(owner / "venv")
    if maker == "uv":
        make_venv(owner / "venv", python.executable)
    elif maker == "venv":
        run(python.executable, "-m", "venv", "--without-pip", str(owner / "venv"))
    else:
        virtualenv = [sys.executable, "-m", "virtualenv", "--quiet", "--without-pip"]
        virtualenv += ["--python", python.executable, str(owner / "venv")]
        if subprocess.run(virtualenv, capture_output=True, check=False).returncode:
            pytest.skip(f"virtualenv makes none of Python {python.version}")
    operators = {"a": "==", "b": "!=", "c": "<", "d": ">"}
    lines = [
        f"{name}; python_version {each} '{python.version}'" for name, each in operators.items()
    ]
    (owner / "requirements.txt").write_text("\n".join(lines))
    status, output = said(capsys, "--no-siblings")
    what = f"`a; python_version == '{python.version}'` is required, but not installed"
    assert (status, output) == (
        1,
        f"requirements.txt:1: {what} [not-installed]\n"
        "  fix: uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt\n",
    )
