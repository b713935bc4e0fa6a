"""A requirements file, as pip reads it: what is taken, and what is told."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from hooks.problems import Problem
from hooks.requirements.pip_lines import Asked, Include, Unknown, logical_lines, parse_requirements
from tests.fuzzing import examples
from tests.requirements.readers.reading import read, shown, told

# -- a requirements file: what is taken ----------------------------------------------------------

TAKEN = {
    "nothing": ("", []),
    "only comments and blank lines": ("# one\n\n   \n\t# two\n", []),
    "a name": ("foo\n", ["1 foo -> foo"]),
    "no line break at the end": ("foo", ["1 foo -> foo"]),
    "a pin": ("foo==1.2.3\n", ["1 foo==1.2.3 -> foo==1.2.3"]),
    "another spelling of a name": ("Foo._Bar==1\n", ["1 Foo._Bar==1 -> foo-bar==1"]),
    "several specifiers": ("foo >= 1, <2\n", ["1 foo >= 1, <2 -> foo<2,>=1"]),
    "specifiers in brackets": ("foo (>=1)\n", ["1 foo (>=1) -> foo>=1"]),
    "an arbitrary version": ("foo===x-y\n", ["1 foo===x-y -> foo===x-y"]),
    "extras": ("foo[B_c, a]\n", ["1 foo[B_c, a] -> foo[a,b-c]"]),
    "a marker": ("foo ; os_name=='x'\n", ["1 foo ; os_name=='x' -> foo ; os_name == \"x\""]),
    "a marker of a pin": (
        "foo==1;os_name=='x'\n",
        ["1 foo==1;os_name=='x' -> foo==1 ; os_name == \"x\""],
    ),
    "an empty marker": ("foo ;\n", ["1 foo ; -> foo"]),
    "a comment behind": ("foo  # bar\n", ["1 foo -> foo"]),
    "a hash sign within a word is no comment": (
        "foo @ https://h/x#y\n",
        ["1 foo @ https://h/x#y -> foo @ https://h/x#y"],
    ),
    "a continued line has its first number": (
        "\nfoo\\\n>=1\\\n,<2\nbar\n",
        ["2 foo>=1,<2 -> foo<2,>=1", "5 bar -> bar"],
    ),
    "a comment ends a continued line": ("a \\\n# x \\\nb\n", ["1 a -> a", "3 b -> b"]),
    "a comment with no space, behind a continued line": ("a\\\n#b\n", ["1 a -> a"]),
    "a continued line loses its first backslash, too": ("\\a\\\nb\n", ["1 ab -> ab"]),
    "a semicolon in a URL": ("https://h/a;b\n", ["1 https://h/a;b -> None @ https://h/a;b"]),
    "an archive in capitals": ("X.TAR.GZ\n", ["1 X.TAR.GZ -> None @ ROOT/X.TAR.GZ"]),
    "the brackets of a URL are extras": (
        "n @ https://h/x[y]\n",
        ["1 n @ https://h/x[y] -> n[y] @ https://h/x[y]"],
    ),
    "continued to the end of the file": ("foo\\", ["1 foo -> foo"]),
    "a form feed and U+2028 end a line": (
        "foo\x0cbar\u2028baz\r\nqux",
        ["1 foo -> foo", "2 bar -> bar", "3 baz -> baz", "4 qux -> qux"],
    ),
    "hashes": (
        f"foo==1 --hash=sha256:{'a' * 64} \\\n  --hash sha512:b\nbar\n",
        ["1 foo==1 -> foo==1", "3 bar -> bar"],
    ),
    "build settings": ("foo --config-settings a=b -Cc=d -C 'e=f g'\n", ["1 foo -> foo"]),
    "global options": (
        (
            "-i https://h/simple\n--extra-index-url=https://h\n--no-index\n--pre\n-f ./w\n"
            "--trusted-host h\n--no-binary :all:\n--only-b=x\n--prefer-binary\n--require-hashes\n"
            "--use-feature=fast-deps\n--all-releases a,b\n--only-final :none:\nfoo\n"
        ),
        ["14 foo -> foo"],
    ),
    "a hash of nothing": ("--hash=sha256:00\n", []),
    "options that end": ("-- --foo\n", []),
    "a lonely dash": ("- x\n", []),
    "the project itself": (
        "-e .\n",
        ["1 -e . -> None @ ROOT (editable)"],
    ),
    "an editable folder with extras": (
        "-e ./pkg[Dev_x]\n",
        ["1 -e ./pkg[Dev_x] -> None[dev-x] @ ROOT/pkg (editable)"],
    ),
    "an editable folder in quotes": (
        "-e './my dir'\n",
        ["1 -e './my dir' -> None @ ROOT/my%20dir (editable)"],
    ),
    "joined and short forms of -e": (
        "-e./pkg\n--editable=old\n--edit pkg\n",
        [
            "1 -e./pkg -> None @ ROOT/pkg (editable)",
            "2 --editable=old -> None @ ROOT/old (editable)",
            "3 --edit pkg -> None @ ROOT/pkg (editable)",
        ],
    ),
    "a marker after an editable is dropped": (
        "-e ./pkg ; os_name=='nt'\n",
        ["1 -e ./pkg ; os_name=='nt' -> None @ ROOT/pkg (editable)"],
    ),
    "an editable repository": (
        "-e git+https://h/r@v1#egg=Foo_x\n",
        ["1 -e git+https://h/r@v1#egg=Foo_x -> foo-x @ git+https://h/r@v1#egg=Foo_x (editable)"],
    ),
    "an editable repository with its scheme alone": (
        "-e git:r#egg=x --config-settings a=b\n",
        ["1 -e git:r#egg=x --config-settings a=b -> x @ git+git:r#egg=x (editable)"],
    ),
    "an editable with a name": (
        "-e 'foo[x] @ git+https://h/r ; os_name==\"nt\"'\n",
        [
            (
                "1 -e 'foo[x] @ git+https://h/r ; os_name==\"nt\"' -> "
                'foo[x] @ git+https://h/r ; os_name == "nt" (editable)'
            )
        ],
    ),
    "an editable file URL": (
        "-e file:///a/b#egg=c\n",
        ["1 -e file:///a/b#egg=c -> c @ file:///a/b#egg=c (editable)"],
    ),
    "a folder": ("./pkg\n", ["1 ./pkg -> None @ ROOT/pkg"]),
    "a folder with a slash behind": ("pkg/\n", ["1 pkg/ -> None @ ROOT/pkg"]),
    "a folder without any slash is a name": ("pkg\n", ["1 pkg -> pkg"]),
    "a folder with setup.py and extras": ("./old[a]\n", ["1 ./old[a] -> None[a] @ ROOT/old"]),
    "a folder with a space": (
        "./my dir ; os_name=='x'\n",
        ["1 ./my dir ; os_name=='x' -> None @ ROOT/my%20dir ; os_name == \"x\""],
    ),
    "an archive": ("./pkg.zip\n", ["1 ./pkg.zip -> None @ ROOT/pkg.zip"]),
    "an archive that is not there": ("x.tar.gz\n", ["1 x.tar.gz -> None @ ROOT/x.tar.gz"]),
    "a wheel tells its name and version": (
        "./a-1.0-py3-none-any.whl\n",
        ["1 ./a-1.0-py3-none-any.whl -> a==1.0 @ ROOT/a-1.0-py3-none-any.whl"],
    ),
    "the URL of a wheel": (
        "https://h/A_b-2+c-py3-none-any.whl#sha256=00\n",
        [
            (
                "1 https://h/A_b-2+c-py3-none-any.whl#sha256=00 -> "
                "a-b==2+c @ https://h/A_b-2+c-py3-none-any.whl#sha256=00"
            )
        ],
    ),
    "a bare URL with a marker": (
        "https://h/x.zip ; os_name=='x'\n",
        ["1 https://h/x.zip ; os_name=='x' -> None @ https://h/x.zip ; os_name == \"x\""],
    ),
    "a repository": (
        "git+ssh://git@h/r@main#egg=x&subdirectory=y\n",
        [
            (
                "1 git+ssh://git@h/r@main#egg=x&subdirectory=y -> "
                "x @ git+ssh://git@h/r@main#egg=x&subdirectory=y"
            )
        ],
    ),
    "a name with a URL": (
        "foo[a]@https://h/x.zip ; os_name=='x'\n",
        ["1 foo[a]@https://h/x.zip ; os_name=='x' -> foo[a] @ https://h/x.zip ; os_name == \"x\""],
    ),
    "a name with a folder": ("n @ ./pkg#x=y\n", ["1 n @ ./pkg#x=y -> n @ ROOT/pkg#x=y"]),
    "a file URL that climbs": ("file:old/../pkg\n", ["1 file:old/../pkg -> None @ ROOT/pkg"]),
    "a file URL on this host": (
        "file://localhost/x\n",
        ["1 file://localhost/x -> None @ file:///x"],
    ),
    "an include": ("-r base.txt\n", ["base.txt:1 base==1 -> base==1"]),
    "includes in every form": (
        "-rbase.txt\n--requirem=sub/own.txt\n--constraint limits.txt\n-r 'lead-on.txt' words\n",
        [
            "base.txt:1 base==1 -> base==1",
            "sub/own.txt:1 -e ./pkg -> None @ ROOT/pkg (editable)",
            "limits.txt:1 limited<2 -> limited<2 (constraint)",
            "lead-on.txt:2 led<1 -> led<1",
        ],
    ),
    "an include counts from the file that has it": (
        "-r sub/dev.txt\nlast\n",
        [
            "base.txt:1 base==1 -> base==1",
            "limits.txt:1 limited<2 -> limited<2 (constraint)",
            "sub/dev.txt:3 sub-dev -> sub-dev",
            "2 last -> last",
        ],
    ),
    "of several includes on a line, the first -r": (
        "-c limits.txt -r base.txt -r none.txt\n",
        ["base.txt:1 base==1 -> base==1"],
    ),
    "an include beside a requirement is nothing": ("a -r none.txt\n", ["1 a -> a"]),
    "-r below -c leads to requirements again": (
        "-c lead-on.txt\n",
        ["base.txt:1 base==1 -> base==1", "lead-on.txt:2 led<1 -> led<1 (constraint)"],
    ),
    "once as a requirement, once as a constraint": (
        "-r base.txt\n-c base.txt\n-c sub/../base.txt\n-r sub/../base.txt\n",
        ["base.txt:1 base==1 -> base==1", "base.txt:1 base==1 -> base==1 (constraint)"],
    ),
    "a constraint with a URL": (
        "-c url.txt\n",
        ["url.txt:1 a @ https://h/a.zip -> a @ https://h/a.zip (constraint)"],
    ),
    "variables": (
        "${DIR}==1\n./${NEST} ; '${DIR}' != os_name\n-e ${DIR}\n",
        [
            "1 ${DIR}==1 -> pkg==1",
            "2 ./${NEST} ; '${DIR}' != os_name -> None @ ROOT/pkg ; \"pkg\" != os_name",
            "3 -e ${DIR} -> None @ ROOT/pkg (editable)",
        ],
    ),
    "a whole line from a variable": ("${FLAG}\n${DIR} ${FLAG}\n", ["2 ${DIR} ${FLAG} -> pkg"]),
    "a hash sign from a variable is no comment": (
        "-e ${DIR} ${HASH}\n",
        ["1 -e ${DIR} ${HASH} -> None @ ROOT/pkg (editable)"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), TAKEN.values(), ids=TAKEN)
def test_taken(text: str, expected: list[str]) -> None:
    result = read(text)
    assert shown(result.required) == expected
    assert told(result.messages) == []


# -- a requirements file: what is told -----------------------------------------------------------

TOLD = {
    "no requirement": ("foo bar\n", ["1: `foo bar` is no requirement"]),
    "one equals sign": (
        "foo=1\n",
        ["1: `foo=1` is no requirement: `=` is not an operator, `==` is"],
    ),
    "no version": ("foo==\n", ["1: `foo==` is no requirement"]),
    "a marker that is none": ("foo; bogus == 1\n", ["1: `foo; bogus == 1` has no valid marker"]),
    "a marker without end": (f"foo;{'(' * 9999}\n", ["1: `LONG` has no valid marker"]),
    "an editable with a marker without end": (
        f"-e 'a @ git+https://h/r ; {'(' * 9999}'\n",
        [
            "1: `LONG` is neither a directory nor the URL of a repository, like `git+https://…`",
        ],
    ),
    "a folder that is not there": (
        "./none\n",
        ["1: `./none` is no requirement: there is no such directory or archive"],
    ),
    "a folder that is no project": (
        "./empty\n",
        ["1: `./empty` is a directory with neither `pyproject.toml` nor `setup.py`"],
    ),
    "an editable that is not there": (
        "-e ./none\n",
        [
            (
                "1: `-e ./none` is neither a directory nor the URL of a repository, "
                "like `git+https://…`"
            )
        ],
    ),
    "an editable that is neither": (
        "-e 'a @ https://h/x.zip'\n",
        [
            (
                "1: `-e 'a @ https://h/x.zip'` is neither a directory nor the URL of a repository, "
                "like `git+https://…`"
            )
        ],
    ),
    "an editable repository without its name": (
        "-e git+https://h/r\n",
        [("1: `-e git+https://h/r` does not tell its name: `-e NAME @ URL` or `…#egg=NAME` does")],
    ),
    "-e for nothing": ("-e\n", ["1: `-e` has no value"]),
    "-e for an empty value": (
        "-e ''\n",
        ["1: `-e ''` is neither a directory nor the URL of a repository, like `git+https://…`"],
    ),
    "a name of a wheel that is none": (
        "./a-1.whl\n",
        ["1: `./a-1.whl` has no valid name of a wheel"],
    ),
    "an egg with extras": (
        "git+https://h/r#egg=a[b]\n",
        ["1: `git+https://h/r#egg=a[b]` has an `#egg=` that is no name"],
    ),
    "a URL that is none": ("https://[::1/x\n", ["1: `https://[::1/x` is no requirement"]),
    "a file on another machine": (
        "file://host/x\n",
        ["1: `file://host/x` is a `file:` on another machine"],
    ),
    "an unknown option": (
        "--foo bar\n",
        ["note: requirements.txt:1: `--foo` is an option that is not known here: it was not read"],
    ),
    "an unknown short option": (
        "a -q\n",
        ["note: requirements.txt:1: `-q` is an option that is not known here: it was not read"],
    ),
    "an ambiguous option": (
        "--pre\n--pr\n",
        ["note: requirements.txt:2: `--pr` is an option that is not known here: it was not read"],
    ),
    "a value for a flag": ("--pre=x\n", ["1: `--pre` takes no value"]),
    "no value for an option": ("--index-url\n", ["1: `--index-url` has no value"]),
    "a quote without end": ("-r 'base.txt\n", ["1: `-r 'base.txt` has no closing quote"]),
    "a weak hash": ("a==1 --hash=md5:00\n", ["1: `--hash=md5:00` is no hash like `sha256:…`"]),
    "no hash": ("a==1 --hash=00\n", ["1: `--hash=00` is no hash like `sha256:…`"]),
    "no setting": (
        "a -C b\n",
        ["1: `--config-settings b` is no setting like `KEY=VALUE`"],
    ),
    "bad constraints": (
        "-c bad-limits.txt\n",
        [
            "bad-limits.txt:1: `-e ./pkg` is editable, which a constraint cannot be",
            "bad-limits.txt:2: `./pkg` has no name, which a constraint needs",
            "bad-limits.txt:3: `x[e]` has extras, which a constraint cannot have",
        ],
    ),
    "a missing include": (
        "\n-r sub/none.txt\n",
        ["2: the included `sub/none.txt` is missing"],
    ),
    "an include that is a directory": (
        "-r pkg\n",
        ["1: the included `pkg` is a directory, not a file"],
    ),
    "an include that is a pipe": (
        "-c pipe.txt\n",
        ["1: the included `pipe.txt` is a named pipe, not a file"],
    ),
    "an include that no path can be": (
        "-r a\0b\n",
        ["1: the included `a\\x00b` cannot be read (no valid path)"],
    ),
    "a file that includes itself": (
        "a\n-r ./requirements.txt\nb\n",
        ["2: `requirements.txt` includes itself this way"],
    ),
    "files that include one another": (
        "-r cycle.txt\n",
        ["cycle2.txt:2: `cycle.txt` includes itself this way"],
    ),
    "a remote include": (
        "-r https://u:p@h/x.txt\n",
        [
            "note: requirements.txt:1: `https://****@h/x.txt` is not on this machine and was not read"
        ],
    ),
    "a remote include in capitals": (
        "-r HTTP://h/x\n",
        ["note: requirements.txt:1: `HTTP://h/x` is not on this machine and was not read"],
    ),
    "a broken remote include": (
        "-r https://[::1/x\n",
        ["note: requirements.txt:1: `https://[::1/x` is not on this machine and was not read"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), TOLD.values(), ids=TOLD)
def test_told(text: str, expected: list[str]) -> None:
    """Whatever the line is, it does not hide those around it."""
    result = read(f"{text}last==1\n")
    messages = [re.sub(r"`[^(]*\(+…\(+\'?`", "`LONG`", line) for line in told(result.messages)]
    assert messages == expected
    assert shown(result.required)[-1].endswith("last==1 -> last==1")


def test_all_problems_are_told_in_reading_order() -> None:
    result = read("--foo\na\n-r cycle.txt\nb=1\n-c https://h/c\n-r none.txt\nc\n")
    assert told(result.messages) == [
        "note: requirements.txt:1: `--foo` is an option that is not known here: it was not read",
        "cycle2.txt:2: `cycle.txt` includes itself this way",
        "4: `b=1` is no requirement: `=` is not an operator, `==` is",
        "note: requirements.txt:5: `https://h/c` is not on this machine and was not read",
        "6: the included `none.txt` is missing",
    ]
    assert shown(result.required) == [
        "2 a -> a",
        "cycle.txt:1 one -> one",
        "cycle2.txt:1 three -> three",
        "cycle2.txt:3 four -> four",
        "cycle.txt:3 two -> two",
        "7 c -> c",
    ]


LONG = {
    "spaces": " " * 20_000 + "x",
    "spaces in a requirement": "a" + " " * 20_000 + "b",
    "comments": "a" + " #" * 20_000,
    "options": "a" + " --pre" * 20_000,
    "brackets": "[" * 20_000 + "]",
    "open brackets": "./" + "[" * 50_000,
    "folders": "./" + "a/" * 20_000,
    "continued lines": "a\\\n" * 20_000,
    "variables": "${DIR}" * 20_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_long_lines_take_linear_time(text: str) -> None:
    read("warm==1 ; os_name == 'x'\na[b]\n./pkg\n")
    start = time.process_time()
    read(text)
    # Half of what pip's pattern needs for such a line; here it is some milliseconds.
    assert time.process_time() - start < 0.25


@examples(300)
@given(
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True),
    st.from_regex(r"== ?[0-9]{1,12}(\.[0-9*]{1,3}){0,4}", fullmatch=True),
)
def test_the_short_way_for_pins_is_the_long_one(name: str, pin: str) -> None:
    result = read(f"{name}{pin}\n")
    try:
        requirement = Requirement(f"{name}{pin}")
    except InvalidRequirement:
        assert [each.line for each in result.messages if isinstance(each, Problem)] == [1]
    else:
        (found,) = result.required
        assert found[3:] == (
            canonicalize_name(name), found.specifier, frozenset(), None, None, False, False,
        )  # fmt: skip
        assert found.specifier.parsed == requirement.specifier


def test_the_lines_of_a_file() -> None:
    """The pure core: no disk, and the environment is a mapping."""
    text = "a ${X} # c\n-e ${X}\n-c ${X}.txt\n-r r.txt -c c.txt\n--bad\n--bad${X}\n"
    assert list(parse_requirements(text, {"X": "x"})) == [
        Asked(1, "a ${X}", "a x", editable=False),
        Asked(2, "-e ${X}", "x", editable=True),
        Include(3, "x.txt", "${X}.txt", constraint=True),
        Include(4, "r.txt", "r.txt", constraint=False),
        Unknown(5, "--bad"),
        Unknown(6, "--bad${X}"),
    ]
    assert list(logical_lines("a \\\n b\n\n#c\nd#e #f")) == [(1, "a  b"), (5, "d#e")]
