"""What the cases here are examples of: a name per kind, and the issue that a kind waits for.

A kind that is right is taken out of the table, and its tests have to pass from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import pytest

ADVICE = "Advice that an expert would give"
ONE_HOOK = "check-shared-venv: one hook, one cause told once; and git never breaks"
FORMS = "Every form of environment and of link"
NOT_READ = "What is not read never counts as satisfied"

WAITS_FOR = {
    "a passing error is no damage": ADVICE,
    "the Python that the venv had": ADVICE,
    "not for you is not missing": FORMS,
    "a requirement comes from where it is asked from": ADVICE,
    "what came from elsewhere is told": NOT_READ,
    "a command that cannot work": FORMS,
    "a lib64 of its own": FORMS,
    "a whole environment in git": FORMS,
    "an environment by any mark": FORMS,
    "one answer for conda": FORMS,
    "what is not read is told": NOT_READ,
    "a finding can be ignored": ONE_HOOK,
    "a decision that is written down": NOT_READ,
}

Test = TypeVar("Test", bound=Callable[..., None])


def kind(name: str) -> Callable[[Test], Test]:
    """Decorates the tests of this kind; the ones that wait for an issue may fail until then."""
    subject = WAITS_FOR.get(name)

    def decorate(test: Test) -> Test:
        if subject is None:
            return test
        mark = pytest.mark.xfail(strict=False, reason=f"{name}; waits for: {subject}")
        return cast(Test, mark(test))

    return decorate
