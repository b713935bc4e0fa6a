"""The Python that projects, distributions and locks ask for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from hooks.fast.specifiers import Specifiers
from hooks.report import Note
from hooks.requirements.required import Lock, LockedPython, RequiresPython
from hooks.rules.facts import Asked
from hooks.rules.in_sync import check
from tests.families import OWNER, a_lock, a_member, installed, said
from tests.rules.compared import a_venv, asked, told
from tests.trees import build

pytestmark = pytest.mark.usefixtures("in_project")


def python(text: str, *, path: str = "pyproject.toml") -> RequiresPython:

    return RequiresPython(path, 3, text, Specifiers(text))


@pytest.mark.parametrize(
    ("text", "is_short", "expected"),
    [
        pytest.param(">=3.11", False, [], id="met"),
        pytest.param(">=3.11", True, [], id="met, the patch release is not known"),
        pytest.param(
            ">=3.12",
            False,
            [
                "pyproject.toml:3: `requires-python` is `>=3.12`, but the venv's Python is `3.11.7` [wrong-python]"
            ],
            id="not met",
        ),
        pytest.param(
            ">=3.12",
            True,
            [
                "pyproject.toml:3: `requires-python` is `>=3.12`, but the venv's Python is `3.11` [wrong-python]"
            ],
            id="not met, the patch release is not known",
        ),
        pytest.param(
            ">=3.11.9",
            True,
            [
                "note: pyproject.toml:3: `requires-python` is `>=3.11.9`, but the venv's Python"
                " is `3.11`: its files do not tell which patch release"
            ],
            id="the patch release decides, and is not known",
        ),
    ],
)
def test_requires_python(text: str, is_short: bool, expected: Sequence[str]) -> None:
    found = check(Asked([], python(text)), [], a_venv({}, is_short=is_short))
    notes = [f"note: {note.what}" for note in found.notes]
    assert told(found.problems) + notes == expected


def test_an_unknown_patch_release_that_a_marker_asks_for_is_a_note() -> None:
    own = asked(Path(), "a; python_full_version < '3'\nb; python_full_version < '3'")
    found = check(own, [], a_venv({}, is_short=True))
    why = "`python_full_version` is taken to be `3.11.7`"
    assert found.notes == [Note(f"the venv does not tell its Python's patch release: {why}")]


@pytest.mark.parametrize(
    ("own", "theirs", "expected"),
    [
        pytest.param(">=3.11", [">=3.8,<3.12"], [], id="jointly possible"),
        pytest.param(">=3.11", ["<3.11.7,>=3"], [], id="only the sibling's own is broken"),
        pytest.param(
            ">=3.11",
            ["<3.11", "<3.11", "==3.9.*"],
            [
                "pyproject.toml:3: `requires-python` `>=3.11` contradicts `<3.11` of"
                " ../0/pyproject.toml:3 and of 1 more, and the venv's Python is `3.11.7` [conflict]",
                "pyproject.toml:3: `requires-python` `>=3.11` contradicts `==3.9.*` of"
                " ../2/pyproject.toml:3, and the venv's Python is `3.11.7` [conflict]",
            ],
            id="jointly impossible",
        ),
    ],
)
def test_requires_python_of_the_family(
    own: str, theirs: Sequence[str], expected: Sequence[str]
) -> None:
    family = [
        Asked([], python(each, path=f"../{position}/pyproject.toml"))
        for position, each in enumerate(theirs)
    ]
    found = check(Asked([], python(own)), family, a_venv({}))
    assert told(found.problems) == expected
    expected_without = [
        each.replace(", and the venv's Python is `3.11.7`", "") for each in expected
    ]
    assert told(check(Asked([], python(own)), family, None).problems) == expected_without


@pytest.mark.parametrize(("own", "theirs"), [(None, ">=3.12"), (">=3.11", None), (None, None)])
def test_who_asks_for_no_python_contradicts_nobody(own: str | None, theirs: str | None) -> None:
    mine, other = (Asked([], python(each) if each else None) for each in (own, theirs))
    for venv in [None, a_venv({})]:
        assert told(check(mine, [other], venv).problems) == []


def test_where_projects_part_the_venvs_python_is_not_told_once_more() -> None:
    venv = a_venv({"a 1": []})
    installed = {"a": venv.distributions["a"]._replace(requires_python=">=3.12")}
    venv = venv._replace(distributions=installed)
    own = asked(Path(), "a\nb")._replace(requires_python=python("<3.11"))
    family = [Asked([], python(">=3.12", path="../news/pyproject.toml"))]
    assert told(check(own, family, venv).problems) == [
        "pyproject.toml:3: `requires-python` `<3.11` contradicts `>=3.12` of"
        " ../news/pyproject.toml:3, and the venv's Python is `3.11.7` [conflict]",
        "requirements.txt:2: `b` is required, but not installed [not-installed]",
        "requirements.txt:1: `a==1` needs Python `>=3.12`, but the venv's is `3.11.7`"
        " [wrong-python]",
    ]


DISTRIBUTIONS = [
    pytest.param(">=3.8", False, [], id="allowed"),
    pytest.param(">=3.8,<4", False, [], id="an upper bound that is kept"),
    pytest.param("nonsense", False, [], id="what is no specifier, as pip does"),
    pytest.param(">=3.11.9", True, [], id="the patch release decides, and is not known"),
    pytest.param(
        "<3.11", False,
        ["requirements.txt:1: `b==1` needs Python `<3.11` (`a` → `b`), but the venv's is `3.11.7`"
         " [wrong-python]"],
        id="an upper bound",
    ),
    pytest.param(
        ">=3.12", True,
        ["requirements.txt:1: `b==1` needs Python `>=3.12` (`a` → `b`), but the venv's is `3.11`"
         " [wrong-python]"],
        id="the patch release is not known, and does not matter",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "is_short", "expected"), DISTRIBUTIONS)
def test_installed_distributions(text: str, is_short: bool, expected: Sequence[str]) -> None:
    venv = a_venv({"a 1": ["b"], "b 1": [], "stray 1": []}, is_short=is_short)
    distributions = dict(venv.distributions)
    for name in ["b", "stray"]:
        distributions[name] = distributions[name]._replace(requires_python=text)
    found = check(asked(Path(), "a"), [], venv._replace(distributions=distributions))
    assert told(found.problems) == expected


def test_the_project_itself_is_told_at_its_own_line() -> None:
    venv = a_venv({"a 1": []})
    installed = {"a": venv.distributions["a"]._replace(requires_python=">=3.12")}
    own = asked(Path(), "a")._replace(requires_python=python(">=3.12"))
    found = check(own, [], venv._replace(distributions=installed))
    assert [each.path for each in found.problems] == ["pyproject.toml"]


@pytest.mark.parametrize(
    ("python", "marker", "is_short", "expected"),
    [
        (">=3.8", None, False, []),
        ("<3.11", "python_version < '3'", False, []),
        (">=3.11.9", None, True, []),
        (
            "<3.11",
            "python_version > '3'",
            True,
            [
                "pylock.toml:7: `a` is locked for Python `<3.11`, but the venv's is `3.11` [bad-lock]"
            ],
        ),
    ],
)
def test_packages_of_a_lock(
    python: str, marker: str | None, is_short: bool, expected: Sequence[str]
) -> None:
    lock = Lock("pylock.toml", 1, (), (LockedPython("a", 7, marker, Specifiers(python)),))
    found = check(Asked([], locks=[lock]), [], a_venv({}, is_short=is_short))
    assert told(found.problems) == expected


@pytest.mark.parametrize(
    ("environments", "expected"),
    [
        ([], []),
        (["os_name == 'nt'", "os_name == 'posix'"], []),
        (
            ["os_name == 'nt'"],
            ["pylock.toml:1: was locked for other environments than the venv's [bad-lock]"],
        ),
    ],
)
def test_environments_of_a_lock(environments: Sequence[str], expected: Sequence[str]) -> None:
    lock = Lock("pylock.toml", 1, tuple(environments), ())
    assert told(check(Asked([], locks=[lock]), [], a_venv({})).problems) == expected


@pytest.fixture
def member(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, as the working directory; what is installed is for some Pythons only."""
    needs = {"a": ">=3.12", "b": "<3.11", "c": "nonsense", "d": ">=3.11"}
    build({"venv": installed("a 1\nb", "b 1", "c 1", "d 1"), "requirements.txt": ""}, dev / OWNER)
    for name, python in needs.items():
        [metadata] = dev.glob(f"{OWNER}/venv/lib/*/*/{name}-1.dist-info/METADATA")
        metadata.write_text(f"{metadata.read_text()}\nRequires-Python: {python}\n")
    member = a_member(dev / OWNER, "news", {})
    monkeypatch.chdir(member)
    return member


