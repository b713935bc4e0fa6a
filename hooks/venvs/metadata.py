"""What distributions say of themselves (core metadata, PEP 610, `.pth`): text in, values out."""

from __future__ import annotations

import functools
import re

from hooks.fast.records import NamedTuple
from hooks.files import Unreadable
from hooks.harmless import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packaging.direct_url import DirectUrl


# Where the headers end: at the first line that is none, blank or not, as for the e-mail parser
# that pip and importlib.metadata use. Old wheels have summaries that run into a second line.
_END_OF_HEADERS = re.compile(rb"\n(?![!-9;-~]*:|[ \t])")


# The line break in front, not `^`: a literal to look for makes it twice as fast.
_HEADER = re.compile(
    r"\n(name|version|requires-dist|provides-extra|requires-python):(.*(?:\n[ \t].*)*)",
    re.IGNORECASE | re.ASCII,
)


NAME = re.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


class Metadata(NamedTuple):
    """The headers of a `METADATA` or `PKG-INFO` that matter here."""

    name: str
    version: str
    requires: tuple[str, ...]
    extras: tuple[str, ...]
    requires_python: str | None


def parse_metadata(content: bytes) -> Metadata | Unreadable:
    """Read the headers. (The e-mail parser takes twenty times as long.)"""
    content = b"\n" + content
    end = _END_OF_HEADERS.search(content)
    text = (content[: end.start()] if end else content).decode("utf-8", "replace")
    headers: dict[str, list[str]] = {}
    for field, value in _HEADER.findall(text):
        value = " ".join(value.split()) if "\n" in value else value.strip()
        headers.setdefault(field.lower(), []).append(value)
    name, version = headers.get("name", [""])[0], headers.get("version", [""])[0]
    if not name or not version:
        return Unreadable(f"has no {quoted('Version' if name else 'Name')}")
    if not NAME.fullmatch(name):
        return Unreadable(f"has the `Name` {quoted(name)}, which is none")
    return Metadata(
        name,
        version,
        tuple(headers.get("requires-dist", ())),
        tuple(headers.get("provides-extra", ())),
        headers.get("requires-python", [None])[0],
    )


@functools.cache
def parse_direct_url(content: bytes) -> DirectUrl | Unreadable:
    """PEP 610."""
    import json

    from packaging.direct_url import DirectUrl, DirectUrlValidationError

    try:
        record = json.loads(content)
    except (ValueError, RecursionError):  # brackets nested too deep, a number with too many digits
        return Unreadable("is not valid JSON")
    if not isinstance(record, dict):
        return Unreadable("is not valid (PEP 610): it is no object")
    if isinstance(url := record.get("url"), str):  # pip's of `file:lib`, from Python 3.13 on
        record["url"] = re.sub("^file:(?!/)", "file:///", url)
    try:
        return DirectUrl.from_dict(record)
    except DirectUrlValidationError as error:
        return Unreadable(f"is not valid (PEP 610): {error}")
    except ValueError:  # `http://[::1`; what it says holds the password
        return Unreadable("is not valid (PEP 610): its `url` is none")


def parse_pth(content: bytes) -> list[str]:
    """The paths that `site` takes from a `.pth` file. Lines of code are not run: not known."""
    lines = content.decode("utf-8-sig", "surrogateescape").splitlines()
    return [
        line.rstrip()
        for line in lines
        if line.strip() and not line.startswith(("#", "import ", "import\t"))
    ]
