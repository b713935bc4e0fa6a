"""What is asked for: first the tables, then pip's own parser as the judge."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.dependency_groups import resolve_dependency_groups
from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements as pip_parse_requirements
from pip._internal.req.req_install import check_invalid_constraint_type
from pip._internal.utils.urls import path_to_url

from hooks.fast.specifiers import Specifiers
from hooks.problems import Problem
from hooks.report import Note
from hooks.requirements.pip_lines import Asked, Include, Unknown, logical_lines, parse_requirements
from hooks.requirements.pylock import read_pylock
from hooks.requirements.pyproject import read_pyproject
from hooks.requirements.required import Read, Required, RequiresPython
from hooks.requirements.requirements_file import read_requirements
from hooks.requirements.sources import read_asked_for
from tests.fuzzing import examples
from tests.trees import Fifo, Symlink, Tree, build

ENVIRON = {
    "TOKEN": "s3cret",
    "DIR": "pkg",
    "NEST": "${DIR}",
    "BLANK": " x",
    "FLAG": "--pre",
    "BAD": "--s3cret",
    "WORD": "no-index",
    "HASH": "#",
    "EMPTY": "",
}

PROJECT: Tree = {
    "pkg": {"pyproject.toml": ""},
    "old": {"setup.py": ""},
    "empty": {"readme": ""},
    "my dir": {"setup.py": ""},
    "pkg.zip": "",
    "a-1.0-py3-none-any.whl": "",
    "base.txt": "base==1\n",
    "limits.txt": "limited<2\n",
    "sub": {"dev.txt": "-r ../base.txt\n-c ../limits.txt\nsub-dev\n", "own.txt": "-e ./pkg\n"},
    "cycle.txt": "one\n-r cycle2.txt\ntwo\n",
    "cycle2.txt": "three\n-r cycle.txt\nfour\n",
    "bad-limits.txt": "-e ./pkg\n./pkg\nx[e]\nfine<3\n",
    "url.txt": "a @ https://h/a.zip\n",
    "lead-on.txt": "-r base.txt\nled<1\n",
    "pipe.txt": Fifo(),
    "to-shadow.txt": Symlink("/etc/shadow"),
}
OUTSIDE: Tree = {"shared.txt": "good\nroot:$6$salt:1::\n-e\nbad word\n-r none.txt\n"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dev = build({"outside": OUTSIDE}, tmp_path_factory.mktemp("my dev"))
    return build(PROJECT, dev / "project")


@pytest.fixture(autouse=True)
def here(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)


def read(content: str | bytes) -> Read:
    Path("requirements.txt").write_bytes(content.encode() if isinstance(content, str) else content)
    return read_requirements("requirements.txt", directory=".", environ=ENVIRON)


def shown(required: Iterable[Required]) -> list[str]:
    """Each as a line: its place, its text, and every part of what it means."""
    lines = []
    for each in required:
        place = each.path if each.line is None else f"{each.path}:{each.line}"
        extras = f"[{','.join(sorted(each.extras))}]" if each.extras else ""
        url = f" @ {each.url}" if each.url is not None else ""
        meaning = f"{each.name}{extras}{each.specifier.parsed}{url}"
        meaning += f" ; {each.marker}" if each.marker else ""
        meaning += " (editable)" if each.editable else ""
        meaning += " (constraint)" if each.constraint else ""
        lines.append(f"{place} {each.text} -> {meaning}".replace(Path.cwd().as_uri(), "ROOT"))
    return [line.removeprefix("requirements.txt:") for line in lines]


def told(messages: Iterable[Problem | Note]) -> list[str]:
    lines = []
    for message in messages:
        if isinstance(message, Note):
            lines.append(f"note: {message.what}")
        else:
            place = "" if message.line is None else f":{message.line}"
            lines.append(f"{message.path}{place}: {message.what}")
    return [line.removeprefix("requirements.txt:") for line in lines]


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


def test_no_such_file() -> None:
    assert read_asked_for("none.txt", directory=".", environ={}) == Read(
        [], [Problem("none.txt", "is missing")], {}
    )


def test_paths_count_from_the_projects_folder(project: Path, dev: Path) -> None:
    """A sibling's `-e .` is the sibling, wherever the hook runs; its includes lie beside it."""
    build(
        {"sibling": {"r": {"a.txt": "-e .\n-r b.txt\n", "b.txt": "./pkg\n"}, "pkg/setup.py": ""}},
        dev,
    )
    sibling = os.path.relpath(dev / "sibling", project)
    result = read_asked_for(f"{sibling}/r/a.txt", directory=sibling, environ={})
    assert [(each.path, each.line, each.url) for each in result.required] == [
        (f"{sibling}/r/a.txt", 1, (dev / "sibling").as_uri()),
        (f"{sibling}/r/b.txt", 1, (dev / "sibling/pkg").as_uri()),
    ]
    assert result.messages == []


def test_a_file_url_is_read(project: Path) -> None:
    result = read(f"-r {project.as_uri()}/base.txt\n")
    assert [each.text for each in result.required] == ["base==1"]


def test_what_a_file_outside_of_the_project_holds_is_not_shown() -> None:
    result = read("-r ../outside/shared.txt\n-r to-shadow.txt\n")
    assert shown(result.required) == ["../outside/shared.txt:1 good -> good"]
    assert told(result.messages)[:4] == [
        "../outside/shared.txt:2: the line is no requirement",
        "../outside/shared.txt:3: the line is no requirement",
        "../outside/shared.txt:4: the line is no requirement",
        "../outside/shared.txt:5: the included `../outside/none.txt` is missing",
    ]
    assert not any(":$" in line or "root" in line for line in told(result.messages))


def test_what_a_variable_holds_is_not_shown() -> None:
    result = read(
        "a @ https://u:${TOKEN}@h/a.zip\n-r ${TOKEN}.txt\n${TOKEN} bad\n${BAD}\nx ; ${TOKEN}\n"
        "-r https://${TOKEN}@h/x\n-e ${TOKEN}\n${EMPTY}=1\n-r ${TOKEN} ${FLAG} --${WORD} # ${DIR}\n"
    )
    assert told(result.messages) == [
        "2: the included `${TOKEN}.txt` is missing",
        "3: `${TOKEN} bad` is no requirement",
        "note: requirements.txt:4: `${BAD}` is an option that is not known here: it was not read",
        "5: `x ; ${TOKEN}` has no valid marker",
        "note: requirements.txt:6: `https://****@h/x` is not on this machine and was not read",
        (
            "7: `-e ${TOKEN}` is neither a directory nor the URL of a repository, like "
            "`git+https://…`"
        ),
        "8: `${EMPTY}=1` is no requirement",
        "9: the included `${TOKEN}` is missing",
    ]
    assert [(each.text, each.url) for each in result.required] == [
        ("a @ https://u:${TOKEN}@h/a.zip", "https://u:s3cret@h/a.zip")
    ]
    assert result.hidden == {
        "s3cret": "${TOKEN}",
        "--s3cret": "${BAD}",
        "--pre": "${FLAG}",
        "no-index": "${WORD}",
    }


