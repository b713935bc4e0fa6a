"""Reading what may be anything: a path that others wrote can name a pipe, a device, a loop."""

from __future__ import annotations

import errno
import os
import stat

from hooks.fast.records import NamedTuple

LARGEST = 16 * 1024 * 1024
"""Bytes of the largest file that is read whole; what the hooks read is kilobytes."""


class Unreadable(NamedTuple):
    """Why a file could not be read, to follow its path: "is missing", "is a directory"…"""

    why: str
    errno: int = 0
    """The system's number for it; 0 where it has none."""


PASSING = frozenset({errno.EIO, errno.ESTALE, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""Errors that go away by themselves: a network that is down, too many open files."""
MISSING = Unreadable("is missing", errno.ENOENT)


_PIECE = 1024 * 1024


_LONGEST_PATH = 4096  # PATH_MAX of Linux; macOS has 1,024


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
    except (FileNotFoundError, NotADirectoryError):
        return MISSING
    except (OSError, ValueError) as error:
        return _why(error)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return Unreadable(f"is {kind(status.st_mode)}, not a file")
        # For what is asked for memory is set aside at once, so ask for what seems to be there;
        # but `st_size` is 0 in /proc, and a file may grow.
        content = os.read(handle, min(size, status.st_size + 1))
        while len(content) not in {0, status.st_size, size}:
            rest = os.read(handle, min(size - len(content), _PIECE))
            if not rest:
                break
            content += rest
        return content
    except OSError as error:
        return _why(error)
    finally:
        os.close(handle)


def encoded(path: str) -> bytes:
    """As `os.fsencode`, which cannot encode every text, and in the C locale only ASCII."""
    try:
        return os.fsencode(path)
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")


def list_directory(path: str) -> list[str]:
    """The names in a directory, sorted; none where it cannot be listed."""
    try:
        return sorted(os.listdir(path))
    except (OSError, ValueError):
        return []


def may_exist(path: str) -> bool:
    """As `os.path.lexists`, but what cannot be looked at is for its reader to tell."""
    try:
        os.lstat(path)
    except (OSError, ValueError) as error:
        return getattr(error, "errno", 0) in PASSING
    return True


def read_link(path: str) -> str | None:
    """What a link says; None for all else."""
    try:
        return os.readlink(path)
    except (OSError, ValueError):
        return None


def real_path(path: str) -> str:
    """As `os.path.realpath`, which raises for a NUL, and where a link is gone since it was seen.

    Nothing is at a longer path than the system takes; `realpath` needs quadratic time to find out.
    """
    try:
        return os.path.realpath(path) if len(path) <= _LONGEST_PATH else os.path.abspath(path)
    except (OSError, ValueError):
        return os.path.abspath(path)


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
    if isinstance(error, OSError) and error.strerror:
        return Unreadable(f"cannot be read ({error.strerror})", error.errno or 0)
    return Unreadable("cannot be read (no valid path)")  # a NUL in it: ValueError


def real_directory(path: str) -> str:
    """The path with the links before its last part followed: where the entry itself stands."""
    head, tail = os.path.split(path.rstrip("/"))
    if tail in {"", ".", ".."}:
        return real_path(path)
    return os.path.join(real_path(head), tail)


def is_same(one: str, other: str) -> bool:
    """Both paths lead to the same thing, as the file system tells: mounts, letter case, links.

    What is not there has only its path.
    """
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return real_path(one) == real_path(other)


def is_same_entry(one: str, other: str) -> bool:
    """Both paths name the same directory entry; neither's own link is followed."""
    one, other = real_directory(one), real_directory(other)
    if one == other:
        return True
    if os.path.basename(one) == os.path.basename(other):
        return is_same(os.path.dirname(one), os.path.dirname(other))
    try:  # `Venv` and `venv`, where letter case is no difference
        return os.path.samestat(os.lstat(one), os.lstat(other))
    except (OSError, ValueError):
        return False


def path_inside(path: str, directory: str) -> str | None:
    """The path counted from a directory that it lies in, whatever way leads there; else None.

    Links on the way are followed, but not one that the path itself is.
    """
    above, below = real_directory(path), ""
    while not is_same(above, directory):
        parent, name = os.path.split(above)
        if parent == above:
            return None
        above, below = parent, f"{name}/{below}" if below else name
    return below or "."


def is_inside(path: str, directory: str) -> bool:
    return path == directory or path.startswith(directory.rstrip("/") + "/")


def is_loop(path: str) -> bool:
    """A link that leads back to itself."""
    try:
        os.stat(path)
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def user_name(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"
