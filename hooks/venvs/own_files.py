"""Which files in a folder are a venv's own."""

from __future__ import annotations

import os
import re

from hooks.files import list_directory, read_file
from hooks.venvs.environment import is_venv
from hooks.venvs.layout import site_packages

# What `venv`, `virtualenv`, `uv`, `pip` and `jupyter` put at the top of a venv. `src`, where pip
# clones `-e git+…`, is missing on purpose: somebody may have work in there.
OWN_ENTRIES = frozenset(
    {"bin", "lib", "lib64", "include", "share", "etc", "man", "pyvenv.cfg", "conda-meta"}
    | {".gitignore", ".lock", "CACHEDIR.TAG", "pip-selfcheck.json"}
)


# What is a venv's beyond doubt in a directory that holds other things as well: `bin`, `lib` and
# `include` may be the project's own. CPython 3.14 adds a `𝜋thon`.
_PART = (
    r"pyvenv\.cfg$|lib64$|conda-meta(?=/|$)"
    r"|(?:lib|lib64|include)/[a-z]+\d+\.\d+t?(?=/|$)|include/site(?=/|$)"
    r"|bin/(?:python|𝜋thon|pypy|graalpy|pip|pydoc)[0-9.-]*t?$|bin/pydoc\.bat$"
    r"|bin/(?:activate_this\.py|[Aa]ctivate(?:\.(?:bat|csh|fish|nu|ps1|xsh))?)$"
    r"|bin/deactivate(?:\.(?:bat|nu))?$"
)


def holds_only_a_venv(path: str) -> bool:
    """Whether nothing is lost with the directory but what can be installed again."""
    entries = list_directory(path)
    if not is_venv(path) or not entries or not OWN_ENTRIES.issuperset(entries):
        return False
    recorded = recorded_files(path)
    for directory, folders, names in os.walk(path):
        below = "" if directory == path else f"{os.path.relpath(directory, path)}/"
        if below.endswith("__pycache__/"):
            names = [name for name in names if not name.endswith(".pyc")]
        names += [name for name in folders if os.path.islink(f"{directory}/{name}")]
        folders[:] = [name for name in folders if not part_of_venv(below + name)]
        for file in [below + name for name in names]:
            if not (file in OWN_ENTRIES or part_of_venv(file) or file in recorded):
                return False
    return True


def part_of_venv(path: str) -> str | None:
    """The part of a venv that this path, counted from the venv, is or lies in."""
    found = re.match(_PART, path)
    return found[0] if found else None


def recorded_files(venv: str) -> set[str]:
    """What installers have put outside of `site-packages`, by `RECORD` (PEP 376), from the venv."""
    files: set[str] = set()
    for directory in site_packages(venv, None):
        for name in list_directory(directory):
            content = read_file(f"{directory}/{name}/RECORD")
            if isinstance(content, bytes):
                files.update(re.findall(r'(?m)^"?(?:\.\./){3}([^,"\n]+)', os.fsdecode(content)))
    return files
