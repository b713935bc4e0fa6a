"""What is installed in a venv, as its own Python would see it; nothing from the venv is run."""

from __future__ import annotations

import functools
import os
import re
import sys

from hooks.files import MISSING, Unreadable, read_file, real_path
from hooks.names import normalised
from hooks.records import NamedTuple
from hooks.report import Finding, Note, command, path_word, quoted
from hooks.venv_layout import parse_version, read_configuration, site_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from packaging.direct_url import DirectUrl

# Where the headers end: at the first line that is none, blank or not, as for the e-mail parser
# that pip and importlib.metadata use. Old wheels have summaries that run into a second line.
_END_OF_HEADERS = re.compile(rb"\n(?![!-9;-~]*:|[ \t])")
# The line break in front, not `^`: a literal to look for makes it twice as fast.
_HEADER = re.compile(
    rb"\n(name|version|requires-dist|provides-extra|requires-python):(.*(?:\n[ \t].*)*)",
    re.IGNORECASE,
)
_NAME = re.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
# `3.11.7`, `3.14.0rc1` (uv), `3.11.7.final.0`, `3.14.0.candidate.1` (virtualenv).
_PYTHON_VERSION = re.compile(r"(\d+\.\d+\.\d+)(?:\.?(a|b|rc|alpha|beta|candidate)\.?(\d+))?")
_RELEASE_LEVELS = {"alpha": "a", "beta": "b", "candidate": "rc"}
_DEFINITION = re.compile(rb'^#define\s+(PY_VERSION|PYPY_VERSION)\s+"([^"\n]+)"', re.MULTILINE)


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


class Installed(NamedTuple):
    """What the venv's Python sees, and what it is."""

    distributions: dict[str, Distribution]
    """By name; the first on `sys.path` wins."""
    messages_by_name: dict[str, list[Finding]]
    """What is wrong with a distribution's metadata: worth telling if the project needs it.

    A name can be in here alone: half installed, it has no version.
    """
    notes: list[Note]
    markers: dict[str, str]
    """The marker environment (PEP 508) of the venv's Python, for `Marker.evaluate`."""
    python_is_short: bool
    """No file tells the patch release: `python_full_version` is taken to be `X.Y.0`."""


class Metadata(NamedTuple):
    """The headers of a `METADATA` or `PKG-INFO` that matter here."""

    name: str
    version: str
    requires: tuple[str, ...]
    extras: tuple[str, ...]
    requires_python: str | None


class Python(NamedTuple):
    """The venv's Python, as far as files tell."""

    short: str
    """`3.11`"""
    full: str | None
    """`3.11.7`"""
    implementation: str
    """`CPython` or `PyPy`"""
    implementation_version: str | None
    """PyPy's own, `7.3.15`; None for CPython."""


def read_installed(venv: str) -> Installed:
    """Read the venv's distributions. Never hangs, never raises."""
    notes: list[Note] = []
    configuration = read_configuration(venv)
    if isinstance(configuration, Unreadable):
        notes.append(Note(f"{quoted(f'{venv}/pyvenv.cfg')} {configuration.why}"))
        configuration = {"include-system-site-packages": "false"}  # of conda, or no venv at all
    version = parse_version(configuration)
    own = site_packages(venv, version)
    if own:  # `python3.13`, `python3.13t`, `pypy3.10`: the base's directories have the same name
        library = os.path.basename(os.path.dirname(own[0]))
    else:
        library = f"python{version or '{}.{}'.format(*sys.version_info)}"
        notes.append(Note(f"{quoted(f'{venv}/lib/{library}/site-packages')} is missing"))
    if not (version or re.search("[0-9]", library)):
        told = quoted(_version_of(library))
        notes.append(Note(f"{quoted(venv)} does not tell its Python's version, taken to be {told}"))
    home = configuration.get("home", "")
    prefix = os.path.dirname(home)

    search = _Search(venv, notes)
    for directory in own:
        search.add_site_directory(directory, in_base=False)
    # `site` takes a missing key for true, and every word but "true" for false.
    if home and configuration.get("include-system-site-packages", "true").lower() == "true":
        for directory in [*_user_directories(library), *_base_directories(prefix, library)]:
            if os.path.isdir(directory):
                search.add_site_directory(directory, in_base=True)
    python = _read_python(configuration, prefix, library)
    return Installed(
        search.distributions,
        search.messages_by_name,
        notes,
        marker_environment(python),
        python.full is None,
    )


