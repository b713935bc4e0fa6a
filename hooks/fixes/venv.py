"""The commands that mend: lines to paste into a POSIX shell in the project's root.

Safe to paste, tried out:

- `python3 -I -m venv`: without `-I` a package or folder named `venv` in the working directory
  would be run instead of the standard library's.
- `--clear` and `rm -rf` are only for what holds nothing but a venv; all else is moved aside.
- Nothing is installed or rebuilt through a link: pip, uv and venv would write the link's path into
  the shared venv."""

from __future__ import annotations

import os

from hooks.files import is_denied, list_directory, real_path
from hooks.fixes.aside import move_aside
from hooks.project.project import origin_url, owner_of
from hooks.shell import command
from hooks.venvs.layout import LINK, LINK_AS_TEXT, NOTHING, look_at
from hooks.venvs.own_files import part_of_venv
from hooks.venvs.python import is_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.project.project import Project
    from hooks.venvs.health import Fault


def put_link(project: Project) -> str:
    """Put the right link in place, whatever stands there now."""
    place, text = project.place, project.shared.link_text if project.shared else ""
    link = command("ln", "-s", text, place)
    found = look_at(place).kind
    if found == LINK:
        return command("ln", "-sfn", text, place)
    if found == LINK_AS_TEXT:
        return f"git config core.symlinks true && {command('rm', place)} && {link}"
    if found == NOTHING:
        parent = os.path.dirname(place) or "."
        return link if os.path.isdir(parent) else f"{command('mkdir', '-p', parent)} && {link}"
    return f"{_clear_away(place)} && {command('ln', '-sfn', text, place)}"


def make_venv(place: str) -> str:
    """A new venv at a place; what stands there is removed, or moved aside where it is no venv."""
    make = command("python3", "-I", "-m", "venv", place)
    if os.path.islink(place):
        return f"{command('rm', place)} && {make}"
    if is_denied(place):
        return _open(place, place)
    if not os.path.lexists(place) or _is_empty(place):
        return make
    if _holds_the_project(place) or os.path.lexists(f"{place}/.git"):  # the owner itself is a venv
        # `venv` keeps the interpreters, and leads them in a circle where one of them is missing.
        names = [name for name in list_directory(f"{place}/bin") if part_of_venv(f"bin/{name}")]
        stale = [f"{place}/bin/{name}" for name in names if "thon" in name or "pypy" in name]
        return f"{command('rm', *stale)} && {make}" if stale else make
    return f"{_clear_away(place)} && {make}"


def make_usable(fault: Fault, venv: str) -> str:
    """What mends a fault of the points 1 to 3."""
    return _open(fault.path, venv) if is_denied(fault.path) else make_venv(venv)


def get_owner(project: Project) -> tuple[str, ...]:
    """Make the shared venv that is missing: in the owner, which is cloned first if need be.

    The owner's repository is looked for where this project's `origin` is.
    """
    owner = owner_of(project)
    make = make_venv(project.target or "")
    if os.path.isdir(owner):
        return (make,)
    if not origin_url(project):
        return ()
    name = os.path.basename(os.path.abspath(owner))
    beside = f'"$(dirname "$(git remote get-url origin)")"/{command(name)}'
    return (f"git clone {beside} {command(owner)} && {make}",)


def fall_back(project: Project) -> str:
    """The local venv that is allowed while the target cannot be used."""
    return make_venv(project.place)


def mend(fault: Fault, venv: str) -> str:
    """What mends one fault of a venv that can be used: of its points 4 to 6."""
    from hooks.fixes.identity import mend_identity
    from hooks.fixes.permissions import close_to_others

    if fault.point < 6:
        return mend_identity(venv, [fault]) or ""
    return (close_to_others(venv) if fault.rule == "open-to-others" else None) or ""


def _clear_away(place: str) -> str:
    return move_aside(place, os.getcwd()) or ""


def _python_of(venv: str) -> tuple[str]:
    """The Python that this venv was made from, if it is still there."""
    base = real_path(f"{venv}/bin/python")
    is_copy = base.startswith(real_path(venv) + os.sep)
    return (base,) if is_python(base) and not is_copy else ("python3",)


def _open(directory: str, venv: str) -> str:
    """Let this user look into it: it may be a healthy venv that another user has made."""
    if _owner(directory) == os.geteuid():
        return command("chmod", "u+rx", directory)
    return command("sudo", "chmod", "-R", "a+rX", venv)


def _owner(path: str) -> int:
    try:
        return os.stat(path).st_uid
    except OSError:  # gone since it was found
        return os.geteuid()


def _is_empty(place: str) -> bool:
    try:
        return not os.listdir(place)
    except OSError:
        return False


def _holds_the_project(place: str) -> bool:
    real = real_path(place)
    return os.path.commonpath([real, real_path(".")]) == real
