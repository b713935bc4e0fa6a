"""The shared venv holds what this project asks for, and the family does not contradict itself."""

from __future__ import annotations

import os
import sys

from hooks import door
from hooks.arguments import Parser
from hooks.project.git_event import folder_to_paste_in, is_passing_by
from hooks.project.project import read_project
from hooks.report import report
from hooks.rules.facts import read_asking
from hooks.rules.sync import check, unanswerable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    return door.run(_main, argv)


def make_parser() -> Parser:
    parser = Parser("check-requirements-sync", __doc__)
    parser.add_requirements_options()
    return parser


def _main(argv: Sequence[str] | None) -> int:
    parser = make_parser()
    options = parser.read(argv)
    if is_passing_by(os.environ):
        return 0
    project = read_project(options.venv, options.target, os.environ)
    asking = read_asking(project, options)
    if why := unanswerable(asking, options):
        parser.error(why)
    return report(
        check(asking, options),
        options,
        hidden=asking.hidden,
        folder=folder_to_paste_in(os.environ),
    )


if __name__ == "__main__":
    sys.exit(main())
