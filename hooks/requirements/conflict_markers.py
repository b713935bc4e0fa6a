"""What git leaves in a file where a merge did not end. No I/O."""

from __future__ import annotations

import re

from hooks.problems import Problem

_CONFLICT_MARKER = r"(?m)^(?:<{7}|\|{7}|>{7})(?: .*)?$"


def conflict_markers(text: str) -> Problem | None:
    """That they are there, as one problem, its path empty; at the first of them."""
    is_likely = "<<<<<<<" in text or ">>>>>>>" in text
    found = re.search(_CONFLICT_MARKER, text) if is_likely else None
    if found is None:
        return None
    line = len(text[: found.start()].splitlines()) + 1
    what = "has the conflict markers of a merge: nothing in it is compared"
    return Problem("", what, line, "conflict-markers")
