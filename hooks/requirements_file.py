"""pip's requirements files, read as the newest pip reads them: nothing is fetched or built.

Accidents that people rely on are included; `tests/test_requirements_file.py` compares the two.
"""

from __future__ import annotations

import os
import re

from hooks.asked_for import Read, Required
from hooks.files import Unreadable, read_file, real_path
from hooks.records import NamedTuple
from hooks.report import Finding, Note, quoted
from hooks.requirement import RefusedError, check_constraint, hint, take_editable, take_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Asked(NamedTuple):
    """A line that asks for something; `value` is what pip takes as the requirement."""

    line: int
    text: str
    value: str
    editable: bool


class Include(NamedTuple):
    """`-r` or `-c`; `shown` is the target with `${VAR}` unexpanded."""

    line: int
    target: str
    shown: str
    constraint: bool


class Refused(NamedTuple):
    """A line that pip refuses, and why: a whole sentence."""

    line: int
    why: str


# pip's own pattern, `(^|\s+)#.*$`, takes quadratic time; what follows is stripped anyway.
_COMMENT = re.compile(r"(?<!\S)#")
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_CODING = re.compile(rb"coding[:=]\s*([-\w.]+)")
_BOMS = [  # the one of UTF-16 LE is a prefix of the one of UTF-32 LE
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
]
_LONGEST_QUOTED = 100_000  # characters: `shlex` takes quadratic time for a long word
_FLAGS = {"--no-index", "--no-require-hashes", "--pre", "--prefer-binary", "--require-hashes"}
_WITH_VALUE = {
    *("-C", "-c", "-e", "-f", "-i", "-r", "--all-releases", "--config-settings", "--constraint"),
    *("--editable", "--extra-index-url", "--find-links", "--hash", "--index-url", "--no-binary"),
    *("--only-binary", "--only-final", "--pypi-url", "--requirement", "--trusted-host"),
    "--use-feature",
}
_LONG = {"-C": "--config-settings", "-c": "--constraint", "-e": "--editable", "-r": "--requirement"}
_FEATURES = {
    *("build-constraint", "fast-deps", "inprocess-build-deps", "no-binary-enable-wheel-cache"),
    *("truststore", "venv-isolation"),
}


class _File(NamedTuple):
    path: str
    identity: tuple[str, str]
    shown: str
    constraint: bool
    is_own: bool
    """It lies in the project's own tree. What other files hold is not shown: `-r /etc/shadow`."""
    lines: Iterator[Asked | Include | Refused]


def read_requirements(path: str, *, directory: str, environ: Mapping[str, str]) -> Read:
    """Read a requirements file and what it includes; each included file once.

    In a file that `-c` includes, `-r` leads to requirements again, as in pip.
    """
    reader = _Reader(directory, environ)
    if why := reader.begin(path, path, constraint=False):
        reader.messages.append(Finding(path, why))
    while reader.files:
        reader.take_line()
    return Read(reader.required, reader.messages, reader.hidden, has_hashes=reader.has_hashes)


