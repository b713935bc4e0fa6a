"""The text of a requirements file, decoded as pip does it. No I/O."""

from __future__ import annotations

import re

from hooks.harmless import quoted
from hooks.problems import Problem

_CODING = rb"coding[:=]\s*([-\w.]+)"


_BOMS = [  # the one of UTF-16 LE is a prefix of the one of UTF-32 LE
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
]


def decoded(content: bytes) -> str | Problem:
    encoding = _encoding(content)
    for bom, name in _BOMS:
        if content.startswith(bom):
            content, encoding = content[len(bom) :], name
            break
    try:
        return content.decode(encoding)
    except LookupError:
        return Problem("", f"{quoted(encoding)} is no encoding of text")
    except ValueError as error:
        at = error.start if isinstance(error, UnicodeDecodeError) else 0
        return Problem("", f"is not {encoding.upper()}", content.count(b"\n", 0, at) + 1)


def _encoding(content: bytes) -> str:
    for line in content.split(b"\n", 2)[:2]:
        if line.startswith(b"#") and b"coding" in line and (coding := re.search(_CODING, line)):
            return coding[1].decode("ascii")
    try:
        content.decode()
    except UnicodeDecodeError:
        import locale
        from contextlib import suppress

        here = locale.getencoding()
        with suppress(UnicodeDecodeError, LookupError):
            content.decode(here)
            return here
    return "utf-8"
