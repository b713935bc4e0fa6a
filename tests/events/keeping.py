"""What must hold whatever is pasted: nothing of the user's is lost, nothing is planted.

Everything here looks at the disk from outside, with real commands, and returns faults as lines.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.events.family import Family, quote, write_executable
from tests.events.projects import MEMBERS, OWNER

_NOT_THE_USERS = {".git", "__pycache__"}


def plant(family: Family) -> None:
    """What a user has lying about, in every project and in the shared venv."""
    for project in family.projects:
        root = family.dev / project
        (root / "notes.md").write_text("set aside\n")
        family.type("git stash --quiet", project)
        (root / "draft.md").write_text(f"not yet in git, in {project}\n")
        (root / "notes.md").write_text(f"# Notes\n\nnot yet committed, in {project}\n")
        (root / ".git" / "info" / "exclude").write_text(".env\n")
        (root / ".env").write_text(f"TOKEN=ignored-in-{project}\n")
    plant_in_venv(family.venv, "the shared venv")


def plant_in_venv(venv: Path, which: str) -> None:
    """Files of the user's in a venv: where nobody looks for any, and among the venv's own."""
    (venv / "notebooks").mkdir()
    (venv / "notebooks" / "analysis.ipynb").write_text(f"a week's work in {which}\n")
    (venv / "my.env").write_text(f"# variables kept in {which}\n")
    write_executable(venv / "bin" / "deploy", f"#!/bin/sh\necho 'deploys from {which}'\n")
    for library in venv.glob("lib/python3*/site-packages"):
        (library / "patched.py").write_text(f"# a patch that lives in {which} alone\n")
    with (venv / "bin" / "activate").open("a") as activate:
        activate.write(f"\nexport DR_STAGE=local  # added by hand in {which}\n")


class Snapshot(NamedTuple):
    """What is there, before anything is pasted."""

    files: dict[str, str]
    """What lies in the work trees and in no venv: the path from `dev`, and what it holds."""
    in_venvs: dict[str, str]
    """What a user has put into a venv: its hash, and the path."""
    distributions: set[str]
    """The names of what is installed, in any venv."""
    refs: dict[str, str]
    """What each repository's refs and stash are, but for the branch that is committed to."""


def snapshot(family: Family) -> Snapshot:
    return Snapshot(
        dict(_files(family.dev)),
        {_digest(path): str(path) for path in _walk(family.dev) if _is_planted(path)},
        set(installed(family.dev)),
        {project: _refs(family, project) for project in family.projects},
    )


def lost_since(before: Snapshot, family: Family) -> list[str]:
    """What a paste has taken away or changed, one line each; moved is not lost."""
    after = dict(_files(family.dev))
    faults = [
        f"lost: {path} is {_what_became(path, text, after)}"
        for path, text in before.files.items()
        if path not in after or not _is_kept(path, text, after[path])
    ]
    everywhere = {_digest(path) for path in _walk(family.dev)}
    faults += [
        f"lost: {path} (of the user's, in a venv)"
        for digest, path in before.in_venvs.items()
        if digest not in everywhere
    ]
    gone = before.distributions - set(installed(family.dev))
    faults += [f"lost: the distribution {name}" for name in sorted(gone)]
    faults += [
        f"lost: refs of {project}"
        for project, refs in before.refs.items()
        if project in family.projects and _refs(family, project) != refs
    ]
    return faults


def litter_since(before: Snapshot, family: Family) -> list[str]:
    """What a paste has left in a work tree that was there before, but for venvs and links."""
    trees = {Path(path).parts[0] for path in before.files}
    return [
        f"litter: {path}"
        for path in dict(_files(family.dev))
        if path not in before.files and Path(path).parts[0] in trees
        if not path.endswith(("/.gitignore", "/venv"))
    ]


def planted_in(family: Family) -> list[str]:
    """What would break for all when one member goes: in the shared venv's own files, then really."""
    faults = [*_wrong_words(family), *_wrong_activation(family)]
    faults += [f"planted: {family.venv}/venv"] if os.path.lexists(family.venv / "venv") else []
    away = family.world / "away"
    away.mkdir()
    members = set(MEMBERS) & set(family.projects)
    for member in members:
        (family.dev / member).rename(away / member)
    faults += [f"does not run without the members: {each}" for each in _do_not_run(family)]
    for member in members:
        (away / member).rename(family.dev / member)
    away.rmdir()
    return faults


def tree_of(family: Family) -> dict[str, str]:
    """All that there is, venvs included, but what installing the same again always changes."""
    noise = re.compile(r"\.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json|uv_cache\.json)$")
    tree = {
        str(path.relative_to(family.dev)): _content(path)
        for path in _walk(family.dev)
        if not noise.search(str(path))
    }
    for project in family.projects:
        tree[f"{project}: index"] = family.type("git ls-files --stage", project)
        tree[f"{project}: config"] = family.type("git config --local --list", project)
    return tree


def installed(folder: Path) -> Iterator[str]:
    """The names of the distributions in all venvs below this folder."""
    for library in folder.glob("**/lib/python3*/site-packages"):
        yield from versions_in(library)


