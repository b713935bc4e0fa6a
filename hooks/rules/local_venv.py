"""No virtual environment on disk but the one that belongs there."""

from __future__ import annotations

import os

from hooks.files import is_same_entry, read_link, real_directory
from hooks.harmless import quoted
from hooks.project.git_index import index_after_partial_commit, venv_folders
from hooks.report import Finding
from hooks.rules.tracked import answer_of, ask, check_index, unmended
from hooks.venvs.search import find_venvs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hooks.project.project import Project
    from hooks.report import Message
    from hooks.venvs.search import Allowed


# What a venv is made with is not missed.
_EVERYWHERE = frozenset({"pip", "setuptools", "wheel", "uv"})


_MOST_NAMED = 10


def missing_from_shared(venv: str, shared: str) -> str:
    """What only this venv has, or has in another version, in words to follow a message."""
    from hooks.venvs.installed import read_installed

    there = read_installed(shared).distributions
    own = []
    for name, distribution in sorted(read_installed(venv).distributions.items()):
        if name in _EVERYWHERE or distribution.in_base:
            continue
        here = quoted(f"{distribution.name}=={distribution.version}")
        if name not in there:
            own.append(here)
        elif there[name].version != distribution.version:
            own.append(f"{here} (shared: {quoted(there[name].version)})")
    if not own:
        return "; it has no distribution that the shared one lacks"
    more = f" and {len(own) - _MOST_NAMED} more" if len(own) > _MOST_NAMED else ""
    return f"; only this one has {', '.join(own[:_MOST_NAMED])}{more}"


def check(project: Project, allowed: Allowed, environ: Mapping[str, str]) -> list[Message]:
    """The disk and git's index, side by side; findings in the order of their paths."""
    place = os.path.relpath(real_directory(project.place), project.root)
    if project.target is None and (text := read_link(project.place)) is not None:
        project = project.leading_to(text)  # the link's own end
    question = ask(project, environ, place)  # git looks at its index while we look at the disk
    venvs, notes = find_venvs(allowed)
    answer = answer_of(question, notes, allowed)
    tracked = answer or []
    folders = venv_folders(tracked).union(venvs)
    if os.path.islink(place):
        folders.add(place)  # what git has below it was in a venv that stood there
    if answer is not None and folders - {place}:  # what else they hold was not asked for
        tracked = answer_of(ask(project, environ), notes, allowed) or []
    findings, freed = check_index(project, tracked, folders, place)
    if findings and (after := index_after_partial_commit(project, environ)):
        environ = {**environ, "GIT_INDEX_FILE": after}
        remaining = answer_of(ask(project, environ), notes, allowed) or []
        findings = unmended(findings, check_index(project, remaining, folders, place)[0], notes)
    if not project.in_ci:
        unwanted = [venv for venv in venvs if not _belongs_there(project, venv, place)]
        kept = {entry.path for entry in tracked} - freed
        findings += [_local_venv(project, venv, place, kept) for venv in unwanted]
    return [*sorted(findings, key=lambda finding: finding.path), *notes]


def _belongs_there(project: Project, venv: str, place: str) -> bool:
    """The owner's venv, or the fallback: at the link's place, while the target cannot be used."""
    if project.target is None:
        return False
    if is_same_entry(venv, project.target):
        return True
    from hooks.venvs.health import read_health

    return venv == place and not read_health(project.target, project.trusted_users).is_usable


def _local_venv(project: Project, venv: str, place: str, tracked: set[str]) -> Finding:
    what = "is itself a local venv" if venv == "." else "is a local venv"
    if project.target is None:
        return Finding(
            venv, f"{what}: say with `--target` where the shared venv is", rule="local-venv"
        )
    from hooks.fixes.remove import remove
    from hooks.fixes.venv import get_owner, put_link
    from hooks.rules.local_venv import missing_from_shared
    from hooks.venvs.environment import is_venv

    fixes: tuple[str, ...]
    kept = project.target
    if not os.path.isdir(kept) and venv != place and is_venv(place):
        kept = place  # the fallback
    elif not os.path.isdir(kept):  # there is nothing to go back to; or `--target` is misspelt
        fixes = () if project.is_owner else get_owner(project)
        what = f"{what}, and the shared one, {quoted(kept)}, is missing"
        return Finding(venv, what, fixes=fixes, rule="local-venv")
    missing = missing_from_shared(venv, kept)
    if venv == place and not project.is_owner:
        fixes = (put_link(project),)
    else:
        fixes = remove(venv, tracked)
    uses = "shares" if kept == project.target else "falls back to"
    shared = f"but {quoted(kept)} is the one that this project {uses}"
    return Finding(venv, f"{what}, {shared}{missing}", fixes=fixes, rule="local-venv")
