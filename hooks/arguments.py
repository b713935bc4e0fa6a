"""The arguments that every hook takes, and what is said of wrong ones."""

from __future__ import annotations

import argparse
import os
import sys

from hooks.report import harmless, path_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """Has `--venv` and `--target`."""

    def __init__(self, name: str, description: str | None) -> None:
        super().__init__(prog=name, description=description)
        self.add_argument(
            "--venv",
            metavar="PATH",
            default="venv",
            type=_path,
            help="where the project keeps its venv or link (default: %(default)s)",
        )
        self.add_argument(
            "--target",
            metavar="PATH",
            type=_path,
            help="the shared venv, e.g. ../dr-daily-report/venv; may start with ~",
        )

    def add_family_options(self) -> None:
        self._add_list(
            "--sibling", "PATH", "another project of the family, besides those that are found"
        )
        self.add_argument(
            "--no-siblings",
            action="store_true",
            help="do not search for the family's other projects",
        )

    def read(self, argv: Sequence[str] | None) -> argparse.Namespace:
        """Ends the program with status 2 for what cannot be understood."""
        words = sys.argv[1:] if argv is None else argv
        for word in words:
            if word.startswith("--") and word.endswith("=--"):  # argparse makes a list of it
                self.error(f"argument {word.removesuffix('=--')}: expected one argument")
        return self.parse_args(words)

    def _add_list(self, option: str, metavar: str, text: str, kind: object = str) -> None:
        self.add_argument(
            option,
            metavar=metavar,
            action="append",
            default=[],
            help=text,
            type=kind,  # type: ignore[arg-type]
        )

    def error(self, message: str) -> NoReturn:
        """An argument may hold whatever a file name or a URL does."""
        super().error(harmless(message))


def _path(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("a path is needed")
    path = os.path.expanduser(text)
    return path_word(path.rstrip("/") or "/")