def versions_in(library: Path) -> dict[str, str]:
    """What is installed there, by normalised name."""
    found = {}
    for metadata in sorted(library.glob("*.dist-info/METADATA")):
        words = dict(re.findall(r"^(Name|Version): (.*)$", metadata.read_text(), re.MULTILINE))
        found[re.sub(r"[-_.]+", "-", words["Name"]).lower()] = words["Version"]
    return found


def versions(family: Family) -> dict[str, str]:
    """What the shared venv holds."""
    libraries = family.venv.glob("lib/python3*/site-packages")
    return {name: version for each in libraries for name, version in versions_in(each).items()}


def strangers(family: Family) -> list[str]:
    """Distributions from another index than the one that the file which asks for them names."""
    faults = []
    for module in sorted(family.venv.glob("lib/python3*/site-packages/*/__init__.py")):
        if origin := re.search(r"^ORIGIN = '(.*)'$", module.read_text(), re.MULTILINE):
            name = module.parent.name
            own = {"dr_feeds": "private", "dr_digest": "private", "feedparser": origin[1]}
            right = own.get(name, "public")
            if origin[1] != right:
                faults.append(f"a stranger's: {name} is from the {origin[1]} index, not {right}")
    return faults


def console_scripts(venv: Path) -> list[str]:
    """The names of the commands that what is installed there provides."""
    names: list[str] = []
    for entries in sorted(venv.glob("lib/python3*/site-packages/*.dist-info/entry_points.txt")):
        section = entries.read_text().partition("[console_scripts]\n")[2].partition("[")[0]
        names += re.findall(r"^(\S+) *=", section, re.MULTILINE)
    return names


def _walk(folder: Path) -> Iterator[Path]:
    """Every file and link, links not followed; nothing of git's or of Python's caches."""
    for root, folders, files in os.walk(folder):
        links = [name for name in folders if os.path.islink(f"{root}/{name}")]
        folders[:] = [name for name in folders if name not in {*links, *_NOT_THE_USERS}]
        yield from (Path(root, name) for name in sorted([*files, *links]))


def _files(dev: Path) -> Iterator[tuple[str, str]]:
    """The same of the work trees alone: no venv is looked into, nor what was moved beside them."""
    for project in sorted(path for path in dev.iterdir() if (path / ".git").exists()):
        venvs = [each.parent for each in project.glob("**/pyvenv.cfg")]
        for path in _walk(project):
            place = project / "venv"
            in_a_venv = place in path.parents or any(each in path.parents for each in venvs)
            if not in_a_venv and path != place:
                yield str(path.relative_to(dev)), _content(path)


def _content(path: Path) -> str:
    return f"-> {os.readlink(path)}" if path.is_symlink() else _digest(path)


def _digest(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_planted(path: Path) -> bool:
    mine = {"analysis.ipynb", "my.env", "deploy", "patched.py"}
    return path.name in mine or (path.name == "activate" and "DR_STAGE" in path.read_text())


def _is_kept(path: str, before: str, after: str) -> bool:
    return before == after or path.endswith("/.gitignore")  # a line joins it; see the row


def _what_became(path: str, before: str, after: dict[str, str]) -> str:
    moved = [other for other, text in after.items() if text == before]
    return f"now {' and '.join(moved)}" if moved else "changed" if path in after else "gone"


def _refs(family: Family, project: str) -> str:
    lines = family.type("git for-each-ref", project).splitlines()
    return "\n".join(line for line in lines if "refs/heads/" not in line)


def _wrong_words(family: Family) -> Iterator[str]:
    """First lines that lead through a project that may go, or to another interpreter."""
    right = f"{family.venv.resolve()}/bin/python"
    for path in sorted((family.venv / "bin").iterdir()):
        if path.is_symlink() or not path.is_file():
            continue
        head = b"\n".join(path.read_bytes().split(b"\n")[:3]).decode(errors="replace")
        start = head if head.startswith("#!/bin/sh\n'''exec'") else head.partition("\n")[0]
        is_right = right in start and "/../" not in start
        if start.startswith("#!") and "python" in start and not is_right:
            yield f"planted: {path.name} starts with {head}"


def _wrong_activation(family: Family) -> Iterator[str]:
    """What activating in bash really leads to."""
    activate = quote(family.venv / "bin" / "activate")
    line = f'. {activate} && printf "%s\\n" "$VIRTUAL_ENV" "$(command -v python)"'
    status, output = family.run(line, OWNER if OWNER in family.projects else family.projects[0])
    real = str(family.venv.resolve())
    if (status, output) != (0, f"{real}\n{real}/bin/python\n"):
        yield f"activates something else ({status}): {output}"


def _do_not_run(family: Family) -> list[str]:
    """Each command of the shared venv that cannot be started, or ends with anything but 0."""
    failed = []
    for name in console_scripts(family.venv):
        if not re.match(r"pip\d", name):  # the same as `pip`
            status, output = family.run(f"{quote(family.venv / 'bin' / name)} --version", "..")
            failed += [f"{name} ({status}): {output}"] if status else []
    return failed
