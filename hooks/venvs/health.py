"""Whether a venv is healthy: six points, each with a message of its own."""

from __future__ import annotations

import os
import stat

from hooks.fast.records import NamedTuple
from hooks.files import Unreadable, is_denied, list_directory, read_file, real_path
from hooks.harmless import quoted
from hooks.report import Note
from hooks.venvs.layout import read_configuration, site_packages
from hooks.venvs.python import parse_version, version_in_name
from hooks.venvs.scripts import (
    Interpreter,
    Script,
    folder_of,
    is_link_beside,
    is_same,
    parse_activation,
    read_interpreter,
    wrong_interpreter,
)


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
    """Point 5: the scripts that this fault is about; all start the same interpreter."""


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
    for directory in [venv, f"{venv}/bin", f"{venv}/lib"]:
        if is_denied(directory):
            return Health(
                [Fault(1, directory, "cannot be read (Permission denied)", rule="venv-unreadable")],
                [],
            )
    configuration = read_configuration(venv)
    if isinstance(configuration, Unreadable):
        return Health([_no_configuration(venv, configuration)], [])
    if not configuration.get("home"):
        return Health(
            [
                Fault(
                    1,
                    f"{venv}/pyvenv.cfg",
                    "has no `home`: it is no venv's",
                    rule="venv-unreadable",
                )
            ],
            [],
        )
    version = parse_version(configuration)
    libraries = site_packages(venv, version)
    faults: list[Fault] = []
    notes: list[Note] = []
    faults += _interpreter_faults(venv, configuration, notes)
    faults += _library_faults(venv, version, libraries)
    faults += _activation_faults(venv)
    faults += _script_faults(venv)
    for directory in [venv, f"{venv}/bin", *libraries]:
        faults += _permission_faults(directory, trusted_users)
    return Health(faults, notes)


def _no_configuration(venv: str, unreadable: Unreadable) -> Fault:
    try:
        entries = os.listdir(venv)
    except (OSError, ValueError):
        return Fault(1, venv, "is no directory that can be read", rule="venv-unreadable")
    if not entries:
        return Fault(
            1,
            venv,
            "is empty: `python -m venv --clear` or `rm -rf venv/`, run through a link,"
            " empties the shared venv",
            rule="venv-emptied",
        )
    if "pyvenv.cfg" in entries:
        return Fault(1, f"{venv}/pyvenv.cfg", unreadable.why, rule="venv-unreadable")
    return Fault(1, venv, "has no `pyvenv.cfg`: it is no venv", rule="venv-unreadable")


def _interpreter_faults(venv: str, configuration: dict[str, str], notes: list[Note]) -> list[Fault]:
    python = f"{venv}/bin/python"
    link, end = python, python
    for _ in range(40):  # as many as Linux follows
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
    except OSError:
        return [Fault(2, link, f"{leads} is missing".strip(), rule="python-missing")]
    if not stat.S_ISREG(mode) or not os.access(end, os.X_OK):
        return [Fault(2, link, f"{leads} is no executable file".strip(), rule="python-missing")]
    home = configuration["home"]
    if not os.path.islink(python) and not os.path.isdir(home):
        notes.append(
            Note(f"{python} is a copy, and the `home` of its Python, {quoted(home)}, is missing")
        )
    return []


def _library_faults(venv: str, version: str | None, libraries: list[str]) -> list[Fault]:
    faults = []
    if not libraries:
        name = f"python{version}" if version else "python3.*"
        says = f", but `pyvenv.cfg` names Python {quoted(version)}" if version else ""
        faults.append(
            Fault(
                3, f"{venv}/lib/{name}/site-packages", f"is missing{says}", rule="library-missing"
            )
        )
    base = real_path(f"{venv}/bin/python")
    told = version_in_name(os.path.basename(base))
    if version and told and "." in told and told != version and os.path.exists(base):
        faults.append(
            Fault(
                3,
                f"{venv}/bin/python",
                f"leads to {quoted(base)}, but `pyvenv.cfg` names Python {quoted(version)}",
                rule="python-mismatch",
            )
        )
    return faults


def _activation_faults(venv: str) -> list[Fault]:
    path = f"{venv}/bin/activate"
    content = read_file(path)
    if isinstance(content, Unreadable):
        return [Fault(4, path, content.why, rule="activation-elsewhere")]
    assignments = parse_activation(os.fsdecode(content))
    if not assignments:
        return [Fault(4, path, "sets no `VIRTUAL_ENV`", rule="activation-elsewhere")]
    for line, place in assignments:
        if place is None:
            continue
        if not is_same(place, venv):
            here = quoted(real_path(venv))
            what = (
                f"sets `VIRTUAL_ENV` to {quoted(place)}, but this venv is {here}:"
                " it was moved or copied"
            )
            return [Fault(4, path, what, line, "activation-elsewhere")]
        if is_link_beside(place, venv):
            sibling = quoted(folder_of(place))
            what = (
                f"sets `VIRTUAL_ENV` to {quoted(place)}, a link: its sibling {sibling} rewrote it"
            )
            return [Fault(4, path, what, line, "activation-elsewhere")]
    return []


def _script_faults(venv: str) -> list[Fault]:
    wrong: dict[Interpreter, list[Script]] = {}
    judged: dict[str, str | None] = {}
    for name in list_directory(f"{venv}/bin"):
        interpreter = read_interpreter(f"{venv}/bin/{name}")
        if not isinstance(interpreter, Interpreter):
            continue
        if interpreter.path not in judged:
            judged[interpreter.path] = wrong_interpreter(venv, interpreter.path)
        # A link to another venv's script is not this one's.
        if judged[interpreter.path] and not os.path.islink(f"{venv}/bin/{name}"):
            wrong.setdefault(interpreter, []).append(Script(name, interpreter))
    return [
        Fault(
            5,
            f"{venv}/bin",
            f"{_listed([script.name for script in scripts])}"
            f" {'starts' if len(scripts) == 1 else 'start'} {quoted(interpreter.path)},"
            f" {judged[interpreter.path]}",
            rule="scripts-elsewhere",
            scripts=tuple(scripts),
        )
        for interpreter, scripts in wrong.items()
    ]


def _permission_faults(directory: str, trusted_users: frozenset[int]) -> list[Fault]:
    try:
        status = os.stat(directory)
    except OSError:
        return []
    faults = []
    if status.st_uid not in trusted_users:
        faults.append(
            Fault(
                6,
                directory,
                f"belongs to {quoted(_user(status.st_uid))}, not to you",
                rule="foreign-owner",
            )
        )
    if status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX:
        faults.append(Fault(6, directory, "can be written to by every user", rule="open-to-others"))
    return faults


def _user(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _listed(names: list[str], most: int = 3) -> str:
    named = ", ".join(quoted(name) for name in names[:most])
    return named if len(names) <= most else f"{named} and {len(names) - most} more"
