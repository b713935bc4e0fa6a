"""The family: what its projects ask for, against the venv and against one another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from hooks.check_requirements_sync import main
from tests.families import (
    GUIDE,
    LINK,
    PANDAS,
    PYPROJECT,
    installed,
    said,
)
from tests.trees import Fifo, Symlink, Tree, build, said_whole

pytestmark = pytest.mark.usefixtures("uv_of_the_user")


NO_VENV = {name: each for name, each in PANDAS.items() if name != "pyvenv.cfg"}
UNUSABLE = {
    "no venv any more": (
        NO_VENV,
        "the venv cannot be used, and what is installed is not checked [unusable-venv]",
    ),
    "conda's": ({**NO_VENV, "conda-meta": {}}, "[conda-environment]"),
    "not there": (
        None,
        "venv: there is no virtual environment, nor at `../dr-daily-report/venv` [unusable-venv]",
    ),
}


@pytest.mark.parametrize("which", UNUSABLE)
def test_why_the_venv_cannot_be_used(
    which: str, dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    venv, why = UNUSABLE[which]
    owner: Tree = {"venv": venv} if venv is not None else {}
    build({"dr-daily-report": owner, "news": {"venv": LINK, "requirements.txt": ""}}, dev)
    monkeypatch.chdir(dev / "news")
    status, printed = said(capsys)
    assert status == 1
    assert printed.splitlines()[0].endswith(why)
    assert ("  fix: " in printed) is (which != "conda's")


def test_no_venv_and_no_target(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build({"news": {"requirements.txt": ""}}, dev)
    monkeypatch.chdir(dev / "news")
    assert main([]) == 1
    what, fix = capsys.readouterr().out.splitlines()
    assert what == (
        "venv: there is no virtual environment; `--target` names the shared one [unusable-venv]"
    )
    assert fix.endswith(" -m venv venv")


UNREAD: Tree = {"Pipfile": "[packages]\na = '*'\n"}
NEEDS_NOTHING: Tree = {"pyproject.toml": f"{PYPROJECT}dependencies = []\n"}
WHO_IS_STOPPED = [
    pytest.param("news", UNREAD, True, ["--requirements=Pipfile"], id="who asks for it"),
    pytest.param("news", UNREAD, False, [], id="a member, which inherits"),
    pytest.param("dr-daily-report", UNREAD, True, [], id="the owner"),
    pytest.param(
        "dr-daily-report", {**UNREAD, **NEEDS_NOTHING}, False, [], id="another file answers"
    ),
]


@pytest.mark.parametrize(("project", "files", "is_stopped", "options"), WHO_IS_STOPPED)
def test_whom_a_file_that_nobody_reads_stops(
    project: str,
    files: Tree,
    is_stopped: bool,
    options: list[str],
    dev: Path,
) -> None:
    owner: Tree = {"venv": PANDAS, "requirements.txt": ""}
    family: dict[str, Tree] = {"dr-daily-report": owner, "news": {"venv": LINK}}
    family[project] = {"venv": family[project]["venv"], **files}
    build(family, dev)
    told = said_whole(main, dev / project, f"--target={dev}/dr-daily-report/venv", *options)
    assert (told.status == 2) is is_stopped


TOLD = (
    "repos: [{repo: a/b, rev: v1, hooks: [{id: check-requirements-sync,"
    " args: [--requirements, ours.txt]}]}]\n"
)
FAMILIES = [
    pytest.param(
        "dr-daily-report",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {"venv": LINK, "requirements.txt": GUIDE},
        },
        [],
        0,
        "",
        id="the owner, in agreement with a member",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {"venv": LINK, "requirements.txt": ""},
        },
        [],
        0,
        "",
        id="an empty requirements.txt is an answer",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {"venv": LINK, "pyproject.toml": "[tool.ruff]\n"},
        },
        [],
        0,
        "",
        id="a member that inherits",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "telegram": {"venv": LINK, "requirements.txt": "pandas==1.5.3\n"},
            "news": {"venv": LINK},
        },
        [],
        0,
        "",
        id="a member that inherits, where the owner and a sibling part",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {
                "venv": PANDAS,
                "requirements.txt": "pandas==1\n",
                "ours.txt": GUIDE,
                ".pre-commit-config.yaml": TOLD,
            },
            "telegram": {
                "venv": LINK,
                "requirements.txt": "pandas==3\n",
                "ours.txt": "pandas==2.0.0\n",
                ".pre-commit-config.yaml": TOLD,
            },
            "news": {"venv": LINK},
        },
        [],
        0,
        "",
        id="a member that inherits, and a sibling, with files of their own",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {
                "venv": installed("dr 1"),
                "requirements.txt": "-e .\n",
                "pyproject.toml": '[project]\nname = "dr"\n',
            },
            "news": {
                "venv": LINK,
                "requirements.txt": "-e ../dr-daily-report\n-e ../news/../dr-daily-report/\n",
            },
        },
        [],
        1,
        "requirements.txt:1: `-e ../dr-daily-report` is required, but it was installed by its name"
        " alone, from an index [wrong-source]\n"
        "  fix: uv pip install --python 'DEV/dr-daily-report/venv' --reinstall --no-deps"
        " -e ../dr-daily-report"
        " && uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt"
        " && (cd -P ../dr-daily-report"
        " && uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt)\n",
        id="one place, which three lines spell",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "other": {"venv": installed(), "requirements.txt": "pandas==1"},
            "elsewhere": {"venv": Symlink("../other/venv"), "requirements.txt": "pandas==1"},
            "no-venv": {"requirements.txt": "pandas==1"},
            "news": {"venv": LINK, "requirements.txt": "pandas"},
        },
        [],
        0,
        "",
        id="neighbours that are no siblings",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {"venv": LINK, "requirements.txt": GUIDE},
            "heir": {"venv": LINK},
        },
        [],
        0,
        "",
        id="a sibling that inherits",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": "pandas==1"},
            "news": {"venv": LINK, "requirements.txt": GUIDE},
        },
        ["--no-siblings"],
        0,
        "",
        id="the search is switched off",
    ),
    pytest.param(
        "dr-daily-report_telegram",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "dr-daily-report_telegram": {
                "venv": LINK,
                "requirements.txt": "numpy==1.24.0\npandas==1.5.3\n",
            },
            "dr-daily-report_media": {"venv": LINK, "requirements.txt": GUIDE},
            "dr-daily-report_news": {"venv": LINK},
        },
        [],
        1,
        (
            "requirements.txt:2: `pandas==1.5.3` contradicts `pandas==2.0.0` of ../dr-daily-report/requirements.txt:1 and of 1 more, and `2.0.0` is installed: one of them has to change [conflict]\n"
        ),
        id="the guide's conflict, in the member",
    ),
    pytest.param(
        "dr-daily-report",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "dr-daily-report_telegram": {"venv": LINK, "requirements.txt": "pandas==1.5.3\n"},
            "dr-daily-report_media": {"venv": LINK, "requirements.txt": GUIDE},
        },
        [],
        1,
        (
            "requirements.txt:1: `pandas==2.0.0` contradicts `pandas==1.5.3` of ../dr-daily-report_telegram/requirements.txt:1, and `2.0.0` is installed: one of them has to change [conflict]\n"
        ),
        id="the guide's conflict, in the owner",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {"venv": LINK, "requirements.txt": "pandas"},
            "../far": {"requirements.txt": "pandas<2"},
        },
        ["--no-siblings", "--sibling=../../far", "--sibling=../../far/", "--sibling=../gone"],
        1,
        (
            "../gone: is no directory, but `--sibling` names it [missing-sibling]\n"
            "requirements.txt:1: `pandas` is needed together with `pandas<2` of ../../far/requirements.txt:1, but `2.0.0` is installed [wrong-version]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt -r ../../far/requirements.txt\n"
        ),
        id="siblings that are named",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {
                "venv": PANDAS,
                "requirements.txt": "pandas = 2\n-r https://e.org/more.txt\npandas==1.5.3",
            },
            "media": {"venv": LINK, "requirements.txt": Fifo()},
            "news": {"venv": LINK, "requirements.txt": "pandas==2.0.0"},
        },
        [],
        1,
        (
            "requirements.txt:1: `pandas==2.0.0` contradicts `pandas==1.5.3` of ../dr-daily-report/requirements.txt:3, and `2.0.0` is installed: one of them has to change [conflict]\n"
            "note: ../dr-daily-report/requirements.txt:1: `pandas = 2` is no requirement: `=` is not an operator, `==` is\n"
            "note: ../dr-daily-report/requirements.txt:2: `https://e.org/more.txt` is not on this machine and was not read\n"
            "note: ../media/requirements.txt: is a named pipe, not a file\n"
        ),
        id="a bad line in a sibling hides nothing",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {
                "venv": PANDAS,
                "pyproject.toml": '[project]\nname = "dr"\nrequires-python = "<3.11"\n',
            },
            "news": {
                "venv": LINK,
                "pyproject.toml": '[project]\nname = "n"\nrequires-python = ">=3.11"\n'
                'dependencies = ["pandas"]\n',
            },
        },
        [],
        1,
        (
            "pyproject.toml:3: `requires-python` `>=3.11` contradicts `<3.11` of ../dr-daily-report/pyproject.toml:3, and the venv's Python is `3.11.7` [conflict]\n"
        ),
        id="versions of Python",
    ),
    pytest.param(
        "dr-daily-report",
        {
            "dr-daily-report": {
                "venv": installed("pip 25", "setuptools 80", "wheel 1", "uv 1", "a 1\nb", "b 1"),
                "requirements.txt": "",
            },
            "news": {"venv": LINK, "requirements.txt": "a"},
        },
        ["--forbid-undeclared"],
        0,
        "",
        id="all is declared by someone",
    ),
    pytest.param(
        "dr-daily-report",
        {
            "dr-daily-report": {
                "venv": installed("black 24.1", "a 1\nb", "b 1", "c 1", "ruff 1"),
                "requirements.txt": "a",
            },
            "news": {"venv": LINK, "requirements.txt": "x"},
        },
        ["--forbid-undeclared", "--allow-undeclared=Ruff"],
        1,
        (
            "venv: `black==24.1` is installed, but no project of the family declares it or needs it: write it down where it is needed, or allow it with `--allow-undeclared=black` [undeclared]\n"
            "venv: `c==1` is installed, but no project of the family declares it or needs it: write it down where it is needed, or allow it with `--allow-undeclared=c` [undeclared]\n"
        ),
        id="what nobody declares",
    ),
    pytest.param(
        "dr-daily-report",
        {
            "dr-daily-report": {
                "venv": installed("pip 24.1", "c 1"),
                "requirements.txt": "",
            },
        },
        ["--forbid-undeclared"],
        1,
        (
            "venv: `c==1` is installed, but no project of the family declares it or needs it: write it down where it is needed, or allow it with `--allow-undeclared=c` [undeclared]\n"
        ),
        id="what nobody declares, with pip in the venv",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": installed("a 7.1"), "requirements.txt": "a>8.0.4"},
            "media": {"venv": LINK, "requirements.txt": "a<8"},
            "news": {"venv": LINK, "requirements.txt": "a>8"},
        },
        [],
        1,
        (
            "requirements.txt:1: `a>8` contradicts `a<8` of ../media/requirements.txt:1, and `7.1` is installed: one of them has to change [conflict]\n"
        ),
        id="no repair takes a side in a dispute",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": installed("a 3.20"), "requirements.txt": "a!=3.6"},
            "media": {"venv": LINK, "requirements.txt": "a<3.7"},
            "news": {"venv": LINK, "requirements.txt": "a>=3"},
        },
        [],
        1,
        (
            "requirements.txt:1: `a>=3` is needed together with `a<3.7` of ../media/requirements.txt:1, but `3.20` is installed [wrong-version]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt -r ../dr-daily-report/requirements.txt -r ../media/requirements.txt\n"
        ),
        id="a repair is right for all siblings",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": installed("a 8.1"), "requirements.txt": "a<8"},
            "media": {"venv": LINK, "requirements.txt": "a>=8"},
            "news": {"venv": LINK, "requirements.txt": "a"},
        },
        [],
        1,
        (
            "requirements.txt:1: `a` is needed together with `a<8` of ../dr-daily-report/requirements.txt:1, but `8.1` is installed: `a>=8` of ../media/requirements.txt:1 does not allow it [wrong-version]\n"
        ),
        id="siblings that exclude each other",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": installed("a 1\nb>=2", "b 1"), "requirements.txt": "b==1"},
            "news": {"venv": LINK, "requirements.txt": "a"},
        },
        [],
        1,
        (
            "requirements.txt:1: `a` needs `b>=2`, which contradicts `b==1` of ../dr-daily-report/requirements.txt:1, and `1` is installed: one of them has to change [conflict]\n"
        ),
        id="a sibling does not allow what a distribution needs",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": installed("lib 1"), "requirements.txt": "-e ../lib"},
            "media": {"venv": LINK, "requirements.txt": "../lib"},
            "news": {"venv": LINK, "requirements.txt": "lib"},
            "lib": {"pyproject.toml": PYPROJECT.replace("news", "lib")},
        },
        [],
        1,
        (
            "requirements.txt:1: `lib` is needed together with `-e ../lib` of ../dr-daily-report/requirements.txt:1, but it was installed by its name alone, from an index [wrong-source]\n"
            "requirements.txt:1: `lib` is needed together with `../lib` of ../media/requirements.txt:1, but it was installed by its name alone, from an index [wrong-source]\n"
        ),
        id="from where a sibling wants it",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": installed("lib 1"), "requirements.txt": "-e ../lib"},
            "news": {"venv": LINK, "requirements.txt": "-e ../lib"},
            "lib": {"pyproject.toml": PYPROJECT.replace("news", "lib")},
        },
        [],
        1,
        (
            "requirements.txt:1: `-e ../lib` is required, but it was installed by its name alone, from an index [wrong-source]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' --reinstall --no-deps -e ../lib && uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt && (cd -P ../dr-daily-report && uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt)\n"
        ),
        id="what all want from the same place is told once",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": installed("lib 1"), "requirements.txt": "lib==2"},
            "news": {"venv": LINK, "requirements.txt": "../lib"},
            "lib": {"pyproject.toml": PYPROJECT.replace("news", "lib")},
        },
        [],
        1,
        (
            "requirements.txt:1: `../lib` is needed together with `lib==2` of ../dr-daily-report/requirements.txt:1, but `1` is installed [wrong-version]\n"
            "requirements.txt:1: `../lib` is required, but it was installed by its name alone, from an index [wrong-source]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' --reinstall --no-deps ../lib && uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt -r ../dr-daily-report/requirements.txt\n"
        ),
        id="a version that only an index may have",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {
                "venv": LINK,
                "requirements.txt": "x y\n../lib\n-e ../more[a,b]\npandas==2.${MINOR}\nz==1 # ok\n",
            },
            "lib": {"setup.py": ""},
            "more": {"setup.py": ""},
        },
        [],
        1,
        (
            "requirements.txt:1: `x y` is no requirement [bad-requirement]\n"
            "requirements.txt:2: asks for 3 distributions, and none of them is installed [not-installed]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' ../lib -e '../more[a,b]' z==1 -r ../dr-daily-report/requirements.txt\n"
            "requirements.txt:4: `pandas==2.${MINOR}` is no requirement [bad-requirement]\n"
        ),
        id="each by itself beside a bad line",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {
                "venv": LINK,
                "requirements.txt": f"a==1 --hash=sha256:{'0' * 64}\n",
                "pyproject.toml": PYPROJECT + 'dependencies = ["a>=1", "b"]\n',
            },
        },
        [],
        1,
        (
            "requirements.txt:1: `a==1` is required, but not installed [not-installed]\n"
            "pyproject.toml:4: `a>=1` is required, but not installed [not-installed]\n"
            "pyproject.toml:4: `b` is required, but not installed [not-installed]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt && uv pip install --python 'DEV/dr-daily-report/venv' 'a>=1' b -r ../dr-daily-report/requirements.txt\n"
        ),
        id="a file with hashes, installed alone",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {
                "venv": LINK,
                "requirements.txt": f"-e .\na==1 --hash=sha256:{'0' * 64}\n",
                "setup.py": "",
            },
        },
        [],
        1,
        (
            "requirements.txt:1: `-e .` is required, but nothing is installed from there [not-installed]\n"
            "requirements.txt:2: `a==1` is required, but not installed [not-installed]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt && uv pip install --python 'DEV/dr-daily-report/venv' -r ../dr-daily-report/requirements.txt\n"
        ),
        id="hashes beside a directory, which pip refuses",
    ),
    pytest.param(
        "dr-daily-report",
        {
            "dr-daily-report": {"venv": installed("a 1", "b 1"), "requirements.txt": ""},
            "media": {"venv": LINK, "requirements.txt": "-r none.txt\n"},
            "news": {"venv": LINK, "requirements.txt": "x"},
        },
        ["--forbid-undeclared"],
        0,
        (
            "note: ../media/requirements.txt:1: the included `../media/none.txt` is missing\n"
            "note: whether `a` is declared cannot be told while `../media/requirements.txt` is not read as a whole\n"
            "note: whether `b` is declared cannot be told while `../media/requirements.txt` is not read as a whole\n"
        ),
        id="a sibling that could not be read may declare it",
    ),
    pytest.param(
        "dr-daily-report",
        {
            "dr-daily-report": {
                "venv": installed("a 1", "b 1", "c 1", "d 1"),
                "requirements.txt": "",
                "pyproject.toml": '[dependency-groups]\ndev = ["c"]\n',
            },
            "news": {
                "venv": LINK,
                "pyproject.toml": '[project]\nname = "n"\n[project.optional-dependencies]\nx = ["a"]\n'
                '[dependency-groups]\ndev = ["b"]\n',
            },
        },
        ["--forbid-undeclared"],
        1,
        (
            "venv: `d==1` is installed, but no project of the family declares it or needs it: write it down where it is needed, or allow it with `--allow-undeclared=d` [undeclared]\n"
        ),
        id="what extras and groups declare",
    ),
]


@pytest.mark.parametrize(("project", "tree", "options", "status", "output"), FAMILIES)
def test_family(
    project: str,
    tree: Tree,
    options: Sequence[str],
    status: int,
    output: str,
    dev: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    build(tree, dev)
    monkeypatch.chdir(dev / project)
    assert said(capsys, *options) == (status, output)
