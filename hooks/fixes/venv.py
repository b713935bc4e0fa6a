"""The commands that make a venv, or make one over what is left of it.

`python3 -I -m venv`: without `-I` a package or folder named `venv` in the working directory would
be run instead of the standard library's. It is never run through a link, whose path it would write
into the shared venv; nothing is emptied, and what cannot be kept in place is moved aside.
"""

from __future__ import annotations

import os

from hooks.files import list_directory, real_path
from hooks.fixes.aside import move_aside
from hooks.fixes.permissions import may_put
from hooks.fixes.python import on_path, python_for_new, python_for_old, usable, version_of
from hooks.project.project import origin_url, owner_of
from hooks.project.shared_venv import may_be_unmounted
from hooks.shell import command
from hooks.venvs.environment import is_venv
from hooks.venvs.layout import read_configuration, site_packages
from hooks.venvs.own_files import part_of_venv
from hooks.venvs.python import base_python, is_python, parse_version, version_had

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hooks.project.project import Project


def make_venv(project: Project, place: str) -> tuple[str, ...]:
    """A venv at this place, whatever stands there now; none where it cannot make room.

    The first is the fix, others are other ways.
    """
    if os.path.islink(place):
        return () if may_be_unmounted(place) else _make_for_link(project, place)
    if not os.path.lexists(place) or _is_empty(place):
        line = _make(python_for_new(project), _real_place(place))
        return (line,) if may_put(f"{place}/pyvenv.cfg") else ()
    if _can_be_kept(place):
        return (_make_over(project, _real_place(place)),)
    aside = move_aside(place, project.root)
    if aside is None:
        return ()
    python = python_for_old(project, place, configuration_of(place))
    return (f"{aside} && {_make(python, place)}",)


def make_with(project: Project, place: str, python: str) -> str | None:
    """The venv with another Python, and with the settings it has; the old one is moved aside.

    A Python that cannot make one (pyenv's of another version, Debian's without `python3-venv`) is
    found out before anything is moved.
    """
    real = _real_place(place)
    aside = move_aside(real, project.root)
    if aside is None:
        return None
    can_make = command(python, "-I", "-c", "import ensurepip, venv")
    return f"{can_make} && {aside} && {_make(python, real, settings(configuration_of(real)))}"


def settle_mismatch(venv: str) -> tuple[str, ...]:
    """`pyvenv.cfg` and the interpreter disagree: back to what has the packages, or forward."""
    place = _real_place(venv)
    configuration = configuration_of(place)
    there = real_path(f"{place}/bin/python")
    told, written = version_of(there), parse_version(configuration)
    has_packages = _packages(place, told) >= _packages(place, written)
    here = _over(place, there, ["--without-pip"] if has_packages else [])
    other = usable(base_python(configuration, place))
    if other is None:
        return (here,)
    line = _over(place, other, [] if has_packages else ["--without-pip"])
    ways = (here, _without_links(place, line))
    return ways if has_packages else ways[::-1]


def get_owner(project: Project) -> tuple[str, ...]:
    """Clone the owner; its repository is looked for where this project's `origin` is."""
    owner = owner_of(project)
    if os.path.lexists(owner) or not origin_url(project) or not may_put(owner):
        return ()
    name = os.path.basename(os.path.abspath(owner))
    beside = f'"$(dirname "$(git remote get-url origin)")"/{command(name)}'
    return (f"git clone {beside} {command(owner)}",)


def get_shared(project: Project) -> tuple[str, ...]:
    """What brings the shared venv that is missing: the owner's clone first, then the venv in it."""
    if project.target is not None and os.path.isdir(owner_of(project)):
        return make_venv(project, project.target)[:1]
    return get_owner(project)


def fall_back(project: Project) -> tuple[str, ...]:
    """The local venv that is allowed while the target cannot be used.

    None where a link stands at the target's place: it may lead back here, and then the local venv
    would be the shared one.
    """
    if project.target is not None and os.path.islink(project.target):
        return ()
    if os.path.islink(project.place):
        return _make_for_link(project, project.place)
    return make_venv(project, project.place)


