"""How much a venv takes on disk, as `du` counts: measured, never assumed. Reads no file."""

from __future__ import annotations

import os
import stat
import sys

from hooks.fast.records import NamedTuple
from hooks.files import real_path
from hooks.mounts import file_system_of, read_mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks.mounts import Mount

_BLOCK = 512
"""Bytes in a block of `st_blocks` (stat(2)), whatever the file system's own are."""
_CLONING = frozenset({"apfs", "bcachefs", "btrfs", "xfs"})
"""File systems on which two files can share their blocks, which no `stat` tells."""


class Disk(NamedTuple):
    """In bytes, folders included, each inode once."""

    held: int
    private: int
    """Of inodes all of whose links lie in the venv: uv links to files of its cache."""
    may_be_cloned: bool
    """The file system can share blocks: both figures are the most that it can be."""
    unread: int
    """Folders that could not be looked into: both figures lack what they hold."""


def measure(venv: str, tell: Callable[[int], None] = lambda _: None) -> Disk:
    """One walk with `lstat`. `tell` is given, after each folder, how many entries were seen."""
    root = real_path(venv)
    alone = seen = unread = 0
    linked: dict[tuple[int, int], list[int]] = {}
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            alone += os.lstat(folder).st_blocks
            with os.scandir(folder) as listed:
                entries = [(each.path, each.stat(follow_symlinks=False)) for each in listed]
        except OSError:
            unread += 1
            continue
        for path, status in entries:
            if stat.S_ISDIR(status.st_mode):
                waiting.append(path)
            elif status.st_nlink == 1:
                alone += status.st_blocks
            else:
                links = linked.setdefault(
                    (status.st_dev, status.st_ino), [status.st_nlink, status.st_blocks]
                )
                links[0] -= 1
        seen += len(entries)
        tell(seen)
    held = alone + sum(blocks for _, blocks in linked.values())
    private = alone + sum(blocks for outside, blocks in linked.values() if outside == 0)
    clones = may_clone(root, read_mounts(), sys.platform)
    return Disk(held * _BLOCK, private * _BLOCK, clones, unread)


def may_clone(path: str, mounts: list[Mount], platform: str) -> bool:
    """Whether files here can share blocks. Of macOS it is taken that its disk is APFS. Pure."""
    return platform == "darwin" or file_system_of(path, mounts) in _CLONING
