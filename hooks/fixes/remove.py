"""What takes a venv away, out of git or from disk."""

from __future__ import annotations

import os

from hooks.files import encoded, list_directory, read_file
from hooks.shell import command, path_word
from hooks.venvs.own_files import holds_only_a_venv, part_of_venv, recorded_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from hooks.project.git_repository import GitRepository
    from hooks.project.project import Project


_SHARED_FOLDERS = ["bin", "include", "lib", "lib64"]


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
