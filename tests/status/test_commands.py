"""What fills the venv, what remakes it with a newer Python, and where neither can be."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.status.family import (
    FOUR,
    MEDIA,
    NEWS,
    OWNER,
    SITE,
    TARGET,
    VERSION,
    status,
)
from tests.trees import paste, pythons

NEWER = [
    each
    for each in pythons()
    if tuple(map(int, each.version.split("."))) > tuple(map(int, VERSION.split(".")))
]


@pytest.mark.skipif(not NEWER, reason="there is no newer Python on this machine")
def test_the_way_to_a_newer_python_pasted(
    family: Path, shell: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = NEWER[0]
    (shell / f"python{newer.version}").symlink_to(newer.executable)
    for project in FOUR:
        (family / project / "requirements.txt").write_text("")
    document = json.loads(status(family / NEWS, "--output-format=json").output)
    old = f"../{OWNER}.venv.old"
    assert document["newer_python"] == [
        f"python{newer.version} -I -c 'import ensurepip, venv' && test ! -e {old}"
        f" && mv -n {TARGET} {old} && python{newer.version} -I -m venv {TARGET}"
    ]
    monkeypatch.setenv("PATH", "/usr/bin:/bin", prepend=os.pathsep)
    paste(document["newer_python"][0], family / NEWS)
    assert status(family / NEWS).output.startswith(
        f"shared venv   {TARGET}   Python {newer.version}."
    )
    assert (family / f"{OWNER}.venv.old" / "pyvenv.cfg").exists()


def test_a_python_that_the_family_does_not_allow_is_passed_over(family: Path, shell: Path) -> None:
    minor = int(VERSION.split(".")[1])
    for more in [1, 2]:
        (shell / f"python3.{minor + more}").symlink_to(os.path.realpath("/bin/sh"))
    project = f'[project]\nname = "x"\nversion = "1"\nrequires-python = "!=3.{minor + 1}.*"\n'
    (family / MEDIA / "pyproject.toml").write_text(project)
    said = status(family / NEWS)
    assert f"\nnewer Python\n  python3.{minor + 2} -I -c" in said.output


def mounted(project: Path, line: str) -> str:
    """What is said where this was mounted before; as JSON."""
    call = "import json; from hooks.shared_venv_status import main; main(['--output-format=json'])"
    checkout = shlex.quote(str(Path(__file__).parents[2]))
    line = f"{line} && PYTHONPATH={checkout} exec '{sys.executable}' -c {shlex.quote(call)}"
    folders = os.pathsep.join([os.environ["PATH"], "/usr/bin", "/bin", "/usr/sbin", "/sbin"])
    if shutil.which("unshare", path=folders) is None:
        pytest.skip("there is no `unshare`")
    done = subprocess.run(
        ["unshare", "--mount", "bash", "-c", line],
        cwd=project,
        env={**os.environ, "PATH": folders},
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip("nothing can be mounted here")
    assert done.stderr == ""
    return done.stdout


def said_where_closed(folder: Path, project: Path, line: str) -> dict[str, object]:
    """What is said while nobody may write to the folder; whoever may everywhere mounts instead."""
    folder.chmod(0o555)
    try:
        if not os.access(folder, os.W_OK):
            said = status(project, "--output-format=json").output
        else:
            folder.chmod(0o755)
            said = mounted(project, line)
    finally:
        folder.chmod(0o755)
    found: dict[str, object] = json.loads(said)
    return found


@pytest.mark.usefixtures("measured")
def test_a_venv_that_nobody_can_write_to(family: Path) -> None:
    line = f"mount --bind {TARGET} {TARGET} && mount -o remount,ro,bind {TARGET}"
    document = said_where_closed(family / OWNER / SITE, family / NEWS, line)
    assert document["notes"] == [f"`{TARGET}`: nothing can be written to it: it is read-only here"]
    assert (document["fill"], document["newer_python"]) == (None, [])


@pytest.mark.usefixtures("measured")
def test_a_venv_that_cannot_be_moved_aside(family: Path, shell: Path) -> None:
    minor = int(VERSION.split(".")[1])
    (shell / f"python3.{minor + 1}").symlink_to(os.path.realpath("/bin/sh"))
    line = f"mount --bind {TARGET} {TARGET}"
    document = said_where_closed(family / OWNER, family / NEWS, line)
    assert document["fill"] is not None
    assert document["newer_python"] == []
