"""check-requirements-sync in one project: what it reads, and what it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from hooks.check_requirements_sync import main
from tests.families import (
    LINK,
    OWNER,
    PANDAS,
    PYPROJECT,
    SITE,
    TARGET,
    said,
)
from tests.trees import Tree, build

pytestmark = pytest.mark.usefixtures("uv_of_the_user")

DECLARED = PYPROJECT + (
    'dependencies = ["pandas"]\n'
    '[project.optional-dependencies]\nplots = ["matplotlib"]\n'
    '[dependency-groups]\ndev = ["pytest"]\n'
)
FIX = "  fix: uv pip install --python ../dr-daily-report/venv/bin/python"
PROJECTS = [
    pytest.param({"requirements.txt": "pandas"}, [], 0, "", id="requirements.txt"),
    pytest.param({"pyproject.toml": DECLARED}, [], 0, "", id="pyproject.toml"),
    pytest.param(
        {"requirements.txt": "a", "other.txt": "pandas"},
        ["--requirements=other.txt"],
        0,
        "",
        id="other files instead",
    ),
    pytest.param(
        {"requirements.txt": "a", "pyproject.toml": DECLARED.replace("pandas", "b")},
        [],
        1,
        (
            "requirements.txt:1: `a` is required, but not installed [not-installed]\n"
            "pyproject.toml:4: `b` is required, but not installed [not-installed]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt b\n"
        ),
        id="both files",
    ),
    pytest.param(
        {"pyproject.toml": DECLARED},
        ["--extra=plots", "--group=dev"],
        1,
        (
            "pyproject.toml:6: `matplotlib` is required, but not installed [not-installed]\n"
            "pyproject.toml:8: `pytest` is required, but not installed [not-installed]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' pandas matplotlib pytest\n"
        ),
        id="extras and groups",
    ),
    pytest.param(
        {"pyproject.toml": '[dependency-groups]\ndev = ["pytest"]\n'},
        ["--group=dev"],
        1,
        (
            "pyproject.toml:2: `pytest` is required, but not installed [not-installed]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' pytest\n"
        ),
        id="a group of a project without dependencies",
    ),
    pytest.param(
        {"requirements.txt": "a=1\npandas==1\n--frobnicate\nb"},
        [],
        1,
        (
            "requirements.txt:1: `a=1` is no requirement: `=` is not an operator, `==` is [bad-requirement]\n"
            "requirements.txt:2: `pandas==1` is required, but `2.0.0` is installed [wrong-version]\n"
            "requirements.txt:4: `b` is required, but not installed [not-installed]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' pandas==1 b\n"
            "note: requirements.txt:3: `--frobnicate` is an option that is not known here: it was not read\n"
        ),
        id="bad lines hide nothing",
    ),
    pytest.param(
        {"requirements.txt": "-r missing.txt\n-r https://e.org/r.txt\npandas"},
        [],
        1,
        (
            "requirements.txt:1: the included `missing.txt` is missing [bad-include]\n"
            "note: requirements.txt:2: `https://e.org/r.txt` is not on this machine and was not read\n"
        ),
        id="files that cannot be read",
    ),
    pytest.param(
        {"requirements.txt": "a @ https://me:${TOKEN}@e.org/a?key=${TOKEN}"},
        [],
        1,
        (
            "requirements.txt:1: `a @ https://****@e.org/a?key=****` is required, but not installed [not-installed]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt\n"
        ),
        id="a secret",
    ),
    pytest.param(
        {
            "pyproject.toml": '[project]\nname = "n"\nrequires-python = ">=3.12"\ndependencies = []\n'
        },
        [],
        1,
        (
            "pyproject.toml:3: `requires-python` is `>=3.12`, but the venv's Python is `3.11.7` [wrong-python]\n"
        ),
        id="another Python",
    ),
    pytest.param(
        {"requirements.txt": "broken"},
        [],
        1,
        (
            "../dr-daily-report/venv/lib/python3.11/site-packages/broken-1.dist-info/METADATA: has no `Version` [broken-metadata]\n"
            "  fix: test ! -e ../dr-daily-report/venv/lib/python3.11/site-packages.broken-1.dist-info.old && mv -n ../dr-daily-report/venv/lib/python3.11/site-packages/broken-1.dist-info ../dr-daily-report/venv/lib/python3.11/site-packages.broken-1.dist-info.old && uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt\n"
        ),
        id="metadata without a version",
    ),
    pytest.param(
        {"requirements.txt": "./lib", "lib": {"setup.py": ""}},
        [],
        1,
        (
            "requirements.txt:1: `./lib` is required, but nothing is installed from there [not-installed]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt\n"
        ),
        id="a path that does not tell its name",
    ),
    pytest.param(
        {
            "requirements.txt": "./lib\n./bad",
            "lib": {
                "setup.py": "",
                "pyproject.toml": "project = 1",
                "setup.cfg": "[metadata]\nname = Pandas",
            },
            "bad": {"pyproject.toml": "[", "setup.cfg": "["},
        },
        ["--no-siblings"],
        1,
        (
            "requirements.txt:1: `./lib` is required, but `pandas` was installed by its name alone, from an index [wrong-source]\n"
            "requirements.txt:2: `./bad` is required, but nothing is installed from there [not-installed]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' --reinstall --no-deps ./lib && uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt\n"
        ),
        id="names of paths",
    ),
    pytest.param(
        {
            "requirements.txt": "-r a.txt\n-r b.txt",
            "a.txt": "-c c.txt\npandas",
            "b.txt": "-c c.txt",
            "c.txt": "pandas<2",
        },
        ["--requirements=a.txt", "--requirements=b.txt", "--requirements=a.txt"],
        1,
        (
            "c.txt:1: `pandas<2` is a constraint, but `2.0.0` is installed [broken-constraint]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' -r a.txt\n"
        ),
        id="a constraint of two files",
    ),
    pytest.param(
        {"requirements.txt": "odd\n./x.zip"},
        [],
        1,
        (
            "requirements.txt:2: `./x.zip` is required, but nothing is installed from there [not-installed]\n"
            "note: requirements.txt is left out of the command: `./x.zip` leads to a place that is gone\n"
            "note: ../dr-daily-report/venv/lib/python3.11/site-packages/odd-1.dist-info/direct_url.json is not valid JSON\n"
        ),
        id="a direct_url.json that is none",
    ),
]


@pytest.mark.parametrize(("tree", "options", "status", "output"), PROJECTS)
def test_project(
    tree: Tree,
    options: Sequence[str],
    status: int,
    output: str,
    dev: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TOKEN", "s3cret")
    site: Tree = {
        "broken-1.dist-info": {"METADATA": "Name: broken\n"},
        "odd-1.dist-info": {"METADATA": "Name: odd\nVersion: 1\n", "direct_url.json": "{"},
    }
    build({"venv": PANDAS, f"venv/{SITE}": site}, dev / "dr-daily-report")
    monkeypatch.chdir(build({"venv": LINK, **tree}, dev / "news"))
    assert said(capsys, *options) == (status, output)


def test_setup_py_develop(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    news: Tree = {"setup.py": "", "news.egg-info": {"PKG-INFO": "Name: news\nVersion: 1\n"}}
    build(
        {OWNER: {"venv": PANDAS}, "news": {"venv": LINK, "requirements.txt": "-e .", **news}}, dev
    )
    link = dev / OWNER / "venv" / SITE / "news.egg-link"
    link.write_text(f"{dev}/news\n.")
    monkeypatch.chdir(dev / "news")
    assert said(capsys) == (0, "")
    assert said(capsys, "--forbid-undeclared", "--allow-undeclared=numpy") == (
        1,
        "../dr-daily-report/venv: `pandas==2.0.0` is installed, but no project of the family"
        " declares it or needs it: write it down where it is needed, or allow it with"
        " `--allow-undeclared=pandas` [undeclared]\n",
    )


REFUSED = [
    pytest.param(
        {"venv": PANDAS},
        [TARGET],
        "nothing to check: no requirements.txt, no [project] dependencies in pyproject.toml",
        id="an owner with nothing to check",
    ),
    pytest.param(
        {"venv": PANDAS, "pyproject.toml": '[project]\nname = "dr"\n'},
        [],
        "nothing to check: no requirements.txt, no [project] dependencies in pyproject.toml",
        id="a venv of its own, and nothing to check",
    ),
    pytest.param(
        {"venv": PANDAS, "requirements.txt": "a"},
        [TARGET, "--extra=x"],
        "--extra and --group need a pyproject.toml or a pylock.toml",
        id="an extra of no project",
    ),
    pytest.param(
        {"requirements.txt": "a", "pyproject.toml": DECLARED},
        [TARGET, "--requirements=requirements.txt", "--group=dev"],
        "--extra and --group need a pyproject.toml or a pylock.toml",
        id="a group of a file without groups",
    ),
    pytest.param(
        {"requirements.txt": "a"}, ["--frobnicate"], "unrecognized arguments: --frobnicate",
        id="an option that there is not",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("tree", "options", "why"), REFUSED)
def test_refused(
    tree: Tree,
    options: Sequence[str],
    why: str,
    dev: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(build(tree, dev / OWNER))
    with pytest.raises(SystemExit) as stopped:
        main(options)
    said = capsys.readouterr()
    assert (stopped.value.code, said.out, said.err.splitlines()[-1]) == (
        2,
        "",
        f"check-requirements-sync: {why}",
    )
