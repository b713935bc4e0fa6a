"""Each value is found where it stands: in these texts every scalar says its own keys."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hooks.value_files import parse_values
from hooks.value_places import json_places, toml_places
from hooks.values import Document, Value

Keys = tuple[str | int, ...]

TOML = [
    pytest.param('a = "a"\nb = \'b\'\n', id="plain"),
    pytest.param('# a = 1\na = "a" # b = 2\nb="b"', id="comments"),
    pytest.param('[t]\na = "t.a"\n[t.u]\nb = "t.u.b"\n["v.w"]\nc = "v.w.c"\n', id="tables"),
    pytest.param('[ t . "u" ]\nb . c = "t.u.b.c"\nb.\'d\' = "t.u.b.d"\n', id="dotted keys"),
    pytest.param('[[t]]\na = "t.0.a"\n[[t]]\na = "t.1.a"\n[t.u]\nb = "t.1.u.b"\n', id="arrays of tables"),
    pytest.param('[[t]]\n[[t.u]]\na = "t.0.u.0.a"\n[[t]]\n[[t.u]]\n[[t.u]]\na = "t.1.u.1.a"\n', id="nested arrays of tables"),
    pytest.param('a = ["a.0", \'a.1\',\n # "no"\n"a.2", ]\nb = "b"\n', id="an array over lines"),
    pytest.param('a = [["a.0.0"], [], ["a.2.0"]]\nb = "b"\n', id="arrays in arrays"),
    pytest.param('a = {b = "a.b", c.d = "a.c.d", e = ["a.e.0"], f = {}}\ng = "g"\n', id="inline tables"),
    pytest.param('a = [{b = "a.0.b"},\n{b = "a.1.b"}]\n', id="inline tables in an array"),
    pytest.param("a = '''\n[no]\nb = 1\n'''\n" + 'b = """\\"""\n[no]""""\nc = "c"\n', id="text over lines"),
    pytest.param("a = 1979-05-27 07:32:00\nb = 1.5e3\nc = [1.5, 07:32:00, true]\nd = \"d\"\n", id="dates and numbers"),
    pytest.param('"a\\u0062" = "ab"\n"" = ""\n\'"\' = "\\""\n', id="escaped keys"),
    pytest.param('a.b = "a.b"\r\n\r\n[c]\r\nd = "c.d"\r\n', id="other line breaks"),
    pytest.param('[[t]]\n\n[[t]]\na = ["t.1.a.0"]\n[u]\n  [u.v]\n  "w" = "u.v.w"', id="indented"),
]  # fmt: skip

JSON = [
    pytest.param('{"a": "a", "b": {"c": "b.c"}, "d": ["d.0", ["d.1.0"], {}, [], {"e": "d.3.e"}]}'.replace("d.3", "d.4"), id="one line"),
    pytest.param('{\n"a"\n:\n"a"\n,\n"b":\t[\n"b.0"\n]\n}', id="many lines"),
    pytest.param('{"a": -1.5e+3, "b": null, "c": "c"}', id="numbers"),
    pytest.param('{"a\\"b": "a\\"b", "#c": "#c", "[d": "[d", "": ""}', id="strings that look like more"),
    pytest.param('["0", {"a": "1.a"}]', id="a list"),
    pytest.param('""', id="one text"),
]  # fmt: skip


def leaves(value: object, keys: Keys = ()) -> Iterator[tuple[Keys, object]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, (*keys, key))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from leaves(each, (*keys, place))
    else:
        yield keys, value


def check(document: object, places: Mapping[Keys, int], text: str) -> None:
    for keys, value in leaves(document):
        behind = text[places[keys] :]
        assert behind[0] not in " =:,\n#"
        if isinstance(value, str) and not {*value} & {"\n", '"'}:
            assert value == ".".join(map(str, keys))
            assert behind[1:].startswith(value + behind[0])


@pytest.mark.parametrize("text", TOML)
def test_toml(text: str) -> None:
    check(tomllib.loads(text), toml_places(text), text)


@pytest.mark.parametrize("text", JSON)
def test_json(text: str) -> None:
    check(json.loads(text), json_places(text), text)


def test_a_table_is_where_its_header_is_or_its_first_key() -> None:
    text = "[a.b]\nc.d = 1\n[[e]]\n[e.f]\n"
    lines = {
        ".".join(map(str, keys)): text.count("\n", 0, at) + 1
        for keys, at in toml_places(text).items()
    }
    assert lines == {
        "": 1,
        "a": 1,
        "a.b": 1,
        "a.b.c": 2,
        "a.b.c.d": 2,
        "e": 3,
        "e.0": 3,
        "e.0.f": 4,
    }


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each),
)


@given(ANY, st.sampled_from([None, 1, "\t"]))
def test_any_json(document: object, indent: int | str | None) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    places = json_places(text)
    for keys, value in leaves(document):
        assert text[places[keys] :].startswith(json.dumps(value, ensure_ascii=False))


# YAML 1.1 does not read all JSON: not `1e16`, not two escapes for one character, no long keys.
PLAIN = st.text(st.characters(max_codepoint=0xD7FF), max_size=50)
BOTH = st.recursive(
    st.none() | st.booleans() | st.integers() | PLAIN,
    lambda each: st.lists(each) | st.dictionaries(PLAIN, each),
)


@given(BOTH)
def test_json_is_yaml_too(document: object) -> None:
    """What is there is the same in either, and at the same place."""
    content = json.dumps({"a": document}).encode()
    one, other = parse_values("a.json", content), parse_values("a.yaml", content)
    assert isinstance(one, Document)
    assert isinstance(other, Document)
    assert flat(one.root) == flat(other.root)


def flat(value: Value) -> object:
    plain = value.plain
    if isinstance(plain, dict):
        return {key: flat(each) for key, each in plain.items()}, value.at
    if isinstance(plain, list):
        return [flat(each) for each in plain], value.at
    return plain, value.at
