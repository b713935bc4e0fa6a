"""A venv where none should be: what would be lost with it, how to take it away, and it alone."""

from __future__ import annotations

import os
from collections.abc import Collection

from hooks.files import encoded, list_directory, read_file
from hooks.records import NamedTuple
from hooks.report import command, path_word, quoted
from hooks.venv_layout import OWN_ENTRIES, holds_only_a_venv, part_of_venv, recorded_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.project import GitRepository, Project

_SHARED_FOLDERS = ["bin", "include", "lib", "lib64"]
# What a venv is made with is not missed.
_EVERYWHERE = frozenset({"pip", "setuptools", "wheel", "uv"})
_MOST_NAMED = 10


class TrackedVenv(NamedTuple):
    folder: str
    files: list[str]
    parts: list[str]
    """What to take out of git: the folder, or what in it is the venv's."""


def tracked_venvs(paths: list[str], folders: set[str], place: str) -> list[TrackedVenv]:
    """The tracked files of each venv: `folders` are venvs, `place` holds nothing but one.

    Any other may be a source folder with a venv made in its midst (`python -m venv .`): there
    only the venv's parts count.
    """
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        ends = [end for end, char in enumerate(path) if char == "/"]
        outermost = next((path[:end] for end in ends if path[:end] in folders), ".")
        if outermost in folders:
            by_folder.setdefault(outermost, []).append(path)
    found = []
    for folder, files in by_folder.items():
        below = "" if folder == "." else f"{folder}/"
        inside = [path[len(below) :] for path in files]
        is_marked = any(path == "pyvenv.cfg" or path.startswith("conda-meta/") for path in inside)
        has_more = not OWN_ENTRIES.issuperset(path.partition("/")[0] for path in inside)
        if folder != "." and (folder == place or (is_marked and not has_more)):
            found.append(TrackedVenv(folder, files, [folder]))
            continue
        parts = {path: below + part for path in inside if (part := part_of_venv(path))}
        if parts:
            own = [below + path for path in parts]
            found.append(TrackedVenv(folder, own, list(dict.fromkeys(parts.values()))))
    return found


def missing_from_shared(venv: str, shared: str) -> str:
    """What only this venv has, or has in another version, in words to follow a message."""
    from hooks.installed import read_installed

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


def remove(venv: str, tracked: Collection[str]) -> tuple[str, ...]:
    """Remove the venv and nothing else: no tracked file, and none that is not the venv's."""
    if venv != "." and holds_only_a_venv(venv) and not _is_tracked(venv, tracked):
        return (command("rm", "-rf", path_word(venv)),)
    parts = _removable_parts(venv, tracked)
    return (command("rm", "-rf", *map(path_word, parts)),) if parts else ()


def untrack(project: Project, parts: list[str], *, ignore: str | None) -> str:
    """Take them out of git's index and leave them on disk; add one to `.gitignore`.

    `-f`: git refuses a file that was staged and then changed, and with `--cached` nothing is lost.
    """
    # git takes `*`, `?`, `[` and a leading `:` for more than what they are.
    is_magic = any(set(part) & set("*?[\\") or part.startswith(":") for part in parts)
    git = ["git", *(["--literal-pathspecs"] if is_magic else [])]
    # Without it (git 2.34) both commands refuse what a sparse checkout leaves out.
    sparse = ["--sparse"] if project.git and _is_sparse(project.git) else []
    line = command(*git, "rm", "--cached", "-rqf", *sparse, *map(path_word, parts))
    if ignore is None or not (write := _add_to_gitignore(ignore)):
        return line
    return f"{line} && {write} && {command('git', 'add', *sparse, '.gitignore')}"


def _is_sparse(git: GitRepository) -> bool:
    return os.path.exists(os.path.join(git.directory, "info", "sparse-checkout"))


def _add_to_gitignore(path: str) -> str | None:
    """`/venv`, without a slash at its end, which would not match a link; None if it is there."""
    pattern = "/" + "".join(map(_in_gitignore, path))
    if pattern.endswith(" "):
        pattern = f"{pattern[:-1]}\\ "
    content = read_file(".gitignore")
    lines = os.fsdecode(content).split("\n") if isinstance(content, bytes) else [""]
    if {pattern, pattern[1:]}.intersection(line.rstrip("\r") for line in lines):
        return None
    is_plain = lines[-1] == "" and "\\" not in pattern
    write = ["echo", pattern] if is_plain else ["printf", r"\n%s\n", pattern]
    return f"{command(*write)} >> .gitignore"


def _in_gitignore(char: str) -> str:
    # A line break cannot be written there, and what is not printed need not be: `?` is any byte.
    if not char.isprintable():
        return "?" * len(encoded(char))
    return f"\\{char}" if char in "*?[\\" else char


def _removable_parts(venv: str, tracked: Collection[str]) -> list[str]:
    recorded = recorded_files(venv)
    below = "" if venv == "." else f"{venv}/"
    parts = []
    for name in list_directory(venv):
        path = below + name
        if name not in _SHARED_FOLDERS or os.path.islink(path):
            if part_of_venv(name) and not _is_tracked(path, tracked):
                parts.append(path)
            continue
        entries = list_directory(path)
        own = [
            entry
            for entry in entries
            if (part_of_venv(f"{name}/{entry}") or f"{name}/{entry}" in recorded)
            and not _is_tracked(f"{path}/{entry}", tracked)
        ]
        is_whole = own and own == entries
        parts += [path] if is_whole else [f"{path}/{entry}" for entry in own]
    return parts


def _is_tracked(path: str, tracked: Collection[str]) -> bool:
    return any(each == path or each.startswith(f"{path}/") for each in tracked)
