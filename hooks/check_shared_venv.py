"""The shared venv, the link to it, and what it holds: the three rules in one process."""

from __future__ import annotations

import os
import sys

from hooks import door
from hooks.arguments import Parser
from hooks.project.git_event import folder_to_paste_in, is_checkout, is_passing_by
from hooks.project.project import read_project
from hooks.report import report
from hooks.rules.together import check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    return door.run(_main, argv)


def make_parser() -> Parser:
    parser = Parser("check-shared-venv", __doc__)
    parser.add_link_options()
    parser.add_local_venv_options()
    parser.add_requirements_options()
    return parser


def _main(argv: Sequence[str] | None) -> int:
    parser = make_parser()
    options = parser.read(argv)
    if is_passing_by(os.environ):
        return 0
    project = read_project(options.venv, options.target, os.environ)
    told = check(project, options, os.environ)
    if told.unanswerable is not None:
        parser.error(told.unanswerable)
    return report(
        told.messages,
        options,
        hidden=told.hidden,
        folder=folder_to_paste_in(os.environ),
        fixed_passes=is_checkout(os.environ),
    )


if __name__ == "__main__":
    sys.exit(main())