class _Reader:
    """The files being read, each included by the one before it; no recursion, as they may be many.

    A file that is included by two ways counts once: where each doubles the next, 30 are endless.
    """

    def __init__(self, directory: str, environ: Mapping[str, str]) -> None:
        self.directory = directory
        self.environ = environ
        self.required: list[Required] = []
        self.messages: list[Finding | Note] = []
        self.hidden: dict[str, str] = {}
        self.has_hashes = False
        self.files: list[_File] = []
        self.open: set[tuple[str, str]] = set()
        self.seen: set[tuple[tuple[str, str], bool]] = set()

    def begin(self, path: str, shown: str, *, constraint: bool) -> str | None:
        """Make it the file that is read next, or say why it cannot be."""
        content = read_file(path)
        if isinstance(content, Unreadable):
            return content.why
        own = os.path.join(real_path(self.directory), "")
        is_own = real_path(path).startswith(own)
        text = _decoded(content)
        if isinstance(text, Finding):
            what = text.what if is_own else "is no text in its encoding"
            self.messages.append(text._replace(path=shown, what=what))
            return None
        self.has_hashes |= "--hash=" in text or "--require-hashes" in text
        if "${" in text:
            for _, line in logical_lines(text):
                for variable in _VARIABLE.findall(line):
                    if value := self.environ.get(variable):
                        self.hidden[value] = f"${{{variable}}}"
        identity = _identity(path)
        lines = parse_requirements(text, self.environ)
        self.files.append(_File(path, identity, shown, constraint, is_own, lines))
        self.open.add(identity)
        self.seen.add((identity, constraint))
        return None

    def take_line(self) -> None:
        file = self.files[-1]
        match next(file.lines, None):
            case None:
                self.files.pop()
                self.open.remove(file.identity)
            case Asked() as asked:
                required = _required(asked, file, self.directory)
                if isinstance(required, Required):
                    self.required.append(required)
                else:
                    self.messages.append(required)
            case Refused(line, why):
                self.messages.append(_finding(file, line, why))
            case include:
                if message := self.include(include, file):
                    self.messages.append(message)

    def include(self, include: Include, file: _File) -> Finding | Note | None:
        target = _target(include, file)
        is_url = "://" in include.shown  # `normpath` would leave one slash, and a password
        shown = include.shown if is_url else _beside(file.shown, include.shown)
        if target is None:
            place = f"{file.shown}:{include.line}"
            return Note(f"{place}: {quoted(include.shown)} is not on this machine and was not read")
        identity = _identity(target)
        if identity in self.open:
            return Finding(file.shown, f"{quoted(shown)} includes itself this way", include.line)
        if (identity, include.constraint) in self.seen:
            return None
        if why := self.begin(target, shown, constraint=include.constraint):
            return Finding(file.shown, f"the included {quoted(shown)} {why}", include.line)
        return None


def parse_requirements(
    text: str, environ: Mapping[str, str]
) -> Iterator[Asked | Include | Refused]:
    """The lines of a requirements file that ask, include, or are refused for their options."""
    for number, written in logical_lines(text):
        line = written
        # One variable after the other: a value may hold `${…}` of one that follows, as in pip.
        variables = []
        if "${" in written:
            variables = [name for name in _VARIABLE.findall(written) if environ.get(name)]
        for name in dict.fromkeys(variables):
            line = line.replace(f"${{{name}}}", environ[name])
        value, options_text = _split_options(line)
        try:
            options = _parse_options(options_text) if options_text else {}
        except RefusedError as refusal:
            # What a variable holds must not even be shown in part.
            secret = f"{quoted(written)} has an option that pip does not take"
            yield Refused(number, secret if variables else str(refusal))
            continue
        if "--editable" in options:
            yield Asked(number, written, value or options["--editable"], editable=True)
        elif value:
            text = _split_options(written)[0].strip() or written
            yield Asked(number, text, value, editable=False)
        elif "--requirement" in options or "--constraint" in options:
            target = options.get("--requirement", options.get("--constraint", ""))
            shown = _target_as_written(written) if variables else target
            yield Include(number, target, shown, constraint="--requirement" not in options)


def _identity(path: str) -> tuple[str, str]:
    """The file, and the directory that its own includes count from: links lead to both."""
    return real_path(path), real_path(os.path.dirname(path) or ".")


def _target_as_written(line: str) -> str:
    try:
        options = _parse_options(_split_options(line)[1])
    except RefusedError:
        return line
    return options.get("--requirement", options.get("--constraint", line))


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
    comment = _COMMENT.search(line) if "#" in line else None
    return (line[: comment.start()] if comment else line).strip()


def _split_options(line: str) -> tuple[str, str]:
    """Where the first word begins with a dash; only a space ends a word here."""
    if line.startswith("-"):
        return "", line
    value, dash, options = line.partition(" -")
    return value, dash[1:] + options


