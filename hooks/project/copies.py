"""The copies that the projects of a family have of one file. Parses nothing."""

from __future__ import annotations

import os

from hooks.fast.records import NamedTuple
from hooks.files import MISSING, Unreadable, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

CONFIGURATIONS = ("prek.toml", ".pre-commit-config.yaml", ".pre-commit-config.yml")
"""In prek's order; pre-commit itself reads the second."""
WITHOUT_REV = frozenset({"local", "meta", "builtin"})
"""What a `repo:` may be that is no repository."""
COMPARING = ("check-shared-venv", "check-requirements-sync")
"""Our hooks that compare requirements: of the files that they are told, or else of the default."""
LARGEST = 1024 * 1024
"""Bytes of a file that is compared; the largest configurations in public are a tenth of it."""
LONGEST_URL = 4096
"""Characters that are looked at, so that a text without a space takes no quadratic time."""


class Copy(NamedTuple):
    """A file of one project, as it was read."""

    path: str
    folder: str
    """The project's, which relative paths in it count from."""
    content: bytes | Unreadable

    @property
    def is_missing(self) -> bool:
        return self.content == MISSING


def read_copy(folder: str, name: str, counts_from: str | None = None) -> Copy:
    """The file at this path of a project; `.` is the one that the hook runs in."""
    path = name if folder == "." else f"{folder}/{name}"
    return Copy(path, counts_from or folder, read_file(path, at_most=LARGEST))


def read_configuration(folder: str, counts_from: str | None = None) -> Copy | None:
    """The configuration that a runner would take there; None where there is none."""
    for name in CONFIGURATIONS:
        copy = read_copy(folder, name, counts_from)
        if not copy.is_missing:
            return copy
    return None


def different(own: Copy, others: Iterable[Copy]) -> list[Copy]:
    """Those with another content. They are there, but may be unreadable."""
    return [each for each in others if not each.is_missing and each.content != own.content]


def may_pin_twice(configuration: Copy) -> bool:
    """Whether two of its repositories are called alike: a cheap look, for what to parse."""
    content = configuration.content
    text = os.fsdecode(content) if isinstance(content, bytes) else ""
    # To compile a pattern takes longer than all of this.
    after = [piece for piece in text.split("repo") if piece[:1] in {":", "=", " ", "\t", '"', "'"}]
    ends = dict.fromkeys(map(ord, ",{}\"'"), " ")
    words = [piece[:LONGEST_URL].translate(ends).lstrip(":= \t").split() for piece in after]
    urls = [url for url, *_ in filter(None, words)]
    names = [name_of(url) for url in urls if url not in WITHOUT_REV]
    return len({*names}) < len(names)


def may_compare_twice(configuration: Copy) -> bool:
    """Whether it gives two of our hooks requirements to read: a cheap look as well."""
    content = configuration.content
    text = content if isinstance(content, bytes) else b""
    return sum(text.count(os.fsencode(each)) for each in COMPARING) > 1


def name_of(url: str) -> str:
    """The last part of a repository's URL or path."""
    path = url.partition("?")[0].rstrip("/").removesuffix(".git")
    return path.rpartition("/")[2].rpartition(":")[2]
