"""Version specifiers (PEP 440): what most of them say can be told by numbers alone.

packaging decides all that needs more, and whatever has to do with several at once. To import it
takes a third of the time that check-requirements-sync has, and a passing run seldom needs it."""

from __future__ import annotations

import functools
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from packaging.specifiers import SpecifierSet


_NUMBERS = r"[0-9]{1,9}(?:\.[0-9]{1,9})*"


_SUFFIX = (
    r"(?:[._-]?(?:alpha|a|beta|b|preview|pre|c|rc)[._-]?[0-9]{0,9})?"
    r"(?:-[0-9]{1,9}|[._-]?(?:post|rev|r)[._-]?[0-9]{0,9})?"
    r"(?:[._-]?dev[._-]?[0-9]{0,9})?"
)


_VERSION = re.compile(rf"({_NUMBERS})({_SUFFIX})")


_OPERATOR = r"<=|>=|<|>|[!=]=(?!=)|~=(?= *[0-9]+\.[0-9])"


_SPECIFIER = re.compile(rf"({_OPERATOR}) *({_NUMBERS})({_SUFFIX}|\.\*)")


Release = tuple[int, ...]


# More than Python may turn into an `int` (`sys.set_int_max_str_digits` takes no less): packaging
# fails with them late and in many places.
_TOO_MANY_DIGITS = re.compile(r"[0-9]{641}")


_MOST_COMPARED = 500


class Specifiers(str):
    """`>=1,<2`, as text; raises ValueError for what is no such thing."""

    __slots__ = ()

    def __new__(cls, text: str = "") -> Specifiers:
        if plain_specifiers(text) is None:
            if _TOO_MANY_DIGITS.search(text):
                raise ValueError("a number with too many digits")
            _parsed(text)
        return super().__new__(cls, text)

    @property
    def parsed(self) -> SpecifierSet:
        return _parsed(self)

    def allow(self, version: str) -> bool:
        """Whether this version, which is installed, will do: a pre-release may (PEP 440)."""
        plainly = plainly_allow(self, version)
        if plainly is not None:
            return plainly
        try:
            return self.parsed.contains(version, prereleases=True)
        except ValueError:  # a number of more digits than Python reads (4,300)
            return False


def exclude_each_other(several: Iterable[Specifiers]) -> bool:
    """No version is right for all of them."""
    specifiers = together(several)
    # To find that out takes quadratic time.
    return len(specifiers) <= _MOST_COMPARED and specifiers.is_unsatisfiable()


def together(several: Iterable[Specifiers]) -> SpecifierSet:
    """All of them at once: for what can be said of no single version."""
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(specifier for each in several for specifier in each.parsed)


def plainly_allow(specifiers: str, version: str) -> bool | None:
    """What `SpecifierSet.contains` says, pre-releases allowed; None where it has to be asked."""
    plain, found = plain_specifiers(specifiers), _VERSION.fullmatch(version)
    if plain is None or found is None:
        return None
    release, suffix = _release(found[1]), found[2]
    answers = [_allows(*each, release, suffix) for each in plain]
    return False if False in answers else None if None in answers else True


def _allows(
    operator: str, wanted: Release, wanted_suffix: str, release: Release, suffix: str
) -> bool | None:
    if wanted_suffix == ".*" or operator == "~=":
        prefix = wanted if wanted_suffix == ".*" else wanted[:-1]
        is_inside = (release + (0,) * len(prefix))[: len(prefix)] == prefix
        if operator != "~=":
            return is_inside is (operator == "==")
        if not is_inside:
            return False
    wanted, release = _trimmed(wanted), _trimmed(release)
    if release != wanted:  # then it does not matter what follows: `1.1.dev0` is above `1.0.post9`
        is_above = release > wanted
        return {"==": False, "!=": True, "<": not is_above, "<=": not is_above}.get(
            operator, is_above
        )
    if _short(suffix) == _short(wanted_suffix):
        return operator in {"==", "<=", ">=", "~="}
    return None


@functools.cache  # hundreds of distributions, but few texts
def plain_specifiers(text: str) -> tuple[tuple[str, Release, str], ...] | None:
    """The operator, the numbers and what follows these; None where packaging has to parse them."""
    plain = []
    for each in text.split(",") if text else ():
        found = _SPECIFIER.fullmatch(each.strip(" "))
        if found is None or (found[3] == ".*" and found[1] not in {"==", "!="}):
            return None
        plain.append((found[1], _release(found[2]), found[3]))
    return tuple(plain)


def _short(suffix: str) -> str:
    """`.beta_2` is `b2` (PEP 440)."""
    return re.sub("[._]", "", suffix).replace("alpha", "a").replace("beta", "b")


@functools.cache
def _parsed(text: str) -> SpecifierSet:
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(str(text))


def _release(numbers: str) -> Release:
    return tuple(map(int, numbers.split(".")))


def _trimmed(release: Release) -> Release:
    """`1.0` is `1` (PEP 440)."""
    while len(release) > 1 and release[-1] == 0:
        release = release[:-1]
    return release
