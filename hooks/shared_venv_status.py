"""The family on one screen: its shared venv, each project of it, and what to do first."""

from __future__ import annotations

import os
import sys

from hooks import door
from hooks.arguments import Parser
from hooks.project.git_event import folder_to_paste_in
from hooks.report import report
from hooks.rules.status import read_status
from hooks.rules.status_screen import document, lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def main(argv: Sequence[str] | None = None) -> int:
    return door.run(_main, argv)


def make_parser() -> Parser:
    parser = Parser("shared-venv-status", __doc__)
    parser.add_family_options()
    return parser


def _main(argv: Sequence[str] | None) -> int:
    parser = make_parser()
    options = parser.read(argv)
    status = read_status(options, os.environ)
    if isinstance(status, str):
        parser.error(status)
    folder = folder_to_paste_in(os.environ)
    coloured = is_coloured(os.environ)
    return report(
        status.messages,
        options,
        hidden=status.hidden,
        folder=folder,
        screen=lambda show: lines(status, show, folder=folder, coloured=coloured),
        more=document(status, folder),
    )


def is_coloured(environ: Mapping[str, str]) -> bool:
    """https://no-color.org: on a terminal, unless somebody wants none."""
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return is_terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


if __name__ == "__main__":
    sys.exit(main())
