"""A family in which all three hooks pass, small enough to be built anew for each test.

`owner` holds the venv, `member` is where the hooks run, `sibling` is a sibling. What the member
asks for is spread over every kind of file that a hook reads.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from hooks import check_requirements_sync, check_venv_symlink, forbid_local_venv
from tests.trees import (
    Executable,
    Said,
    Symlink,
    Tree,
    build,
    git,
    make_venv,
    said_by,
    without_rules,
)

VERSION = "{}.{}".format(*sys.version_info)
SITE_PACKAGES = f"owner/venv/lib/python{VERSION}/site-packages"
TARGET = "--target=../owner/venv"


class Hook(NamedTuple):
    name: str
    main: Callable[[Sequence[str]], int]
    arguments: tuple[str, ...]


HOOKS = (
    Hook("check-venv-symlink", check_venv_symlink.main, (TARGET, "--require-command=tool")),
    Hook("forbid-local-venv", forbid_local_venv.main, (TARGET,)),
    Hook(
        "check-requirements-sync",
        check_requirements_sync.main,
        (
            TARGET,
            "--requirements=requirements.txt",
            "--requirements=pyproject.toml",
            "--requirements=pylock.toml",
        ),
    ),
)


SILENT = Said(0, "")


def family_tree(dev: str) -> Tree:
    """All but the venv itself and the git repositories."""
    beta = Path(dev, "beta").as_uri()
    return {
        "owner": {
            "requirements.txt": "alpha==1\n",
            "venv/bin/tool": Executable(
                f"#!/bin/sh\n'''exec' \"{dev}/owner/venv/bin/python\" \"$0\" \"$@\"\n' '''\n"
            ),
        },
        SITE_PACKAGES: {
            "alpha-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: alpha\nVersion: 1\n",
            "beta-2.dist-info/METADATA": "Metadata-Version: 2.1\nName: beta\nVersion: 2\n",
            "beta-2.dist-info/direct_url.json": f'{{"dir_info": {{}}, "url": "{beta}"}}',
            "gamma.pth": f"{dev}/gamma\n",
        },
        "gamma/gamma-3.dist-info/METADATA": "Metadata-Version: 2.1\nName: gamma\nVersion: 3\n",
        "beta/pyproject.toml": '[project]\nname = "beta"\n',
        "member": {
            ".gitignore": "/venv\n",
            "venv": Symlink("../owner/venv"),
            "requirements.txt": f"-r more.txt\nbeta @ {beta}\n",
            "more.txt": "alpha==1\n",
            "pyproject.toml": '[project]\nname = "member"\ndependencies = [\n  "gamma==3",\n]\n',
            "pylock.toml": 'lock-version = "1.0"\ncreated-by = "hand"\n'
            '[[packages]]\nname = "alpha"\nversion = "1"\n'
            '[[packages.wheels]]\nname = "alpha-1-py3-none-any.whl"\npath = "alpha.whl"\n'
            f'hashes = {{sha256 = "{"0" * 64}"}}\n',
        },
        "sibling": {
            ".gitignore": "/venv\n",
            "venv": Symlink("../owner/venv"),
            "requirements.txt": "alpha>=1\n",
        },
    }


def make_family(dev: Path) -> Path:
    """Build it in this folder, with a real venv and real git repositories."""
    make_venv(dev / "owner" / "venv")
    build(family_tree(str(dev)), dev)
    git(dev, "init", "--quiet", "member")
    git(dev / "member", "add", ".")
    git(dev / "member", "commit", "--quiet", "--message=all")
    return dev


def copy_family(original: Path, dev: Path) -> Path:
    """A family made before, at another place; what names the place names the new one."""
    shutil.copytree(original, dev, symlinks=True)
    build(family_tree(str(dev)), _without_links(dev))
    activate = dev / "owner" / "venv" / "bin" / "activate"
    activate.write_text(activate.read_text().replace(str(original), str(dev)))
    return dev


def _without_links(dev: Path) -> Path:
    for project in ["member", "sibling"]:
        (dev / project / "venv").unlink()
    return dev


def run(hook: Hook, project: Path, *arguments: str) -> Said:
    """With its own arguments, if none are given."""
    return said_by(hook.main, project, *(arguments or hook.arguments))


def run_all(project: Path) -> dict[str, Said]:
    """What each hook says that does not pass in silence, by its name."""
    said = {hook.name: run(hook, project) for hook in HOOKS}
    return {name: each for name, each in said.items() if each != SILENT}


def run_all_apart(project: Path, *before: str, **environ: str) -> dict[str, Said]:
    """The same, each hook in a process of its own, started by the command `before`."""
    checkout = Path(__file__).parent.parent
    said = {}
    for hook in HOOKS:
        module = f"hooks.{hook.name.replace('-', '_')}"
        code = f"import sys; from {module} import main; sys.exit(main(sys.argv[1:]))"
        ran = subprocess.run(
            [*before, sys.executable, "-P", "-c", code, *hook.arguments],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(checkout), **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        said[hook.name] = Said(ran.returncode, without_rules(ran.stdout + ran.stderr))
    return {name: each for name, each in said.items() if each != SILENT}
