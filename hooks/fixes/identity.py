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
    from hooks.venvs.scripts import Interpreter, Script

_LONGEST_DIRECT = 125  # characters of an interpreter's path that every kernel reads behind `#!`
_ACTIVATES = ("activate", "activate.csh", "activate.fish", "Activate.ps1")  # what `venv` writes


def mend_identity(venv: str, faults: Iterable[Fault]) -> str | None:
    """The command for the faults of the points 4 and 5, as far as one can mend them."""
    place = real_path(venv)
    parts = [
        _write_activate(place) if fault.point == 4 else _write_interpreters(place, fault.scripts)
        for fault in faults
    ]
    return " && ".join(filter(None, parts)) or None


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
    edited: list[Script] = []
    begun_anew: dict[str, list[Script]] = {}
    for script in scripts:
        right = _right_interpreter(place, script)
        content = read_file(f"{place}/bin/{script.name}")
        # A zipped application with an interpreter in front: no shell variable can hold it.
        if right is None or not isinstance(content, bytes) or b"\0" in content:
            return None
        if script.interpreter.is_direct and not _is_read_by_kernel(right):
            if not _is_alone(script.interpreter, content):
                return None
            begun_anew.setdefault(right, []).append(script)
        elif (edit := _edit(script, right)) is not None:
            edits[edit] = None
            edited.append(script)
        else:
            return None
    sed = f'sed {" ".join(f"-e {command(edit)}" for edit in edits)} "$f"'
    loops = [_each(edited, sed)] if edited else []
    loops += [_by_shell(several, right) for right, several in begun_anew.items()]
    return f"({command('cd', f'{place}/bin')} && {' && '.join(loops)})"


def _each(scripts: Sequence[Script], program: str) -> str:
    """Make of each what the program prints of it."""
    names = command(*(f"./{script.name}" for script in scripts))
    write = f's=$({program} && echo .) && printf %s "${{s%.}}" > "$f"'
    return f"for f in {names}; do {write}; done"


def _right_interpreter(place: str, script: Script) -> str | None:
    """This venv's, by the same name; None where no script could name it."""
    right = f"{place}/bin/{os.path.basename(script.interpreter.path)}"
    if not os.path.exists(right):
        right = f"{place}/bin/python"
    return right if right.isprintable() and not set(right) & set('"\\$`') else None


def _is_read_by_kernel(path: str) -> bool:
    return len(path) <= _LONGEST_DIRECT and not any(map(str.isspace, path))


def _is_alone(interpreter: Interpreter, content: bytes) -> bool:
    """Nothing but it stands in the first line: no option, no `env`."""
    return os.fsdecode(content.partition(b"\n")[0]).strip() == f"#!{interpreter.path}"


def _by_shell(scripts: Sequence[Script], right: str) -> str:
    """As pip writes it: these lines are shell, and for Python one text. Twice does no harm."""
    head = command("#!/bin/sh", f'\'\'\'exec\' "{right}" "$0" "$@"', "' '''")
    is_written = """[ "$(head -n 1 "$f")" = '#!/bin/sh' ]"""
    anew = f'printf "%s\\n" {head}; tail -n +2 "$f"'
    return _each(scripts, f'if {is_written}; then cat "$f"; else {anew}; fi')


def _edit(script: Script, right: str) -> str | None:
    """What `sed` has to do with this script's first two lines."""
    wrong = script.interpreter
    if not wrong.path.isprintable() or (not wrong.is_direct and "'" in right):
        return None
    pattern = "".join(f"\\{char}" if char in r"\.*[]^$|" else char for char in wrong.path)
    replacement = "".join(f"\\{char}" if char in r"\&|" else char for char in right)
    return f"1,2s|{pattern}|{replacement}|"
