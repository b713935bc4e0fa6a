"""What is installed in a venv, as its own Python would see it; nothing from the venv is run."""

from __future__ import annotations

import os
import re
import sys

from hooks.fast.names import normalised
from hooks.fast.records import NamedTuple
from hooks.files import MISSING, PASSING, Unreadable, read_file, read_link, read_start, real_path
from hooks.harmless import quoted
from hooks.report import Note
from hooks.venvs.base import base_directories, user_directories
from hooks.venvs.distribution import Broken, Distribution
from hooks.venvs.layout import read_configuration, site_packages
from hooks.venvs.metadata import Metadata, parse_metadata, parse_pth
from hooks.venvs.python import marker_environment, parse_version, read_python, version_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


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


__all__ = ["Broken", "Distribution", "Installed", "read_installed"]


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
        # virtualenv on Fedora makes two: with compiled modules, and without. They count as one.
        beside = f"{venv}/lib64/{library}/site-packages"
        is_other = os.path.isdir(beside) and real_path(beside) != real_path(directory)
        both = [beside] if is_other else []
        search.add_site_directories([*both, directory], in_base=False)
    # `site` takes a missing key for true, and every word but "true" for false.
    if home and configuration.get("include-system-site-packages", "true").lower() == "true":
        for directory in [*user_directories(library), *base_directories(prefix, library)]:
            if os.path.isdir(directory):
                search.add_site_directories([directory], in_base=True)
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

    def add_site_directories(self, directories: list[str], *, in_base: bool) -> None:
        """The directories, then those that their `.pth` files name, as in `site.addsitedir`.

        A distribution that is in two of these is there twice.
        """
        for directory, entries in self._add(directories, in_base=in_base).items():
            for entry in entries:
                # Hidden ones are skipped since Python 3.13, 3.12.2, 3.11.8…
                if entry.endswith(".pth") and not entry.startswith("."):
                    self._follow_pth(directory, entry, in_base=in_base)

    def _follow_pth(self, directory: str, entry: str, *, in_base: bool) -> None:
        pth = f"{directory}/{entry}"
        content = read_file(pth, at_most=1 << 20)  # PyTorch's `.pth` are something else
        if isinstance(content, Unreadable):
            self._note(pth, content)
            return
        for line in parse_pth(content):
            path = _joined(directory, line)
            if os.path.isfile(path):
                self._add_zip(path, in_base=in_base)
            elif os.path.exists(path):
                self._add([path], in_base=in_base)

    def _add(
        self, directories: list[str], *, in_base: bool, project: str | None = None
    ) -> dict[str, list[str]]:
        """Read the distributions of directories that were not read before; what lies in them."""
        inside = {each: entries for each in directories if (entries := self._list(each))}
        here: dict[str, list[Distribution]] = {}
        for directory, entries in inside.items():
            for found in self._distributions(directory, entries):
                if project or in_base:
                    found = found._replace(editable_project=project, in_base=in_base)
                here.setdefault(found.name, []).append(found)
        for name, same in here.items():
            if len(same) > 1:
                self._tell_several(same)
            self.distributions.setdefault(name, same[0])
        for directory, entries in inside.items():
            for entry in entries:
                if entry.endswith(".egg-link"):
                    self._follow_egg_link(directory, entry, in_base=in_base)
        return inside

    def _list(self, directory: str) -> list[str]:
        real = real_path(directory)
        if real in self._seen:  # `lib64` is a link to `lib`; a `.pth` names a directory again
            return []
        self._seen.add(real)
        try:
            return sorted(os.listdir(directory))
        except OSError as error:
            why = Unreadable(f"cannot be read ({error.strerror})")
            self._note(directory, MISSING if isinstance(error, FileNotFoundError) else why)
            return []

    def _add_zip(self, path: str, *, in_base: bool) -> None:
        """A zipped egg, or any zip file: Python imports from it."""
        start = read_start(path, 4)
        if real_path(path) in self._seen or start != b"PK\3\4":
            return
        self._seen.add(real_path(path))
        from hooks.venvs.older import read_zipped

        for place, metadata in read_zipped(path):
            if isinstance(metadata, Metadata):
                name = normalised(metadata.name)
                found = Distribution(name, metadata.version, place, *metadata[2:], in_base=in_base)
                self.distributions.setdefault(name, found)
            else:
                self._tell(_name_in(place), place, metadata.why)

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
        file = f"{path}/METADATA"
        content = read_file(file)
        metadata = content if isinstance(content, Unreadable) else parse_metadata(content)
        if isinstance(metadata, Unreadable):
            self._tell_metadata(path, file, metadata)
            return None
        name = normalised(metadata.name)
        direct_url = self._read_optional(name, f"{path}/direct_url.json")
        return Distribution(name, metadata.version, path, *metadata[2:], direct_url)

    def _read_egg_info(self, path: str) -> Distribution | None:
        from hooks.venvs.older import read_egg_info

        metadata = read_egg_info(path)
        if isinstance(metadata, Metadata):
            name = normalised(metadata.name)
            if os.path.isdir(path):
                self._read_optional(name, f"{path}/requires.txt")
            return Distribution(name, metadata.version, path, *metadata[2:])
        # distutils made a file; Debian has some
        self._tell_metadata(path, f"{path}/PKG-INFO" if os.path.isdir(path) else path, metadata)
        return None

    def _tell_metadata(self, path: str, file: str, metadata: Unreadable) -> None:
        """Why a `.dist-info` or `.egg-info` cannot be read: its `file` is missing, or bad."""
        name = _name_in(path)
        if metadata != MISSING:
            is_passing = metadata.errno in PASSING
            in_the_way = () if is_passing else self._own(path)
            self._tell(name, file, metadata.why, in_the_way, is_stuck=is_passing)
        elif file != path and os.path.islink(file):
            what = f"is a link to {quoted(read_link(file) or '')}, which is gone"
            self._tell(name, file, what, is_stuck=True)
        # What pip or uv have just taken away is not there at all.
        elif file != path and os.path.isdir(path):
            what = f"is half installed: it has no {quoted(os.path.basename(file))}"
            self._tell(name, path, what, self._own(path))

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
            self._tell(name, path, what, self._own(path), "editable-gone")
            return
        project = _joined(target, to_project)
        self._add([target], in_base=in_base, project=project)

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
        *,
        is_stuck: bool = False,
    ) -> None:
        if name not in self.distributions:  # else an earlier directory's is the one that counts
            self.broken.setdefault(name, []).append(Broken(path, what, rule, in_the_way, is_stuck))

    def _own(self, *paths: str) -> tuple[str, ...]:
        """Those paths, if they are the venv's own."""
        return paths if real_path(paths[0]).startswith(f"{self._venv}/") else ()


def _name_in(path: str) -> str:
    """The name that a folder of metadata has in its own name."""
    entry = os.path.basename(path)
    if entry == "EGG-INFO":
        entry = os.path.basename(os.path.dirname(path))
    return normalised(entry.rpartition(".")[0].partition("-")[0])


def _joined(directory: str, path: str) -> str:
    path = os.path.join(directory, path)
    # The venv may be a member's link: `..` leads out of the real one.
    return real_path(path) if ".." in path else os.path.normpath(path)
