"""Whether a venv is healthy: six points, each with a message of its own (PEP 405).

Only files are read; nothing of the venv is run.
"""

from __future__ import annotations

import errno
import os
import stat

from hooks.fast.records import NamedTuple
from hooks.files import PASSING, Unreadable, list_directory, read_file, real_path, user_name
from hooks.harmless import quoted
from hooks.report import Note
from hooks.venvs.layout import read_configuration, site_packages
from hooks.venvs.python import parse_version, version_in_name
from hooks.venvs.scripts import (
    Interpreter,
    Script,
    by_way_of,
    is_same,
    parse_activation,
    read_interpreter,
    wrong_interpreter,
)

_MOST_LINKS = 40  # that Linux follows


class Fault(NamedTuple):
    """One reason why a venv is not healthy."""

    point: int
    """Which of the six: 1 configuration, 2 interpreter, 3 library, 4 activation, 5 console
    scripts, 6 permissions. A venv with a fault of the first three cannot be used."""
    path: str
    what: str
    line: int | None = None
    rule: str = ""
    """The name of the rule that it breaks."""
    scripts: tuple[Script, ...] = ()
    """Point 5: the scripts that start something else."""
    is_passing: bool = False
    """It could not be looked at, which says nothing of the venv."""
    is_denied: bool = False
    """It is closed to this user, which says nothing of the venv either."""


class Health(NamedTuple):
    faults: list[Fault]
    notes: list[Note]

    @property
    def is_usable(self) -> bool:
        return all(fault.point > 3 for fault in self.faults)


def read_health(venv: str, trusted_users: frozenset[int]) -> Health:
    """Every reason why this venv is not healthy, in the order of the six points.

    `trusted_users` are the user ids that the venv may belong to.
    """
    for directory in [venv, f"{venv}/bin", f"{venv}/lib", *_libraries(venv)]:
        if fault := _closed(directory):
            return Health([fault], [])
    configuration = read_configuration(venv)
    if isinstance(configuration, Unreadable):
        return Health([_no_configuration(venv, configuration)], [])
    if not configuration.get("home"):
        what = "has no `home`: it is no venv's"
        return Health([Fault(1, f"{venv}/pyvenv.cfg", what, rule="venv-unreadable")], [])
    faults: list[Fault] = []
    notes: list[Note] = []
    version = parse_version(configuration)
    for name in ["python", "python3"]:
        faults = faults or _interpreter_faults(f"{venv}/bin/{name}")
    has_python = not faults
    faults += _library_faults(venv, version, site_packages(venv, version))
    faults += _activation_faults(venv)
    if has_python:  # else all scripts start what is missing: one cause, told already
        faults += _script_faults(venv)
    faults += _permission_faults(venv, trusted_users, notes)
    if not os.path.islink(f"{venv}/bin/python") and not os.path.isdir(configuration["home"]):
        home = quoted(configuration["home"])
        what = f"is a copy, and the `home` of its Python, {home}, is missing"
        notes[:0] = [Note(f"{venv}/bin/python {what}")] * (not faults)
    return Health(faults, notes)


def _libraries(venv: str) -> list[str]:
    """All that may lead to what is installed; a closed one hides what is in it."""
    names = [name for name in list_directory(f"{venv}/lib") if name.startswith(("python", "pypy"))]
    paths = [f"{venv}/lib/{name}" for name in names]
    return [*paths, *(f"{path}/site-packages" for path in paths)]


