"""The commands that fill a venv."""

from __future__ import annotations

import os
from urllib.parse import unquote

from hooks.fast.records import NamedTuple
from hooks.problems import Problem
from hooks.requirements.required import compact
from hooks.shell import command, path_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hooks.fixes.installer import Installer
    from hooks.requirements.required import Required
    from hooks.requirements.sources import Source
    from hooks.venvs.installed import Broken


def install_command(
    installer: Installer,
    own: Sequence[Source],
    mends: Sequence[tuple[Required | None, Mend]],
    broken: Sequence[tuple[Broken, Required]],
    *,
    disputed: bool,
    by_words: bool = False,
) -> str | None:
    """One line that mends all that an installation can mend; None where it mends nothing.

    What an installer would take for right as it is goes first: metadata that is broken, and what
    has the right version from the wrong place. `by_words` names each requirement, no file.
    """
    cleared = [
        (required, command("rm", "-r", *map(path_word, each.in_the_way)))
        for each, required in broken
        if each.in_the_way
    ]
    lines = [required for required, _ in [*mends, *cleared] if required is not None]
    if not lines:
        return None
    source_of = {
        (each.path, each.line): source for source in own[::-1] for each in source.read.required
    }
    directory = source_of[lines[0].path, lines[0].line].directory
    files: dict[str, Source] = {}
    words: dict[tuple[str, ...], str | None] = {}
    for each in lines:
        source = source_of[each.path, each.line]
        if by_words or disputed or not _is_installable(source):
            words[_words(each, directory)] = each.name
        else:
            files[source.path] = source
    words |= {(word,): None for _, mend in mends for word in mend.add}
    # Of a file with hashes pip wants nothing else, and each name once.
    hashed = [source for source in files.values() if source.read.has_hashes]
    locked = {each.name for source in hashed for each in source.read.required}
    together = [word for source in files.values() if source not in hashed for word in _file(source)]
    together += [word for each, name in words.items() if name not in locked for word in each]
    groups = [*map(_file, hashed), *([together] if together else [])]
    if not groups:
        return None
    lines_of = [installer.command("install", *group, directory=directory) for group in groups]
    if removed := {mend.remove: None for _, mend in mends if mend.remove}:
        lines_of.insert(0, installer.command("uninstall", *removed, directory=directory))
    line = " && ".join(lines_of)
    if directory != ".":  # the paths in the owner's files count from its folder
        line = f"({command('cd', directory)} && {line})"
    return " && ".join([*dict.fromkeys(clear for _, clear in cleared), line])


def _is_installable(source: Source) -> bool:
    """Whether an installer takes the file as it is.

    It refuses one with a bad line; of TOML files only new versions of pip and uv read any; and
    beside hashes pip takes no directory (`uv export` writes such files).
    """
    if source.path.endswith(".toml"):
        return False
    if any(isinstance(message, Problem) for message in source.read.messages):
        return False
    return not (source.read.has_hashes and any(each.editable for each in source.read.required))


def _file(source: Source) -> tuple[str, str]:
    return "-r", path_word(os.path.relpath(source.path, source.directory))


def _words(required: Required, directory: str) -> tuple[str, ...]:
    """The requirement as arguments; none where only its file has a meaning, for a `${VAR}`."""
    url = required.url
    if "${" in required.text:
        return ()
    if url is None:
        return (compact(required),)
    if url.startswith("file://") and "#" not in url:
        path = os.path.relpath(unquote(url.removeprefix("file://")), directory)
        path = path if path.startswith(".") else f"./{path}"
        place = f"{path}[{','.join(sorted(required.extras))}]" if required.extras else path
        return ("-e", place) if required.editable else (place,)
    return ("-e", url) if required.editable else (compact(required),)


class Mend(NamedTuple):
    """What the command that mends a problem has to do more than to install the line's file."""

    remove: str = ""
    """A distribution that pip would take for the right one, though it comes from elsewhere."""
    add: tuple[str, ...] = ()
    """Requirements that no file of this project has."""
