"""The product page is true: its samples are what the hooks say, its configuration is valid."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from hooks import check_requirements_sync, check_venv_symlink, forbid_local_venv
from tests.packages import install, make_wheel
from tests.trees import git, make_venv, tool

README = (Path(__file__).parent.parent / "README.md").read_text()
OWNER, MEMBER = "dr-daily-report", "dr-daily-report_telegram"
TARGET = "--target=../dr-daily-report/venv"
HOOKS = {
    "check-venv-symlink": check_venv_symlink,
    "forbid-local-venv": forbid_local_venv,
    "check-requirements-sync": check_requirements_sync,
}


@pytest.fixture
def family(dev: Path) -> Path:
    """The owner and a member, each with the README's kind of requirements."""
    for name in [OWNER, MEMBER]:
        git(dev, "init", "--quiet", name)
        (dev / name / ".gitignore").write_text("/venv\n")
    make_venv(dev / OWNER / "venv")
    (dev / MEMBER / "venv").symlink_to("../dr-daily-report/venv")
    return dev


def sample(hook: str) -> str:
    """What the hook says in the sample failure of its section."""
    section = README.partition(f"\n## {hook}\n")[2].partition("\n## ")[0]
    [block] = re.findall(
        r"^```console\n\$ git commit[^\n]*\n(.*?)^```$", section, flags=re.M | re.S
    )
    assert isinstance(block, str)
    return block


def says(
    hook: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    monkeypatch.chdir(project)
    assert HOOKS[hook].main([TARGET]) == 1
    return capsys.readouterr().out


def test_sample_of_check_venv_symlink(
    family: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hook = "check-venv-symlink"
    subprocess.run(["rm", "-r", family / OWNER / "venv"], check=True)
    assert says(hook, family / MEMBER, monkeypatch, capsys) == sample(hook)


def test_sample_of_forbid_local_venv(
    family: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hook, member, wheels = "forbid-local-venv", family / MEMBER, family / "wheels"
    (member / ".gitignore").unlink()
    git(member, "add", "venv")
    for project, versions in {
        OWNER: ["pandas 2.0.0"],
        MEMBER: ["pandas 1.5.3", "rich 13.7.0"],
    }.items():
        place = family / project / ("venv" if project == OWNER else ".venv")
        make_venv(place)
        made = [str(make_wheel(wheels, *each.split())) for each in versions]
        install("uv", place, "--no-index", *made, directory=family)
    assert says(hook, member, monkeypatch, capsys) == sample(hook)


def test_sample_of_check_requirements_sync(
    family: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hook, venv, wheels = "check-requirements-sync", family / OWNER / "venv", family / "wheels"
    (family / OWNER / "requirements.txt").write_text("pandas==2.0.0\n")
    (family / MEMBER / "requirements.txt").write_text("pandas==1.5.3\nrequests==2.31.0\n")
    versions = ["pip 26.3", "pandas 2.0.0", "requests 2.30.0"]
    made = [str(make_wheel(wheels, *each.split())) for each in versions]
    install("uv", venv, "--no-index", *made, directory=family)
    assert says(hook, family / MEMBER, monkeypatch, capsys) == sample(hook)


def test_configurations_are_valid(tmp_path: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", README, flags=re.M | re.S)
    whole = [block for block in blocks if "\nrepos:" in f"\n{block}" and "- repo:" in block]
    assert whole
    for number, block in enumerate(whole):
        path = tmp_path / f"{number}.yaml"
        path.write_text(block)
        subprocess.run([tool("pre-commit"), "validate-config", str(path)], check=True)
        subprocess.run([tool("prek"), "validate-config", str(path)], check=True)
