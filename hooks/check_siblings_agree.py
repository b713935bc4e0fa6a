"""The repositories of the family pin the same hooks, and share the files and settings named."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from hooks.arguments import Parser
from hooks.project import find_family, main_place, read_project
from hooks.project.shared_venv import with_target_of_link
from hooks.report import report
from hooks.rules.agree import check
from hooks.rules.same import Same, parse_same


def main(argv: Sequence[str] | None = None) -> int:
    options = parse_arguments(argv)
    project = with_target_of_link(read_project(options.venv, options.target, os.environ))
    search = not options.no_siblings and not project.in_ci
    family = find_family(project, options.venv, options.sibling, search=search)
    runner = "prek" if "PREK_HOOK_STAGE" in os.environ else "pre-commit"
    place = main_place(project)
    return report(check(family, place, options.same, everywhere=options.everywhere, runner=runner))


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser("check-siblings-agree", __doc__)

    def add_list(option: str, metavar: str, text: str, kind: Callable[[str], object] = str) -> None:
        parser.add_argument(
            option, metavar=metavar, action="append", default=[], type=kind, help=text
        )

    add_list(
        "--same",
        "FILE[:KEY]",
        "what every project that has it has alike: .python-version, pyproject.toml:tool.ruff",
        _same,
    )
    parser.add_argument("--everywhere", action="store_true", help="every project has to have it")
    add_list("--sibling", "PATH", "another project of the family, besides those that are found")
    parser.add_argument("--no-siblings", action="store_true", help="do not search for the others")
    options = parser.read(argv)
    if options.everywhere and not options.same:
        parser.error("--everywhere needs --same")
    return options


def _same(text: str) -> Same:
    asked = parse_same(text)
    if isinstance(asked, str):
        raise argparse.ArgumentTypeError(asked)
    return asked


if __name__ == "__main__":
    sys.exit(main())
