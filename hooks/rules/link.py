"""The link is in place and leads to a venv that works; in the owner, the venv itself is.

Reads only, but for `--fix`, which puts the right link in place.
"""

from __future__ import annotations

import os

from hooks.files import PASSING, is_loop, is_same, is_same_entry, read_link
from hooks.harmless import quoted
from hooks.project.link import link_at
from hooks.project.shared_venv import read_shared_venv
from hooks.report import Finding, Fixed, Note
from hooks.rules.own_venv import check_local_venv, check_owner, check_venv
from hooks.rules.reasons import check_commands, identity_of, reasons
from hooks.rules.target import NOT_BY_YOU, Wrong, leads_to_venv, without_target
from hooks.venvs.layout import CONDA, LINK_AS_TEXT, NOTHING, VENV, look_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hooks.arguments import RequiredCommand
    from hooks.project.link import Link
    from hooks.project.project import Project, Target
    from hooks.project.shared_venv import SharedVenv
    from hooks.report import Message
    from hooks.venvs.layout import Entry


def check(
    project: Project, commands: Sequence[RequiredCommand], *, fix: bool = False
) -> list[Message]:
    """The table of the README's section, row by row."""
    if (why := _not_looked_at(project.place)) is not None:
        return [Finding(project.place, why, rule="venv-unreadable")]
    entry, link = look_at(project.place), link_at(project.place)
    if entry.kind == NOTHING and project.in_ci:
        place = quoted(project.place)
        return [
            Note(f"{quoted(wanted.name)} was not looked for: {place} is missing")
            for wanted in commands
        ]
    if entry.kind in {VENV, CONDA} and project.in_ci:
        return check_venv(project, project.place, commands, may_be_absent=True)
    if project.is_owner:
        return check_owner(project, link, entry, commands)
    target = project.shared
    if target is None:
        if link is None:
            return [_no_target(project, entry)]
        target = project.target_of(link.text)  # the link's own end is the target
        project = project._replace(shared=target)
    if entry.kind in {VENV, CONDA}:
        return check_local_venv(project, target, commands)
    return _check_link(project, target, link, commands, fix=fix)


def _not_looked_at(place: str) -> str | None:
    """An error that passes says nothing of what stands there."""
    try:
        os.lstat(place)
    except (OSError, ValueError) as error:
        number = getattr(error, "errno", 0)
        if number in PASSING:
            return f"could not be looked at ({os.strerror(number)})"
    return None


def _no_target(project: Project, entry: Entry) -> Finding:
    found = "is missing" if entry.kind == NOTHING else f"is {entry.text}, no link"
    what = f"{found}: say with `--target` where the shared venv is"
    return Finding(project.place, what, rule="no-target")


def _check_link(
    project: Project,
    target: Target,
    link: Link | None,
    commands: Sequence[RequiredCommand],
    *,
    fix: bool,
) -> list[Message]:
    """A member's link, or what stands in its place."""
    wrong = _wrong_link(target, link) if link is not None else _no_link(project, target)
    shared = read_shared_venv(project, target)
    health = shared.health
    if health is None:
        return without_target(project, shared, link, wrong)
    messages = reasons(project, target.path, health)
    messages += check_commands(project, commands, target.path, health, may_be_absent=project.in_ci)
    if wrong is None:
        return messages
    is_free = link is not None or not os.path.lexists(project.place)
    if fix and is_free and not health.faults:
        try:
            return [_put_link(project, target, link), *messages]
        except OSError as error:
            wrong = wrong._replace(what=f"{wrong.what}, and `--fix` failed ({error.strerror})")
    return _with_link_fix(project, shared, link, wrong, messages)


