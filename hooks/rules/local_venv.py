"""No environment on disk but the one that belongs there: the owner's, or the fallback."""

from __future__ import annotations

import os

from hooks.fast.names import INSTALLERS
from hooks.files import is_inside, is_same, real_directory, real_path
from hooks.harmless import quoted
from hooks.report import Finding
from hooks.rules import tracked
from hooks.rules.conda import conda_environment
from hooks.venvs.environment import CONDA, is_conda, is_venv, way_text
from hooks.venvs.search import find_environments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hooks.project.git_index import Question
    from hooks.project.project import Project
    from hooks.report import Message, Note
    from hooks.venvs.search import Allowed, Found


_MOST_NAMED = 10


def ask(project: Project, environ: Mapping[str, str]) -> Question | Note:
    """What git tracks: it looks while we look at the disk."""
    return tracked.ask(project, environ, _place_in(project))


def check(
    project: Project,
    allowed: Allowed,
    environ: Mapping[str, str],
    question: Question | Note,
    already_told: frozenset[str] = frozenset(),
) -> list[Message]:
    """The disk and git's index, side by side; findings in the order of their paths.

    `already_told` are paths of environments, on disk, that another rule has told of.
    """
    place = _place_in(project)
    if project.target is None and (text := way_text(project.place)) is not None:
        project = project.leading_to(text)  # the link's own end
    found, notes = find_environments(allowed)
    in_git = tracked.check(project, environ, question, place, found, allowed)
    findings = in_git.findings
    if not project.in_ci:
        found = [each for each in found if each.path not in already_told]
        findings = findings + _on_disk(project, found, place, allowed, in_git.kept)
        if project.target is not None and not already_told.intersection([place, project.target]):
            findings += [conda_environment(project.target)] if is_conda(project.target) else []
    return [*sorted(findings, key=lambda finding: finding.path), *in_git.notes, *notes]


def _place_in(project: Project) -> str:
    return os.path.relpath(real_directory(project.place), project.root)


def missing_from_shared(venv: str, shared: str) -> str:
    """What only this venv has, or has in another version, in words to follow a message."""
    from hooks.venvs.installed import read_installed

    there = read_installed(shared).distributions
    own = []
    for name, distribution in sorted(read_installed(venv).distributions.items()):
        if name in INSTALLERS or distribution.in_base:
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


def _on_disk(
    project: Project, found: list[Found], place: str, allowed: Allowed, kept: frozenset[str]
) -> list[Finding]:
    unwanted = [each for each in found if not _belongs_there(project, each, place, allowed)]
    if not unwanted:
        return []
    shared = _to_go_back_to(project, place)
    venvs = [real_path(each.path) for each in unwanted if each.leads_to is None]
    findings = []
    for each in unwanted:
        if each.kind == CONDA:
            findings.append(conda_environment(each.path))
        elif each.leads_to is None:
            findings.append(_local_venv(project, each.path, place, shared, kept))
        elif real_path(each.leads_to) not in venvs:  # else that is told, and goes
            findings.append(_way_elsewhere(project, each, place, shared))
    return findings


def _belongs_there(project: Project, found: Found, place: str, allowed: Allowed) -> bool:
    """The owner's venv; the fallback: at the link's place, while the target cannot be used; and
    what leads to one of these, or to what is allowed.
    """
    if project.target is None:
        return False
    if found.leads_to is not None:
        end = os.path.relpath(real_path(found.leads_to), project.root)
        if is_same(found.leads_to, project.target) or allowed.covers(end):
            return True
        if found.path != place and is_same(found.leads_to, place):
            return True
    elif is_same(found.path, project.target) and not os.path.islink(project.target):
        return True
    return found.path == place and found.kind != CONDA and not _is_usable(project)


def _is_usable(project: Project) -> bool:
    from hooks.project.shared_venv import read_shared_venv

    if project.shared is None or is_conda(project.shared.path):
        return False
    return read_shared_venv(project, project.shared).is_usable


def _to_go_back_to(project: Project, place: str) -> str | None:
    """The venv that stays: the shared one or, while that cannot be used, the fallback."""
    if _is_usable(project):
        return project.target
    is_fallback = not project.is_owner and not os.path.islink(place) and is_venv(place)
    return place if is_fallback else None


