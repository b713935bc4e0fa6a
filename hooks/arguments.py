"""The arguments that hooks take, and what is said of wrong ones: one line, status 2."""

from __future__ import annotations

import argparse
import os
import sys

from hooks.fast.records import NamedTuple
from hooks.harmless import harmless, quoted
from hooks.rule_names import RULES
from hooks.shell import path_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

FORMATS = ("text", "github", "json")


class RequiredCommand(NamedTuple):
    """`dr`, or `dr --help`: with arguments it is run as well."""

    name: str
    arguments: tuple[str, ...]


class _Help(argparse.HelpFormatter):
    """As wide as the lines of this project: asking how wide the terminal is loads `shutil`."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=100)


class Parser(argparse.ArgumentParser):
    """Has what every hook takes; the options of a rule are added by the hooks that have it."""

    def __init__(self, name: str, description: str | None) -> None:
        super().__init__(prog=name, description=description, formatter_class=_Help)
        self.set_defaults(hook=name)
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
        self._add_list(
            "--ignore",
            "RULE[:SUBJECT]",
            "make a note of what breaks this rule: 'conflict:pandas', 'local-venv:.venv'",
            _ignored,
        )
        self.add_argument(
            "--output-format",
            metavar="|".join(FORMATS),
            help="default: $SHARED_VENV_OUTPUT_FORMAT, or text",
        )

    def add_link_options(self) -> None:
        self._add_list(
            "--require-command",
            "CMD",
            "a command that the venv must have; with arguments, as 'dr --help', it is also run",
            _required_command,
        )
        self.add_argument(
            "--fix",
            action="store_true",
            help="put the right link in place of a wrong or missing one",
        )

    def add_local_venv_options(self) -> None:
        self._add_list(
            "--allow",
            "GLOB",
            "a path from the project, or a folder above it, that may be a venv: 'examples/*'",
        )

    def add_requirements_options(self) -> None:
        self._add_list(
            "--requirements",
            "FILE",
            "a requirements file, pyproject.toml or pylock.toml that tells what is asked for"
            " (default: requirements.txt, and pyproject.toml if it has [project] dependencies)",
        )
        self._add_list("--extra", "NAME", "optional dependencies of pyproject.toml to include")
        self._add_list("--group", "NAME", "a dependency group of pyproject.toml to include")
        self.add_family_options()
        self.add_argument(
            "--forbid-undeclared",
            action="store_true",
            help="refuse what is installed though no project of the family needs it",
        )
        self._add_list("--allow-undeclared", "NAME", "a distribution that nobody has to declare")

    def add_family_options(self) -> None:
        self._add_list(
            "--sibling", "PATH", "another project of the family, besides those that are found"
        )
        self.add_argument(
            "--no-siblings",
            action="store_true",
            help="do not search for the family's other projects",
        )

    def add_agreement_options(self) -> None:
        self._add_list(
            "--same",
            "FILE[:KEY]",
            "what is alike in each project that has it: .python-version, pyproject.toml:tool.ruff",
        )
        self.add_argument("--everywhere", action="store_true", help="each project has to have it")
        self.add_family_options()

    def read(self, argv: Sequence[str] | None) -> argparse.Namespace:
        """Ends the program with status 2 for what cannot be understood."""
        words = sys.argv[1:] if argv is None else argv
        for word in words:
            if word.startswith("--") and word.endswith("=--"):  # argparse makes a list of it
                self.error(f"argument {word.removesuffix('=--')}: expected one argument")
            self._tell_missing_comma(word)
        options = self.parse_args(words)
        # An empty variable is none.
        asked = options.output_format or os.environ.get("SHARED_VENV_OUTPUT_FORMAT") or FORMATS[0]
        if asked not in FORMATS:
            what = f"{quoted(asked)} is no format: {', '.join(FORMATS)} are"
            self.error(f"argument --output-format: {what}")
        options.output_format = asked
        return options

    def error(self, message: str) -> NoReturn:
        """An argument may hold whatever a file name or a URL does."""
        if sys.stderr is not None:
            sys.stderr.write(f"{self.prog}: {harmless(message)}\n")
        raise SystemExit(2)

    def _add_list(self, option: str, metavar: str, text: str, kind: object = str) -> None:
        self.add_argument(
            option,
            metavar=metavar,
            action="append",
            default=[],
            help=text,
            type=kind,  # type: ignore[arg-type]
        )

    def _tell_missing_comma(self, word: str) -> None:
        """`args: [--target=../a/venv --fix]` is one word to YAML, where two were meant."""
        first, space, rest = word.partition(" --")
        if not space:
            return
        option = rest.partition(" ")[0].partition("=")[0]
        is_command = first.startswith("--require-command") or not first.startswith("--")
        if is_command and (option == "help" or f"--{option}" not in self._option_string_actions):
            return  # `dr --help` is a command with its argument
        meant = f"{quoted(first)}, {quoted(f'--{rest}')}"
        self.error(f"{quoted(word)} is one argument: is a comma missing, as in {meant}?")


class UnfitError(Exception):
    """Arguments that the hook itself would refuse."""


class _Quiet(Parser):
    """Of all hooks that check a rule; says nothing and does not end the program."""

    def __init__(self) -> None:
        super().__init__("shared-venv-status", None)
        self.add_link_options()
        self.add_local_venv_options()
        self.add_requirements_options()

    def error(self, message: str) -> NoReturn:
        raise UnfitError(message)


def read_quietly(words: Sequence[str]) -> argparse.Namespace:
    """What the hooks of another project are told."""
    return _Quiet().read([each for each in words if each not in {"-h", "--help"}])


def _path(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("a path is needed")
    path = os.path.expanduser(text)
    return path_word(path.rstrip("/") or "/")


def _ignored(text: str) -> str:
    if text.partition(":")[0] not in RULES:
        raise argparse.ArgumentTypeError(f"{quoted(text)} names no rule: {', '.join(RULES)} are")
    return text


def _required_command(text: str) -> RequiredCommand:
    import shlex

    try:
        name, *arguments = shlex.split(text) or [""]
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no command line: {error}") from None
    if len(name.split()) > 1:
        raise argparse.ArgumentTypeError(f"{text!r} is quoted twice: leave the inner quotes out")
    if "/" in name or name in {"", ".", ".."} or "\0" in text:
        raise argparse.ArgumentTypeError(f"{text!r} does not begin with the name of a command")
    return RequiredCommand(name, tuple(arguments))
