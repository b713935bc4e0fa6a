"""A requirement (PEP 508) as nearly all are written, by its text; packaging parses what is left.

One import of packaging's parser takes as long as all that a passing hook does.
"""

from __future__ import annotations

import functools
import re

from hooks.fast.names import normalised
from hooks.fast.records import NamedTuple
from hooks.fast.specifiers import Specifiers, plain_specifiers

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_PLAIN = re.compile(
    rf"({_NAME}) *(?:\[ *({_NAME}(?: *, *{_NAME})*) *\] *)?(?:\(([^()]*)\)|([<>=!~].*)?)"
)


class Plain(NamedTuple):
    """`name[extra]>=1.0`, names normalised (PEP 503)."""

    name: str
    extras: frozenset[str]
    specifier: Specifiers


@functools.cache  # siblings, and distributions, ask for much the same
def plain_requirement(text: str) -> Plain | None:
    """The requirement without a marker, also as `name (>=1.0)`; None where packaging is asked."""
    found = _PLAIN.fullmatch(text.strip(" "))
    if found is None:
        return None
    name, extras, in_brackets, bare = found.groups("")
    specifiers = in_brackets or bare
    if plain_specifiers(specifiers) is None:
        return None
    asked = {normalised(extra.strip(" ")) for extra in extras.split(",") if extra}
    return Plain(normalised(name), frozenset(asked), Specifiers(specifiers))