def marker_environment(python: Python) -> dict[str, str]:
    """PEP 508, for this Python on the hook's own machine.

    The same as `packaging.markers.default_environment`, which has to ask `platform` for it.
    """
    full = python.full or f"{python.short}.0"
    machine = os.uname()
    return {
        "implementation_name": python.implementation.lower(),
        # In CPython's own words a release candidate is `3.14.0c1` here.
        "implementation_version": python.implementation_version or full.replace("rc", "c"),
        "os_name": os.name,
        "platform_machine": machine.machine,
        "platform_python_implementation": python.implementation,
        "platform_release": machine.release,
        "platform_system": machine.sysname,
        "platform_version": machine.version,
        "python_full_version": full,
        "python_version": python.short,
        "sys_platform": sys.platform,
    }


def parse_metadata(content: bytes) -> Metadata | Unreadable:
    """Read the headers. (The e-mail parser takes twenty times as long.)"""
    content = b"\n" + content
    end = _END_OF_HEADERS.search(content)
    headers: dict[bytes, list[str]] = {}
    for field, value in _HEADER.findall(content[: end.start()] if end else content):
        text = value.decode("utf-8", "replace").strip()
        headers.setdefault(field.lower(), []).append(
            " ".join(text.split()) if "\n" in text else text
        )
    name, version = headers.get(b"name", [""])[0], headers.get(b"version", [""])[0]
    if not name or not version:
        return Unreadable(f"has no {quoted('Version' if name else 'Name')}")
    if not _NAME.fullmatch(name):
        return Unreadable(f"has the `Name` {quoted(name)}, which is none")
    return Metadata(
        name,
        version,
        tuple(headers.get(b"requires-dist", ())),
        tuple(headers.get(b"provides-extra", ())),
        headers.get(b"requires-python", [None])[0],
    )


