"""A line on a terminal for what takes longer than a second; nothing anywhere else."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

_PATIENCE = 1.0
"""Seconds before anything is shown."""
_PAUSE = 0.1
_ERASE = "\r\x1b[K"


class Progress:
    """Says how far it has come; the line is gone in the end."""

    def __init__(
        self, stream: TextIO | None, what: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`stream` is stderr; `what` is safe to show, as "measuring `venv`"."""
        self._stream = stream if stream is not None and stream.isatty() else None
        self._what = what
        self._clock = clock
        self._next = clock() + _PATIENCE
        self._is_shown = False

    def tell(self, count: int) -> None:
        if self._stream is None or (now := self._clock()) < self._next:
            return
        self._write(f"{_ERASE}{self._what}: {count:,} files")
        self._next, self._is_shown = now + _PAUSE, True

    def end(self) -> None:
        if self._is_shown:
            self._write(_ERASE)

    def _write(self, text: str) -> None:
        if self._stream is not None:
            try:
                self._stream.write(text)
                self._stream.flush()
            except OSError:  # the terminal is gone
                self._stream = None
