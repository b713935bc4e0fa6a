"""Whatever stands in a message is harmless when it is printed, and a repair can be pasted."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hooks.report import Finding, Fixed, Message, Note, command, path_word, quoted, report

OUTPUTS = [
    pytest.param([], 0, "", id="nothing to say"),
    pytest.param([Note("x was not checked")], 0, "note: x was not checked\n", id="a note passes"),
    pytest.param([Fixed("done")], 1, "fixed: done\n", id="what was fixed stops once"),
    pytest.param([Note("x"), Fixed("x")], 1, "note: x\nfixed: x\n", id="two kinds of equal fields"),
    pytest.param([Finding("a", "is b")], 1, "a: is b\n", id="a finding"),
    pytest.param([Finding("a", "is b", 3)], 1, "a:3: is b\n", id="with a line"),
    pytest.param(
        [Finding("a", "is b", fixes=("do this", "do that", "or so"))],
        1,
        "a: is b\n  fix: do this\n  or: do that\n  or: so so\n".replace("so so", "or so"),
        id="with repairs",
    ),
    pytest.param(
        [Finding("a", "x", 1, ("f",)), Finding("a", "y", 2, ("f",)), Finding("b", "z", 1, ("g",))],
        1,
        "a:1: x\na:2: y\n  fix: f\nb:1: z\n  fix: g\n",
        id="a repair that mends several stands under the last",
    ),
    pytest.param(
        [Finding("a", "x", 1, ("f",)), Note("n"), Finding("a", "y", 2, ("f",))],
        1,
        "a:1: x\nnote: n\na:2: y\n  fix: f\n",
        id="the last, whatever lies between",
    ),
    pytest.param([Finding("a\nb", "x\r\x1b[2J")], 1, "a\\nb: x\\r\\x1b[2J\n", id="control characters"),
    pytest.param([Finding("a", "\u202ex\u2028")], 1, "a: \\u202ex\\u2028\n", id="bidi, line breaks"),
    pytest.param([Finding("\udcff", "x")], 1, "\\xff: x\n", id="a name that is no text"),
    pytest.param([Finding("::error file=a", "x")], 1, ":\\x3aerror file=a: x\n", id="GitHub's"),
    pytest.param([Finding("a", "##[error]x ##vso[y]")], 1, "a: #\\x23[error]x #\\x23vso[y]\n", id="Azure's"),
    pytest.param([Finding("a", "http://[::1]/ ## x")], 1, "a: http://[::1]/ ## x\n", id="no commands"),
    pytest.param(
        [Finding("a", "see `https://u:p@h/x` and `b@c`")],
        1,
        "a: see `https://****@h/x` and `b@c`\n",
        id="credentials in a sentence",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("messages", "status", "output"), OUTPUTS)
def test_what_is_printed(
    messages: list[Message], status: int, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(messages) == status
    assert capsys.readouterr().out == output


VALUES = [
    pytest.param("pandas==2.0.0", "`pandas==2.0.0`", id="plain"),
    pytest.param("ünï 漢字", "`ünï 漢字`", id="letters of any script"),
    pytest.param("https://me:s3c@ret@h/x", "`https://****@h/x`", id="an at sign in the password"),
    pytest.param("git+ssh://git@h/x", "`git+ssh://****@h/x`", id="a user name"),
    pytest.param("http://u:a b#c?@h/x@y", "`http://****@h/x@y`", id="odd characters in a password"),
    pytest.param("https://h/x@1.0", "`https://h/x@1.0`", id="an at sign after the host"),
    pytest.param("https:///me:s3cret@h/x", "`https:///****@h/x`", id="a slash too many"),
    pytest.param("x @ http:/me:s3cret@h", "`x @ http:/****@h`", id="a slash too few"),
    pytest.param("https:me:s3cret@h/x", "`https:****@h/x`", id="no slash"),
    pytest.param("git+me:s3cret@h:o/r", "`git+****@h:o/r`", id="as scp has it"),
    pytest.param("https://me:s3", "`https://me:****`", id="cut short in the midst of a password"),
    pytest.param("http://h:8080/x", "`http://h:8080/x`", id="a port"),
    pytest.param("http://[::1]:80", "`http://[::1]:80`", id="an address"),
    pytest.param("git+ssh://h:o/r", "`git+ssh://h:****/r`", id="no port"),
    pytest.param("file:///a@b/c", "`file:///a@b/c`", id="an at sign in a path"),
    pytest.param("a:b@c, https @ x", "`a:b@c, https @ x`", id="no URL"),
    pytest.param("x" * 200, f"`{'x' * 200}`", id="long"),
    pytest.param("x" * 150 + "y" * 51, f"`{'x' * 150}…{'y' * 49}`", id="too long"),
]


@pytest.mark.parametrize(("value", "shown"), VALUES)
def test_a_value_in_a_message(value: str, shown: str) -> None:
    assert quoted(value) == shown


def test_hidden_values_are_replaced_in_what_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    messages: list[Message] = [
        Finding("s3cret", "is s3cret", fixes=("cat s3cret",)),
        Note("s3cret"),
    ]
    assert report(messages, {"s3cret": "${TOKEN}"}) == 1
    printed = "s3cret: is ${TOKEN}\n  fix: cat s3cret\nnote: ${TOKEN}\n"
    assert capsys.readouterr().out == printed


def test_a_short_hidden_value_is_replaced_where_it_stands_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hidden = {"2": "${MAJOR}", "long-s3cret": "${LONG}", "s3cret": "${SHORT}"}
    report([Note("`2` is `2.31.0`, not s3crets, xlong-s3crety or /s3cret/")], hidden)
    printed = "note: `${MAJOR}` is `2.31.0`, not s3crets, x${LONG}y or /${SHORT}/\n"
    assert capsys.readouterr().out == printed


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("a\x1b[mb::c", "`a\\x1b[mb:\\x3ac`", id="that has to be escaped"),
        pytest.param("My_Tool.kit", "`my-tool-kit`", id="as a name (PEP 503)"),
        pytest.param("...", "`...`", id="that is no name"),
    ],
)
def test_a_hidden_value_is_replaced_however_it_was_shown(
    value: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report([Note(f"{quoted(value)} and {shown}, - and .")], {value: "${IT}"})
    assert capsys.readouterr().out == "note: `${IT}` and `${IT}`, - and .\n"


@pytest.mark.parametrize("before", range(130, 300, 10))
def test_of_a_hidden_value_that_was_shortened_too_little_is_left_to_tell(
    before: int, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "ghp_S3cretTokenValue"
    report([Note(quoted(f"{'x' * before}{secret}{'y' * (300 - before)}"))], {secret: "${IT}"})
    printed = capsys.readouterr().out
    parts = {secret[at : at + 4] for at in range(len(secret) - 3)}
    assert not [part for part in parts if part in printed], printed


def test_credentials_in_a_path_are_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    report([Finding("https:/me:my s3cret@host/x", "is missing")])
    assert capsys.readouterr().out == "https:/****@host/x: is missing\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "ksh"])
@given(
    words=st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=3
    )
)
def test_a_command_reads_back_as_its_words(shell: str, words: list[str]) -> None:
    # One shell for many words: it prints each with a NUL after it.
    line = f"printf '%s\\0' {command(*words)}" if words else "true"
    assert line.isprintable()
    try:
        printed = subprocess.run([shell, "-c", line], capture_output=True, check=True).stdout
    except FileNotFoundError:
        pytest.skip(f"there is no {shell}")
    assert printed == b"".join(os.fsencode(word) + b"\0" for word in words)


@pytest.mark.parametrize(
    ("path", "word"),
    [("venv", "venv"), ("-rf", "./-rf"), ("../x", "../x"), ("/-x", "/-x")],
)
def test_a_path_is_no_option(path: str, word: str) -> None:
    assert path_word(path) == word


@pytest.mark.parametrize(
    ("encoding", "printed"), [("ascii", b"a: \\xe9\\u6f22\n"), ("utf-8", "a: é漢\n".encode())]
)
def test_an_output_of_any_encoding(encoding: str, printed: bytes) -> None:
    code = "from hooks.report import *; raise SystemExit(report([Finding('a', 'é漢')]))"
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, printed, b"")


def buffered() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


@pytest.mark.parametrize("count", [1, 99999])
def test_nobody_reads_the_output(count: int) -> None:
    code = f"from hooks.report import *; raise SystemExit(report([Finding('a', 'b')] * {count}))"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=buffered(),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait() == 1


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-", ">&- 2>&-"])
def test_the_output_cannot_be_written(redirection: str) -> None:
    code = "from hooks.report import *; raise SystemExit(report([Finding('a', 'b')]))"
    line = f'"$0" -c "$1" {redirection}'
    ran = subprocess.run(
        ["bash", "-c", line, sys.executable, code], env=buffered(), capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, b"", b"")