def _make_for_link(project: Project, place: str) -> tuple[str, ...]:
    line = f"{command('rm', '-f', place)} && {_make(python_for_new(project), place)}"
    return (line,) if may_put(place) else ()


def _make(python: str, place: str, options: Iterable[str] = ()) -> str:
    return command(python, "-I", "-m", "venv", *options, place)


def _make_over(project: Project, place: str) -> str:
    """What is lost of a venv is made anew, and its packages are kept."""
    configuration = configuration_of(place)
    python = python_for_old(project, place, configuration)
    written = version_had(configuration, place)
    if version_of(on_path(python) or python) not in {None, written}:
        return _without_links(place, _over(place, python))
    options = ["--without-pip"] if _packages(place, written) else []
    stale = [
        link
        for link in _links_of_venv(place)
        if not is_python(real_path(link)) or (written and version_of(link) not in {None, written})
    ]
    line = _over(place, python, options)
    return f"{command('rm', '-f', *stale)} && {line}" if stale else line


def _over(place: str, python: str, options: Iterable[str] = ()) -> str:
    """`--upgrade` makes `pyvenv.cfg` and interpreters, and leaves an edited `activate` alone."""
    words = [*(["--upgrade"] if os.path.lexists(f"{place}/bin/activate") else []), *options]
    return _make(python, place, [*words, *settings(configuration_of(place))])


def settings(configuration: dict[str, str]) -> list[str]:
    """What of a venv's configuration its user has chosen, as options."""
    words = []
    if configuration.get("include-system-site-packages", "").lower() == "true":
        words.append("--system-site-packages")
    if prompt := configuration.get("prompt"):
        words += ["--prompt", prompt.strip("'\"")]
    return words


def _without_links(place: str, line: str) -> str:
    """`venv` keeps the interpreters that are there, and fails over a link that dangles."""
    links = _links_of_venv(place)
    return f"{command('rm', '-f', *links)} && {line}" if links else line


def _links_of_venv(place: str) -> list[str]:
    """Also a `pyvenv.cfg` that is one: `venv` would write to where it leads."""
    names = [name for name in list_directory(f"{place}/bin") if part_of_venv(f"bin/{name}")]
    paths = [f"{place}/bin/{name}" for name in names if "thon" in name or "pypy" in name]
    return [path for path in [*paths, f"{place}/pyvenv.cfg"] if os.path.islink(path)]


def _can_be_kept(place: str) -> bool:
    """It was a venv, and nothing but links and text stands where `venv` writes."""
    if not (is_venv(place) or (os.path.isdir(f"{place}/bin") and site_packages(place, None))):
        return False
    interpreters = [f"{place}/bin/python", f"{place}/bin/python3"]
    paths = [f"{place}/pyvenv.cfg", *interpreters]
    written = [path for path in paths if os.path.lexists(path) and not os.path.islink(path)]
    folders = [f"{place}/bin", f"{place}/lib"]
    return (
        all(map(os.path.isfile, written))
        and not any(os.path.lexists(path) and not os.path.isdir(path) for path in folders)
        and all(map(is_python, {*interpreters} & {*written}))
    )


def _real_place(place: str) -> str:
    """As it is written, unless that leads through a link."""
    real = real_path(place)
    return place if os.path.abspath(place) == real else real


def configuration_of(venv: str) -> dict[str, str]:
    """Empty where there is none, or none any more."""
    read = read_configuration(venv)
    return read if isinstance(read, dict) else {}


def _packages(place: str, version: str | None) -> int:
    """How much is installed for this version of Python."""
    return sum(len(list_directory(library)) for library in site_packages(place, version))


def _is_empty(place: str) -> bool:
    try:
        return not os.listdir(place)
    except OSError:
        return False
