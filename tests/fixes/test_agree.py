"""The command that brings a pin up, as a shell reads it."""

from __future__ import annotations

import shlex

import pytest

from hooks.fixes.agree import bring_up


@pytest.mark.parametrize(
    ("urls", "frozen", "expected"),
    [
        (["../hooks"], False, "prek autoupdate --repo ../hooks"),
        (["../hooks"], True, "prek autoupdate --freeze --repo ../hooks"),
        (["../my hooks", "git@h:$(rm)"], False, "prek autoupdate --repo '../my hooks' --repo 'git@h:$(rm)'"),
    ],
)  # fmt: skip
def test_the_urls_are_as_in_the_configuration(urls: list[str], frozen: bool, expected: str) -> None:
    line = bring_up("prek", urls, frozen=frozen)
    assert line == expected
    assert shlex.split(line)[-1] == urls[-1]


@pytest.mark.parametrize(
    "url",
    ["https://me@h/x", "https://me:pw@h/x", "ssh://git@h/x", "https://h/x?token=s3cret"],
)
def test_what_is_not_shown_cannot_be_pasted(url: str) -> None:
    assert bring_up("prek", ["../hooks", url], frozen=False) is None
