"""A path can name anything; reading it ends, and says why where there is nothing to read."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest

from hooks.files import MISSING, Unreadable, read_file, read_link, read_start, real_path, user_name
from tests.trees import Fifo, Symlink, Tree, build

TREE: Tree = {
    "file": b"content",
    "empty": b"",
    "large": b"x" * 2049,
    "fits": b"x" * 2048,
    "directory": {},
    "pipe": Fifo(),
    "loop": Symlink("loop"),
    "dangling": Symlink("nothing"),
    "link": Symlink("file"),
}

READ = [
    pytest.param("file", b"content", id="a file"),
    pytest.param("link", b"content", id="a link to a file"),
    pytest.param("empty", b"", id="an empty file"),
    pytest.param("fits", b"x" * 2048, id="as large as may be"),
    pytest.param("large", Unreadable("is larger than 2 KiB"), id="larger"),
    pytest.param("missing", MISSING, id="nothing"),
    pytest.param("dangling", MISSING, id="a link that dangles"),
    pytest.param("file/x", MISSING, id="below a file"),
    pytest.param("directory", Unreadable("is a directory, not a file"), id="a directory"),
    pytest.param("pipe", Unreadable("is a named pipe, not a file"), id="a pipe without a writer"),
    pytest.param("loop", Unreadable("cannot be read (Too many levels of symbolic links)", errno.ELOOP), id="a loop"),
    pytest.param("n" * 300, Unreadable("cannot be read (File name too long)", errno.ENAMETOOLONG), id="too long a name"),
    pytest.param("a\0b", Unreadable("cannot be read (no valid path)"), id="a NUL in the name"),
    pytest.param("/dev/null", Unreadable("is a device, not a file"), id="a device"),
    pytest.param("socket", Unreadable("cannot be read (No such device or address)", errno.ENXIO), id="a socket"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content"), READ)
def test_reading(
    name: str, content: bytes | Unreadable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(build(TREE, tmp_path))
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        assert read_file(name, at_most=2048) == content


def test_a_file_whose_size_the_system_does_not_tell() -> None:
    if not os.path.exists("/proc/self/stat"):
        pytest.skip("no /proc")
    assert os.stat("/proc/self/stat").st_size == 0
    assert b"(" in bytes(read_file("/proc/self/stat"))  # type: ignore[arg-type]


def test_a_file_that_fails_while_it_is_read() -> None:
    if not os.path.exists("/proc/self/mem"):
        pytest.skip("no /proc")
    assert read_file("/proc/self/mem") == Unreadable(
        "cannot be read (Input/output error)", errno.EIO
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.touch(mode=0)
    assert read_file(str(secret)) == Unreadable("cannot be read (Permission denied)", errno.EACCES)


def test_the_start_of_a_file(tmp_path: Path) -> None:
    build({"file": b"content"}, tmp_path)
    assert read_start(f"{tmp_path}/file", 4) == b"cont"
    assert read_start(f"{tmp_path}/file", 99) == b"content"
    assert read_start(f"{tmp_path}/none", 99) == MISSING


def test_what_a_link_says(tmp_path: Path) -> None:
    build(TREE, tmp_path)
    said = {
        name: read_link(str(tmp_path / name)) for name in ["dangling", "loop", "file", "missing"]
    }
    assert said == {"dangling": "nothing", "loop": "loop", "file": None, "missing": None}


def test_a_real_path_of_anything(tmp_path: Path) -> None:
    build(TREE, tmp_path)
    real = os.path.realpath(tmp_path)
    assert real_path(str(tmp_path / "link")) == f"{real}/file"
    assert real_path(str(tmp_path / "a" / ".." / "nothing")) == f"{real}/nothing"
    assert real_path("/a/../b\0c") == "/b\0c"


@pytest.mark.parametrize(("number", "name"), [(0, "root"), (54321, "user 54321")])
def test_who_has_no_name_is_told_by_number(number: int, name: str) -> None:
    assert user_name(number) == name
