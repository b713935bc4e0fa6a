"""Version specifiers told by their numbers: the same answers as packaging's, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from hooks.fast.requirements import plain_requirement
from hooks.fast.specifiers import Specifiers, plain_specifiers, plainly_allow, together
from tests.fuzzing import examples

TOLD = {
    "the pinned one": ("==1.2.3", "1.2.3", True),
    "another one": ("==1.2.3", "1.2.4", False),
    "zeros at the end": ("==1.2", "1.2.0", True),
    "zeros at the end, the other way round": ("<=1.0.0", "1", True),
    "numbers, not text": (">=1.9", "1.10", True),
    "all of several": (">=1, <2,!=1.5", "1.4", True),
    "not all of several": (">=1, <2,!=1.5", "1.5.0", False),
    "any": ("", "1.2", True),
    "a prefix": ("==3.11.*", "3.11.7", True),
    "a prefix with too few numbers": ("==3.11.*", "3", False),
    "a prefix of zeros": ("==3.0.*", "3", True),
    "no such prefix": ("!=3.11.*", "3.110", True),
    "compatible": ("~=1.4.2", "1.4.10", True),
    "compatible, but older": ("~=1.4.2", "1.4.1", False),
    "compatible, but too new": ("~=1.4.2", "1.5", False),
    "a pre-release is installed": (">=1.0", "2.0rc1", True),
    "a post-release of a lower one is needed": (">1.0.post3", "1.1.dev0", True),
    "the same post-release": (">=2.9.post0", "2.9.0.post0", True),
    "another spelling of it": (">=1.0.0.beta2", "1.0.0b2", True),
    "not above itself": (">1.0rc1", "1.0rc1", False),
}

LEFT_TO_PACKAGING = {
    "a pre-release of the very version": ("<2.0", "2.0rc1"),
    "a post-release of the very version": (">2.0", "2.0.post1"),
    "a local version": ("==2.0", "2.0+cu118"),
    "an epoch": (">=1", "1!2"),
    "an arbitrary version": ("===1", "1"),
    "no version": (">=1", "unknown"),
    "a very long number": (">=1", "20240101123456"),
}


@pytest.mark.parametrize(("text", "version", "expected"), TOLD.values(), ids=TOLD)
def test_what_the_numbers_tell(text: str, version: str, expected: bool) -> None:
    assert plainly_allow(text, version) is expected
    assert SpecifierSet(text).contains(version, prereleases=True) is expected


@pytest.mark.parametrize(("text", "version"), LEFT_TO_PACKAGING.values(), ids=LEFT_TO_PACKAGING)
def test_what_they_do_not_tell(text: str, version: str) -> None:
    assert plainly_allow(text, version) is None
    expected = SpecifierSet(text).contains(version, prereleases=True)
    assert Specifiers(text).allow(version) is expected


@pytest.mark.parametrize("text", ["1.0", "=1", "~=1", ">=1.*", "~=1.0.*", "==a", ">1 <2", "=>1"])
def test_no_specifiers(text: str) -> None:
    with pytest.raises(InvalidSpecifier):
        Specifiers(text)


def test_several_together() -> None:
    assert together([Specifiers(">=1"), Specifiers("<1")]).is_unsatisfiable()
    assert not together([Specifiers(">=1"), Specifiers("<2,>1")]).is_unsatisfiable()


NUMBERS = st.sampled_from("0 1 1.0 1.0.0 1.1 1.2.3 2 2.0.1 1.10 3.11 3.11.7 2024.1.1".split())
SUFFIXES = st.sampled_from(
    [
        *[""] * 9,
        *("a1 b2 rc1 .post0 .post1 .dev0 rc1.dev2 a1.post2 -1 .beta2 _rc_1 .rev4 post".split()),
        *("dev alpha.1-dev2 preview c1 a1-2 a12".split()),
    ]
)
VERSIONS = st.builds("{}{}".format, NUMBERS, SUFFIXES)
OPERATORS = st.sampled_from(["==", "!=", "<", ">", "<=", ">=", "~=", "===", "="])
SPECIFIERS = st.builds(
    "{}{}{}{}".format,
    OPERATORS,
    st.sampled_from(["", " "]),
    NUMBERS,
    st.one_of(SUFFIXES, st.just(".*"), st.just("+local")),
)


@examples(2000)
@given(st.lists(SPECIFIERS, max_size=3).map(",".join), VERSIONS)
def test_the_numbers_tell_what_packaging_tells(text: str, version: str) -> None:
    try:
        expected = SpecifierSet(text).contains(version, prereleases=True)
    except InvalidSpecifier:
        assert plain_specifiers(text) is None
    else:
        assert plainly_allow(text, version) in {expected, None}
        assert Specifiers(text).allow(version) is expected


def test_a_number_of_more_digits_than_python_reads() -> None:
    version = "9" * 5000
    with pytest.raises(ValueError, match="4300"):
        SpecifierSet(">=1").contains(version)
    assert not Specifiers(">=1").allow(version)


PLAIN = [
    ("a", ("a", set(), "")),
    ("A_b.c [X_y, z] >=1,<2", ("a-b-c", {"x-y", "z"}, ">=1,<2")),
    ("a(>=1)", ("a", set(), ">=1")),
    ("a [x] (>=1, <2) ", ("a", {"x"}, ">=1, <2")),
    ("a ()", ("a", set(), "")),
]
NOT_PLAIN = [
    "",
    "-a",
    "a-",
    "a b",
    "a[",
    "a[]",
    "a[x",
    "a>=",
    "a===1",
    "a (>=1",
    "a @ ./x",
    "a>=1 b",
]


@pytest.mark.parametrize(("text", "expected"), PLAIN)
def test_plain_requirements(text: str, expected: tuple[object, ...]) -> None:
    plain = plain_requirement(text)
    assert plain is not None
    assert tuple(plain) == expected


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_what_packaging_has_to_parse(text: str) -> None:
    assert plain_requirement(text) is None
