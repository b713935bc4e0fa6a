"""Where a distribution comes from, other than an index: a URL, a repository, a path. No I/O.

PEP 610 (`direct_url.json`) tells it of what is installed, a requirement's URL of what is wanted.
Both are brought into one form that can be compared."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote, urlsplit

from hooks.fast.records import NamedTuple
from hooks.harmless import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packaging.direct_url import DirectUrl


_HASHES = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512"})


_COMMIT = re.compile(r"[0-9a-f]{7,64}", re.ASCII | re.IGNORECASE)


_FULL_COMMIT = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})", re.ASCII | re.IGNORECASE)


# `git@host:path` is ssh, as git and pip read it; `c:/path` and `host:22/path` are not meant.
_SCP_STYLE = re.compile(r"(?:[^/@:]+@)?([^/@:]{2,}):(?!/|\d+/)(.+)")


_DEFAULT_PORTS = {"http": ":80", "https": ":443", "ssh": ":22", "git": ":9418"}


class Origin(NamedTuple):
    """A place to install from."""

    shown: str
    """As somebody wrote it, for messages: `${VAR}` is not replaced in it."""
    location: str
    """`https://host/path`, or the absolute path of a local file or directory."""
    vcs: str = ""
    """`git`, `hg`, `svn`, `bzr`, or empty."""
    revision: str | None = None
    """The branch, tag or commit asked for; None for the repository's default branch."""
    commit: str | None = None
    """The one that was installed."""
    subdirectory: str = ""
    is_editable: bool | None = False
    """None: `[tool.uv.sources]` does not say, and both are right."""
    hashes: tuple[tuple[str, str], ...] = ()
    url: str = ""
    """Of a requirement: what an installer takes, secrets included."""
    as_pip_writes: str = ""
    """Of `file:lib`: pip installs it from the project, but writes `file:///lib` (PEP 610)."""
    is_gone: bool = False
    """An editable one, whose folder is not there any more."""
    clone: Origin | None = None
    """What the repository that it lies in was cloned from, and the commit that is checked out."""

    @property
    def directory(self) -> str | None:
        """The local place that it is, if it is one."""
        is_local = self.location.startswith("/") and not self.vcs
        return posixpath.join(self.location, self.subdirectory) if is_local else None

    @property
    def meant(self) -> Origin:
        """The same for `-e .` and `-e ../project/`: without how it is written."""
        return self._replace(shown="", url="", as_pip_writes="")


UNKNOWN = Origin(shown="", location="")
"""Of a `direct_url.json` that cannot be read."""


class Difference(NamedTuple):
    """In what way the installed is not the required."""

    what: str
    is_certain: bool = True
    """False for what only the network could tell."""


def parse_origin(url: str, *, is_editable: bool | None, shown: str | None = None) -> Origin:
    """Where a requirement's URL points to: `git+https://host/p@rev#subdirectory=d` and the like.

    `shown` is how it is written.
    """
    shown = url if shown is None else shown
    address, _, fragment = url.partition("#")
    keys = dict(part.partition("=")[::2] for part in fragment.split("&"))
    subdirectory = _plain(unquote(keys.get("subdirectory", "")))
    vcs, plus, rest = address.partition("+")
    if not plus or "/" in vcs or ":" in vcs:
        hashes = tuple((name, keys[name].lower()) for name in sorted(keys) if name in _HASHES)
        location = _location(address, is_repository=False)
        return Origin(
            shown,
            location,
            subdirectory=subdirectory,
            is_editable=is_editable,
            hashes=hashes,
            url=url,
        )
    revision = None
    # The last `@` of the path: one in the host part stands before credentials, and `git@host:path`
    # has one there, too.
    head, at, tail = rest.rpartition("@")
    path_starts = rest.find("/", rest.find("://") + 3) if "://" in rest else rest.find(":")
    if at and len(head) > path_starts >= 0:
        rest, revision = head, unquote(tail)
    location = _location(rest, is_repository=True)
    return Origin(
        shown,
        location,
        vcs.lower(),
        revision or None,
        subdirectory=subdirectory,
        is_editable=is_editable,
        url=url,
    )


def installed_origin(direct_url: DirectUrl) -> Origin:
    """Where `direct_url.json` says that a distribution was installed from."""
    subdirectory = _plain(direct_url.subdirectory or "")
    if (info := direct_url.vcs_info) is not None:
        location = _location(direct_url.url, is_repository=True)
        revision = f"@{info.requested_revision}" if info.requested_revision else ""
        is_local = location.startswith("/")
        place = f"file://{location}" if is_local else direct_url.url
        shown = f"{info.vcs}+{place}{revision}"
        return Origin(
            shown, location, info.vcs, info.requested_revision, info.commit_id, subdirectory
        )
    location = _location(direct_url.url, is_repository=False)
    hashes: tuple[tuple[str, str], ...] = ()
    if direct_url.archive_info is not None:
        hashes = tuple(sorted((direct_url.archive_info.hashes or {}).items()))
    editable = direct_url.dir_info is not None and bool(direct_url.dir_info.editable)
    shown = location if location.startswith("/") else direct_url.url
    return Origin(shown, location, "", None, None, subdirectory, editable, hashes)


def editable_origin(directory: str) -> Origin:
    """That of `setup.py develop`, which leaves an `.egg-link` and no `direct_url.json`."""
    return Origin(directory, posixpath.normpath(directory), is_editable=True)