def _with_link_fix(
    project: Project,
    shared: SharedVenv,
    link: Link | None,
    wrong: Wrong,
    messages: list[Message],
) -> list[Message]:
    """The link's finding first; one line for it and for a venv that only has an old name."""
    target, health = shared.target, shared.health
    if not shared.is_usable and link is not None and leads_to_venv(project, link, target):
        return [Finding(project.place, wrong.what, rule=wrong.rule), *messages]
    from hooks.fixes.link import put_link

    line = put_link(project, is_text=wrong.is_text)
    what = wrong.what if line else f"{wrong.what}; {NOT_BY_YOU}"
    identity = identity_of(target.path, health) if health is not None else None
    if line and identity:
        both = (f"{line} && {identity}",)
        messages = [
            each._replace(fixes=both)
            if isinstance(each, Finding) and each.fixes == (identity,)
            else each
            for each in messages
        ]
        line = both[0]
    return [Finding(project.place, what, fixes=(line,) if line else (), rule=wrong.rule), *messages]


def _no_link(project: Project, target: Target) -> Wrong:
    """What stands where a link should."""
    place, entry = project.place, look_at(project.place)
    should = f"should be a link to {quoted(target.path)}"
    if entry.kind == NOTHING or os.path.islink(place):  # it was put there since it was looked for
        return Wrong("link-missing", f"is missing: it {should}")
    if os.path.isfile(place) and _is_gits_link(project):
        entry = look_at(place, is_link_in_git=True)
    what = f"is {entry.text}, but {should}"
    if entry.kind == LINK_AS_TEXT:
        return Wrong("link-as-text", what, is_text=True)
    return Wrong("not-a-link", what)


def _is_gits_link(project: Project) -> bool:
    """git's index has it as a link, or git makes no links in this work tree."""
    from hooks.project.git_index import Question
    from hooks.project.git_repository import read_settings

    if project.git is None:
        return False
    settings = read_settings(project.git.common_directory)
    if settings.get("core.symlinks", "true").lower() in {"false", "no", "off", "0", ""}:
        return True
    place = os.path.relpath(os.path.abspath(project.place), project.git.work_tree)
    answer = Question(project, os.environ, [f":(top,literal){place}"]).answer()
    return isinstance(answer, list) and any(entry.is_link for entry in answer)


def _wrong_link(target: Target, link: Link) -> Wrong | None:
    """What is wrong with a member's link itself; None for the right one."""
    end = link.end
    if is_same_entry(end, target.path) or (_is_same(end, target.path) and not os.path.islink(end)):
        if not (target.is_relative and os.path.isabs(link.text)):
            return None
        what = f"leads to {quoted(link.text)}, an absolute path: it breaks when the projects move"
        return Wrong("link-absolute", what)
    if _is_same(end, target.path):
        sibling = quoted(os.path.dirname(os.path.normpath(end)))
        what = f"leads to {quoted(target.path)} by way of the link in {sibling}"
        return Wrong("link-indirect", f"{what}, and breaks with that")
    if is_loop(link.place):
        return Wrong("link-loop", f"is a link in a loop, but should lead to {quoted(target.path)}")
    is_there = os.path.exists(end)
    gone = "" if is_there else ", which is missing,"
    what = f"leads to {quoted(os.path.normpath(end))}{gone} instead of {quoted(target.path)}"
    return Wrong("link-elsewhere" if is_there else "link-dangling", what)


def _is_same(one: str, other: str) -> bool:
    """Two links that dangle or loop have nothing in common."""
    return os.path.exists(one) and is_same(one, other)


def _put_link(project: Project, target: Target, link: Link | None) -> Fixed:
    """The right link, put in place in one step: at any moment there is the old one or the new.

    A redirect file stays one.
    """
    place, text, new = project.place, target.link_text, f"{project.place}.new"
    if link is not None and link.is_redirect:
        _write_new(new, text)
        os.replace(new, place)
    elif not os.path.lexists(place):
        os.makedirs(os.path.dirname(place) or ".", exist_ok=True)
        os.symlink(text, place)
    else:
        if read_link(new) == text:  # of a run that was killed
            os.unlink(new)
        os.symlink(text, new)
        os.replace(new, place)
    return Fixed(f"{quoted(place)} leads to {quoted(text)} now")


def _write_new(path: str, text: str) -> None:
    from hooks.venvs.redirect import redirect_text

    with open(path, "x", encoding="utf-8", errors="surrogateescape") as file:
        file.write(redirect_text(text))
