"""The screen and the picture in `docs/` are what a real run in a real family shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from demo import screen
from hooks.rules.status_screen import WIDTH

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("screen")
    screen.build(place)
    return place


def anywhere(text: str) -> str:
    """Without what another Python or another disk has otherwise."""
    text = re.sub(r"\b\d+ ([KMG]iB)", r"SIZE \1", text)
    text = re.sub(r"Python 3\.\d+\.\d+   \d+ dist", "Python VERSION   COUNT dist", text)
    text = re.sub(r'textLength="[\d.]+"', "", text)
    return re.sub(r"python3\.\d+", "pythonNEWER", text)


def test_the_page_shows_what_is_printed(folder: Path) -> None:
    [shown] = re.findall(
        r"```console\n\$ shared-venv-status\n(.*?)```",
        (DOCS / "status.md").read_text(),
        flags=re.DOTALL,
    )
    assert anywhere(shown) == anywhere(screen.show(folder / "dev", folder, colours=False))


def test_the_picture_shows_it_as_well(folder: Path) -> None:
    drawn = screen.picture(screen.show(folder / "dev", folder, colours=True))
    assert anywhere((DOCS / "status.svg").read_text()) == anywhere(drawn)


def test_the_table_of_the_guides_family_fits(folder: Path) -> None:
    lines = screen.show(folder / "dev", folder, colours=False).splitlines()
    prose = [line for line in lines if not re.search(" -m pip install | && ", line)]
    assert max(map(len, prose)) <= WIDTH


def test_a_line_is_broken_where_the_terminal_breaks_it() -> None:
    line = f"{'a' * 99}\x1b[31m{'b' * 102}\x1b[0mc"
    assert screen.rows(line) == [
        [("", "a" * 99), ("red", "b")],
        [("red", "b" * 100)],
        [("red", "b"), ("", "c")],
    ]
