"""Makes the picture of `shared-venv-status`, `docs/status.svg`, from a real run in a real family.

`python -m demo.screen` writes it; `--text` prints the screen as `docs/status.md` shows it. Both
name `/home/me/dev` for the folder that the family lies in here.
"""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from html import escape
from pathlib import Path

from demo import family

CHECKOUT = Path(__file__).resolve().parent.parent
HOME = "/home/me/dev"
PROJECT = family.NEWS
COMMAND = "shared-venv-status"
COLUMNS = 100

_BEFORE = f"""\
rm {family.MEDIA}/venv
ln -s ../{family.OWNER}/.venv {family.MEDIA}/venv
python3 -I -m venv --without-pip {family.MEDIA}/.venv
printf 'pandas==1.5.3\\n' > {family.NEWS}/requirements.txt
printf 'tqdm==4.66.1\\n' >> {family.TELEGRAM}/requirements.txt
sed -i.old 's/rev: .*/rev: v0.9.0/' {family.MEDIA}/.pre-commit-config.yaml
(cd {family.OWNER} && pre-commit install && cd ../{family.TELEGRAM} && prek install -t pre-commit)
"""
"""What has become of the family, in its folder."""


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="screen"))
    try:
        dev = build(folder)
        if "--text" in sys.argv[1:]:
            print(show(dev, folder, colours=False), end="")
        else:
            (CHECKOUT / "docs" / "status.svg").write_text(picture(show(dev, folder, colours=True)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def build(folder: Path) -> Path:
    """The family in `dev`, with what has become of it; the folder is empty."""
    tools = Path(sys.executable).parent
    environment = family.developers_shell(folder, tools)
    do = partial(family.must_run, environment=environment)
    dev = folder / "dev"
    family.write_wheels(folder / "wheels")
    repository = "https://github.com/OWNER/shared-venv-hooks"
    configuration = family.configuration(repository, "v1.0.0").replace(", --forbid-undeclared", "")
    family.write_projects(dev, folder / "origins", configuration, do)
    environment.update(family.only_from(folder / "wheels"))
    do([sys.executable, "-m", "venv", "venv"], dev / family.OWNER)
    do(["venv/bin/python", *family.INSTALL_ALL], dev / family.OWNER)
    do(["bash", "-ec", _BEFORE], dev)
    return dev


def show(dev: Path, folder: Path, *, colours: bool) -> str:
    """The screen, as a terminal gets it; the venv is activated in the shell."""
    venv = dev / family.OWNER / "venv"
    environment = family.developers_shell(folder, users_commands(folder))
    environment["PATH"] = f"{venv}/bin:{folder / 'bin'}"
    environment |= {"VIRTUAL_ENV": str(venv), "TERM": "xterm", "PYTHONPATH": str(CHECKOUT)}
    environment |= {} if colours else {"NO_COLOR": "1"}
    shown = on_a_terminal(dev / PROJECT, environment)
    return shown.replace(os.path.realpath(dev), HOME)


def users_commands(folder: Path) -> Path:
    """What else is on the user's PATH: git, a Python, and the next one, which is not run."""
    commands = folder / "bin"
    commands.mkdir(exist_ok=True)
    git = shutil.which("git")
    newer = f"python3.{sys.version_info.minor + 1}"
    for name, path in [("git", git), ("python3", sys.executable), (newer, sys.executable)]:
        if path is not None and not os.path.lexists(commands / name):
            (commands / name).symlink_to(path)
    return commands


def on_a_terminal(project: Path, environment: dict[str, str]) -> str:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "hooks.shared_venv_status"]
    shown = b""
    with subprocess.Popen(
        command, cwd=project, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ):
        os.close(theirs)
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # Linux's way to say that nobody writes any more
            pass
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def picture(screen: str) -> str:
    """The screen as SVG, its lines broken where a terminal of 100 columns breaks them."""
    lines = [row for line in screen.splitlines() for row in rows(line)]
    lines = [[("prompt", "$ "), ("", COMMAND)], *lines]
    width, height = COLUMNS * 8.4 + 32, len(lines) * 18 + 44
    drawn = [
        f'<text x="16" y="{38 + 18 * number}" xml:space="preserve"'
        f' textLength="{_columns(line) * 8.4:.1f}">'
        + "".join(_span(kind, text) for kind, text in line)
        + "</text>"
        for number, line in enumerate(lines)
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}"'
        f' viewBox="0 0 {width:.0f} {height}" role="img"'
        f' aria-label="What {COMMAND} prints in a family of four">'
    )
    background = f'<rect width="{width:.0f}" height="{height}" rx="8" fill="#161b22"/>'
    return "\n".join([head, _STYLE, background, *drawn, "</svg>", ""])


_STYLE = (
    "<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#d8dee9;"
    "white-space:pre}"
    ".b{font-weight:bold}.red{fill:#ff7b72}.green{fill:#7ee787}.prompt{fill:#8b949e}</style>"
)
_KINDS = {"0": "", "1": "b", "31": "red", "32": "green"}


def rows(line: str) -> list[list[tuple[str, str]]]:
    """The pieces of a line with their kinds, broken at the terminal's width."""
    found: list[list[tuple[str, str]]] = [[]]
    kind, column = "", 0
    for code, text in re.findall(r"\x1b\[(\d+)m|([^\x1b]+)", line):
        if code:
            kind = _KINDS[code]
        while text:
            if column == COLUMNS:
                found.append([])
                column = 0
            piece, text = text[: COLUMNS - column], text[COLUMNS - column :]
            found[-1].append((kind, piece))
            column += len(piece)
    return found


def _columns(line: list[tuple[str, str]]) -> int:
    """So wide is it drawn, whatever the font."""
    return sum(len(text) for _, text in line)


def _span(kind: str, text: str) -> str:
    words = escape(text, quote=False)
    return f'<tspan class="{kind}">{words}</tspan>' if kind else f"<tspan>{words}</tspan>"


if __name__ == "__main__":
    raise SystemExit(main())
