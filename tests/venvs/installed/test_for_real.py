"""Real venvs, base environments and installers, and what they see themselves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from packaging.direct_url import DirectUrl, DirInfo, VcsInfo
from packaging.requirements import Requirement

from hooks.report import Note
from hooks.venvs.installed import Installed, read_installed
from tests import trees
from tests.trees import Tree, build, pythons
from tests.venvs.installed.forms import (
    HALF,
    SITE,
    a_venv,
    dist_info,
    metadata,
)

# Real ones ------------------------------------------------------------------------------------

# What the venv's own Python says: the distributions that it sees, the first of each name, and
# its marker environment, worked out as PEP 508 has it.
QUESTION = """
import importlib.metadata, json, os, platform, re, sys

seen = {}
for it in importlib.metadata.distributions():
    name = it.metadata["Name"]
    if name:
        seen.setdefault(re.sub("[-_.]+", "-", name).lower(), [it.version, it.requires or []])
v = sys.implementation.version
version = "{0.major}.{0.minor}.{0.micro}".format(v)
if v.releaselevel != "final":
    version += v.releaselevel[0] + str(v.serial)
print(json.dumps([seen, {
    "implementation_name": sys.implementation.name,
    "implementation_version": version,
    "os_name": os.name,
    "platform_machine": platform.machine(),
    "platform_python_implementation": platform.python_implementation(),
    "platform_release": platform.release(),
    "platform_system": platform.system(),
    "platform_version": platform.version(),
    "python_full_version": platform.python_version(),
    "python_version": ".".join(platform.python_version_tuple()[:2]),
    "sys_platform": sys.platform,
}]))
"""


Seen = dict[str, tuple[str, list[str]]]


def ask(venv: Path, *flags: str) -> tuple[Seen, dict[str, str]]:
    """What the venv's Python says of itself."""
    run = subprocess.run(
        [venv / "bin/python", *flags, "-c", QUESTION], capture_output=True, text=True, check=True
    )
    seen, markers = json.loads(run.stdout)
    return {name: (it[0], same_spelling(it[1])) for name, it in seen.items()}, markers


def told(installed: Installed) -> Seen:
    distributions = installed.distributions.values()
    return {it.name: (it.version, same_spelling(it.requires)) for it in distributions}


def same_spelling(requires: Iterable[str]) -> list[str]:
    """Each Python's importlib.metadata puts spaces elsewhere when it translates requires.txt."""
    return [str(Requirement(line)) for line in requires]


def run(*words: object) -> None:
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


MAKERS: dict[str, Callable[[str, Path], None]] = {
    "venv": lambda python, place: run(python, "-m", "venv", "--without-pip", place),
    "virtualenv": lambda python, place: run(
        sys.executable, "-m", "virtualenv", "-q", "--no-seed", "-p", python, place
    ),
    "uv": lambda python, place: run(sys.executable, "-m", "uv", "venv", "-q", "-p", python, place),
}


# What a venv may hold, in all the forms at once.
ALL_FORMS: Tree = {
    **dist_info("b", "2", "Requires-Dist: c[x]>=1 ; python_version < '4'", "Provides-Extra: x"),
    "Zope.I_x-5.0.dist-info": {"METADATA": metadata("Zope.I_x", "5.0")},
    "d-1.egg-info": "Metadata-Version: 1.0\nName: d\nVersion: 1\n",
    "e.egg-info": {"PKG-INFO": "Name: e\nVersion: 1.dev0\n", "requires.txt": "b\n"},
    "easy-install.pth": "./f-1-py3.egg\nmore dir",
    "f-1-py3.egg": {"EGG-INFO": {"PKG-INFO": "Name: f\nVersion: 1\n"}},
    "more dir": {**dist_info("b", "0"), **dist_info("g", "7")},
    "z.pth": "# comment\nimport os\n\n  \n.\nnowhere\nlast\r\n../site-packages/more dir\n",
    "last": dist_info("h", "8"),
    "last2": dist_info("i", "9"),
}


