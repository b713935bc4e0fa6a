"""What takes an environment out of git's index and leaves it on disk."""

from __future__ import annotations

import os

from hooks.files import encoded, read_file
from hooks.shell import command, path_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hooks.project.git_repository import GitRepository
    from hooks.project.project import Project


def untrack(project: Project, parts: Sequence[str]) -> str:
    """Take them out of git's index, leave them on disk, and add them to `.gitignore`.

    `-f`: git refuses a file that was staged and then changed, and with `--cached` nothing is lost.
    """
    # git takes `*`, `?`, `[` and a leading `:` for more than what they are.
    is_magic = any(set(part) & set("*?[\\") or part.startswith(":") for part in parts)
    git = ["git", *(["--literal-pathspecs"] if is_magic else [])]
    # Without it (git 2.34) both commands refuse what a sparse checkout leaves out.
    sparse = ["--sparse"] if project.git and _is_sparse(project.git) else []
    line = command(*git, "rm", "--cached", "-rqf", *sparse, *map(path_word, parts))
    if not (write := _add_to_gitignore(parts)):
        return line
    return f"{line} && {write} && {command('git', 'add', *sparse, '.gitignore')}"


def _is_sparse(git: GitRepository) -> bool:
    return os.path.exists(os.path.join(git.directory, "info", "sparse-checkout"))


def _add_to_gitignore(paths: Sequence[str]) -> str | None:
    """`/venv`, without a slash at its end, which would not match a link; None if all are there."""
    content = read_file(".gitignore")
    lines = os.fsdecode(content).split("\n") if isinstance(content, bytes) else [""]
    there = {line.rstrip("\r") for line in lines}
    new = [pattern for pattern in map(_pattern, paths) if not {pattern, pattern[1:]} & there]
    if not new:
        return None
    if lines[-1] == "" and len(new) == 1 and "\\" not in new[0]:
        write = ["echo", *new]
    elif len(new) == 1:
        write = ["printf", r"\n%s\n", *new]
    else:  # the format is used anew for each
        write = ["printf", r"%s\n", *([] if lines[-1] == "" else [""]), *new]
    return f"{command(*write)} >> .gitignore"


def _pattern(path: str) -> str:
    pattern = "/" + "".join(map(_in_gitignore, path))
    return f"{pattern[:-1]}\\ " if pattern.endswith(" ") else pattern


def _in_gitignore(char: str) -> str:
    # A line break cannot be written there, and what is not printed need not be: `?` is any byte.
    if not char.isprintable():
        return "?" * len(encoded(char))
    return f"\\{char}" if char in "*?[\\" else char
