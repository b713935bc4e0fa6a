"""What the repositories of a family have in common, compared: all rules of check-siblings-agree.

Reads the files that are compared; what is wrong with them is decided without I/O, in `revs` and
`same`, which a family that agrees does not need.
"""

from __future__ import annotations

from hooks.project.copies import different, may_pin_twice, read_configuration, read_copy
from hooks.report import Finding, Message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from hooks.project.family import Family
    from hooks.rules.same import Same


def parse_options(options: Namespace) -> str | None:
    """Put what `--same` names in place of its texts; why that cannot be done."""
    if options.everywhere and not options.same:
        return "--everywhere needs --same"
    if options.same:
        from hooks.rules.same import parse_same

        asked = [*map(parse_same, options.same)]
        for why in asked:
            if isinstance(why, str):
                return f"argument --same: {why}"
        options.same = asked
    return None


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
