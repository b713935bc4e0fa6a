"""What CHANGELOG.md says of a tag; refused if it says nothing, or the tag is of another version."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent


def main(tag: str) -> str:
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"]
    if tag != f"v{version}":
        sys.exit(f"the tag is {tag!r}, but pyproject.toml has the version {version!r}")
    changes = (CHECKOUT / "CHANGELOG.md").read_text()
    section = re.search(rf"^## {re.escape(version)}\n(.*?)(?=^## |\Z)", changes, flags=re.M | re.S)
    if section is None or not section[1].strip():
        sys.exit(f"CHANGELOG.md says nothing of {version}")
    return section[1].strip()


if __name__ == "__main__":
    sys.stdout.write(f"{main(sys.argv[1])}\n")
