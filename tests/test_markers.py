"""Markers told by their text: the same answers as packaging's, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import InvalidMarker, Marker

from hooks.fast.markers import plain_marker, plainly_holds
from tests.fuzzing import examples

VARIABLES = {
    "extra": "test-all",
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.11.7",
    "python_version": "3.11",
    "sys_platform": "linux",
}

TOLD = {
    "a version": ('python_version >= "3.9"', True),
    "numbers, not text": ("python_version<'3.9'", False),
    "a prefix": ('python_version == "3.*"', True),
    "a word": ('sys_platform != "win32"', True),
    "an extra, by its normalised name": ('extra == "Test_All"', True),
    "another extra": ('extra == "docs"', False),
    "`and` binds more tightly": (
        'os_name == "nt" and os_name == "nt" or os_name == "posix"',
        True,
    ),
    "brackets": ('os_name == "nt" and (os_name == "nt" or os_name == "posix")', False),
    "brackets in brackets": ('((os_name == "posix") and (sys_platform == "linux"))', True),
    "no spaces": ('(os_name=="posix")and python_version>"3"or os_name=="nt"', True),
}

LEFT_TO_PACKAGING = {
    "a text in another": 'platform_machine in "x86_64 arm64"',
    "the literal first": '"3.9" <= python_version',
    "an order of words": 'sys_platform > "a"',
    "a version that is none": 'python_version >= "three"',
    "a variable that is seldom": 'platform_release >= "5"',
    "longer than anybody writes": " or ".join(['os_name == "nt"'] * 100),
}


@pytest.mark.parametrize(("text", "expected"), TOLD.values(), ids=TOLD)
def test_what_the_text_tells(text: str, expected: bool) -> None:
    assert plainly_holds(text, VARIABLES) is expected
    assert Marker(text).evaluate(VARIABLES) is expected


@pytest.mark.parametrize("text", LEFT_TO_PACKAGING.values(), ids=LEFT_TO_PACKAGING)
def test_what_it_does_not_tell(text: str) -> None:
    Marker(text)
    assert plainly_holds(text, VARIABLES) is None


def test_a_variable_that_is_not_known() -> None:
    assert plainly_holds('os_name == "nt"', {}) is None


INVALID = ["", "()", "os_name", 'os_name == "nt" and', '(os_name == "nt"', 'os_name == "nt")']


@pytest.mark.parametrize("text", [*INVALID, "\1", "\1 and \1", 'os_name == "nt"\n', "T"])
def test_no_marker(text: str) -> None:
    assert plainly_holds(text, VARIABLES) is None
    assert plain_marker(text) is None


@pytest.mark.parametrize(
    "text", ["os_name=='nt'", '( os_name=="a"  or python_version<"3")and os_name == "nt"']
)
def test_the_spelling_of_packaging(text: str) -> None:
    assert plain_marker(text) == str(Marker(text))
    assert plain_marker(f"{text} and extra == 'x'") is None


COMPARISONS = st.sampled_from(
    [
        *('python_version >= "3.8"', "python_version<'3'", 'python_version == "3.11.*"'),
        *('sys_platform == "linux"', 'os_name!="posix"', 'extra == "Test_all"', 'extra!="x"'),
        *('python_full_version < "3.11.5"', 'platform_machine in "x86"', '"a" == os_name'),
        *("os_name", "T", "F"),
    ]
)
MARKERS = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        st.builds("{}{}{}".format, inner, st.sampled_from([" and ", " or ", "and", "or "]), inner),
        inner.map("({})".format),
        inner.map("( {}".format),
    ),
    max_leaves=5,
)


@examples(1000)
@given(MARKERS)
def test_the_text_tells_what_packaging_tells(text: str) -> None:
    try:
        expected = Marker(text).evaluate(VARIABLES)
    except InvalidMarker:
        assert plainly_holds(text, VARIABLES) is None
        assert plain_marker(text) is None
    else:
        assert plainly_holds(text, VARIABLES) in {expected, None}
        assert Marker(plain_marker(text) or text).evaluate(VARIABLES) is expected
