"""Whatever the text, no `parse_…` raises, lines rise, and what was written is read back.

`make fuzz` tries a hundred times as many examples, new ones each time.
"""

from __future__ import annotations

import json
import shlex
import shutil
import time
from argparse import ArgumentTypeError
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from packaging.direct_url import DirectUrl

from hooks.arguments import RequiredCommand, _required_command
from hooks.files import Unreadable
from hooks.harmless import quoted
from hooks.project.git_index import parse_complaint, parse_stages
from hooks.project.git_repository import read_git_repository
from hooks.requirements.origin import contradicts, difference, installed_origin, parse_origin
from hooks.requirements.pip_lines import logical_lines, parse_requirements
from hooks.requirements.pylock import read_pylock
from hooks.requirements.pyproject import read_pyproject
from hooks.rules.closure import _parse_dependency
from hooks.venvs.layout import parse_configuration
from hooks.venvs.metadata import parse_direct_url, parse_metadata, parse_pth
from hooks.venvs.python import parse_python_version, parse_version
from hooks.venvs.scripts import parse_activation, parse_interpreter
from tests import family
from tests.fuzzing import examples
from tests.trees import git, make_venv


def texts(*fragments: str) -> st.SearchStrategy[str]:
    """Words of a format in any order, and any characters between them."""
    word = st.one_of(st.sampled_from(fragments), st.text(max_size=4))
    return st.lists(word, max_size=20).map("".join)


PATHS = st.text(st.characters(exclude_characters="\0\n\r", exclude_categories=["Cs"]), max_size=20)
WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


# -- of a venv ------------------------------------------------------------------------------------


@given(texts("home", "version", "version_info", " = ", "3.11.7", "\n", ".", "/usr/bin"))
def test_a_configuration(text: str) -> None:
    configuration = parse_configuration(text)
    assert all(key == key.strip().lower() for key in configuration)
    version = parse_version(configuration)
    assert version is None or version.count(".") == 1


@given(st.dictionaries(WORDS.map(str.lower), PATHS.map(str.strip).filter(str.isprintable)))
def test_a_configuration_reads_back(configuration: dict[str, str]) -> None:
    assume(all(key == key.lower() for key in configuration))
    text = "\n".join(f"{key} = {value}" for key, value in configuration.items())
    assert parse_configuration(text) == configuration


@given(
    texts("VIRTUAL_ENV=", "export ", "'", '"', "\n", "/venv", "$(", "`", "\\", "$HOME", "'\"'\"'")
)
def test_an_activation(text: str) -> None:
    lines = [line for line, _ in parse_activation(text)]
    assert lines == sorted(set(lines))


@given(PATHS, st.sampled_from(["VIRTUAL_ENV=", "export VIRTUAL_ENV="]))
@example("o'hara$(x)", "VIRTUAL_ENV=")
@example("o'$HOME", "VIRTUAL_ENV=")
def test_an_activation_reads_back(path: str, assignment: str) -> None:
    path = f"/{path}"
    text = f"# venv\n    {assignment}{shlex.quote(path)}\nexport VIRTUAL_ENV\n"
    assert parse_activation(text) == [(2, path)]


@given(texts("#!", "/bin/sh", "\n'''exec' ", '"', "'", "/venv/bin/python", ' "$0" "$@"', " "))
def test_an_interpreter(text: str) -> None:
    interpreter = parse_interpreter(text)
    assert interpreter is None or "\n" not in interpreter.path


@given(PATHS)
@example("o'hara$(x)/bin/python")
def test_an_interpreter_reads_back(path: str) -> None:
    path = f"/{path}"
    text = f"#!/bin/sh\n'''exec' {shlex.quote(path)} \"$0\" \"$@\"\n' '''\n"
    assert parse_interpreter(text) == (path, False)


# -- of what is installed -------------------------------------------------------------------------