def test_pythons_that_what_is_installed_does_not_allow(
    member: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build({"requirements.txt": "a\nc\nd\n"}, member)
    assert said(capsys) == (
        1,
        "requirements.txt:1: `a==1` needs Python `>=3.12`, but the venv's is `3.11.7` [wrong-python]\n"
        "requirements.txt:1: `b==1` needs Python `<3.11` (`a` → `b`), but the venv's is `3.11.7`"
        " [wrong-python]\n",
    )


def test_two_pythons_that_exclude_each_other_are_told_once(
    member: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, python in [(member, ">=3.12"), (member.parent / OWNER, "<3.12")]:
        text = f'[project]\nname = "x"\ndependencies = []\nrequires-python = "{python}"\n'
        build({"pyproject.toml": text}, folder)
    output = said(capsys)[1]
    assert output.count(" [") == 1
    assert "[conflict]" in output


@pytest.mark.parametrize(
    ("environments", "package", "says"),
    [
        ("environments = [\"sys_platform == 'linux'\"]", 'requires-python = ">=3.11"', ""),
        ("environments = [\"sys_platform == 'win32'\"]", "", "was locked for other environments"),
        ("", 'requires-python = "<3.11"', "`d` is locked for Python `<3.11`, but the venv's is"),
        ("", "marker = \"sys_platform == 'win32'\"\nrequires-python = '<3'", ""),
    ],
)
def test_a_lock_for_others(
    environments: str, package: str, says: str, member: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build({"pylock.toml": a_lock("d", package, environments)}, member)
    status, output = said(capsys, "--requirements=pylock.toml")
    assert (status, says in output) == (int(bool(says)), True)
    assert output.count("[bad-lock]") == int(bool(says))
