"""Build what is to be measured, measure it side by side, print the tables.

The first time takes some minutes and 1.3 GB below `.venv-bench`, which is kept: `make clean`
takes it away. Every further time the hooks are installed anew, as they are now.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.build import (
    CHECKOUT,
    TARGET,
    TOOLS,
    Workshop,
    build,
    lower_bounds,
    make_files,
    make_siblings,
    make_venv,
    pins,
)
from benchmarks.measure import Command, Cost, measure

AT_ONCE, FLOOR = "a script that returns at once", "the floor: parse the options, return"
LINK, FORBID, SYNC = "check-venv-symlink", "forbid-local-venv", "check-requirements-sync"
SHARED = "check-shared-venv"
MANY_FILES = "forbid-local-venv, 100,000 files"
FIND = "find -name pyvenv.cfg, 100,000 files"
UV_CHECK, UV_INSTALL = "uv pip check", "uv pip install --check -r"
UV_JSON = "uv pip install --check --output-format json -r"
RUNNERS = ("prek", "pre-commit")
CONFIGURATIONS = ("trivial-hook", "three-hooks", "shared-hook")
PIP_CHECK, PIP_SYNC, PIPDEPTREE = "pip check", "pip-sync -n", "pipdeptree -w fail"
MOST_MEMORY = 60  # MiB
MOST_GROWTH = 1.3

TARGETS = [
    (LINK, 1.25, FLOOR),
    (FORBID, 1.5, FLOOR),
    (MANY_FILES, 1.0, FIND),
    (SYNC, 0.20, PIP_CHECK),
    (SYNC, 0.15, PIP_SYNC),
    (SYNC, 1.3, PIPDEPTREE),
    (SYNC, 4.0, UV_CHECK),
    (SHARED, 1.12, SYNC),
]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="of each command; default: 15")
    parser.add_argument("--quick", action="store_true", help="five runs, and no growth")
    options = parser.parse_args()
    runs = 5 if options.quick else options.runs

    workshop = build(CHECKOUT / ".venv-bench")
    print_machine(workshop)
    with tempfile.TemporaryDirectory(dir=workshop.place) as folder:
        files = Path(folder) / "files"
        make_files(workshop, files, 100_000)
        costs = measure(commands(workshop, files), workshop.environ, runs)
    print_costs(costs)
    print_targets(costs)
    if not options.quick:
        print_growth(workshop, runs)


def commands(workshop: Workshop, files: Path) -> list[Command]:
    member, python = str(workshop.member), str(workshop.venv / "bin" / "python")
    tool = workshop.tool

    def hook(name: str, directory: Path, shown: str = "") -> Command:
        return Command(shown or name, [workshop.hook(name), TARGET], str(directory), is_silent=True)

    def runner(name: str, configuration: str) -> Command:
        path = str(workshop.place / f"{configuration}.yaml")
        words = [tool(name), "run", "--all-files", "--config", path]
        return Command(run_of(name, configuration), words, member)

    wanted = "requirements.txt"
    uv_check = [
        tool("uv"),
        "pip",
        "install",
        "--check",
        "--python",
        python,
        "--requirements",
        wanted,
    ]
    return [
        Command(AT_ONCE, [workshop.hook("at_once")], member),
        Command(FLOOR, [workshop.hook("parse_and_return"), TARGET], member),
        *(hook(name, workshop.member) for name in [LINK, FORBID, SYNC, SHARED]),
        Command(UV_CHECK, [tool("uv"), "pip", "check", "--python", python], member),
        Command(UV_INSTALL, uv_check, member),
        Command(UV_JSON, [*uv_check, "--output-format", "json"], member),
        Command(PIP_CHECK, [python, "-m", "pip", "check"], member),
        Command(PIP_SYNC, [tool("pip-sync"), "-n", "--python-executable", python, wanted], member),
        Command(PIPDEPTREE, [tool("pipdeptree"), "--python", python, "-w", "fail"], member),
        hook(FORBID, files, MANY_FILES),
        Command(FIND, ["find", ".", "-name", "pyvenv.cfg"], str(files)),
        *(runner(name, configuration) for name in RUNNERS for configuration in CONFIGURATIONS),
    ]


def run_of(runner: str, configuration: str) -> str:
    return f"{runner} run --all-files, {configuration.replace('-', ' ')}"


# -- growth ---------------------------------------------------------------------------------------


class Series(NamedTuple):
    """One command for growing sizes, the first of which is the start-up, to be taken off."""

    unit: str
    sizes: Sequence[int]
    commands: Sequence[Command]


def growing_distributions(workshop: Workshop, folder: Path) -> Series:
    """All are reached from the ten that are asked for."""
    sizes = [10, 100, 300, 1000, 2000]
    for size in sizes:
        make_venv(folder / str(size), size, needing=3)
        (folder / str(size) / "requirements.txt").write_text(pins(range(10)))
    return _series(workshop, "distribution", sizes, folder)


def growing_requirements(workshop: Workshop, folder: Path) -> Series:
    sizes = [0, 10, 1000, 5000]
    make_venv(folder / "0", sizes[-1])
    for size in sizes:
        (folder / str(size)).mkdir(exist_ok=True)
        (folder / str(size) / "requirements.txt").write_text(pins(range(size)))
        if size:
            (folder / str(size) / "venv").symlink_to("../0/venv")
    return _series(workshop, "requirement line", sizes, folder, ["--no-siblings"])


def growing_family(workshop: Workshop, folder: Path) -> Series:
    sizes = [0, 4, 50]
    for size in sizes:
        owner = folder / str(size) / "owner"
        make_venv(owner, 100)
        (owner / "requirements.txt").write_text(pins(range(50)) + lower_bounds(range(50, 100), 99))
        make_siblings(owner, size, 100)
    return _series(workshop, "sibling of 100 lines", sizes, folder, below="/owner")


def growing_files(workshop: Workshop, folder: Path) -> Series:
    sizes = [20, 1000, 10_000, 100_000, 500_000]
    for size in sizes:
        make_files(workshop, folder / str(size), size)
    return _series(workshop, "file", sizes, folder, hook=FORBID)


def _series(
    workshop: Workshop,
    unit: str,
    sizes: Sequence[int],
    folder: Path,
    options: Sequence[str] = (),
    *,
    hook: str = SYNC,
    below: str = "",
) -> Series:
    words = [workshop.hook(hook), *options]
    if hook == SYNC:
        words.append("--target=venv")
    return Series(
        unit,
        sizes,
        [
            Command(f"{hook}, {size:,} × {unit}", words, f"{folder}/{size}{below}", is_silent=True)
            for size in sizes
        ],
    )


GROWING = [growing_distributions, growing_requirements, growing_family, growing_files]


# -- what is printed ------------------------------------------------------------------------------


def print_machine(workshop: Workshop) -> None:
    """The machine and the versions; nothing that tells whose it is or where."""
    versions = workshop.run(workshop.tool("python"), "-m", "pip", "list", "--format", "freeze")
    lines = versions.replace("_", "-").split()
    shown = [line.replace("==", " ") for line in lines if line.split("==")[0] in TOOLS]
    packages = len(list(workshop.venv.glob("lib/python*/site-packages/*.dist-info")))
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}")
    print(f"{python}; {', '.join(shown)}")
    print(f"{packages} distributions in the shared venv, a family of four\n", flush=True)


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        text = ""
    found = re.search(r"model name\s*:\s*(.*)", text)
    return found[1] if found else platform.processor() or "unknown processor"


def print_costs(costs: Mapping[str, Cost]) -> None:
    floor = costs[FLOOR]
    rows = [
        (name, f"{cost.seconds * 1000:.0f}", f"{cost.ratio(floor):.2f}", f"{cost.mebibytes:.0f}")
        for name, cost in costs.items()
    ]
    _print_table(("", "ms", "× floor", "MiB"), rows)


def print_targets(costs: Mapping[str, Cost]) -> None:
    ratios = [
        (f"{name} / {other}", costs[name].ratio(costs[other]), most)
        for name, most, other in TARGETS
    ]
    rows = [(what, f"{ratio:.2f}", f"{most:.2f}") for what, ratio, most in ratios]
    three = sum(costs[name].seconds for name in [LINK, FORBID, SYNC])
    rows.append((f"{SHARED} / the three", f"{costs[SHARED].seconds / three:.2f}", "0.60"))
    for name in RUNNERS:
        trivial, apart, together = (costs[run_of(name, each)] for each in CONFIGURATIONS)
        ratio = together.above(trivial) / apart.above(trivial)
        rows.append((f"{SHARED} / the three, under {name}", f"{ratio:.2f}", "0.55"))
    hooks = [LINK, FORBID, SYNC, SHARED, MANY_FILES]
    most_memory = max(costs[name].mebibytes for name in hooks)
    rows.append(("peak memory of a hook, MiB", f"{most_memory:.0f}", f"{MOST_MEMORY}"))
    _print_table(("target", "measured", "at most"), rows)


def print_growth(workshop: Workshop, runs: int) -> None:
    """What one unit more costs: linear growth is the same figure all the way down."""
    rows = []
    for make in GROWING:
        with tempfile.TemporaryDirectory(dir=workshop.place) as folder:
            series = make(workshop, Path(folder))
            costs = list(measure(series.commands, workshop.environ, runs).values())
        start = costs[0]
        per_unit = [
            cost.above(start) / (size - series.sizes[0]) * 1e6
            for size, cost in zip(series.sizes[1:], costs[1:], strict=True)
        ]
        for size, cost, each in zip(series.sizes[1:], costs[1:], per_unit, strict=True):
            ratio = f"{each / per_unit[-2]:.2f}" if size == series.sizes[-1] else ""
            rows.append(
                (
                    f"{size:,} × {series.unit}",
                    f"{cost.seconds * 1000:.0f}",
                    f"{each:.1f}",
                    ratio,
                    f"{cost.mebibytes:.0f}",
                )
            )
    header = ("growth", "ms", "µs each", f"to the one before (at most {MOST_GROWTH})", "MiB")
    _print_table(header, rows)


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """As Markdown, so that it can go into the README as it is."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    line = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    for row in [header, line, *rows]:
        first, *others = zip(row, widths, strict=True)
        cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        print(f"| {' | '.join(cells)} |")
    sys.stdout.write("\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
