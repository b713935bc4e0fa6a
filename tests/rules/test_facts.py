"""Which venv is read, and what there is to say where none can be."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hooks.check_requirements_sync import main
from tests.families import (
    LINK,
    OWNER,
    PANDAS,
    a_member,
    installed,
    said,
)
from tests.packages import make_venv
from tests.trees import Symlink, Tree, build

pytestmark = pytest.mark.usefixtures("uv_of_the_user")

NOTHING = [
    pytest.param(
        "news",
        {OWNER: {"venv": PANDAS}, "news": {"venv": LINK}},
        [],
        {},
        0,
        "note: nothing is asked for, neither here nor in an owner to inherit from\n",
        id="neither here nor in the owner",
    ),
    pytest.param(
        "news",
        {"news": {"requirements.txt": "a"}},
        [],
        {},
        1,
        (
            "venv: there is no virtual environment, nor at `../dr-daily-report/venv` [unusable-venv]\n"
            "  fix: python3 -I -m venv venv\n"
        ),
        id="no venv, and no owner",
    ),
    pytest.param(
        "news",
        {"news": {"README": ""}},
        [],
        {},
        1,
        (
            "venv: there is no virtual environment, nor at `../dr-daily-report/venv` [unusable-venv]\n"
            "  fix: python3 -I -m venv venv\n"
            "note: nothing is asked for, neither here nor in an owner to inherit from\n"
        ),
        id="no venv, no owner, and nothing asked for",
    ),
    pytest.param(
        "news",
        {OWNER: {"requirements.txt": "a"}, "news": {"venv": LINK, "requirements.txt": "a"}},
        [],
        {},
        1,
        (
            "venv: there is no virtual environment, nor at `../dr-daily-report/venv` [unusable-venv]\n"
            "  fix: python3 -I -m venv ../dr-daily-report/venv\n"
            "  or: rm -f venv && python3 -I -m venv venv\n"
        ),
        id="an owner without a venv",
    ),
    pytest.param(
        OWNER,
        {OWNER: {"requirements.txt": "a==1\na==2"}},
        [],
        {},
        1,
        (
            "requirements.txt:2: `a==2` contradicts `a==1` of requirements.txt:1 [contradiction]\n"
            "venv: there is no virtual environment [unusable-venv]\n"
            "  fix: python3 -I -m venv venv\n"
        ),
        id="no venv in the owner",
    ),
    pytest.param(
        "news",
        {OWNER: {"venv": PANDAS}, "news": {"requirements.txt": "pandas"}},
        [],
        {},
        0,
        "",
        id="no link yet: the target is looked into",
    ),
    pytest.param(
        "news",
        {
            OWNER: {"venv": PANDAS},
            "other": {"venv": installed("pandas 1")},
            "news": {"venv": Symlink("../other/venv"), "requirements.txt": "pandas>=2"},
        },
        [],
        {},
        0,
        "",
        id="a link elsewhere: the target is looked into",
    ),
    pytest.param(
        "news",
        {OWNER: {"venv/pyvenv.cfg": ""}, "news": {"venv": LINK, "requirements.txt": "pandas"}},
        [],
        {},
        1,
        (
            "../dr-daily-report/venv/pyvenv.cfg: has no `home`: it is no venv's: the venv cannot be used, and what is installed is not checked [unusable-venv]\n"
            "  fix: python3 -I -m venv ../dr-daily-report/venv\n"
        ),
        id="one that cannot be used: what is wrong with it",
    ),
    pytest.param(
        "news",
        {"news": {"venv": PANDAS, "requirements.txt": "pandas<2"}},
        [],
        {},
        1,
        (
            "requirements.txt:1: `pandas<2` is required, but `2.0.0` is installed [wrong-version]\n"
            "  fix: uv pip install --python 'DEV/news/venv' -r requirements.txt\n"
        ),
        id="the fallback",
    ),
    pytest.param(
        "news",
        {"news": {"requirements.txt": "a==1\nb\nb>=2; os_name == 'x'\na==2"}},
        [],
        {"CI": "true"},
        1,
        (
            "requirements.txt:4: `a==2` contradicts `a==1` of requirements.txt:1 [contradiction]\n"
            "note: venv: no venv here in CI: what is installed is not checked\n"
        ),
        id="no venv in CI",
    ),
    pytest.param(
        "news",
        {"news": {"venv": PANDAS, "requirements.txt": "pandas<2"}},
        [],
        {"CI": "1"},
        1,
        (
            "requirements.txt:1: `pandas<2` is required, but `2.0.0` is installed [wrong-version]\n"
            "  fix: uv pip install --python 'DEV/news/venv' -r requirements.txt\n"
        ),
        id="a venv of its own in CI",
    ),
    pytest.param(
        "news",
        {
            OWNER: {"requirements.txt": "pandas==1"},
            "other": {"requirements.txt": "numpy==1"},
            "news": {"requirements.txt": "pandas==2\nnumpy==2"},
        },
        ["--sibling=../other"],
        {"CI": "1"},
        1,
        (
            "requirements.txt:2: `numpy==2` contradicts `numpy==1` of ../other/requirements.txt:1: one of them has to change [conflict]\n"
            "note: venv: no venv here in CI: what is installed is not checked\n"
        ),
        id="in CI only the siblings that are named",
    ),
    pytest.param(
        "news",
        {"news": {"README": ""}},
        [],
        {"CI": "1"},
        0,
        "note: venv: no venv here in CI: what is installed is not checked\n"
        "note: nothing is asked for, neither here nor in an owner to inherit from\n",
        id="nothing at all in CI",
    ),
]


@pytest.mark.parametrize(("project", "tree", "options", "environ", "status", "output"), NOTHING)
def test_nothing_to_compare_with(
    project: str,
    tree: Tree,
    options: Sequence[str],
    environ: dict[str, str],
    status: int,
    output: str,
    dev: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    build(tree, dev)
    monkeypatch.chdir(dev / project)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert said(capsys, *options) == (
        status,
        output.replace("{dev}/other/venv/bin/python", repr(f"{dev}/other/venv/bin/python")),
    )


WITHOUT_TARGET = [
    pytest.param(
        {OWNER: {"venv": PANDAS, "requirements.txt": "pandas<2"}, "news": {"venv": LINK}},
        1,
        "../dr-daily-report/requirements.txt:1: `pandas<2` is required, but `2.0.0` is installed"
        " [wrong-version]\n"
        "  fix: uv pip install --python '{dev}/dr-daily-report/venv'"
        " -r ../dr-daily-report/requirements.txt\n",
        id="a link: its end is the target",
    ),
    pytest.param(
        {OWNER: {"venv": PANDAS}, "news": {"venv": Symlink("{dev}/dr-daily-report/venv"), "requirements.txt": "pandas<2"}},
        1,
        "requirements.txt:1: `pandas<2` is required, but `2.0.0` is installed [wrong-version]\n"
        "  fix: uv pip install --python '{dev}/dr-daily-report/venv'"
        " -r requirements.txt\n",
        id="an absolute link",
    ),
    pytest.param(
        {"news": {"venv": PANDAS, "requirements.txt": "pandas"}},
        0,
        "",
        id="a real venv",
    ),
    pytest.param(
        {"news": {"venv": PANDAS}, OWNER: {}},
        0,
        "note: nothing is asked for, neither here nor in an owner to inherit from\n",
        id="a venv of its own in CI",
    ),
    pytest.param(
        {"news": {"requirements.txt": "pandas"}},
        1,
        "venv: there is no virtual environment; `--target` names the shared one [unusable-venv]\n"
        "  fix: python3 -I -m venv venv\n",
        id="nothing",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("tree", "status", "output"), WITHOUT_TARGET)
def test_without_target(
    tree: Tree,
    status: int,
    output: str,
    dev: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    build(tree, dev)
    if "nothing is asked for" in output:
        monkeypatch.setenv("CI", "true")
    link = dev / "news" / "venv"
    if link.is_symlink() and "{dev}" in os.readlink(link):
        link.unlink()
        link.symlink_to(dev / OWNER / "venv")
    monkeypatch.chdir(dev / "news")
    assert (main([]), capsys.readouterr().out) == (status, output.replace("{dev}", str(dev)))


def test_in_a_local_venvs_place_the_shared_one_is_read(
    owner: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The local venv is another rule's finding; it counts while the shared one cannot be used."""
    member = build({"requirements.txt": "pandas"}, owner.parent / "news")
    make_venv(member / "venv")
    monkeypatch.chdir(member)
    says = (
        "requirements.txt:1: `pandas` is required, but not installed [not-installed]\n"
        "  fix: uv pip install --python 'DEV/{}' -r requirements.txt\n"
    )
    assert said(capsys) == (1, says.format("dr-daily-report/venv"))
    (owner / "venv" / "bin" / "python").unlink()
    assert said(capsys) == (1, says.format("news/venv"))


