"""The lines of pip's requirements files: text in, values out. No I/O."""

from __future__ import annotations

import re

from hooks.fast.records import NamedTuple
from hooks.harmless import quoted
from hooks.requirements.requirement import RefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Asked(NamedTuple):
    """A line that asks for something; `value` is what pip takes as the requirement."""

    line: int
    text: str
    value: str
    editable: bool
    has_hashes: bool = False


class Include(NamedTuple):
    """`-r` or `-c`; `shown` is the target with `${VAR}` unexpanded."""

    line: int
    target: str
    shown: str
    constraint: bool


class Option(NamedTuple):
    """An option that holds for the whole file, by its long name; an empty value for a flag."""

    line: int
    name: str
    value: str


class Refused(NamedTuple):
    """A line that pip refuses, and why: a whole sentence."""

    line: int
    why: str


class Unknown(NamedTuple):
    """An option that is not known, as it is written: that of a newer pip, perhaps."""

    line: int
    shown: str


# pip's own pattern, `(^|\s+)#.*$`, takes quadratic time; what follows is stripped anyway.
_COMMENT = r"(?<!\S)#"


VARIABLE = r"\$\{([A-Z0-9_]+)\}"


_LONGEST_QUOTED = 100_000  # characters: `shlex` takes quadratic time for a long word


_FLAGS = {"--no-index", "--no-require-hashes", "--pre", "--prefer-binary", "--require-hashes"}


_WITH_VALUE = {
    *("-C", "-c", "-e", "-f", "-i", "-r", "--all-releases", "--config-settings", "--constraint"),
    *("--editable", "--extra-index-url", "--find-links", "--hash", "--index-url", "--no-binary"),
    *("--only-binary", "--only-final", "--pypi-url", "--requirement", "--trusted-host"),
    "--use-feature",
}


_LONG = {
    "-C": "--config-settings",
    "-c": "--constraint",
    "-e": "--editable",
    "-f": "--find-links",
    "-i": "--index-url",
    "-r": "--requirement",
    "--pypi-url": "--index-url",
}


class _Options(NamedTuple):
    """The options of a line, in their order, by their long names; and those not known."""

    known: list[tuple[str, str]]
    unknown: list[str]

    def get(self, name: str) -> str | None:
        """The first value of this one."""
        return next((value for option, value in self.known if option == name), None)


def parse_requirements(
    text: str, environ: Mapping[str, str]
) -> Iterator[Asked | Include | Option | Refused | Unknown]:
    """The lines of a requirements file that ask, include, set, or are refused for their options."""
    for number, written in logical_lines(text):
        line = written
        # One variable after the other: a value may hold `${…}` of one that follows, as in pip.
        variables = []
        if "${" in written:
            variables = [name for name in re.findall(VARIABLE, written) if environ.get(name)]
        for name in dict.fromkeys(variables):
            line = line.replace(f"${{{name}}}", environ[name])
        value, options_text = _split_options(line)
        if not options_text:  # nearly every line
            yield Asked(number, written, value, editable=False)
            continue
        try:
            options = _parse_options(options_text)
        except RefusedError as refusal:
            # What a variable holds must not even be shown in part.
            secret = f"{quoted(written)} has an option that pip does not take"
            yield Refused(number, secret if variables else str(refusal))
            continue
        for unknown in options.unknown:
            yield Unknown(number, written if variables else unknown)
        yield from _meant(number, written, value, options)


def _meant(
    number: int, written: str, value: str, options: _Options
) -> Iterator[Asked | Include | Option]:
    """What a line says: as in pip it asks, or else includes, or else sets options."""
    editable, included = options.get("--editable"), options.get("--requirement")
    if editable is not None:
        yield Asked(number, written, value or editable, editable=True)
    elif value:
        text = _split_options(written)[0].strip() or written
        has_hashes = options.get("--hash") is not None
        yield Asked(number, text, value, editable=False, has_hashes=has_hashes)
    elif (target := options.get("--constraint") if included is None else included) is not None:
        shown = _target_as_written(written) if "${" in written else target
        yield Include(number, target, shown, constraint=included is None)
    else:
        for name, set_to in options.known:
            yield Option(number, name, set_to)


