"""A family for the cases: real venv, real git, hooks in processes of their own, real pasting.

Nothing of the hooks is imported here: they are started as people and runners start them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import NamedTuple

import uv

from tests import base_python

TARGET = "--target=../owner/venv"
VERSION = "{}.{}".format(*sys.version_info)
BASE = base_python.executable()

FORBIDDEN = re.compile(
    r"\brm\s+-\w*[rR](?![^&;|]*--cached)|--clear\b|\buninstall\b|\s-delete\b|\bgit clean\b"
)
"""What no printed command may do, by design; whether one does harm otherwise, pasting shows."""

NOT_THE_USERS = re.compile(
    "CI|TF_BUILD|JENKINS_URL|TEAMCITY_VERSION|VIRTUAL_ENV|(COVERAGE|GIT|PIP|UV|PYTHON).*"
)
"""Variables of whoever runs the tests that hooks, git or installers would listen to."""


class Finding(NamedTuple):
    text: str
    """The line without its rule: `path[:line]: what is wrong`."""
    rule: str
    """Empty where none is named."""
    fixes: tuple[str, ...]
    others: tuple[str, ...]
    """The commands behind `or:`."""


class Said(NamedTuple):
    status: int
    stdout: str
    stderr: str

    @property
    def findings(self) -> list[Finding]:
        found: list[Finding] = []
        for line in self.stdout.splitlines():
            if line.startswith("  fix: "):
                last = found.pop()
                found.append(last._replace(fixes=(*last.fixes, line.removeprefix("  fix: "))))
            elif line.startswith("  or: "):
                last = found.pop()
                found.append(last._replace(others=(*last.others, line.removeprefix("  or: "))))
            elif not line.startswith(("note: ", "fixed: ")):
                text, rule = re.fullmatch(r"(.*?)(?: \[([a-z-]+)\])?", line).groups("")  # type: ignore[union-attr]
                found.append(Finding(text, rule, (), ()))
        return found

    @property
    def rules(self) -> list[str]:
        return [finding.rule for finding in self.findings]

    @property
    def notes(self) -> list[str]:
        return [line for line in self.stdout.splitlines() if line.startswith("note: ")]

    @property
    def fixes(self) -> list[str]:
        """Each once, in the order in which they are printed."""
        return list(dict.fromkeys(fix for each in self.findings for fix in each.fixes))

    @property
    def commands(self) -> list[str]:
        others = [other for each in self.findings for other in each.others]
        return list(dict.fromkeys([*self.fixes, *others]))


PASSED = Said(0, "", "")


class Family:
    """`owner` with the real venv, `member` and `sibling` with links to it, side by side in `dev`.

    The owner asks for nothing yet, and the others inherit that.
    """

    def __init__(self, dev: Path, python: str = BASE) -> None:
        self.dev = dev
        self.owner, self.member, self.sibling = dev / "owner", dev / "member", dev / "sibling"
        self.venv = self.owner / "venv"
        self.environ = self._environ()
        self._planted: set[bytes] = set()
        dev.mkdir(parents=True, exist_ok=True)
        self.make_venv(self.venv, python)
        for project in [self.owner, self.member, self.sibling]:
            self.make_project(project)
            self.plant(project / "notes.txt")
        self.plant(self.venv / "share" / "notes.txt")
        (self.owner / "requirements.txt").write_text("# nothing yet\n")

    def _environ(self) -> dict[str, str]:
        """A developer's shell: any `python3.X` and `uv` on PATH, no index, a home of its own."""
        home = self.dev.parent / "home"
        (home / "bin").mkdir(parents=True, exist_ok=True)
        (home / "bin" / "uv").symlink_to(uv.find_uv_bin())
        (home / ".gitconfig").write_text(
            "[user]\n\tname = A\n\temail = a@example.org\n[maintenance]\n\tauto = false\n"
        )
        path = [home / "bin", os.path.dirname(BASE), *os.defpath.split(":"), "/usr/bin", "/bin"]
        kept = {n: v for n, v in os.environ.items() if not NOT_THE_USERS.fullmatch(n)}
        return kept | {
            "HOME": str(home),
            "PATH": ":".join(map(str, path)),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_ROOT_USER_ACTION": "ignore",
            "UV_NO_CONFIG": "1",
            "UV_OFFLINE": "1",
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_CACHE_DIR": str(home / "cache"),
            "SHARED_VENV_TRACEBACK": "1",
        }

    def make_project(self, project: Path) -> Path:
        """A git repository that ignores its venv; with a link, unless it holds the venv."""
        made_once = self.dev.parent.parent / "a project"
        if not made_once.exists():
            self.run("git", "init", "--quiet", str(made_once))
            (made_once / ".gitignore").write_text("/venv\n")
            self.run("git", "add", ".gitignore", folder=made_once)
            self.run("git", "commit", "--quiet", "--message=first", folder=made_once)
        shutil.copytree(made_once, project, dirs_exist_ok=True)
        if project != self.owner:
            (project / "venv").symlink_to("../owner/venv")
        return project

    def make_venv(self, place: Path, python: str = BASE, *options: str) -> Path:
        """Without pip, which takes most of the time."""
        if python == BASE and not options:  # a tenth of a second less, a thousand times
            venv.EnvBuilder(symlinks=True).create(place)
        else:
            self.run(python, "-I", "-m", "venv", "--without-pip", *options, str(place))
        return place

    def give_pip(self) -> None:
        """To the shared venv, as `ensurepip` has it in store, unless it is there.

        With what its first start compiles, which takes longer than all else that it does here.
        """
        packages = site_packages(self.venv)
        if (packages / "pip").exists():
            return
        store = self.dev.parent.parent / f"pip of {packages.parent.name}"
        if not store.exists():
            question = "import ensurepip, os; print(os.path.dirname(ensurepip.__file__))"
            python = str(self.venv / "bin" / "python")
            folder = Path(self.run(python, "-I", "-c", question).strip(), "_bundled")
            with zipfile.ZipFile(next(folder.glob("pip-*.whl"))) as wheel:
                wheel.extractall(store)
            start = [python, "-m", "pip", "install", "--quiet", "--requirement", os.devnull]
            self.run(*start, environ={"PYTHONPATH": str(store)})
        shutil.copytree(store, packages, dirs_exist_ok=True)

    def run(
        self, *command: str, folder: Path | None = None, environ: Mapping[str, str] | None = None
    ) -> str:
        """This has to succeed; what it prints."""
        done = subprocess.run(
            command, cwd=folder, env={**self.environ, **(environ or {})}, capture_output=True,
            text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def install(self, *arguments: str, folder: Path | None = None) -> None:
        """By pip, as promise 3 wants it: by the venv's own real path."""
        self.give_pip()
        pip = [str(self.venv / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        self.run(*pip, *arguments, folder=folder)

    def hook(
        self,
        name: str,
        *arguments: str,
        folder: Path | None = None,
        environ: Mapping[str, str] | None = None,
        before: Sequence[str] = (),
    ) -> Said:
        """The hook's console script, in the member, with `--target`, if no arguments are given.

        `before` is a command that starts it, such as `strace`.
        """
        script = Path(sys.executable).parent / name
        assert script.exists(), f"{name} is not installed beside {sys.executable}"
        ran = subprocess.run(
            [*before, str(script), *(arguments or [TARGET])],
            cwd=folder or self.member,
            env={**self.environ, **(environ or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Said(ran.returncode, ran.stdout, ran.stderr)

    def paste(self, line: str, folder: Path | None = None) -> int:
        """As typed into bash in this folder (else the member's), reached as the path says."""
        assert not FORBIDDEN.search(line), f"a command that takes away: {line}"
        ran = subprocess.run(
            ["bash", "-c", 'cd "$0" && eval "$1"', str(folder or self.member), line],
            env=self.environ, stdin=subprocess.DEVNULL, capture_output=True, check=False,
            timeout=180,
        )  # fmt: skip
        return ran.returncode

    def at(self, dev: Path) -> Family:
        """The same family, after its folder was moved to there."""
        moved = copy(self)
        moved.dev, moved.environ = dev, dict(self.environ)
        moved.owner, moved.member, moved.sibling = dev / "owner", dev / "member", dev / "sibling"
        moved.venv = moved.owner / "venv"
        return moved

    def plant(self, file: Path, text: str | None = None) -> Path:
        """A file of the user's, which has to be found again, wherever, whatever is pasted."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"of {file.relative_to(self.dev)}\n" if text is None else text)
        self._planted.add(file.read_bytes())
        return file

    def destroy(self, folder: Path) -> None:
        """An event, not a command: what was planted there is not looked for any more."""
        shutil.rmtree(folder)
        self._planted &= self._there()

    def lost(self) -> int:
        """How many of the planted files are nowhere in the family's folder any more."""
        return len(self._planted - self._there())

    def _there(self) -> set[bytes]:
        """What is in files that are as long as one that was planted."""
        lengths = {len(content) for content in self._planted}
        files = _files(self.dev)
        return {each.read_bytes() for each in files if each.stat().st_size in lengths}

    def distributions(self) -> set[str]:
        """Names of all that is installed, in whatever folder of the family."""
        found = (
            Path(folder) for folder, _, _ in os.walk(self.dev) if folder.endswith(".dist-info")
        )
        return {folder.name.partition("-")[0] for folder in found}

    def first_lines(self) -> set[str]:
        """The interpreters that shared scripts name: what `#!` or `exec` leads to."""
        return {line for file in _files(self.venv / "bin") for line in _interpreters(file)}

    @contextmanager
    def as_it_is(self) -> Iterator[None]:
        """Whatever is done in this block is undone at its end; paths are the same all the time."""
        kept = self.dev.parent / "kept"
        subprocess.run(["cp", "-a", str(self.dev), str(kept)], check=True)
        try:
            yield
        finally:
            shutil.rmtree(self.dev)
            kept.rename(self.dev)

    def follow(
        self,
        name: str,
        *arguments: str,
        folder: Path | None = None,
        pasted_in: Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> list[Said]:
        """Paste all fixes until it passes or has none; what was said, round by round.

        Fails if something is lost or planted, if it goes round in a circle, or if pasting once
        more does harm. Each `or:` is followed as well, on its own.
        """

        def ask() -> Said:
            return self.hook(name, *arguments, folder=folder, environ=environ)

        def paste_all(lines: Sequence[str]) -> Said:
            before = self.first_lines(), self.distributions()
            for line in lines:
                self.paste(line, pasted_in or folder)
            self._check(*before, "; ".join(lines))
            return ask()

        rounds = [ask()]
        while rounds[-1].commands:
            assert len(rounds) < 6, f"it does not end: {rounds}"
            said = rounds[-1]
            for other in [each for finding in said.findings for each in finding.others]:
                with self.as_it_is():
                    assert paste_all([other]) != said, f"changes nothing: {other}"
            after = paste_all(said.fixes)
            assert paste_all(said.fixes) == after, f"pasted twice does harm: {said.fixes}"
            assert after not in rounds, f"goes round in a circle: {said.fixes}, {after}"
            rounds.append(after)
        return rounds

    def _check(self, first_lines: set[str], distributions: set[str], pasted: str) -> None:
        assert self.lost() == 0, f"files of the user are lost: {pasted}"
        gone = distributions - self.distributions()
        assert not gone, f"{gone} were uninstalled: {pasted}"
        own = str(self.venv.resolve() / "bin" / "python")
        planted = {line for line in self.first_lines() - first_lines if not line.startswith(own)}
        assert not planted, f"{planted} were written into shared scripts: {pasted}"


def site_packages(venv: Path) -> Path:
    return next((venv / "lib").glob("python*/site-packages"))


def make_wheel(
    folder: Path, name: str, version: str, requires: Sequence[str] = (), *, origin: str = "",
    files: Mapping[str, str] | None = None,
) -> Path:  # fmt: skip
    """A wheel whose module says in `origin` from where it is (else this folder's name)."""
    folder.mkdir(parents=True, exist_ok=True)
    package = re.sub("[-_.]+", "_", name)
    info = f"{package}-{version}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    metadata += [f"Requires-Dist: {each}" for each in requires]
    content = {
        f"{package}/__init__.py": f"origin = {origin or folder.name!r}\n",
        f"{info}/METADATA": "\n".join(metadata) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    } | {each.replace("INFO", info): text for each, text in (files or {}).items()}
    record = f"{info}/RECORD"
    content[record] = "".join(f"{each},,\n" for each in [*content, record])
    wheel = folder / f"{package}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for each, text in content.items():
            archive.writestr(each, text)
    return wheel


def make_index(folder: Path, *wheels: Path) -> str:
    """A static index (PEP 503) of these wheels, and its URL."""
    for wheel in wheels:
        page = folder / wheel.name.partition("-")[0].replace("_", "-")
        page.mkdir(parents=True, exist_ok=True)
        shutil.copy(wheel, page)
        names = sorted(each.name for each in page.glob("*.whl"))
        (page / "index.html").write_text("".join(f'<a href="{n}">{n}</a>\n' for n in names))
    return folder.as_uri()


def _files(folder: Path) -> Iterator[Path]:
    """Regular files, links not followed."""
    for inside, _, names in os.walk(folder):
        for name in names:
            file = Path(inside, name)
            if file.is_file() and not file.is_symlink():
                yield file


def _interpreters(file: Path) -> list[str]:
    head = file.read_bytes()[:1000].decode(errors="replace").splitlines()[:2]
    if not head or not head[0].startswith("#!"):
        return []
    named = [line for line in head if "python" in line]
    return [line.removeprefix("#!").removeprefix("'''exec' ").strip().strip('"') for line in named]