def test_in_ci_a_local_venv_goes_before_the_shared_one(
    dev: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    build({OWNER: {"venv": PANDAS}, "news": {"requirements.txt": "pandas"}}, dev)
    monkeypatch.chdir(dev / "news")
    monkeypatch.setenv("CI", "true")
    assert said(capsys) == (0, "")
    make_venv(dev / "news" / "venv")
    assert said(capsys) == (
        1,
        "requirements.txt:1: `pandas` is required, but not installed [not-installed]\n"
        "  fix: uv pip install --python 'DEV/news/venv' -r requirements.txt\n",
    )


def without_python(venv: Path) -> None:
    (venv / "bin" / "python").unlink()


def with_another_python(venv: Path) -> None:
    other = venv.parent / "python3.8"
    other.write_text("")
    other.chmod(0o755)
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to(other)


def without_home(venv: Path) -> None:
    configuration = venv / "pyvenv.cfg"
    configuration.write_text(configuration.read_text().replace("home =", "at ="))


def without_libraries(venv: Path) -> None:
    shutil.rmtree(venv / "lib")


@pytest.mark.parametrize(
    "break_", [without_python, with_another_python, without_home, without_libraries]
)
def test_a_venv_that_cannot_be_used_is_one_finding(
    break_: Callable[[Path], None],
    owner: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (owner / "requirements.txt").write_text("a==2\n")
    member = a_member(owner, "news", {"requirements.txt": "a==1\nb\nc\n"})
    break_(owner / "venv")
    monkeypatch.chdir(member)
    status, output = said(capsys)
    conflict, unusable, *_ = output.splitlines()
    assert (status, conflict) == (
        1,
        "requirements.txt:1: `a==1` contradicts `a==2` of ../dr-daily-report/requirements.txt:1:"
        " one of them has to change [conflict]",
    )
    assert unusable.endswith(
        "the venv cannot be used, and what is installed is not checked [unusable-venv]"
    )
    assert output.count("[") == 2
