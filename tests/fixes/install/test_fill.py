"""Four projects, each asking in a way of its own: one line, pasted anywhere, fills for all."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from hooks.fixes.install import Wish, fill
from hooks.venvs.installed import read_installed
from tests.families import a_member, said
from tests.packages import make_project, make_wheel
from tests.trees import Symlink, Tree, build

EXPECTED = {
    "pandas": "2.0.0", "numpy": "1.26.4", "requests": "2.31.0", "httpx": "0.27.0",
    "feeds": "1.2", "feedparser": "6.0.11", "dr": "1",
}  # fmt: skip
"""What is right for all four. Each has something newer beside it."""


@pytest.fixture
def four(owner: Path, links: Path) -> Mapping[str, Path]:
    """Where the wheels are is said by the environment; those of a private index by one file."""
    for name, version, *requires in [
        ("pandas", "2.0.0", "numpy<2"), ("pandas", "2.2.0", "numpy<3"), ("numpy", "1.26.4"),
        ("numpy", "2.1.0"), ("requests", "2.31.0"), ("requests", "3.0"), ("httpx", "0.27.0"),
        ("httpx", "1.0"), ("feedparser", "6.0.11"), ("feedparser", "7.0"),
    ]:  # fmt: skip
        make_wheel(links, name, version, requires)
    private = links.parent / "private wheels"
    make_wheel(private, "feeds", "1.2", ["feedparser"])
    make_project(owner, "dr")
    build({"requirements.txt": "-e .\npandas==2.0.0\nnumpy>=1.24\n"}, owner)
    trees: Mapping[str, Tree] = {
        "telegram": {"requirements.txt": "pandas>=2.0\nrequests==2.31.0\n"},
        "media": {
            "pyproject.toml": '[project]\nname = "media"\nversion = "1"\n'
            'dependencies = ["httpx==0.27.0", "numpy>1; python_version > \'3\'"]\n'
        },
        "news": {
            "requirements.txt": f"--find-links {private.as_uri()}\n-c constraints.txt\nfeeds==1.2\n",
            "constraints.txt": "feedparser<7\n",
        },
    }
    return {"dr-daily-report": owner} | {
        name: a_member(owner, name, tree) for name, tree in trees.items()
    }


def fix_of(output: str, dev: Path) -> str:
    lines = {line for line in output.splitlines() if line.startswith("  fix: ")}
    assert len(lines) == 1, output
    return lines.pop().removeprefix("  fix: ").replace("DEV", str(dev))


def versions(venv: Path) -> dict[str, str]:
    found = read_installed(str(venv)).distributions
    return {name: each.version for name, each in found.items() if name not in {"pip", "setuptools"}}


@pytest.mark.parametrize("project", ["dr-daily-report", "telegram", "media", "news"])
@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_an_empty_venv_is_filled_for_all_by_one_paste(
    project: str, installer: str, four: Mapping[str, Path], venv_with_pip: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    owner = four["dr-daily-report"]
    if installer == "pip":
        shutil.rmtree(owner / "venv")
        shutil.copytree(venv_with_pip, owner / "venv", symlinks=True)
    monkeypatch.chdir(four[project])
    line = fix_of(said(capsys)[1], owner.parent)
    for _ in range(2):  # pasted again it does no harm
        ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, f"{line}\n{ran.stdout}{ran.stderr}"
        assert versions(owner / "venv") == EXPECTED
        for folder in four.values():
            monkeypatch.chdir(folder)
            assert said(capsys) == (0, ""), line
        monkeypatch.chdir(four[project])


def test_the_line_in_a_member(
    four: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The owner's bare path counts from its folder; the file with an index of its own is apart."""
    monkeypatch.chdir(four["telegram"])
    uv = "uv pip install --python 'DEV/dr-daily-report/venv'"
    assert said(capsys)[1].splitlines()[-1] == (
        f"  fix: (cd -P ../dr-daily-report && {uv} -r ../telegram/requirements.txt"
        " -r requirements.txt httpx==0.27.0 'numpy>1')"
        f" && (cd -P ../dr-daily-report && {uv} -r ../news/requirements.txt"
        " -c ../telegram/requirements.txt)"
    )


def test_what_is_new_lifts_nothing_over_a_siblings_pin(
    four: Mapping[str, Path], links: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    for version, numpy in [("0.12", "numpy<2"), ("0.13", "numpy>=2")]:
        make_wheel(links, "seaborn", version, [numpy])
    monkeypatch.chdir(four["telegram"])
    dev = links.parent
    subprocess.run(["bash", "-c", fix_of(said(capsys)[1], dev)], capture_output=True, check=True)
    with (four["telegram"] / "requirements.txt").open("a") as file:
        file.write("seaborn\n")
    subprocess.run(["bash", "-c", fix_of(said(capsys)[1], dev)], capture_output=True, check=True)
    assert versions(four["dr-daily-report"] / "venv") == EXPECTED | {"seaborn": "0.12"}


def test_one_file_of_two_projects_means_both_where_its_paths_count_from_each(
    owner: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build({"requirements.txt": ""}, owner)
    build({"common.txt": "-e .\n"}, owner.parent)
    for name in ["media", "news"]:
        member = a_member(owner, name, {"requirements.txt": Symlink("../common.txt")})
        monkeypatch.chdir(make_project(member, name))
    subprocess.run(["bash", "-c", fix_of(said(capsys)[1], owner.parent)], check=True)
    assert versions(owner / "venv") == {"media": "1", "news": "1"}


def test_a_venv_that_went_away_meanwhile_gets_no_line(dev: Path) -> None:
    wish = Wish([], [], applies=lambda _: True)
    assert fill(str(dev / "venv"), wish) == "it is gone since it was looked at"
