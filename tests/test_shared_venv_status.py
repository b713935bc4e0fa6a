"""The family on one screen: whole screens, healthy families first."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from hooks.project.own_hooks import OwnHooks
from hooks.report import Note
from hooks.rules.one_project import look
from tests.status.family import (
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
)
from tests.trees import build, git, make_venv, paste

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
def shell(users_shell: Path) -> Path:
    return users_shell


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
    why = "no family here: `venv` is no link and no venv, and there is no `--target`: run it in a project"
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


def test_a_venv_that_tells_no_patch_release(family: Path) -> None:
    """As `uv venv` makes it by a link to a minor version."""
    configuration = family / OWNER / "venv" / "pyvenv.cfg"
    text = "".join(
        line if not line.startswith("version") else f"version_info = {VERSION}\n"
        for line in configuration.read_text().splitlines(keepends=True)
    )
    configuration.write_text(text)
    assert status(family / NEWS).output.startswith(f"shared venv   {TARGET}   Python {VERSION}   3")
