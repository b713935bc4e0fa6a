"""Commands measured side by side: one after the other, round by round, so that all share the noise.

What is told is the middle of many runs (the median).
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple


class Command(NamedTuple):
    name: str
    words: Sequence[str]
    directory: str
    is_silent: bool = False
    """A hook: what it prints but for notes would be a finding, and that is not the passing path."""


class Cost(NamedTuple):
    rounds: Sequence[float]
    """The seconds of each run."""
    mebibytes: float

    @property
    def seconds(self) -> float:
        return median(self.rounds)

    def above(self, other: Cost) -> float:
        """The seconds that it takes longer, round by round as well."""
        return median(own - its for own, its in zip(self.rounds, other.rounds, strict=True))

    def ratio(self, other: Cost) -> float:
        """Round by round: what disturbs one of them disturbs the other."""
        return median(own / its for own, its in zip(self.rounds, other.rounds, strict=True))


def measure(commands: Sequence[Command], environ: Mapping[str, str], runs: int) -> dict[str, Cost]:
    """The cost of each command, by its name. Each is run once before, to be seen to succeed."""
    memory = {command.name: _succeed(command, environ) for command in commands}
    seconds: dict[str, list[float]] = {command.name: [] for command in commands}
    for _ in range(runs):
        for command in commands:
            seconds[command.name].append(_run(command, environ))
    return {name: Cost(rounds, memory[name]) for name, rounds in seconds.items()}


# A process begins with the memory of the one that started it, so a small one has to.
_STARTER = """
import os, sys
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(process, 0)
sys.stderr.write(f"\\n{usage.ru_maxrss}")
sys.exit(os.waitstatus_to_exitcode(status))
"""


def _succeed(command: Command, environ: Mapping[str, str]) -> float:
    """The most memory that the command, or a child that it waits for, takes: in MiB."""
    words = [sys.executable, "-I", "-S", "-c", _STARTER, *command.words]
    result = subprocess.run(
        words, cwd=command.directory, env=environ, capture_output=True, text=True
    )
    found = [line for line in result.stdout.splitlines() if not line.startswith("note: ")]
    if result.returncode != 0 or (command.is_silent and found):
        sys.exit(f"{command.name} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
    most = int(result.stderr.rpartition("\n")[2])
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)  # bytes there, else KiB


def _run(command: Command, environ: Mapping[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(
        command.words,
        cwd=command.directory,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - start
