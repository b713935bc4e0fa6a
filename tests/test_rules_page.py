"""`docs/rules.md`: every rule and no other, and each example is what a hook prints in its state."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from hooks.rule_names import RULES
from tests.trees import git, paste, said_whole

PAGE = (Path(__file__).parent.parent / "docs" / "rules.md").read_text()
ENTRIES = dict(re.findall(r"^## ([a-z-]+)$(.*?)(?=^## |\Z)", PAGE, flags=re.M | re.S))
OWNER, MEMBER = "dr-daily-report", "dr-daily-report_telegram"
SHARED = "../dr-daily-report/venv"
TARGET = f"--target={SHARED}"
LINK, LOCAL = "check-venv-symlink", "forbid-local-venv"
SYNC, AGREE = "check-requirements-sync", "check-siblings-agree"

# A venv of files alone: which Python it has does not depend on the one that runs the tests.
# `VENV x` makes it, `INSTALL name version [field: value]…` adds a distribution to the shared one.
PRELUDE = f"""
set -e
DEV=$(cd .. && pwd -P)
SHARED={SHARED}
LIBRARY=$SHARED/lib/python3.11/site-packages
VENV() {{
    mkdir -p "$1/bin" "$1/lib/python3.11/site-packages"
    printf 'home = %s/python/bin\\nversion = 3.11.7\\n' "$DEV" > "$1/pyvenv.cfg"
    ln -s "$DEV/python/bin/python3.11" "$1/bin/python"
    printf 'VIRTUAL_ENV="%s"\\n' "$(cd "$1" && pwd -P)" > "$1/bin/activate"
}}
INSTALL() {{
    INFO=$LIBRARY/$1-$2.dist-info
    mkdir "$INFO"
    printf '%s\\n' 'Metadata-Version: 2.1' "Name: $1" "Version: $2" "${{@:3}}" > "$INFO/METADATA"
}}
ASK() {{ printf '%s\\n' "$@" > requirements.txt; }}
PIN() {{
    printf 'repos:\\n  - repo: https://github.com/astral-sh/ruff-pre-commit\\n    %s\\n' "$2" \\
        > "$1/.pre-commit-config.yaml"
    printf '    hooks: [{{id: ruff}}]\\n' >> "$1/.pre-commit-config.yaml"
}}
"""
FAMILY = """
mkdir -p ../python/bin
touch ../python/bin/python3.11
chmod +x ../python/bin/python3.11
VENV $SHARED
ln -s $SHARED venv
"""
PYTHON_312 = r"printf '[project]\nrequires-python = \">=3.12\"\ndependencies = []\n'"

# What has become of the family, for each rule: the hook, its options, and lines of bash that are
# run in the member.
STATES: dict[str, tuple[str, list[str], str]] = {
    "link-missing": (LINK, [TARGET], "rm venv"),
    "link-dangling": (LINK, [TARGET], "ln -sfn ../dr-daily/venv venv"),
    "link-elsewhere": (LINK, [TARGET], "VENV ../other/venv; ln -sfn ../other/venv venv"),
    "link-absolute": (LINK, [TARGET], 'ln -sfn "$DEV/dr-daily-report/venv" venv'),
    "link-indirect": (
        LINK,
        [TARGET],
        "mkdir ../media; ln -s $SHARED ../media/venv; ln -sfn ../media/venv venv",
    ),
    "link-loop": (LINK, [TARGET], "ln -sfn venv venv"),
    "link-as-text": (
        LINK,
        [TARGET],
        "git config core.symlinks false; rm venv; printf $SHARED > venv",
    ),
    "not-a-link": (LINK, [TARGET], "rm venv; mkdir venv; touch venv/notes.txt"),
    "no-target": (LINK, [], "rm venv"),
    "target-suspect": (
        LINK,
        [TARGET],
        "VENV ../other/venv; ln -sfn ../other/venv venv; rm -r $SHARED",
    ),
    "owner-missing": (LINK, [TARGET], "rm -r ../dr-daily-report"),
    "owner-renamed": (LINK, [TARGET], "mv ../dr-daily-report ../daily-report"),
    "venv-missing": (LINK, [TARGET], "rm -r $SHARED"),
    "venv-emptied": (LINK, [TARGET], "rm -r $SHARED/*"),
    "venv-unreadable": (LINK, [TARGET], "rm $SHARED/pyvenv.cfg"),
    "python-missing": (LINK, [TARGET], "rm -r ../python"),
    "python-mismatch": (LINK, [TARGET], "sed -i.old s/3.11.7/3.12.1/ $SHARED/pyvenv.cfg"),
    "library-missing": (LINK, [TARGET], "rm -r $SHARED/lib"),
    "activation-elsewhere": (
        LINK,
        [TARGET],
        "echo 'VIRTUAL_ENV=\"/home/me/old/venv\"' > $SHARED/bin/activate",
    ),
    "scripts-elsewhere": (
        LINK,
        [TARGET],
        'echo "#!$DEV/dr-daily-report_telegram/venv/bin/python" > $SHARED/bin/dr;'
        " chmod +x $SHARED/bin/dr",
    ),
    "open-to-others": (LINK, [TARGET], "chmod o+w $SHARED/bin"),
    "conda-environment": (LINK, [TARGET], "rm venv; mkdir -p venv/conda-meta"),
    "command-missing": (LINK, [TARGET, "--require-command=dr"], ""),
    "command-broken": (
        LINK,
        [TARGET, "--require-command=dr"],
        "touch $SHARED/bin/dr; chmod +x $SHARED/bin/dr",
    ),
    "local-venv": (LOCAL, [TARGET], "VENV .venv"),
    "tracked-venv": (LOCAL, [TARGET], "VENV .venv; git add --force .venv"),
    "tracked-link": (LOCAL, [TARGET], "git add --force venv"),
    "not-installed": (SYNC, [TARGET], "ASK rich==13.7.0"),
    "wrong-version": (SYNC, [TARGET], "INSTALL pandas 2.0.0; ASK pandas==1.5.3"),
    "wrong-source": (
        SYNC,
        [TARGET],
        "INSTALL charts 1.0; ASK 'charts @ git+https://github.com/me/charts@v1.0'",
    ),
    "wrong-python": (SYNC, [TARGET], f"{PYTHON_312} > pyproject.toml"),
    "unmet-dependency": (
        SYNC,
        [TARGET],
        "INSTALL pandas 2.0.0 'Requires-Dist: numpy>=1.25'; ASK pandas==2.0.0",
    ),
    "broken-constraint": (
        SYNC,
        [TARGET],
        "INSTALL pandas 2.0.0; ASK pandas '-c constraints.txt'; echo 'pandas<2' > constraints.txt",
    ),
    "broken-metadata": (SYNC, [TARGET], "mkdir $LIBRARY/pandas-2.0.0.dist-info; ASK pandas==2.0.0"),
    "duplicate-distribution": (
        SYNC,
        [TARGET],
        "INSTALL pandas 2.0.0; INSTALL pandas 1.5.3; ASK pandas==2.0.0",
    ),
    "editable-gone": (
        SYNC,
        [TARGET],
        "INSTALL charts 1.0; ASK charts; printf "
        '\'{"url": "file://%s/charts", "dir_info": {"editable": true}}\' "$DEV"'
        ' > "$INFO/direct_url.json"',
    ),
    "undeclared": (
        SYNC,
        [TARGET, "--forbid-undeclared"],
        "INSTALL pandas 2.0.0; INSTALL rich 13.7.0; ASK pandas==2.0.0",
    ),
    "unusable-venv": (SYNC, [TARGET], "rm $SHARED/pyvenv.cfg; ASK pandas==2.0.0"),
    "conflict": (
        SYNC,
        [TARGET],
        "INSTALL pandas 2.0.0; ASK pandas==1.5.3;"
        " echo pandas==2.0.0 > ../dr-daily-report/requirements.txt",
    ),
    "contradiction": (SYNC, [TARGET], "INSTALL pandas 2.0.0; ASK pandas==2.0.0 'pandas<2'"),
    "missing-sibling": (SYNC, [TARGET, "--sibling=../gone"], "ASK ''"),
    "bad-requirement": (SYNC, [TARGET], "ASK pandas=1.5.3"),
    "bad-file": (SYNC, [TARGET], "ASK ''; printf '[project\\n' > pyproject.toml"),
    "bad-include": (SYNC, [TARGET], "ASK '-r base.txt'"),
    "bad-lock": (
        SYNC,
        [TARGET, "--requirements=pylock.toml"],
        "printf 'lock-version = \"1.0\"\\n' > pylock.toml",
    ),
    "conflict-markers": (
        SYNC,
        [TARGET],
        "ASK '<<<<<<< HEAD' pandas==2.0.0 ======= pandas==1.5.3 '>>>>>>> update'",
    ),
    "unread-declaration": (SYNC, [TARGET], "printf '[packages]\\npandas = \"*\"\\n' > Pipfile"),
    "rev-drift": (
        AGREE,
        [TARGET],
        "PIN . 'rev: v0.9.0'; PIN ../dr-daily-report 'rev: v0.11.2'",
    ),
    "differs": (
        AGREE,
        [TARGET, "--same=.python-version"],
        "echo 3.11 > .python-version; echo 3.12 > ../dr-daily-report/.python-version",
    ),
    "missing-file": (
        AGREE,
        [TARGET, "--same=.editorconfig", "--everywhere"],
        "touch ../dr-daily-report/.editorconfig",
    ),
    "bad-configuration": (
        AGREE,
        [TARGET],
        "PIN . 'files: py'; PIN ../dr-daily-report 'rev: v0.11.2'",
    ),
}
# What cannot be made here by literals, each with the reason that the page gives.
NOT_BUILT = {"foreign-owner": "it needs a second user of the machine"}


def printed(rule: str, dev: Path) -> list[str]:
    """The findings in that rule's state, paths as of somebody called `me`."""
    hook, options, state = STATES[rule]
    for name in [OWNER, MEMBER]:
        git(dev, "init", "--quiet", name)
    paste(PRELUDE + FAMILY + state, dev / MEMBER)
    main = importlib.import_module(f"hooks.{hook.replace('-', '_')}").main
    status, output = said_whole(main, dev / MEMBER, *options)
    assert status == 1, output
    return output.replace(str(dev.resolve()), "/home/me/dev").splitlines()


def test_every_rule_has_an_entry_and_nothing_else_has() -> None:
    assert list(ENTRIES) == list(RULES)
    assert sorted([*STATES, *NOT_BUILT]) == sorted(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_an_entry_says_what_it_means_why_it_matters_and_what_to_do(rule: str) -> None:
    entry = ENTRIES[rule]
    assert re.fullmatch(
        r"\n\n[^\n]+\.\n\n```text\n[^\n]*\n```\n\n\*\*Why\*\*: .*?\.\n\n\*\*Do\*\*: .*?\.\n+",
        entry,
        flags=re.S,
    )
    assert f" [{rule}]\n```" in entry


@pytest.mark.parametrize("rule", STATES)
def test_an_example_is_what_the_hook_prints(rule: str, tmp_path: Path) -> None:
    dev = tmp_path / "dev"
    dev.mkdir()
    [example] = re.findall(r"```text\n(.*)\n```", ENTRIES[rule])
    assert example in printed(rule, dev)


def test_the_page_says_which_examples_no_test_prints() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", PAGE, flags=re.M))
    assert rows == NOT_BUILT