@given(
    st.one_of(
        st.binary(), texts("Name", "Version", "Requires-Dist", ":", " ", "\n").map(str.encode)
    )
)
def test_metadata(content: bytes) -> None:
    metadata = parse_metadata(content)
    if not isinstance(metadata, Unreadable):
        assert metadata.name
        assert metadata.version


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
URLS = texts(
    *("https", "git", "file", "://", ":", "/", "@", "#", "?", "[", "]", "user:pw"), "host.org"
)
DIRECT_URLS = st.fixed_dictionaries(
    {"url": URLS | JSON},
    optional={
        "dir_info": st.fixed_dictionaries({}, optional={"editable": st.booleans() | JSON}) | JSON,
        "vcs_info": st.fixed_dictionaries(
            {"vcs": st.just("git") | JSON, "commit_id": st.text() | JSON},
            optional={"requested_revision": st.text() | JSON},
        )
        | JSON,
        "archive_info": st.fixed_dictionaries(
            {}, optional={"hashes": st.dictionaries(st.text(), st.text()) | JSON, "hash": JSON}
        )
        | JSON,
        "subdirectory": st.text() | JSON,
    },
)


@given(st.one_of(st.binary(), JSON.map(json.dumps).map(str.encode)))
@example(b"[" * 100_000)
@example(b"1" * 5_000)
def test_a_direct_url(content: bytes) -> None:
    assert isinstance(parse_direct_url(content), DirectUrl | Unreadable)


@examples(500)
@given(DIRECT_URLS)
def test_where_something_is_installed_from(record: object) -> None:
    parsed = parse_direct_url(json.dumps(record).encode())
    if isinstance(parsed, DirectUrl):
        origin = installed_origin(parsed)
        assert not contradicts(origin, origin)
        assert difference(origin, origin, None) is None


@given(st.one_of(st.binary(), texts("import ", "\n", "#", "/path", "\ufeff", " ").map(str.encode)))
def test_a_pth(content: bytes) -> None:
    assert all(path and "\n" not in path for path in parse_pth(content))


@given(texts("3.14", ".0", "rc", "1", "candidate", ".", "final"))
def test_a_version_of_python(text: str) -> None:
    version = parse_python_version(text)
    assert version is None or version[0].isdigit()


@examples(500)
@given(
    texts("alpha", "[x]", ">=1", "(", ")", ";", "extra", "==", "'x'", " ", "@ ", "https://h/p", ",")
)
def test_a_dependency(text: str) -> None:
    dependency = _parse_dependency(text)
    assert dependency is None or dependency.name


# -- of what is asked for -------------------------------------------------------------------------


@examples(500)
@given(
    texts(
        *("alpha", "==1", "-r ", "-c ", "-e ", "--hash=", "${NAME}", "\\\n", "\n", "# ", "; ", " -")
    )
)
def test_a_requirements_file(text: str) -> None:
    lines = [each.line for each in parse_requirements(text, {"NAME": "value -e x"})]
    assert lines == sorted(lines)
    assert [number for number, _ in logical_lines(text)] == sorted(
        {number for number, _ in logical_lines(text)}
    )


@examples(500)
@given(URLS, URLS, st.booleans())
def test_an_origin(url: str, other: str, is_editable: bool) -> None:
    one, two = (parse_origin(each, is_editable=is_editable) for each in (url, other))
    assert not contradicts(one, one)
    assert contradicts(one, two) == contradicts(two, one)
    difference(one, two, "/venv/src")


@given(
    st.sampled_from(["https", "git+https", "git+ssh", "ftp"]),
    st.text(min_size=1, max_size=12).filter(lambda word: "/" not in word),
)
def test_no_password_is_quoted(scheme: str, password: str) -> None:
    secret = f"<{password}>"
    assert secret not in quoted(f"{scheme}://user:{secret}@host.org/alpha")


TOML = [
    *(
        "[project]\n",
        "name = 'a'\n",
        "dependencies = [",
        "]\n",
        "[dependency-groups]\n",
        '"alpha==',
    ),
    *(
        '1"',
        ",",
        "[project.optional-dependencies]\n",
        "x = ",
        "{include-group = 'x'}",
        "['a[x]']\n",
    ),
    *(
        "dynamic = ['dependencies']\n",
        "requires-python = ",
        "'>=3'\n",
        "[[packages]]\n",
        "version = ",
    ),
    *(
        'lock-version = "1.0"\n',
        'created-by = "x"\n',
        "marker = ",
        "'1'\n",
        "1\n",
        "[packages.vcs]\n",
    ),
]


