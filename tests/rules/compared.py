"""What projects ask for as text, venvs as literals, and what a comparison tells."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from hooks.fast.markers import Environment
from hooks.requirements.origin import Origin
from hooks.requirements.requirements_file import read_requirements
from hooks.rules.facts import Asked, Venv
from hooks.rules.mismatch import Told
from hooks.venvs.installed import Distribution

PYTHON = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "python_full_version": "3.11.7",
    "python_version": "3.11",
    "sys_platform": "linux",
}

Installed = Mapping[str, Sequence[str]]
"""`{"requests 2.31.0": ["idna>=2"]}`: names with versions, and what each needs."""


def a_venv(
    installed: Installed, origins: Mapping[str, Origin] | None = None, *, is_short: bool = False
) -> Venv:
    distributions = {}
    for name_and_version, requires in installed.items():
        name, version = name_and_version.split()
        path = f"venv/lib/{name}-{version}.dist-info"
        distributions[name] = Distribution(name, version, path, tuple(requires))
    return Venv(distributions, Environment(PYTHON, is_short=is_short), origins or {}, "/venv/src")


def asked(directory: Path, text: str, *, included: Mapping[str, str] | None = None) -> Asked:
    """What a requirements.txt with this text in that directory asks for."""
    directory.mkdir(exist_ok=True)
    for name, content in {"requirements.txt": text, **(included or {})}.items():
        (directory / name).write_text(content)
    path = os.path.relpath(directory / "requirements.txt")
    read = read_requirements(path, directory=os.path.realpath(directory), environ={})
    assert read.messages == []
    return Asked(read.required)


def told(problems: Sequence[Told]) -> list[str]:
    return [f"{each.path}:{each.line}: {each.what} [{each.rule}]" for each in problems]
