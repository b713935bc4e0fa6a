"""What every test starts from: a shell of a developer, no CI, no git hook around it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import uv
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

import tests.fuzzing  # noqa: F401 - it sets hypothesis' profile
from tests import base_python
from tests.packages import make_venv, run

if shlex.quote(tempfile.gettempdir()) != tempfile.gettempdir():
    # Tests put the spaces into their paths themselves; below one, many a line would need quotes.
    os.environ["TMPDIR"] = tempfile.tempdir = "/tmp"

if "PYTEST_XDIST_WORKER" in os.environ:  # tests are many; and nothing has named the base yet
    base_python.replace()

MEASURING = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}


@pytest.fixture(autouse=True, scope="session")
def developers_shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither CI, nor a surrounding git hook, nor the user's own git configuration counts.

    For the session: what is made once for a module is made by a developer as well. Nor are the
    programs measured that a test starts, which would take five times as long; see `measured`.
    """
    monkeypatch = pytest.MonkeyPatch()
    for name in list(os.environ):
        if name == "CI" or name.startswith(("GIT_", "COVERAGE_")):
            monkeypatch.delenv(name)
    configuration = tmp_path_factory.getbasetemp() / "gitconfig"
    configuration.write_text(
        "[user]\n\tname = A Developer\n\temail = developer@example.org\n"
        '[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n'
        "[maintenance]\n\tauto = false\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("SHARED_VENV_TRACEBACK", "1")  # what no rule foresaw fails a test as it is
    umask = os.umask(0o022)  # trees are read back, modes and all
    yield
    os.umask(umask)
    monkeypatch.undo()


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the hooks run that this test starts counts as reached, as nothing else runs it."""
    for name, value in MEASURING.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def dev(tmp_path: Path) -> Path:
    """The folder that the family's projects lie in side by side; a space is in its path."""
    folder = tmp_path / "my dev"
    folder.mkdir()
    return folder


@pytest.fixture
def users_shell(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH: it has git and `python3`, and nothing is activated."""
    folder = dev.parent / "users bin"
    folder.mkdir()
    git = shutil.which("git")
    assert git
    (folder / "git").symlink_to(git)
    (folder / "python3").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.setenv("SHARED_VENV_TRACEBACK", "1")
    return folder


@pytest.fixture
def uv_of_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Not the one beside the hooks, which no shell of theirs would find."""
    folder = tmp_path_factory.mktemp("bin")
    (folder / "uv").symlink_to(uv.find_uv_bin())
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return folder


@pytest.fixture
def links(dev: Path, monkeypatch: pytest.MonkeyPatch, uv_of_the_user: Path) -> Path:
    """A folder of wheels that pip and uv install from: no index, and no cache of one."""
    assert (uv_of_the_user / "uv").exists()
    folder = dev / "wheels here"
    folder.mkdir()
    for name in ["PIP_FIND_LINKS", "UV_FIND_LINKS"]:
        monkeypatch.setenv(name, folder.as_uri())
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(dev.parent / "uv cache"))
    return folder


@pytest.fixture(scope="module")
def without_privileges() -> list[str]:
    """How root runs a program that may not read what nobody may; what it runs is measured."""
    command = ["env", *(f"{name}={value}" for name, value in MEASURING.items())]
    if os.geteuid() != 0:
        return command
    command += ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    with suppress(OSError):
        if subprocess.run([*command, "true"], check=False, capture_output=True).returncode == 0:
            return command
    pytest.skip("root may read everything here")


@pytest.fixture(scope="session")
def venv_with_pip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("with pip") / "venv"
    run(base_python.executable(), "-m", "venv", str(place))
    return place


@pytest.fixture
def owner(links: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The owner, with an empty venv of `uv venv`; it is the working directory."""
    folder = links.parent / "dr-daily-report"
    folder.mkdir()
    make_venv(folder / "venv")
    monkeypatch.chdir(folder)
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

    def mark_test_complete(
        self, node: WorkerController, item_index: int, duration: float = 0
    ) -> None:
        """What is done is forgotten: all that is kept is counted whenever a worker says something."""
        super().mark_test_complete(node, item_index, duration)
        scope = self._split_scope(self.registered_collections[node][item_index])
        if all(self.assigned_work[node][scope].values()):
            del self.assigned_work[node][scope]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return OneWorkerForEachRunner(config, log)