@examples(500)
@given(st.one_of(st.binary(), texts(*TOML).map(lambda text: text.encode("utf-8", "replace"))))
@example(b"a = " + b"[" * 100_000)
@example(b"a = " + b"1" * 5_000)
def test_a_toml_file(tmp_path: Path, content: bytes) -> None:
    for name in ["pyproject.toml", "pylock.toml"]:
        path = tmp_path / name
        path.write_bytes(content)
        read = read_pyproject if name == "pyproject.toml" else read_pylock
        options = {"directory": str(tmp_path)} if name == "pyproject.toml" else {}
        found = read(str(path), extras=["x"], groups=["x"], **options)
        assert len(set(found.messages)) == len(found.messages)


@given(texts("dr", "--help", " ", "'", '"', "\\", "/"))
def test_a_required_command(text: str) -> None:
    try:
        required = _required_command(text)
    except ArgumentTypeError:
        return
    assert required.name
    assert "/" not in required.name


@given(WORDS, st.lists(PATHS))
def test_a_required_command_reads_back(name: str, arguments: list[str]) -> None:
    text = shlex.join([name, *arguments])
    assert _required_command(text) == RequiredCommand(name, tuple(arguments))


# -- of git ---------------------------------------------------------------------------------------


@given(texts("100644 ", "0" * 40, " 0\t", "venv/", "\0", "\t"), st.sampled_from(["", "sub/"]))
def test_what_git_tracks(text: str, prefix: str) -> None:
    paths = [tracked.path for tracked in parse_stages(text, prefix)]
    assert len(set(paths)) == len(paths)


@given(st.dictionaries(st.text(st.characters(exclude_characters="\0"), min_size=1), WORDS))
def test_what_git_tracks_reads_back(paths: dict[str, str]) -> None:
    text = "".join(f"100644 {'0' * 40} 0\t{path}\0" for path in paths)
    assert [tracked.path for tracked in parse_stages(text, "")] == list(paths)


@given(texts("fatal: ", "\n", "error"), st.integers())
def test_what_git_complains_of(text: str, status: int) -> None:
    complaint = parse_complaint(text, status)
    assert complaint
    assert len(complaint.splitlines()) == 1


@given(
    st.one_of(st.binary(), texts("gitdir: ", "../", "main", ".git", "\n", "\0").map(str.encode)),
    st.one_of(st.binary(max_size=20), st.just(b"../..")),
    st.one_of(
        st.binary(),
        texts("[core]", "\n", "worktree", "=", "bare", "true", '"', "../..").map(str.encode),
    ),
)
def test_a_git_repository(tmp_path: Path, pointer: bytes, common: bytes, settings: bytes) -> None:
    own = tmp_path / "main" / ".git" / "worktrees" / "linked"
    own.mkdir(parents=True, exist_ok=True)
    linked = tmp_path / "linked"
    linked.mkdir(exist_ok=True)
    (linked / ".git").write_bytes(pointer)
    (own / "commondir").write_bytes(common)
    (own.parent.parent / "config").write_bytes(settings)
    for content in [pointer, f"gitdir: {own}".encode()]:
        (linked / ".git").write_bytes(content)
        found = read_git_repository(str(linked))
        assert found is None or found.work_tree == str(linked)


# -- and all together -----------------------------------------------------------------------------

READ = [
    *("owner/venv/pyvenv.cfg", "owner/venv/bin/activate", "owner/venv/bin/tool"),
    *(f"{family.SITE_PACKAGES}/{name}" for name in ["gamma.pth", "alpha-1.dist-info/METADATA"]),
    f"{family.SITE_PACKAGES}/beta-2.dist-info/direct_url.json",
    *("member/requirements.txt", "member/more.txt", "member/pyproject.toml", "member/pylock.toml"),
    *("sibling/requirements.txt", "member/.git/config", "member/.git/index", "member/.git/HEAD"),
    "owner/requirements.txt",
]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, bytes]:
    """A family's files that hooks read, and what they hold."""
    dev = family.make_family(tmp_path_factory.mktemp("family"))
    return {dev / name: (dev / name).read_bytes() for name in READ}


