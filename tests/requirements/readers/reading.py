"""A project full of files, and what is read of them as lines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hooks.problems import Problem
from hooks.report import Note
from hooks.requirements.required import Read, Required
from hooks.requirements.requirements_file import read_requirements
from tests.trees import Fifo, Symlink, Tree

ENVIRON = {
    "TOKEN": "s3cret",
    "DIR": "pkg",
    "NEST": "${DIR}",
    "BLANK": " x",
    "FLAG": "--pre",
    "BAD": "--s3cret",
    "WORD": "no-index",
    "HASH": "#",
    "EMPTY": "",
    "QUOTED": ".txt'",
}


PROJECT: Tree = {
    "pkg": {"pyproject.toml": ""},
    "old": {"setup.py": ""},
    "empty": {"readme": ""},
    "my dir": {"setup.py": ""},
    "pkg.zip": "",
    "a-1.0-py3-none-any.whl": "",
    "base.txt": "base==1\n",
    "limits.txt": "limited<2\n",
    "sub": {"dev.txt": "-r ../base.txt\n-c ../limits.txt\nsub-dev\n", "own.txt": "-e ./pkg\n"},
    "cycle.txt": "one\n-r cycle2.txt\ntwo\n",
    "cycle2.txt": "three\n-r cycle.txt\nfour\n",
    "bad-limits.txt": "-e ./pkg\n./pkg\nx[e]\nfine<3\n",
    "url.txt": "a @ https://h/a.zip\n",
    "lead-on.txt": "-r base.txt\nled<1\n",
    "pipe.txt": Fifo(),
    "to-shadow.txt": Symlink("/etc/shadow"),
}


OUTSIDE: Tree = {"shared.txt": "good\nroot:$6$salt:1::\n-e\nbad word\n-r none.txt\n"}


def read(content: str | bytes) -> Read:
    Path("requirements.txt").write_bytes(content.encode() if isinstance(content, str) else content)
    return read_requirements("requirements.txt", directory=".", environ=ENVIRON)


def shown(required: Iterable[Required]) -> list[str]:
    """Each as a line: its place, its text, and every part of what it means."""
    lines = []
    for each in required:
        place = each.path if each.line is None else f"{each.path}:{each.line}"
        extras = f"[{','.join(sorted(each.extras))}]" if each.extras else ""
        url = f" @ {each.url}" if each.url is not None else ""
        meaning = f"{each.name}{extras}{each.specifier.parsed}{url}"
        meaning += f" ; {each.marker}" if each.marker else ""
        meaning += " (editable)" if each.editable else ""
        meaning += " (constraint)" if each.constraint else ""
        lines.append(f"{place} {each.text} -> {meaning}".replace(Path.cwd().as_uri(), "ROOT"))
    return [line.removeprefix("requirements.txt:") for line in lines]


def told(messages: Iterable[Problem | Note]) -> list[str]:
    lines = []
    for message in messages:
        if isinstance(message, Note):
            lines.append(f"note: {message.what}")
        else:
            place = "" if message.line is None else f":{message.line}"
            lines.append(f"{message.path}{place}: {message.what}")
    return [line.removeprefix("requirements.txt:") for line in lines]
