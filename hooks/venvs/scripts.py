"""What `bin/activate` and the console scripts of a venv name: text in, paths out."""

from __future__ import annotations

import os
import re
from functools import cache

from hooks.fast.records import NamedTuple
from hooks.files import Unreadable, read_start, real_path
from hooks.harmless import quoted
from hooks.venvs.environment import is_venv
from hooks.venvs.python import version_in_name

_SPECIAL = frozenset(" \t'\"\\$`~*?[](){}<>|&;#!")


_LONGEST_HEAD = 8192  # bytes: two lines, each with a path of PATH_MAX at the most


class Interpreter(NamedTuple):
    """What the first lines of a script start."""

    path: str
    is_direct: bool
    """`#!/path`: the kernel allows no space in it, and 127 bytes. Else by way of `/bin/sh`."""


class Script(NamedTuple):
    name: str
    interpreter: Interpreter


def parse_activation(text: str) -> list[tuple[int, str | None]]:
    """What a `bin/activate` sets `VIRTUAL_ENV` to: (line, path), None for one that is computed."""
    found: list[tuple[int, str | None]] = []
    for number, line in enumerate(text.split("\n"), 1):
        assignment = line.strip().removeprefix("export ").lstrip()
        if assignment.startswith("VIRTUAL_ENV="):
            found.append((number, _parse_literal(assignment.removeprefix("VIRTUAL_ENV="))))
    return found


def parse_interpreter(head: str) -> Interpreter | None:
    """The interpreter in a script's first lines; None for a binary or one worked out at run time.

    Forms: `#!/path/python`, and what pip (distlib) and uv write where the kernel could not read
    that: `#!/bin/sh`, then `'''exec' "/path with spaces/python" "$0" "$@"`, or `'…'`, or bare.
    """
    if not head.startswith("#!"):
        return None
    first, _, rest = head[2:].partition("\n")
    first = first.strip()
    if first == "/bin/sh" and rest.startswith("'''exec' "):
        path = _first_word(rest.partition("\n")[0].removeprefix("'''exec' "))
        return Interpreter(path, is_direct=False) if path else None
    path = first[1:].partition('"')[0] if first.startswith('"') else first.partition(" ")[0]
    return Interpreter(path, is_direct=True)


def read_interpreter(script: str) -> Interpreter | Unreadable | None:
    """As `parse_interpreter`, of the file."""
    head = read_start(script, _LONGEST_HEAD)
    return head if isinstance(head, Unreadable) else parse_interpreter(os.fsdecode(head))


def wrong_interpreter(venv: str, interpreter: str) -> str | None:
    """Why a script with this interpreter does not belong to this venv; None if it does.

    Only a venv's `python` is judged: `/bin/sh` and `/usr/bin/python3` are fine where they are.
    """
    directory, name = os.path.split(interpreter)
    if version_in_name(name) is None or not os.path.isabs(interpreter):
        return None
    place = os.path.dirname(directory)
    if is_same(place, venv):
        if is_link_beside(place, venv):
            return f"by way of the link in {quoted(folder_of(place))}"
        # Where it is a link that dangles, that is the one finding, of point 2.
        return None if os.path.lexists(interpreter) else "which is missing"
    if not os.path.exists(interpreter):
        return "which is missing"
    return "which is another venv's" if is_venv(place) else None


def folder_of(place: str) -> str:
    return os.path.dirname(os.path.normpath(place))


def is_same(one: str, other: str) -> bool:
    return real_path(one) == real_path(other)


def is_link_beside(place: str, venv: str) -> bool:
    """A sibling's link; the shared venv's own place may be one, too: that is the owner's matter."""
    return os.path.islink(place) and os.path.abspath(place) != os.path.abspath(venv)


def _parse_literal(shell: str) -> str | None:
    """The path that the shell makes of the right side of an assignment; None for a computed one."""
    plain = shell.strip("'\"")
    if not _SPECIAL.intersection(plain) and shell in {plain, f"'{plain}'", f'"{plain}"'}:
        return plain  # nearly always; it spares the import of shlex
    if shell.startswith('"/') and "$(" not in shell:
        # CPython before 3.11.11, 3.12.8 and 3.13.1 did not quote the path; then bash takes a `$`
        # or a backtick and what follows out of it.
        shell = re.sub(r"\$\w*|`.*", "", shell)
    elif _is_computed(shell):
        return None
    return _first_word(shell)


@cache  # all scripts of a venv have the same line
def _first_word(shell: str) -> str | None:
    """What the shell reads first; None where that is worked out at run time."""
    if _is_computed(shell):
        return None
    if len(shell) > _LONGEST_HEAD:  # no path; and `shlex` takes quadratic time for a long word
        return shell
    import shlex

    try:
        words = shlex.split(shell)
    except ValueError:  # an open quote: the shell could not read it either
        words = [shell]
    return words[0] if words else ""


def _is_computed(shell: str) -> bool:
    outside_of_literals = re.sub(r"\"'\"|'[^']*'", "", shell)  # `"'"` as `shlex.quote` writes it
    return "$(" in outside_of_literals or outside_of_literals.startswith(('"$', "$"))
