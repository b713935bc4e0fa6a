"""`--require-command`: a command that the shared venv must provide, looked at or really run."""

from __future__ import annotations

import os
import shlex

from hooks.files import real_path
from hooks.harmless import quoted
from hooks.report import Finding, Note
from hooks.shell import command
from hooks.venvs.scripts import Interpreter, read_interpreter, wrong_interpreter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.arguments import RequiredCommand
    from hooks.report import Message


SECONDS = 10
"""How long a command may run."""


def check_command(
    required: RequiredCommand, venv: str, already_told: frozenset[str], *, may_be_absent: bool
) -> list[Message]:
    """Whether the venv has the command, starts it with its own Python, and it ends well.

    `already_told` are scripts whose interpreter is a finding already. `may_be_absent` is for CI
    and a fallback: there the project that provides the command need not be installed.
    """
    path = f"{venv}/bin/{required.name}"
    if not os.path.lexists(path):
        if may_be_absent:
            return [Note(f"{quoted(required.name)} is not installed in {quoted(venv)}")]
        return [
            Finding(
                path,
                "is missing, but `--require-command` asks for it",
                fixes=_installations(venv),
                rule="command-missing",
                subject=required.name,
            )
        ]
    if not os.path.isfile(path):
        return [_broken(required, path, "is required, but is no file that can be run")]
    if not os.access(path, os.X_OK):
        what = "is required, but may not be executed"
        return [_broken(required, path, what, (command("chmod", "+x", path),))]
    if required.name not in already_told and (wrong := _wrong_start(path, venv)):
        return [_broken(required, path, wrong, _installations(venv))]
    return _run(required, path, venv) if required.arguments else []


def _broken(
    required: RequiredCommand, path: str, what: str, fixes: tuple[str, ...] = ()
) -> Finding:
    return Finding(path, what, fixes=fixes, rule="command-broken", subject=required.name)


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


def _installations(venv: str) -> tuple[str, ...]:
    """`pip install -e` of the project that provides the command: this one, or the owner."""
    from hooks.fixes.installer import installer_of

    installer = installer_of(venv)
    candidates = {real_path(path): path for path in [os.path.dirname(venv) or ".", "."]}
    return tuple(
        installer.command("install", "-e", project)
        for project in reversed(candidates.values())
        if os.path.isfile(f"{project}/pyproject.toml") or os.path.isfile(f"{project}/setup.py")
    )


def _run(required: RequiredCommand, path: str, venv: str) -> list[Message]:
    """Run it as in the activated venv; its whole process group is ended when it takes too long."""
    import signal
    import subprocess
    import tempfile
    from contextlib import suppress

    place = real_path(venv)
    environment = os.environ | {
        "VIRTUAL_ENV": place,
        "PATH": f"{place}/bin{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
    environment.pop("PYTHONHOME", None)  # as `activate` does
    shown = quoted(shlex.join([required.name, *required.arguments]))
    try:
        output = tempfile.TemporaryFile()  # noqa: SIM115 - no pipe: a grandchild could hold it open
    except OSError as error:
        return [Finding(path, f"{shown} cannot be started ({error.strerror})")]
    with output:
        try:
            process = subprocess.Popen(
                [os.path.abspath(path), *required.arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            return [_broken(required, path, f"{shown} cannot be started ({error.strerror})")]
        try:
            status = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            status = None
        finally:
            with suppress(OSError):  # all of the group may have ended
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if status is None:
            what = f"{shown} was still running after {SECONDS} s and was ended"
            return [_broken(required, path, what)]
        if status == 0:
            return []
        output.seek(max(0, output.seek(0, os.SEEK_END) - 4096))
        last = output.read().decode("utf-8", "backslashreplace").strip().splitlines()[-1:]
    said = f": {quoted(last[0].strip())}" if last else ""
    ended = f"exits with {status}" if status > 0 else f"was ended by signal {-status}"
    return [_broken(required, path, f"{shown} {ended}{said}")]
