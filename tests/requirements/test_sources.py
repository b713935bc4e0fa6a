"""Which files declare what a project asks for, and what is not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.requirements.sources import read_defaults, read_project
from tests.trees import Tree, build

POETRY = '[tool.poetry.dependencies]\npython = "^3.11"\nfoo = "1"\n'

# What stands in the project, and the file that is told as not read.
DECLARED: dict[str, tuple[Tree, str | None]] = {
    "nothing": ({}, None),
    "an empty requirements.txt beside a Pipfile": (
        {"requirements.txt": "", "Pipfile": '[packages]\nfoo = "*"\n'},
        None,
    ),
    "[project] dependencies beside Poetry's": (
        {"pyproject.toml": f"[project]\ndependencies = []\n{POETRY}"},
        None,
    ),
    "Poetry that asks for a Python alone": (
        {"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.11"\n'},
        None,
    ),
    "a setup.py that needs nothing": ({"setup.py": "# install_requires\nsetup()\n"}, None),
    "a setup.cfg that needs nothing": ({"setup.cfg": "[options]\ninstall_requires =\n"}, None),
    "a Pipfile without packages": ({"Pipfile": "[packages]\n"}, None),
    "a folder requirements without files": ({"requirements": {"readme.md": ""}}, None),
    "dynamic dependencies": ({"pyproject.toml": '[project]\ndynamic = ["dependencies"]\n'}, None),
    "Poetry": ({"pyproject.toml": POETRY}, "pyproject.toml"),
    "a Pipfile": ({"Pipfile": '[packages]\nfoo = "*"\n'}, "Pipfile"),
    "setup.cfg": ({"setup.cfg": "[options]\ninstall_requires =\n  foo\n"}, "setup.cfg"),
    "setup.py": ({"setup.py": 'setup(install_requires=["foo"])\n'}, "setup.py"),
    "environment.yml": ({"environment.yml": "dependencies:\n  - foo\n"}, "environment.yml"),
    "requirements.in": ({"requirements.in": "foo\n"}, "requirements.in"),
    "a folder of files": (
        {"requirements": {"base.txt": "foo\n", "dev.txt": ""}},
        "requirements/base.txt",
    ),
}


@pytest.mark.parametrize(("tree", "file"), DECLARED.values(), ids=DECLARED)
def test_what_is_not_read(
    tree: Tree, file: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(build(tree, tmp_path))
    found = [source.unread for source in read_defaults(".") if source.unread]
    assert [each.path for each in found] == ([file] if file else [])
    assert all(each.rule == "unread-declaration" for each in found)


PYPROJECT = """\
[project]
dependencies = ["core"]
[project.optional-dependencies]
dev = ["more"]
[dependency-groups]
test = ["pytest"]
"""
# What the hooks of a project are told, and what it asks for then.
TOLD = {
    "nothing": ("", ["core"]),
    "a file": ("--requirements=own/ours.txt", ["ours"]),
    "a file that is not there": ("--requirements=gone.txt", []),
    "an extra and a group": ("--extra=dev, --group, test", ["core", "more", "pytest"]),
    "what the hook refuses": ("--requirements=ours.txt, --no-such-option", ["core"]),
}


@pytest.mark.parametrize(("arguments", "expected"), TOLD.values(), ids=TOLD)
def test_another_project_asks_as_its_hooks_are_told(
    arguments: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = f"[{{id: check-shared-venv, args: [--target=../owner/venv, {arguments}]}}]"
    configuration = f"repos: [{{repo: a/b, rev: v1, hooks: {hook}}}]\n"
    files = {".pre-commit-config.yaml": configuration, "pyproject.toml": PYPROJECT}
    build({"here": {}, "other": {**files, "own/ours.txt": "ours\n"}}, tmp_path)
    monkeypatch.chdir(tmp_path / "here")
    found = read_project("../other")
    assert [each.name for source in found for each in source.read.required] == expected
    assert {source.directory for source in found} == {"../other"}
