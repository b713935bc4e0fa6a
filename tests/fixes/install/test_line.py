"""The line for a family, and what is left out of it: a venv of literals, so nothing is pasted."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.families import OWNER, a_lock, a_member, installed, said
from tests.trees import Tree, build, repairs

pytestmark = pytest.mark.usefixtures("uv_of_the_user")


def in_a_family(
    dev: Path,
    monkeypatch: pytest.MonkeyPatch,
    own: Tree,
    others: Mapping[str, Tree] | None = None,
    owner: str = "",
) -> None:
    """This project is the working directory; `foo 1` is installed, and `a`, which needs `b>=2`."""
    venv = installed("foo 1", "a 1\nb>=2", "b 1")
    build({OWNER: {"venv": venv, "requirements.txt": owner}}, dev)
    for name, tree in (others or {}).items():
        a_member(dev / OWNER, name, tree)
    monkeypatch.chdir(a_member(dev / OWNER, "news", own))


TO = "uv pip install --python 'DEV/dr-daily-report/venv'"
HASHED = f"{{}}==1 --hash=sha256:{'0' * 64}\n"
LINES = [
    pytest.param(
        "bar\n",
        {"media": "foo==1\n???\nbaz\n"},
        f"{TO} -r requirements.txt foo==1",
        "../media/requirements.txt is left out of the command: it has a line that no installer takes",
        id="a sibling's file with a bad line",
    ),
    pytest.param(
        "bar\nbaz @ file:///gone/baz.zip\n",
        {},
        f"{TO} bar",
        "requirements.txt is left out of the command: `baz @ file:///gone/baz.zip` leads to a place"
        " that is gone",
        id="a place that is gone",
    ),
    pytest.param(
        "bar\n",
        {"media": "baz\n-e file:///gone/x\n"},
        f"{TO} -r requirements.txt baz",
        "../media/requirements.txt is left out of the command: `-e file:///gone/x` leads to a place"
        " that is gone",
        id="a sibling's place that is gone",
    ),
    pytest.param(
        "bar\n",
        {"media": HASHED.format("baz")},
        f"{TO} -r ../media/requirements.txt && {TO} -r requirements.txt",
        "",
        id="what has hashes goes first, a sibling's",
    ),
    pytest.param(
        HASHED.format("bar"),
        {"media": "baz\n"},
        f"{TO} -r requirements.txt && {TO} -r ../media/requirements.txt",
        "",
        id="what has hashes goes first, our own",
    ),
    pytest.param(
        "bar\n",
        {"media": "--index-url https://h\nbaz\n", "third": "foo==1\nqux\n"},
        f"{TO} -r requirements.txt -r ../third/requirements.txt && {TO} -r ../media/requirements.txt"
        " -c requirements.txt -c ../third/requirements.txt",
        "",
        id="files that can be constraints of another are",
    ),
    pytest.param(
        "bar\n",
        {"media": "-e .\n"},
        f"(cd -P ../media && {TO} -r ../news/requirements.txt -r requirements.txt)",
        "",
        id="all goes from the folder that a sibling's paths count from",
    ),
    pytest.param(
        "./foo-1-py3-none-any.whl\nbar\n",
        {},
        f"{TO} --reinstall --no-deps ./foo-1-py3-none-any.whl && {TO} -r requirements.txt",
        "",
        id="what is installed from elsewhere is put there anew",
    ),
    pytest.param(
        "foo @ https://me:s3cret@e.org/foo.zip\n",
        {},
        f"{TO} --reinstall --no-deps -r requirements.txt && {TO} -r requirements.txt",
        "",
        id="by its file where the line is not printed",
    ),
    pytest.param(
        "foo @ https://e.org/foo.zip\nbar\n",
        {"media": "foo @ https://e.org/other.zip\n"},
        f"{TO} bar",
        "",
        id="what another wants from elsewhere is not",
    ),
]


@pytest.mark.parametrize(("own", "others", "line", "left_out"), LINES)
def test_the_line(
    own: str, others: dict[str, str], line: str, left_out: str, dev: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    trees: dict[str, Tree] = {name: {"requirements.txt": each} for name, each in others.items()}
    wheel = "foo-1-py3-none-any.whl"
    in_a_family(dev, monkeypatch, {"requirements.txt": own, wheel: ""}, trees)
    output = said(capsys)[1]
    assert repairs(output) == [line]
    notes = [each for each in output.splitlines() if "left out" in each]
    assert notes == ([f"note: {left_out}"] if left_out else [])


UV = '[project]\nname = "x"\ndependencies = ["foo"]\n[tool.uv.sources]\nfoo = {path = "lib"}\n'


def test_uv_sees_by_itself_where_a_distribution_came_from(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    in_a_family(dev, monkeypatch, {"pyproject.toml": UV, "lib": {"setup.py": ""}})
    output = said(capsys)[1]
    assert "[wrong-source]" in output
    assert repairs(output) == [f"{TO} -r pyproject.toml"]


def test_a_lock_waits_for_uv(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    in_a_family(dev, monkeypatch, {"pylock.toml": a_lock("bar")})
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert said(capsys, "--requirements=pylock.toml")[1].endswith(
        "note: pylock.toml is left out of the command: only uv installs that file, and it is not on"
        " your PATH\n"
    )


POETRY = '[project]\nname = "x"\ndependencies = ["a", "c"]\n[[tool.poetry.source]]\nname = "y"\n'


def test_where_words_would_tear_a_requirement_from_its_source(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    in_a_family(dev, monkeypatch, {"pyproject.toml": POETRY})
    assert (
        "[[tool.poetry.source]]` says where it comes from, which pip and uv do not read"
        in said(capsys)[1]
    )


@pytest.mark.parametrize(
    "theirs", ["-e .\nfoo==1\nbaz\n", "foo==1\n???\n", "--extra-index-url https://h\nfoo==1\n"]
)
def test_nothing_is_lifted_over_what_a_sibling_has(
    theirs: str, dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their file goes by itself, so what it asks for, and has, is said in words beside ours."""
    own = {"setup.py": "", "requirements.txt": "-e .\nbar\n"}
    in_a_family(dev, monkeypatch, own, {"media": {"setup.py": "", "requirements.txt": theirs}})
    [line] = repairs(said(capsys)[1])
    steps = line.split(" && ")
    [ours] = [step for step in steps if " -r requirements.txt" in step and "(cd" not in step][:1]
    assert ours.endswith(" -r requirements.txt foo==1")


def test_what_is_disputed_stays_as_it_is(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = {"requirements.txt": "bar\nfoo==2\n"}
    in_a_family(dev, monkeypatch, own, owner="foo==1\n")
    output = said(capsys)[1]
    assert "[conflict]" in output
    [line] = repairs(output)
    assert line.endswith(" bar foo==1")


def test_where_nothing_may_be_installed_the_reason_is_said(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    in_a_family(dev, monkeypatch, {"requirements.txt": "bar\n"})
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and access(path, mode))
    assert said(capsys) == (
        1,
        "requirements.txt:1: `bar` is required, but not installed [not-installed]\n"
        "note: `../dr-daily-report/venv`: nothing can be written to it: it is read-only here\n",
    )
