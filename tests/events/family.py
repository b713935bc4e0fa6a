"""A real family of four on this machine, made once and put back for each test.

A venv is full of absolute paths, so the family always lies in the same place: what is made once is
kept beside it and copied back. Below `base`:

    index/      the wheels, served (see index.py)
    tools/      links to this system's commands, but to no Python and no installer
    home/       the user's home, with their git configuration and caches
    world/      what events change: bin/ (the user's Pythons and uv), dev/ (the four), origins/
    world/pythons/VERSION   a Python of its own, which an event can take away
    pristine/   how `world` was before, but for `pythons`
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import uv

from tests import base_python
from tests.events.projects import FOUR, MEDIA, MEMBERS, NEWS, OWNER, TARGET, TELEGRAM, files_of
from tests.trees import put_back, pythons, remove

VERSION = "{}.{}".format(*sys.version_info)
OTHER = next((each for each in reversed(pythons()) if each.version != VERSION), None)
"""A Python of another minor version, if this machine has one."""

LINK, LOCAL, SYNC = "check-venv-symlink", "forbid-local-venv", "check-requirements-sync"
SHARED = "check-shared-venv"
_MANIFEST = (Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text()
_PRISTINE = ("bin", "dev", "lib", "origins")
MODES = {SHARED: (SHARED,), "three hooks": (LINK, LOCAL, SYNC)}
"""What a commit runs: one hook for all, or one for each rule."""


class Said(NamedTuple):
    """What a hook said at a commit."""

    hook: str
    status: int
    output: str


class Told(NamedTuple):
    """What a commit in this project came to."""

    project: str
    committed: bool
    said: tuple[Said, ...]

    @property
    def output(self) -> str:
        return "".join(each.output for each in self.said)

    @property
    def fixes(self) -> list[str]:
        """Each line to paste once, in order, without the alternatives."""
        return list(dict.fromkeys(re.findall(r"^  fix: (.*)$", self.output, re.MULTILINE)))

    @property
    def alternatives(self) -> list[str]:
        return list(dict.fromkeys(re.findall(r"^  or: (.*)$", self.output, re.MULTILINE)))

    @property
    def rules(self) -> set[str]:
        return set(re.findall(r" \[([a-z-]+)\]$", self.output, re.MULTILINE))


class Family:
    """The projects below `dev`, and a developer's shell in each of them."""

    def __init__(self, base: Path, index: str) -> None:
        self.base = base
        self.index = index
        self.world = base / "world"
        self.environment = _developers_shell(base, index)
        self.reset()

    def reset(self) -> None:
        """What a test may have changed of this object."""
        self.dev = self.world / "dev"
        self.target = TARGET
        self.mode = SHARED
        self.options: dict[str, tuple[str, ...]] = {}
        """More arguments for a hook, by its id."""
        self.instead: tuple[str, ...] | None = None
        """The arguments of every hook, if not the usual ones."""

    @property
    def python(self) -> Path:
        """The base interpreter of the shared venv."""
        return self.world / "pythons" / VERSION / "bin" / f"python{VERSION}"

    @property
    def venv(self) -> Path:
        """The shared venv's own place."""
        return Path(os.path.normpath(self.dev / OWNER / self.target))

    @property
    def projects(self) -> list[str]:
        """Those that are there; a folder of another name than the four's is one too."""
        there = [each.name for each in sorted(self.dev.iterdir()) if (each / ".git").exists()]
        return sorted(there, key=lambda name: FOUR.index(name) if name in FOUR else -1)

    def run(self, line: str, project: str, **environ: str) -> tuple[int, str]:
        """The exit status and what is printed, if this is typed into bash in the project."""
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self.dev / project,
            env={**self.environment, **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout

    def type(self, line: str, project: str) -> str:
        """What a line prints that must succeed."""
        status, output = self.run(line, project)
        assert status == 0, f"{line}\n(in {project}) failed:\n{output}"
        return output

    def places_outside(self, line: str) -> list[str]:
        """What the line names of this machine that is not the test's, but for commands.

        What `echo` is given are words for `.gitignore`, such as `/venv`.
        """
        line = re.sub(r"\becho /[^\s/]+ >> ", "echo >> ", line)
        words = re.findall(r"""(?:^|[\s=(])['"]?([/~][^\s'")]*)""", line)
        outside = [word for word in words if not word.startswith(f"{self.base}/")]
        return [word for word in outside if not (Path(word).is_file() and os.access(word, os.X_OK))]

    def commit(self, project: str) -> Told:
        """Take a note: git runs the hooks as a runner would start them."""
        write_executable(self.dev / project / ".git" / "hooks" / "pre-commit", self._git_hook())
        line = "git commit --quiet --allow-empty --message='Take a note'"
        status, output = self.run(line, project)
        found = re.findall(r"^== (\S+)\n(.*?)^== (\d+)\n", output, re.MULTILINE | re.DOTALL)
        said = tuple(Said(hook, int(ended), words) for hook, words, ended in found)
        assert len(said) == len(MODES[self.mode]), output
        assert (status == 0) is all(each.status == 0 for each in said), output
        return Told(project, status == 0, said)

    def command(self, hook: str) -> str:
        """How a runner starts a hook: its entry in the manifest, with this family's arguments."""
        return " ".join([entry_of(hook), *map(quote, self.arguments_of(hook))])

    def arguments_of(self, hook: str) -> tuple[str, ...]:
        if self.instead is not None:
            return self.instead
        required = ("--require-command=dr",) if hook in {SHARED, LINK} else ()
        return (f"--target={self.target}", *required, *self.options.get(hook, ()))

    def _git_hook(self) -> str:
        """As both runners do: the hook's own environment comes first, in the project's root."""
        lines = [
            "#!/bin/sh",
            f"export VIRTUAL_ENV={quote(sys.prefix)} PATH={quote(sys.prefix)}/bin:$PATH",
            "export SHARED_VENV_TRACEBACK=1",
            "all=0",
        ]
        for hook in MODES[self.mode]:
            lines += [f"echo '== {hook}'; {self.command(hook)} </dev/null; status=$?"]
            lines += ['echo "== $status"; [ $status = 0 ] || all=1']
        return "\n".join([*lines, "exit $all", ""])

    # -- made once, put back for each test --------------------------------------------------------

    def build(self) -> None:
        """Make it all for real; `pristine` is then what `restore` goes back to."""
        _link_tools(self.base / "tools")
        base_python.make(self.world / "pythons" / VERSION)
        (self.world / "bin").mkdir(parents=True)
        link_python(self.world / "bin" / "python3", self.python)
        link_python(self.world / "bin" / f"python{VERSION}", self.python)
        (self.world / "bin" / "uv").symlink_to(uv.find_uv_bin())
        if OTHER is not None:
            link_python(self.world / "bin" / f"python{OTHER.version}", Path(OTHER.executable))
        self._write_projects()
        self._fill()
        aside = self.base / "pristine"
        aside.mkdir()
        for name in _PRISTINE:
            put_back(self.world / name, aside / name)

    def _write_projects(self) -> None:
        self.dev.mkdir()
        for project in FOUR:
            origin = self.world / "origins" / project
            origin.mkdir(parents=True)
            for name, text in files_of(project, self.index).items():
                (origin / name).write_text(text)
            self._git(origin, "init", "--quiet")
            # Pushes are taken although the branch is checked out there.
            self._git(origin, "config", "receive.denyCurrentBranch", "updateInstead")
            self._git(origin, "add", "--all")
            self._git(origin, "commit", "--quiet", "--message=Begin")
            self._git(self.dev, "clone", "--quiet", str(origin), project)
        for member in MEMBERS:
            (self.dev / member / "venv").symlink_to(TARGET)

    def _fill(self) -> None:
        self.type(f"{self.python} -I -m venv venv", OWNER)
        pip = f"{self.venv}/bin/python -m pip install --quiet"
        media = "'pillow<11' httpx==0.27.0"
        self.type(f"{pip} -r requirements.txt -r ../{TELEGRAM}/requirements.txt {media}", OWNER)
        self.type(f"{pip} -r requirements.txt", NEWS)
        assert MEDIA in self.projects

    def restore(self) -> None:
        """Put everything back that an event or a paste may have changed."""
        self.reset()
        gone = self.base / "gone"
        if gone.exists():
            shutil.rmtree(self.world / "pythons")
            gone.rename(self.world / "pythons")
        remove(self.base / "home")
        (self.base / "home").mkdir()
        for path in self.world.iterdir():
            if path.name not in {"pythons", *_PRISTINE}:
                remove(path)
        for name in _PRISTINE:
            put_back(self.base / "pristine" / name, self.world / name)

    def lose_python(self) -> None:
        """Take the base Python away, as an upgrade or a removal of it does."""
        (self.world / "pythons").rename(self.base / "gone")
        (self.world / "pythons").mkdir()

    def _git(self, directory: Path, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=directory, env=self.environment, check=True)


def entry_of(hook: str) -> str:
    """How the manifest says that a hook is started; of one that is not there, its id."""
    entry = re.search(rf"^- id: {hook}\n(?:  .*\n)*?  entry: (.*)$", _MANIFEST, re.MULTILINE)
    return entry[1] if entry else hook


def quote(word: object) -> str:
    """For a shell, in single quotes whatever it is."""
    return "'" + str(word).replace("'", "'\\''") + "'"


def write_executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def _developers_shell(base: Path, index: str) -> dict[str, str]:
    """Nothing of who runs the tests: no CI, no activated venv, no index but the served one."""
    configuration = base / "gitconfig"
    configuration.write_text(
        "[user]\n\tname = A Developer\n\temail = developer@example.org\n"
        "[init]\n\tdefaultBranch = main\n[pull]\n\tff = only\n[advice]\n\tdetachedHead = false\n"
    )
    (base / "home").mkdir()
    return {
        "HOME": str(base / "home"),
        "LANG": "C.UTF-8",
        "PATH": f"{base}/world/bin:{base}/tools",
        "GIT_CONFIG_GLOBAL": str(configuration),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": f"{index}/public",
        "PIP_CACHE_DIR": str(base / "cache" / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_DEFAULT_INDEX": f"{index}/public",
        "UV_CACHE_DIR": str(base / "cache" / "uv"),
        "UV_PYTHON_DOWNLOADS": "never",
        "PRE_COMMIT_HOME": str(base / "cache" / "pre-commit"),
        "PREK_HOME": str(base / "cache" / "prek"),
    }


def _link_tools(folder: Path) -> None:
    """A PATH on which the only Pythons and installers are the family's."""
    folder.mkdir()
    not_these = re.compile(r"(python|pypy|pip|pydoc|uv|virtualenv|pre-commit|prek|conda)[\w.-]*$")
    folders = ["/bin", "/usr/bin", str(Path(shutil.which("git") or "git").parent)]
    for name in {name for each in folders for name in os.listdir(each)}:
        if not not_these.match(name):
            where = next(each for each in folders if os.path.lexists(f"{each}/{name}"))
            (folder / name).symlink_to(f"{where}/{name}")


def link_python(link: Path, python: Path) -> None:
    """Have it on PATH, with its library beside it: a Python that was copied finds it only there."""
    real = Path(os.path.realpath(python))
    library = link.parents[1] / "lib" / real.name
    library.parent.mkdir(exist_ok=True)
    for each, end in [(link, python), (library, real.parents[1] / "lib" / real.name)]:
        each.unlink(missing_ok=True)
        each.symlink_to(end)
