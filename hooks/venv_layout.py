"""What a virtual environment looks like on disk (PEP 405), and whether it is healthy.

Made by `venv`, `virtualenv` or `uv`, on Linux or macOS, of any Python. Only files are read.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from functools import cache

from hooks.files import Unreadable, kind, list_directory, read_file, read_start, real_path
from hooks.records import NamedTuple
from hooks.report import Note, quoted

# What `venv`, `virtualenv`, `uv`, `pip` and `jupyter` put at the top of a venv. `src`, where pip
# clones `-e git+…`, is missing on purpose: somebody may have work in there.
OWN_ENTRIES = frozenset(
    {"bin", "lib", "lib64", "include", "share", "etc", "man", "pyvenv.cfg", "conda-meta"}
    | {".gitignore", ".lock", "CACHEDIR.TAG", "pip-selfcheck.json"}
)
_SPECIAL = frozenset(" \t'\"\\$`~*?[](){}<>|&;#!")
# What is a venv's beyond doubt in a directory that holds other things as well: `bin`, `lib` and
# `include` may be the project's own. CPython 3.14 adds a `𝜋thon`.
_PART = (
    r"pyvenv\.cfg$|lib64$|conda-meta(?=/|$)"
    r"|(?:lib|lib64|include)/[a-z]+\d+\.\d+t?(?=/|$)|include/site(?=/|$)"
    r"|bin/(?:python|𝜋thon|pypy|graalpy|pip|pydoc)[0-9.-]*t?$|bin/pydoc\.bat$"
    r"|bin/(?:activate_this\.py|[Aa]ctivate(?:\.(?:bat|csh|fish|nu|ps1|xsh))?)$"
    r"|bin/deactivate(?:\.(?:bat|nu))?$"
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONGEST_HEAD = 8192  # bytes: two lines, each with a path of PATH_MAX at the most


NOTHING, LINK, LINK_AS_TEXT, VENV, DIRECTORY, OTHER = range(6)


class Entry(NamedTuple):
    """What stands at a path."""

    kind: int
    """NOTHING, LINK, LINK_AS_TEXT (git's, where it makes no links), VENV, DIRECTORY (that is no
    venv) or OTHER."""
    text: str
    """What a link says; of all else what it is, in words."""


class Fault(NamedTuple):
    """One reason why a venv is not healthy."""

    point: int
    """Which of the six: 1 configuration, 2 interpreter, 3 library, 4 activation, 5 console
    scripts, 6 permissions. A venv with a fault of the first three cannot be used."""
    path: str
    what: str
    line: int | None = None
    scripts: tuple[Script, ...] = ()
    """Point 5: the scripts that this fault is about; all start the same interpreter."""


class Health(NamedTuple):
    faults: list[Fault]
    notes: list[Note]

    @property
    def is_usable(self) -> bool:
        return all(fault.point > 3 for fault in self.faults)


class Interpreter(NamedTuple):
    """What the first lines of a script start."""

    path: str
    is_direct: bool
    """`#!/path`: the kernel allows no space in it, and 127 bytes. Else by way of `/bin/sh`."""


class Script(NamedTuple):
    name: str
    interpreter: Interpreter


def look_at(path: str) -> Entry:
    """What stands at the place of a venv or link; the link itself is not followed."""
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            return Entry(LINK, os.readlink(path))
    except OSError:
        return Entry(NOTHING, "nothing")
    if stat.S_ISDIR(mode):
        return (
            Entry(VENV, "a real venv")
            if is_venv(path)
            else Entry(DIRECTORY, "a directory, no venv")
        )
    start = read_start(path, 4096) if stat.S_ISREG(mode) else b""
    if isinstance(start, bytes) and b"/" in start and re.fullmatch(rb"[^\n\0]{1,4000}\n?", start):
        text = quoted(os.fsdecode(start.strip()))
        return Entry(
            LINK_AS_TEXT, f"a file that says {text}: git made it with `core.symlinks=false`"
        )
    return Entry(OTHER, kind(mode))


def is_python(path: str) -> bool:
    """An interpreter, by its name and its mode."""
    name = os.path.basename(path)
    return _version_in_name(name) is not None and os.path.isfile(path) and os.access(path, os.X_OK)


def is_loop(path: str) -> bool:
    """A link that leads back to itself."""
    try:
        os.stat(path)
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def is_denied(directory: str) -> bool:
    """It is there, but this user may not look into it."""
    try:
        os.close(os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        os.stat(f"{directory}/.")
    except (OSError, ValueError) as error:
        return isinstance(error, PermissionError)
    return False


def is_venv(path: str) -> bool:
    """A directory with `pyvenv.cfg` (PEP 405) or, of conda, with `conda-meta/`."""
    return os.path.lexists(f"{path}/pyvenv.cfg") or os.path.isdir(f"{path}/conda-meta")


def holds_only_a_venv(path: str) -> bool:
    """Whether nothing is lost with the directory but what can be installed again."""
    entries = list_directory(path)
    if not is_venv(path) or not entries or not OWN_ENTRIES.issuperset(entries):
        return False
    recorded = recorded_files(path)
    for directory, folders, names in os.walk(path):
        below = "" if directory == path else f"{os.path.relpath(directory, path)}/"
        if below.endswith("__pycache__/"):
            names = [name for name in names if not name.endswith(".pyc")]
        names += [name for name in folders if os.path.islink(f"{directory}/{name}")]
        folders[:] = [name for name in folders if not part_of_venv(below + name)]
        for file in [below + name for name in names]:
            if not (file in OWN_ENTRIES or part_of_venv(file) or file in recorded):
                return False
    return True


def part_of_venv(path: str) -> str | None:
    """The part of a venv that this path, counted from the venv, is or lies in."""
    found = re.match(_PART, path)
    return found[0] if found else None


def recorded_files(venv: str) -> set[str]:
    """What installers have put outside of `site-packages`, by `RECORD` (PEP 376), from the venv."""
    files: set[str] = set()
    for directory in site_packages(venv, None):
        for name in list_directory(directory):
            content = read_file(f"{directory}/{name}/RECORD")
            if isinstance(content, bytes):
                files.update(re.findall(r'(?m)^"?(?:\.\./){3}([^,"\n]+)', os.fsdecode(content)))
    return files


def parse_configuration(text: str) -> dict[str, str]:
    """The keys of a `pyvenv.cfg`, in lower case, as `site` reads them: split at the first `=`."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def parse_version(configuration: dict[str, str]) -> str | None:
    """`3.11`, from `version` (venv) or `version_info` (virtualenv, uv); None if it has neither."""
    written = configuration.get("version") or configuration.get("version_info", "")
    found = re.match(r"([0-9]{1,4})\.([0-9]{1,4})(?:\.|$)", written)
    return f"{found[1]}.{found[2]}" if found else None


