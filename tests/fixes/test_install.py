"""The one line that fills the venv for the whole family: real pip, real uv, every line pasted."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.families import (
    LINK,
    OWNER,
    PYPROJECT,
    a_member,
    installed,
    paste_fix,
    said,
)
from tests.packages import install, make_project, make_wheel
from tests.trees import Tree, build


def break_nothing(_: Path) -> None:
    pass


def take_metadata(site_packages: Path) -> None:
    (site_packages / "a-1.dist-info" / "METADATA").unlink()


def install_twice(site_packages: Path) -> None:
    shutil.copytree(site_packages / "a-1.dist-info", site_packages / "a-0.9.dist-info")
    metadata = site_packages / "a-0.9.dist-info" / "METADATA"
    metadata.write_text(metadata.read_text().replace("Version: 1", "Version: 0.9"))


REPAIRS = [
    pytest.param(
        [],
        break_nothing,
        {"requirements.txt": "a==1\nb"},
        "requirements.txt:1: `a==1` is required, but not installed [not-installed]\n"
        "requirements.txt:2: `b` is required, but not installed [not-installed]\n"
        "  fix: {pip} install{to} -r requirements.txt\n",
        id="missing",
    ),
    pytest.param(
        ["a==2"],
        break_nothing,
        {"requirements.txt": "-r more/base.txt\nb", "more": {"base.txt": "a<2"}},
        "requirements.txt:2: `b` is required, but not installed [not-installed]\n"
        "more/base.txt:1: `a<2` is required, but `2` is installed [wrong-version]\n"
        "  fix: {pip} install{to} -r requirements.txt\n",
        id="a wrong version in an included file",
    ),
    pytest.param(
        ["rss==1"],
        break_nothing,
        {"requirements.txt": "rss[http]"},
        "requirements.txt:1: `rss[http]` needs `a>=1`, but it is not installed [unmet-dependency]\n"
        "  fix: {pip} install{to} -r requirements.txt\n",
        id="the dependency of an extra",
    ),
    pytest.param(
        ["rss==1"],
        break_nothing,
        {"pyproject.toml": PYPROJECT + 'dependencies = ["rss[http]", "b ; os_name == \'posix\'"]\n'},
        "pyproject.toml:4: `b ; os_name == 'posix'` is required, but not installed [not-installed]\n"
        "pyproject.toml:4: `rss[http]` needs `a>=1`, but it is not installed [unmet-dependency]\n"
        "  fix: {pip} install{to} 'rss[http]' b\n",
        id="in pyproject.toml",
    ),
    pytest.param(
        ["a==1"],
        break_nothing,
        {"requirements.txt": "./lib\n-e inner", "lib": {}, "inner": {}},
        "requirements.txt:1: `./lib` is required, but `a` was installed by its name alone,"
        " from an index [wrong-source]\n"
        "requirements.txt:2: `-e inner` is required, but not installed [not-installed]\n"
        "  fix: {pip} install{to} {again} --no-deps ./lib && {pip} install{to} -r requirements.txt\n",
        id="the version is right, but not the place",
    ),
    pytest.param(
        ["a==1"],
        take_metadata,
        {"requirements.txt": "a==1"},
        "../dr-daily-report/venv/lib/{python}/site-packages/a-1.dist-info: is half installed:"
        " it has no `METADATA` [broken-metadata]\n"
        "  fix: test ! -e ../dr-daily-report/venv/lib/{python}/site-packages.a-1.dist-info.old && mv -n ../dr-daily-report/venv/lib/{python}/site-packages/a-1.dist-info ../dr-daily-report/venv/lib/{python}/site-packages.a-1.dist-info.old"
        " && {pip} install{to} -r requirements.txt\n",
        id="half installed",
    ),
    pytest.param(
        ["a==1", "c==1"],
        install_twice,
        {"requirements.txt": "c"},
        "../dr-daily-report/venv/lib/{python}/site-packages/a-0.9.dist-info: `a` is installed"
        " more than once: as `0.9` here, as `1` in `a-1.dist-info` beside it [duplicate-distribution]\n"
        "  fix: test ! -e ../dr-daily-report/venv/lib/{python}/site-packages.a-0.9.dist-info.old && mv -n ../dr-daily-report/venv/lib/{python}/site-packages/a-0.9.dist-info ../dr-daily-report/venv/lib/{python}/site-packages.a-0.9.dist-info.old"
        " && test ! -e ../dr-daily-report/venv/lib/{python}/site-packages.a-1.dist-info.old && mv -n ../dr-daily-report/venv/lib/{python}/site-packages/a-1.dist-info ../dr-daily-report/venv/lib/{python}/site-packages.a-1.dist-info.old"
        " && {pip} install{to} -r requirements.txt\n",
        id="a dependency that is installed twice",
    ),
    pytest.param(
        [],
        break_nothing,
        {"requirements/dev tools.txt": "a", "venv.toml": ""},
        "requirements/dev tools.txt:1: `a` is required, but not installed [not-installed]\n"
        "  fix: {pip} install{to} -r 'requirements/dev tools.txt'\n",
        id="another file, with a space",
    ),
    pytest.param(
        [],
        break_nothing,
        {
            "pylock.toml": 'lock-version = "1.0"\ncreated-by = "us"\n'
            '[[packages]]\nname = "inner"\ndirectory = {path = "inner", editable = true}\n',
            "inner": {},
        },
        "pylock.toml:3: `inner @ file://{here}/inner` is required, but not installed"
        " [not-installed]\n"
        "  fix: uv pip install --python 'DEV/dr-daily-report/venv' -r pylock.toml\n",
        id="a lock file",
    ),
]  # fmt: skip


@pytest.mark.parametrize("installer", ["pip", "uv"])
@pytest.mark.parametrize(("before", "damage", "tree", "expected"), REPAIRS)
def test_repair(
    installer: str,
    before: Sequence[str],
    damage: Callable[[Path], None],
    tree: Tree,
    expected: str,
    owner: Path,
    links: Path,
    venv_with_pip: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for version in ["1", "2"]:
        make_wheel(links, "a", version)
    make_wheel(links, "b", "1")
    make_wheel(links, "c", "1", ["a"])
    make_wheel(links, "rss", "1", ["a>=1; extra == 'http'"])
    target = owner / "venv"
    python = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    shared = "'DEV/dr-daily-report/venv"
    words = {
        "pip": f"{shared}/bin/python' -m pip",
        "to": "",
        "again": "--force-reinstall",
        "python": python,
    }
    if installer == "uv":
        words |= {"pip": "uv pip", "to": f" --python {shared}'", "again": "--reinstall"}
    else:
        shutil.rmtree(target)
        shutil.copytree(venv_with_pip, target, symlinks=True)
    if before:
        install(installer, target, *before, directory=owner)
    damage(target / "lib" / python / "site-packages")
    member = a_member(owner, "dr news", tree)
    for name in {"lib", "inner"} & set(tree):
        make_project(member / name, "a" if name == "lib" else "inner")
    os.chdir(member)
    words |= {"here": member.as_uri()[len("file://") :], "there": str(member)}
    options = [f"--requirements={name}" for name in tree if "lock" in name or "dev" in name]
    status, output = said(capsys, *options)
    assert (status, output) == (1, expected.format(**words))
    paste_fix(output, member)
    assert said(capsys, *options) == (0, "")


def test_repair_in_the_folder_of_the_owner_that_is_inherited_from(
    owner: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-e .` of the owner's file is the owner, not the member."""
    make_project(owner, "dr")
    (owner / "requirements.txt").write_text("-e .\n")
    member = a_member(owner, "news", {"README": ""})
    os.chdir(member)
    status, output = said(capsys)
    assert (status, output) == (
        1,
        (
            "../dr-daily-report/requirements.txt:1: `-e .` is required, but not installed"
            " [not-installed]\n"
            "  fix: (cd -P ../dr-daily-report &&"
            " uv pip install --python 'DEV/dr-daily-report/venv' -r requirements.txt)\n"
        ),
    )
    paste_fix(output, member)
    assert said(capsys) == (0, "")


