"""The tests run with what the lock says, and with nothing else."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

CHECKOUT = Path(__file__).parent.parent
LOCK = (CHECKOUT / "requirements-dev.txt").read_text()
PYPROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
PINS = [Requirement(pin) for pin in re.findall(r"^(\w.*) \\$", LOCK, flags=re.MULTILINE)]
LOCKED = {pin.name: str(pin.specifier).removeprefix("==") for pin in PINS}


def test_the_lock_is_pins_with_hashes_and_names_no_index() -> None:
    pin, sha = r"\w[\w.-]*==\S+(?: ; .+)? \\", r"    --hash=sha256:[0-9a-f]{64}(?: \\)?"
    line = re.compile(rf" *#.*|{pin}|{sha}")
    assert [each for each in LOCK.splitlines() if not line.fullmatch(each)] == []
    assert not re.search(r"\\\n(?!    --hash)", LOCK)


def test_the_lock_has_what_pyproject_asks_for() -> None:
    wanted = [*PYPROJECT["project"]["dependencies"], *PYPROJECT["dependency-groups"]["dev"]]
    asked = [Requirement(each) for each in [*wanted, *PYPROJECT["build-system"]["requires"]]]
    names = {each.name: re.sub("[-_.]+", "-", each.name).lower() for each in asked}
    assert [
        str(each)
        for each in asked
        if not each.specifier.contains(LOCKED.get(names[each.name], "0"))
    ] == []


def test_what_is_installed_is_what_is_locked() -> None:
    here = [pin.name for pin in PINS if pin.marker is None or pin.marker.evaluate()]
    installed = {name: importlib.metadata.version(name) for name in here}
    assert installed == {name: LOCKED[name] for name in here}
