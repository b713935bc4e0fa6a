"""What several projects say is said once, from where one stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.report import Finding, Note
from hooks.rules.gathered import first, messages
from hooks.rules.one_project import Looked

HERE = Finding("venv", "is no link", None, ("ln -s x venv",), "local-venv")
BOTH = Finding("../owner/venv", "is gone", None, ("make",), "venv-missing")
AT_NEWS = Finding("requirements.txt", "contradicts", 2, (), "conflict", "pandas")
FAMILY = [
    Looked(".", "media", messages=[HERE, BOTH, Note("here"), Note("of all")]),
    Looked("../news", "news", messages=[BOTH, AT_NEWS, Note("there"), Note("of all")]),
]


def test_each_cause_is_told_once_and_counts_from_here() -> None:
    assert messages(FAMILY) == [
        HERE,
        BOTH,
        Note("here"),
        Note("of all"),
        AT_NEWS._replace(path="../news/requirements.txt"),
        Note("../news: there"),
    ]
    [again, *_] = messages(FAMILY[1:])
    assert again == BOTH._replace(fixes=("(cd -P ../news && make)",))


@pytest.mark.usefixtures("in_project")
def test_the_first_command_or_else_the_first_finding() -> None:
    elsewhere = Looked("../news", "news", messages=[HERE])
    nothing = Looked("../news", "news", messages=[AT_NEWS, Note("n")])
    by_link = {"PWD": "by-link"}
    Path("by-link").symlink_to(".")
    assert first([nothing, *FAMILY], {}) == "ln -s x venv"
    assert first([nothing, elsewhere], {}) == "cd ../news && ln -s x venv"
    assert first([elsewhere], by_link) == "cd -P ../news && ln -s x venv"
    for told in ["", str(Path.cwd()), "/elsewhere"]:
        assert first([elsewhere], {"PWD": told}) == "cd ../news && ln -s x venv"
    assert first([nothing], {}) == "../news/requirements.txt:2: contradicts [conflict]"
    assert first([Looked(".", "media", messages=[Note("n")])], {}) is None