def parse_requires_txt(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The `Requires-Dist` and `Provides-Extra` that setuptools' `requires.txt` stands for.

    Its sections are `[extra]`, `[:marker]` and `[extra:marker]`.
    """
    requires: list[str] = []
    extras: dict[str, None] = {}
    condition = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("["):
            extra, _, marker = line.strip("[]").partition(":")
            conditions = [f"({marker})"] if marker else []
            if extra:
                extras[extra] = None
                conditions.append(f'extra == "{extra}"')
            condition = " ; " + " and ".join(conditions) if conditions else ""
        else:
            requires.append(line + condition)
    return tuple(requires), tuple(extras)


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


def parse_python_version(text: str) -> str | None:
    """`3.14.0rc1`, from each spelling of it in a `pyvenv.cfg`; None for a short `3.14`."""
    found = _PYTHON_VERSION.match(text)
    if found is None:
        return None
    number, level, serial = found.groups("")
    return f"{number}{_RELEASE_LEVELS.get(level, level)}{serial}"


class _Search:
    """Goes through the directories of the venv's `sys.path` in their order."""

    def __init__(self, venv: str, notes: list[Note]) -> None:
        self._venv = real_path(venv)
        self.notes = notes
        self.distributions: dict[str, Distribution] = {}
        self.messages_by_name: dict[str, list[Finding]] = {}
        self._seen: set[str] = set()

    def add_site_directory(self, directory: str, *, in_base: bool) -> None:
        """The directory, then those that its `.pth` files name, as in `site.addsitedir`."""
        for entry in self._add(directory, in_base=in_base):
            # Hidden ones are skipped since Python 3.13, 3.12.2, 3.11.8…
            if not entry.endswith(".pth") or entry.startswith("."):
                continue
            pth = f"{directory}/{entry}"
            content = read_file(pth, at_most=1 << 20)  # PyTorch's `.pth` are something else
            if isinstance(content, Unreadable):
                self._note(pth, content)
                continue
            for line in parse_pth(content):
                path = _joined(directory, line)
                if os.path.exists(path):
                    self._add(path, in_base=in_base)

    def _add(self, directory: str, *, in_base: bool, project: str | None = None) -> list[str]:
        """Read the distributions of a directory, unless it was read before; what lies in it."""
        real = real_path(directory)
        if real in self._seen:  # `lib64` is a link to `lib`; a `.pth` names a directory again
            return []
        self._seen.add(real)
        try:
            entries = sorted(os.listdir(directory))
        except OSError as error:
            why = Unreadable(f"cannot be read ({error.strerror})")
            self._note(directory, MISSING if isinstance(error, FileNotFoundError) else why)
            return []
        here: dict[str, list[Distribution]] = {}
        for found in self._distributions(directory, entries):
            if project or in_base:
                found = found._replace(editable_project=project, in_base=in_base)
            here.setdefault(found.name, []).append(found)
        for name, same in here.items():
            if len(same) > 1:
                self._tell_several(same)
            self.distributions.setdefault(name, same[0])
        for entry in entries:
            if entry.endswith(".egg-link"):
                self._follow_egg_link(directory, entry, in_base=in_base)
        return entries

    def _distributions(self, directory: str, entries: list[str]) -> Iterator[Distribution]:
        is_egg = directory.endswith(".egg")
        for entry in entries:
            if not entry[0].isalnum():  # `~andas-2.0.dist-info`: an interrupted pip left it
                continue
            if entry.endswith(".dist-info"):
                found = self._read_dist_info(f"{directory}/{entry}")
            elif entry.endswith(".egg-info") or (is_egg and entry == "EGG-INFO"):
                found = self._read_egg_info(f"{directory}/{entry}")
            else:
                continue
            if found is not None:
                yield found

    def _read_dist_info(self, path: str) -> Distribution | None:
        metadata = self._read_metadata(path, "METADATA")
        if metadata is None:
            return None
        name = normalised(metadata.name)
        direct_url = self._read_optional(name, f"{path}/direct_url.json")
        return Distribution(name, metadata.version, path, *metadata[2:], direct_url)

    def _read_egg_info(self, path: str) -> Distribution | None:
        is_directory = os.path.isdir(path)  # distutils made a file; Debian has some
        metadata = self._read_metadata(path, "PKG-INFO" if is_directory else None)
        if metadata is None:
            return None
        name = normalised(metadata.name)
        found = Distribution(name, metadata.version, path, *metadata[2:])
        if is_directory and not found.requires:
            listed = self._read_optional(name, f"{path}/requires.txt")
            if listed is not None:
                requires, extras = parse_requires_txt(listed.decode("utf-8", "replace"))
                return found._replace(requires=requires, extras=extras)
        return found

    def _read_metadata(self, directory: str, file: str | None) -> Metadata | None:
        """From a file of a `.dist-info` or `.egg-info`, or from an `.egg-info` that is a file."""
        path = f"{directory}/{file}" if file else directory
        content = read_file(path)
        metadata = content if isinstance(content, Unreadable) else parse_metadata(content)
        if isinstance(metadata, Metadata):
            return metadata
        entry = os.path.basename(directory)
        if entry == "EGG-INFO":
            entry = os.path.basename(os.path.dirname(directory))
        name = normalised(entry.rpartition(".")[0].partition("-")[0])
        if metadata != MISSING:
            self._tell(name, path, metadata.why, self._removal(directory))
        # What pip or uv have just taken away is not there at all.
        elif file and os.path.isdir(directory):
            what = f"is half installed: it has no {quoted(file)}"
            self._tell(name, directory, what, self._removal(directory))
        return None

    def _read_optional(self, name: str, path: str) -> bytes | None:
        content = read_file(path)
        if not isinstance(content, Unreadable):
            return content
        if content != MISSING:
            self._tell(name, path, content.why)
        return None

    def _follow_egg_link(self, directory: str, entry: str, *, in_base: bool) -> None:
        """`setup.py develop`: line 1 leads to the `.egg-info`, line 2 from there to `setup.py`."""
        path = f"{directory}/{entry}"
        content = read_file(path)
        name = normalised(entry.removesuffix(".egg-link"))
        if isinstance(content, Unreadable):
            if content != MISSING:
                self._tell(name, path, content.why)
            return
        lines = os.fsdecode(content).splitlines()
        place, to_project, *_ = [*filter(None, map(str.strip, lines)), "", ""]
        target = _joined(directory, place)
        if not os.path.isdir(target):
            what = f"leads to {quoted(target)}, which is no directory"
            self._tell(name, path, what, self._removal(path))
            return
        project = _joined(target, to_project)
        self._add(target, in_base=in_base, project=project)

    def _tell_several(self, same: list[Distribution]) -> None:
        first, *others = same
        if first.in_base and {first.version} == {other.version for other in others}:
            return  # Debian has a few, and they are not the user's to mend
        listed = ", ".join(
            f"as {quoted(other.version)} in {quoted(os.path.basename(other.path))}"
            for other in others
        )
        self._tell(
            first.name,
            first.path,
            f"{quoted(first.name)} is installed more than once:"
            f" as {quoted(first.version)} here, {listed} beside it",
            self._removal(*(distribution.path for distribution in same)),
        )

    def _note(self, path: str, unreadable: Unreadable) -> None:
        if unreadable != MISSING:
            self.notes.append(Note(f"{quoted(path)} {unreadable.why}"))

    def _tell(self, name: str, path: str, what: str, fixes: tuple[str, ...] = ()) -> None:
        if name not in self.distributions:  # else an earlier directory's is the one that counts
            self.messages_by_name.setdefault(name, []).append(Finding(path, what, fixes=fixes))

    def _removal(self, *paths: str) -> tuple[str, ...]:
        """What clears the way for an installation; only for what is the venv's own."""
        if not real_path(paths[0]).startswith(f"{self._venv}/"):
            return ()
        return (command("rm", "-r", *map(path_word, paths)),)


def _joined(directory: str, path: str) -> str:
    path = os.path.join(directory, path)
    # The venv may be a member's link: `..` leads out of the real one.
    return real_path(path) if ".." in path else os.path.normpath(path)


def _read_python(configuration: dict[str, str], prefix: str, library: str) -> Python:
    short = parse_version(configuration) or _version_of(library)
    full = parse_python_version(
        configuration.get("version_info") or configuration.get("version", "")
    )
    implementation = configuration.get("implementation")
    if implementation is None:
        implementation = "PyPy" if library.startswith("pypy") else "CPython"
    # The base's C header knows best: uv's short form, pre-releases (`venv` leaves `rc1` out), a
    # base that was upgraded, PyPy's own version. It is not everywhere (Debian: only with `-dev`).
    header = read_file(f"{prefix}/include/{library}/patchlevel.h")
    found = _DEFINITION.findall(header) if isinstance(header, bytes) else []
    defined = {name.decode(): text.decode("ascii", "replace") for name, text in found}
    if defined.get("PY_VERSION", "").startswith(f"{short}."):
        full = defined["PY_VERSION"]
    own_version = None if implementation == "CPython" else defined.get("PYPY_VERSION", "0")
    return Python(short, full, implementation, own_version)


def _version_of(library: str) -> str:
    """`3.13` of `python3.13t`."""
    found = re.search(r"[0-9]{1,4}\.[0-9]{1,4}", library)
    return found[0] if found else "{}.{}".format(*sys.version_info)


def _user_directories(library: str) -> Iterator[str]:
    if not os.environ.get("PYTHONNOUSERSITE"):
        base = os.environ.get("PYTHONUSERBASE") or os.path.expanduser("~/.local")
        yield f"{base}/lib/{library}/site-packages"


def _base_directories(prefix: str, library: str) -> Iterator[str]:
    """Where the base interpreter's own packages may lie, in the order of `site`."""
    debians = f"{prefix}/lib/python3/dist-packages"
    has_debians = library.startswith("python3") and os.path.isdir(debians)
    if prefix == "/usr" and not has_debians:  # Fedora's `pip install` puts them there
        yield f"/usr/local/lib64/{library}/site-packages"
        yield f"/usr/local/lib/{library}/site-packages"
    yield f"{prefix}/lib64/{library}/site-packages"
    yield f"{prefix}/lib/{library}/site-packages"
    if has_debians:
        yield f"{prefix}/local/lib/{library}/dist-packages"
        yield debians
        yield f"{prefix}/lib/{library}/dist-packages"