# What these tests have found: the file, what it held, and what is said of it since.
NUL = "/a\0/bin/python"
DIRECT_URL = f"{family.SITE_PACKAGES}/beta-2.dist-info/direct_url.json"
METADATA = f"{family.SITE_PACKAGES}/alpha-1.dist-info/METADATA"
ALPHA = "Metadata-Version: 2.1\nName: alpha\nVersion: 1\n"
PROJECT = '[project]\nname = "member"\ndependencies = ["alpha"]\n'
HUGE = "9" * 5000  # `int` refuses it
FOUND = {
    "a NUL in an activation": (
        "owner/venv/bin/activate",
        "VIRTUAL_ENV='/a\0b'\n",
        r"../owner/venv/bin/activate:1: sets `VIRTUAL_ENV` to `/a\x00b`, but this venv is ",
    ),
    "a NUL in a script": (
        "owner/venv/bin/tool",
        f"#!{NUL}\n",
        r"../owner/venv/bin: `tool` starts `/a\x00/bin/python`, which is missing",
    ),
    "a NUL in a long script line": (
        "owner/venv/bin/tool",
        f"#!/bin/sh\n'''exec' '{NUL}' \"$0\"\n",
        r"../owner/venv/bin: `tool` starts `/a\x00/bin/python`, which is missing",
    ),
    "a NUL in a .pth": (
        f"{family.SITE_PACKAGES}/gamma.pth",
        "../\0\n",
        "pyproject.toml:4: `gamma==3` is required, but not installed",
    ),
    "a NUL in a direct_url.json": (
        DIRECT_URL,
        '{"url": "file:///\\u0000", "dir_info": {}}',
        r"is required, but it is installed from `/\x00`",
    ),
    "a lone surrogate in a direct_url.json": (
        DIRECT_URL,
        '{"url": "file:///\\ud800", "dir_info": {}}',
        r"is required, but it is installed from `/\ud800`",
    ),
    "a NUL in a requirement's URL": (
        "member/more.txt",
        "alpha @ file:///%00\n",
        "more.txt:1: `alpha @ file:///%00` is required, but ",
    ),
    "a lone surrogate in a requirement's URL": (
        "member/more.txt",
        "# coding: unicode_escape\nalpha @ file:///\\ud800\n",
        r"more.txt:2: `alpha @ file:///\ud800` is required, but ",
    ),
    "a huge number in a requirement": (
        "member/more.txt",
        f"alpha==1.{HUGE}\n",
        "9` is no requirement\n",
    ),
    "a huge number in a compatible release": (
        "member/more.txt",
        f"alpha~=1.{HUGE}\n",
        "9` is no requirement\n",
    ),
    "a huge number in a marker": (
        "member/more.txt",
        f"alpha; python_version > '3.{HUGE}'\n",
        "9'` has a marker that nothing can decide here\n",
    ),
    "a huge number in what a distribution needs": (
        METADATA,
        f"{ALPHA}Requires-Dist: beta==1.{HUGE}\n",
        "9`, which is no requirement: not checked\n",
    ),
    "a huge number in the marker of what it needs": (
        METADATA,
        f"{ALPHA}Requires-Dist: beta; python_version > '3.{HUGE}'\n",
        '9"` cannot be evaluated; taken for false\n',
    ),
    "a huge number in requires-python": (
        "member/pyproject.toml",
        f'{PROJECT}requires-python = "==3.{HUGE}.*"\n',
        "pyproject.toml:4: `requires-python` is no version specifier: `==3.99",
    ),
    "a huge number in a lock file": (
        "member/pylock.toml",
        'lock-version = "1.0"\ncreated-by = "hand"\n[[packages]]\nname = "alpha"\n'
        f'version = "1.{HUGE}"\n[[packages.wheels]]\nname = "x"\npath = "x"\n'
        f'hashes = {{sha256 = "{"0" * 64}"}}\n',
        "pylock.toml: is no valid lock file",
    ),
    "a huge number in a pyvenv.cfg": (
        "owner/venv/pyvenv.cfg",
        f"version = 3.{HUGE}\n",
        "../owner/venv/pyvenv.cfg: has no `home`",
    ),
    "digits that are no numbers": (
        "owner/venv/pyvenv.cfg",
        "version = 3.²\n",
        "../owner/venv/pyvenv.cfg: has no `home`",
    ),
    "a name that is an option": (
        METADATA,
        "Name: -r/tmp/evil\nVersion: 1\n",
        "METADATA: has the `Name` `-r/tmp/evil`, which is none\n",
    ),
    "a password in what urllib says": (
        DIRECT_URL,
        '{"url": "https://user:s3cret@ho℀st/x", "dir_info": {}}',
        "direct_url.json is not valid (PEP 610): its `url` is none\n",
    ),
}