def test_an_included_file_whose_name_is_a_variable_keeps_it_hidden(project: Path) -> None:
    build({"s3cret": {"in.txt": "inner\nbad word\n"}}, project)
    result = read("-r ${TOKEN}/in.txt\n")
    assert shown(result.required) == ["${TOKEN}/in.txt:1 inner -> inner"]
    assert told(result.messages) == ["${TOKEN}/in.txt:2: `bad word` is no requirement"]


ENCODED = {
    "UTF-8": ("föö\n".encode(), []),
    "UTF-8 with a BOM": (b"\xef\xbb\xbffoo\n", ["1 foo -> foo"]),
    "UTF-16": ("foo\n# ä".encode("utf-16"), ["1 foo -> foo"]),
    "UTF-16, big end first": (b"\xfe\xff" + "foo".encode("utf-16-be"), ["1 foo -> foo"]),
    "UTF-32": ("foo\n".encode("utf-32"), ["1 foo -> foo"]),
    "UTF-32, big end first": (b"\x00\x00\xfe\xff" + "foo".encode("utf-32-be"), ["1 foo -> foo"]),
    "Latin-1, as its first line says": (
        b"# -*- coding: latin-1 -*-\nfoo # \xe4\n",
        ["2 foo -> foo"],
    ),
    "Latin-1, as its second line says": (b"\n# coding=latin-1\nfoo # \xe4\n", ["3 foo -> foo"]),
    "a coding line must be a comment": (b"x # coding: none\n", ["1 x -> x"]),
}


@pytest.mark.parametrize(("content", "expected"), ENCODED.values(), ids=ENCODED)
def test_encodings(content: bytes, expected: list[str]) -> None:
    assert shown(read(content).required) == expected


UNDECODABLE = {
    "no UTF-8": (b"foo\nbar \xff\n", "2: is not UTF-8"),
    "not what the coding line says": (b"# coding: ascii\n\xe4\n", "2: is not ASCII"),
    "half a character of UTF-16": (b"\xff\xfea\x00b", "1: is not UTF-16-LE"),
    "an unknown coding": (b"# coding: klingon\n", " `klingon` is no encoding of text"),
    "a coding of bytes": (b"# coding: hex\n", " `hex` is no encoding of text"),
    "a coding that takes nothing": (b"# coding: undefined\nfoo\n", "1: is not UNDEFINED"),
}


@pytest.mark.parametrize(("content", "expected"), UNDECODABLE.values(), ids=UNDECODABLE)
def test_undecodable(content: bytes, expected: str) -> None:
    result = read(content)
    assert told(result.messages) == [expected]
    assert result.required == []


def test_includes_that_double_are_read_once(project: Path) -> None:
    """Each of 40 files includes the next twice: read each time, that is 2**40 reads."""
    files = {f"d{n}.txt": f"-r d{n + 1}.txt\n-r ./d{n + 1}.txt\nd{n}\n" for n in range(40)}
    build({"double": {**files, "d40.txt": "end\n"}}, project)
    result = read("-r double/d0.txt\n")
    assert [each.text for each in result.required] == ["end", *(f"d{n}" for n in range(39, -1, -1))]
    assert result.messages == []