def _target_as_written(line: str) -> str:
    try:
        options = _parse_options(_split_options(line)[1])
    except RefusedError:
        return line
    return options.get("--requirement") or options.get("--constraint") or line


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Continued lines joined, comments cut, what is left; each with its first line's number."""
    parts: list[str] = []
    start = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not parts and not line.endswith("\\"):  # nearly every line
            if meant := _without_comment(line):
                yield number, meant
            continue
        if not parts:
            start = number
        is_comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not is_comment:
            parts.append(line.strip("\\"))  # at both ends, as in pip
            continue
        parts.append(f" {line}" if is_comment else line)
        if meant := _without_comment("".join(parts)):
            yield start, meant
        parts.clear()
    if meant := _without_comment("".join(parts)):
        yield start, meant


def _without_comment(line: str) -> str:
    comment = re.search(_COMMENT, line) if "#" in line else None
    return (line[: comment.start()] if comment else line).strip()


def _split_options(line: str) -> tuple[str, str]:
    """Where the first word begins with a dash; only a space ends a word here."""
    if line.startswith("-"):
        return "", line
    value, dash, options = line.partition(" -")
    return value, dash[1:] + options


def _parse_options(text: str) -> _Options:
    """As optparse does it: abbreviations, too."""
    from collections import deque

    words = deque(_words(text))
    options = _Options([], [])
    while words and (word := words.popleft()) != "--":
        if not word.startswith("-") or word == "-":
            continue  # a stray word: a marker after `-e ./x` gets lost here
        if word.startswith("--"):
            name, equals, value = word.partition("=")
        else:
            name, equals, value = word[:2], word[2:], word[2:]
        option = _whole_option(name)
        if option is None:  # whether it takes the next word is not known, either
            options.unknown.append(name)
        elif option in _FLAGS:
            if equals:
                raise RefusedError(f"{quoted(option)} takes no value")
            options.known.append((option, ""))
        else:
            if not equals and not words:
                raise RefusedError(f"{quoted(option)} has no value")
            option = _LONG.get(option, option)
            value = value if equals else words.popleft()
            _check_option(option, value)
            options.known.append((option, value))
    return options


def _words(text: str) -> Iterable[str]:
    if not any(special in text for special in "\"'\\"):
        return filter(None, re.split(r"[ \t\r\n]", text))  # as shlex, but 20 times as fast
    if len(text) > _LONGEST_QUOTED:
        raise RefusedError(f"{quoted(text)} is too long")
    import shlex

    try:
        return shlex.split(text)
    except ValueError:
        raise RefusedError(f"{quoted(text)} has no closing quote") from None


def _whole_option(name: str) -> str | None:
    """The one option that this is, or is short for."""
    if name in _FLAGS or name in _WITH_VALUE:
        return name
    if not name.startswith("--"):
        return None
    candidates = [option for option in [*_FLAGS, *_WITH_VALUE] if option.startswith(name)]
    return candidates[0] if len(candidates) == 1 else None


def _check_option(option: str, value: str) -> None:
    match option:
        case "--hash":
            algorithm, colon, _ = value.partition(":")
            if not colon or algorithm not in {"sha256", "sha384", "sha512"}:
                raise RefusedError(f"{quoted(f'--hash={value}')} is no hash like `sha256:…`")
        case "--config-settings" if "=" not in value:
            raise RefusedError(f"{quoted(f'{option} {value}')} is no setting like `KEY=VALUE`")
        case "--no-binary" | "--only-binary" | "--all-releases" | "--only-final":
            if value.startswith("-"):
                raise RefusedError(f"{quoted(option)} has no value")
