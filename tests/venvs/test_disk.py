"""What a venv takes on disk, compared with `du`, with pip's and uv's own installations."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hooks.mounts import Mount, file_system_of, read_mounts
from hooks.venvs.disk import Disk, may_clone, measure
from tests.packages import UV, install, make_wheel, run
from tests.trees import Symlink, Tree, build, make_venv

PAGE = 4096
ON_A_CLONING_DISK = may_clone(os.path.realpath("."), read_mounts(), sys.platform)


def held(path: Path) -> int:
    """As `du` counts, in bytes."""
    du = shutil.which("du")
    assert du
    return int(run(du, "-sk", str(path)).split()[0]) * 1024


def a_wheel(folder: Path, name: str, size: int = 5 * PAGE) -> Path:
    """With a module of this size."""
    import zipfile

    wheel = make_wheel(folder, name, "1")
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr(f"{name}/data.py", "#" * size)
    return wheel


TREES: dict[str, Tree] = {
    "an empty folder": {},
    "files and folders": {"a": "x", "b/c": "x" * 5 * PAGE, "b/d/e": ""},
    "a link is itself, not what it leads to": {"a": "x" * 5 * PAGE, "b": Symlink("a")},
    "a link out of it": {"b": Symlink("/usr/bin/env"), "c": Symlink("/usr")},
    "a link in a loop": {"a": Symlink("a"), "b": {"c": Symlink("..")}},
}


@pytest.mark.parametrize("tree", TREES.values(), ids=TREES)
def test_as_du_counts(tree: Tree, tmp_path: Path) -> None:
    root = build(tree, tmp_path / "venv")
    assert measure(str(root))[:2] == (held(root), held(root))


def test_a_hard_link_counts_once_and_is_private_only_if_all_of_it_lies_inside(
    tmp_path: Path,
) -> None:
    root = build({"one": "x" * 5 * PAGE, "two": "x" * 5 * PAGE}, tmp_path / "venv")
    cache = build({}, tmp_path / "cache")
    before = held(root)
    (root / "again").hardlink_to(root / "one")
    assert measure(str(root))[:2] == (before, before)
    (cache / "two").hardlink_to(root / "two")
    (cache / "three").hardlink_to(root / "two")
    found = measure(str(root))
    assert found.held == held(root) == before
    assert before - found.private == (root / "two").stat().st_blocks * 512


def test_by_way_of_a_members_link(tmp_path: Path) -> None:
    root = build({"a": "x" * 5 * PAGE}, tmp_path / "owner" / "venv")
    link = tmp_path / "venv"
    link.symlink_to("owner/venv")
    assert measure(str(link)) == measure(str(root))


def test_of_one_that_is_gone_nothing_is_held(tmp_path: Path) -> None:
    clones = may_clone(os.path.realpath(tmp_path), read_mounts(), sys.platform)
    assert measure(str(tmp_path / "venv")) == Disk(0, 0, clones, 1)


def test_a_closed_folder_is_counted_as_unread(tmp_path: Path) -> None:
    root = build({"a/b": "x"}, tmp_path / "venv")
    (root / "a").chmod(0)
    try:
        if os.access(root / "a", os.R_OK):
            pytest.skip("every folder is open to this user")
        assert measure(str(root)).unread == 1
    finally:
        (root / "a").chmod(0o755)


def test_how_far_the_walk_has_come_is_told_after_each_folder(tmp_path: Path) -> None:
    root = build({"a": "", "b/c": "", "b/d/e": ""}, tmp_path / "venv")
    told: list[int] = []
    measure(str(root), told.append)
    assert told == [2, 4, 5]


def test_what_pip_installs_is_private_byte_compiled_or_not(tmp_path: Path) -> None:
    venv = make_venv(tmp_path / "venv")
    wheel = a_wheel(tmp_path / "wheels", "alpha")
    install("pip", venv, "--no-compile", str(wheel), directory=tmp_path)
    found = measure(str(venv))
    assert found.held == found.private == held(venv)
    compileall.compile_dir(venv / "lib", quiet=2)
    compiled = measure(str(venv))
    assert compiled.held == compiled.private == held(venv)
    assert compiled.held > found.held


@pytest.mark.parametrize("mode", ["hardlink", "copy"])
def test_what_uv_links_into_its_cache_is_not_private_and_what_it_copies_is(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    venv = make_venv(tmp_path / "venv")
    wheel = a_wheel(tmp_path / "wheels", "alpha", 100 * PAGE)
    empty = measure(str(venv))
    install("uv", venv, f"--link-mode={mode}", str(wheel), directory=tmp_path)
    found = measure(str(venv))
    assert found.held == held(venv)
    assert found.held - empty.held > 100 * PAGE
    shared = found.held - found.private
    assert shared > 100 * PAGE if mode == "hardlink" else shared == 0
    assert UV


MOUNTS = [Mount("/", "ext4"), Mount("/home", "xfs"), Mount("/home/me/a b", "btrfs")]


@pytest.mark.parametrize(
    ("path", "platform", "expected"),
    [
        ("/srv/venv", "linux", False),
        ("/homes/venv", "linux", False),
        ("/home/me/venv", "linux", True),
        ("/home/me/a b/venv", "linux", True),
        ("/home", "linux", True),
        ("/srv/venv", "darwin", True),
    ],
)
def test_where_files_can_share_blocks(path: str, platform: str, expected: bool) -> None:
    assert may_clone(path, MOUNTS, platform) is expected


def test_on_the_disk_at_hand_the_kind_of_file_system_is_what_stat_says(tmp_path: Path) -> None:
    asked = subprocess.run(
        ["stat", "-f", "-c", "%T", str(tmp_path)], capture_output=True, text=True, check=False
    )
    if asked.returncode or not read_mounts():
        pytest.skip("neither GNU stat nor /proc is here")
    found = file_system_of(os.path.realpath(tmp_path), read_mounts())
    assert found is not None
    names = {"ext2/ext3": {"ext2", "ext3", "ext4"}, "overlayfs": {"overlay"}}
    assert found in names.get(asked.stdout.strip(), {asked.stdout.strip()})


@pytest.mark.skipif(not ON_A_CLONING_DISK, reason="files share no blocks on this disk")
def test_a_clone_is_counted_as_if_it_shared_nothing(tmp_path: Path) -> None:
    root = build({"a": "x" * 100 * PAGE}, tmp_path / "venv")
    run("cp", "--reflink=always", str(root / "a"), str(root / "b"))
    assert measure(str(root)).may_be_cloned
    assert measure(str(root)).held >= 200 * PAGE