def test_a_chain_of_includes_longer_than_pythons_stack(project: Path) -> None:
    build({"chain": {f"{n}.txt": f"-r {n + 1}.txt\n" for n in range(3000)}}, project)
    assert told(read("-r chain/0.txt\n").messages) == [
        "chain/2999.txt:1: the included `chain/3000.txt` is missing"
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


# -- pyproject.toml --------------------------------------------------------------------------------

PYPROJECT = """\
[project]
name = "My.Project"
version = "1"
requires-python = ">=3.9"
dependencies = [
    "foo==1", # why
    'bar[x] ; python_version < "3"',
    "here @ ./pkg",
]

[project.optional-dependencies]
test = ["pytest>=8", "foo==1"]
Data_Base = ["sql"]
all = [
    "my-project[test,data-base]",
    "my_project[all] ; os_name == 'nt'",
    "last",
]
windows = ["my-project[test] ; os_name == 'nt'", "my-project[sub]; os_name == 'nt'"]
sub = ["some ; python_version > '3'"]

[dependency-groups]
dev = ["ruff", {include-group = "Lint_er"}, {include-group = "lint-er"}]
lint-er = ["mypy ; os_name == 'nt'"]
"""


def read_toml(text: str, extras: Iterable[str] = (), groups: Iterable[str] = ()) -> Read:
    Path("pyproject.toml").write_text(text)
    return read_asked_for(
        "pyproject.toml", extras=list(extras), groups=list(groups), directory=".", environ={}
    )


BASIC = [
    "pyproject.toml:6 foo==1 -> foo==1",
    'pyproject.toml:7 bar[x] ; python_version < "3" -> bar[x] ; python_version < "3"',
    "pyproject.toml:8 here @ ./pkg -> here @ ROOT/pkg",
]
CHOSEN = {
    "nothing more": ([], [], []),
    "an extra": (
        ["test"],
        [],
        ["pyproject.toml:12 pytest>=8 -> pytest>=8", "pyproject.toml:12 foo==1 -> foo==1"],
    ),
    "an extra in another spelling": (["data.base"], [], ["pyproject.toml:13 sql -> sql"]),
    "an extra that includes others and itself": (
        ["all"],
        [],
        [
            "pyproject.toml:13 sql -> sql",
            "pyproject.toml:12 pytest>=8 -> pytest>=8",
            "pyproject.toml:12 foo==1 -> foo==1",
            "pyproject.toml:17 last -> last",
        ],
    ),
    "an extra that includes others under a condition": (
        ["windows"],
        [],
        [
            'pyproject.toml:12 pytest>=8 -> pytest>=8 ; os_name == "nt"',
            'pyproject.toml:12 foo==1 -> foo==1 ; os_name == "nt"',
            (
                "pyproject.toml:20 some ; python_version > '3' -> "
                'some ; os_name == "nt" and python_version > "3"'
            ),
        ],
    ),
    "a group that includes another twice": (
        [],
        ["DEV"],
        [
            "pyproject.toml:23 ruff -> ruff",
            "pyproject.toml:24 mypy ; os_name == 'nt' -> mypy ; os_name == \"nt\"",
        ],
    ),
    "an extra and a group": (
        ["sub"],
        ["lint-er"],
        [
            "pyproject.toml:20 some ; python_version > '3' -> some ; python_version > \"3\"",
            "pyproject.toml:24 mypy ; os_name == 'nt' -> mypy ; os_name == \"nt\"",
        ],
    ),
}


@pytest.mark.parametrize(("extras", "groups", "expected"), CHOSEN.values(), ids=CHOSEN)
def test_pyproject(extras: list[str], groups: list[str], expected: list[str]) -> None:
    result = read_toml(PYPROJECT, extras, groups)
    assert shown(result.required) == BASIC + expected
    assert told(result.messages) == []
    assert result.hidden == {}
    assert result.has_dependencies
    assert result.requires_python == RequiresPython(
        "pyproject.toml", 4, ">=3.9", Specifiers(">=3.9")
    )


SILENT_TOML = {
    "no project at all": ("[tool.ruff]\nline-length = 100\n", False),
    "a project without dependencies": ('[project]\nname = "x"\n', False),
    "an empty list of dependencies": ("[project]\ndependencies = []\n", True),
    "an empty file": ("", False),
    "dynamic, but not its dependencies": ('[project]\ndynamic = ["version"]\n', False),
    "a wrong type that nobody asked for": ("[project]\noptional-dependencies = 1\n", False),
    "a broken group that nobody asked for": ('[dependency-groups]\nx = [1, "=="]\n', False),
}


@pytest.mark.parametrize(("text", "has"), SILENT_TOML.values(), ids=SILENT_TOML)
def test_pyproject_without_dependencies(text: str, has: bool) -> None:
    assert read_toml(text) == Read([], [], {}, None, has)


def test_a_place_that_is_written_otherwise_is_not_told() -> None:
    result = read_toml('project.dependencies = ["a", "b\\u0063"]\n[project.x]\n')
    assert shown(result.required) == ["pyproject.toml a -> a", "pyproject.toml bc -> bc"]
    result = read_toml('[project]\ndependencies = ["a", "b\\u0063", "c; os_name == \\"x\\""]\n')
    assert shown(result.required) == [
        "pyproject.toml:2 a -> a",
        "pyproject.toml bc -> bc",
        'pyproject.toml:2 c; os_name == "x" -> c ; os_name == "x"',
    ]


DEEP = "(" * 9999
TOLD_TOML = {
    "no TOML": ("[project]\na = \n", [":2: is no valid TOML"]),
    "no UTF-8": ("[project]\n# \udcff\n", [":2: is not UTF-8"]),
    "nested too deeply": (
        "a = " + "[" * 9999,
        [": is no TOML that can be read: it is nested too deeply"],
    ),
    "a number too long": (f"a = {'9' * 5000}\n", [": is no valid TOML"]),
    "a project that is no table": ("project = 1\n", [": `[project]` is no table"]),
    "dependencies that are no list": (
        '[project]\ndependencies = "a"\n',
        [":2: `[project] dependencies` is no list of strings"],
    ),
    "dependencies that are no strings": (
        "[project]\n\ndependencies = [1]\n",
        [":3: `[project] dependencies` is no list of strings"],
    ),
    "bad dependencies": (
        "[project]\ndependencies = [\n'a=1',\n'a b',\n'x @ file://h/x',\n'a;((']\n",
        [
            ":3: `a=1` is no requirement: `=` is not an operator, `==` is",
            ":4: `a b` is no requirement",
            ":5: `x @ file://h/x` is a `file:` on another machine",
            ":6: `a;((` has no valid marker",
        ],
    ),
    "a marker nested too deeply": (
        f"[project]\ndependencies = ['a;{DEEP}']\n",
        [":2: `DEEP` has no valid marker"],
    ),
    "dynamic dependencies": (
        '[project]\ndynamic = ["dependencies"]\n',
        [
            (
                "note: pyproject.toml: its dependencies cannot be told without building the project "
                "(`dynamic`)"
            )
        ],
    ),
    "a wrong requires-python": (
        '[project]\nrequires-python = "3"\n',
        [":2: `requires-python` is no version specifier: `3`"],
    ),
    "a requires-python that is no string": (
        "[project]\nrequires-python = []\n",
        [":2: `requires-python` is no version specifier: `[]`"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), TOLD_TOML.values(), ids=TOLD_TOML)
def test_what_is_wrong_in_pyproject(text: str, expected: list[str]) -> None:
    Path("pyproject.toml").write_bytes(text.encode(errors="surrogateescape"))
    result = read_pyproject("pyproject.toml", directory=".")
    messages = [re.sub(r"`a;\(+…\(+`", "`DEEP`", line) for line in told(result.messages)]
    assert [line.removeprefix("pyproject.toml") for line in messages] == expected
    assert result.required == []
    assert result.requires_python is None


TOLD_CHOICES = {
    "an unknown extra": (
        "[project.optional-dependencies]\na = []\nb = []\n",
        ["x"],
        [],
        [": there is no extra `x`; there are `a`, `b`"],
    ),
    "an extra, where there is none": ("[project]\n", ["x"], [], [": there is no extra `x`"]),
    "an unknown extra that an extra includes": (
        '[project]\nname = "p"\n[project.optional-dependencies]\na = ["p[x]"]\n',
        ["a"],
        [],
        [": there is no extra `x`; there are `a`"],
    ),
    "a dynamic extra": (
        '[project]\ndynamic = ["optional-dependencies"]\n',
        ["x"],
        [],
        [
            (
                "note: pyproject.toml: its extra `x` cannot be told without building the project "
                "(`dynamic`)"
            )
        ],
    ),
    "extras that are no table": (
        "[project]\noptional-dependencies = 1\n",
        ["x"],
        [],
        [": `[project.optional-dependencies]` is no table", ": there is no extra `x`"],
    ),
    "an extra that is no list": (
        "[project.optional-dependencies]\nx = 1\n",
        ["x"],
        [],
        [":2: `[project.optional-dependencies] x` is no list of strings"],
    ),
    "a bad requirement in an extra": (
        "[project.optional-dependencies]\nx = [\n'a b']\n",
        ["x"],
        [],
        [":3: `a b` is no requirement"],
    ),
    "an unknown group": (
        "[dependency-groups]\na = []\n",
        [],
        ["x"],
        [": there is no dependency group `x`; there are `a`"],
    ),
    "an unknown group that a group includes": (
        '[dependency-groups]\na = [{include-group = "x"}]\n',
        [],
        ["a"],
        [": there is no dependency group `x`, which `a` includes"],
    ),
    "groups that include one another": (
        '[dependency-groups]\na = [{include-group = "B"}]\nb = [{include-group = "A"}]\n',
        [],
        ["a", "b"],
        [":2: `[dependency-groups] a` includes itself"],
    ),
    "groups that are no table": (
        "dependency-groups = []\n",
        [],
        ["x", "y"],
        [
            ": `[dependency-groups]` is no table",
            ": there is no dependency group `x`",
            ": there is no dependency group `y`",
        ],
    ),
    "a group that is no list": (
        "[dependency-groups]\nx = 'y'\n",
        [],
        ["x"],
        [":2: `[dependency-groups] x` is no list"],
    ),
    "two groups of one name": (
        "[dependency-groups]\na_b = []\nA-B = []\n",
        [],
        ["a-b"],
        [":2: `a_b` and `A-B` are the same dependency group"],
    ),
    "what a group cannot hold": (
        (
            "[dependency-groups]\nx = [1]\ny = [{a = 'x'}]\nz = [{include-group = 1}]\n"
            "w = [{include-group = 'x', a = 1}]\nv = ['==']\n"
        ),
        [],
        ["x", "y", "z", "w", "v"],
        [
            *(
                f":{line}: `[dependency-groups] {name}` holds neither a requirement "
                "nor an `include-group`"
                for line, name in enumerate("xyzw", 2)
            ),
            ":6: `==` is no requirement",
        ],
    ),
}


@pytest.mark.parametrize(
    ("text", "extras", "groups", "expected"), TOLD_CHOICES.values(), ids=TOLD_CHOICES
)
def test_what_is_wrong_in_what_is_chosen(
    text: str, extras: list[str], groups: list[str], expected: list[str]
) -> None:
    result = read_toml(text, extras, groups)
    assert [line.removeprefix("pyproject.toml") for line in told(result.messages)] == expected
    assert result.required == []


def test_extras_that_include_one_another_without_end() -> None:
    """Each under one of two conditions: 2**30 of them."""
    extras = "".join(
        f"x{n} = [\"p[x{n + 1}]; os_name == 'a{n}'\", \"p[x{n + 1}]; os_name == 'b{n}'\"]\n"
        for n in range(30)
    )
    text = f'[project]\nname = "p"\n[project.optional-dependencies]\n{extras}x30 = ["a"]\n'
    result = read_toml(text, ["x0"])
    assert told(result.messages) == ["pyproject.toml: its extras include one another too often"]


def test_groups_that_include_one_another_too_deeply() -> None:
    groups = "".join(f'g{n} = [{{include-group = "g{n + 1}"}}]\n' for n in range(1200))
    result = read_toml(f"[dependency-groups]\n{groups}", [], ["g0"])
    assert told(result.messages) == [
        "pyproject.toml: its extras or dependency groups are nested too deeply"
    ]


def test_packaging_resolves_the_same_groups() -> None:
    groups = {
        "a": ["one", {"include-group": "b"}, "two>=2", {"include-group": "c"}],
        "b": ["three[x] ; os_name == 'nt'", {"include-group": "C"}],
        "c": ["four==4"],
    }
    text = "[dependency-groups]\n" + "".join(
        f"{name} = {str(entries).replace(chr(39) + 'include-group' + chr(39) + ':', 'include-group =')}\n"
        for name, entries in groups.items()
    )
    ours = [each.text for each in read_toml(text, [], ["a"]).required]
    theirs = resolve_dependency_groups(groups, "a")  # type: ignore[arg-type]
    # A group that is included twice counts once here.
    assert [str(Requirement(text)) for text in ours] == list(dict.fromkeys(theirs))


def test_no_pyproject() -> None:
    assert read_pyproject("none/pyproject.toml", directory=".") == Read(
        [], [Problem("none/pyproject.toml", "is missing")], {}, None, has_dependencies=False
    )


# -- pylock.toml -----------------------------------------------------------------------------------

PYLOCK = """\
lock-version = "1.0"
created-by = "a test"
requires-python = ">=3.9"
extras = ["web"]
dependency-groups = ["dev", "docs"]
default-groups = ["docs"]

[[packages]]
name = "pinned"
version = "1.0"
marker = "python_version < '4'"
[[packages.wheels]]
url = "https://h/pinned-1.0-py3-none-any.whl"
hashes = {sha256 = "00"}

[[packages]]
name = "from-wheel"
[[packages.wheels]]
url = "https://h/from_wheel-2.0-py3-none-any.whl"
hashes = {sha256 = "00"}

[[packages]]
name = "from-sdist"
[packages.sdist]
url = "https://h/from_sdist-3.0.tar.gz"
hashes = {sha256 = "00"}

[[packages]]
name = "repository"
marker = "'web' in extras"
[packages.vcs]
type = "git"
url = "https://h/r"
commit-id = "0a1b"
subdirectory = "sub"

[[packages]]
name = "folder"
marker = "'dev' in dependency_groups or \\"docs\\" in dependency_groups and os_name == \\"'x' in extras\\""
[packages.directory]
path = "../pkg"
editable = true

[[packages]]
name = "below"
marker = "'dev' not in dependency_groups"
[packages.directory]
path = "../pkg"
subdirectory = "x"

[[packages]]
name = "archive"
[packages.archive]
path = "a.zip"
hashes = {sha256 = "00"}
"""


def locked(text: str, extras: Iterable[str] = (), groups: Iterable[str] = ()) -> Read:
    Path("lock").mkdir(exist_ok=True)
    Path("lock/pylock.dev.toml").write_text(text)
    return read_asked_for(
        "lock/pylock.dev.toml", extras=list(extras), groups=list(groups), directory=".", environ={}
    )


ALWAYS, NEVER = ' ; python_version >= "0"', ' ; python_version < "0"'
LOCKS = {
    "nothing chosen": ([], [], NEVER, NEVER, ALWAYS),
    "an extra": (["Web"], [], ALWAYS, NEVER, ALWAYS),
    "a group": ([], ["dev"], NEVER, ALWAYS, NEVER),
}


@pytest.mark.parametrize(("extras", "groups", "web", "dev", "not_dev"), LOCKS.values(), ids=LOCKS)
def test_pylock(extras: list[str], groups: list[str], web: str, dev: str, not_dev: str) -> None:
    result = locked(PYLOCK, extras, groups)
    folder = f'{dev} or python_version >= "0" and os_name == "\'x\' in extras"'
    assert [line.removeprefix("lock/pylock.dev.toml:") for line in shown(result.required)] == [
        '8 pinned==1.0 -> pinned==1.0 ; python_version < "4"',
        "16 from-wheel==2.0 -> from-wheel==2.0",
        "22 from-sdist==3.0 -> from-sdist==3.0",
        (
            "28 repository @ git+https://h/r@0a1b#subdirectory=sub -> "
            f"repository @ git+https://h/r@0a1b#subdirectory=sub{web}"
        ),
        f"37 folder @ ROOT/pkg -> folder @ ROOT/pkg{folder} (editable)",
        f"44 below @ ROOT/pkg/x -> below @ ROOT/pkg/x{not_dev}",
        "51 archive @ ROOT/lock/a.zip -> archive @ ROOT/lock/a.zip",
    ]
    assert told(result.messages) == []
    assert result.requires_python == RequiresPython(
        "lock/pylock.dev.toml", 3, ">=3.9", Specifiers(">=3.9")
    )


def test_decided_markers_hold_everywhere() -> None:
    for marker, holds in [(ALWAYS, True), (NEVER, False)]:
        assert Marker(marker.removeprefix(" ; ")).evaluate({"python_version": "3.13"}) is holds


def test_a_lock_whose_packages_are_written_in_one_line(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Of a newer minor version, too: packaging's warning about it would go to stderr."""
    result = locked(
        'lock-version = "1.1"\ncreated-by = "x"\n'
        'packages = [{name = "a", directory = {path = "."}}]\n'
    )
    assert shown(result.required) == ["lock/pylock.dev.toml a @ ROOT/lock -> a @ ROOT/lock"]
    assert result.requires_python is None
    assert capfd.readouterr() == ("", "")


TOLD_LOCKS = {
    "no TOML": ("a = ]", [], [], [":1: is no valid TOML"]),
    "nothing": ("", [], [], [": is no valid lock file: see `lock-version`"]),
    "of a later kind": (
        'lock-version = "2.0"\ncreated-by = "x"\npackages = []\n',
        [],
        [],
        [": is no valid lock file"],
    ),
    "a package without a name": (
        'lock-version = "1.0"\ncreated-by = "x"\npackages = [{}]\n',
        [],
        [],
        [": is no valid lock file: see `packages[0].name`"],
    ),
    "an unknown choice": (
        'lock-version = "1.0"\ncreated-by = "x"\npackages = []\nextras = ["a", "b"]\n',
        ["A", "x"],
        ["y"],
        [": there is no extra `x`; there are `a`, `b`", ": there is no dependency group `y`"],
    ),
}


@pytest.mark.parametrize(
    ("text", "extras", "groups", "expected"), TOLD_LOCKS.values(), ids=TOLD_LOCKS
)
def test_what_is_wrong_in_a_lock(
    text: str, extras: list[str], groups: list[str], expected: list[str]
) -> None:
    result = locked(text, extras, groups)
    assert [line.removeprefix("lock/pylock.dev.toml") for line in told(result.messages)] == expected
    assert result.required == []


def test_no_lock() -> None:
    assert read_pylock("pylock.toml") == Read([], [Problem("pylock.toml", "is missing")], {})


# -- the same files, read by pip -----------------------------------------------------------------

SESSION = PipSession()

Meaning = tuple[
    str, int | None, str | None, str, frozenset[str], str | None, str | None, bool, bool
]


def by_pip(path: str) -> tuple[list[Meaning], str | None]:
    """What pip takes before the first line that it refuses, and why it does."""
    taken: dict[tuple[str, str, bool], Meaning] = {}
    try:
        for parsed in pip_parse_requirements(path, SESSION):
            found = install_req_from_parsed_requirement(parsed)
            if found.constraint and (problem := check_invalid_constraint_type(found)):
                return list(taken.values()), problem
            origin = re.fullmatch(r"-[rc] (.*) \(line (\d+)\)", parsed.comes_from)
            assert origin is not None
            taken.setdefault(
                (origin[1], origin[2], found.constraint),
                (
                    os.path.abspath(origin[1]),
                    int(origin[2]),
                    canonicalize_name(found.name) if found.name else None,
                    str(found.req.specifier) if found.req else "",
                    frozenset(map(canonicalize_name, found.extras)),
                    str(found.markers) if found.markers else None,
                    found.link.url if found.link else None,
                    found.editable,
                    found.constraint,
                ),
            )
    except Exception as error:  # noqa: BLE001 - pip's parser ends in many ways, with a traceback too
        return list(taken.values()), f"{type(error).__name__}: {error}"
    return list(taken.values()), None


def meanings(required: Iterable[Required]) -> list[Meaning]:
    return [
        (
            os.path.abspath(each.path),
            each.line,
            each.name,
            str(each.specifier.parsed),
            each.extras,
            str(each.marker) if each.marker else None,
            each.url,
            each.editable,
            each.constraint,
        )
        for each in required
    ]


def absolute(url: str) -> str:
    """The deliberate differences in URLs, see ACCIDENTS: a local one is its real place."""
    url = url.replace("file://localhost/", "file:///")
    if re.match("file:(?!/)", url):
        url = url.removeprefix("file:")
        url = f"./{url}"
    path, hash_sign, fragment = url.partition("#")
    if ":" in path and not path.startswith((".", "/")):
        return url
    # Two slashes at its beginning mean a machine to pip's function.
    url = path_to_url(path)
    return url + hash_sign + fragment


def without_stray_fragment(meaning: Meaning) -> Meaning:
    """`file:lib# c` is one URL to pip; what is behind its `#` says nothing of a local place."""
    url = meaning[6]
    if url and url.startswith("file:"):
        path, _, fragment = url.partition("#")
        url = f"file://{os.path.normpath(unquote(path.removeprefix('file://')))}"
        url += f"#{fragment}" if "=" in fragment else ""
    return (*meaning[:6], url, *meaning[7:])


def as_refusal(message: Problem | Note) -> Problem:
    """An option that is not known is a note here, and refused by pip."""
    if isinstance(message, Problem):
        return message
    place = re.match(r"(.*):(\d+): .* is an option that is not known here", message.what)
    assert place is not None, message
    return Problem(place[1], message.what, int(place[2]))


def agree(text: str) -> None:
    """pip and this reader take the same and refuse the same, line by line.

    pip ends at the first line that it refuses: what follows that line is judged by itself.
    """
    top = os.path.abspath("requirements.txt")
    while True:
        result = read(text)
        ours = [without_stray_fragment(each) for each in meanings(result.required)]
        theirs, refusal = by_pip("requirements.txt")
        theirs = [(*each[:6], each[6] and absolute(each[6]), *each[7:]) for each in theirs]
        theirs = [*map(without_stray_fragment, theirs)]
        if refusal is None:
            assert (ours, told(result.messages)) == (theirs, [])
            return
        if refusal.startswith("ValueError"):
            return  # a fault of pip's, of a path that begins with two slashes: nobody's text
        assert result.messages, refusal
        first = as_refusal(result.messages[0])
        assert ours[: len(theirs)] == theirs, refusal
        if first.path != "requirements.txt" or first.line is None:
            return  # within an included file, or the whole file cannot be decoded
        before = [each for each in ours if each[0] == top and (each[1] or 0) < first.line]
        assert before == [each for each in theirs if each[0] == top], refusal
        following = [number for number, _ in logical_lines(text) if number > first.line]
        if not following:
            return
        lines = text.splitlines(keepends=True)
        text = "\n" * (following[0] - 1) + "".join(lines[following[0] - 1 :])


# Name, version, an extra: what such projects have, in their spelling.
PROJECTS = {
    "Django": "Django 4.2.11 argon2,djangorestframework 3.15.1 x,psycopg2-binary 2.9.9 x,"
    "django-environ 0.11.2 x,gunicorn 21.2.0 gevent,whitenoise 6.6.0 brotli,Pillow 10.3.0 xmp",
    "Flask": "Flask 3.0.3 async,Flask-SQLAlchemy 3.1.1 x,Jinja2 3.1.3 i18n,Werkzeug 3.0.2 watchdog,"
    "itsdangerous 2.2.0 x,click 8.1.7 x,MarkupSafe 2.1.5 x",
    "pandas": "pandas 2.2.2 performance,numpy 1.26.4 x,python-dateutil 2.9.0.post0 x,pytz 2024.1 x,"
    "pyarrow 16.0.0 x,XlsxWriter 3.2.0 x",
    "FastAPI": "fastapi 0.110.2 all,uvicorn 0.29.0 standard,pydantic 2.7.0 email,starlette 0.37.2 "
    "full,SQLAlchemy 2.0.29 asyncio,python-multipart 0.0.9 x",
    "machine learning": "torch 2.2.2 opt-einsum,transformers 4.40.0 torch,scikit-learn 1.4.2 "
    "tests,scipy 1.13.0 test,matplotlib 3.8.4 x,huggingface_hub 0.22.2 cli",
    "Celery": "celery 5.4.0 redis,kombu 5.3.7 redis,redis 5.0.4 hiredis,billiard 4.2.0 x,"
    "vine 5.1.0 x,amqp 5.2.0 x",
    "cloud": "boto3 1.34.88 crt,botocore 1.34.88 crt,s3transfer 0.10.1 crt,"
    "google-cloud-storage 2.16.0 protobuf,azure.identity 1.16.0 x,zope.interface 6.3 test",
    "a chat bot": "python-telegram-bot 21.1.1 job-queue,openai 1.23.2 datalib,langchain 0.1.16 all,"
    "yfinance 0.2.38 nospam,beautifulsoup4 4.12.3 lxml,pytest-asyncio 0.23.6 docs",
}
HASHES = " \\\n    --hash=sha256:{hash} \\\n    --hash=sha256:{hash}"

# What goes before, each package, and what goes behind.
STYLES = {
    "names": ("", "{name}\n", ""),
    "pip freeze": ("", "{name}=={version}\n", ""),
    "pip freeze of sources": ("", "-e git+https://git.example/{name}.git@0a1b2c#egg={name}\n", ""),
    "pip freeze of archives": (
        "",
        "{name} @ https://files.example/{name}-{version}.tar.gz#sha256={hash}\n",
        "",
    ),
    "pip freeze of folders": ("", "{name} @ file:///home/a/src/{name}\n", ""),
    "pip freeze with its own notes": (
        "",
        "# Editable install (x)\n-e ./pkg\n{name}=={version}\n",
        "",
    ),
    "lower bounds": ("", "{name}>={version}\n", ""),
    "ranges": ("", "{name} >= {version}, < 99\n", ""),
    "compatible releases": ("", "{name} ~= {version}\n", ""),
    "wildcards and exclusions": ("", "{name}!={version},>=0,!=0.1.*\n", ""),
    "old brackets": ("", "{name} (>={version},<99)\n", ""),
    "pip-compile": (
        "#\n# This file is autogenerated by pip-compile with Python 3.11\n#\n",
        "{name}=={version}\n    # via\n    #   -r requirements.in\n    #   other\n",
        "\n# The following packages are considered to be unsafe in a requirements file:\n# pip\n",
    ),
    "pip-compile, on the line": ("", "{name}=={version}        # via -r a.in, other\n", ""),
    "pip-compile with hashes": (
        "--index-url https://index.example/simple\n--trusted-host index.example\n\n",
        "{name}[{extra}]=={version}" + HASHES + "\n    # via -r requirements.in\n",
        "",
    ),
    "poetry export": (
        "",
        '{name}=={version} ; python_version >= "3.9" and python_version < "4.0"' + HASHES + "\n",
        "",
    ),
    "poetry export of one platform": (
        "",
        (
            '{name}[{extra}]=={version} ; python_version >= "3.9" and (platform_system == "Windows"'
            ' or sys_platform == "win32")\n'
        ),
        "",
    ),
    "uv export": (
        "# This file was autogenerated by uv via the following command:\n#    uv export\n-e .\n",
        "{name}=={version} ; sys_platform != 'win32'" + HASHES + "\n    # via project\n",
        "",
    ),
    "pdm export": (
        "# This file is @generated by PDM.\n",
        '{name}=={version}; python_version >= "3.8"' + HASHES + "\n",
        "",
    ),
    "pipenv requirements": (
        "-i https://index.example/simple\n",
        "{name}[{extra}]=={version}; python_version >= '3.7'\n",
        "",
    ),
    "two versions by Python": (
        "",
        "{name}=={version}; python_version < '3.9'\n{name}>{version}; python_version >= '3.9'\n",
        "",
    ),
    "sections": ("# Web\n# ---\n\n", "{name}=={version} # why\n\n# {name}\n#{name}\n", "\n\n\n"),
    "tabs": ("", "{name}\t==\t{version}\t# why\n", ""),
    "Windows lines": ("# x\r\n", "{name}=={version}\r\n", "\r\n"),
    "no last line break": ("", "{name}=={version}\n", "last"),
    "a BOM": ("\ufeff", "{name}=={version}\n", ""),
    "layers": ("-r base.txt\n-c limits.txt\n\n", "{name}>={version}\n", "-r sub/dev.txt\n"),
    "constraints beside": ("-c bad-limits.txt\n", "{name}\n", ""),
    "the project and its extras": ("-e .[dev,test]\n-e ./pkg\n", "{name}\n", "./old\n"),
    "wheels beside": ("", "./wheels/{wheel}-{version}-py3-none-any.whl\n", ""),
    "wheels of a URL": (
        "--find-links https://wheels.example/cu121\n--extra-index-url https://wheels.example\n",
        "https://wheels.example/{wheel}-{version}%2Bcu121-cp311-cp311-linux_x86_64.whl\n",
        "torch==2.2.2+cu121\n",
    ),
    "a private index": (
        "--extra-index-url https://u:${TOKEN}@index.example/simple\n",
        "{name}=={version}\ngit+https://${TOKEN}@git.example/{name}@v{version}#egg={name}\n",
        "",
    ),
    "pre-releases": ("--pre\n", "{name}=={version}rc1\n{name}>={version}.dev0\n", ""),
    "conda list --export": (
        "# platform: linux-64\n",
        "{name}={version}=py311_0\n{name}=={version}\n",
        "",
    ),
    "a shell's words": ("pip install -r base.txt\n", "pip install {name}\n{name}\n", ""),
    "a list of Python": ("[\n", '    "{name}=={version}",\n', "]\n"),
}


def test_there_are_enough_files() -> None:
    assert len(STYLES) * len(PROJECTS) >= 200


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("packages", PROJECTS.values(), ids=PROJECTS)
def test_pip_agrees_on_real_styles(packages: str, style: tuple[str, str, str]) -> None:
    before, each, behind = style
    lines = []
    for package in packages.split(","):
        name, version, extra = package.split(" ")
        wheel = re.sub(r"[-.]+", "_", name)
        values = {"name": name, "version": version, "extra": extra, "wheel": wheel}
        line = each.replace("${TOKEN}", "TOKEN").format(**values, hash=version[0] * 64)
        lines.append(line.replace("TOKEN", "${TOKEN}"))
    agree(before + "".join(lines) + behind)


NAMES = "foo Foo-Bar foo.bar_baz a A1 - x- ä K".split()
SPECIFIERS = [
    *("", "==1.0", "==1", "== 1.0", ">=1,<2", ">=1, <2", "=1", "=>1", "==1.*", "~=1"),
    *("~=1.2", "(>=1)", "!=2", "<", "==1.0+local", ">=1.0+local", "==01.0", "==1.0.zip", "==1.0-1"),
    *(f"=={'9' * 20}", "@", "==1.0post1", "==v1", "==1!2", " ==1 , "),
]
EXTRAS = ["", "[a]", "[A_b,c]", "[]", "[ a ]", "[a b]", "[a", "[a]]"]
TAILS = [
    *(
        "",
        "; python_version<'3'",
        ';python_version >= "3.8"',
        " ; extra == 'X_y'",
        "; bogus == '1'",
    ),
    *("; ", "; sys_platform=='x' and (os_name=='nt' or os.name==\"x\")", "; ((os_name<'3'", "# c"),
    *("  # c #d", " #", " ;# c", " --hash=sha256:00", " -C a=b", " --pre", " -e .", " -r base.txt"),
]
TARGETS = [
    *("https://h/p.zip", "git+https://u:${TOKEN}@h/r@v1#egg=Foo", "git+ssh://git@h/r.git", "./pkg"),
    *(
        "pkg",
        "../project/pkg",
        "file:pkg",
        "file:../x",
        "file://host/x",
        "old",
    ),
    *("file://localhost/x#egg=loc", "./empty", "./none", "./old/", "./old[x]", "./pkg[A,b_c]", "."),
    *("pkg.zip", "./pkg.zip", "none.zip", "none.tar.gz[x]", "a-1.0-py3-none-any.whl", ".[x]", "./"),
    *(
        "./a-1.0-py3-none-any.whl[y]",
        "bad-1-whl.whl",
        "https://h/q-2.0+l-py3-none-any.whl#sha256=0",
    ),
    *(
        "https://h/x#egg=foo[bar]",
        "https://h/x#egg=foo&subdirectory=s",
        "hg+http://h/r#egg=hh",
        "..",
    ),
    *("git:foo", "git+git://h/x", "svn+svn://h/x#egg=q", "ftp://h/x.tar.gz", "HTTP://h/x", "~/x"),
    *("https://[::1/x", "./my dir", "'./my dir'", "${DIR}", "./${NEST}", "http://h/a;b", "a@b.zip"),
    *("https://h/x.whl ; python_version<'3'", "name @ https://h/x.zip", "lp:x", "bzr+lp:x#egg=b"),
    *(
        "name[e] @ git+https://h/r@main ; python_version<'3'",
        "name@https://h/x.whl#egg=z",
        "ssh://h",
    ),
    *(
        "name @ file:///x/y",
        "n @ https://h/x[y]",
        "git@h:r.git",
        "C:\\x",
        "file:",
    ),
    *(
        "\"name @ git+https://h/r ; os_name=='x'\"",
        "'",
        "\\",
        "x.TAR.GZ",
        ".zip",
        "x.tar.foo",
        "''",
    ),
]
OPTIONS = [
    *(
        "--hash=sha256:00",
        "--hash=md5:00",
        "--hash",
        "--config-settings a=b",
        "-C a",
        "-Ca=b",
        "--p",
    ),
    *(
        "--conf x=y",
        "--pre",
        "--no",
        "--no-index",
        "--no-b :all:",
        "--no-binary=-x",
        "--pre=1",
        "-q",
    ),
    *(
        "--only-final=foo",
        "--use-feature=fast-deps",
        "-i https://u:p@h",
        "-f",
    ),
    *("--index-url", "--find-links ./x", "--foo", "--trusted-host h", "-r base.txt", "-rbase.txt"),
    *(
        "--req base.txt",
        "--requirem base.txt",
        "--requirement=base.txt",
        "-r none.txt",
        "-c limits.txt",
    ),
    *(
        "--constraint limits.txt -r base.txt",
        "-r sub/dev.txt",
        "-c sub/dev.txt",
        "-r cycle.txt",
        "-r",
    ),
    *("-r 'base.txt'", "-r 'base.txt", "-r base.txt words", "-r ./base.txt -r none.txt", "-r pkg"),
    *("--", "-- x", "-", "-e", "-e -x", "--editable=./pkg", "-e./pkg", "-c lead-on.txt", "${BAD}"),
    *(
        "-c bad-limits.txt",
        "-c url.txt",
        "--all-releases :all:",
        "--prefer-binary",
        "${FLAG}",
        "-f -f",
    ),
    *("-r base.txt # c", "--extra-index-url=https://${TOKEN}@h/", "-r ${DIR}/../base.txt", "-e ''"),
    *(
        "--require-hashes",
        "--no-require-hashes",
        "-- -r base.txt",
        "-r base.txt\t-c none.txt",
        "--=x",
    ),
]
NOISE = [
    *("", "#", "# x \\", "   ", "\t# c", "\x0c", "${EMPTY}", "${BLANK}", "${HASH} x", "a${HASH}x"),
    *("${UNSET}x", "$TOKEN", "${token}", "-e ${BLANK}", "\x85", "\xa0a", "a\u2028b", "# coding: x"),
]


@st.composite
def lines(draw: st.DrawFn) -> str:
    one_of = st.sampled_from
    match draw(st.integers(0, 9)):
        case 0 | 1 | 2:
            parts = [one_of(NAMES), one_of(["", " ", "\t"]), one_of(EXTRAS), one_of(SPECIFIERS)]
            line = "".join(draw(part) for part in [*parts, one_of(TAILS)])
        case 3 | 4:
            line = draw(one_of(TARGETS)) + draw(one_of(TAILS))
        case 5 | 6:
            option = draw(one_of(["-e ", "-e", "--editable ", "-e  ", "--edit="]))
            line = option + draw(one_of(TARGETS)) + draw(one_of(TAILS))
        case 7:
            line = draw(one_of(OPTIONS))
        case 8:
            line = draw(one_of(NOISE))
        case _:
            line = draw(st.text("ab-_.[]();=<>!~@#\\ '\"/:,${}\t%0x1", max_size=12))
    where = draw(st.integers(-20, len(line)))
    if where >= 0:
        line = line[:where] + draw(one_of(["\\\n", "\\\n ", "\\\n# c\n", " ", "\\"])) + line[where:]
    return line


@examples(2000)
@given(st.lists(lines(), max_size=6), st.sampled_from(["\n", "\n", "\r\n", "\x0b"]))
def test_pip_agrees_on_generated_files(generated: list[str], line_break: str) -> None:
    agree(line_break.join(generated))


# Where this reader decides otherwise on purpose: a text, pip's URLs or refusal, this one's, and why.
ACCIDENTS = {
    # pip's parser passes `./pkg` on as the URL, and its download then fails ("no scheme supplied");
    # uv installs it from the project's folder.
    "a name with a folder": ("n @ ./pkg\n", ["./pkg"], ["ROOT/pkg"]),
    "a name with a file": ("n@b.zip\n", ["b.zip"], ["ROOT/b.zip"]),
    # pip replaces one variable after the other as often as it was named, so one of a name that
    # another one completes is replaced only where the first is named again.
    "a variable's name from another variable": (
        "${DIR} @ https://h/${${NAME}}${DIR}\n",
        ["https://h/pkgpkg"],
        ["https://h/${DIR}pkg"],
    ),
}


@pytest.mark.parametrize(("text", "theirs", "ours"), ACCIDENTS.values(), ids=ACCIDENTS)
def test_where_pip_decides_by_accident(
    text: str, theirs: list[str], ours: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAME", "DIR")
    monkeypatch.setitem(ENVIRON, "NAME", "DIR")
    result = read(text)
    assert result.messages == []
    assert [each.url for each in result.required] == [
        url.replace("ROOT", Path.cwd().as_uri()) for url in ours
    ]
    taken, refusal = by_pip("requirements.txt")
    assert refusal is None
    assert [each[6] for each in taken] == theirs


# -- whatever it is -------------------------------------------------------------------------------


@examples(500)
@given(st.one_of(st.binary(), st.text().map(str.encode), st.lists(lines()).map("\n".join)))
def test_nothing_breaks_the_reader(content: str | bytes) -> None:
    """It never raises, every line is told as its file is read, and messages stay one line."""
    result = read(content)
    asked = [each.line or 0 for each in result.required if each.path == "requirements.txt"]
    findings = [each for each in result.messages if isinstance(each, Problem)]
    wrong = [each.line or 0 for each in findings if each.path == "requirements.txt"]
    assert (asked, wrong) == (sorted(asked), sorted(wrong))
    assert all(line.isprintable() for line in told(result.messages))
    assert all(each.url is None or ":" in each.url for each in result.required)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_that_links_lead_to_in_many_ways_is_read_once(folder: Path) -> None:
    build({"a": Symlink("."), "b": Symlink(".")}, folder)
    result = read("-r a/requirements.txt\n-r b/requirements.txt\nx\n")
    assert [each.text for each in result.required] == ["x"]
    assert result.messages == [
        Problem(
            "requirements.txt",
            f"`{link}/requirements.txt` includes itself this way",
            line,
            "bad-include",
        )
        for line, link in [(1, "a"), (2, "b")]
    ]


def test_includes_of_a_linked_file_count_from_the_links_folder(folder: Path) -> None:
    build(
        {
            "a": {"common.txt": "-r more.txt\n", "more.txt": "x\n"},
            "b": {"common.txt": Symlink("../a/common.txt"), "more.txt": "y\n"},
        },
        folder,
    )
    result = read("-r a/common.txt\n-r b/common.txt\n")
    assert [each.text for each in result.required] == ["x", "y"]


def test_what_a_link_out_of_the_project_leads_to_is_not_shown(folder: Path) -> None:
    build(
        {
            "outside": {
                "pyproject.toml": '[project]\nrequires-python = "s3cret"\n'
                'dependencies = ["s3cret line", "x @ file://s3cret/"]\n',
                "lines.txt": "# coding: s3cret\n",
            },
            "project": {
                "pyproject.toml": Symlink("../outside/pyproject.toml"),
                "lines.txt": Symlink("../outside/lines.txt"),
            },
        },
        folder,
    )
    os.chdir("project")
    messages = [
        message
        for name in ["pyproject.toml", "lines.txt"]
        for message in read_asked_for(name, directory=".", environ={}).messages
    ]
    assert messages == [
        Problem("pyproject.toml", "a dependency is no requirement", 3, "bad-requirement"),
        Problem(
            "pyproject.toml", "a dependency is a `file:` on another machine", 3, "bad-requirement"
        ),
        Problem(
            "pyproject.toml", "`requires-python` is no version specifier", 2, "bad-requirement"
        ),
        Problem("lines.txt", "is no text in its encoding", None),
    ]
