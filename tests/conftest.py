"""What every test starts from: a shell of a developer, no CI, no git hook around it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

import tests.fuzzing  # noqa: F401 - it sets hypothesis' profile


@pytest.fixture(autouse=True, scope="session")
def developers_shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither CI, nor a surrounding git hook, nor the user's own git configuration counts.

    For the session: what is made once for a module is made by a developer as well.
    """
    monkeypatch = pytest.MonkeyPatch()
    for name in list(os.environ):
        if name == "CI" or name.startswith("GIT_"):
            monkeypatch.delenv(name)
    configuration = tmp_path_factory.getbasetemp() / "gitconfig"
    configuration.write_text(
        "[user]\n\tname = A Developer\n\temail = developer@example.org\n"
        '[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n'
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    umask = os.umask(0o022)  # trees are read back, modes and all
    yield
    os.umask(umask)
    monkeypatch.undo()


@pytest.fixture
def dev(tmp_path: Path) -> Path:
    """The folder that the family's projects lie in side by side; a space is in its path."""
    folder = tmp_path / "my dev"
    folder.mkdir()
    return folder


class OneWorkerForEachRunner(LoadScopeScheduling):
    """Each test goes to the next free worker, but the end-to-end tests of a runner to the same one.

    Their set-up is costly and made once per worker. (`--dist loadgroup` is for this, but does not
    group with pytest 9.2: pytest-xdist's issue 1386.)
    """

    def _split_scope(self, nodeid: str) -> str:
        name, _, parameters = nodeid.partition("[")
        if not name.startswith("tests/test_end_to_end.py"):
            return nodeid
        return "prek" if parameters.startswith("prek") else "pre-commit"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return OneWorkerForEachRunner(config, log)
