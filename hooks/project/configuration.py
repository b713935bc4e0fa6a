"""A project's `.pre-commit-config.yaml` or `prek.toml`: which hook repositories it pins.

And the copies of one file that the projects of a family have.
"""

from __future__ import annotations

import os
import re

from hooks.files import MISSING, Unreadable, read_file, real_path
from hooks.records import NamedTuple
from hooks.values import Malformed, Value, parse_values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hooks.values import Document

NAMES = ("prek.toml", ".pre-commit-config.yaml", ".pre-commit-config.yml")
"""In prek's order; pre-commit itself reads the second."""
LARGEST = 1024 * 1024
"""Bytes of a file that is compared by its values; the largest in public are a tenth of it."""

_WITHOUT_REV = frozenset({"local", "meta", "builtin"})
_REPOSITORY = re.compile(r"""\brepo["']?[ \t]*[:=][ \t]*["']?([^\s"',}]+)""")
_FROZEN = re.compile(r"""["']?[,}\]]*\s+#\s*frozen:\s*(\S+)""")
# `https://me@host:443/path`, `git@host:path`.
_URL = re.compile(r"[A-Za-z][\w+.-]*://(?:[^/]*@)?([^/]*)(/.*)|(?:[^/@:]+@)?([^/:@]{2,}):(?!/)(.*)")
_DEFAULT_PORT = re.compile(r":(?:22|80|443|9418)?$")


class Copy(NamedTuple):
    """A file of one project, as it was read."""

    path: str
    folder: str
    """The project's, which its relative paths count from."""
    content: bytes | Unreadable

    @property
    def is_missing(self) -> bool:
        return self.content == MISSING


class Pin(NamedTuple):
    """One `repo:` with its `rev:`."""

    repository: str
    """In a form in which two spellings of one repository are equal."""
    url: str
    """As written."""
    rev: str
    frozen: str | None
    """The tag that a hash stands for, by its comment `# frozen: v1.2`."""
    line: int | None


class Configuration(NamedTuple):
    pins: list[Pin]
    problems: list[Malformed]
    """Of single entries; the others are there."""


def read_copy(folder: str, name: str, counts_from: str | None = None) -> Copy:
    """The file at this path of a project, `.` for the one that the hook runs in."""
    path = name if folder == "." else f"{folder}/{name}"
    return Copy(path, counts_from or folder, read_file(path, at_most=LARGEST))


def read_configuration(folder: str, counts_from: str | None = None) -> Copy | None:
    """The file that the runner would take there; None where there is none."""
    for name in NAMES:
        copy = read_copy(folder, name, counts_from)
        if not copy.is_missing:
            return copy
    return None


def may_pin_twice(copy: Copy) -> bool:
    """Whether a repository is in it more than once: a cheap look that parses nothing."""
    text = os.fsdecode(copy.content) if isinstance(copy.content, bytes) else ""
    urls = [url for url in _REPOSITORY.findall(text) if url not in _WITHOUT_REV]
    return len({repository_of(url, copy.folder) for url in urls}) < len(urls)


def parse_configuration(copy: Copy) -> Configuration | Malformed:
    """What it pins, in its order; what stands in the way of that is told with its line."""
    if isinstance(copy.content, Unreadable):
        return Malformed(copy.content.why)
    document = parse_values(copy.path, copy.content)
    if isinstance(document, Malformed):
        return document
    top = document.root.plain
    repos = top.get("repos") if isinstance(top, dict) else None
    if repos is None or not isinstance(repos.plain, list):
        return Malformed("has no list `repos`", document.line(repos.at) if repos else None)
    entries = [_entry(document, each, copy.folder) for each in repos.plain]
    return Configuration(
        [each for each in entries if isinstance(each, Pin)],
        [each for each in entries if isinstance(each, Malformed)],
    )


def _entry(document: Document, entry: Value, folder: str) -> Pin | Malformed | None:
    table = entry.plain if isinstance(entry.plain, dict) else {}
    repo, rev = table.get("repo", Value(None)), table.get("rev")
    line = document.line(entry.at)
    if not isinstance(repo.plain, str):
        return Malformed("has an entry of `repos` without a `repo` that is text", line)
    if repo.plain in _WITHOUT_REV:
        return None
    from hooks.report import quoted
    from hooks.secrecy import without_queries

    shown = quoted(without_queries(repo.plain))
    if rev is None:
        return Malformed(f"pins {shown} to no `rev`", line)
    if not isinstance(rev.plain, str):
        line = document.line(rev.at)
        return Malformed(f"pins {shown} to a `rev` that is not text: it needs quotes", line)
    repository = repository_of(repo.plain, folder)
    behind = document.rest_of_line(rev.at).partition(rev.plain)[2]
    frozen = _FROZEN.match(behind)
    return Pin(repository, repo.plain, rev.plain, frozen and frozen[1], document.line(rev.at))


def repository_of(url: str, folder: str) -> str:
    """Host and path, without `.git`, user, default port and query; or a local directory.

    The host in small letters; a relative path counts from the folder. By which scheme a
    repository is asked for does not make it another one.
    """
    found = _URL.fullmatch(url.strip().partition("?")[0])
    host, path = ((found[1] or found[3] or ""), found[2] or f"/{found[4]}") if found else ("", url)
    host = _DEFAULT_PORT.sub("", host.lower())
    if not host:
        path = real_path(os.path.join(folder, path))
    return host + path.rstrip("/").removesuffix(".git")


def different(own: Copy, others: Iterable[Copy]) -> Iterator[Copy]:
    """Those whose content is another; they are there, but may be unreadable."""
    return (each for each in others if not each.is_missing and each.content != own.content)
