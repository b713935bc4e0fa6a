"""What opens a venv to its user, and closes it to others: only what this user may change."""

from __future__ import annotations

import os

from hooks.files import real_directory, real_path
from hooks.shell import command


def close_to_others(venv: str) -> str | None:
    """`chmod -R`: where others could write into a folder, they could make more below it."""
    return command("chmod", "-R", "o-w", real_path(venv)) if is_own(venv) else None


def open_to_user(path: str) -> str | None:
    """Let this user look into a folder or file that is closed to them."""
    return (
        command("chmod", "u+rx" if os.path.isdir(path) else "u+r", path) if is_own(path) else None
    )


def is_own(path: str) -> bool:
    """This user may change its modes: they own it, or are root, and it can be written to."""
    try:
        status = os.stat(path)
        is_read_only = bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:  # gone since it was found
        return False
    is_root = os.geteuid() == 0 and os.access(path, os.W_OK)  # it may have no capabilities
    return not is_read_only and (is_root or os.geteuid() == status.st_uid)


def may_put(path: str) -> bool:
    """This user may make an entry there, and the folders above it that are missing."""
    folder = os.path.dirname(real_directory(path))
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    return os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)


def let_run(path: str) -> tuple[str, ...]:
    return (command("chmod", "+x", path),) if is_own(path) else ()
