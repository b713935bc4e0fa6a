"""Each thing that a hook reads, against each fault that can stand there.

What the hooks must say then is in `fault_matrix.txt`, cell by cell and in full. A reader of it finds
below each thing the faults with the same outcome in one line, then the hooks that do not pass in
silence, each with its exit status and its whole output. A thing that vanishes while it is read is
either still there or missing.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import base_python, family
from tests.trees import Said, git

TABLE = Path(__file__).with_name("fault_matrix.txt")
BASE = base_python.executable()
SECONDS = 30
"""What three hooks may take together, on a slow machine; git's index as a pipe takes ten."""

THINGS = {
    "the link": "member/venv",
    "the target": "owner/venv",
    "pyvenv.cfg": "owner/venv/pyvenv.cfg",
    "bin/python": "owner/venv/bin/python",
    "bin/activate": "owner/venv/bin/activate",
    "a console script": "owner/venv/bin/tool",
    "a requirements file": "member/requirements.txt",
    "an included file": "member/more.txt",
    "pyproject.toml": "member/pyproject.toml",
    "pylock.toml": "member/pylock.toml",
    "METADATA": f"{family.SITE_PACKAGES}/alpha-1.dist-info/METADATA",
    "direct_url.json": f"{family.SITE_PACKAGES}/beta-2.dist-info/direct_url.json",
    "a .pth": f"{family.SITE_PACKAGES}/gamma.pth",
    "a sibling": "sibling",
    "a sibling's file": "sibling/requirements.txt",
    "git's index": "member/.git/index",
    ".git": "member/.git",
}

EVIL = "\x1b[31m\u202e\r::error::x"
HTML = "<!DOCTYPE html>\n<title>404</title>\n"

# What is valid, but not what belongs there.
OF_ANOTHER_TYPE = {
    "pyvenv.cfg": '{"home": "/usr/bin"}\n',
    "bin/activate": "setenv VIRTUAL_ENV /usr\n",
    "pyproject.toml": 'project = ["alpha"]\n',
    "pylock.toml": '[project]\nname = "alpha"\n',
    "direct_url.json": "[1]",
    ".git": "gitdir: ../nowhere\n",
}

CONTROL_CHARACTERS = {
    "pyvenv.cfg": f"home = /{EVIL}\nversion = 3.{EVIL}\n",
    "bin/activate": f"VIRTUAL_ENV='/{EVIL}'\n",
    "a console script": f"#!/{EVIL}/bin/python\n",
    "a requirements file": f"-r more.txt\nalpha{EVIL}\n",
    "an included file": f"alpha=={EVIL}\n",
    "pyproject.toml": f'[project]\nrequires-python = "\\u001b{EVIL[5:6]}::error::x"\n',
    "pylock.toml": 'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\n"\\u001b::error::x" = 1\n',
    "METADATA": f"Name: alpha\nVersion: 2{EVIL}\n",
    "direct_url.json": '{"url": "https://h/\\u001b[31m\\u202e\\r::error::x", "archive_info": {}}',
    "a .pth": f"/{EVIL}\n",
    "a sibling's file": f"alpha=={EVIL}\n",
    ".git": f"gitdir: /{EVIL}\n",
}


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def write(path: Path, content: bytes) -> None:
    mode = path.stat().st_mode & 0o777 if path.is_file() else 0o644
    remove(path)
    path.write_bytes(content)
    path.chmod(mode)


def make_link(path: Path, to: str) -> None:
    remove(path)
    path.symlink_to(to)


