"""The link is in place and leads to a venv that works; in the owner, the venv itself is."""

from __future__ import annotations

import os
import sys

from hooks import door
from hooks.arguments import Parser
from hooks.project.git_event import folder_to_paste_in, is_checkout, is_passing_by
from hooks.project.project import read_project
from hooks.report import report
from hooks.rules.link import check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    return door.run(_main, argv)


def parse_arguments(argv: Sequence[str] | None) -> Namespace:
    parser = Parser("check-venv-symlink", __doc__)
    parser.add_link_options()
    return parser.read(argv)


def _main(argv: Sequence[str] | None) -> int:
    options = parse_arguments(argv)
    if is_passing_by(os.environ):
        return 0
    project = read_project(options.venv, options.target, os.environ)
    return report(
        check(project, options.require_command, fix=options.fix),
        options,
        folder=folder_to_paste_in(os.environ),
        fixed_passes=is_checkout(os.environ),
    )


if __name__ == "__main__":
    sys.exit(main())