def read_configuration(venv: str) -> dict[str, str] | Unreadable:
    content = read_file(f"{venv}/pyvenv.cfg")
    if isinstance(content, Unreadable):
        return content
    return parse_configuration(content.decode("utf-8", "surrogateescape"))


def site_packages(venv: str, version: str | None) -> list[str]:
    """The `lib/pythonX.Y/site-packages` that are there: of this version, or of any for None."""
    found = []
    for library in list_directory(f"{venv}/lib"):
        # python3.13, python3.13t (free-threaded), pypy3.10
        if version in {None, library.strip(_LETTERS)}:
            directory = f"{venv}/lib/{library}/site-packages"
            if os.path.isdir(directory):
                found.append(directory)
    return found


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


def read_health(venv: str, trusted_users: frozenset[int]) -> Health:
    """Every reason why this venv is not healthy, in the order of the six points.

    `trusted_users` are the user ids that the venv may belong to.
    """
    for directory in [venv, f"{venv}/bin", f"{venv}/lib"]:
        if is_denied(directory):
            return Health([Fault(1, directory, "cannot be read (Permission denied)")], [])
    configuration = read_configuration(venv)
    if isinstance(configuration, Unreadable):
        return Health([_no_configuration(venv, configuration)], [])
    if not configuration.get("home"):
        return Health([Fault(1, f"{venv}/pyvenv.cfg", "has no `home`: it is no venv's")], [])
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


def read_interpreter(script: str) -> Interpreter | Unreadable | None:
    """As `parse_interpreter`, of the file."""
    head = read_start(script, _LONGEST_HEAD)
    return head if isinstance(head, Unreadable) else parse_interpreter(os.fsdecode(head))


