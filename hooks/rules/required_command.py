"""`--require-command`: a command that the shared venv must provide, by its files."""

from __future__ import annotations

import os

from hooks.files import read_start, real_path
from hooks.harmless import quoted
from hooks.project.family import find_family, projects_of
from hooks.report import Finding, Note
from hooks.requirements.entry_points import declares_command
from hooks.venvs.modules import is_gone
from hooks.venvs.scripts import Interpreter, parse_module, read_interpreter, wrong_interpreter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.arguments import RequiredCommand
    from hooks.files import Unreadable
    from hooks.project.project import Project
    from hooks.report import Message

_LONGEST_SCRIPT = 65536


def check_command(
    required: RequiredCommand,
    project: Project,
    venv: str,
    already_told: frozenset[str],
    *,
    may_be_absent: bool,
) -> list[Message]:
    """Whether the venv has the command, starts it with its own Python, and it ends well.

    `already_told` are scripts whose interpreter is a finding already. `may_be_absent` is for CI
    and a fallback: there the project that provides the command need not be installed.
    """
    path = f"{venv}/bin/{required.name}"
    if not os.path.lexists(path):
        if may_be_absent:
            return [Note(f"{quoted(required.name)} is not installed in {quoted(venv)}")]
        what = "is missing, but `--require-command` asks for it"
        return [_told("command-missing", required, path, what, project, venv)]
    if not os.path.isfile(path):
        return [_told("command-broken", required, path, "is required, but is no file")]
    if not os.access(path, os.X_OK):
        from hooks.fixes.permissions import let_run

        what = "is required, but may not be executed"
        return [_told("command-broken", required, path, what)._replace(fixes=let_run(path))]
    wrong = None if required.name in already_told else _wrong_start(path, venv)
    content = read_start(path, _LONGEST_SCRIPT)
    if wrong := wrong or _no_content(content):
        return [_told("command-broken", required, path, wrong, project, venv)]
    if (module := _gone_module(content, venv)) is not None:
        return [_without_module(required, path, module, project, venv)]
    if not required.arguments:
        return []
    from hooks.rules.command_run import why_it_fails

    failed = why_it_fails(required, path, venv)
    return [_told("command-broken", required, path, failed)] if failed else []


def _without_module(
    required: RequiredCommand, path: str, module: str, project: Project, venv: str
) -> Finding:
    what = f"starts the module {quoted(module)}, which is not installed"
    provider = provider_of(required.name, project)
    if provider is None or not _lacks(provider, module, venv):
        return _told("command-broken", required, path, what, project, venv)
    what += f"; {quoted(provider)} is, and has none of that name"
    return _told("command-broken", required, path, what)


def _told(
    rule: str,
    required: RequiredCommand,
    path: str,
    what: str,
    project: Project | None = None,
    venv: str = "",
) -> Finding:
    """With a project: the fix is to install what declares the command, if anything does."""
    fixes: tuple[str, ...] = ()
    if project is not None:
        from hooks.fixes.install import install_project

        provider = provider_of(required.name, project)
        if provider is None:
            what += "; no project of the family declares it"
        else:
            line = install_project(real_path(venv), provider)
            fixes = (line,) if line else ()
    return Finding(path, what, fixes=fixes, rule=rule, subject=required.name)


def provider_of(name: str, project: Project) -> str | None:
    """The project of the family that declares this command, this one first."""
    family = find_family(project, project.place, (), search=not project.in_ci)
    folders = projects_of(project, family.siblings)
    return next((folder for folder in folders if declares_command(folder, name)), None)


def _wrong_start(path: str, venv: str) -> str | None:
    """As for every script; but a required command may not be another Python's either."""
    interpreter = read_interpreter(path)
    if not isinstance(interpreter, Interpreter):
        return None  # a binary has none
    wrong = wrong_interpreter(venv, interpreter.path)
    bin_directory, name = os.path.split(interpreter.path)
    is_python = name.startswith(("python", "pypy"))
    if not wrong and is_python and real_path(os.path.dirname(bin_directory)) != real_path(venv):
        wrong = "which is not this venv's"
    return f"starts {quoted(interpreter.path)}, {wrong}" if wrong else None


def _no_content(content: bytes | Unreadable) -> str | None:
    """Why a script that may be started cannot do anything."""
    if not isinstance(content, bytes):
        return f"is required, but {content.why}"
    if not content:
        return "is required, but empty"
    if content.startswith(b"#!") and content.partition(b"\n")[0].endswith(b"\r"):
        return "has a line break of Windows in its first line, and cannot be started"
    return None


def _gone_module(content: bytes | Unreadable, venv: str) -> str | None:
    """What a console script would import, if that is surely not there."""
    if not isinstance(content, bytes) or not content.startswith(b"#!"):
        return None
    module = parse_module(os.fsdecode(content))
    return module if module is not None and is_gone(venv, module) else None


def _lacks(provider: str, module: str, venv: str) -> bool:
    """It is installed from there already, editable: no installation brings what it has not."""
    from hooks.requirements.places import name_of_project, read_origins
    from hooks.venvs.installed import read_installed

    top = module.partition(".")[0]
    places = [f"{provider}/{folder}{top}{end}" for folder in ("", "src/") for end in ("", ".py")]
    origins, _ = read_origins(read_installed(venv).distributions)
    origin = origins.get(name_of_project(provider) or "")
    is_there = origin is not None and origin.location == real_path(provider)
    return is_there and not any(map(os.path.exists, places))