# What took more than ten seconds: the file, and what it held.
SLOW = {
    "spaces in what a distribution needs": (
        METADATA,
        f"{ALPHA}Requires-Dist: a{' ' * 3000}@ x\n",
    ),
    "a long name in what it needs": (METADATA, f"{ALPHA}Requires-Dist: {'a' * 100_000}@\n"),
    "a long path in an activation": ("owner/venv/bin/activate", f"VIRTUAL_ENV={'/a' * 400_000}"),
    "a long word in an activation": (
        "owner/venv/bin/activate",
        f"VIRTUAL_ENV='/x {'a b' * 400_000}'",
    ),
    "a long path in a .pth": (f"{family.SITE_PACKAGES}/gamma.pth", f"{'a/' * 400_000}..\n"),
    "a long path in a direct_url.json": (
        DIRECT_URL,
        f'{{"url": "file://{"/a" * 400_000}", "dir_info": {{}}}}',
    ),
    "a long path in a requirement": ("member/more.txt", f"-e file://{'/a' * 400_000}\n"),
    "a long option": ("member/more.txt", f"--hash='{'a' * 1_000_000}'\n"),
    "two lines that ask much": (
        "member/more.txt",
        f"alpha{','.join(f'!=1.{number}' for number in range(1, 4000))}\nalpha>=1\n",
    ),
    "many dependencies": (
        "member/pyproject.toml",
        PROJECT.replace('"alpha"', ", ".join(f'"a{number}"' for number in range(10_000))),
    ),
}


@pytest.mark.parametrize(("name", "content", "expected"), FOUND.values(), ids=FOUND)
def test_what_was_found(name: str, content: str, expected: str, files: dict[Path, bytes]) -> None:
    dev = next(iter(files)).parents[2]
    try:
        (dev / name).write_bytes(content.encode())
        assert expected in "".join(each.output for each in family.run_all(dev / "member").values())
    finally:
        (dev / name).write_bytes(files[dev / name])


@pytest.mark.parametrize(("name", "content"), SLOW.values(), ids=SLOW)
def test_what_was_slow(name: str, content: str, files: dict[Path, bytes]) -> None:
    dev = next(iter(files)).parents[2]
    try:
        (dev / name).write_bytes(content.encode())
        start = time.process_time()
        family.run_all(dev / "member")
        assert time.process_time() - start < 8
    finally:
        (dev / name).write_bytes(files[dev / name])


@pytest.mark.parametrize(
    "file", ["linked/.git", "main/.git/worktrees/linked/commondir", "main/.git/config"]
)
def test_a_nul_in_a_file_of_git(file: str, tmp_path: Path) -> None:
    main = tmp_path / "main"
    main.mkdir()
    git(main, "init", "--quiet")
    git(main, "commit", "--quiet", "--allow-empty", "--message=first")
    git(main, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    start = {"linked/.git": b"gitdir: ", "main/.git/config": b"[core]\nworktree = "}
    (tmp_path / file).write_bytes(start.get(file, b"") + b"a\0b\n")
    found = read_git_repository(str(tmp_path / "linked"))
    assert found is not None
    assert found.work_tree == str(tmp_path / "linked")
    for hook in family.HOOKS:
        assert family.run(hook, tmp_path / "linked").status in {0, 1}
        make_venv(tmp_path / "linked" / "venv")
        assert family.run(hook, tmp_path / "linked").status in {0, 1}
        shutil.rmtree(tmp_path / "linked" / "venv")


@examples(100)
@given(st.data())
def test_a_family_with_damaged_files(files: dict[Path, bytes], data: st.DataObject) -> None:
    """The hooks say something, in whole printable lines, and end with a status of theirs."""
    damaged = data.draw(st.lists(st.sampled_from(READ), min_size=1, max_size=3))
    dev = next(iter(files)).parents[2]
    for name in damaged:
        content = files[dev / name]
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 40)))
        own = st.sampled_from(content.split() or [b""])
        put = data.draw(st.one_of(st.binary(max_size=12), st.text(max_size=6).map(str.encode), own))
        (dev / name).write_bytes(content[:start] + put + content[end:])
    try:
        for hook in family.HOOKS:
            said = family.run(hook, dev / "member")
            assert said.status in {0, 1, 2}
            assert all(line.isprintable() for line in said.output.split("\n"))
            assert bool(said.status) == any(
                line[:6] not in {"note: ", ""} for line in said.output.splitlines()
            )
    finally:
        for name in damaged:
            (dev / name).write_bytes(files[dev / name])
