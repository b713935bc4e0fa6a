"""What is not there yet: rows that fail, and the subject of the issue that will make them pass.

A test is named as pytest prints it, without the file; a name without brackets stands for all of its
cases. Run with `--runxfail` to see what each row still lacks. What passes leaves this table.
"""

from __future__ import annotations

ADVICE = "Advice that an expert would give"
ONE_HOOK = "check-shared-venv: one hook, one cause told once; and git never breaks"
STATUS = "shared-venv-status: the family on one screen"

WAITING: dict[str, str] = {}


def waits_for(test: str) -> str | None:
    """The subject of the issue that this test waits for."""
    return WAITING.get(test) or WAITING.get(test.partition("[")[0])
