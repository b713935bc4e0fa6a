"""Projects of the family whose link does not lead to the shared venv: the others do not see them.

They are known by what they say: the text of a link that dangles, or the `--target` that their hooks
are configured with. Looks only; nothing of theirs is run.
"""

from __future__ import annotations

import os

from hooks.files import is_inside, is_same, real_path
from hooks.project.copies import read_configuration
from hooks.project.family import links_of
from hooks.project.git_repository import read_git_repository
from hooks.project.own_hooks import parse_own_hooks
from hooks.project.project import place_in_main

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hooks.project.project import Target


def find_lost(folders: Iterable[str], target: Target, venv: str) -> Iterator[str]:
    """Those of the folders (absolute) that mean this target, and have no link to it."""
    for folder in folders:
        ends = [link.end for link in links_of(folder, venv)]
        if any(is_same(end, target.path) for end in ends):
            continue
        owner = real_path(target.owner)
        is_meant = any(not os.path.exists(end) and is_inside(real_path(end), owner) for end in ends)
        if is_meant or _is_configured_for(folder, target):
            yield folder


def _is_configured_for(folder: str, target: Target) -> bool:
    copy = read_configuration(folder)
    name = os.path.basename(real_path(target.owner))
    # To parse it takes longer than to look at all the others.
    if copy is None or not isinstance(copy.content, bytes) or os.fsencode(name) not in copy.content:
        return False
    configured = configured_target(parse_own_hooks(copy).arguments)
    if configured is None:
        return False
    root = real_path(folder)
    main = place_in_main(root, read_git_repository(root))
    return is_same(os.path.join(main, os.path.expanduser(configured)), target.path)


def configured_target(arguments: Iterable[str]) -> str | None:
    """The last `--target`, as one word or as two."""
    found, is_next = None, False
    for word in arguments:
        option, equals, value = word.partition("=")
        if is_next:
            found, is_next = word, False
        elif option == "--target":
            found, is_next = (value, False) if equals else (found, True)
    return found
