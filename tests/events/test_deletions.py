"""What counts as a deletion in a line that is to be pasted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.events.deletions import is_a_deletion

HARMLESS = {
    "a link": "ln -sfn ../dr-daily-report/venv venv",
    "a link is removed, then put": "rm venv && ln -s ../dr-daily-report/venv venv",
    "moved aside": "mv -n venv ../dr-daily-report_news.venv.old && ln -sfn ../owner/venv venv",
    "a venv is made": "python3 -I -m venv venv",
    "a venv is made over one": "/usr/bin/python3.11 -I -m venv --upgrade --without-pip venv",
    "filled by pip": "/dev/owner/venv/bin/python -m pip install -r requirements.txt -r ../a/r.txt",
    "filled by uv": "uv pip install --python /dev/owner/venv --reinstall --no-deps pandas==2.0.0",
    "filled, each from its folder": "(cd -P ../x && /o/venv/bin/python -m pip install -r r.txt)",
    "untracked": "git rm --cached -r venv && echo /venv >> .gitignore",
    "an empty folder": "rmdir venv && ln -sfn ../owner/venv venv",
    "a clone": 'git clone "$(dirname "$(git remote get-url origin)")"/owner ../owner',
    "scripts rewritten": "(cd /o/venv/bin && sed -i.bak '1s|/a|/b|' -- f2py && rm -- f2py.bak)",
    "modes": "chmod -R o-w /o/venv",
    "a checkout of a branch": "git checkout main",
    "unstaged": "git restore --staged venv",
    "nothing is shown": "python3 -c '' > /dev/null 2>&1",
    "only said": "echo 'rm -rf venv'",
    "a name like one": "cd rm-rf && git add clean uninstall",
    "a kept activate": "mv -n venv/bin/activate venv/bin/activate.old && python3 -I -m venv venv",
    "a copy that keeps what is there": "cp -n a b",
    "autoupdate": "pre-commit autoupdate --repo https://example.org/hooks",
}
DELETIONS = {
    "a folder": "rm -rf venv",
    "a folder, the other letter": "rm -fR venv",
    "a folder, in long": "rm --recursive --force venv",
    "a folder, apart": "rm -f -r -- venv",
    "a folder, after something": "cd .. && rm -r venv",
    "a folder, in brackets": "(rm -rf venv); true",
    "a folder, as root": "sudo rm -rf venv",
    "a folder, by its path": "/bin/rm -rf venv",
    "a folder, in a shell": "bash -c 'rm -rf venv'",
    "a folder, on the way": 'echo "$(rm -rf venv)"',
    "a folder, found": "find . -name venv -exec rm -r {} +",
    "found and deleted": "find . -name '*.pyc' -delete",
    "piped": "ls | xargs rm -r",
    "with a variable before": "A=1 rm -rf venv",
    "emptied": "python3 -I -m venv --clear venv",
    "emptied by its place": "/usr/bin/python3.11 -I -m venv --clear /o/venv",
    "emptied by virtualenv": "virtualenv --clear venv",
    "emptied by uv": "uv venv --clear venv",
    "uninstalled": "/o/venv/bin/python -m pip uninstall -y pandas",
    "uninstalled by pip": "venv/bin/pip uninstall pandas",
    "uninstalled by uv": "uv pip uninstall --python /o/venv pandas",
    "synchronised": "uv sync",
    "synchronised by uv pip": "uv pip sync -p /o/venv requirements.txt",
    "cleaned": "git clean -fdx",
    "cleaned elsewhere": "git -C ../owner clean -fdx",
    "checked out": "git checkout -- .",
    "checked out by force": "git checkout -f main",
    "restored": "git restore notes.md",
    "reset": "git reset --hard",
    "removed from disk": "git rm -r venv",
    "overwritten": "echo /venv > .gitignore",
    "overwritten by a move": "mv venv ../venv.old",
    "overwritten by a copy": "cp a b",
    "overwritten by tee": "echo /venv | tee .gitignore",
}


@pytest.mark.parametrize("line", HARMLESS.values(), ids=HARMLESS)
def test_takes_nothing_away(line: str) -> None:
    assert not is_a_deletion(line)


@pytest.mark.parametrize("line", DELETIONS.values(), ids=DELETIONS)
def test_takes_something_away(line: str) -> None:
    assert is_a_deletion(line)


def test_what_is_not_there_is_not_overwritten(tmp_path: Path) -> None:
    assert not is_a_deletion("echo /venv > .gitignore", tmp_path)
    (tmp_path / ".gitignore").touch()
    assert is_a_deletion("echo /venv > .gitignore", tmp_path)
    assert not is_a_deletion("echo /venv >> .gitignore", tmp_path)
