"""Whatever stands in a message is harmless when it is printed, and a repair can be pasted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import Namespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hooks.harmless import quoted
from hooks.report import Finding, Fixed, Message, Note, report
from hooks.shell import command, path_word

OPTIONS = Namespace(hook="check-it", ignore=[], output_format="text")
REPORTS = """from argparse import Namespace
from hooks.report import *
options = Namespace(hook="check-it", ignore=[], output_format="text")
raise SystemExit("""


def found(path: str, what: str, line: int | None = None, fixes: tuple[str, ...] = ()) -> Finding:
    return Finding(path, what, line, fixes, "bad-file")


OUTPUTS = [
    pytest.param([], 0, "", id="nothing to say"),
    pytest.param([Note("x was not checked")], 0, "note: x was not checked\n", id="a note passes"),
    pytest.param([Fixed("done")], 1, "fixed: done\n", id="what was fixed stops once"),
    pytest.param([Note("x"), Fixed("x")], 1, "note: x\nfixed: x\n", id="two kinds of equal fields"),
    pytest.param([found("a", "is b")], 1, "a: is b [bad-file]\n", id="a finding"),
    pytest.param([found("a", "is b", 3)], 1, "a:3: is b [bad-file]\n", id="with a line"),
    pytest.param(
        [found("a", "is b", fixes=("do this", "do that", "or so"))],
        1,
        "a: is b [bad-file]\n  fix: do this\n  or: do that\n  or: so so\n".replace("so so", "or so"),
        id="with repairs",
    ),
    pytest.param(
        [found("a", "x", 1, ("f",)), found("a", "y", 2, ("f",)), found("b", "z", 1, ("g",))],
        1,
        "a:1: x [bad-file]\na:2: y [bad-file]\n  fix: f\nb:1: z [bad-file]\n  fix: g\n",
        id="a repair that mends several stands under the last",
    ),
    pytest.param(
        [found("a", "x", 1, ("f",)), Note("n"), found("a", "y", 2, ("f",))],
        1,
        "a:1: x [bad-file]\nnote: n\na:2: y [bad-file]\n  fix: f\n",
        id="the last, whatever lies between",
    ),
    pytest.param([found("a\nb", "x\r\x1b[2J")], 1, "a\\nb: x\\r\\x1b[2J [bad-file]\n", id="control characters"),
    pytest.param([found("a", "\u202ex\u2028")], 1, "a: \\u202ex\\u2028 [bad-file]\n", id="bidi, line breaks"),
    pytest.param([found("\udcff", "x")], 1, "\\xff: x [bad-file]\n", id="a name that is no text"),
    pytest.param([found("::error file=a", "x")], 1, ":\\x3aerror file=a: x [bad-file]\n", id="GitHub's"),
    pytest.param([found("a", "##[error]x ##vso[y]")], 1, "a: #\\x23[error]x #\\x23vso[y] [bad-file]\n", id="Azure's"),
    pytest.param([found("a", "http://[::1]/ ## x")], 1, "a: http://[::1]/ ## x [bad-file]\n", id="no commands"),
    pytest.param(
        [found("a", "see `https://u:p@h/x` and `b@c`")],
        1,
        "a: see `https://****@h/x` and `b@c` [bad-file]\n",
        id="credentials in a sentence",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("messages", "status", "output"), OUTPUTS)
def test_what_is_printed(
    messages: list[Message], status: int, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(messages, OPTIONS) == status
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
    pytest.param("x @ //me:s3cret@h/x", "`x @ //****@h/x`", id="no scheme"),
    pytest.param("me:s3cret@h:o/r", "`me:****@h:o/r`", id="no scheme and no slashes"),
    pytest.param("git@h:r@v1", "`git@h:r@v1`", id="as scp has it, with a revision"),
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
        found("s3cret", "is s3cret", fixes=("cat s3cret",)),
        Note("s3cret"),
    ]
    assert report(messages, OPTIONS, hidden={"s3cret": "${TOKEN}"}) == 1
    printed = "s3cret: is ${TOKEN} [bad-file]\n  fix: cat s3cret\nnote: ${TOKEN}\n"
    assert capsys.readouterr().out == printed


def test_a_short_hidden_value_is_replaced_where_it_stands_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hidden = {"2": "${MAJOR}", "long-s3cret": "${LONG}", "s3cret": "${SHORT}"}
    report(
        [Note("`2` is `2.31.0`, not s3crets, xlong-s3crety or /s3cret/")], OPTIONS, hidden=hidden
    )
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
    report([Note(f"{quoted(value)} and {shown}, - and .")], OPTIONS, hidden={value: "${IT}"})
    assert capsys.readouterr().out == "note: `${IT}` and `${IT}`, - and .\n"


def test_credentials_in_a_path_are_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    report([found("https:/me:my s3cret@host/x", "is missing")], OPTIONS)
    assert capsys.readouterr().out == "https:/****@host/x: is missing [bad-file]\n"


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
    ("encoding", "printed"),
    [("ascii", b"a: \\xe9\\u6f22 [x]\n"), ("utf-8", "a: é漢 [x]\n".encode())],
)
def test_an_output_of_any_encoding(encoding: str, printed: bytes) -> None:
    code = f"{REPORTS}report([Finding('a', 'é漢', rule='x')], options))"
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, printed, b"")


def buffered() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


@pytest.mark.parametrize("count", [1, 99999])
def test_nobody_reads_the_output(count: int) -> None:
    code = f"{REPORTS}report([Finding('a', 'b')] * {count}, options))"
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


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("redirection", [">/dev/full", ">&-", ">&- 2>&-"])
def test_the_output_cannot_be_written(redirection: str) -> None:
    code = f"{REPORTS}report([Finding('a', 'b')], options))"
    line = f'"$0" -c "$1" {redirection}'
    ran = subprocess.run(
        ["bash", "-c", line, sys.executable, code], env=buffered(), capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, b"", b"")


def reported(capsys: pytest.CaptureFixture[str], *messages: Message, **more: object) -> str:
    options = Namespace(**{**vars(OPTIONS), **more})
    report(messages, options)
    return capsys.readouterr().out


def test_annotations(capsys: pytest.CaptureFixture[str]) -> None:
    messages: list[Message] = [
        found("a,b:c", "is 100% wrong", 3, ("do this", "do that")),
        Finding("d", "is missing", rule="bad-file"),
        Note("x was not checked"),
        Fixed("done"),
    ]
    assert reported(capsys, *messages, output_format="github") == (
        "::error file=a%2Cb%3Ac,line=3,title=bad-file::"
        "is 100%25 wrong%0Afix: do this%0Aor: do that\n"
        "::error file=d,title=bad-file::is missing\n"
        "::notice::x was not checked\n"
        "::notice::fixed: done\n"
    )


def test_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    messages: list[Message] = [
        found("a", "is b of `https://u:p@h/x?token=s3cret`", 3, ("f",)),
        found("a", "is c", None, ("f",)),
        Note("x was not checked"),
        Fixed("done"),
    ]
    assert json.loads(reported(capsys, *messages, output_format="json")) == {
        "schema": 1,
        "hook": "check-it",
        "status": 1,
        "findings": [
            {
                "rule": "bad-file",
                "path": "a",
                "line": 3,
                "message": "is b of `https://****@h/x?token=****`",
                "fixes": ["f"],
            },
            {"rule": "bad-file", "path": "a", "line": None, "message": "is c", "fixes": ["f"]},
        ],
        "notes": ["x was not checked", "fixed: done"],
    }


IGNORED = [
    pytest.param("conflict", True, id="the rule"),
    pytest.param("conflict:pandas", True, id="the rule and its subject"),
    pytest.param("conflict:Pandas", True, id="in another spelling of the name"),
    pytest.param("conflict:numpy", False, id="another subject"),
    pytest.param("wrong-version:pandas", False, id="another rule"),
]


@pytest.mark.parametrize(("ignored", "is_a_note"), IGNORED)
def test_what_is_ignored_is_a_note(
    ignored: str, is_a_note: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    finding = Finding("a", "is b", 3, ("f",), "conflict", "pandas")
    options = Namespace(hook="check-it", ignore=[ignored], output_format="text")
    assert report([finding], options) == int(not is_a_note)
    says = (
        "note: a:3: is b [conflict] (ignored)\n"
        if is_a_note
        else "a:3: is b [conflict]\n  fix: f\n"
    )
    assert capsys.readouterr().out == says


def test_a_path_is_the_subject_where_there_is_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    said = reported(capsys, found(".venv", "is b"), ignore=["bad-file:.venv"])
    assert said == "note: .venv: is b [bad-file] (ignored)\n"


def test_what_was_mended_is_no_reason_to_stop_at_a_checkout() -> None:
    assert report([Fixed("done")], OPTIONS, fixed_passes=True) == 0
    assert report([Fixed("done"), found("a", "is b")], OPTIONS, fixed_passes=True) == 1


def test_a_fix_is_for_the_folder_in_which_it_is_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    report([found("a", "is b", fixes=("one && two",))], OPTIONS, folder="../my dir")
    assert capsys.readouterr().out == (
        "a: is b [bad-file]\n  fix: (cd -P '../my dir' && one && two)\n"
    )