@pytest.mark.parametrize("python", [pytest.param(it, id=it.version) for it in pythons()])
@pytest.mark.parametrize("maker", MAKERS)
def test_a_real_venv(maker: str, python: trees.Python, project: Path) -> None:
    if maker != "venv" and shutil.which(maker, path=os.path.dirname(sys.executable)) is None:
        pytest.skip(f"{maker} is not installed")
    MAKERS[maker](python.executable, project / "venv")
    (site_packages,) = (project / "venv/lib").glob("python*/site-packages")
    build(ALL_FORMS, site_packages)
    seen, markers = ask(project / "venv", "-I")
    installed = read_installed("venv")
    assert (told(installed), installed.markers) == (seen, markers)
    assert installed[1:3] == ({}, [])
    assert not installed.python_is_short
    assert {"b", "zope-i-x", "d", "e", "f", "g", "h"} <= seen.keys()


def system_pythons() -> Sequence[object]:
    """Those that pythons() knows, and one of the system, which may have its own places."""
    found = [pytest.param(it.executable, id=it.version) for it in pythons()]
    if system := shutil.which("python3", path="/usr/bin:/bin"):
        found.append(pytest.param(system, id="of the system"))
    return found


@pytest.mark.parametrize("python", system_pythons())
def test_a_real_venv_that_sees_its_base(
    python: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = subprocess.run(
        [python, "-m", "venv", "--without-pip", "--system-site-packages", "venv"], check=False
    )
    if made.returncode != 0:
        pytest.skip(f"{python} cannot make a venv")
    (site_packages,) = (project / "venv/lib").glob("python*/site-packages")
    build(dist_info("mine", "0.1"), site_packages)
    library = site_packages.parent.name
    users = {**dist_info("pip", "0.2"), **dist_info("mine", "0.2"), **dist_info("my-own", "1")}
    user_base: Tree = {f"lib/{library}/site-packages": users}
    monkeypatch.setenv("PYTHONUSERBASE", str(build(user_base, project / "user base")))
    seen, markers = ask(project / "venv")
    installed = read_installed("venv")
    assert (told(installed), installed.markers) == (seen, markers)
    assert installed.distributions["mine"].version == "0.1"
    assert installed.distributions["pip"].version == "0.2"
    assert installed.distributions["my-own"].in_base
    assert installed[1:3] == ({}, [])
    monkeypatch.setenv("PYTHONNOUSERSITE", "1")
    seen, markers = ask(project / "venv")
    assert told(read_installed("venv")) == seen
    assert "my-own" not in seen


# A build backend that needs nothing from anywhere.
BACKEND = """
import os, zipfile

def build_wheel(directory, config_settings=None, metadata_directory=None, pth=None):
    name = "tiny-1.0-py3-none-any.whl"
    files = {
        "tiny.py": "",
        "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\\nName: Tiny\\nVersion: 1.0\\n",
        "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n",
    }
    if pth:
        del files["tiny.py"]
        files["tiny.pth"] = pth
    files["tiny-1.0.dist-info/RECORD"] = "".join(file + ",,\\n" for file in files)
    with zipfile.ZipFile(os.path.join(directory, name), "w") as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    return name

def build_editable(directory, config_settings=None, metadata_directory=None):
    return build_wheel(directory, pth=os.getcwd())
"""


PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny"
version = "1.0"
"""


SOURCE: Tree = {"pyproject.toml": PYPROJECT, "backend.py": BACKEND, "tiny.py": ""}


INSTALLERS = {
    "pip": ["-m", "pip", "--python", "venv/bin/python", "install", "-q", "--no-index"],
    "uv": ["-m", "uv", "pip", "install", "-q", "-p", "venv/bin/python", "--offline", "--no-index"],
}


@pytest.mark.parametrize("installer", INSTALLERS)
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(
            ["{dev}/source"],
            lambda dev, _: DirectUrl(url=f"{dev.as_uri()}/source", dir_info=DirInfo()),
            id="a directory",
        ),
        pytest.param(
            ["-e", "../source"],
            lambda dev, _: DirectUrl(url=f"{dev.as_uri()}/source", dir_info=DirInfo(editable=True)),
            id="editable",
        ),
        pytest.param(
            ["tiny @ git+{uri}/repository@v1#subdirectory=sub"],
            lambda dev, commit: DirectUrl(
                url=f"{dev.as_uri()}/repository",
                subdirectory="sub",
                vcs_info=VcsInfo(vcs="git", commit_id=commit, requested_revision="v1"),
            ),
            id="a tag of a git repository, a directory in it",
        ),
        pytest.param(["--find-links", "../wheels", "tiny"], lambda _, __: None, id="by its name"),
    ],
)
def test_a_real_install(
    installer: str,
    words: list[str],
    expected: Callable[[Path, str], DirectUrl | None],
    dev: Path,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    MAKERS["venv"](sys.executable, project / "venv")
    build(SOURCE, dev / "source")
    (dev / "wheels").mkdir()
    repository = build({"sub": SOURCE}, dev / "repository")
    for arguments in [["init", "-q"], ["add", "."], ["commit", "-qm", "one"], ["tag", "v1"]]:
        trees.git(repository, *arguments)
    commit = trees.git(repository, "rev-parse", "HEAD").strip()
    trees.paste(
        f"cd source && '{sys.executable}' -c \"import backend; backend.build_wheel('../wheels')\"",
        dev,
    )
    run(
        sys.executable,
        *INSTALLERS[installer],
        *(it.format(dev=dev, uri=dev.as_uri()) for it in words),
    )
    installed = read_installed("venv")
    assert told(installed) == ask(project / "venv", "-I")[0]
    assert installed[1:3] == ({}, [])
    tiny = installed.distributions["tiny"]
    assert (tiny.version, tiny.in_base, tiny.editable_project) == ("1.0", False, None)
    direct_url = tiny.direct_url
    wanted = expected(dev, commit)
    if wanted and installer == "uv":  # which leaves a plus sign in a URL as it is
        wanted = replace(wanted, url=wanted.url.replace("%2B", "+"))
    if isinstance(direct_url, DirectUrl) and wanted and wanted.dir_info == DirInfo():
        # uv adds `"editable": false`.
        assert direct_url.dir_info
        assert (direct_url.url, bool(direct_url.dir_info.editable)) == (wanted.url, False)
    elif isinstance(direct_url, DirectUrl) and wanted and wanted.vcs_info:
        # pip writes the URL of a repository with a space in it, uv with `%20`.
        assert unquote(direct_url.url) == unquote(wanted.url)
        assert direct_url.vcs_info == wanted.vcs_info
        assert direct_url.subdirectory == wanted.subdirectory
    else:
        assert direct_url == wanted


def test_a_race_with_an_installer(project: Path) -> None:
    """While an upgrade goes on, again and again: half installed or not there, but never wrong."""
    site_packages = build(a_venv(dist_info("a", "1")), project) / SITE
    done = threading.Event()

    def upgrade_for_ever() -> None:
        version = 1
        while not done.is_set():
            os.rename(site_packages / f"a-{version}.dist-info", site_packages / "~a.dist-info")
            version = 3 - version
            new = site_packages / f"a-{version}.dist-info"
            new.mkdir()
            (new / "METADATA").write_text(metadata("a", str(version)))
            shutil.rmtree(site_packages / "~a.dist-info")

    installer = threading.Thread(target=upgrade_for_ever)
    installer.start()
    seen = set()
    try:
        end = time.monotonic() + 1
        while time.monotonic() < end:
            installed = read_installed("venv")
            assert installed.notes == []
            for it in installed.distributions.values():
                assert it.path == f"{SITE}/a-{it.version}.dist-info"
                seen.add(it.version)
            for finding in installed.broken.get("a", []):
                seen.add(finding.what)
    finally:
        done.set()
        installer.join()
    assert {"1", "2"} <= seen <= {"1", "2", HALF, "has no `Name`"}


def test_nothing_slow_is_imported(project: Path) -> None:
    build(
        a_venv(
            dist_info("a", "1", **{"direct_url.json": "{}"}),
        ),
        project,
    )
    code = (
        "import sys; from hooks.venvs.installed import read_installed;"
        "assert len(read_installed('venv').distributions) == 1; print(*sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    imported = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    slow = {"packaging", "importlib_metadata", "importlib.metadata", "email", "json", "platform"}
    slow |= {"pathlib", "subprocess", "dataclasses", "urllib", "zipfile", "inspect"}
    assert not slow & {*imported.stdout.split()}


def test_a_venv_that_does_not_tell_its_version(tmp_path: Path) -> None:
    build({"venv/lib/python/site-packages": {}, "venv/pyvenv.cfg": "version = 3.²\n"}, tmp_path)
    installed = read_installed(str(tmp_path / "venv"))
    own = "{}.{}".format(*sys.version_info)
    assert installed.markers["python_version"] == own
    place = tmp_path / "venv"
    assert Note(f"`{place}` does not tell its Python's version, taken to be `{own}`") in (
        installed.notes
    )
