"""What the rules on other environments are tried in: an owner, a member, and shell lines."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from hooks.forbid_local_venv import main
from tests.trees import Said, git, paste, repairs, said_whole

CHECKOUT = Path(__file__).parents[2]
OWNER = "dr-daily-report"
MEMBER = "dr-daily-report_telegram"
TARGET = "--target=../dr-daily-report/venv"
SHARED = "`../dr-daily-report/venv` is the one that this project shares"
NOTHING_LOST = "it has no distribution that the shared one lacks"
AROUND = "it was made around what git tracks"
NO_REPOSITORY = "note: what git tracks was not checked: the project is in no git repository\n"


def aside(path: str, new: str) -> str:
    """What moves it, both as words of a shell; and not into what is there by then."""
    return f"test ! -e {new} && mv -n {path} {new}"


def local_venv(
    path: str = "venv", *, shared: str = SHARED, lost: str = NOTHING_LOST, fix: str | None = None
) -> str:
    """What is said of one that may be moved aside; at the link's place the link is put there."""
    if fix is None:
        name = path.rpartition("/")[2].lstrip(".")
        fix = aside(shlex.quote(path), shlex.quote(f"../{MEMBER}.{name}.old"))
        fix += " && ln -sfn ../dr-daily-report/venv venv" if path == "venv" else ""
    line = f"{path}: is a local venv, but {shared}; {lost} [local-venv]\n"
    return f"{line}  fix: {fix}\n" if fix else line


def tracked_venv(folder: str, holds: str, *parts: str, ignored: str | None = None) -> str:
    """`ignored`: what stands in the place of writing the pattern; nothing if it is there."""
    line = shlex.join(parts or [folder])
    if ignored is None:
        patterns = shlex.join(f"/{part}" for part in parts or [folder])
        write = f"echo {patterns}" if len(parts) < 2 else f"printf '%s\\n' {patterns}"
        ignored = f" && {write} >> .gitignore && git add .gitignore"
    return (
        f"{folder}: is a venv with {holds} in git, but a venv works only where it was made"
        f" [tracked-venv]\n  fix: git rm --cached -rqf {line}{ignored}\n"
    )


def tracked_link(path: str = "venv", *, what: str = "a link", ignored: str | None = None) -> str:
    if ignored is None:
        ignored = f" && echo /{path} >> .gitignore && git add .gitignore"
    return (
        f"{path}: is {what} that git tracks: `python -m venv {path}` fails in CI"
        " (`File exists`), and a local venv that stands in its place at a commit is deleted by the"
        " runner's stash (`git checkout -- .`) before any hook can see it; ignore it as"
        f" `/{path}`, since `{path}/` does not match a link [tracked-link]\n"
        f"  fix: git rm --cached -rqf {shlex.quote(path)}{ignored}\n"
    )


TRACKED_LINK = tracked_link()
IGNORED_LINK = tracked_link(ignored="")
# `VENV x` makes a venv, `INSTALL venv name==1 …` writes what an installer leaves in one,
# `FEW x` makes what is the same in a venv of any Python, and not more.
PRELUDE = """
INSTALL() {
    for each in "${@:2}"; do
        name=${each%%==*} version=${each##*==}
        info=$1/lib/python3.*/site-packages; info=$(echo $info)/$name-$version.dist-info
        mkdir "$info"
        printf 'Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n' $name $version > "$info/METADATA"
        printf '#!/bin/sh\\n' > "$1/bin/$name"
        printf '../../../bin/%s,,\\n' $name > "$info/RECORD"
    done
}
FEW() {
    mkdir -p "$1/bin" "$1/include/python3.11" "$1/lib/python3.11/site-packages"
    touch "$1/pyvenv.cfg" "$1/bin/activate" "$1/bin/python"
}
VENV() { PYTHON -I -m venv --without-pip "$@"; }
""".replace("PYTHON", shlex.quote(sys.executable))


def hook(project: Path, *arguments: str) -> Said:
    return said_whole(main, project, *arguments)


def arrange(script: str, project: Path) -> None:
    paste(PRELUDE + "set -e\n" + script, project)


def everything(folder: Path) -> dict[int, bytes]:
    """What every file below holds, by its inode, which it keeps when it is moved."""
    found = {}
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != ".git"]
        for path in [Path(parent, name) for name in files if name != ".gitignore"]:
            if path.is_file() and not path.is_symlink():
                found[path.stat().st_ino] = path.read_bytes()
    return found


def follow(project: Path, *arguments: str) -> Said:
    """Paste every line that is printed, run by run, until none is: what is said in the end.

    Every file is there then, as it was, but for `.gitignore`.
    """
    before = everything(project.parent)
    for _ in range(5):
        said = hook(project, *arguments)
        fixes = repairs(said.output)
        for fix in fixes:
            paste(fix, project)
        if not fixes:
            assert before.items() <= everything(project.parent).items()
            return said
    raise AssertionError("it does not end")


class Commits:
    """A project whose next commits run the hook, as git runs a hook: it is the only one."""

    def __init__(self, project: Path, *arguments: str) -> None:
        self.project = project
        call = "from hooks.forbid_local_venv import main; raise SystemExit(main())"
        line = shlex.join([sys.executable, "-c", call, *arguments])
        line = f"PYTHONPATH={shlex.quote(str(CHECKOUT))} exec {line} >&2"
        hook = project / git(project, "rev-parse", "--git-path", "hooks/pre-commit").strip()
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n{line}\n")
        hook.chmod(0o755)

    def __call__(self, line: str) -> Said:
        run = subprocess.run(
            ["bash", "-c", line], cwd=self.project, capture_output=True, text=True, check=False
        )
        return Said(run.returncode, run.stderr)
