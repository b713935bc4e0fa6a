"""Who parts with whom, what is missing, and what is not counted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hooks.report import Note
from hooks.rules.gathered import conflicts, uncounted
from hooks.rules.one_project import Looked
from hooks.venvs.disk import Disk
from tests.status.family import (
    MEDIA,
    NEWS,
    OWNER,
    SITE,
    TELEGRAM,
    distributions,
    status,
)
from tests.trees import build, git, make_venv


@pytest.mark.parametrize(("is_there", "link"), [(True, "dangles"), (False, "missing")])
def test_a_link_while_the_venv_is_not_there(is_there: bool, link: str, family: Path) -> None:
    shutil.rmtree(family / OWNER / "venv")
    if not is_there:
        (family / NEWS / "venv").unlink()
    document = json.loads(status(family / NEWS, "--output-format=json").output)
    assert {each["link"] for each in document["projects"] if each["path"] == "."} == {link}


CONFLICTS: dict[str, tuple[dict[str, str], str]] = {
    "who says the same is named together": (
        {
            f"{name}/requirements.txt": f"pandas=={version}\n"
            for name, version in [(OWNER, 2), (TELEGRAM, 2), (MEDIA, 2), (NEWS, 1)]
        },
        f"pandas: `==2` in {OWNER}, {MEDIA} and {TELEGRAM}, `==1` in {NEWS}",
    ),
    "in any version, from one place": (
        {
            f"{MEDIA}/requirements.txt": "requests @ https://example.org/a.zip\n",
            f"{NEWS}/requirements.txt": "requests @ https://example.org/b.zip\n",
            f"{TELEGRAM}/requirements.txt": "\n",
        },
        f"requests: `requests @ https://example.org/a.zip` in {MEDIA},"
        f" `requests @ https://example.org/b.zip` in {NEWS}",
    ),
    "what something else needs": (
        {
            f"{OWNER}/{SITE}/pandas-2.0.0.dist-info/METADATA": (
                "Name: pandas\nVersion: 2.0.0\nRequires-Dist: numpy<2\n"
            ),
            f"{OWNER}/requirements.txt": "pandas\n",
            f"{MEDIA}/requirements.txt": "\n",
            f"{TELEGRAM}/requirements.txt": "\n",
            f"{NEWS}/requirements.txt": "numpy>=2\n",
        },
        f"numpy: by way of `pandas` in {OWNER}, `>=2` in {NEWS}",
    ),
    "in a TOML file, whose lines are not known": (
        {
            f"{MEDIA}/pyproject.toml": (
                '[project]\nname = "a"\nversion = "1"\ndependencies = ["requests", "pandas<2"]\n'
            ),
            f"{NEWS}/pyproject.toml": (
                '[project]\nname = "a"\nversion = "1"\ndependencies = ["flask", "idna"]\n'
            ),
            f"{OWNER}/requirements.txt": "numpy==1.24.0\n",
            f"{OWNER}/{SITE}/flask-3.dist-info/METADATA": (
                "Name: flask\nVersion: 3\nRequires-Dist: pandas>=2\n"
            ),
            f"{OWNER}/{SITE}/idna-3.dist-info/METADATA": "Name: idna\nVersion: 3\n",
            f"{TELEGRAM}/requirements.txt": "\n",
        },
        f"pandas: `<2` in {MEDIA}, by way of `pyproject.toml` in {NEWS}",
    ),
    "the Python": (
        {
            f"{name}/pyproject.toml": (
                f'[project]\nname = "a"\nversion = "1"\nrequires-python = "{python}"\n'
            )
            for name, python in [(MEDIA, "<3.8"), (NEWS, ">=3.9")]
        },
        f"Python: `<3.8` in {MEDIA}, `>=3.9` in {NEWS}",
    ),
}


def test_of_many_who_say_the_same_three_are_named() -> None:
    family = [Looked(".", name, clashes=[("a", "`==1`")]) for name in "pqrst"]
    assert conflicts(family) == ["a: `==1` in p, q, r and 2 more"]


@pytest.mark.parametrize(("files", "says"), CONFLICTS.values(), ids=CONFLICTS)
def test_conflicts(files: dict[str, str], says: str, family: Path) -> None:
    for name, text in files.items():
        build({name: text}, family)
    said = status(family / NEWS)
    assert said.status == 1
    words = " ".join(said.output.split())
    assert f" conflict {says} disk " in words


def test_where_no_command_mends_anything_the_first_finding_is_told(family: Path) -> None:
    for name, version in [(OWNER, "2.0.0"), (MEDIA, "1.5.3")]:
        (family / name / "requirements.txt").write_text(f"pandas=={version}\n")
    last = status(family / NEWS).output.splitlines()[-1]
    assert last.startswith(
        f"3 projects with findings; first: ../{OWNER}/requirements.txt:1: `pandas==2.0.0` contradicts"
    )
    assert last.endswith(" [conflict]")
    here = status(family / OWNER).output.splitlines()[-1]
    assert here.startswith("3 projects with findings; first: requirements.txt:1: `pandas==2.0.0`")


def test_what_is_needed_by_what_is_installed_counts_as_well(family: Path) -> None:
    site = family / OWNER / SITE
    shutil.rmtree(site / "numpy-1.24.0.dist-info")
    for name in [OWNER, MEDIA]:
        (family / name / "requirements.txt").write_text("pandas==2.0.0\n")
    build(distributions("flask==3 idna<2", "idna==3"), site)
    (family / NEWS / "requirements.txt").write_text("flask\n-c c.txt\n")
    (family / NEWS / "c.txt").write_text("flask<3\n")
    document = json.loads(status(family / NEWS, "--output-format=json").output)
    counts = {each["path"]: (each["missing"], each["other"]) for each in document["projects"]}
    assert counts == {
        f"../{OWNER}": (1, 0),
        f"../{MEDIA}": (1, 0),
        ".": (0, 2),
        f"../{TELEGRAM}": (1, 0),
    }


def test_what_has_no_name_is_counted_by_its_line(family: Path) -> None:
    """Beside a link that is right, though git tracks it, and a venv of its own."""
    member = family / MEDIA
    tree = {
        "lib/setup.py": "",
        "other/setup.py": "",
        "requirements.txt": "./lib\n./other\npandas\n",
    }
    build(tree, member)
    git(member, "add", "--force", "venv")
    make_venv(member / "env")
    document = json.loads(status(member, "--output-format=json").output)
    [here] = [each for each in document["projects"] if each["path"] == "."]
    expected = {"asks": 3, "missing": 2, "other": 0, "link": "ok", "own_venvs": ["env"]}
    assert here == here | expected


def test_the_shared_venv_is_nobodys_own(family: Path) -> None:
    build({"conda-meta/history": ""}, family / OWNER / "venv")
    document = json.loads(status(family / NEWS, "--output-format=json").output)
    assert [each["own_venvs"] for each in document["projects"]] == [[], [], [], []]


def test_what_the_disk_does_not_tell() -> None:
    disk = Disk(0, 0, False, 0)
    assert uncounted("venv", disk) == []
    why = "could not be looked into: what is in there is not counted"
    assert uncounted("venv", disk._replace(unread=1)) == [Note(f"`venv`: 1 folder {why}")]
    assert uncounted("venv", disk._replace(unread=2)) == [Note(f"`venv`: 2 folders {why}")]


def test_names_and_secrets_are_safe_to_show(family: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "s3cret-t0ken")
    url = "requests @ https://me:pass@example.org/{}.zip?sig=${{TOKEN}}\n"
    (family / MEDIA / "requirements.txt").write_text(url.format("a"))
    (family / TELEGRAM / "requirements.txt").write_text(url.format("b"))
    (family / MEDIA).rename(family / "dr\x1b[31m\n::error::x")
    for output in ["text", "json", "github"]:
        said = status(family / NEWS, f"--output-format={output}").output
        assert said.count("example.org/a.zip") >= 1
        for unsafe in ["s3cret", "pass@", "\x1b", "\n::error::x"]:
            assert unsafe not in said
    assert "\ndr\\x1b[31m\\n:\\x3aerror" in status(family / NEWS).output
