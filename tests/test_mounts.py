"""What is mounted where, as /proc tells it."""

from __future__ import annotations

import pytest

from hooks.mounts import Mount, file_system_of, parse_mounts

TEXT = """\
21 28 0:19 / /sys rw,nosuid shared:7 - sysfs sysfs rw
28 1 254:0 / / rw,relatime - ext4 /dev/root rw,discard
36 28 0:32 /@home /home/my\\040dev rw,relatime shared:1 master:2 - btrfs /dev/sdb rw
no such line
"""
MOUNTS = [Mount("/sys", "sysfs"), Mount("/", "ext4"), Mount("/home/my dev", "btrfs")]


def test_each_line_has_a_place_and_a_kind() -> None:
    assert parse_mounts(TEXT) == MOUNTS


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/srv", "ext4"), ("/home/my dev/a", "btrfs"), ("/home/my devs", "ext4"), ("/", "ext4")],
)
def test_the_innermost_mount_counts(path: str, expected: str) -> None:
    assert file_system_of(path, MOUNTS) == expected


def test_of_two_at_one_place_the_later_one_hides_the_earlier() -> None:
    assert file_system_of("/a", [Mount("/", "ext4"), Mount("/", "overlay")]) == "overlay"


def test_where_nothing_is_known_nothing_is_told() -> None:
    assert file_system_of("/a", []) is None
