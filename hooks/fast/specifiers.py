"""Version specifiers (PEP 440): what most of them say can be told by numbers alone.

packaging decides all that needs more, and whatever has to do with several at once. To import it
takes a third of the time that check-requirements-sync has, and a passing run seldom needs it."""

from __future__ import annotations

import functools
import operator
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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


_COMPARED: dict[str, Callable[[Release, Release], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


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


@functools.cache  # distributions want much the same of each other
def plainly_allow(specifiers: str, version: str) -> bool | None:
    """What `SpecifierSet.contains` says, pre-releases allowed; None where it has to be asked."""
    plain, found = plain_specifiers(specifiers), _plain_version(version)
    if plain is None or found is None:
        return None
    answers = [_allows(*each, *found) for each in plain]
    return False if False in answers else None if None in answers else True


def _allows(
    compared: str, wanted: Release, wanted_suffix: str, release: Release, suffix: str
) -> bool | None:
    if wanted_suffix == ".*":
        is_inside = (release + (0,) * len(wanted))[: len(wanted)] == wanted
        return is_inside is (compared == "==")
    # Where the numbers differ, what follows does not matter: `1.1.dev0` is above `1.0.post9`.
    if release == wanted and suffix != wanted_suffix:
        return None
    return _COMPARED[compared](release, wanted)


@functools.cache  # hundreds of distributions, but few texts
def plain_specifiers(text: str) -> tuple[tuple[str, Release, str], ...] | None:
    """The operator, the numbers and what follows these; None where packaging has to parse them."""
    plain = []
    for each in text.split(",") if text else ():
        found = _SPECIFIER.fullmatch(each.strip(" "))
        if found is None or (found[3] == ".*" and found[1] not in {"==", "!="}):
            return None
        compared, release, suffix = found[1], _release(found[2]), _short(found[3])
        if compared == "~=":  # `~=1.2.3` is `>=1.2.3,==1.2.*` (PEP 440)
            plain.append(("==", release[:-1], ".*"))
            compared = ">="
        plain.append((compared, release if suffix == ".*" else _trimmed(release), suffix))
    return tuple(plain)


@functools.cache
def _plain_version(text: str) -> tuple[Release, str] | None:
    found = _VERSION.fullmatch(text)
    return found and (_trimmed(_release(found[1])), _short(found[2]))


def _short(suffix: str) -> str:
    """`.beta_2` is `b2` (PEP 440)."""
    if suffix in {"", ".*"}:
        return suffix
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
