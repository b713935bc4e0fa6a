"""One requirement, as the newest pip takes it: by name, by URL, or by a path (PEP 508 and more)."""

from __future__ import annotations

import functools
import os
import re

from hooks.fast.markers import plain_marker
from hooks.fast.names import normalised
from hooks.fast.records import NamedTuple
from hooks.fast.requirements import plain_requirement
from hooks.fast.specifiers import Specifiers
from hooks.files import encoded
from hooks.project.project import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packaging.markers import Marker
    from packaging.requirements import Requirement

    from hooks.requirements.origin import Origin


_VCS = {
    "git": {"file", "git", "http", "https", "ssh"},
    "hg": {"file", "http", "https", "ssh", "static-http"},
    "svn": {"file", "http", "https", "ssh", "svn"},
    "bzr": {"file", "ftp", "http", "https", "lp", "sftp", "ssh"},
}


_VCS_SCHEMES = {f"{vcs}+{scheme}" for vcs, schemes in _VCS.items() for scheme in schemes}


_URL_SCHEMES = {"file", "ftp", "http", "https", *_VCS_SCHEMES}


_ARCHIVES = {
    *(".tar", ".tar.bz2", ".tar.gz", ".tar.lz", ".tar.lzma", ".tar.xz", ".tbz", ".tgz", ".tlz"),
    *(".txz", ".whl", ".zip"),
}


class RefusedError(ValueError):
    """Why pip does not take a value: the rest of a sentence that begins with the value."""


class Taken(NamedTuple):
    name: str | None
    specifier: Specifiers
    extras: frozenset[str]
    marker: Marker | str | None
    url: str | None

    def origin(self, shown: str, directory: str, *, is_editable: bool | None) -> Origin | None:
        """Where it has to come from; paths count from `directory`."""
        if self.url is None:
            return None
        from hooks.requirements.places import origin_at

        return origin_at(self.url, directory, shown, is_editable=is_editable)


def check_constraint(taken: Taken, *, editable: bool) -> None:
    if editable:
        raise RefusedError("is editable, which a constraint cannot be")
    if taken.name is None:
        raise RefusedError("has no name, which a constraint needs")
    if taken.extras:
        raise RefusedError("has extras, which a constraint cannot have")


def take_line(value: str, directory: str) -> Taken:
    return take_plain(value) or _take_any(value, directory)


@functools.cache  # siblings ask for much the same
def take_plain(value: str) -> Taken | None:
    """`name[extra]>=1.0; marker`, as nearly all are; None for what packaging has to parse."""
    value, _, condition = value.partition(";")
    plain = plain_requirement(value)
    if plain is None or _is_archive(value.partition("[")[0].strip()):
        return None
    marker = marker_of(condition.strip())
    return Taken(plain.name, plain.specifier, plain.extras, marker, None)


def _take_any(value: str, directory: str) -> Taken:
    from packaging.requirements import Requirement

    is_url = _is_url(value)
    value, _, condition = value.partition("; " if is_url else ";")
    marker = marker_of(condition.strip())
    value = value.strip()
    url = value if is_url else None
    extras: frozenset[str] = frozenset()
    if not is_url and (looks_like_path(value) or value.endswith("]") or _is_archive(value)):
        path, extras = _split_extras(value)
        url = _url_of_installable(os.path.normpath(place_of(path, directory)), value)
    if url is None:
        requirement = Requirement(value)
        taken = take(requirement, directory)
        return taken._replace(extras=extras or taken.extras, marker=marker)
    from urllib.parse import unquote, urlsplit

    path = urlsplit(url).path
    name = _egg(url)
    _check_host(url)
    file_name = os.path.basename(unquote(path).rstrip("/"))
    specifier = Specifiers()
    if os.path.splitext(file_name)[1] == ".whl":
        from packaging.utils import parse_wheel_filename

        try:
            name, version, _, _ = parse_wheel_filename(file_name)
            specifier = Specifiers(f"=={version}")
        except ValueError:
            raise RefusedError("has no valid name of a wheel") from None
    return Taken(name and normalised(name), specifier, extras, marker, url)


def take_editable(value: str, directory: str) -> Taken:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        requirement = Requirement(value)
    except (InvalidRequirement, RecursionError):  # of many brackets, until packaging 26.3
        requirement = None
    if requirement is not None and requirement.url is not None:
        _check_editable(requirement.url)
        return take(requirement, directory)._replace(specifier=Specifiers())
    url, extras = _split_extras(value)
    if url and os.path.isdir(place := place_of(url, directory)):
        url = url_of_path(place)
    if not url.lower().startswith("file:"):
        url, extras = value, frozenset()
        if url.lower().startswith(tuple(f"{vcs}:" for vcs in _VCS)):
            url = f"{url.partition(':')[0].lower()}+{url}"
    name = _egg(url)
    _check_host(url)
    _check_editable(url)
    if name is None and not url.startswith("file:"):
        raise RefusedError("does not tell its name: `-e NAME @ URL` or `…#egg=NAME` does")
    return Taken(name and normalised(name), Specifiers(), extras, None, url)


