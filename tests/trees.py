"""Directory trees as literals, the venvs and interpreters of tests, and what a hook says there."""

from __future__ import annotations

import functools
import io
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from hooks.rule_names import RULES


class Symlink(str):
    """A link with this text."""

    __slots__ = ()


class Fifo:
    """A named pipe that nobody writes to."""


class Executable(str):
    """A file that may be executed."""

    __slots__ = ()


Tree = Mapping[str, "str | bytes | Fifo | Tree"]


def build(tree: Tree, root: Path) -> Path:
    """Make the tree in `root` (made if need be) and return it; `a/b` as a name makes both."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        match content:
            case Symlink():
                path.symlink_to(content)
            case Executable():
                path.write_text(content)
                path.chmod(0o755)
            case str():
                path.write_text(content)
            case bytes():
                path.write_bytes(content)
            case Fifo():
                os.mkfifo(path)
            case _:
                build(content, path)
    return root


def put_back(original: Path, copy: Path) -> None:
    """Make the copy what the original is; what has not been touched since is left alone."""
    if original.is_symlink() or not original.is_dir():
        if _stamp(original) != _stamp(copy):
            remove(copy)
            shutil.copy2(original, copy, follow_symlinks=False)
        return
    if copy.is_symlink() or not copy.is_dir():
        remove(copy)
        copy.mkdir()
    names = os.listdir(original)
    for name in set(os.listdir(copy)) - set(names):
        remove(copy / name)
    for name in names:
        put_back(original / name, copy / name)
    shutil.copystat(original, copy)


def _stamp(path: Path) -> tuple[object, ...]:
    """What tells whether a file or link was touched; a changed file has another time."""
    if not os.path.lexists(path):
        return ()
    if path.is_symlink():
        return (os.readlink(path),)
    status = path.stat()
    return status.st_mode, status.st_size, status.st_mtime_ns


def remove(path: Path) -> None:
    """Whatever is there, if anything is; a link, not what it leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


class Python(NamedTuple):
    """An interpreter of this machine that can be the base of a venv."""

    version: str
    """`3.11`"""
    executable: str


@functools.cache
def pythons() -> tuple[Python, ...]:
    """One CPython of each minor version from 3.8 on that can be found, oldest first."""
    candidates = [sys.executable]
    on_path = (shutil.which(f"python3.{minor}") for minor in range(8, 15))
    candidates += [path for path in on_path if path is not None]
    if (pyenv := shutil.which("pyenv")) is not None:
        root = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=False)
        candidates += map(str, sorted(Path(root.stdout.strip()).glob("versions/3.*/bin/python")))
    question = (
        "import os, sys; print(*sys.version_info[:2], sys.implementation.name, "
        "os.path.realpath(sys._base_executable))"
    )
    found: dict[tuple[int, int], Python] = {}
    for candidate in candidates:
        answer = subprocess.run(
            [candidate, "-I", "-c", question], capture_output=True, text=True, check=False
        )
        if answer.returncode == 0:
            major, minor_, implementation, executable = answer.stdout.strip().split(" ", 3)
            if implementation == "cpython" and (int(major), int(minor_)) >= (3, 8):
                version = Python(f"{major}.{minor_}", executable)
                found.setdefault((int(major), int(minor_)), version)
    return tuple(found[version] for version in sorted(found))


def tool(name: str) -> str:
    """A development dependency's command, beside the Python that runs the tests."""
    return str(Path(sys.executable).parent / name)


def git(directory: Path, *arguments: str) -> str:
    """Run git there and return what it prints; it must succeed."""
    run = subprocess.run(
        ["git", *arguments], cwd=directory, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def paste(line: str, directory: Path) -> None:
    """Do what a reader does with a `fix:`: paste it into a shell there. It must succeed."""
    run = subprocess.run(
        ["bash", "-c", line], cwd=directory, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, f"{line}\n{run.stdout}{run.stderr}"


def make_venv(place: Path) -> Path:
    """A real venv of the Python that runs the tests; without pip, so that it takes no time."""
    venv.create(place, symlinks=True)
    return place


class Said(NamedTuple):
    """The exit status of a hook, and all that it printed."""

    status: int
    output: str


def said_by(main: Callable[[Sequence[str]], int], project: Path, *arguments: str) -> Said:
    """The same, without the rules' names."""
    status, output = said_whole(main, project, *arguments)
    return Said(status, without_rules(output))


def said_whole(main: Callable[[Sequence[str]], int], project: Path, *arguments: str) -> Said:
    """Run a hook in a project, as a runner does, but in this process."""
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)
    with chdir(project), redirect_stdout(output), redirect_stderr(output):
        try:
            status = main(arguments)
        except SystemExit as ended:
            status = int(str(ended.code or 0))
    output.seek(0)
    return Said(status, output.read())


def without_rules(output: str) -> str:
    """The findings without their rules' names, which have tables of their own."""
    return re.sub(rf" \[(?:{'|'.join(RULES)})?\]$", "", output, flags=re.MULTILINE)


def repairs(output: str) -> list[str]:
    """The commands that a hook's output tells to paste, `fix:` and `or:`."""
    lines = (line.strip().partition(": ") for line in output.splitlines() if line[:2] == "  ")
    return [command for label, _, command in lines if label in {"fix", "or"}]
