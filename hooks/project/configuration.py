"""A project's `.pre-commit-config.yaml` or `prek.toml`: which hook repositories it pins."""

from __future__ import annotations

import os
import re

from hooks.fast.records import NamedTuple
from hooks.files import Unreadable, real_path
from hooks.harmless import quoted
from hooks.project.copies import WITHOUT_REV
from hooks.secrecy import without_queries
from hooks.value_files import parse_values
from hooks.values import Malformed, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.project.copies import Copy
    from hooks.values import Document

_FROZEN = re.compile(r"""["']?[,}\]]*\s+#\s*frozen:\s*(\S+)""")
# `https://me@host:443/path`, `git@host:path`.
_URL = re.compile(r"[A-Za-z][\w+.-]*://(?:[^/]*@)?([^/]*)(/.*)|(?:[^/@:]+@)?([^/:@]{2,}):(?!/)(.*)")
_DEFAULT_PORT = re.compile(r":(?:22|80|443|9418)?$")


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
    entries = [pin_of(document, each, copy.folder) for each in repos.plain]
    return Configuration(
        [each for each in entries if isinstance(each, Pin)],
        [each for each in entries if isinstance(each, Malformed)],
    )


def pin_of(document: Document, entry: Value, folder: str) -> Pin | Malformed | None:
    """What an entry of `repos` pins; None for `local` and the like."""
    table = entry.plain if isinstance(entry.plain, dict) else {}
    repo, rev = table.get("repo", Value(None)), table.get("rev")
    line = document.line(entry.at)
    if not isinstance(repo.plain, str):
        return Malformed("has an entry of `repos` without a `repo` that is text", line)
    if repo.plain in WITHOUT_REV:
        return None
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
