"""The floor: what a hook in Python costs before it does anything."""

from __future__ import annotations

import argparse


def at_once() -> int:
    """A console script that returns at once."""
    return 0


def parse_and_return() -> int:
    """One that parses the options of check-venv-symlink, and returns."""
    make_parser().parse_args()
    return 0


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="floor", description=__doc__)
    parser.add_argument("--venv", metavar="PATH", default="venv", help="where the venv is")
    parser.add_argument("--target", metavar="PATH", help="the shared venv")
    for option, value in [("--ignore", "RULE[:SUBJECT]"), ("--output-format", "text|github|json")]:
        parser.add_argument(option, metavar=value, help="as every hook has it")
    parser.add_argument(
        "--require-command",
        metavar="CMD",
        action="append",
        default=[],
        help="a command that the venv must have",
    )
    parser.add_argument("--fix", action="store_true", help="put the right link in place")
    return parser
