"""What is shown of a long walk: on a terminal alone, and after a second alone."""

from __future__ import annotations

import io
import os
import pty
from collections.abc import Iterator
from typing import TextIO

import pytest

from hooks.progress import Progress


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def terminal() -> Iterator[tuple[TextIO, int]]:
    """A terminal to write to, and where what it shows is read."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as stream:
        yield stream, ours
    os.close(ours)


def walk(stream: TextIO | None, *seconds: float) -> None:
    """So long after its start something is told, of one file more each time."""
    clock = Clock()
    progress = Progress(stream, "measuring venv", clock)
    start = clock.now
    for count, second in enumerate(seconds, 1200):
        clock.now = start + second
        progress.tell(count)
    progress.end()


def shown(ours: int) -> str:
    os.set_blocking(ours, False)
    found = b""
    try:
        while True:
            found += os.read(ours, 10_000)
    except BlockingIOError:
        return found.decode()


def test_nothing_is_shown_within_a_second(terminal: tuple[TextIO, int]) -> None:
    walk(terminal[0], 0, 0.5, 0.99)
    assert shown(terminal[1]) == ""


def test_nothing_is_shown_where_there_is_no_terminal() -> None:
    stream = io.StringIO()
    walk(stream, 0, 5)
    assert stream.getvalue() == ""
    walk(None, 0, 5)


def test_then_a_line_at_times_and_in_the_end_none(terminal: tuple[TextIO, int]) -> None:
    walk(terminal[0], 0.5, 1.0, 1.05, 1.2)
    line = "\r\x1b[Kmeasuring venv: {} files"
    assert shown(terminal[1]) == f"{line.format('1,201')}{line.format('1,203')}\r\x1b[K"


def test_a_terminal_that_goes_away_ends_nothing() -> None:
    ours, theirs = pty.openpty()
    stream = os.fdopen(theirs, "w")
    os.close(ours)

    class Gone(io.StringIO):
        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> int:
            raise OSError(5, "Input/output error", text)

    walk(Gone(), 2, 3)
    stream.close()
