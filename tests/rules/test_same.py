"""What is the same in all projects and what is not: as tables, of texts alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from hooks.files import MISSING, Unreadable
from hooks.project.copies import Copy
from hooks.report import Finding, Note
from hooks.rules.same import Same, check_same, parse_same

Content = str | bytes | Unreadable


def told(
    asked: str, own: Content, siblings: Mapping[str, Content], *, everywhere: bool = False
) -> list[str]:
    """What is said in a project beside these siblings."""
    same = parse_same(asked)
    assert isinstance(same, Same), same

    def copy(folder: str, content: Content) -> Copy:
        path = same.file if folder == "." else f"{folder}/{same.file}"
        return Copy(path, folder, content.encode() if isinstance(content, str) else content)

    theirs = [copy(f"../{name}", content) for name, content in siblings.items()]
    said = []
    for message in check_same(same, copy(".", own), theirs, everywhere=everywhere):
        if isinstance(message, Note):
            said.append(f"note: {message.what}")
        else:
            assert isinstance(message, Finding)
            assert (message.subject, message.fixes) == (same.file, ())
            line = f":{message.line}" if message.line else ""
            said.append(f"{message.path}{line}: {message.what} [{message.rule}]")
    return said


RUFF = "[tool.ruff]\nline-length = 100\nlint.select = ['A', 'B']\n"
SILENT = [
    pytest.param(".python-version", "3.11\n", {"dr": "3.11\n"}, id="the same bytes"),
    pytest.param(".python-version", "3.11\n", {}, id="no sibling"),
    pytest.param(".python-version", "3.11\n", {"dr": MISSING}, id="a sibling without the file"),
    pytest.param(".python-version", MISSING, {"dr": "3.11\n"}, id="not here"),
    pytest.param(".python-version", MISSING, {}, id="not here, and no sibling"),
    pytest.param("a.toml:b", "no TOML", {"dr": "no TOML"}, id="equal texts are not parsed"),
    pytest.param("p.toml:tool.ruff", RUFF, {"dr": "[project]\nname='dr'\n" + RUFF}, id="the same value in another file"),
    pytest.param("p.toml:tool.ruff", "", {"dr": RUFF}, id="a key that is not here"),
    pytest.param("p.toml:tool.ruff", RUFF, {"dr": "# nothing\n"}, id="a key that is not there"),
    pytest.param(
        "p.toml:tool.ruff",
        RUFF,
        {"dr": '[tool]\nruff = {lint = {select = ["A", "B"]}, "line-length" = 1_00}\n'},
        id="the same in another spelling, in another order",
    ),
    pytest.param("a.yaml:a", "a: {b: 1, c: [x]}\n", {"dr": "a:\n  c:\n  - 'x'\n  b: 1\n"}, id="YAML in another style"),
    pytest.param("a.yaml:a", "b: &b {x: 1}\na: *b\n", {"dr": "a: {x: 1}\n"}, id="YAML by an alias"),
    pytest.param("a.yaml:a", "b: &b {x: 1, y: 2}\na: {<<: [*b], y: 3}\n", {"dr": "a: {x: 1, y: 3}\n"}, id="YAML merged"),
    pytest.param("a.yaml:a", "b: &b {x: 1}\nc: &c {x: 2}\na: {<<: [*b, *c]}\n", {"dr": "a: {x: 1}\n"}, id="YAML merged, the first wins"),
    pytest.param("a.json:a", b'\xef\xbb\xbf{"a": 1}', {"dr": '{"a": 1}'}, id="JSON with a byte order mark"),
    pytest.param("a.toml:a", b"\xef\xbb\xbfa = 1", {"dr": "a = 1"}, id="TOML with a byte order mark"),
    pytest.param("a.json:a.1", '{"a": [1]}', {"dr": '{"a": [1, 2]}'}, id="an item that is not here"),
    pytest.param(f"a.json:a.{'9' * 5000}", '{"a": [1]}', {"dr": f'{{"a": {{"{"9" * 5000}": 1}}}}'}, id="a number of too many digits"),
    pytest.param("a.json:a.x", '{"a": [1]}', {"dr": '{"a": {"x": 1}}'}, id="a name for an item"),
    pytest.param("a.yaml:a", "a: .nan\n", {"dr": "a: .NaN\n"}, id="no number"),
    pytest.param("a.yaml:a", "a: 0x10\n", {"dr": "a: 16\n"}, id="a number in another base"),
    pytest.param("a.yaml:a", "a: !!int many\n", {"dr": "a: !!int many # \n"}, id="no number, but said to be"),
    pytest.param("a.yaml:on", "on: push\n", {"dr": "on:  push\n"}, id="a key that YAML takes for yes"),
    pytest.param("a.json:a", '{"a": [1, {"b": null}]}', {"dr": '{\n"a" : [1,{"b":null}], "c": 1}'}, id="JSON in another style"),
    pytest.param("a.json:a.1.b", '{"a": [1, {"b": 2}]}', {"dr": '{"a": [3, {"b": 2}]}'}, id="an item of a list"),
    pytest.param('a.toml:tool."a.b"', "tool.'a.b' = 1", {"dr": '[tool."a.b"]\nc = 1\n[x]\n'.replace("[tool", "[tol")}, id="a key with a dot"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "own", "siblings"), SILENT)
def test_silent(asked: str, own: Content, siblings: Mapping[str, Content]) -> None:
    assert told(asked, own, siblings) == []


TOLD = [
    pytest.param(
        ".python-version", "3.11\n", {"dr": "3.12\n", "media": "3.11\n", "x": "3.12\n"},
        ".python-version:1: says `3.11`, but `3.12` in `../dr/.python-version:1` and `../x/.python-version:1` [differs]",
        id="who says the same is named together",
    ),
    pytest.param(
        ".python-version", "3.11\n", {"dr": "3.12\n", "x": "3.13\n"},
        ".python-version:1: says `3.11`, but `3.12` in `../dr/.python-version:1`, `3.13` in `../x/.python-version:1` [differs]",
        id="who says something else is named beside",
    ),
    pytest.param(
        "ruff.toml", "a = 1\nb = 2\n", {"dr": "a = 1\nb = 3\n", "x": "a = 4\n", "y": "a = 4\n"},
        "ruff.toml:2: says `b = 2`, but `b = 3` in `../dr/ruff.toml:2`;"
        " `../x/ruff.toml:1` and `../y/ruff.toml:1` differ, too [differs]",
        id="who differs elsewhere is named",
    ),
    pytest.param(
        "a.txt", "a\nb\n", {"dr": "a\n"}, "a.txt:2: says `b`, but nothing more in `../dr/a.txt:2` [differs]", id="longer here"
    ),
    pytest.param(
        "a.txt", "", {"dr": "a\n"}, "a.txt:1: says nothing more, but `a` in `../dr/a.txt:1` [differs]", id="longer there"
    ),
    pytest.param(
        "a.txt", "a", {"dr": "a\r\n"}, "a.txt:1: says `a`, but `a\\r\\n` in `../dr/a.txt:1` [differs]", id="only the line's end"
    ),
    pytest.param(
        "a.txt", "a\n", {"dr": "\n"}, "a.txt:1: says `a`, but `` in `../dr/a.txt:1` [differs]", id="an empty line"
    ),
    pytest.param(
        "a.bin", b"\0\xff\x1b[1m", {"dr": b"\xe2\x80\xae"},
        "a.bin:1: says `\\x00\\xff\\x1b[1m`, but `\\u202e` in `../dr/a.bin:1` [differs]",
        id="bytes that are no text",
    ),
    pytest.param(
        "a.txt", "x" * 500 + "1" + "y" * 500, {"dr": "x" * 500 + "2" + "y" * 500},
        f"a.txt:1: says `…{'x' * 20}1{'y' * 59}…`, but `…{'x' * 20}2{'y' * 59}…` in `../dr/a.txt:1` [differs]",
        id="a long line is shown where it differs",
    ),
    pytest.param(
        "a.txt", "see https://me:pw1@host/", {"dr": "see https://me:pw2@host/"},
        "a.txt:1: says what is not shown here, but something else in `../dr/a.txt:1` [differs]",
        id="the difference is in what is never shown",
    ),
    pytest.param(
        "a.txt", "https://h/?x=1", {"dr": "https://i/?x=2"},
        "a.txt:1: says `https://h/?****`, but `https://i/?****` in `../dr/a.txt:1` [differs]",
        id="a query is not shown",
    ),
    pytest.param(
        "a.yml", "secrets:\n- name: a\n  is: hunter1\n", {"dr": "secrets:\n- name: a\n  is: hunter2\n"},
        "a.yml:3: says what is not shown here, but something else in `../dr/a.yml:3` [differs]",
        id="no line of a file that names secrets",
    ),
    pytest.param(
        ".env", "DB=hunter1", {"dr": ""}, ".env:1: says what is not shown here, but nothing more in `../dr/.env:1` [differs]",
        id="no line of .env",
    ),
    pytest.param(
        "p.toml:tool.ruff", RUFF, {"dr": RUFF.replace("100", "88").replace("'B'", "'C'"), "x": "a=1\n" + RUFF.replace("'B'", "'C'")},
        "p.toml:2: `tool.ruff.line-length` is `100`, but `88` in `../dr/p.toml:2`; `../x/p.toml:4` differs, too [differs]",
        id="the first difference of a table",
    ),
    pytest.param(
        "p.toml:tool.ruff.lint", RUFF, {"dr": RUFF.replace(", 'B'", "")},
        'p.toml:3: `tool.ruff.lint.select[1]` is `"B"`, but not set in `../dr/p.toml:3` [differs]',
        id="a longer list",
    ),
    pytest.param(
        "p.toml:tool.ruff", RUFF, {"dr": RUFF + "fix = true\n"},
        "p.toml:1: `tool.ruff.fix` is not set, but `true` in `../dr/p.toml:4` [differs]",
        id="a key that is only there",
    ),
    pytest.param(
        "p.toml:tool.ruff", RUFF + "fix = true\n", {"dr": RUFF},
        "p.toml:4: `tool.ruff.fix` is `true`, but not set in `../dr/p.toml:1` [differs]",
        id="a key that is only here",
    ),
    pytest.param(
        "a.yaml:a", "a: {b: 1, c: 2}", {"dr": "a: {b: 0, c: 2}", "x": "a: {b: 1, c: 0}"},
        "a.yaml:1: `a.b` is `1`, but `0` in `../dr/a.yaml:1`; `../x/a.yaml:1` differs, too [differs]",
        id="two differences in one line",
    ),
    pytest.param(
        "a.txt", "x", {"dr": "y\npassword"},
        "a.txt:1: says what is not shown here, but something else in `../dr/a.txt:1` [differs]",
        id="a file that names secrets only there",
    ),
    pytest.param(
        "a.yaml:a", "a: x", {"dr": "a: --token=y"},
        "a.yaml:1: `a` is what is not shown here, but something else in `../dr/a.yaml:1` [differs]",
        id="a value with a secret only there",
    ),
    pytest.param(
        "a.json:a", '{\n"a": {}}', {"dr": '{"a":\n[]}', "x": '{"a": "1"}'},
        'a.json:2: `a` is `{…}`, but `[…]` in `../dr/a.json:2`, `"1"` in `../x/a.json:1` [differs]',
        id="values of other kinds",
    ),
    pytest.param(
        "a.yaml:a.b", "a:\n  b: 1\n", {"dr": "a: {b: '1'}\n"}, 'a.yaml:2: `a.b` is `1`, but `"1"` in `../dr/a.yaml:1` [differs]',
        id="a number and its text",
    ),
    pytest.param(
        "a.yaml:a", "a: yes\n", {"dr": "a: 1\n"}, "a.yaml:1: `a` is `true`, but `1` in `../dr/a.yaml:1` [differs]", id="yes and one",
    ),
    pytest.param(
        "a.yaml:a", "a: !env x\n", {"dr": "a: x\n"}, 'a.yaml:1: `a` is `"!env x"`, but `"x"` in `../dr/a.yaml:1` [differs]',
        id="a tag",
    ),
    pytest.param(
        "a.toml:a", "a = 2020-01-01", {"dr": "a = 2020-01-02"},
        'a.toml:1: `a` is `"2020-01-01"`, but `"2020-01-02"` in `../dr/a.toml:1` [differs]',
        id="dates",
    ),
    pytest.param(
        'a.toml:"a.b"', '"a.b".c = 1', {"dr": '"a.b".c = 2'}, 'a.toml:1: `"a.b".c` is `1`, but `2` in `../dr/a.toml:1` [differs]',
        id="a key with a dot",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "own", "siblings", "expected"), TOLD)
def test_told(asked: str, own: Content, siblings: Mapping[str, Content], expected: str) -> None:
    assert told(asked, own, siblings) == [expected]


@pytest.mark.parametrize(
    ("asked", "own"),
    [
        ("a.yaml:a", "a: {api_key: hunter1}"),
        ("a.yaml:a", "a: {KEYS: [hunter1]}"),
        ("a.yaml:a", "a: {Secrets: {db: {name: hunter1}}}"),
        ("a.yaml:token", "token: hunter1"),
        ("a.yaml:password.x", "password: {x: hunter1}"),
        ("a.yaml:a", "a: [--token=hunter1]"),
        ("a.yaml:a", "a: 'Password: hunter1'"),
        ("secrets.yaml:a", "a: hunter1"),
        ("a.yaml:a", "a: https://hunter1@h/"),
        ("a.yaml:a", "a: https://h/?sig=hunter1"),
        ("a.yaml", "a: https://h/?sig=hunter1"),
        ("a.ini", "[passwords]\nx = y\ndb = hunter1"),
        ("id_rsa.key", "hunter1"),
    ],
)
def test_a_secret_is_not_shown(asked: str, own: str) -> None:
    theirs = own.replace("hunter1", "sesame2")
    [said] = told(asked, own, {"dr": theirs})
    [gone] = told(asked, own, {"dr": own.replace("hunter1", "")})
    assert "[differs]" in said
    assert "what is not shown here, but something else in `../dr/" in said
    assert all(word not in said + gone for word in ["hunter", "sesame"])


EVERYWHERE = [
    pytest.param("a.txt", "a", {"dr": MISSING}, [], id="not there is told there"),
    pytest.param("a.txt", MISSING, {"x": MISSING, "dr": "a"}, ["a.txt: is missing, but `../dr/a.txt` is there [missing-file]"], id="a file"),
    pytest.param("a.txt", MISSING, {}, ["a.txt: is missing [missing-file]"], id="a file that nobody has"),
    pytest.param("a.toml:a.b", "a.b = 1", {"dr": "a.b = 1"}, [], id="a key that is here"),
    pytest.param("a.toml:a.b", "a = 1", {"dr": "\na.b = 1"}, ["a.toml: has no `a.b`, but `../dr/a.toml:2` has [missing-file]"], id="a key"),
    pytest.param("a.toml:a.b", "a = 1", {"dr": "a = 1"}, ["a.toml: has no `a.b` [missing-file]"], id="a key that nobody has"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "own", "siblings", "expected"), EVERYWHERE)
def test_everywhere(
    asked: str, own: Content, siblings: Mapping[str, Content], expected: list[str]
) -> None:
    assert told(asked, own, siblings, everywhere=True) == expected


NOTED = [
    pytest.param(
        ".pythn-version", MISSING, {"dr": MISSING},
        "`.pythn-version` was not compared: no project of the family has it",
        id="a file that nobody has",
    ),
    pytest.param(
        "a.toml:rufff", "a = 1", {"dr": "a = 2"}, "`rufff` of `a.toml` was not compared: no project of the family has it",
        id="a key that nobody has",
    ),
    pytest.param("a.txt", "a", {"dr": Unreadable("is a directory")}, "`../dr/a.txt` is a directory: it was not compared", id="a folder"),
    pytest.param(
        "a.toml:a", "a = 1", {"dr": Unreadable("is a directory")}, "`../dr/a.toml` is a directory: it was not compared",
        id="a folder, with a key",
    ),
    pytest.param("a.toml:a", "a = 1", {"dr": "\na ="}, "`../dr/a.toml:2` is no valid TOML: it was not compared", id="no TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "own", "siblings", "expected"), NOTED)
def test_noted(asked: str, own: Content, siblings: Mapping[str, Content], expected: str) -> None:
    assert told(asked, own, siblings) == [f"note: {expected}"]


BAD = [
    pytest.param("a.txt", Unreadable("is a directory"), "a.txt: is a directory", id="a folder"),
    pytest.param("a.toml:a", Unreadable("is a directory"), "a.toml: is a directory", id="a folder, with a key"),
    pytest.param("a.toml:a", "a = 1\na = 2", "a.toml:2: is no valid TOML", id="a key twice in TOML"),
    pytest.param("a.toml:a", "a = " + "9" * 5000, "a.toml: is no valid TOML", id="a number of too many digits in TOML"),
    pytest.param("a.toml:a", "a = " + "[" * 3000 + "]" * 3000, "a.toml: is nested too deeply to be read", id="deep TOML"),
    pytest.param("a.toml:a", "a = " + "[" * 150 + "]" * 150, "a.toml: is nested too deeply to be read", id="rather deep TOML"),
    pytest.param("a.json:a", '{"a":\n1', "a.json:2: is no valid JSON", id="no JSON"),
    pytest.param("a.json:a", '{"a": 1, "a": 2}', "a.json: has the same key twice", id="a key twice in JSON"),
    pytest.param("a.json:a", "9" * 5000, "a.json: is no JSON that can be read: a number in it has too many digits", id="a number"),
    pytest.param("a.json:a", "[" * 100_000, "a.json: is nested too deeply to be read", id="deep JSON"),
    pytest.param("a.yaml:a", "a: 1\na: 2", "a.yaml:2: has the same key twice", id="a key twice in YAML"),
    pytest.param("a.yaml:a", "? [a]\n: 1", "a.yaml:1: has a key that is no text", id="a list for a key"),
    pytest.param("a.yaml:a", "a: 1\n--- \nb: 2", "a.yaml:2: is no valid YAML", id="two documents"),
    pytest.param("a.yaml:a", "a: *b", "a.yaml:1: is no valid YAML", id="an alias for nothing"),
    pytest.param("a.toml:a", b"\na = '\xe9'", "a.toml:2: is not UTF-8", id="another encoding"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "own", "expected"), BAD)
def test_a_file_that_cannot_be_read(asked: str, own: Content, expected: str) -> None:
    assert told(asked, own, {"dr": "{}"}) == [f"{expected} [bad-configuration]"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.txt", Same("a.txt", ())),
        ("./sub//a.txt", Same("sub/a.txt", ())),
        ("a.toml:b", Same("a.toml", ("b",))),
        ("a.JSON:b.c-d.e_f.0", Same("a.JSON", ("b", "c-d", "e_f", "0"))),
        ("a.yml:'x.y'.\"z:\"", Same("a.yml", ("x.y", "z:"))),
        ("a.yaml:b c", Same("a.yaml", ("b c",))),
        *(
            (text, f"`{text}` is no FILE and no FILE:KEY.KEY")
            for text in ["", " ", ":a", "a.toml:", "a.toml:.", "a.toml:a.", "a.toml:.a", "a.toml:a..b", "a.toml:'a'b", "a.toml:'a"]
        ),
        ("ruff.cfg:a", "`ruff.cfg` has no keys that can be read: only TOML, YAML and JSON have"),
        ("Makefile:a", "`Makefile` has no keys that can be read: only TOML, YAML and JSON have"),
        *((text, f"`{text}` is no file inside each project") for text in ["/etc/x", "../x", "a/../../x", "..", ".", "./"]),
    ],
)  # fmt: skip
def test_what_same_asks_for(text: str, expected: Same | str) -> None:
    assert parse_same(text) == expected
