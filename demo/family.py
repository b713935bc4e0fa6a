"""The guide's family of four: real git repositories beside one another that share one real venv.

Nothing of it is downloaded: the packages that it requires are tiny wheels of the same names and
versions, written here, and the owner's own package is built by a backend in its own tree.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import textwrap
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

Do = Callable[[Sequence[str], Path], str]
"""`must_run` in the environment that things happen in."""

OWNER = "dr-daily-report"
TELEGRAM = "dr-daily-report_telegram"
MEDIA = "dr-daily-report_media"
NEWS = "dr-daily-report_news"
MEMBERS = (TELEGRAM, MEDIA, NEWS)
TARGET = f"../{OWNER}/venv"

CONFIGURATION_FILE = ".pre-commit-config.yaml"
_CONFIGURATION = """\
default_install_hook_types: [pre-commit, post-checkout, post-merge]
repos:
  - repo: HOOK_REPOSITORY
    rev: HOOK_REVISION
    hooks:
"""

THREE_HOOKS = f"""\
      - id: check-venv-symlink
        args: [--target={TARGET}, --require-command=dr]
      - id: forbid-local-venv
        args: [--target={TARGET}]
      - id: check-requirements-sync
        args: [--target={TARGET}, --forbid-undeclared]
"""

INSTALL_ALL = (
    *("-m", "pip", "install", "--requirement=requirements.txt"),
    *(f"--requirement=../{project}/requirements.txt" for project in (TELEGRAM, MEDIA)),
)
"""What sets up the venv, after `python` and in the owner."""

_BACKEND = '''\
"""Builds this package with nothing but the standard library (PEP 517 and 660)."""

import os
import zipfile

NAME = "dr_daily_report-1.0.0"
INFO = {
    "METADATA": "Metadata-Version: 2.1\\nName: dr-daily-report\\nVersion: 1.0.0\\n",
    "WHEEL": "Wheel-Version: 1.0\\nGenerator: dr\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "entry_points.txt": "[console_scripts]\\ndr = dr_daily_report:main\\n",
}


def build_wheel(directory, config_settings=None, metadata_directory=None):
    with open("dr_daily_report.py") as module:
        return _write(directory, {"dr_daily_report.py": module.read()})


def build_editable(directory, config_settings=None, metadata_directory=None):
    return _write(directory, {"dr_daily_report.pth": os.getcwd() + "\\n"})


def _write(directory, files):
    files |= {f"{NAME}.dist-info/{name}": text for name, text in INFO.items()}
    record = f"{NAME}.dist-info/RECORD"
    files[record] = "".join(f"{name},,\\n" for name in [*files, record])
    wheel = f"{NAME}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, wheel), "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel
'''

_COMMON = {".gitignore": "/venv\n", ".editorconfig": "root = true\n", "notes.md": "# Notes\n"}

PROJECTS: dict[str, dict[str, str]] = {
    OWNER: {
        "pyproject.toml": textwrap.dedent("""\
            [build-system]
            requires = []
            build-backend = "build_backend"
            backend-path = ["."]

            [project]
            name = "dr-daily-report"
            version = "1.0.0"
            scripts = { dr = "dr_daily_report:main" }
            """),
        "build_backend.py": _BACKEND,
        "dr_daily_report.py": 'def main():\n    print("dr: the daily report")\n',
        "requirements.txt": "-e .\npandas==2.0.0\nnumpy==1.24.0\n",
        **_COMMON,
    },
    TELEGRAM: {"requirements.txt": "pandas>=2.0\nrequests==2.31.0\n", **_COMMON},
    MEDIA: {"requirements.txt": "numpy==1.24.0\nhttpx==0.27.0\n", **_COMMON},
    NEWS: _COMMON,  # asks for nothing of its own: what the owner requires holds for it, too
}

WHEELS: tuple[tuple[str, str, str, str], ...] = (
    # name, version, what it requires, the command that it provides
    ("numpy", "1.24.0", "", ""),
    ("pandas", "1.5.3", "numpy>=1.20.3", ""),
    ("pandas", "2.0.0", "numpy>=1.20.3", ""),
    ("requests", "2.30.0", "", ""),
    ("requests", "2.31.0", "", ""),
    ("httpx", "0.27.0", "", "httpx"),
    ("tqdm", "4.66.1", "", ""),
    ("pillow", "10.1.0", "", ""),
    ("rich", "13.7.0", "", ""),
)


def write_wheels(folder: Path) -> None:
    """The packages of the story, for `pip install --no-index --find-links`."""
    folder.mkdir(parents=True)
    for name, version, requires, provides in WHEELS:
        info = f"{name}-{version}.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        files = {
            f"{name}/__init__.py": f'__version__ = "{version}"\n\n\ndef main():\n    pass\n',
            f"{info}/METADATA": metadata + (f"Requires-Dist: {requires}\n" if requires else ""),
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: demo\nRoot-Is-Purelib: true\n"
            "Tag: py3-none-any\n",
        }
        if provides:
            entry = f"[console_scripts]\n{provides} = {name}:main\n"
            files[f"{info}/entry_points.txt"] = entry
        record = [f"{path},{_record(text)},{len(text)}" for path, text in files.items()]
        files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
        with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)


def write_hook_repository(checkout: Path, folder: Path, do: Do) -> str:
    """This checkout as the runners want it, a repository with a tag; what is not committed, too."""
    listed = do(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], checkout)
    for name in filter(None, listed.split("\0")):
        if os.path.lexists(checkout / name):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(checkout / name, folder / name, follow_symlinks=False)
    _commit_all(folder, do)
    revision = f"v{tomllib.loads((checkout / 'pyproject.toml').read_text())['project']['version']}"
    do(["git", "tag", revision], folder)
    return revision


def configuration(repository: str, revision: str, hooks: str = THREE_HOOKS) -> str:
    """The `.pre-commit-config.yaml` of all four."""
    text = _CONFIGURATION.replace("HOOK_REPOSITORY", repository)
    return text.replace("HOOK_REVISION", revision) + hooks


def write_projects(dev: Path, origins: Path, configuration: str, do: Do) -> None:
    """The four repositories, each cloned from its origin, with the members' links in place."""
    for project, files in PROJECTS.items():
        origin = origins / project
        origin.mkdir(parents=True)
        for name, text in {**files, CONFIGURATION_FILE: configuration}.items():
            (origin / name).write_text(text)
        _commit_all(origin, do)
        # Pushes are taken although the branch is checked out there.
        do(["git", "config", "receive.denyCurrentBranch", "updateInstead"], origin)
        do(["git", "clone", "--quiet", str(origin), str(dev / project)], origins)
    for member in MEMBERS:
        (dev / member / "venv").symlink_to(TARGET)