def difference(required: Origin, found: Origin | None, sources: str | None) -> Difference | None:
    """How what is installed differs from what is required; None if it does not.

    `sources` is the venv's `src`, where pip clones what is required as `-e git+…`.
    """
    if found is None:
        return Difference("it was installed by its name alone, from an index")
    if found == UNKNOWN:
        return Difference("its `direct_url.json` does not tell where it was installed from")
    if required.vcs and required.is_editable:
        folder = found.directory
        if found.is_editable and folder and sources and folder.startswith(f"{sources}/"):
            return _clone_difference(required, found.clone)
    shown = shown_beside(required, found)
    is_there = found.location in {required.location, required.as_pip_writes or required.location}
    if not is_there or required.vcs != found.vcs:
        return Difference(f"it is installed from {shown}")
    if required.subdirectory != found.subdirectory:
        inside = (
            f"its subdirectory {quoted(found.subdirectory)}" if found.subdirectory else "its root"
        )
        return Difference(f"it is installed from {inside}")
    if required.is_editable not in {None, found.is_editable}:
        return Difference(
            "it is installed editable" if found.is_editable else "a copy is installed"
        )
    if required.vcs:
        return _revision_difference(required.revision, found)
    if _differ(required.hashes, found.hashes):
        return Difference("another file is installed from there")
    return None


def contradicts(one: Origin, other: Origin) -> bool:
    """No installation can be what both require."""
    if (one.location, one.vcs, one.subdirectory) != (other.location, other.vcs, other.subdirectory):
        return True
    is_either = None in {one.is_editable, other.is_editable}
    if (one.is_editable != other.is_editable and not is_either) or _differ(
        one.hashes, other.hashes
    ):
        return True
    return bool(one.revision and other.revision) and not _is_same(one.revision, other.revision)


def _clone_difference(required: Origin, clone: Origin | None) -> Difference | None:
    """How what is checked out in the venv's `src` differs from `-e git+…@revision`."""
    if clone is None or clone.commit is None:
        what = "it is installed from a clone, whose files do not tell its commit"
        return Difference(what, is_certain=False)
    if clone.location != required.location:
        return Difference(f"it is installed from a clone of {shown_beside(required, clone)}")
    if required.revision is None or _is_same(required.revision, clone.revision):
        return None
    # A tag may name what the branch does.
    return _revision_difference(required.revision, clone._replace(revision=None))


def shown_beside(required: Origin, found: Origin) -> str:
    """Where what is installed comes from, in backticks.

    Where `${VAR}` is asked for, the path may hold what the variable was at the installation.
    """
    url = re.match(r"[^/]*://[^/?#]*(?=[/?#])", found.shown) if "${" in required.shown else None
    return quoted(f"{url[0]}/…" if url else found.shown)


def _revision_difference(revision: str | None, found: Origin) -> Difference | None:
    commit, asked = found.commit or "", found.revision
    if revision is None:
        if asked is None:
            return None
        default = "whether that is the default branch cannot be told offline"
        return Difference(f"{quoted(asked)} is installed: {default}", is_certain=False)
    if _COMMIT.fullmatch(revision) and commit.lower().startswith(revision.lower()):
        return None
    if asked is not None and _is_same(revision, asked):
        return None
    if _FULL_COMMIT.fullmatch(revision):
        return Difference(f"commit {quoted(commit)} is installed")
    if asked is None or _COMMIT.fullmatch(asked):
        what = f"commit {quoted(commit)} is installed: whether that is {quoted(revision)}"
        return Difference(f"{what} cannot be told offline", is_certain=False)
    return Difference(f"{quoted(asked)} is installed (commit {quoted(commit)})")


def _is_same(one: str | None, other: str | None) -> bool:
    """Both name the same revision: `v1` and `refs/tags/v1`, a commit and its first digits."""
    one, other = (re.sub(r"^refs/(?:heads|tags)/", "", name or "") for name in (one, other))
    if _COMMIT.fullmatch(one) and _COMMIT.fullmatch(other):
        one, other = one.lower(), other.lower()
        return one.startswith(other) or other.startswith(one)
    return one == other


def _differ(one: tuple[tuple[str, str], ...], other: tuple[tuple[str, str], ...]) -> bool:
    """A hash that both have, by name, is another one."""
    known = dict(other)
    return any(known.get(name, value).lower() != value.lower() for name, value in one)


def _location(url: str, *, is_repository: bool) -> str:
    if "://" not in url and (scp := _SCP_STYLE.fullmatch(url)):
        url = f"ssh://{scp[1]}/{scp[2]}"
    try:
        parts = urlsplit(url)
    except ValueError:  # `http://[::1`
        return url
    path = unquote(parts.path)
    scheme = parts.scheme.lower()
    if scheme == "file" or (not scheme and path.startswith("/")):
        return _without_suffix(posixpath.normpath(path), is_repository=is_repository)
    host = parts.netloc.rpartition("@")[2].lower().removesuffix(_DEFAULT_PORTS.get(scheme, ":"))
    query = f"?{parts.query}" if parts.query else ""
    return (
        f"{scheme}://{host}{_without_suffix(path.rstrip('/'), is_repository=is_repository)}{query}"
    )


def _without_suffix(path: str, *, is_repository: bool) -> str:
    return path.removesuffix(".git") if is_repository else path


def _plain(subdirectory: str) -> str:
    plain = posixpath.normpath(subdirectory.strip("/")) if subdirectory else ""
    return "" if plain == "." else plain
