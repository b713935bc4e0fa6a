"""What the repositories of a family have in common, compared: all rules of check-siblings-agree.

Reads the files that are compared; what is wrong with them is decided without I/O, in `revs` and
`same`.
"""

from __future__ import annotations

from hooks.project.configuration import read_configuration, read_copy
from hooks.report import Finding, Message
from hooks.rules.revs import check_revs
from hooks.rules.same import check_same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hooks.project import Family
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
    messages += check_revs(read_configuration(".", main_place), theirs, runner)
    for asked in dict.fromkeys(same):
        copies = [read_copy(sibling, asked.file) for sibling in family.siblings]
        messages += check_same(asked, read_copy(".", asked.file), copies, everywhere=everywhere)
    return messages


def _missing_sibling(path: str) -> Finding:
    what = "is no directory, but `--sibling` names it"
    return Finding(path, what, rule="missing-sibling", subject=path)
