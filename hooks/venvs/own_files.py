"""Which files in a folder are an environment's own: what has to leave git, and what may not."""

from __future__ import annotations

import re

from hooks.files import list_directory, read_file
from hooks.venvs.layout import site_packages

# What `venv`, `virtualenv`, `uv`, `pip` and `jupyter` put at the top of an environment, on Windows
# as well. `src` is missing on purpose: pip clones there what somebody may work in.
OWN_ENTRIES = frozenset(
    {"bin", "lib", "lib64", "include", "share", "etc", "man", "local", "pyvenv.cfg", "conda-meta"}
    | {"Scripts", "Lib", "Include", "tcl", "python.exe", "pythonw.exe"}
    | {".gitignore", ".lock", "CACHEDIR.TAG", "pip-selfcheck.json"}
)

# What is an environment's beyond doubt in a folder that holds other things as well: `bin`, `lib`
# and `include` may be the project's own. CPython 3.14 adds a `𝜋thon`.
_PART = (
    r"pyvenv\.cfg$|lib64$|pip-selfcheck\.json$|conda-meta(?=/|$)"
    r"|(?:lib|lib64|include)/[a-z]+\d+\.\d+t?(?=/|$)|include/site(?=/|$)"
    r"|bin/(?:python|𝜋thon|pypy|graalpy|pip|wheel|easy_install|pydoc)[0-9.-]*t?$|bin/pydoc\.bat$"
    r"|bin/(?:activate_this\.py|[Aa]ctivate(?:\.(?:bat|csh|fish|nu|ps1|xsh))?)$"
    r"|bin/deactivate(?:\.(?:bat|nu))?$|bin/python-config$"
    r"|Scripts/(?:[^/]+\.exe|[Aa]ctivate(?:\.(?:bat|fish|nu|ps1|xsh))?|deactivate\.(?:bat|nu))$"
    r"|Lib/(?:site-packages|tcl[0-9.]+)(?=/|$)|Include/site(?=/|$)"
)

RECORD = re.compile(r"(?:^|/)(?:lib|lib64|Lib)/(?:[^/]+/)?site-packages/[^/]+\.dist-info/RECORD$")


def part_of_venv(path: str) -> str | None:
    """The part of an environment that this path, counted from it, is or lies in."""
    found = re.match(_PART, path)
    return found[0] if found else None


def recorded_files(venv: str) -> set[str]:
    """What installers have put outside of `site-packages`, from the environment."""
    files: set[str] = set()
    for directory in site_packages(venv, None):
        for name in list_directory(directory):
            content = read_file(f"{directory}/{name}/RECORD")
            if isinstance(content, bytes):
                files |= parse_record(content)
    return files


def parse_record(content: bytes) -> set[str]:
    """The same by the text of one `RECORD` (PEP 376)."""
    text = content.decode("utf-8", "surrogateescape")
    return set(re.findall(r'(?m)^"?(?:\.\./){2,3}([^./,"\n][^,"\n]*)', text))
