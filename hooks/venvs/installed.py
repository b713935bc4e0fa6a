"""What is installed in a venv, as its own Python would see it; nothing from the venv is run."""

from __future__ import annotations

import os
import re
import sys

from hooks.fast.names import normalised
from hooks.fast.records import NamedTuple
from hooks.files import MISSING, Unreadable, read_file, real_path
from hooks.harmless import quoted
from hooks.report import Note
from hooks.venvs.layout import read_configuration, site_packages
from hooks.venvs.metadata import (
    Metadata,
    parse_direct_url,
    parse_metadata,
    parse_pth,
    parse_requires_txt,
)
from hooks.venvs.python import marker_environment, parse_version, read_python, version_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from packaging.direct_url import DirectUrl


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


class Broken(NamedTuple):
    """What is wrong with a distribution's metadata: worth telling if the project needs it."""

    path: str
    what: str
    rule: str
    """`broken-metadata` or `duplicate-distribution`."""
    in_the_way: tuple[str, ...] = ()
    """Files and folders of the venv's that keep an installer from mending it."""


class Installed(NamedTuple):
    """What the venv's Python sees, and what it is."""

    distributions: dict[str, Distribution]
    """By name; the first on `sys.path` wins."""
    broken: dict[str, list[Broken]]
    """What is wrong with a distribution's metadata: worth telling if the project needs it.

    A name can be in here alone: half installed, it has no version.
    """
    notes: list[Note]
    markers: dict[str, str]
    """The marker environment (PEP 508) of the venv's Python, for `Marker.evaluate`."""
    python_is_short: bool
    """No file tells the patch release: `python_full_version` is taken to be `X.Y.0`."""


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
        told = quoted(version_of(library))
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
    python = read_python(configuration, library)
    return Installed(
        search.distributions,
        search.broken,
        notes,
        marker_environment(python),
        python.full is None,
    )


class _Search:
    """Goes through the directories of the venv's `sys.path` in their order."""

    def __init__(self, venv: str, notes: list[Note]) -> None:
        self._venv = real_path(venv)
        self.notes = notes
        self.distributions: dict[str, Distribution] = {}
        self.broken: dict[str, list[Broken]] = {}
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
            self._tell(name, path, metadata.why, self._own(directory))
        # What pip or uv have just taken away is not there at all.
        elif file and os.path.isdir(directory):
            what = f"is half installed: it has no {quoted(file)}"
            self._tell(name, directory, what, self._own(directory))
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
            self._tell(name, path, what, self._own(path))
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
            self._own(*(distribution.path for distribution in same)),
            "duplicate-distribution",
        )

    def _note(self, path: str, unreadable: Unreadable) -> None:
        if unreadable != MISSING:
            self.notes.append(Note(f"{quoted(path)} {unreadable.why}"))

    def _tell(
        self,
        name: str,
        path: str,
        what: str,
        in_the_way: tuple[str, ...] = (),
        rule: str = "broken-metadata",
    ) -> None:
        if name not in self.distributions:  # else an earlier directory's is the one that counts
            self.broken.setdefault(name, []).append(Broken(path, what, rule, in_the_way))

    def _own(self, *paths: str) -> tuple[str, ...]:
        """Those paths, if they are the venv's own."""
        return paths if real_path(paths[0]).startswith(f"{self._venv}/") else ()


def _joined(directory: str, path: str) -> str:
    path = os.path.join(directory, path)
    # The venv may be a member's link: `..` leads out of the real one.
    return real_path(path) if ".." in path else os.path.normpath(path)


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
