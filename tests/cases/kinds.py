"""What the cases here are examples of: a name per kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import pytest

Test = TypeVar("Test", bound=Callable[..., None])


def kind(name: str) -> Callable[[Test], Test]:
    """Decorates the tests of this kind: `pytest -m 'kind(name="one answer for conda")'`."""
    return cast(Callable[[Test], Test], pytest.mark.kind(name=name))
