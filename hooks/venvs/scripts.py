"""What `bin/activate` and the console scripts of a venv name: text in, paths out."""

from __future__ import annotations

import os
import re
from functools import cache

from hooks.fast.records import NamedTuple
from hooks.files import Unreadable, is_inside, read_start, real_path
from hooks.harmless import quoted
from hooks.venvs.environment import is_venv
from hooks.venvs.python import version_in_name

_SPECIAL = frozenset(" \t'\"\\$`~*?[](){}<>|&;#!")


# What bash takes out of a text in double quotes; a `$` that none of these follows stays.
EXPANDED = r"\$(?:[A-Za-z_]\w*|[0-9@*#?$!-]|\{[^}]*\})|`.*"

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

    Forms: `#!/path/python`, `#!/usr/bin/env -S /path/python`, and what pip (distlib) and uv write
    where the kernel could not read that: `#!/bin/sh`, then
    `'''exec' "/path with spaces/python" "$0" "$@"`, or `'…'`, or bare.
    """
    if not head.startswith("#!"):
        return None
    first, _, rest = head[2:].partition("\n")
    first = first.strip()
    if first.startswith("/usr/bin/env "):
        first = re.sub(r"^\S+ (-S *)?(?=/)", "", first)
    if first == "/bin/sh" and rest.startswith("'''exec' "):
        path = _first_word(rest.partition("\n")[0].removeprefix("'''exec' "))
        return Interpreter(path, is_direct=False) if path else None
    path = first[1:].partition('"')[0] if first.startswith('"') else first.partition(" ")[0]
    return Interpreter(path, is_direct=True)


def read_interpreter(script: str) -> Interpreter | Unreadable | None:
    """As `parse_interpreter`, of the file."""
    head = read_start(script, _LONGEST_HEAD)
    return head if isinstance(head, Unreadable) else parse_interpreter(os.fsdecode(head))


def parse_module(text: str) -> str | None:
    """`dr.cli` of a console script, in the words in which pip, uv and distlib write one."""
    found = re.search(r"^from ([\w.]+) import \w+", text, re.MULTILINE)
    is_theirs = "sys.exit(" in text and "sys.path" not in text
    return found[1] if found and is_theirs else None


def wrong_interpreter(venv: str, interpreter: str) -> str | None:
    """Why a script with this interpreter does not belong to this venv; None if it does.

    Only a venv's `python` is judged: `/bin/sh` and `/usr/bin/python3` are fine where they are.
    """
    directory, name = os.path.split(interpreter)
    if version_in_name(name) is None or not os.path.isabs(interpreter):
        return None
    place = os.path.dirname(directory)
    if is_same(place, venv):
        if (project := by_way_of(place, venv)) is not None:
            return f"which leads by way of {quoted(project)} and breaks with that"
        # Where it is a link that dangles, that is the one finding, of point 2.
        return None if os.path.lexists(interpreter) else "which is missing"
    if not os.path.exists(interpreter):
        return "which is missing"
    return "which is another venv's" if is_venv(place) else None


def is_same(one: str, other: str) -> bool:
    """Both are the same directory, whatever their texts: mounts, letter case, links on the way."""
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return real_path(one) == real_path(other)


def by_way_of(place: str, venv: str) -> str | None:
    """The folder that this path to the venv leads through, and needs, without lying in it.

    A sibling's link, or `member/../owner/venv`, as pip and uv write it into scripts when they are
    called by such a path. The shared venv's own place may be a link: that is the owner's matter.
    """
    real = real_path(venv)
    if place == real:
        return None
    above, dots, _ = place.partition("/../")
    if dots:
        return None if is_inside(real, real_path(above)) else above
    if os.path.islink(place) and os.path.abspath(place) != os.path.abspath(venv):
        return os.path.dirname(os.path.normpath(place))
    folder = os.path.dirname(place)
    while folder != os.path.dirname(folder):
        if os.path.islink(folder) and (project := _project_around(os.path.dirname(folder))):
            return None if is_inside(real, real_path(project)) else project
        folder = os.path.dirname(folder)
    return None


def _project_around(folder: str) -> str | None:
    """The git work tree that a folder lies in."""
    while not os.path.lexists(f"{folder}/.git"):
        if folder == os.path.dirname(folder):
            return None
        folder = os.path.dirname(folder)
    return folder


def _parse_literal(shell: str) -> str | None:
    """The path that the shell makes of the right side of an assignment; None for a computed one."""
    plain = shell.strip("'\"")
    if not _SPECIAL.intersection(plain) and shell in {plain, f"'{plain}'", f'"{plain}"'}:
        return plain  # nearly always; it spares the import of shlex
    if shell.startswith('"/') and "$(" not in shell:
        # CPython before 3.11.11, 3.12.8 and 3.13.1 did not quote the path; then bash takes a `$`
        # or a backtick and what follows out of it.
        shell = re.sub(EXPANDED, "", shell)
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
