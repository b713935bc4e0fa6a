"""What the benchmarks look at: environments, a family of four, and projects that grow."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
CHECKOUT = HERE.parent
TOOLS = ["pip", "pip-tools", "pipdeptree", "pre-commit", "prek", "uv"]
HOOKS = {
    "three-hooks": ["check-venv-symlink", "forbid-local-venv", "check-requirements-sync"],
    "shared-hook": ["check-shared-venv"],
}
"""What a runner is configured with."""
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
TARGET = "--target=../owner/venv"

_UNWANTED = ("CI", "GIT_", "PRE_COMMIT", "PREK_", "PYTHON", "VIRTUAL_ENV")
_GIT_ENVIRONMENT = {
    **{
        f"GIT_{who}_{what}": "bench"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    },
    "GIT_CONFIG_GLOBAL": os.devnull,
    # The same content is then the same commit, for which the runners have their environment ready.
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}
_RUNNER_CONFIGURATION = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks:
"""
_TRIVIAL_HOOK = """\
repos:
  - repo: local
    hooks:
      - {id: trivial, name: trivial, language: system, entry: "true", always_run: true, \
pass_filenames: false}
"""


class Workshop(NamedTuple):
    """Where everything is; kept for the next time."""

    place: Path

    @property
    def environ(self) -> dict[str, str]:
        """The user's, without what would change what is measured."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(_UNWANTED)}
        return {
            **kept,
            "PRE_COMMIT_HOME": str(self.place / "pre-commit"),
            "PREK_HOME": str(self.place / "prek"),
        }

    @property
    def family(self) -> Path:
        return self.place / "family"

    @property
    def member(self) -> Path:
        return self.family / "member-1"

    @property
    def venv(self) -> Path:
        return self.family / "owner" / "venv"

    def tool(self, name: str) -> str:
        return str(self.place / "tools" / "bin" / name)

    def hook(self, name: str) -> str:
        return str(self.place / "hooks" / "bin" / name)

    def run(self, *words: str, directory: Path | None = None, text: str = "") -> str:
        """Run a command that must succeed; what it prints."""
        environ = {**self.environ, **_GIT_ENVIRONMENT}
        result = subprocess.run(
            words, cwd=directory or self.place, env=environ, input=text, text=True,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        if result.returncode != 0:
            sys.exit(f"this failed: {' '.join(words)}")
        return result.stdout


def build(place: Path) -> Workshop:
    """The tools and the family, unless they are there already; the hooks as they are now."""
    workshop = Workshop(place)
    lock = (HERE / "requirements.txt").read_bytes()
    key = f"{sys.version} {hashlib.sha256(lock).hexdigest()} {place}"
    is_there = place / "built-from"
    if not is_there.exists() or is_there.read_text() != key:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        _make_tools(workshop)
        _make_family(workshop)
        is_there.write_text(key)
    _install_hooks(workshop)
    _configure_runners(workshop)
    return workshop


def _make_tools(workshop: Workshop) -> None:
    workshop.run(sys.executable, "-m", "venv", "tools")
    python = workshop.tool("python")
    workshop.run(python, "-m", "pip", "install", "--quiet", "--upgrade", *TOOLS)


def _make_family(workshop: Workshop) -> None:
    """An owner with the real venv, and three members; all four ask for everything in it."""
    uv, venv = workshop.tool("uv"), str(workshop.venv)
    workshop.run(uv, "venv", "--quiet", "--python", sys.executable, venv)
    wanted = str(HERE / "requirements.txt")
    install = ["pip", "install", "--quiet", "--only-binary", ":all:", "--no-deps", "--python", venv]
    workshop.run(uv, *install, "--requirement", wanted)
    # uv does not, but pip does; it is pip's time to start that counts here.
    packages = workshop.venv / "lib" / PYTHON / "site-packages"
    workshop.run(f"{venv}/bin/python", "-m", "compileall", "-q", str(packages / "pip"))
    for name in ["owner", "member-1", "member-2", "member-3"]:
        project = workshop.family / name
        project.mkdir(exist_ok=True)
        if name != "owner":
            (project / "venv").symlink_to("../owner/venv")
        shutil.copy(wanted, project)
        (project / ".gitignore").write_text("/venv\n")
        commit(workshop, project)


def commit(workshop: Workshop, repository: Path) -> str:
    """All that is there, in a new repository."""
    workshop.run("git", "init", "--quiet", directory=repository)
    workshop.run("git", "add", "--all", directory=repository)
    workshop.run("git", "commit", "--quiet", "--message", "all", directory=repository)
    return workshop.run("git", "rev-parse", "HEAD", directory=repository).strip()


def _install_hooks(workshop: Workshop) -> None:
    """As a runner does it: not editable, in an environment of their own; and the floor there."""
    shutil.rmtree(workshop.place / "hooks", ignore_errors=True)
    source = workshop.place / "checkout"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir()
    for name in ["LICENSE", "README.md", "pyproject.toml", ".pre-commit-hooks.yaml"]:
        shutil.copy(CHECKOUT / name, source)
    no_caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "hooks", source / "hooks", ignore=no_caches)
    uv = workshop.tool("uv")
    workshop.run(uv, "venv", "--quiet", "--python", sys.executable, "hooks")
    install = ["pip", "install", "--quiet", "--compile-bytecode", "--python", "hooks"]
    workshop.run(uv, *install, "--no-cache", str(source))
    library = workshop.place / "hooks" / "lib" / PYTHON / "site-packages"
    shutil.copy(HERE / "floor.py", library)
    workshop.run(workshop.hook("python"), "-m", "compileall", "-q", str(library / "floor.py"))
    for function in ["at_once", "parse_and_return"]:
        script = Path(workshop.hook(function))
        script.write_text(
            f"#!{workshop.hook('python')}\nimport sys\nfrom floor import {function}\n"
            f"if __name__ == '__main__':\n    sys.exit({function}())\n"
        )
        script.chmod(0o755)


def _configure_runners(workshop: Workshop) -> None:
    """A configuration with the three hooks, one with all in one, one that does nothing."""
    source = workshop.place / "checkout"
    start = _RUNNER_CONFIGURATION.format(repository=source, revision=commit(workshop, source))
    for name, hooks in HOOKS.items():
        entries = "".join(f"      - {{id: {hook}, args: [{TARGET}]}}\n" for hook in hooks)
        (workshop.place / f"{name}.yaml").write_text(start + entries)
    (workshop.place / "trivial-hook.yaml").write_text(_TRIVIAL_HOOK)


# -- what grows -----------------------------------------------------------------------------------


def make_venv(project: Path, distributions: int, *, needing: int = 0) -> None:
    """A venv with made-up distributions, each of which needs the following ones.

    They have the metadata of a usual one: extras, classifiers, and a page of description.
    """
    packages = project / "venv" / "lib" / PYTHON / "site-packages"
    packages.mkdir(parents=True)
    version = ".".join(map(str, sys.version_info[:3]))
    python = Path(sys.base_prefix, "bin", PYTHON)
    (project / "venv" / "pyvenv.cfg").write_text(f"home = {python.parent}\nversion = {version}\n")
    (project / "venv" / "bin").mkdir()
    (project / "venv" / "bin" / "python").symlink_to(python)
    for number in range(distributions):
        needed = range(number + 1, min(number + 1 + needing, distributions))
        info = packages / f"{_name(number).replace('-', '_')}-1.{number}.dist-info"
        info.mkdir()
        lines = [
            "Metadata-Version: 2.4",
            f"Name: {_name(number)}",
            f"Version: 1.{number}",
            *(f"Classifier: Made :: Up :: {line}" for line in range(12)),
            *(f"Requires-Dist: {_name(other)}>=1.0,<2" for other in needed),
            *(f'Requires-Dist: extra-{line}>=1; extra == "docs"' for line in range(6)),
            "Provides-Extra: docs",
            "",
            "All about it, at length.\n" * 200,
        ]
        (info / "METADATA").write_text("\n".join(lines))


def pins(numbers: Iterable[int]) -> str:
    return "".join(f"{_name(number)}==1.{number}\n" for number in numbers)


def lower_bounds(numbers: Iterable[int], bound: int) -> str:
    return "".join(f"{_name(number)}>=0.{bound}\n" for number in numbers)


def _name(number: int) -> str:
    return f"made-up-{number:05}"


def make_siblings(owner: Path, number: int, distributions: int) -> None:
    """Beside the owner, with its venv; half of what they ask for is in a text of their own."""
    half = distributions // 2
    for sibling in range(number):
        project = owner.parent / f"sibling-{sibling}"
        project.mkdir()
        (project / "venv").symlink_to(f"../{owner.name}/venv")
        text = pins(range(half)) + lower_bounds(range(half, distributions), sibling)
        (project / "requirements.txt").write_text(text)


def make_files(workshop: Workshop, project: Path, files: int) -> None:
    """A repository that tracks so many files, twenty in a directory, ten directories in another."""
    project.mkdir(parents=True)
    workshop.run("git", "init", "--quiet", directory=project)
    blob = workshop.run("git", "hash-object", "-w", "--stdin", directory=project).strip()
    paths = [_path(number) for number in range(files)]
    for directory in dict.fromkeys(map(os.path.dirname, paths)):
        (project / directory).mkdir(parents=True)
    for path in paths:
        os.close(os.open(project / path, os.O_CREAT | os.O_WRONLY))
    entries = "".join(f"100644 {blob}\t{path}\n" for path in paths)
    workshop.run("git", "update-index", "--index-info", directory=project, text=entries)


def _path(number: int) -> str:
    directory = number // 20
    parts: Sequence[object] = [f"part-{directory // 100}", f"package-{directory // 10 % 10}"]
    return "/".join(map(str, [*parts, f"module-{directory % 10}", f"file-{number % 20}.py"]))
