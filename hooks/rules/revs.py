"""Rules `rev-drift` and `bad-configuration`: siblings that pin a hook repository pin the same rev.

No I/O: the configurations were read before. Of a sibling's a text that is equal is not parsed.
"""

from __future__ import annotations

import re

from hooks.fast.records import NamedTuple
from hooks.harmless import quoted
from hooks.project.configuration import Pin, parse_configuration
from hooks.project.copies import different, name_of
from hooks.report import Finding, Message, Note
from hooks.rules.parting import listed, place
from hooks.secrecy import without_queries
from hooks.values import Malformed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from packaging.version import Version

    from hooks.project.copies import Copy

_HASH = re.compile(r"[0-9a-f]{7,64}", re.ASCII | re.IGNORECASE)


class _Place(NamedTuple):
    """A pin and the file that it stands in."""

    pin: Pin
    path: str

    @property
    def shown(self) -> str:
        return place(self.path, self.pin.line)


def check_revs(own: Copy, siblings: Sequence[Copy], runner: str) -> Iterator[Message]:
    """Each repository that is pinned differently, once, where this project pins it.

    `runner` is what reads a `.pre-commit-config.yaml` here: `pre-commit` or `prek`.
    """
    configuration = parse_configuration(own)
    if isinstance(configuration, Malformed):
        yield _unread(own, configuration)
        return
    yield from (_bad(own, each) for each in configuration.problems)
    theirs: list[_Place] = []
    for copy in different(own, siblings):
        yield from _read(copy, theirs)
    tool = "prek" if own.path.endswith(".toml") else runner
    by_repository: dict[str, list[_Place]] = {}
    for pin in configuration.pins:
        by_repository.setdefault(pin.repository, []).append(_Place(pin, own.path))
    for repository, [first, *again] in by_repository.items():
        there = [each for each in theirs if each.pin.repository == repository]
        differing = [each for each in [*again, *there] if not agree(first.pin, each.pin)]
        if differing:
            yield _drift(first, again, differing, tool)


def agree(one: Pin, other: Pin) -> bool:
    """Both pin the same commit: as hashes, else by their tags."""
    if _is_hash(one.rev) and _is_hash(other.rev):
        short, long = sorted([one.rev.lower(), other.rev.lower()])
        return long.startswith(short)
    return (one.frozen or one.rev) == (other.frozen or other.rev)


def _is_hash(rev: str) -> bool:
    return _HASH.fullmatch(rev) is not None


def _unread(own: Copy, malformed: Malformed) -> Message:
    if malformed.is_syntax:
        where = place(own.path, malformed.line)
        return Note(f"{where} {_newer_toml()}: its revs were not compared")
    return _bad(own, malformed)


def _newer_toml() -> str:
    import sys

    version = "{}.{}".format(*sys.version_info)
    return f"is no TOML that Python {version} can read, which knows TOML 1.0"


def _bad(own: Copy, problem: Malformed) -> Finding:
    return Finding(own.path, problem.why, problem.line, rule="bad-configuration", subject=own.path)


def _read(copy: Copy, pins: list[_Place]) -> Iterator[Note]:
    """What a sibling pins; what is wrong there is told there."""
    configuration = parse_configuration(copy)
    if isinstance(configuration, Malformed):
        why = _newer_toml() if configuration.is_syntax else configuration.why
        yield Note(f"{place(copy.path, configuration.line)} {why}: its revs were not compared")
        return
    for problem in configuration.problems:
        yield Note(f"{place(copy.path, problem.line)} {problem.why}: that was not compared")
    pins += [_Place(pin, copy.path) for pin in configuration.pins]


def _drift(
    first: _Place, again: Sequence[_Place], differing: Sequence[_Place], tool: str
) -> Finding:
    url = without_queries(first.pin.url)
    groups: dict[tuple[str, str | None], list[_Place]] = {}
    for each in differing:
        groups.setdefault((each.pin.rev, each.pin.frozen), []).append(each)
    others = [
        f"{_age(pins[0].pin, first.pin)}{_shown(pins[0].pin)} in {listed([p.shown for p in pins])}"
        for pins in groups.values()
    ]
    what = f"{quoted(url)} is pinned to {_shown(first.pin)}, but to {', to '.join(others)}"
    fixes, advice = _fixes(first, again, differing, tool)
    subject = name_of(first.pin.url)
    return Finding(
        first.path, what + advice, first.pin.line, fixes, rule="rev-drift", subject=subject
    )


def _shown(pin: Pin) -> str:
    if pin.frozen is None:
        return quoted(pin.rev)
    return f"{quoted(pin.frozen)} (frozen as {quoted(pin.rev[:12])})"


def _age(pin: Pin, own: Pin) -> str:
    theirs, mine = _version(pin), _version(own)
    if theirs is None or mine is None or theirs[0] != mine[0] or theirs[1] == mine[1]:
        return ""
    return "the newer " if theirs[1] > mine[1] else "the older "


def _fixes(
    first: _Place, again: Sequence[_Place], differing: Sequence[_Place], tool: str
) -> tuple[tuple[str, ...], str]:
    """What brings this project's older pins up; else what to decide, to end the message with."""
    older = [
        mine.pin
        for mine in [first, *again]
        if any(_age(each.pin, mine.pin) == "the newer " for each in [first, *differing])
    ]
    if not older:
        if all(_age(each.pin, first.pin) == "the older " for each in differing):
            return (), ": these have to be brought up there"
        return (), ": one of them has to change, their names do not tell which is newer"
    from hooks.fixes.agree import bring_up

    lines = []
    for frozen in [False, True]:
        urls = dict.fromkeys(pin.url for pin in older if (pin.frozen is not None) is frozen)
        if urls:
            lines.append(bring_up(tool, urls, frozen=frozen))
    if None in lines:
        return (), ": bring it up by hand, its URL holds what is not shown here"
    return (" && ".join(line for line in lines if line is not None),), ""


def _version(pin: Pin) -> tuple[str, Version] | None:
    """The release that a tag names, behind what stands before its number."""
    tag = pin.frozen or pin.rev
    if _is_hash(tag):
        return None
    from packaging.version import InvalidVersion, Version

    start = re.search(r"\d", tag)
    if start is None:
        return None
    before, number = tag[: start.start()], tag[start.start() :]
    try:
        return before.lower().removesuffix("v"), Version(number)
    except InvalidVersion:
        return None
