"""The family on one screen: whole screens, healthy families first."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from hooks.project.own_hooks import OwnHooks
from hooks.report import Note
from hooks.rules.gathered import conflicts, uncounted
from hooks.rules.one_project import Looked, look
from hooks.venvs.disk import Disk
from tests.status_family import (
    CONFIGURATION,
    FOUR,
    FULL,
    MEDIA,
    NEWS,
    OWNER,
    SITE,
    TARGET,
    TELEGRAM,
    VERSION,
    configuration,
    distributions,
    make_family,
    status,
    users_path,
)
from tests.trees import build, git, make_venv, paste, pythons

HEADINGS = "project                   link   asks  missing  other  own venvs  git hooks  rev\n"
ROWS = f"""\
{HEADINGS}dr-daily-report           owner     2        0      0  -          none       v1.0.0
dr-daily-report_media     ok        1        0      0  -          none       v1.0.0
dr-daily-report_news      ok        0        0      0  -          none       v1.0.0
dr-daily-report_telegram  ok        2        0      0  -          none       v1.0.0
"""
NOTHING_ACTIVATED = "this shell    no venv is activated; no `python` is on PATH\n"
DISK = "disk          SIZE once; each venv of its own would add SIZE\n"
PIP = f"'DEV/{OWNER}/venv/bin/python' -m ensurepip && 'DEV/{OWNER}/venv/bin/python' -m pip install"
NO_NEWER = "newer Python  none on your PATH that suits the family\n"
PASS = "no findings\n"


def shared(path: str = TARGET, count: int = 3) -> str:
    return f"shared venv   {path}   Python {FULL}   {count} distributions   works\n"


def fill(*files: str) -> str:
    return f"fill          {PIP} {' '.join(f'-r {file}' for file in files)}\n"


@pytest.fixture(autouse=True)
def shell(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with git and one Python, in whose shell nothing is activated."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.setenv("SHARED_VENV_TRACEBACK", "1")
    monkeypatch.setenv("PATH", users_path(dev.parent / "bin"))
    return dev.parent / "bin"


@pytest.fixture
def family(dev: Path) -> Path:
    return make_family(dev)


# -- healthy --------------------------------------------------------------------------------------


def test_in_a_member(family: Path) -> None:
    files = ("requirements.txt", f"../{OWNER}/requirements.txt", f"../{MEDIA}/requirements.txt")
    screen = shared() + NOTHING_ACTIVATED + ROWS + DISK + fill(*files) + NO_NEWER + PASS
    assert status(family / TELEGRAM) == (0, screen)


def test_in_the_owner_without_a_configuration(family: Path) -> None:
    """It needs no `--target`: its venv is its own."""
    (family / OWNER / CONFIGURATION).unlink()
    rows = ROWS.replace("none       v1.0.0", "none       -", 1)
    files = ("requirements.txt", *(f"../{each}/requirements.txt" for each in [MEDIA, TELEGRAM]))
    screen = shared("venv") + NOTHING_ACTIVATED + rows + DISK + fill(*files) + NO_NEWER + PASS
    assert status(family / OWNER) == (0, screen)


def test_in_a_member_without_any_configuration(family: Path) -> None:
    """The link tells."""
    for project in FOUR:
        (family / project / CONFIGURATION).unlink()
    rows = ROWS.replace(" v1.0.0", " -").replace("  rev", "  rev")
    assert status(family / NEWS).output.count("\n") == 11
    assert rows in status(family / NEWS).output


def test_a_family_of_one(dev: Path) -> None:
    make_family(dev, ())
    rows = HEADINGS + "dr-daily-report  owner     2        0      0  -          none       v1.0.0\n"
    rows = rows.replace("project                 ", "project        ")
    screen = shared("venv") + NOTHING_ACTIVATED + rows + DISK + fill("requirements.txt")
    assert status(dev / OWNER) == (0, screen + NO_NEWER + PASS)


def test_a_linked_work_tree_stands_for_its_project(family: Path) -> None:
    git(family / NEWS, "worktree", "add", "--quiet", f"../{NEWS}.linked")
    linked = family / f"{NEWS}.linked"
    (linked / "venv").symlink_to(TARGET)
    said = status(linked)
    assert said.status == 0, said.output
    assert f"\n{NEWS}.linked" in said.output
    assert f"\n{NEWS} " not in said.output


def test_in_a_linked_work_tree_of_the_owner_the_owner_is_there_as_well(family: Path) -> None:
    git(family / OWNER, "worktree", "add", "--quiet", "../linked", "--detach")
    (family / "linked" / "venv").symlink_to(TARGET)
    said = status(family / "linked")
    assert said.status == 0, said.output
    rows = [line.split()[:2] for line in said.output.splitlines()[3:8]]
    assert rows == [
        [OWNER, "owner"],
        *([name, "ok"] for name in sorted([MEDIA, NEWS, TELEGRAM])),
        ["linked", "ok"],
    ]


def test_fifty(dev: Path) -> None:
    names = tuple(f"{OWNER}_{number:02}" for number in range(49))
    make_family(dev, names)
    said = status(dev / names[20])
    assert said.status == 0, said.output
    assert [line.split()[:2] for line in said.output.splitlines()[3:53]] == [
        [OWNER, "owner"],
        *([name, "ok"] for name in names),
    ]


def test_a_long_name_loses_its_middle_in_a_hundred_columns(family: Path) -> None:
    long = f"{OWNER}_{'x' * 80}_telegram"
    (family / TELEGRAM).rename(family / long)
    said = status(family / NEWS)
    table = said.output.splitlines()[2:7]
    assert max(map(len, table)) == 100
    [row] = [line for line in table if "…" in line]
    assert row.startswith("dr-daily-report_xx")
    assert "xx_telegram  ok " in row


def test_json(family: Path) -> None:
    said = status(family / NEWS, "--output-format=json")
    document = json.loads(said.output)
    disk = document.pop("disk")
    assert disk["held"] == disk["private"] > 4096
    assert document == {
        "schema": 1,
        "hook": "shared-venv-status",
        "status": 0,
        "findings": [],
        "notes": [],
        "venv": {"path": TARGET, "python": FULL, "distributions": 3, "works": True},
        "shell": {"activated": None},
        "projects": [
            {
                "path": "." if name == NEWS else f"../{name}",
                "role": "owner" if name == OWNER else "member",
                "link": "owner" if name == OWNER else "ok",
                "asks": asks,
                "missing": 0,
                "other": 0,
                "own_venvs": [],
                "git_hooks": {"runners": [], "stages": []},
                "rev": "v1.0.0",
            }
            for name, asks in [(OWNER, 2), (MEDIA, 1), (NEWS, 0), (TELEGRAM, 2)]
        ],
        "fill": f"{PIP} "
        + " ".join(f"-r ../{each}/requirements.txt" for each in [OWNER, MEDIA, TELEGRAM]),
        "newer_python": [],
    }


def test_as_many_as_importlib_metadata_counts(family: Path) -> None:
    site = family / OWNER / SITE
    build(distributions("flask==3.0", "Weird.Name==1", "old==0.5"), site)
    shutil.copytree(site / "old-0.5.dist-info", site / "~ld-0.5.dist-info")
    for name, lines in {
        TELEGRAM: "flask\nweird-name>=2\nnot-there\nold; python_version<'3'\n"
    }.items():
        (family / name / "requirements.txt").write_text(lines)
    found = {
        each.name.lower().replace(".", "-"): each.version
        for each in importlib.metadata.distributions(path=[str(site)])
    }
    document = json.loads(status(family / NEWS, "--output-format=json").output)
    assert document["venv"]["distributions"] == len(found) == 6
    for project in document["projects"]:
        lines = (family / NEWS / project["path"] / "requirements.txt").read_text().splitlines()
        asked = [one for one in map(Requirement, lines) if not one.marker or one.marker.evaluate()]
        there = [one for one in asked if one.name in found]
        other = [one for one in there if not one.specifier.contains(found[one.name])]
        counts = [project[key] for key in ["asks", "missing", "other"]]
        assert counts == [len(asked), len(asked) - len(there), len(other)]


# -- broken ---------------------------------------------------------------------------------------


@pytest.fixture
def broken(family: Path) -> Path:
    (family / MEDIA / "venv").unlink()
    (family / MEDIA / "venv").symlink_to(f"../{OWNER}/old")
    make_venv(family / MEDIA / ".venv")
    make_venv(family / MEDIA / "tools" / "env")
    (family / NEWS / "requirements.txt").write_text("pandas==1.5.3\n")
    (family / TELEGRAM / "requirements.txt").write_text("pandas==2.0.0\nflask\nrequests==2.30.0\n")
    (family / TELEGRAM / CONFIGURATION).write_text(configuration(rev="v0.9.0"))
    return family


BROKEN = f"""\
project                   link     asks  missing  other  own venvs  git hooks  rev
dr-daily-report           owner       2        0      0  -          none       v1.0.0
dr-daily-report_media     dangles     1        0      0  .venv +1   none       v1.0.0
dr-daily-report_news      ok          1        0      1  -          none       v1.0.0
dr-daily-report_telegram  ok          3        1      1  -          none       v0.9.0
conflict      pandas: `==2.0.0` in dr-daily-report and dr-daily-report_telegram, `==1.5.3` in
              dr-daily-report_news
{DISK}"""


def test_a_broken_family(broken: Path) -> None:
    said = status(broken / NEWS)
    assert said.status == 1
    assert shared() + NOTHING_ACTIVATED + BROKEN in said.output
    assert said.output.splitlines()[-1] == (
        f"4 projects with findings; first: cd ../{MEDIA} && ln -sfn {TARGET} venv"
    )
    assert "pandas" not in next(each for each in said.output.splitlines() if each[:4] == "fill")


def test_a_broken_family_in_json(broken: Path) -> None:
    said = status(broken / OWNER, "--output-format=json")
    document = json.loads(said.output)
    assert said.status == document["status"] == 1
    found = [(each["rule"], each["path"], each["line"]) for each in document["findings"]]
    assert found == [
        ("conflict", "requirements.txt", 1),
        ("link-dangling", f"../{MEDIA}/venv", None),
        ("local-venv", f"../{MEDIA}/.venv", None),
        ("local-venv", f"../{MEDIA}/tools/env", None),
        ("conflict", f"../{NEWS}/requirements.txt", 1),
        ("conflict", f"../{TELEGRAM}/requirements.txt", 1),
        ("not-installed", f"../{TELEGRAM}/requirements.txt", 2),
        ("wrong-version", f"../{TELEGRAM}/requirements.txt", 3),
    ]
    link = document["findings"][1]
    assert link["fixes"] == [f"(cd -P ../{MEDIA} && ln -sfn {TARGET} venv)"]
    assert document["projects"][1] == {
        "path": f"../{MEDIA}",
        "role": "member",
        "link": "dangles",
        "asks": 1,
        "missing": 0,
        "other": 0,
        "own_venvs": [".venv", "tools/env"],
        "git_hooks": {"runners": [], "stages": []},
        "rev": "v1.0.0",
    }


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


def test_where_the_shell_came_by_a_link_the_command_goes_by_the_folders_own_way_up(
    broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (broken / "deep" / "er").mkdir(parents=True)
    (broken / "deep" / "er" / "link").symlink_to(broken / NEWS)
    for told, command in [("deep/er/link", f"cd -P ../{MEDIA}"), ("deep", f"cd ../{MEDIA}")]:
        monkeypatch.setenv("PWD", str(broken / told))
        assert f"; first: {command} && " in status(broken / NEWS).output


def test_what_a_project_ignores_is_a_note(broken: Path) -> None:
    (broken / MEDIA / CONFIGURATION).write_text(
        configuration(f"--target={TARGET}", "--ignore=local-venv:.venv", "--allow=tools/*")
    )
    said = status(broken / MEDIA, "--ignore=conflict", "--ignore=link-dangling")
    assert said.status == 1
    assert f"note: .venv: is a local venv, but `{TARGET}`" in said.output
    assert f"note: ../{NEWS}: requirements.txt:1: `pandas==1.5.3` contradicts" in said.output
    assert said.output.splitlines()[-1].startswith("1 project with findings; first: cd ")


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("rm -rf venv", "is missing"),
        ("rm -rf venv; mkdir venv", "is empty: `python -m venv --clear` or `rm -rf venv/`, run"),
        (
            f"rm venv/bin/python*; ln -s /gone/python{VERSION} venv/bin/python",
            f"`{TARGET}/bin/python` leads to",
        ),
    ],
)
def test_a_venv_that_does_not_work(
    fault: str, says: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as users:
        users.setenv("PATH", "/usr/bin:/bin")
        paste(fault, family / OWNER)
    said = status(family / TELEGRAM)
    assert said.status == 1
    assert said.output.startswith(f"shared venv   {TARGET}   {says}")
    assert "\ndr-daily-report_telegram  dangles     2        -      - " in said.output or (
        "\ndr-daily-report_telegram  ok        2        -      - " in said.output
    )
    assert "\nfill" not in said.output
    assert "\nnewer Python" not in said.output
    document = json.loads(status(family / TELEGRAM, "--output-format=json").output)
    assert document["venv"] == {
        "path": TARGET,
        "python": None,
        "distributions": None,
        "works": False,
    }
    assert document["fill"] is None


def test_everything_that_says_nothing_is_told_once(family: Path) -> None:
    """Of the shared venv all four say the same."""
    (family / OWNER / "venv" / "bin").chmod(0o777)
    document = json.loads(status(family / NEWS, "--output-format=json").output)
    assert [(each["rule"], each["path"]) for each in document["findings"]] == [
        ("open-to-others", f"{TARGET}/bin")
    ]
    assert status(family / NEWS).output.splitlines()[-1].startswith("4 projects with findings")


# -- no family, and projects that cannot be asked -------------------------------------------------


def test_outside_of_a_family(dev: Path) -> None:
    said = status(build({}, dev / "alone"))
    why = "no family here: `venv` is no link and no venv, and there is no `--target`"
    assert said == (2, f"shared-venv-status: {why}\n")


REFUSED = {
    "an option that is none": (
        configuration("--nope"),
        f"{CONFIGURATION}: its hooks refuse their arguments: unrecognized arguments: --nope",
    ),
    "a word for help": (configuration("--help", f"--target={TARGET}"), None),
    "no YAML": ("repos: [\n", f"{CONFIGURATION}:1 is no valid YAML"),
    "a target that is a project": (
        configuration(f"--target=../{OWNER}"),
        f"--target: `../{OWNER}` is a project, no venv: did you mean `{TARGET}`?",
    ),
}


@pytest.mark.parametrize(("text", "why"), REFUSED.values(), ids=REFUSED)
def test_a_sibling_whose_hooks_cannot_be_asked(text: str, why: str | None, family: Path) -> None:
    (family / MEDIA / CONFIGURATION).write_text(text)
    said = status(family / NEWS)
    assert said.status == 0
    if why is None:
        assert "note:" not in said.output
        return
    assert why in said.output
    assert "what its hooks would say is not known\n" in said.output
    rev = "-" if "YAML" in why else "v1.0.0"
    assert (
        f"\n{MEDIA}     -         -        -      -  -          none       {rev}\n" in said.output
    )


def test_a_project_whose_own_hooks_cannot_be_asked(family: Path) -> None:
    (family / NEWS / CONFIGURATION).write_text(configuration("--nope"))
    said = status(family / NEWS)
    assert said.status == 0
    assert f"\n{TELEGRAM}  ok        2        0      0" in said.output
    assert f"\n{NEWS}      -         -        -      -" in said.output
    assert "\nfill" not in said.output


def test_an_owner_that_asks_for_nothing(family: Path) -> None:
    (family / OWNER / "requirements.txt").unlink()
    (family / NEWS / "requirements.txt").unlink()
    said = status(family / OWNER)
    assert "\ndr-daily-report           owner     -        -      -  -" in said.output
    assert "\nnote: requirements were not compared: nothing to check" in said.output


def test_a_folder_that_is_gone_since_it_was_found(dev: Path) -> None:
    found = look(str(dev / "gone"), "why", OwnHooks(None), {})
    assert found.messages == [Note(f"`{dev}/gone` was not looked into (No such file or directory)")]


def test_what_the_disk_does_not_tell() -> None:
    disk = Disk(0, 0, False, 0)
    assert uncounted("venv", disk) == []
    why = "could not be looked into: what is in there is not counted"
    assert uncounted("venv", disk._replace(unread=1)) == [Note(f"`venv`: 1 folder {why}")]
    assert uncounted("venv", disk._replace(unread=2)) == [Note(f"`venv`: 2 folders {why}")]


def test_a_folder_that_is_closed(family: Path) -> None:
    (family / MEDIA).chmod(0o600)
    try:
        if os.access(family / MEDIA, os.X_OK):
            pytest.skip("every folder is open to this user")
        said = status(family / NEWS, f"--sibling=../{MEDIA}")
        assert f"note: ../{MEDIA}: `../{MEDIA}` was not looked into" in said.output
    finally:
        (family / MEDIA).chmod(0o755)


# -- how siblings are found -----------------------------------------------------------------------


def test_a_sibling_without_a_link_is_known_by_its_configuration(family: Path) -> None:
    (family / MEDIA / "venv").unlink()
    said = status(family / NEWS)
    assert said.status == 1
    assert f"\n{MEDIA}     missing     1        0      0" in said.output


def test_no_siblings_but_those_that_are_named(family: Path) -> None:
    said = status(family / NEWS, "--no-siblings", f"--sibling=../{MEDIA}")
    assert [line.split()[0] for line in said.output.splitlines()[3:5]] == [MEDIA, NEWS]
    assert said.output.splitlines()[5].startswith("disk")


def test_in_ci_there_are_no_siblings(family: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    said = status(family / OWNER)
    assert said.status == 0
    assert said.output.splitlines()[4].startswith("disk")


def test_an_absolute_link_that_nothing_forbids(family: Path) -> None:
    for project in FOUR:
        (family / project / CONFIGURATION).unlink()
    (family / MEDIA / "venv").unlink()
    (family / MEDIA / "venv").symlink_to(family / OWNER / "venv")
    assert status(family / NEWS).status == 0
    said = status(family / MEDIA)
    assert said.status == 0
    assert said.output.startswith(f"shared venv   DEV/{OWNER}/venv   Python")


def test_what_is_typed_goes_before_what_is_configured(family: Path) -> None:
    make_venv(family / "elsewhere" / "env")
    said = status(family / NEWS, "--target=../elsewhere/env", "--venv=env")
    assert said.status == 1
    assert said.output.startswith("shared venv   ../elsewhere/env   Python")
    assert f"\n{NEWS}  missing" in said.output


def test_the_fallback(family: Path) -> None:
    shutil.rmtree(family / OWNER)
    (family / NEWS / "venv").unlink()
    make_venv(family / NEWS / "venv")
    said = status(family / NEWS)
    assert f"\n{NEWS}      fallback" in said.output
    assert said.output.startswith(f"shared venv   {TARGET}   is missing\n")


# -- what a newer Python takes --------------------------------------------------------------------

NEWER = [
    each
    for each in pythons()
    if tuple(map(int, each.version.split("."))) > tuple(map(int, VERSION.split(".")))
]


@pytest.mark.skipif(not NEWER, reason="there is no newer Python on this machine")
def test_the_way_to_a_newer_python_pasted(
    family: Path, shell: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = NEWER[0]
    (shell / f"python{newer.version}").symlink_to(newer.executable)
    for project in FOUR:
        (family / project / "requirements.txt").write_text("")
    document = json.loads(status(family / NEWS, "--output-format=json").output)
    old = f"../{OWNER}.venv.old"
    assert document["newer_python"] == [
        f"python{newer.version} -I -c 'import ensurepip, venv' && test ! -e {old}"
        f" && mv -n {TARGET} {old} && python{newer.version} -I -m venv {TARGET}"
    ]
    monkeypatch.setenv("PATH", "/usr/bin:/bin", prepend=os.pathsep)
    paste(document["newer_python"][0], family / NEWS)
    assert status(family / NEWS).output.startswith(
        f"shared venv   {TARGET}   Python {newer.version}."
    )
    assert (family / f"{OWNER}.venv.old" / "pyvenv.cfg").exists()


def test_a_python_that_the_family_does_not_allow_is_passed_over(family: Path, shell: Path) -> None:
    minor = int(VERSION.split(".")[1])
    for more in [1, 2]:
        (shell / f"python3.{minor + more}").symlink_to(os.path.realpath("/bin/sh"))
    project = f'[project]\nname = "x"\nversion = "1"\nrequires-python = "!=3.{minor + 1}.*"\n'
    (family / MEDIA / "pyproject.toml").write_text(project)
    said = status(family / NEWS)
    assert f"\nnewer Python\n  python3.{minor + 2} -I -c" in said.output


def mounted(project: Path, line: str, *more: str) -> str:
    """What is said where this was mounted before; as JSON."""
    call = "import json; from hooks.shared_venv_status import main; main(['--output-format=json'])"
    checkout = shlex.quote(str(Path(__file__).parent.parent))
    line = f"{line} && PYTHONPATH={checkout} exec {sys.executable} -c {shlex.quote(call)}"
    folders = os.pathsep.join([os.environ["PATH"], *more, "/usr/bin", "/bin", "/usr/sbin", "/sbin"])
    done = subprocess.run(
        ["unshare", "--mount", "bash", "-c", line],
        cwd=project,
        env={**os.environ, "PATH": folders},
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip("nothing can be mounted here")
    assert done.stderr == ""
    return done.stdout


@pytest.mark.skipif(shutil.which("unshare") is None, reason="there is no `unshare`")
def test_a_venv_that_nobody_can_write_to(family: Path) -> None:
    line = f"mount --bind {TARGET} {TARGET} && mount -o remount,ro,bind {TARGET}"
    document = json.loads(mounted(family / NEWS, line))
    assert document["notes"] == [f"`{TARGET}`: nothing can be written to it: it is read-only here"]
    assert (document["fill"], document["newer_python"]) == (None, [])


@pytest.mark.skipif(shutil.which("unshare") is None, reason="there is no `unshare`")
def test_a_venv_that_cannot_be_moved_aside(family: Path, shell: Path) -> None:
    minor = int(VERSION.split(".")[1])
    (shell / f"python3.{minor + 1}").symlink_to(os.path.realpath("/bin/sh"))
    document = json.loads(mounted(family / NEWS, f"mount --bind {TARGET} {TARGET}"))
    assert document["fill"] is not None
    assert document["newer_python"] == []


def test_a_venv_that_tells_no_patch_release(family: Path) -> None:
    """As `uv venv` makes it by a link to a minor version."""
    configuration = family / OWNER / "venv" / "pyvenv.cfg"
    text = "".join(
        line if not line.startswith("version") else f"version_info = {VERSION}\n"
        for line in configuration.read_text().splitlines(keepends=True)
    )
    configuration.write_text(text)
    assert status(family / NEWS).output.startswith(f"shared venv   {TARGET}   Python {VERSION}   3")
