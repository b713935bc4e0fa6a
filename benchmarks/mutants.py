"""Breaks one place of the rules and the fixes at a time, and sees whether their own tests notice.

`python -m benchmarks.mutants [COUNT [SEED]]`: so many single-point mutants (a comparison flipped, a
`not` dropped, `and` for `or`, an early return left out), drawn by the seed. Each is put into a copy
of this checkout, where the test files of the module's room and those that import it are run. What
survives is printed, and is a missing test or code that does nothing.
"""

from __future__ import annotations

import ast
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import NamedTuple

CHECKOUT = Path(__file__).resolve().parent.parent
ROOMS = ("rules", "fixes")
SECONDS = 600
"""A mutant that runs for longer is in a circle, and noticed."""

_FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


class Mutant(NamedTuple):
    path: Path
    """From the checkout."""
    node: ast.expr | ast.stmt
    text: str
    """What stands in the node's place."""

    def __str__(self) -> str:
        return f"{self.path}:{self.node.lineno}: {ast.unparse(self.node)} -> {self.text}"

    def source(self) -> str:
        lines = (CHECKOUT / self.path).read_bytes().splitlines(keepends=True)
        start = sum(map(len, lines[: self.node.lineno - 1])) + self.node.col_offset
        end_line, end_column = self.node.end_lineno, self.node.end_col_offset
        assert end_line is not None
        assert end_column is not None
        end = sum(map(len, lines[: end_line - 1])) + end_column
        whole = b"".join(lines)
        return (whole[:start] + self.text.encode() + whole[end:]).decode()


def mutants_of(path: Path) -> Iterator[Mutant]:
    tree = ast.parse((CHECKOUT / path).read_bytes())
    in_strings = {
        inner for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for inner in _in(node)
    }
    for node in ast.walk(tree):
        if node in in_strings:  # before 3.12 the places in an f-string are not told
            continue
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            flipped = ast.Compare(node.left, [_FLIPPED[type(node.ops[0])]()], node.comparators)
            yield Mutant(path, node, f"({ast.unparse(flipped)})")
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield Mutant(path, node, f"({ast.unparse(node.operand)})")
        elif isinstance(node, ast.BoolOp):
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield Mutant(path, node, f"({ast.unparse(ast.BoolOp(other, node.values))})")
        elif isinstance(node, ast.If) and isinstance(node.body[-1], (ast.Return, ast.Continue)):
            yield Mutant(path, node.body[-1], "pass")


def _in(node: ast.AST) -> Iterator[ast.AST]:
    return (each for each in ast.walk(node) if each is not node)


def tests_of(path: Path) -> list[str]:
    """The files that test this module: of its name, those that import it, and those of its doors.

    Of a module that has neither, all of its room. The likeliest to notice a mutant come first.
    """
    room, module = path.parts[-2], path.stem
    imports = re.compile(rf"\bhooks\.{room}(\.{module}\b| import (.*\b)?{module}\b)")
    doors = [each for each in (CHECKOUT / "hooks").glob("*.py") if imports.search(each.read_text())]
    names = {f"test_{each}" for each in [module, *(door.stem for door in doors)]}
    here = sorted((CHECKOUT / "tests").glob("**/test_*.py"))
    found = [
        each
        for each in here
        if each.stem in names or each.parent.name == module or imports.search(each.read_text())
    ]
    rooms = [each for each in here if room in each.parts]
    paths = [str(each.relative_to(CHECKOUT)) for each in found or rooms]
    return sorted(paths, key=lambda each: (module not in each, f"/{room}/" not in each))


def pass_in(copy: Path, *tests: str) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environ = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environ, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def is_noticed(mutant: Mutant, copies: Queue[Path]) -> bool:
    copy = copies.get()
    (copy / mutant.path).write_text(mutant.source())
    noticed = not pass_in(copy, *tests_of(mutant.path))
    shutil.copy2(CHECKOUT / mutant.path, copy / mutant.path)
    copies.put(copy)
    print(f"{'noticed ' if noticed else 'SURVIVED'} {mutant}", flush=True)
    return noticed


def main(count: str = "40", seed: str = "1") -> int:
    modules = sorted(path for room in ROOMS for path in (CHECKOUT / "hooks" / room).glob("*.py"))
    every = [each for path in modules for each in mutants_of(path.relative_to(CHECKOUT))]
    drawn = random.Random(int(seed)).sample(every, int(count))
    copies: Queue[Path] = Queue()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        for number in range(os.cpu_count() or 1):
            copy = Path(folder, str(number))
            shutil.copytree(CHECKOUT, copy, ignore=shutil.ignore_patterns(".venv*", ".git"))
            copies.put(copy)
        tests = sorted({test for each in drawn for test in tests_of(each.path)})
        if not pass_in(copy, "--numprocesses=auto", *tests):
            raise SystemExit("without a mutant the tests fail")
        noticed = sum(pool.map(lambda each: is_noticed(each, copies), drawn))
    print(f"{noticed} of {len(drawn)} mutants noticed (there are {len(every)})")
    return 0 if noticed * 10 >= len(drawn) * 9 else 1


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