def _local_venv(
    project: Project, venv: str, place: str, shared: str | None, kept: frozenset[str]
) -> Finding:
    what = "is itself a local venv" if venv == "." else "is a local venv"
    if project.target is None:
        what = f"{what}: say with `--target` where the shared venv is"
        return Finding(venv, what, rule="local-venv")
    if is_same(venv, project.target):
        where = f"at {quoted(project.target)}" if project.is_owner else "in the owner"
        what = f"is the shared venv itself, to which {quoted(project.target)} leads"
        return Finding(venv, f"{what}: it belongs {where}", rule="local-venv")
    if shared is None:
        return _only_one(project, venv, what)
    uses = "shares" if shared == project.target else "falls back to"
    what = f"{what}, but {quoted(shared)} is the one that this project {uses}"
    what = f"{what}{missing_from_shared(venv, shared)}{_made_by_uv(venv)}"
    if why := _why_it_stays(project, venv, kept):
        return Finding(venv, f"{what}; {why}", rule="local-venv")
    fix = _put_aside(project, venv, place)
    if fix is None:
        what = f"{what}; it cannot be moved aside: it is a mount point, or you may not write there"
    return Finding(venv, what, fixes=(fix,) if fix else (), rule="local-venv")


def _only_one(project: Project, venv: str, what: str) -> Finding:
    """There is nothing to go back to: then this one is kept; or `--target` is misspelt."""
    from hooks.fixes.venv import get_shared

    target = project.target or ""
    state = "cannot be used" if os.path.isdir(target) else "is missing"
    fixes = () if project.is_owner or os.path.isdir(target) else get_shared(project)
    what = f"{what}, and the shared one, {quoted(target)}, {state}"
    return Finding(venv, what, fixes=fixes, rule="local-venv")


def _why_it_stays(project: Project, venv: str, kept: frozenset[str]) -> str | None:
    """What would go with it, if it was moved."""
    if venv == ".":
        return "it was made around the project: take it away by hand"
    if is_inside(real_path(project.target or ""), real_path(venv)):
        return "the shared one lies in it"
    own = sorted(path for path in kept if path.startswith(f"{venv}/"))
    if not own:
        return None
    more = f" and {len(own) - 1} more" if len(own) > 1 else ""
    return f"it was made around what git tracks ({quoted(own[0])}{more}): take it away by hand"


def _put_aside(project: Project, venv: str, place: str) -> str | None:
    from hooks.fixes.aside import move_aside
    from hooks.fixes.link import put_link

    if venv == place and not project.is_owner:
        return put_link(project)
    return move_aside(venv, project.root)


def _made_by_uv(venv: str) -> str:
    """`uv run` makes a `.venv` wherever there is none, again and again."""
    from hooks.venvs.layout import read_configuration
    from hooks.venvs.redirect import NAME

    configuration = read_configuration(venv)
    if os.path.basename(venv) != NAME or not isinstance(configuration, dict):
        return ""
    if "uv" not in configuration:
        return ""
    return (
        "; `uv venv` and `uv run` make it: run `uv run --no-project` or, with the shared one"
        " activated, `uv run --active --no-sync` instead"
    )


def _way_elsewhere(project: Project, found: Found, place: str, shared: str | None) -> Finding:
    """A link or redirect file to another environment; that stays where it is."""
    from hooks.fixes.aside import move_aside
    from hooks.fixes.link import put_link
    from hooks.shell import command, path_word

    path, end = found.path, found.leads_to or ""
    what = f"leads to {quoted(way_text(path) or end)}, a local venv"
    if project.target is None:
        what = f"{what}: say with `--target` where the shared venv is"
        return Finding(path, what, rule="local-venv")
    if shared is None:
        return _only_one(project, path, what)
    uses = "shares" if shared == project.target else "falls back to"
    what = f"{what}, but {quoted(shared)} is the one that this project {uses}"
    what = f"{what}{missing_from_shared(end, shared)}"
    if path == place and not project.is_owner:
        fix = put_link(project)
    elif os.path.islink(path):
        fix = command("rm", path_word(path))
    else:
        fix = move_aside(path, project.root) or ""
    return Finding(path, what, fixes=(fix,) if fix else (), rule="local-venv")
