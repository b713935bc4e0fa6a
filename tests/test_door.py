"""What no rule foresaw is one line, and an interrupt is quiet."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from hooks import door
from tests.trees import Fifo, build


def _stumbling(_: Sequence[str] | None) -> int:
    raise ValueError("of https://me:s3cret@host/x\x1b[m")


def _interrupted(_: Sequence[str] | None) -> int:
    raise KeyboardInterrupt


def test_what_no_rule_foresaw_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SHARED_VENV_TRACEBACK", raising=False)
    assert door.run(_stumbling, []) == 2
    printed = capsys.readouterr()
    line = _stumbling.__code__.co_firstlineno + 1
    assert printed.out == ""
    assert printed.err == (
        "test-door: a bug of this hook: ValueError: of https://****@host/x\\x1b[m"
        f" in test_door.py:{line}; SHARED_VENV_TRACEBACK=1 shows it whole\n"
    )
    monkeypatch.setattr(sys, "stderr", None)
    assert door.run(_stumbling, []) == 2


def test_a_variable_shows_it_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARED_VENV_TRACEBACK", "1")
    with pytest.raises(ValueError, match="s3cret"):
        door.run(_stumbling, [])


LOOKS_FOR_GARBAGE = """
import atexit, gc
from hooks import door
before = gc.get_freeze_count()  # Python 3.12 has frozen some itself
looks = lambda _=None: print(gc.isenabled(), gc.get_freeze_count() > before)
door.run(looks, [])
atexit.register(looks)
door.run(looks, None)
"""


def test_a_program_looks_for_no_garbage_and_who_calls_it_does_as_before() -> None:
    command = [sys.executable, "-c", LOOKS_FOR_GARBAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["True False", "False False", "False True"]


def test_an_interrupt_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert door.run(_interrupted, []) == 130
    assert capsys.readouterr() == ("", "")


def test_a_hook_that_waits_for_git_is_interrupted(dev: Path) -> None:
    """git waits for ever where a pipe stands in the place of its index."""
    subprocess.run(["git", "init", "--quiet", "."], cwd=dev, check=True)
    build({".git/index": Fifo(), "requirements.txt": ""}, dev)
    process = subprocess.Popen(
        [sys.executable, "-m", "hooks.forbid_local_venv", "--target=../owner/venv"],
        cwd=dev,
        env={**os.environ, "PYTHONPATH": str(Path(door.__file__).parent.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Whoever runs the tests in the background may ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    output, complaints = process.communicate(timeout=30)
    os.close(os.open(dev / ".git" / "index", os.O_WRONLY | os.O_NONBLOCK))  # a shell would end git
    assert (process.returncode, output, complaints) == (130, b"", b"")
