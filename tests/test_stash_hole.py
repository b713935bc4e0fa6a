"""Why a tracked link is dangerous, tried out: the runner's stash deletes what stands in its place.

Before any hook starts, pre-commit and prek put unstaged changes aside with `git checkout -- .`. To
git, a venv in the place of a tracked link is such a change: the link comes back, the venv is gone.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from demo import family
from tests.trees import make_venv, repairs

CHECKOUT = Path(__file__).parent.parent
TOOLS = Path(sys.executable).parent
CONFIGURATION = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - id: forbid-local-venv
        args: [--target=../owner/venv]
  - repo: local
    hooks:
      - {{id: other, name: other, entry: 'true', language: system, always_run: true}}
"""
TRACKED_LINK = (
    "venv: is a link that git tracks: `python -m venv venv` fails in CI (`File exists`), and a"
    " local venv that stands in its place at a commit is deleted by the runner's stash"
    " (`git checkout -- .`) before any hook can see it; ignore it as `/venv`, since `venv/` does"
    " not match a link [tracked-link]\n"
    "  fix: git rm --cached -rqf venv && echo /venv >> .gitignore && git add .gitignore\n"
)
LOCAL_VENV = (
    "venv: is a local venv, but `../owner/venv` is the one that this project shares;"
    " it has no distribution that the shared one lacks [local-venv]\n"
    "  fix: test ! -e ../member.venv.old && mv -n venv ../member.venv.old"
    " && ln -sfn ../owner/venv venv\n"
)


class Ran(NamedTuple):
    status: int
    output: str

    def says(self, message: str) -> bool:
        """Line by line, as prek indents what a hook says."""
        said = "\n".join(line.strip() for line in self.output.splitlines())
        return "\n".join(line.strip() for line in message.splitlines()) in said


class Shell:
    """A developer's shell in a member, where one runner is installed as git's hook."""

    def __init__(self, member: Path, environment: dict[str, str]) -> None:
        self.member = member
        self.environment = environment

    def __call__(self, line: str) -> Ran:
        return Ran(*family.run(["bash", "-c", line], self.member, self.environment))


@pytest.fixture(scope="session", params=["pre-commit", "prek"])
def runner(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, dict[str, str]]:
    """A runner, its configuration, and an environment with the hook's own in its cache."""
    name: str = request.param
    folder = tmp_path_factory.mktemp(f"hole-{name}")
    environment = family.developers_shell(folder, TOOLS)
    do = partial(family.must_run, environment=environment)
    revision = family.write_hook_repository(CHECKOUT, folder / "hooks", do)
    configuration = folder / "configuration.yaml"
    configuration.write_text(CONFIGURATION.format(repository=folder / "hooks", revision=revision))
    return name, configuration, environment


@pytest.fixture
def shell(runner: tuple[str, Path, dict[str, str]], dev: Path) -> Shell:
    name, configuration, environment = runner
    member = dev / "member"
    member.mkdir()
    make_venv(dev / "owner" / "venv")
    (member / "venv").symlink_to("../owner/venv")
    (member / ".pre-commit-config.yaml").write_text(configuration.read_text())
    (member / "app.py").write_text("")
    shell = Shell(member, environment)
    prepare = f"git init -q && {name} install && git add app.py .pre* && git commit -qm one"
    assert shell(prepare).status == 0
    return shell


def test_the_commit_that_would_track_the_link_is_refused(shell: Shell) -> None:
    tried = shell("git add venv && git commit -m two")
    assert tried.status != 0
    assert tried.says(TRACKED_LINK), tried.output
    assert shell(repairs(TRACKED_LINK)[0]).status == 0
    assert shell("git commit -m two").status == 0
    assert shell("git ls-files").output == ".gitignore\n.pre-commit-config.yaml\napp.py\n"
    assert (shell.member / "venv").readlink() == Path("../owner/venv")


LOST = "echo x >> app.py && git add app.py && git commit -m three"


def put_local_venv(shell: Shell) -> Path:
    assert shell("rm venv").status == 0
    library = next(make_venv(shell.member / "venv").glob("lib/python*"))
    work = library / "site-packages" / "mine.pth"
    work.write_text("an afternoon of work")
    return work


def test_the_hole_itself(shell: Shell) -> None:
    """Without this hook the venv is lost, and nobody says so."""
    assert shell("git add venv && git commit --no-verify -qm two").status == 0
    put_local_venv(shell)
    tried = shell(f"export SKIP=forbid-local-venv; {LOST}")
    assert tried.status == 0, tried.output
    assert not os.path.lexists(shell.member / "venv"), "the runner has mended its ways"


def test_with_this_hook_the_venv_is_lost_but_the_commit_stops(shell: Shell) -> None:
    assert shell("git add venv && git commit --no-verify -qm two").status == 0
    put_local_venv(shell)
    tried = shell(LOST)
    assert not os.path.lexists(shell.member / "venv")
    assert tried.status != 0
    assert tried.says(TRACKED_LINK), tried.output
    assert not tried.says("venv: is a local venv"), "when the hook starts, the link is back"
    assert shell(repairs(TRACKED_LINK)[0]).status == 0
    assert shell("ln -s ../owner/venv venv && git commit -m three").status == 0


def test_a_local_venv_in_the_place_of_an_ignored_link_is_safe(shell: Shell) -> None:
    assert shell("echo /venv > .gitignore && git add . && git commit -qm two").status == 0
    work = put_local_venv(shell)
    tried = shell("echo x > app.py && git add app.py && echo y > app.py && git commit -m three")
    assert tried.status != 0
    assert tried.says(LOCAL_VENV), tried.output
    assert work.exists()
    assert shell(repairs(LOCAL_VENV)[0]).status == 0
    assert shell("git commit -m three").status == 0
    assert (shell.member / "venv").readlink() == Path("../owner/venv")
