"""Whether a line to paste can take something away. Read by words, as a shell reads it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

_BEFORE_A_COMMAND = {"sudo", "command", "env", "exec", "nice", "time", "then", "do", "else", "!"}
_SHELLS = {"sh", "bash", "dash", "zsh", "ksh", "eval"}
_REMOVES_ALWAYS = {"shred", "truncate", "srm", "trash", "mkfs"}
_SPLITS = re.compile(r"^[();&|{}]+$")


def is_a_deletion(line: str, directory: Path | None = None) -> bool:
    """Whether it can delete or empty a folder, overwrite a file, or uninstall something.

    Taking away a link (`rm venv`, `ln -sfn`), an empty folder (`rmdir`) or an entry of git's index
    is none. A `>` is one if the file is there already, in this directory; without one, always.
    """
    inner = re.findall(r"\$\(([^()]*)\)|`([^`]*)`", line)
    if any(is_a_deletion(a or b, directory) for a, b in inner):
        return True
    return any(_deletes(words, directory) for words in _simple_commands(line))


def _simple_commands(line: str) -> Iterator[list[str]]:
    """The words of each command in the line; a `>` and what it names are among them."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="();<>|&{}\n")
    lexer.whitespace = " \t"
    lexer.whitespace_split = True
    lexer.commenters = ""
    words: list[str] = []
    for token in lexer:
        if _SPLITS.match(token) or token == "\n":
            yield words
            words = []
        else:
            words.append(token)
    yield words


def _deletes(words: list[str], directory: Path | None) -> bool:
    if _overwrites(words, directory):
        return True
    while words and (words[0] in _BEFORE_A_COMMAND or re.match(r"\w+=", words[0])):
        words = words[1:]
    if not words:
        return False
    name, rest = words[0].rpartition("/")[2], words[1:]
    if name in _REMOVES_ALWAYS:
        return True
    if name in _SHELLS:
        return any(is_a_deletion(word, directory) for word in rest if not word.startswith("-"))
    if re.match(r"(python|pypy)[\d.]*$", name) and "-m" in rest:
        module = rest[rest.index("-m") + 1 :]
        return bool(module) and _deletes(module, directory)
    judge = _JUDGES.get(name)
    return judge is not None and judge(rest)


def _overwrites(words: list[str], directory: Path | None) -> bool:
    named = [
        name
        for operator, name in pairwise(words)
        if operator in {">", ">|", "&>"} and not re.match(r"/dev/\w+$|&?\d$", name)
    ]
    return any(directory is None or (directory / name).exists() for name in named)


def _flags(rest: list[str]) -> str:
    """The letters of all short options."""
    return "".join(word[1:] for word in rest if re.match(r"-[A-Za-z]", word))


def _rm(rest: list[str]) -> bool:
    return bool(set(_flags(rest)) & {"r", "R"}) or "--recursive" in rest


def _mv(rest: list[str]) -> bool:
    return "n" not in _flags(rest) and "--no-clobber" not in rest


def _git(rest: list[str]) -> bool:
    while rest and rest[0].startswith("-"):
        rest = rest[2:] if rest[0] in {"-C", "-c"} else rest[1:]
    match rest:
        case ["clean" | "restore", *_]:
            return "--staged" not in rest or "--worktree" in rest
        case ["rm", *_]:
            return "--cached" not in rest
        case ["checkout", *others]:
            return "--" in others or "." in others or "f" in _flags(others) or "--force" in others
        case ["reset", *others]:
            return "--hard" in others
        case ["stash", *others]:
            return bool({"drop", "clear"} & set(others))
        case (
            ["worktree", "remove", *_] | ["branch", "-D", *_] | ["switch", "--discard-changes", *_]
        ):
            return True
    return False


def _pip(rest: list[str]) -> bool:
    return "uninstall" in rest


def _uv(rest: list[str]) -> bool:
    if "venv" in rest and "--clear" in rest:
        return True
    exact = "--exact" in rest or "--inexact" not in rest
    return "uninstall" in rest or "remove" in rest or ("sync" in rest and exact)


def _find(rest: list[str]) -> bool:
    return "-delete" in rest or any(word.rpartition("/")[2] == "rm" for word in rest)


_JUDGES: dict[str, Callable[[list[str]], bool]] = {
    "rm": _rm,
    "mv": _mv,
    "git": _git,
    "pip": _pip,
    "pip3": _pip,
    "uv": _uv,
    "find": _find,
    "xargs": _find,
    "venv": lambda rest: "--clear" in rest,
    "virtualenv": lambda rest: "--clear" in rest,
    "rsync": lambda rest: any(word.startswith("--delete") for word in rest),
    "conda": lambda rest: bool({"remove", "uninstall"} & set(rest)),
    "poetry": lambda rest: "--sync" in rest or rest[:1] in (["sync"], ["remove"]),
    "pipenv": lambda rest: rest[:1] in (["sync"], ["clean"], ["uninstall"], ["--rm"]),
    "dd": lambda rest: any(word.startswith("of=") for word in rest),
    "tee": lambda rest: "a" not in _flags(rest),
    "cp": lambda rest: "n" not in _flags(rest),
}
