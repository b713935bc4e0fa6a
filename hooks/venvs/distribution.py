"""One installed distribution, and what may be wrong with its metadata: values."""

from __future__ import annotations

from hooks.fast.records import NamedTuple
from hooks.venvs.metadata import parse_direct_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packaging.direct_url import DirectUrl

    from hooks.files import Unreadable


class Distribution(NamedTuple):
    """One installed distribution, by its metadata."""

    name: str
    """Normalised (PEP 503)."""
    version: str
    """As the metadata says: not always a valid one (PEP 440)."""
    path: str
    """Its `.dist-info` or `.egg-info`."""
    requires: tuple[str, ...] = ()
    """Its `Requires-Dist`, as written."""
    extras: tuple[str, ...] = ()
    """Its `Provides-Extra`, as written."""
    requires_python: str | None = None
    """As written; not always a valid specifier."""
    direct_url_json: bytes | None = None
    """PEP 610; parsed by `direct_url` when somebody asks."""
    editable_project: str | None = None
    """Where an `.egg-link` (`setup.py develop`) leads: the directory of the project's `setup.py`.

    Newer editable installs say so in their `direct_url`.
    """
    in_base: bool = False
    """Not in the venv, but in the base interpreter's or the user's own `site-packages`."""

    @property
    def direct_url(self) -> DirectUrl | Unreadable | None:
        """Where it was installed from; None: from an index, or not known."""
        return None if self.direct_url_json is None else parse_direct_url(self.direct_url_json)


class Broken(NamedTuple):
    """What is wrong with a distribution's metadata: worth telling if the project needs it."""

    path: str
    what: str
    rule: str
    """`broken-metadata`, `duplicate-distribution` or `editable-gone`."""
    in_the_way: tuple[str, ...] = ()
    """Files and folders of the venv's that keep an installer from mending it."""
    is_stuck: bool = False
    """No installation mends it: its files are links into a cache that is gone (uv's symlink mode),
    which no installer gets over, or they could not be looked at now."""