def wrong_interpreter(venv: str, interpreter: str) -> str | None:
    """Why a script with this interpreter does not belong to this venv; None if it does.

    Only a venv's `python` is judged: `/bin/sh` and `/usr/bin/python3` are fine where they are.
    """
    directory, name = os.path.split(interpreter)
    if _version_in_name(name) is None or not os.path.isabs(interpreter):
        return None
    place = os.path.dirname(directory)
    if _is_same(place, venv):
        if _is_link_beside(place, venv):
            return f"by way of the link in {quoted(_folder(place))}"
        # Where it is a link that dangles, that is the one finding, of point 2.
        return None if os.path.lexists(interpreter) else "which is missing"
    if not os.path.exists(interpreter):
        return "which is missing"
    return "which is another venv's" if is_venv(place) else None


def _no_configuration(venv: str, unreadable: Unreadable) -> Fault:
    try:
        entries = os.listdir(venv)
    except (OSError, ValueError):
        return Fault(1, venv, "is no directory that can be read")
    if not entries:
        return Fault(
            1,
            venv,
            "is empty: `python -m venv --clear` or `rm -rf venv/`, run through a link,"
            " empties the shared venv",
        )
    if "pyvenv.cfg" in entries:
        return Fault(1, f"{venv}/pyvenv.cfg", unreadable.why)
    return Fault(1, venv, "has no `pyvenv.cfg`: it is no venv")


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
        return [Fault(2, python, "is a link in a loop")]
    leads = f"leads to {quoted(end)}, which" if link != end else ""
    try:
        mode = os.stat(end).st_mode
    except OSError:
        return [Fault(2, link, f"{leads} is missing".strip())]
    if not stat.S_ISREG(mode) or not os.access(end, os.X_OK):
        return [Fault(2, link, f"{leads} is no executable file".strip())]
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
        faults.append(Fault(3, f"{venv}/lib/{name}/site-packages", f"is missing{says}"))
    base = real_path(f"{venv}/bin/python")
    told = _version_in_name(os.path.basename(base))
    if version and told and "." in told and told != version and os.path.exists(base):
        faults.append(
            Fault(
                3,
                f"{venv}/bin/python",
                f"leads to {quoted(base)}, but `pyvenv.cfg` names Python {quoted(version)}",
            )
        )
    return faults


def _activation_faults(venv: str) -> list[Fault]:
    path = f"{venv}/bin/activate"
    content = read_file(path)
    if isinstance(content, Unreadable):
        return [Fault(4, path, content.why)]
    assignments = parse_activation(os.fsdecode(content))
    if not assignments:
        return [Fault(4, path, "sets no `VIRTUAL_ENV`")]
    for line, place in assignments:
        if place is None:
            continue
        if not _is_same(place, venv):
            here = quoted(real_path(venv))
            what = (
                f"sets `VIRTUAL_ENV` to {quoted(place)}, but this venv is {here}:"
                " it was moved or copied"
            )
            return [Fault(4, path, what, line)]
        if _is_link_beside(place, venv):
            sibling = quoted(_folder(place))
            what = (
                f"sets `VIRTUAL_ENV` to {quoted(place)}, a link: its sibling {sibling} rewrote it"
            )
            return [Fault(4, path, what, line)]
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
        faults.append(Fault(6, directory, f"belongs to {quoted(_user(status.st_uid))}, not to you"))
    if status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX:
        faults.append(Fault(6, directory, "can be written to by every user"))
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


def _folder(place: str) -> str:
    return os.path.dirname(os.path.normpath(place))


def _is_same(one: str, other: str) -> bool:
    return real_path(one) == real_path(other)


def _is_link_beside(place: str, venv: str) -> bool:
    """A sibling's link; the shared venv's own place may be one, too: that is the owner's matter."""
    return os.path.islink(place) and os.path.abspath(place) != os.path.abspath(venv)


def _version_in_name(name: str) -> str | None:
    """`3.11` of `python3.11`, nothing of `python`; None where the name is no interpreter's."""
    version = name.strip(_LETTERS)
    is_one = name.startswith(("python", "pypy", "graalpy")) and name.rstrip("t").endswith(version)
    return version if is_one and version.replace(".", "0").isdigit() | (not version) else None


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