def _closed(directory: str) -> Fault | None:
    """The directory is there, but cannot be looked into."""
    try:
        os.close(os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        os.stat(f"{directory}/.")
    except (OSError, ValueError) as error:
        number = getattr(error, "errno", 0)
        if number in PASSING:
            what = f"could not be looked at ({os.strerror(number)})"
            return Fault(1, directory, what, rule="venv-unreadable", is_passing=True)
        if isinstance(error, PermissionError):
            what = f"cannot be read ({os.strerror(number)})"
            return Fault(1, directory, what, rule="venv-unreadable", is_denied=True)
    return None


def _no_configuration(venv: str, unreadable: Unreadable) -> Fault:
    try:
        entries = os.listdir(venv)
    except (OSError, ValueError):
        return Fault(1, venv, "is no directory that can be read", rule="venv-unreadable")
    if not entries:
        what = "is empty: `python -m venv --clear` or `rm -rf venv/`, run through a link,"
        return Fault(1, venv, f"{what} empties the shared venv", rule="venv-emptied")
    if "pyvenv.cfg" not in entries:
        return Fault(1, venv, "has no `pyvenv.cfg`: it is no venv", rule="venv-unreadable")
    path, number = f"{venv}/pyvenv.cfg", unreadable.errno
    if number in PASSING:
        what = f"could not be looked at ({os.strerror(number)})"
        return Fault(1, path, what, rule="venv-unreadable", is_passing=True)
    is_denied = number == errno.EACCES
    return Fault(1, path, unreadable.why, rule="venv-unreadable", is_denied=is_denied)


def _interpreter_faults(python: str) -> list[Fault]:
    """Point 2, of `bin/python`, and of `bin/python3` where it is there."""
    if python.endswith("3") and not os.path.lexists(python):
        return []
    link, end = python, python
    for _ in range(_MOST_LINKS):
        try:
            text = os.readlink(end)
        except OSError:
            break
        link, end = end, os.path.join(os.path.dirname(end), text)
    else:
        return [Fault(2, python, "is a link in a loop", rule="python-missing")]
    leads = f"leads to {quoted(end)}, which" if link != end else ""
    try:
        mode = os.stat(end).st_mode
    except OSError as error:
        if isinstance(error, PermissionError):
            why = f"{leads} cannot be reached by you (Permission denied)".strip()
            return [Fault(2, link, why, rule="python-missing", is_denied=True)]
        if error.errno in PASSING:
            why = f"{leads} could not be looked at ({error.strerror})".strip()
            return [Fault(2, link, why, rule="venv-unreadable", is_passing=True)]
        return [Fault(2, link, f"{leads} is missing".strip(), rule="python-missing")]
    if not stat.S_ISREG(mode) or not os.access(end, os.X_OK):
        return [Fault(2, link, f"{leads} is no executable file".strip(), rule="python-missing")]
    return []


def _library_faults(venv: str, version: str | None, libraries: list[str]) -> list[Fault]:
    """Point 3. Where the two versions disagree, what is missing follows from that."""
    base = real_path(f"{venv}/bin/python")
    told = version_in_name(os.path.basename(base))
    if version and told and "." in told and told != version and os.path.exists(base):
        what = f"leads to {quoted(base)}, but `pyvenv.cfg` names Python {quoted(version)}"
        return [Fault(3, f"{venv}/bin/python", what, rule="python-mismatch")]
    if libraries:
        return []
    name = f"python{version}" if version else "python3.*"
    says = f", but `pyvenv.cfg` names Python {quoted(version)}" if version else ""
    path = f"{venv}/lib/{name}/site-packages"
    try:
        os.stat(path)
    except OSError as error:
        if error.errno in PASSING:
            what = f"could not be looked at ({error.strerror})"
            return [Fault(3, path, what, rule="venv-unreadable", is_passing=True)]
    return [Fault(3, path, f"is missing{says}", rule="library-missing")]


def _activation_faults(venv: str) -> list[Fault]:
    """Point 4: at the venv's real place, by a path that needs no other project."""
    path = f"{venv}/bin/activate"
    content = read_file(path)
    if isinstance(content, Unreadable):
        if content.errno in PASSING:
            what = f"could not be looked at ({os.strerror(content.errno)})"
            return [Fault(4, path, what, rule="venv-unreadable", is_passing=True)]
        is_denied = content.errno == errno.EACCES
        return [Fault(4, path, content.why, rule="activation-elsewhere", is_denied=is_denied)]
    assignments = parse_activation(os.fsdecode(content))
    if not assignments:
        return [Fault(4, path, "sets no `VIRTUAL_ENV`", rule="activation-elsewhere")]
    for line, place in assignments:
        if place is None:
            continue
        sets = f"sets `VIRTUAL_ENV` to {quoted(place)}"
        if not is_same(place, venv):
            here = quoted(real_path(venv))
            what = f"{sets}, but this venv is {here}: it was moved or copied"
            return [Fault(4, path, what, line, "activation-elsewhere")]
        if (sibling := by_way_of(place, venv)) is not None:
            way = "a link" if os.path.islink(place) else "a way round"
            what = f"{sets}, {way}: its sibling {quoted(sibling)} rewrote it"
            return [Fault(4, path, what, line, "activation-elsewhere")]
    return []


def _script_faults(venv: str) -> list[Fault]:
    """Point 5: one fault for all scripts, since one command mends them all."""
    scripts: list[Script] = []
    judged: dict[str, str | None] = {}
    for name in list_directory(f"{venv}/bin"):
        interpreter = read_interpreter(f"{venv}/bin/{name}")
        if not isinstance(interpreter, Interpreter):
            continue
        if interpreter.path not in judged:
            judged[interpreter.path] = wrong_interpreter(venv, interpreter.path)
        # A link to another venv's script is not this one's.
        if judged[interpreter.path] and not os.path.islink(f"{venv}/bin/{name}"):
            scripts.append(Script(name, interpreter))
    if not scripts:
        return []
    first, *others = dict.fromkeys(script.interpreter.path for script in scripts)
    what = (
        f"{_listed([script.name for script in scripts])}"
        f" {'starts' if len(scripts) == 1 else 'start'} {quoted(first)}, {judged[first]}"
    )
    if others:
        what += f", or {len(others)} more like that"
    return [Fault(5, f"{venv}/bin", what, rule="scripts-elsewhere", scripts=tuple(scripts))]


def _permission_faults(venv: str, trusted: frozenset[int], notes: list[Note]) -> list[Fault]:
    """Point 6. A mount that knows no modes makes them up, for the project's own folder as well."""
    faults: list[Fault] = []
    open_to_others: list[str] = []
    for path in _guarded(venv):
        try:
            status = os.stat(path) if os.path.isdir(path) else os.lstat(path)
        except OSError:
            continue
        if stat.S_ISLNK(status.st_mode):
            continue
        if status.st_uid not in trusted and not faults:
            what = f"belongs to {quoted(user_name(status.st_uid))}, not to you"
            faults.append(Fault(6, path, what, rule="foreign-owner"))
        if status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX:
            open_to_others.append(path)
    if not open_to_others:
        return faults
    first, *others = open_to_others
    what = "can be written to by every user"
    if any(_is_open(folder) for folder in [".", os.path.dirname(real_path(venv))]):
        notes.append(Note(f"{first} {what}, as can the folder that it is in"))
        return faults
    if others:
        what += f", and so can {len(others)} more of this venv's"
    return [*faults, Fault(6, first, what, rule="open-to-others")]


def _guarded(venv: str) -> list[str]:
    """What decides which code runs: whoever may write there may run what they like as you."""
    libraries = site_packages(venv, None)
    more = [os.path.dirname(library) for library in libraries]
    files = [f"{venv}/pyvenv.cfg", f"{venv}/bin/activate"]
    return [venv, f"{venv}/bin", f"{venv}/lib", *more, *libraries, *files]


def _is_open(folder: str) -> bool:
    try:
        mode = os.stat(folder).st_mode
    except OSError:
        return False
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX


def _listed(names: list[str], most: int = 3) -> str:
    named = ", ".join(quoted(name) for name in names[:most])
    return named if len(names) <= most else f"{named} and {len(names) - most} more"
