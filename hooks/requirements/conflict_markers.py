"""What git leaves in a file where a merge did not end. No I/O."""

from __future__ import annotations

import re

from hooks.problems import Problem

_CONFLICT_MARKER = re.compile(r"^(?:<{7}|\|{7}|>{7})(?: .*)?$", re.MULTILINE)


def conflict_markers(text: str) -> Problem | None:
    """That they are there, as one problem, its path empty; at the first of them."""
    found = _CONFLICT_MARKER.search(text) if "<<<<<<<" in text or ">>>>>>>" in text else None
    if found is None:
        return None
    line = len(text[: found.start()].splitlines()) + 1
    what = "has the conflict markers of a merge: nothing in it is compared"
    return Problem("", what, line, "conflict-markers")
