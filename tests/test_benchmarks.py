"""The benchmarks compare with a floor: a script that parses the same options and returns."""

from __future__ import annotations

import re

import pytest

from benchmarks import floor
from hooks import check_venv_symlink


def test_the_floor_parses_the_options_of_the_hook(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        check_venv_symlink.parse_arguments(["--help"])
    of_the_hook = re.findall(r"^  (?:-h, )?(--\S+.*?)(?:  |$)", capsys.readouterr().out, re.M)
    of_the_floor = re.findall(
        r"^  (?:-h, )?(--\S+.*?)(?:  |$)", floor.make_parser().format_help(), re.M
    )
    assert of_the_floor == of_the_hook
    assert "--require-command CMD" in of_the_hook
