"""What installs into a venv, and all that it can be told to: the one place of such commands.

Nothing here takes a distribution away. The venv's Python is called by the venv's own real path:
by another one pip and uv would write that into the scripts that all share. A requirement is named
by words only where nothing in its file says where it comes from.
"""

from __future__ import annotations

import os
import re
import sys

from hooks.fast.records import NamedTuple
from hooks.files import list_directory, real_directory, real_path, user_name
from hooks.harmless import CREDENTIALS_IN_VALUE, quoted, without_query_values
from hooks.requirements.required import compact
from hooks.shell import command, path_word
from hooks.venvs.layout import site_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.requirements.required import Required
    from hooks.requirements.sources import Source

PIP, UV, ENSUREPIP = "pip", "uv", "ensurepip"


class Argument(NamedTuple):
    """A file, or a requirement; made by the functions below alone."""

    words: tuple[str, ...]


class Installer(NamedTuple):
    """The venv's own pip; where it has none, uv; where that is not there, the pip to be added."""

    venv: str
    """By its real path."""
    kind: str
    has_uv: bool
    """For what only uv reads."""

    @property
    def first(self) -> str | None:
        """What has to be done before the first installation."""
        if self.kind != ENSUREPIP:
            return None
        return command(f"{self.venv}/bin/python", "-m", "ensurepip")

    def install(self, arguments: list[Argument], *, by_uv: bool = False) -> str:
        return self._install([], arguments, by_uv=by_uv)

    def replace(self, arguments: list[Argument]) -> str:
        """Put it there anew, though its version is right; it stays as it was if that fails."""
        option = "--reinstall" if self.kind == UV else "--force-reinstall"
        return self._install([option, "--no-deps"], arguments)

    def _install(
        self, options: list[str], arguments: list[Argument], *, by_uv: bool = False
    ) -> str:
        words = [*options, *(word for each in arguments for word in each.words)]
        if by_uv or self.kind == UV:
            return command("uv", "pip", "install", "--python", self.venv, *words)
        return command(f"{self.venv}/bin/python", "-m", "pip", "install", *words)


def find_installer(venv: str) -> Installer | str:
    """What the user has to install into this venv, or why they cannot."""
    real = real_path(venv)
    libraries = site_packages(real, None)
    for folder in [*libraries, f"{real}/bin"]:
        if not os.access(folder, os.W_OK):
            return _refusal(folder)
    has_uv = is_on_users_path("uv")
    entries = [name for library in libraries for name in list_directory(library)]
    if any(name.partition("-")[0] == "pip" for name in entries):
        return Installer(real, PIP, has_uv)
    return Installer(real, UV if has_uv else ENSUREPIP, has_uv)


def _refusal(folder: str) -> str:
    try:
        owner = os.stat(folder).st_uid
    except OSError:
        return "it is gone since it was looked at"
    if owner == os.geteuid():
        return "nothing can be written to it: it is read-only here"
    return f"only {quoted(user_name(owner))} may install into it"


def is_on_users_path(name: str) -> bool:
    """Runners put the hook's own environment on PATH, which the user's shell does not have."""
    own = real_path(os.path.join(sys.prefix, "bin"))
    folders = os.environ.get("PATH", "").split(os.pathsep)
    return any(
        os.access(os.path.join(folder, name), os.X_OK)
        for folder in folders
        if folder and real_path(folder) != own
    )


def of_file(source: Source, folder: str) -> Argument:
    path = seen_from(folder, source.path)
    # https://docs.astral.sh/uv/reference/cli/#uv-pip-install: a group is `pyproject.toml`'s of the
    # working directory, or a lock's, unless its file is named.
    is_named = path.endswith("pyproject.toml") and path != "pyproject.toml"
    groups = [f"{path}:{group}" if is_named else group for group in source.groups]
    words = [word for extra in source.extras for word in ("--extra", extra)]
    return Argument(("-r", path, *words, *(word for each in groups for word in ("--group", each))))


def under(source: Source, folder: str) -> Argument:
    """What the file asks for, as a constraint: nothing is lifted over it."""
    return Argument(("-c", seen_from(folder, source.path)))


def of_line(required: Required, source: Source, folder: str) -> Argument | None:
    """The requirement by words; None where words do not say all that its file says of it."""
    origin, read = required.origin, source.read
    if "${" in required.text or required.constraint:
        return None
    if origin is None:
        is_torn = read.names_sources or read.has_hashes
        return None if is_torn else Argument((compact(required),))
    url = required.url or ""
    if is_masked(url) or read.has_hashes:
        return None
    word = url
    if origin.directory is not None and "#" not in url:
        if not os.path.exists(origin.location):
            return None
        path = seen_from(folder, origin.location)
        path = path if path.startswith((".", "/")) else f"./{path}"
        word = f"{path}[{','.join(sorted(required.extras))}]" if required.extras else path
    elif not required.editable and not required.text.startswith(("file:", ".", "/", "-")):
        word = required.text.partition(" ;")[0].strip()
    return Argument(("-e", word) if required.editable or origin.is_editable else (word,))


def is_masked(url: str) -> bool:
    """It is not shown as it is, and what is shown installs nothing."""
    return without_query_values(url) != url or bool(re.search(CREDENTIALS_IN_VALUE, url))


def of_project(folder: str) -> Argument:
    return Argument(("-e", path_word(folder)))


def seen_from(folder: str, path: str) -> str:
    if folder == ".":
        return path_word(os.path.relpath(path))
    return path_word(os.path.relpath(real_directory(path), real_path(folder)))
