"""How a project has configured these hooks: their rev, and the arguments that they are given."""

from __future__ import annotations

import os

from hooks.fast.records import NamedTuple
from hooks.files import Unreadable, may_exist
from hooks.project.configuration import pin_of
from hooks.project.copies import COMPARING, read_configuration
from hooks.project.project import DEFAULT_FILES
from hooks.value_files import parse_values
from hooks.values import Malformed, Value, look_up

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.project.configuration import Pin
    from hooks.project.copies import Copy

RULES = ("check-shared-venv", "check-venv-symlink", "forbid-local-venv", "check-requirements-sync")
"""The hooks whose arguments say what is right in a project."""
_OURS = frozenset({*RULES, "check-siblings-agree", "shared-venv-status"})


class OwnHooks(NamedTuple):
    path: str | None
    """The configuration's; None where there is none."""
    rev: str | None = None
    """Of a frozen hash the tag that it stands for; `local` of a hook without a rev."""
    arguments: tuple[str, ...] = ()
    """Of all hooks that check the three rules, one after the other; as one hook, which reads the
    files of all, would be given them."""
    problem: Malformed | None = None
    """Why nothing is known."""


def read_own_hooks(folder: str) -> OwnHooks:
    copy = read_configuration(folder)
    return OwnHooks(None) if copy is None else parse_own_hooks(copy)


def parse_own_hooks(copy: Copy) -> OwnHooks:
    """What the configuration says; an entry that is no entry is passed over."""
    if isinstance(copy.content, Unreadable):
        return OwnHooks(copy.path, problem=Malformed(copy.content.why))
    document = parse_values(copy.path, copy.content)
    if isinstance(document, Malformed):
        return OwnHooks(copy.path, problem=document)
    rev = None
    arguments: list[str] = []
    reads_defaults = False
    for repo in _items(look_up(document.root, ["repos"])):
        hooks = [each for each in _items(look_up(repo, ["hooks"])) if _id_of(each) in _OURS]
        if hooks:
            rev = rev or _shown(pin_of(document, repo, copy.folder))
        for hook in hooks:
            if _id_of(hook) in RULES:
                given = [each.plain for each in _items(look_up(hook, ["args"]))]
                words = [each for each in given if isinstance(each, str)]
                reads_defaults |= _id_of(hook) in COMPARING and not any(map(_names_file, words))
                arguments += words
    if reads_defaults and any(map(_names_file, arguments)):
        there = (each for each in DEFAULT_FILES if may_exist(os.path.join(copy.folder, each)))
        arguments += (f"--requirements={each}" for each in there)
    return OwnHooks(copy.path, rev, tuple(arguments))


def _names_file(word: str) -> bool:
    return word.startswith("--requirements")


def _items(value: Value | None) -> list[Value]:
    return value.plain if value is not None and isinstance(value.plain, list) else []


def _id_of(hook: Value) -> object:
    value = look_up(hook, ["id"])
    return value.plain if value is not None and isinstance(value.plain, str) else None


def _shown(pin: Pin | Malformed | None) -> str | None:
    if isinstance(pin, Malformed):
        return None
    return "local" if pin is None else pin.frozen or pin.rev
