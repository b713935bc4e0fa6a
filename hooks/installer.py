"""The commands of pip and uv that fill a venv: lines to paste into a POSIX shell.

By the venv's own path, never through a member's link: an installation through a link writes the
link's path into the scripts that all share.
"""

from __future__ import annotations

import os
from urllib.parse import unquote

from hooks.compare import compact
from hooks.files import list_directory
from hooks.records import NamedTuple
from hooks.report import Finding, command, path_word
from hooks.venv_layout import site_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hooks.asked_for import Required
    from hooks.compare import Comparison
    from hooks.declared import Source


class Installer(NamedTuple):
    """What installs into a venv: its own pip or, where it has none, uv."""

    venv: str
    has_pip: bool

    def command(self, verb: str, *words: str, directory: str = ".") -> str:
        """To be run in that directory."""
        is_absolute = os.path.isabs(self.venv)
        venv = self.venv if is_absolute else os.path.relpath(self.venv, directory)
        python = path_word(f"{venv}/bin/python")
        if self.has_pip:
            yes = ["-y"] if verb == "uninstall" else []
            return command(python, "-m", "pip", verb, *yes, *words)
        return command("uv", "pip", verb, "--python", python, *words)


def installer_of(venv: str) -> Installer:
    """`uv venv` makes venvs without pip."""
    entries = [name for library in site_packages(venv, None) for name in list_directory(library)]
    return Installer(venv, has_pip=any(name.partition("-")[0] == "pip" for name in entries))


def install_command(
    installer: Installer,
    own: Sequence[Source],
    comparison: Comparison,
    broken: Sequence[tuple[Finding, Required]],
) -> str | None:
    """One line that mends all that an installation can mend; None where it mends nothing.

    What an installer would take for right as it is goes first: metadata that is broken, and what
    has the right version from the wrong place.
    """
    mends = [(each.required, each.mend) for each in comparison.problems if each.mend]
    cleared = [(required, finding.fixes[0]) for finding, required in broken if finding.fixes]
    lines = [required for required, _ in [*mends, *cleared] if required is not None]
    if not lines:
        return None
    source_of = {
        (each.path, each.line): source for source in own[::-1] for each in source.read.required
    }
    words: dict[tuple[str, ...], None] = {}
    for each in lines:
        source = source_of[each.path, each.line]
        words[_arguments(each, source, is_disputed=bool(comparison.disputed))] = None
    words |= {(mend.add,): None for _, mend in mends if mend.add}
    directory = source_of[lines[0].path, lines[0].line].directory
    line = installer.command(
        "install", *(word for each in words for word in each), directory=directory
    )
    if removed := {mend.remove: None for _, mend in mends if mend.remove}:
        line = f"{installer.command('uninstall', *removed, directory=directory)} && {line}"
    if directory != ".":  # the paths in the owner's files count from its folder
        line = f"({command('cd', directory)} && {line})"
    return " && ".join([*dict.fromkeys(clear for _, clear in cleared), line])


def _arguments(required: Required, source: Source, *, is_disputed: bool) -> tuple[str, ...]:
    """What installs a requirement: its whole file, if that can be done and does no harm.

    An installer refuses a file with a bad line; and where lines are disputed, the file would
    take from a sibling what it needs. Of TOML files only new versions of pip and uv read any.
    """
    has_bad_line = any(isinstance(message, Finding) for message in source.read.messages)
    is_needed = required.url or "${" in required.text  # these mean something in a file only
    if not source.path.endswith(".toml") and (is_needed or not (has_bad_line or is_disputed)):
        return "-r", path_word(os.path.relpath(source.path, source.directory))
    if required.editable and required.url:
        return "-e", path_word(os.path.relpath(unquote(required.url.removeprefix("file://"))))
    return (compact(required),)