def _parse_options(text: str) -> dict[str, str]:
    """The first value of each option, by its long name. As optparse does it: abbreviations, too."""
    from collections import deque

    words = deque(_words(text))
    options: dict[str, str] = {}
    while words and (word := words.popleft()) != "--":
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            option = _whole_option(name)
            if option in _FLAGS:
                if equals:
                    raise RefusedError(f"{quoted(option)} takes no value")
                continue
            if equals:
                words.appendleft(value)
        elif word.startswith("-") and word != "-":
            option = word[:2]
            if option not in _WITH_VALUE:
                raise RefusedError(f"{quoted(option)} is an unknown option")
            if word[2:]:
                words.appendleft(word[2:])
        else:
            continue  # a stray word: a marker after `-e ./x` gets lost here
        if not words:
            raise RefusedError(f"{quoted(option)} has no value")
        option = _LONG.get(option, option)
        value = words.popleft()
        _check_option(option, value)
        options.setdefault(option, value)
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


def _whole_option(name: str) -> str:
    if name in _FLAGS or name in _WITH_VALUE:
        return name
    candidates = [option for option in [*_FLAGS, *_WITH_VALUE] if option.startswith(name)]
    if not candidates:
        raise RefusedError(f"{quoted(name)} is an unknown option")
    if len(candidates) > 1:
        meanings = " or ".join(map(quoted, sorted(candidates)))
        raise RefusedError(f"{quoted(name)} is short for {meanings}")
    return candidates[0]


def _check_option(option: str, value: str) -> None:
    match option:
        case "--hash":
            algorithm, colon, _ = value.partition(":")
            if not colon or algorithm not in {"sha256", "sha384", "sha512"}:
                raise RefusedError(f"{quoted(f'--hash={value}')} is no hash like `sha256:…`")
        case "--config-settings" if "=" not in value:
            raise RefusedError(f"{quoted(f'{option} {value}')} is no setting like `KEY=VALUE`")
        case "--use-feature" if value not in _FEATURES:
            raise RefusedError(f"{quoted(f'{option} {value}')} is an unknown feature of pip")
        case "--no-binary" | "--only-binary" | "--all-releases" | "--only-final":
            if value.startswith("-"):
                raise RefusedError(f"{quoted(option)} has no value")


def _decoded(content: bytes) -> str | Finding:
    encoding = _encoding(content)
    for bom, name in _BOMS:
        if content.startswith(bom):
            content, encoding = content[len(bom) :], name
            break
    try:
        return content.decode(encoding)
    except LookupError:
        return Finding("", f"{quoted(encoding)} is no encoding of text")
    except ValueError as error:
        at = error.start if isinstance(error, UnicodeDecodeError) else 0
        return Finding("", f"is not {encoding.upper()}", content.count(b"\n", 0, at) + 1)


def _encoding(content: bytes) -> str:
    for line in content.split(b"\n", 2)[:2]:
        if line.startswith(b"#") and (coding := _CODING.search(line)):
            return coding[1].decode("ascii")
    try:
        content.decode()
    except UnicodeDecodeError:
        import locale

        return locale.getencoding()
    return "utf-8"


def _target(include: Include, file: _File) -> str | None:
    """The path that is included; None for a remote one."""
    if not re.match(r"(https?|file):", include.target, re.IGNORECASE):
        return _beside(file.path, include.target)
    from urllib.parse import unquote, urlsplit

    try:
        scheme, host, path, _, _ = urlsplit(include.target)
    except ValueError:
        return None
    return unquote(path) if scheme == "file" and host in {"", "localhost"} else None


def _beside(path: str, target: str) -> str:
    return os.path.normpath(os.path.join(os.path.dirname(path), target))


def _finding(file: _File, line: int, what: str) -> Finding:
    return Finding(file.shown, what if file.is_own else "the line is no requirement", line)


def _required(asked: Asked, file: _File, directory: str) -> Required | Finding:
    take = take_editable if asked.editable else take_line
    try:
        taken = take(asked.value, directory)
        if file.constraint:
            check_constraint(taken, editable=asked.editable)
    except RefusedError as refusal:
        why = str(refusal)
    except (ValueError, RecursionError):  # what packaging (until 26.3 of brackets) and urllib raise
        why = f"is no {'editable ' * asked.editable}requirement{hint(asked.value)}"
    else:
        return Required(file.shown, asked.line, asked.text, *taken, asked.editable, file.constraint)
    return _finding(file, asked.line, f"{quoted(asked.text)} {why}")
