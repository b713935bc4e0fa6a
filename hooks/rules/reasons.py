"""Why a venv is not healthy, as findings, each with what mends it. Reads only."""

from __future__ import annotations

import os

from hooks.report import Finding
from hooks.rules.conda import conda_environment
from hooks.venvs.environment import is_conda
from hooks.venvs.python import is_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hooks.arguments import RequiredCommand
    from hooks.project.project import Project
    from hooks.report import Message
    from hooks.venvs.health import Fault, Health


def reasons(project: Project, venv: str, health: Health) -> list[Message]:
    """Each reason why this venv is not healthy; a conda environment's one."""
    if not health.faults:
        return [*health.notes]
    if is_conda(venv):
        return [conda_environment(venv)]
    findings = []
    for fault in health.faults:
        fixes = fixes_of(project, venv, fault, health)
        what = fault.what
        if not fixes and not (fault.is_passing or fault.is_denied) and not _may_change(venv):
            what = f"{what}; only another user may change that"
        findings.append(Finding(fault.path, what, fault.line, fixes, fault.rule))
    return [*findings, *health.notes]


def fixes_of(project: Project, venv: str, fault: Fault, health: Health) -> tuple[str, ...]:
    """What mends this fault; one line for all that one line can mend."""
    if fault.is_passing or not _may_change(venv):
        return ()
    if fault.is_denied:
        from hooks.fixes.permissions import open_to_user

        opened = open_to_user(fault.path)
        # What is behind a closed folder of another's is theirs to open.
        return (opened,) if opened and fault.point in {1, 4} else ()
    if fault.rule == "python-missing" and is_program(fault.path):
        from hooks.fixes.permissions import let_run

        return let_run(fault.path)
    if not health.is_usable:
        from hooks.fixes.venv import make_venv, settle_mismatch

        rules = {each.rule for each in health.faults}
        if any(each.is_passing or each.is_denied for each in health.faults):
            return ()
        if rules & {"python-mismatch"}:
            return settle_mismatch(venv)
        return make_venv(project, _real(venv))
    if fault.point < 6:
        from hooks.fixes.identity import mend_identity

        return _some(identity_of(venv, health) if mend_identity(venv, [fault]) else None)
    if fault.rule != "open-to-others":
        return ()
    from hooks.fixes.permissions import close_to_others

    return _some(close_to_others(venv))


def identity_of(venv: str, health: Health) -> str | None:
    """The line that makes `activate` and all scripts name this venv; None if they do, or cannot."""
    faults = [fault for fault in health.faults if fault.point in {4, 5}]
    if any(fault.is_passing for fault in faults):
        return None
    if not faults or not health.is_usable:
        return None
    from hooks.fixes.identity import mend_identity

    return mend_identity(venv, faults)


def check_commands(
    project: Project,
    commands: Sequence[RequiredCommand],
    venv: str,
    health: Health,
    *,
    may_be_absent: bool = False,
) -> list[Message]:
    """`--require-command`, of a venv that can be used: else one reason is enough."""
    if not commands or not health.is_usable:
        return []
    from hooks.rules.required_command import check_command

    told = frozenset(script.name for fault in health.faults for script in fault.scripts)
    return [
        message
        for wanted in commands
        for message in check_command(wanted, project, venv, told, may_be_absent=may_be_absent)
    ]


def _may_change(venv: str) -> bool:
    """What only root or another user may do, or a read-only file system forbids, is no advice."""
    return os.access(venv, os.W_OK) or not os.path.isdir(venv)


def _real(venv: str) -> str:
    """The owner's venv may be a link to a bigger disk: that is not what is broken."""
    from hooks.files import real_path

    return real_path(venv) if os.path.islink(venv) else venv


def _some(line: str | None) -> tuple[str, ...]:
    return () if line is None else (line,)
