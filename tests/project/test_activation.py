"""What a shell has activated: told from its environment, tried with real activation in bash."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hooks.project.activation import Shell, read_shell
from tests.trees import Executable, Tree, build, make_venv

TREE: Tree = {
    "empty": {},
    "plain/python": "",
    "folder/python": {},
    "bin/python": Executable(""),
    "other/python": Executable(""),
}

ENVIRONS: dict[str, tuple[dict[str, str], Shell | None]] = {
    "nothing at all": ({"PATH": ""}, Shell(None, None)),
    "no python on PATH": ({"PATH": "empty:missing"}, Shell(None, None)),
    "the first on PATH": ({"PATH": "empty:bin:other"}, Shell(None, "bin/python")),
    "not a file, not executable": ({"PATH": "plain:folder:other"}, Shell(None, "other/python")),
    "an empty variable": ({"PATH": "", "VIRTUAL_ENV": ""}, Shell(None, None)),
    "activated": ({"PATH": "bin", "VIRTUAL_ENV": "/v"}, Shell("/v", "bin/python")),
    "in a hook": ({"PATH": "bin", "VIRTUAL_ENV": "/v", "PRE_COMMIT": "1"}, None),
}


@pytest.mark.parametrize(("environ", "expected"), ENVIRONS.values(), ids=ENVIRONS)
def test_what_the_environment_says(
    environ: dict[str, str],
    expected: Shell | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(build(TREE, tmp_path))
    assert read_shell(environ) == expected


def test_an_empty_entry_of_path_is_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(build(TREE, tmp_path) / "bin")
    assert read_shell({"PATH": ":/nowhere"}) == Shell(None, "./python")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"PATH": "own/bin:bin"}, Shell(None, "bin/python")),
        ({"PATH": "own/bin"}, Shell(None, None)),
        ({"PATH": "bin:own/bin"}, Shell(None, "bin/python")),
        ({"PATH": "empty:own/bin"}, Shell(None, "own/bin/python")),
        ({"PATH": "own/bin", "VIRTUAL_ENV": "own"}, Shell("own", "own/bin/python")),
    ],
)
def test_what_a_tool_puts_on_path_for_this_program_alone_is_not_the_shells(
    environ: dict[str, str], expected: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(build({**TREE, "own/bin/python": Executable("")}, tmp_path))
    assert read_shell(environ, "own") == expected


def test_without_an_environment_of_its_own_nothing_is_left_out() -> None:
    prefix = sys.base_prefix
    found = read_shell({"PATH": f"{prefix}/bin"}, prefix)
    assert found == read_shell({"PATH": f"{prefix}/bin"}, "/nowhere")


def test_a_venv_that_is_really_activated(tmp_path: Path) -> None:
    venv = make_venv(tmp_path / "my venv")
    line = f". '{venv}/bin/activate' && '{sys.executable}' -c 'import json, os; print(json.dumps(dict(os.environ)))'"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    environ = json.loads(done.stdout) | {"PRE_COMMIT": ""}
    environ.pop("PRE_COMMIT")
    assert read_shell(environ) == Shell(str(venv), f"{venv}/bin/python")