def _check_editable(url: str) -> None:
    from urllib.parse import urlsplit

    if urlsplit(url).scheme not in _VCS_SCHEMES and not url.startswith("file:"):
        raise RefusedError(
            "is neither a directory nor the URL of a repository, like `git+https://…`"
        )


def take(requirement: Requirement, directory: str) -> Taken:
    url = requirement.url
    check_marker(requirement.marker)
    if url is not None:
        _egg(url)
        _check_host(url)
        # pip's parser takes `name @ ./dir`, uv installs it: from the folder of the project.
        path, hash_sign, fragment = url.partition("#")
        if ":" not in path or path.startswith((".", "/")):
            url = url_of_path(place_of(path, directory)) + hash_sign + fragment
    return Taken(
        normalised(requirement.name),
        Specifiers(str(requirement.specifier)),
        frozenset(map(normalised, requirement.extras)),
        requirement.marker,
        url,
    )


def _is_url(value: str) -> bool:
    if ":" not in value:
        return False
    from urllib.parse import urlsplit

    return urlsplit(value).scheme in _URL_SCHEMES


def both(one: Marker | str | None, other: Marker | str | None) -> Marker | str | None:
    """A marker that holds where these two do."""
    if one is None or other is None:
        return one or other
    texts = [f"({each})" if " or " in str(each) else str(each) for each in (one, other)]
    return marker_of(" and ".join(texts))


_INVERSE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def unless(marker: str) -> Marker | str | None:
    """The opposite of a marker that is one comparison; None for all else."""
    found = re.fullmatch(r"""\s*(\w+)\s*(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*')\s*""", marker)
    return marker_of(f"{found[1]} {_INVERSE[found[2]]} {found[3]}") if found else None


@functools.cache  # exported locks repeat a few of them on every line
def marker_of(text: str) -> Marker | str | None:
    if not text:
        return None
    if (plain := plain_marker(text)) is not None:
        return plain
    from packaging.markers import InvalidMarker, Marker

    try:
        marker = Marker(text)
    except (InvalidMarker, RecursionError):  # of many brackets, until packaging 26.3
        raise RefusedError("has no valid marker") from None
    check_marker(marker)
    return marker


def check_marker(marker: Marker | str | None) -> None:
    """No environment has an `extras`, say, which lock files alone may ask for."""
    try:
        if marker is not None and not isinstance(marker, str):
            marker.evaluate()
    except (KeyError, ValueError):  # UndefinedEnvironmentName, UndefinedComparison
        raise RefusedError("has a marker that nothing can decide here") from None


def _split_extras(path: str) -> tuple[str, frozenset[str]]:
    from packaging.requirements import Requirement

    # pip's pattern lacks the first bracket in `[^…]`, and takes quadratic time for many of them.
    parts = re.match(r"(.+)(\[[^\[\]]+\])$", path)
    if parts is None:
        return path, frozenset()
    extras = Requirement(f"placeholder{parts[2].lower()}").extras
    return parts[1].rstrip(), frozenset(map(normalised, extras))


def looks_like_path(value: str) -> bool:
    return "/" in value or value.startswith(".")


def _url_of_installable(path: str, value: str) -> str | None:
    if looks_like_path(value) and os.path.isdir(path):
        if any(os.path.isfile(os.path.join(path, name)) for name in ("pyproject.toml", "setup.py")):
            return url_of_path(path)
        raise RefusedError("is a directory with neither `pyproject.toml` nor `setup.py`")
    if not _is_archive(path):
        return None
    before, at_sign, _ = value.partition("@")
    if at_sign and not looks_like_path(before) and not os.path.isfile(path):
        return None  # `name @ https://…/name.zip`
    return url_of_path(path)


def _is_archive(path: str) -> bool:
    stem, extension = os.path.splitext(path)
    if stem.lower().endswith(".tar"):
        extension = stem[-4:] + extension
    return extension.lower() in _ARCHIVES


def url_of_path(path: str) -> str:
    from urllib.parse import quote

    return "file://" + quote(encoded(os.path.normpath(os.path.abspath(path))))


def _check_host(url: str) -> None:
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc not in {"", "localhost"}:
        raise RefusedError("is a `file:` on another machine")


def _egg(url: str) -> str | None:
    """The name in `#egg=…`."""
    fragment = re.search(r"[#&]egg=([^&]*)", url)
    if fragment is None:
        return None
    if not re.match(r"([A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9])$", fragment[1], re.IGNORECASE):
        raise RefusedError("has an `#egg=` that is no name")
    return fragment[1]


def hint(value: str) -> str:
    if re.fullmatch(r"[\w.\[\]-]+\s*=\s*[\w.*+!]+", value):
        return ": `=` is not an operator, `==` is"
    if looks_like_path(value) and "@" not in value and "://" not in value:
        return ": there is no such directory or archive"
    return ""
