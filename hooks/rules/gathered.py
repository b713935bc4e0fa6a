"""What several projects say, put together for the folder that one started from. Reads no file."""

from __future__ import annotations

import os

from hooks.files import real_path
from hooks.harmless import quoted
from hooks.report import Finding, Note, pasted_from
from hooks.shell import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hooks.rules.one_project import Looked
    from hooks.venvs.disk import Disk


def conflicts(projects: Sequence[Looked]) -> list[str]:
    """One line for each distribution over which projects part."""
    found: dict[str, dict[str, list[str]]] = {}
    for each in projects:
        for name, asks in dict.fromkeys(each.clashes):
            found.setdefault(name, {}).setdefault(asks, []).append(each.name)
    return [
        f"{name}: {', '.join(f'{asks} in {_listed(names)}' for asks, names in by_asks.items())}"
        for name, by_asks in found.items()
    ]


def _listed(names: Sequence[str], most: int = 3) -> str:
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def messages(projects: Sequence[Looked]) -> list[Finding | Note]:
    """Each cause once: of the shared venv all projects say the same."""
    found: dict[object, Finding | Note] = {}
    said = [m for each in projects for m in each.messages if not isinstance(m, Finding)]
    for each in projects:
        for message in each.messages:
            if isinstance(message, Finding):
                shown = _from_here(message, each.path)
                key = shown.rule, os.path.abspath(shown.path), shown.line, shown.subject
                found.setdefault(key, shown)
            elif each.path == "." or said.count(message) > 1:
                found.setdefault(message, message)
            else:
                found.setdefault((each.path, message), Note(f"{each.path}: {message.what}"))
    return list(found.values())


def _from_here(finding: Finding, folder: str) -> Finding:
    if folder == ".":
        return finding
    fixes = tuple(pasted_from(folder, fix) for fix in finding.fixes)
    path = os.path.normpath(os.path.join(folder, finding.path))
    return finding._replace(path=path, fixes=fixes)


def first(projects: Sequence[Looked], environ: Mapping[str, str]) -> str | None:
    """The first command; where there is none, what is wrong first."""
    found = [(e, m) for e in projects for m in e.messages if isinstance(m, Finding)]
    for project, finding in found:
        if finding.fixes:
            if project.path == ".":
                return finding.fixes[0]
            options = ["-P"] if _came_by_link(environ) else []
            return f"{command('cd', *options, project.path)} && {finding.fixes[0]}"
    if not found:
        return None
    project, finding = found[0]
    shown = _from_here(finding, project.path)
    return f"{shown.place}: {shown.what} [{shown.rule}]"


def _came_by_link(environ: Mapping[str, str]) -> bool:
    """`..` is another folder to the shell than to us. A `PWD` of elsewhere says nothing."""
    told, root = environ.get("PWD", ""), os.getcwd()
    return told not in {"", root} and real_path(told) == root


def uncounted(venv: str, disk: Disk) -> list[Note]:
    """What the figures of a disk lack."""
    folders = "1 folder" if disk.unread == 1 else f"{disk.unread} folders"
    why = "could not be looked into: what is in there is not counted"
    return [Note(f"{quoted(venv)}: {folders} {why}")] if disk.unread else []
