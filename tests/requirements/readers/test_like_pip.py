"""The newest pip's own parser takes the same and refuses the same."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name
from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements as pip_parse_requirements
from pip._internal.req.req_install import check_invalid_constraint_type
from pip._internal.utils.urls import path_to_url

from hooks.problems import Problem
from hooks.report import Note
from hooks.requirements.pip_lines import logical_lines
from hooks.requirements.required import Required
from tests.fuzzing import examples
from tests.requirements.readers.reading import ENVIRON, read, told

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
