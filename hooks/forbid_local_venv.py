"""No virtual environment in the project but the one that belongs there: not on disk, not in git."""

from __future__ import annotations

import os
import sys

from hooks import door
from hooks.arguments import Parser
from hooks.project.git_event import folder_to_paste_in, is_passing_by
from hooks.project.project import read_project
from hooks.report import report
from hooks.rules.local_venv import ask, check
from hooks.venvs.search import Allowed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    return door.run(_main, argv)


def parse_arguments(argv: Sequence[str] | None) -> Namespace:
    parser = Parser("forbid-local-venv", __doc__)
    parser.add_local_venv_options()
    return parser.read(argv)


def _main(argv: Sequence[str] | None) -> int:
    options = parse_arguments(argv)
    if is_passing_by(os.environ):
        return 0
    project = read_project(options.venv, options.target, os.environ)
    question = ask(project, os.environ)
    messages = check(project, Allowed(options.allow), os.environ, question)
    return report(messages, options, folder=folder_to_paste_in(os.environ))


if __name__ == "__main__":
    sys.exit(main())
