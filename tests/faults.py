"""Errors of the system that no ordinary machine can be made to have: of one path, as the system."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest


def failing(monkeypatch: pytest.MonkeyPatch, path: str, number: int, *calls: str) -> None:
    """Let these calls of `os` fail for what ends with this path."""

    def wrap(call: Callable[..., object]) -> Callable[..., object]:
        def wrapped(first: object, *more: object, **named: object) -> object:
            if isinstance(first, str) and first.endswith(path):
                raise OSError(number, os.strerror(number), first)
            return call(first, *more, **named)

        return wrapped

    for name in calls:
        monkeypatch.setattr(os, name, wrap(getattr(os, name)))
