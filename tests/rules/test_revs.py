"""Which pins agree and which do not: as tables, of texts alone."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import pytest

from hooks.files import MISSING, Unreadable
from hooks.project.copies import Copy
from hooks.report import Finding, Note
from hooks.rules.revs import check_revs

URL = "https://github.com/pre-commit/pre-commit-hooks"
ONE, TWO = "0123456789012345678901234567890123456789", "a876543210987654321098765432109876543210"
OWN = ".pre-commit-config.yaml"
FIX = f"\n  fix: pre-commit autoupdate --repo {URL}"
TOML = "{}.{}".format(*sys.version_info)


def pins(*pairs: str, hooks: str = "[]") -> str:
    """A configuration that pins `REV` of the usual repository, or `URL REV`; `REV # comment`."""
    text = "repos:\n"
    for pair in pairs:
        url, _, rev = pair.partition(" ") if "/" in pair.split(" ")[0] else (URL, "", pair)
        text += f"  - repo: {url}\n    rev: {rev}\n    hooks: {hooks}\n"
    return text


def told(
    own: str | bytes | Unreadable,
    siblings: Mapping[str, str | bytes | Unreadable],
    path: str = OWN,
    runner: str = "pre-commit",
) -> list[str]:
    """What is said in the folder `/dev/news` of siblings, by their names or paths."""

    def copy(path: str, folder: str, content: str | bytes | Unreadable) -> Copy:
        return Copy(path, folder, content.encode() if isinstance(content, str) else content)

    theirs = [
        copy(name if "/" in name else f"../{name}/{OWN}", f"/dev/{name.split('/')[0]}", content)
        for name, content in siblings.items()
    ]
    said = []
    for message in check_revs(copy(path, "/dev/news", own), theirs, runner):
        if isinstance(message, Note):
            said.append(f"note: {message.what}")
        else:
            assert isinstance(message, Finding)
            line = f":{message.line}" if message.line else ""
            fixes = "".join(f"\n  fix: {fix}" for fix in message.fixes)
            rule = f"[{message.rule}:{message.subject}]"
            said.append(f"{message.path}{line}: {message.what} {rule}{fixes}")
    return said


SILENT = [
    pytest.param(pins("v1"), {"dr": pins("v1", hooks="[{id: a}]")}, id="the same rev, other hooks"),
    pytest.param(pins("v1"), {"dr": pins("'v1'")}, id="the same rev in quotes"),
    pytest.param(pins("v1"), {}, id="no sibling"),
    pytest.param(pins("v1"), {"dr": MISSING}, id="a sibling without"),
    pytest.param(pins("v1"), {"dr": pins("https://github.com/a/b v2")}, id="other repositories"),
    pytest.param(
        pins("v1"), {"dr": pins("https://github.com/Pre-Commit/pre-commit-hooks v2")},
        id="the path in other letters is another repository",
    ),
    pytest.param(pins("../x v1"), {"far/away/x.yaml": pins("../y v2")}, id="another relative path"),
    pytest.param("repos: []", {"dr": pins("v1")}, id="nothing pinned here"),
    pytest.param(pins("v1"), {"dr": "repos: []"}, id="nothing pinned there"),
    pytest.param(pins(f"{ONE}  # frozen: v1.2"), {"dr": pins("v1.2")}, id="a frozen hash and its tag"),
    pytest.param(pins("v1.2"), {"dr": pins(f"'{ONE}' #frozen: v1.2")}, id="a tag and its frozen hash"),
    pytest.param(
        pins(f"{ONE}  # frozen: v1.2"), {"dr": pins(f"{ONE}  # frozen: v1")},
        id="the same hash by two names",
    ),
    pytest.param(pins(ONE), {"dr": pins(f"{ONE}  # frozen: v1.2")}, id="one hash without comment"),
    pytest.param(pins(ONE), {"dr": pins(ONE[:12])}, id="a hash and its first digits"),
    pytest.param(pins("abcdef1"), {"dr": pins("ABCDEF1234")}, id="a hash in capitals"),
    pytest.param(pins("v1", "v1"), {"dr": pins("v1")}, id="pinned twice here to the same"),
    pytest.param(
        "repos:\n- {repo: local, rev: v1, hooks: []}\n- {repo: meta, hooks: []}\n",
        {"dr": "repos:\n- {repo: local, rev: v2, hooks: []}\n- {repo: builtin, hooks: []}\n"},
        id="local, meta and builtin have no rev",
    ),
    pytest.param(
        pins("v1"), {"dr/prek.toml": f'[[repos]]\nrev = "v1"\nrepo = "{URL}"\nhooks = []\n'},
        id="the same rev in TOML",
    ),
    pytest.param(
        f"x: &r {{repo: {URL}, rev: v1}}\nrepos:\n- <<: *r\n  hooks: []\n", {"dr": pins("v1")},
        id="by an alias",
    ),
    pytest.param(b"\xef\xbb\xbf" + pins("v1").encode(), {"dr": pins("v1")}, id="a byte order mark"),
    pytest.param(pins("v1").replace("\n", "\r\n"), {"dr": pins("v1")}, id="other line breaks"),
]  # fmt: skip


@pytest.mark.parametrize(("own", "siblings"), SILENT)
def test_silent(own: str, siblings: Mapping[str, str]) -> None:
    assert told(own, siblings) == []


DRIFT = f"{OWN}:3: `{URL}` is pinned to"
THERE = f"`../dr/{OWN}:3`"
RULE = "[rev-drift:pre-commit-hooks]"
UNCLEAR = "one of them has to change, their names do not tell which is newer"
TOLD = [
    pytest.param(
        pins("v1.9.0"), {"dr": pins("v1.10.0")},
        [f"{DRIFT} `v1.9.0`, but to the newer `v1.10.0` in {THERE} {RULE}{FIX}"],
        id="the older one here is brought up",
    ),
    pytest.param(
        pins("v1.10.0"), {"dr": pins("v1.9.0")},
        [f"{DRIFT} `v1.10.0`, but to the older `v1.9.0` in {THERE}: these have to be brought up there {RULE}"],
        id="the older one there is not touched from here",
    ),
    pytest.param(
        pins("v2"), {"dr": pins("v1"), "media": pins("v2", hooks="[{id: x}]"), "telegram": pins("v3"), "x": pins("v1")},
        [
            f"{DRIFT} `v2`, but to the older `v1` in {THERE} and `../x/{OWN}:3`,"
            f" to the newer `v3` in `../telegram/{OWN}:3` {RULE}{FIX}"
        ],
        id="all that differ in one finding, by their revs",
    ),
    pytest.param(
        pins("v1.0", "https://h/b v2"), {"dr": pins("https://h/b v3", "v1.1")},
        [
            f"{DRIFT} `v1.0`, but to the newer `v1.1` in `../dr/{OWN}:6` {RULE}{FIX}",
            f"{OWN}:6: `https://h/b` is pinned to `v2`, but to the newer `v3` in {THERE} [rev-drift:b]\n"
            "  fix: pre-commit autoupdate --repo https://h/b",
        ],
        id="each repository, in the order of the lines",
    ),
    pytest.param(
        pins("main"), {"dr": pins("v1")}, [f"{DRIFT} `main`, but to `v1` in {THERE}: {UNCLEAR} {RULE}"],
        id="a branch has no version",
    ),
    pytest.param(
        pins("v1.x"), {"dr": pins("v1")}, [f"{DRIFT} `v1.x`, but to `v1` in {THERE}: {UNCLEAR} {RULE}"],
        id="nor has every name with a number",
    ),
    pytest.param(
        pins("v1.0"), {"dr": pins("'1.0'")}, [f"{DRIFT} `v1.0`, but to `1.0` in {THERE}: {UNCLEAR} {RULE}"],
        id="two tags of one version",
    ),
    pytest.param(
        pins("black-1.0"), {"dr": pins("ruff-2.0")},
        [f"{DRIFT} `black-1.0`, but to `ruff-2.0` in {THERE}: {UNCLEAR} {RULE}"],
        id="versions of two things",
    ),
    pytest.param(
        pins("v2"), {"dr": pins("v1"), "x": pins("main")},
        [f"{DRIFT} `v2`, but to the older `v1` in {THERE}, to `main` in `../x/{OWN}:3`: {UNCLEAR} {RULE}"],
        id="one is older, of the other nobody knows",
    ),
    pytest.param(
        pins("Rel-1.0"), {"dr": pins("rel-v2.0")},
        [f"{DRIFT} `Rel-1.0`, but to the newer `rel-v2.0` in {THERE} {RULE}{FIX}"],
        id="a name in other letters before the version",
    ),
    pytest.param(
        pins("rel-1.0"), {"dr": pins("rel-v2.0")},
        [f"{DRIFT} `rel-1.0`, but to the newer `rel-v2.0` in {THERE} {RULE}{FIX}"],
        id="a name before the version",
    ),
    pytest.param(
        pins(ONE), {"dr": pins("v1")}, [f"{DRIFT} `{ONE}`, but to `v1` in {THERE}: {UNCLEAR} {RULE}"],
        id="a hash without its comment",
    ),
    pytest.param(
        pins(f"{ONE}  # frozen: v1"), {"dr": pins(f"{TWO}  # frozen: v1")},
        [f"{DRIFT} `v1` (frozen as `{ONE[:12]}`), but to `v1` (frozen as `{TWO[:12]}`) in {THERE}: {UNCLEAR} {RULE}"],
        id="a tag that was moved between two freezes",
    ),
    pytest.param(
        pins(f"{ONE}  # frozen: v1"), {"dr": pins("v2")},
        [
            f"{DRIFT} `v1` (frozen as `{ONE[:12]}`), but to the newer `v2` in {THERE} {RULE}\n"
            f"  fix: pre-commit autoupdate --freeze --repo {URL}"
        ],
        id="what is frozen stays so",
    ),
    pytest.param(
        pins("v1", f"{URL}.git {ONE}  # frozen: v2"), {"dr": pins("v3")},
        [
            f"{DRIFT} `v1`, but to the newer `v2` (frozen as `{ONE[:12]}`) in `{OWN}:6`,"
            f" to the newer `v3` in {THERE} {RULE}{FIX} && pre-commit autoupdate --freeze --repo {URL}.git"
        ],
        id="pinned twice here, each brought up in its own way",
    ),
    pytest.param(
        pins("v2", "v1"), {}, [f"{DRIFT} `v2`, but to the older `v1` in `{OWN}:6` {RULE}{FIX}"],
        id="pinned twice here, the second older",
    ),
    pytest.param(
        pins("v1"), {"dr": pins("v1", "v2")}, [f"{DRIFT} `v1`, but to the newer `v2` in `../dr/{OWN}:6` {RULE}{FIX}"],
        id="pinned twice there",
    ),
    pytest.param(
        pins("v1"), {"dr/prek.toml": f'[[repos]]\nrepo = "{URL}"\nhooks = []\nrev = "v2"\n'},
        [f"{DRIFT} `v1`, but to the newer `v2` in `dr/prek.toml:4` {RULE}{FIX}"],
        id="YAML here, TOML there",
    ),
    pytest.param(
        pins("https://me:s3cret@h/b v1"), {"dr": pins("https://h/b/ v2")},
        [
            f"{OWN}:3: `https://****@h/b` is pinned to `v1`, but to the newer `v2` in {THERE}:"
            " bring it up by hand, its URL holds what is not shown here [rev-drift:b]"
        ],
        id="a password in the URL",
    ),
    pytest.param(
        pins("https://h/b?token=s3cret v1"), {"dr": pins("https://h/b v2")},
        [
            f"{OWN}:3: `https://h/b?****` is pinned to `v1`, but to the newer `v2` in {THERE}:"
            " bring it up by hand, its URL holds what is not shown here [rev-drift:b]"
        ],
        id="a token in the URL",
    ),
    pytest.param(
        pins("../hooks v1"),
        {"dr": pins("../hooks/ v2")},
        [
            f"{OWN}:3: `../hooks` is pinned to `v1`, but to the newer `v2` in {THERE} [rev-drift:hooks]\n"
            "  fix: pre-commit autoupdate --repo ../hooks"
        ],
        id="a repository beside the projects",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("own", "siblings", "expected"), TOLD)
def test_told(own: str, siblings: Mapping[str, str], expected: list[str]) -> None:
    assert told(own, siblings) == expected


def test_prek_brings_up_what_prek_reads() -> None:
    own = f'[[repos]]\nrepo = "{URL}"\nrev = "{ONE}" # frozen: v1\nhooks = []\n'
    fix = f"  fix: prek autoupdate --freeze --repo {URL}"
    [said] = told(own, {"dr": pins("v2")}, path="prek.toml")
    assert said.startswith(f"prek.toml:3: `{URL}` is pinned to `v1` (frozen as")
    assert said.endswith(f"\n{fix}")
    [said] = told(pins("v1"), {"dr": pins("v2")}, runner="prek")
    assert said.endswith(f"\n  fix: prek autoupdate --repo {URL}")


BAD = "[bad-configuration:.pre-commit-config.yaml]"
MALFORMED = [
    pytest.param("repos: [", f"{OWN}:1: is no valid YAML {BAD}", id="no YAML"),
    pytest.param("repos:\n- repo: x\n  repo: y\n", f"{OWN}:3: has the same key twice {BAD}", id="a key twice"),
    pytest.param("", f"{OWN}: has no list `repos` {BAD}", id="empty"),
    pytest.param("a: 1\nrepos: 1\n", f"{OWN}:2: has no list `repos` {BAD}", id="no list"),
    pytest.param("- repo: x\n", f"{OWN}: has no list `repos` {BAD}", id="a list without its key"),
    pytest.param(
        "repos:\n- 1\n", f"{OWN}:2: has an entry of `repos` without a `repo` that is text {BAD}", id="an entry that is no table"
    ),
    pytest.param(
        "repos:\n- repo: [x]\n", f"{OWN}:2: has an entry of `repos` without a `repo` that is text {BAD}", id="a list for a URL"
    ),
    pytest.param("repos:\n- repo: https://a:b@h/x\n", f"{OWN}:2: pins `https://****@h/x` to no `rev` {BAD}", id="no rev"),
    pytest.param(
        "repos:\n- repo: h/x\n  rev: 1.0\n", f"{OWN}:3: pins `h/x` to a `rev` that is not text: it needs quotes {BAD}", id="a number for a rev"
    ),
    pytest.param("a: &a [*a]\nrepos: []\n", f"{OWN}:1: contains itself {BAD}", id="a circle"),
    pytest.param("repos: \x00", f"{OWN}:1: holds a character that YAML has not {BAD}", id="a NUL"),
    pytest.param(b"repos:\n- repo: \xff", f"{OWN}:2: is not UTF-8 {BAD}", id="another encoding"),
    pytest.param("[" * 5000, f"{OWN}:1: is no valid YAML {BAD}", id="deep"),
    pytest.param("[" * 200 + "]" * 200, f"{OWN}: is nested too deeply to be read {BAD}", id="rather deep"),
    pytest.param(Unreadable("is a directory, not a file"), f"{OWN}: is a directory, not a file {BAD}", id="a directory"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), MALFORMED)
def test_a_configuration_that_cannot_be_taken(content: str | bytes, expected: str) -> None:
    """Here it is a finding, in a sibling a note; and it hides nothing else."""
    assert told(content, {"dr": pins("v1")}) == [expected]
    [note] = told(pins("v1"), {"dr": content})
    line, why = expected.removeprefix(OWN).removesuffix(f" {BAD}").split(": ", 1)
    assert note.startswith(f"note: `../dr/{OWN}{line}` {why}: ")
    assert note.endswith(" compared")


def test_a_bad_entry_hides_no_other() -> None:
    bad = "  - repo: https://h/b\n"
    own, theirs = pins("v1") + bad, pins("v2") + bad
    assert told(own, {"dr": theirs}) == [
        f"{OWN}:5: pins `https://h/b` to no `rev` {BAD}",
        f"note: `../dr/{OWN}:5` pins `https://h/b` to no `rev`: that was not compared",
        f"{DRIFT} `v1`, but to the newer `v2` in {THERE} {RULE}{FIX}",
    ]


def test_newer_toml_is_a_note() -> None:
    own = f'repos = [\n  {{repo = "{URL}", rev = "v1",\n   hooks = []}},\n]\n'
    why = (
        f"is no TOML that Python {TOML} can read, which knows TOML 1.0: its revs were not compared"
    )
    if not told(own, {}, path="prek.toml"):
        pytest.skip("this Python reads TOML 1.1")
    [note] = told(own, {"dr": pins("v1")}, path="prek.toml")
    assert note == f"note: `prek.toml:2` {why}"
    assert told(pins("v1"), {"dr/prek.toml": own}) == [f"note: `dr/prek.toml:2` {why}"]


def test_a_toml_file_that_no_parser_reads_is_a_finding() -> None:
    bad = "prek.toml:1: is not UTF-8 [bad-configuration:prek.toml]"
    assert told(b"\xff", {"dr": pins("v1")}, path="prek.toml") == [bad]


def test_a_bomb_of_aliases() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 40)]
    bomb = "\n".join([*levels, "repos: []\n"])
    assert told(bomb, {"dr": pins("v1")}) == [f"{OWN}:5: holds more than 100,000 values {BAD}"]
    merged = ["a0: &a0 {x: 1}"]
    merged += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 60)]
    assert told("\n".join([*merged, "repos: []\n"]), {"dr": pins("v1")}) == []
    chain = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 5000)), "repos: []\n"]
    assert told("\n".join(chain), {"dr": pins("v1")}) == [
        f"{OWN}: is nested too deeply to be read {BAD}"
    ]
