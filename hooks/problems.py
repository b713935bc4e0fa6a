"""What a reader could not read or take, as a value: a rule makes a finding of it."""

from __future__ import annotations

from hooks.fast.records import NamedTuple


class Problem(NamedTuple):
    """Something is wrong at this place of a file; completes a sentence that begins with the path.

    `rule` is the name of the rule that it breaks.
    """

    path: str
    what: str
    line: int | None = None
    rule: str = "bad-file"
