"""Reading what may be anything: a path that others wrote can name a pipe, a device, a loop."""

from __future__ import annotations

import os
import stat

from hooks.records import NamedTuple

LARGEST = 16 * 1024 * 1024
"""Bytes of the largest file that is read whole; what the hooks read is kilobytes."""


class Unreadable(NamedTuple):
    """Why a file could not be read, to follow its path: "is missing", "is a directory"…"""

    why: str


MISSING = Unreadable("is missing")


def read_file(path: str, *, at_most: int = LARGEST) -> bytes | Unreadable:
    """The bytes of a regular file, or why there are none. Never hangs, never raises."""
    content = read_start(path, at_most + 1)
    if isinstance(content, bytes) and len(content) > at_most:
        return Unreadable(f"is larger than {at_most // 1024} KiB")
    return content


def read_start(path: str, size: int) -> bytes | Unreadable:
    """The first `size` bytes of a regular file, or all where it has fewer."""
    try:
        # A FIFO is opened without waiting for its writer, a terminal without becoming its owner.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        return _why(error)
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            return Unreadable(f"is {kind(mode)}, not a file")
        # Not `st_size`, which is 0 in /proc, and a file may grow. Less than was asked for comes
        # only at the end of a regular file.
        content = os.read(handle, size)
        while 0 < len(content) < size and (rest := os.read(handle, size - len(content))):
            content += rest
        return content
    except OSError as error:
        return _why(error)
    finally:
        os.close(handle)


def kind(mode: int) -> str:
    """What stands at a path, in words, by its `st_mode`."""
    names = {
        stat.S_IFREG: "a file",
        stat.S_IFDIR: "a directory",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
    }
    return names.get(stat.S_IFMT(mode), "a device")


def _why(error: OSError | ValueError) -> Unreadable:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return MISSING
    if isinstance(error, OSError) and error.strerror:
        return Unreadable(f"cannot be read ({error.strerror})")
    return Unreadable("cannot be read (no valid path)")  # a NUL in it: ValueError
