"""One line that makes a venv say where it is: `activate` and the first lines of its scripts.

All packages are kept, and so is every `activate` that somebody may have edited.
"""

from __future__ import annotations

import os
import re

from hooks.files import read_file, real_path
from hooks.fixes.python import usable
from hooks.fixes.venv import configuration_of, settings
from hooks.shell import command
from hooks.venvs.python import base_python
from hooks.venvs.scripts import EXPANDED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hooks.venvs.health import Fault
    from hooks.venvs.scripts import Script

_LONGEST_DIRECT = 125  # characters of an interpreter's path that every kernel reads behind `#!`
_ACTIVATES = ("activate", "activate.csh", "activate.fish", "Activate.ps1")  # what `venv` writes


def mend_identity(venv: str, faults: Iterable[Fault]) -> str | None:
    """The command for all faults of the points 4 and 5 together; None where there is none."""
    place = real_path(venv)
    parts: list[str | None] = []
    for fault in faults:
        if fault.point == 4:
            parts.append(_write_activate(place))
        else:
            parts.append(_write_interpreters(place, fault.scripts))
    return None if None in parts or not parts else " && ".join(filter(None, parts))


def _write_activate(place: str) -> str | None:
    """`venv` over a venv of the same Python writes its scripts anew and keeps its packages.

    CPython before 3.11.11, 3.12.8 and 3.13.1 writes a `$` or a backtick in the path as it is, and
    the shell takes it for more than that: then there is no command.
    """
    if re.search(EXPANDED, place) or set(place) & set('"\\'):
        return None
    configuration = configuration_of(place)
    options = ["--without-pip", *settings(configuration)]
    python = usable(base_python(configuration, place))
    if python is None:
        return None  # nothing is put aside for a command that would fail
    write = command(python, "-I", "-m", "venv", *options, place)
    there = [name for name in _ACTIVATES if os.path.lexists(f"{place}/bin/{name}")]
    keep = [command("mv", "-n", name, _free(f"{place}/bin", name)) for name in there]
    if not keep:
        return write
    return f"({' && '.join([command('cd', f'{place}/bin'), *keep])}) && {write}"


def _free(folder: str, name: str) -> str:
    kept = f"{name}.old"
    while os.path.lexists(f"{folder}/{kept}"):
        kept += "~"
    return kept


def _write_interpreters(place: str, scripts: Sequence[Script]) -> str | None:
    """Name this venv's own interpreter in the scripts; None where a line cannot do it.

    The shell keeps each script in a variable and writes it back: in place, with its mode, and no
    backup is left (`sed -i` without one is not the same on Linux and macOS).
    """
    edits: dict[str, None] = {}
    for script in scripts:
        edit = _edit(place, script)
        if edit is None or _has_zeros(f"{place}/bin/{script.name}"):
            return None
        edits[edit] = None
    names = command(*(f"./{script.name}" for script in scripts))
    expressions = " ".join(f"-e {command(edit)}" for edit in edits)
    each = f's=$(sed {expressions} "$f"; echo .) && printf %s "${{s%.}}" > "$f"'
    return f"({command('cd', f'{place}/bin')} && for f in {names}; do {each}; done)"


def _edit(place: str, script: Script) -> str | None:
    """What `sed` has to do with this script's first two lines."""
    wrong = script.interpreter
    right = f"{place}/bin/{os.path.basename(wrong.path)}"
    if not os.path.exists(right):
        right = f"{place}/bin/python"
    if wrong.is_direct and (len(right) > _LONGEST_DIRECT or any(map(str.isspace, right))):
        return None
    if not right.isprintable() or set(right) & set("'\"\\$`") or not wrong.path.isprintable():
        return None
    pattern = "".join(f"\\{char}" if char in r"\.*[]^$|" else char for char in wrong.path)
    replacement = "".join(f"\\{char}" if char in r"\&|" else char for char in right)
    return f"1,2s|{pattern}|{replacement}|"


def _has_zeros(path: str) -> bool:
    """A zipped application with an interpreter in front: no shell variable can hold it."""
    content = read_file(path)
    return not isinstance(content, bytes) or b"\0" in content