def content_of(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b"../owner/venv\n"


def a_directory(path: Path, _: str) -> None:
    remove(path)
    path.mkdir()


def a_pipe(path: Path, _: str) -> None:
    remove(path)
    os.mkfifo(path)


def a_device_node(path: Path, _: str) -> None:
    remove(path)
    try:
        os.mknod(path, 0o600 | 0o020000, os.makedev(1, 5))
    except OSError as error:
        pytest.skip(f"no device can be made here: {error.strerror}")


def unreadable(path: Path, _: str) -> None:
    if path.is_symlink():
        pytest.skip("a link has no permissions")
    path.chmod(0)


def huge(path: Path, _: str) -> None:
    write(path, b"")
    os.truncate(path, 1 << 30)


def control_characters(path: Path, thing: str) -> None:
    if thing in CONTROL_CHARACTERS:
        write(path, CONTROL_CHARACTERS[thing].encode())
    elif thing == "a sibling":
        (path / "requirements.txt").write_text("alpha==2\n")
        path.rename(path.with_name(f"sibling{EVIL}"))
    elif thing == "git's index":
        venv = path.parent.parent / f"env{EVIL}"
        venv.mkdir()
        (venv / "pyvenv.cfg").write_text("")
        git(path.parent.parent, "add", ".")
    else:
        make_link(path, f"{EVIL}/bin/python")


FAULTS: dict[str, Callable[[Path, str], None]] = {
    "missing": lambda path, _: remove(path),
    "a directory": a_directory,
    "a named pipe": a_pipe,
    "a device": a_device_node,
    "a link to a device": lambda path, _: make_link(path, "/dev/zero"),
    "a link in a loop": lambda path, _: make_link(path, path.name),
    "a link that dangles": lambda path, _: make_link(path, "nothing"),
    "unreadable": unreadable,
    "huge": huge,
    "empty": lambda path, _: write(path, b""),
    "binary": lambda path, _: write(path, bytes(range(256)) * 4),
    "UTF-16": lambda path, _: write(path, content_of(path).decode("latin-1").encode("utf-16")),
    "cut off": lambda path, _: write(path, content_of(path)[:6]),
    "of another type": lambda path, thing: write(path, OF_ANOTHER_TYPE.get(thing, HTML).encode()),
    "control characters": control_characters,
}

WHY = {
    "missing": "is missing",
    "a link that dangles": "is missing",
    "a directory": "is a directory, not a file",
    "a named pipe": "is a named pipe, not a file",
    "a device": "is a device, not a file",
    "a link to a device": "is a device, not a file",
    "a link in a loop": "cannot be read (Too many levels of symbolic links)",
    "unreadable": "cannot be read (Permission denied)",
    "huge": "is larger than 16384 KiB",
}
"""What `{why}` stands for in the table."""


def cells() -> Iterator[tuple[str, str, str]]:
    """Thing, fault and outcome of each cell of the table."""
    for part in re.split(r"^== ", TABLE.read_text(), flags=re.MULTILINE)[1:]:
        thing, _, outcomes = part.partition("\n")
        for outcome in re.split(r"^-- ", outcomes, flags=re.MULTILINE)[1:]:
            faults, _, text = outcome.partition("\n")
            for fault in faults.split(", "):
                yield thing, fault, text.strip("\n")


CELLS = {(thing, fault): text for thing, fault, text in cells()}


def test_the_table_has_every_cell() -> None:
    assert set(CELLS) == {(thing, fault) for thing in THINGS for fault in FAULTS}
    assert len(CELLS) == len(list(cells()))


def as_in_table(said: dict[str, Said], dev: Path) -> str:
    """The outcome as the table writes it: places of this machine are named, not spelled out."""
    text = "\n".join(f"{name} {each.status}\n{each.output}" for name, each in said.items())
    text = text.replace(dev.as_uri(), "file://{dev}").replace(str(dev), "{dev}")
    text = text.replace(BASE, "{base}").replace(f"python{family.VERSION}", "python{version}")
    # git's own words differ from version to version.
    text = re.sub(r"(what git tracks was not checked: )(?!the project|`git).*", r"\1{git}", text)
    return re.sub(r"\n\n+", "\n", text).strip("\n")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return family.make_family(tmp_path_factory.mktemp("my original") / "dev")


def outcome(thing: str, fault: str, dev: Path, request: pytest.FixtureRequest) -> dict[str, Said]:
    """Put the fault in the place of the thing, and run the hooks."""
    FAULTS[fault](dev / THINGS[thing], thing)
    started = time.monotonic()
    if fault == "unreadable":
        said = family.run_all_apart(dev / "member", *request.getfixturevalue("without_privileges"))
    else:
        said = family.run_all(dev / "member")
    assert time.monotonic() - started < SECONDS
    return said


@pytest.mark.parametrize(("thing", "fault"), CELLS, ids=map(" is ".join, CELLS))
def test_cell(
    thing: str, fault: str, original: Path, dev: Path, request: pytest.FixtureRequest
) -> None:
    dev = family.copy_family(original, dev / "family")
    said = outcome(thing, fault, dev, request)
    expected = CELLS[thing, fault].replace("{why}", WHY.get(fault, ""))
    assert as_in_table(said, dev) == expected


IS_ROOT = os.geteuid() == 0
OPENED = "" if IS_ROOT else "  fix: chmod u+rx ../owner/venv/bin\n"
"""Only root can give a folder to another user, whose it then is to open."""


def test_without_a_fault_all_pass(original: Path) -> None:
    assert family.run_all(original / "member") == {}
    assert family.run_all_apart(original / "member") == {}


@pytest.mark.parametrize(
    ("closed", "says"),
    [
        ("owner/venv/bin", f"../owner/venv/bin: cannot be read (Permission denied)\n{OPENED}"),
        ("owner", "../owner/venv: cannot be reached by you (Permission denied)\n"),
    ],
)
@pytest.mark.parametrize("link", ["", "venv: is missing: it should be a link to `../owner/venv`\n"])
def test_what_is_kept_closed(
    closed: str, says: str, link: str, original: Path, dev: Path, without_privileges: list[str]
) -> None:
    dev = family.copy_family(original, dev / "family")
    (dev / closed).chmod(0)
    if IS_ROOT:
        os.chown(dev / closed, 12345, -1)
    if link:
        (dev / "member" / "venv").unlink()
        # Nothing is done about a link to what nobody can look at.
        fix = "  fix: ln -sfn ../owner/venv venv\n" if closed != "owner" else ""
        says = f"{link}{fix}{says}"
    said = family.run_all_apart(dev / "member", *without_privileges)
    assert said["check-venv-symlink"] == (1, says)


# A thing is read more than once, and may be there at one time and missing at the next; whatever is
# said of it then has to be that it, or what is in it, is missing.
MISSING = re.compile(
    "|".join(
        [
            r"|[a-z-]+ [01]|  (?:fix|or): .*",
            r".* (?:is|are) missing\b.*|.* has no .*|.* is no (?:directory|file)\b.*",
            r"note: .* is left out of the command: .*",
            r".* but (?:not installed|may not be executed|the owner .*)",
            r".*: there is no virtual environment, .*|.* it was installed by its name alone, .*",
            r"note: .*: (?:it is gone since it was looked at|nothing can be written to it: .*)",
            r"note: what git tracks was not checked: .*",
        ]
    )
)


@pytest.mark.parametrize("thing", THINGS)
def test_what_vanishes_while_it_is_read_is_told_as_missing_if_at_all(
    thing: str, original: Path, dev: Path
) -> None:
    dev = family.copy_family(original, dev / "family")
    path = dev / THINGS[thing]
    away = path.with_name(f".{path.name}.away")
    is_over = threading.Event()

    def flicker() -> None:
        while not is_over.is_set():
            path.rename(away)
            time.sleep(0.0004)
            away.rename(path)
            time.sleep(0.0004)

    thread = threading.Thread(target=flicker)
    thread.start()
    try:
        said = "\n".join(as_in_table(family.run_all(dev / "member"), dev) for _ in range(20))
    finally:
        is_over.set()
        thread.join()
    assert [line for line in said.splitlines() if not MISSING.fullmatch(line)] == []
