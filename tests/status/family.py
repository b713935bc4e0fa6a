"""A family of real venv, real repositories and real runners, for shared-venv-status."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from hooks.shared_venv_status import main
from tests.trees import Said, Tree, build, git, make_venv, said_whole

OWNER = "dr-daily-report"
TELEGRAM, MEDIA, NEWS = (f"{OWNER}_{name}" for name in ["telegram", "media", "news"])
MEMBERS = (TELEGRAM, MEDIA, NEWS)
FOUR = (OWNER, *MEMBERS)
TARGET = f"../{OWNER}/venv"
VERSION = "{}.{}".format(*sys.version_info)
FULL = "{}.{}.{}".format(*sys.version_info)
SITE = f"venv/lib/python{VERSION}/site-packages"
CONFIGURATION = ".pre-commit-config.yaml"
REQUIREMENTS = {
    OWNER: "pandas==2.0.0\nnumpy==1.24.0\n",
    TELEGRAM: "pandas>=2.0\nrequests==2.31.0\n",
    MEDIA: "numpy==1.24.0\n",
    NEWS: "",
}


def configuration(*arguments: str, rev: str = "v1.0.0") -> str:
    listed = ", ".join(f"'{each}'" for each in arguments or [f"--target={TARGET}"])
    return (
        "repos:\n  - repo: https://github.com/OWNER/shared-venv-hooks\n"
        f"    rev: {rev}\n    hooks:\n      - id: check-shared-venv\n        args: [{listed}]\n"
    )


def distributions(*wanted: str) -> Tree:
    """`pandas==2.0.0`, or with what it needs: `pandas==2.0.0 numpy>=1.20`."""
    site: dict[str, Tree] = {}
    for each in wanted:
        pin, *requires = each.split()
        name, version = pin.split("==")
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        lines += [f"Requires-Dist: {one}" for one in requires]
        site[f"{name}-{version}.dist-info"] = {"METADATA": "\n".join(lines) + "\n"}
    return site


INSTALLED = distributions("pandas==2.0.0 numpy>=1.20", "numpy==1.24.0", "requests==2.31.0")


def make_project(folder: Path, tree: Tree) -> Path:
    build({".gitignore": "/venv\n", **tree}, folder)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message=Begin")
    return folder


def make_family(dev: Path, members: tuple[str, ...] = MEMBERS) -> Path:
    for name in [OWNER, *members]:
        files = {CONFIGURATION: configuration(), "requirements.txt": REQUIREMENTS.get(name, "")}
        make_project(dev / name, files)
        if name != OWNER:
            (dev / name / "venv").symlink_to(TARGET)
    make_venv(dev / OWNER / "venv")
    build({SITE: INSTALLED}, dev / OWNER)
    return dev


def status(project: Path, *arguments: str) -> Said:
    """What is said there; with `DEV`, and `SIZE` for each size."""
    code, output = said_whole(main, project, *arguments)
    output = output.replace(os.path.realpath(project.parent), "DEV")
    return Said(code, re.sub(r"\b\d[\d.]* [KMG]iB", "SIZE", output))
