"""What the repositories of a family have in common, compared: all rules of check-siblings-agree.

Reads the files that are compared; what is wrong with them is decided without I/O, in `revs` and
`same`, which a family that agrees does not need.
"""

from __future__ import annotations

from hooks.project.copies import different, may_pin_twice, read_configuration, read_copy
from hooks.report import Finding, Message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hooks.project.family import Family
    from hooks.rules.same import Same


def check(
    family: Family, main_place: str, same: Iterable[Same], *, everywhere: bool, runner: str
) -> list[Message]:
    """First the family, then the revs in the order of their lines, then what `same` asks for.

    `main_place` is what this project's relative paths count from.
    """
    messages: list[Message] = [_missing_sibling(path) for path in family.missing]
    configurations = map(read_configuration, family.siblings)
    theirs = [each for each in configurations if each is not None]
    own = read_configuration(".", main_place)
    if own is not None and (different(own, theirs) or may_pin_twice(own)):
        from hooks.rules.revs import check_revs

        messages += check_revs(own, theirs, runner)
    for asked in dict.fromkeys(same):
        from hooks.rules.same import check_same

        copies = [read_copy(sibling, asked.file) for sibling in family.siblings]
        messages += check_same(asked, read_copy(".", asked.file), copies, everywhere=everywhere)
    return messages


def _missing_sibling(path: str) -> Finding:
    what = "is no directory, but `--sibling` names it"
    return Finding(path, what, rule="missing-sibling", subject=path)
