"""How many examples hypothesis tries: few and always the same, or, in `make fuzz`, many new ones."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"

settings.register_profile(
    "short",
    derandomize=True,
    deadline=None,  # a slow machine is no defect
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile(
    "long", settings.get_profile("short"), derandomize=False, max_examples=10_000
)
settings.load_profile("long" if IS_LONG else "short")


def examples(few: int) -> settings:
    """For a test that needs another number of examples than hypothesis' 100."""
    return settings(max_examples=few * 50 if IS_LONG else few)
