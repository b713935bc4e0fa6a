"""The command that brings an older pin up to the newest release. No I/O."""

from __future__ import annotations

from hooks.harmless import harmless
from hooks.secrecy import without_queries
from hooks.shell import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def bring_up(tool: str, urls: Iterable[str], *, frozen: bool) -> str | None:
    """`pre-commit autoupdate --repo URL`, by the URLs as the configuration has them.

    `tool` is the runner that reads that configuration. A hash stays a hash with its comment.
    None where a URL holds what must not be shown: without that the tool would not know it.
    """
    words = [word for url in urls for word in ("--repo", url)]
    if any(without_queries(harmless(word)) != word for word in words):
        return None
    return command(tool, "autoupdate", *(["--freeze"] if frozen else []), *words)