def test_repair_for_both_of_two_siblings(
    owner: Path, links: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in ["1", "2"]:
        make_wheel(links, "a", version)
    install("uv", owner / "venv", "a==1", directory=owner)
    (owner / "requirements.txt").write_text("\na >= 2\n")
    member = a_member(owner, "news", {"requirements.txt": "a"})
    os.chdir(member)
    status, output = said(capsys)
    assert (status, output) == (
        1,
        (
            "requirements.txt:1: `a` is needed together with `a>=2` of"
            " ../dr-daily-report/requirements.txt:2, but `1` is installed"
            " [wrong-version]\n"
            "  fix: uv pip install --python 'DEV/dr-daily-report/venv'"
            " -r requirements.txt -r ../dr-daily-report/requirements.txt\n"
        ),
    )
    paste_fix(output, member)
    assert said(capsys) == (0, "")


def test_repair_beside_a_conflict_takes_nothing_from_the_sibling(
    owner: Path, links: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in ["1", "2"]:
        make_wheel(links, "a", version)
    make_wheel(links, "b", "1")
    install("uv", owner / "venv", "a==2", directory=owner)
    (owner / "requirements.txt").write_text("a==2\n")
    member = a_member(owner, "news", {"requirements.txt": "a==1\nb"})
    os.chdir(member)
    conflict = (
        "requirements.txt:1: `a==1` contradicts `a==2` of ../dr-daily-report/requirements.txt:1,"
        " and `2` is installed: one of them has to change [conflict]\n"
    )
    status, output = said(capsys)
    assert (status, output) == (
        1,
        conflict + "requirements.txt:2: `b` is required, but not installed [not-installed]\n"
        "  fix: uv pip install --python 'DEV/dr-daily-report/venv' b a==2\n",
    )
    paste_fix(output, member)
    assert said(capsys) == (1, conflict)


@pytest.mark.usefixtures("uv_of_the_user")
def test_what_means_something_in_a_file_only_is_in_no_command(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build(
        {
            OWNER: {"venv": installed("a 1"), "requirements.txt": "a>=${WANTED}\n"},
            "news": {"venv": LINK, "requirements.txt": "a\nx y\nb==${WANTED}\n"},
        },
        dev,
    )
    monkeypatch.chdir(dev / "news")
    monkeypatch.setenv("WANTED", "2")
    assert said(capsys) == (
        1,
        "requirements.txt:1: `a` is needed together with `a>=${WANTED}` of"
        " ../dr-daily-report/requirements.txt:1, but `1` is installed [wrong-version]\n"
        "  fix: uv pip install --python 'DEV/dr-daily-report/venv'"
        " a -r ../dr-daily-report/requirements.txt\n"
        "requirements.txt:2: `x y` is no requirement [bad-requirement]\n"
        "requirements.txt:3: `b==${WANTED}` is required, but not installed [not-installed]\n"
        "note: requirements.txt is left out of the command: `b==${WANTED}` means something in"
        " that file only\n",
    )
