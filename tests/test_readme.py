"""The product page and `docs/` are true: samples are what hooks say, configurations are valid."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from hooks import check_shared_venv
from tests.test_rules_page import FAMILY, MEMBER, OWNER, PRELUDE, TARGET
from tests.trees import git, paste, said_whole, tool

CHECKOUT = Path(__file__).parent.parent
README = (CHECKOUT / "README.md").read_text()
PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
STATE = "INSTALL pandas 2.0.0; ASK 'pandas<2'; rm venv"


def test_it_is_as_long_as_the_page_of_a_collection() -> None:
    assert len(README) <= 9_000


def test_the_sample_is_what_the_hook_says(tmp_path: Path) -> None:
    dev = tmp_path / "dev"
    dev.mkdir()
    for name in [OWNER, MEMBER]:
        git(dev, "init", "--quiet", name)
    paste(PRELUDE + FAMILY + STATE, dev / MEMBER)
    status, output = said_whole(check_shared_venv.main, dev / MEMBER, TARGET)
    assert status == 1
    [block] = re.findall(r"^```console\n\$ git commit[^\n]*\n(.*?)^```$", README, flags=re.M | re.S)
    assert output.replace(str(dev.resolve()), "/home/me/dev") == block


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_configurations_are_valid(page: Path, tmp_path: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", page.read_text(), flags=re.M | re.S)
    whole = [block for block in blocks if "- repo:" in block]
    assert whole or page.name != "README.md"
    for number, block in enumerate(whole):
        path = tmp_path / f"{number}.yaml"
        path.write_text(block)
        for runner in ["pre-commit", "prek"]:
            subprocess.run([tool(runner), "validate-config", str(path)], check=True)
