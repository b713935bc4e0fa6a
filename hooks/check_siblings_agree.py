"""The repositories of the family pin the same hooks, and share the files and settings named."""

from __future__ import annotations

import os
import sys

from hooks import door
from hooks.arguments import Parser
from hooks.project.family import find_family
from hooks.project.git_event import folder_to_paste_in, is_passing_by
from hooks.project.project import main_place, read_project
from hooks.report import report
from hooks.rules.agree import check, parse_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    return door.run(_main, argv)


def parse_arguments(argv: Sequence[str] | None) -> Namespace:
    parser = Parser("check-siblings-agree", __doc__)
    parser.add_agreement_options()
    options = parser.read(argv)
    if why := parse_options(options):
        parser.error(why)
    return options


def _main(argv: Sequence[str] | None) -> int:
    options = parse_arguments(argv)
    if is_passing_by(os.environ):
        return 0
    project = read_project(options.venv, options.target, os.environ)
    if project.target is None:
        from hooks.project.shared_venv import with_target_of_link

        project = with_target_of_link(project)
    search = not options.no_siblings and not project.in_ci
    family = find_family(project, options.venv, options.sibling, search=search)
    runner = "prek" if "PREK_HOOK_STAGE" in os.environ else "pre-commit"
    place = main_place(project)
    messages = check(family, place, options.same, everywhere=options.everywhere, runner=runner)
    return report(messages, options, folder=folder_to_paste_in(os.environ))


if __name__ == "__main__":
    sys.exit(main())
