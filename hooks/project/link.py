"""What leads to a venv: a link, or PEP 832's redirect file."""

from __future__ import annotations

import os

from hooks.fast.records import NamedTuple
from hooks.files import read_link


class Link(NamedTuple):
    """Where a link or redirect file leads."""

    place: str
    text: str
    """What it says."""
    is_redirect: bool

    @property
    def end(self) -> str:
        """Where it leads; the next link on the way is not followed."""
        return os.path.join(os.path.dirname(self.place), self.text)


def link_at(place: str) -> Link | None:
    """The link or redirect file at this place; None for all else."""
    text = read_link(place)
    if text is not None:
        return Link(place, text, is_redirect=False)
    if os.path.basename(place) != ".venv" or not os.path.isfile(place):
        return None
    from hooks.venvs.redirect import read_redirect

    text = read_redirect(place)
    return None if text is None else Link(place, text, is_redirect=True)
