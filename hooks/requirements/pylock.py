"""`pylock.toml`, the lock files of PEP 751."""

from __future__ import annotations

import os
import re

from hooks.fast.names import normalised
from hooks.fast.specifiers import Specifiers
from hooks.harmless import quoted
from hooks.problems import Problem
from hooks.requirements.required import Lock, LockedPython, Read, Required, RequiresPython
from hooks.requirements.requirement import RefusedError, Taken, check_marker, url_of_path
from hooks.requirements.toml_file import known, read_toml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from packaging.markers import Marker
    from packaging.pylock import Package, Pylock
    from packaging.version import Version

    from hooks.report import Note
    from hooks.requirements.toml_file import Toml


def read_pylock(path: str, *, extras: Collection[str] = (), groups: Collection[str] = ()) -> Read:
    """Read a lock file: its packages for these extras and groups, and its default groups.

    Which of them apply to an environment is for their markers to say.
    """
    toml = read_toml(path)
    if isinstance(toml, Problem):
        return Read([], [toml], {})
    import logging

    from packaging.pylock import Pylock, PylockValidationError

    # Of a newer minor version packaging warns on stderr, where no handler is set.
    logging.getLogger("packaging").addHandler(logging.NullHandler())
    try:
        lock = Pylock.from_dict(toml.document)
    except PylockValidationError as error:
        where = f": see {quoted(error.context)}" if error.context else ""
        return Read([], [Problem(path, f"is no valid lock file{where}", rule="bad-lock")], {})
    messages: list[Problem | Note] = [*_unknown(path, lock, extras, groups)]
    chosen = {
        "extras": set(map(normalised, extras)),
        "dependency_groups": set(map(normalised, [*groups, *(lock.default_groups or ())])),
    }
    required, pythons = _packages(lock, toml, chosen, messages)
    line = _line_of(toml, "environments")
    environments = [
        marker
        for marker in lock.environments or ()
        if _is_decidable(marker, "`environments`", path, line, messages)
    ]
    made_for = Lock(path, line, tuple(environments), tuple(pythons))
    return Read(required, messages, {}, _requires_python(lock, toml), lock=made_for)


def _unknown(
    path: str, lock: Pylock, extras: Collection[str], groups: Collection[str]
) -> Iterator[Problem]:
    """What is asked for by name, and is not in the lock."""
    for kind, asked, names in [
        ("extra", extras, lock.extras or ()),
        ("dependency group", groups, lock.dependency_groups or ()),
    ]:
        known_names = set(map(normalised, names))
        for name in asked:
            if normalised(name) not in known_names:
                what = f"there is no {kind} {quoted(name)}{known(names)}"
                yield Problem(path, what, rule="bad-lock")


def _packages(
    lock: Pylock, toml: Toml, chosen: Mapping[str, set[str]], messages: list[Problem | Note]
) -> tuple[list[Required], list[LockedPython]]:
    """What is locked, and the Pythons that it is locked for; what is wrong joins the messages."""
    required: list[Required] = []
    pythons: list[LockedPython] = []
    for package, line in zip(lock.packages, _lines(toml, len(lock.packages)), strict=True):
        marker = _with_choices(package.marker, chosen)
        if _is_decidable(marker, quoted(package.name), toml.path, line, messages):
            required.append(_locked(package, toml.path, line, marker))
            if package.requires_python is not None:
                specifier = Specifiers(str(package.requires_python))
                pythons.append(LockedPython(normalised(package.name), line, marker, specifier))
    return required, pythons


def _is_decidable(
    marker: Marker | None, what: str, path: str, line: int | None, messages: list[Problem | Note]
) -> bool:
    try:
        check_marker(marker)
    except RefusedError as refusal:
        messages.append(Problem(path, f"{what} {refusal}", line, rule="bad-lock"))
        return False
    return True


def _lines(toml: Toml, count: int) -> list[int | None]:
    """Of the packages: a header each, in their order; where they are written otherwise, none."""
    headers: list[int | None] = [
        toml.line(header.start())
        for header in re.finditer(r"^[ \t]*\[\[ *packages *\]\]", toml.text, re.MULTILINE)
    ]
    return headers if len(headers) == count else [None] * count


def _line_of(toml: Toml, key: str) -> int | None:
    written = re.search(rf"^{key}\b", toml.text, re.MULTILINE)
    return toml.line(written.start() if written else -1)


def _requires_python(lock: Pylock, toml: Toml) -> RequiresPython | None:
    if lock.requires_python is None:
        return None
    text = str(lock.requires_python)
    return RequiresPython(toml.path, _line_of(toml, "requires-python"), text, Specifiers(text))


def _locked(package: Package, path: str, line: int | None, marker: Marker | None) -> Required:

    def url_of(place: str | None, url: str | None, *more: str) -> str:
        """The path, from the lock file's folder, goes before the URL (PEP 751)."""
        if place is None:
            return url or ""
        return url_of_path(os.path.join(os.path.dirname(path), place, *more))

    specifier = Specifiers()
    url = subdirectory = None
    editable = False
    if (vcs := package.vcs) is not None:
        url = f"{vcs.type}+{url_of(vcs.path, vcs.url)}@{vcs.commit_id}"
        subdirectory = vcs.subdirectory
    elif (folder := package.directory) is not None:
        url = url_of(folder.path, None, folder.subdirectory or "")
        editable = bool(folder.editable)
    elif (archive := package.archive) is not None:
        url = url_of(archive.path, archive.url)
        subdirectory = archive.subdirectory
    else:
        specifier = Specifiers(f"=={_locked_version(package)}")
    if subdirectory:
        url = f"{url}#subdirectory={subdirectory}"
    text = f"{package.name}{specifier}" if url is None else f"{package.name} @ {url}"
    taken = Taken(package.name, specifier, frozenset(), marker, url)
    origin = taken.origin(text, os.path.dirname(path), is_editable=editable)
    return Required(path, line, text, *taken[:-1], origin, editable=editable, constraint=False)


def _locked_version(package: Package) -> Version:
    from packaging.utils import parse_sdist_filename, parse_wheel_filename

    if package.version is not None:
        return package.version
    if package.sdist is not None:
        return parse_sdist_filename(package.sdist.filename)[1]
    return parse_wheel_filename((package.wheels or [])[0].filename)[1]


def _with_choices(marker: Marker | None, chosen: Mapping[str, set[str]]) -> Marker | None:
    """The marker with `"dev" in dependency_groups` and `"x" in extras` decided.

    What is left asks for the environment alone, as in every other file.
    """
    from packaging.markers import Marker

    def decided(found: re.Match[str]) -> str:
        literal, negation, variable = found.groups()
        if variable is None:
            return found[0]
        is_true = (normalised(literal[1:-1]) in chosen[variable]) is not bool(negation)
        return 'python_version >= "0"' if is_true else 'python_version < "0"'

    if marker is None:
        return None
    membership = r"""("[^"]*"|'[^']*')(?: (not )?in (extras|dependency_groups)\b)?"""
    text = re.sub(membership, decided, str(marker))
    return marker if text == str(marker) else Marker(text)
