"""What is mounted where, as Linux tells it (proc(5)); nothing is known elsewhere."""

from __future__ import annotations

import os
import re

from hooks.fast.records import NamedTuple
from hooks.files import is_inside, read_file


class Mount(NamedTuple):
    point: str
    """Where it is mounted."""
    file_system: str
    """`ext4`, `btrfs`…"""


def read_mounts() -> list[Mount]:
    """In the order in which they were made: a later one hides an earlier one."""
    content = read_file("/proc/self/mountinfo")
    return parse_mounts(os.fsdecode(content)) if isinstance(content, bytes) else []


def parse_mounts(text: str) -> list[Mount]:
    """Each line: fields, of which the fifth is the point, ` - `, and then the kind."""
    parts = (line.split(" - ", 1) for line in text.splitlines() if " - " in line)
    return [Mount(_unescaped(fields.split(" ")[4]), rest.split(" ")[0]) for fields, rest in parts]


def file_system_of(path: str, mounts: list[Mount]) -> str | None:
    """The kind of the file system that an absolute path, without links, lies on."""
    around = [each for each in mounts if is_inside(path, each.point)]
    # Of two at the same point the later one.
    return max(reversed(around), key=lambda each: len(each.point)).file_system if around else None


def _unescaped(point: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), point)