def only_from(wheels: Path) -> dict[str, str]:
    """The environment in which pip and uv know these wheels and nothing else."""
    settings = wheels / "uv.toml"  # uv has no variable for `--no-index`
    settings.write_text(f"no-index = true\nfind-links = [{json.dumps(str(wheels))}]\n")
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels.as_uri()}
    return pip | {"UV_CONFIG_FILE": str(settings), "UV_OFFLINE": "1"}


def pinned(versions: Iterable[str], folder: Path) -> dict[str, str]:
    """The environment in which pip and uv install these versions (`name==1.0`), if any of it, the
    backends of builds included. Hashes are left out: the hooks' own repository cannot have one.
    """
    (folder / "constraints.txt").write_text("".join(f"{version}\n" for version in versions))
    place = (folder / "constraints.txt").as_uri()  # a list: a path would be split at its spaces
    names = ("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT", "UV_CONSTRAINT", "UV_BUILD_CONSTRAINT")
    return dict.fromkeys(names, place)


def locked(checkout: Path) -> list[str]:
    """The versions that this project is developed with, as `pinned` takes them."""
    lock = (checkout / "requirements-dev.txt").read_text()
    return re.findall(r"^([\w.-]+==.+) \\$", lock, flags=re.MULTILINE)


def developers_shell(folder: Path, tools: Path) -> dict[str, str]:
    """The environment of a developer who has these tools: nothing of CI, of activated venvs or of
    the user's own git configuration. What the tools store, they store in the folder.
    """
    (folder / "gitconfig").write_text(
        "[user]\n\tname = A Developer\n\temail = developer@example.org\n"
        "[init]\n\tdefaultBranch = main\n[pull]\n\tff = only\n[advice]\n\tdetachedHead = false\n"
    )
    strange = ("GIT_", "MAKE", "MFLAGS", "PRE_COMMIT", "PREK_", "PYTHON", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    kept.pop("CI", None)
    return kept | {
        "GIT_CONFIG_GLOBAL": str(folder / "gitconfig"),
        "PATH": f"{tools}{os.pathsep}{kept['PATH']}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PRE_COMMIT_HOME": str(folder / "pre-commit"),
        "PREK_HOME": str(folder / "prek"),
    }


def must_run(
    command: Sequence[str], directory: Path, environment: Mapping[str, str] | None = None
) -> str:
    """What the command prints; anything but success ends the program."""
    code, output = run(command, directory, environment)
    if code:
        raise SystemExit(f"{' '.join(command)} (in {directory}) failed:\n{output}")
    return output


def run(
    command: Sequence[str], directory: Path, environment: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """The exit status and what is printed, with nobody at the keyboard."""
    done = subprocess.run(
        command,
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def _commit_all(repository: Path, do: Do) -> None:
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "Begin"]):
        do(["git", *arguments], repository)


def _record(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
