"""The family of four under the real runners: a commit passes, breaks, is refused, is repaired."""

from __future__ import annotations

import os
import re
import shlex
import sysconfig
import textwrap
from functools import partial
from importlib.metadata import distributions
from pathlib import Path
from typing import NamedTuple

import pytest

from demo import family
from demo.family import MEDIA, NEWS, OWNER, PROJECTS, TARGET, TELEGRAM
from tests import base_python
from tests.trees import put_back

CHECKOUT = Path(__file__).parent.parent
PROJECT = "shared-venv-hooks"
SCRIPTS = Path(sysconfig.get_path("scripts"))
LINK, LOCAL, SYNC = "check-venv-symlink", "forbid-local-venv", "check-requirements-sync"
MAKE_VENV = f"{shlex.quote(base_python.executable())} -m venv venv"
WORK = "echo '- one more thing' >> notes.md"
COMMIT = f"{WORK}; git commit --quiet --all -m 'Take a note'"
RUNNERS = ("pre-commit", "prek")


class Told(NamedTuple):
    """What became of a git command or a run: its exit status and the words of each hook."""

    status: int
    findings: dict[str, str]
    """By hook id, of those that failed or have something to note."""
    passed: int
    """How many hooks passed."""


PASSED = Told(0, {}, 3)


class Family:
    """The projects in a folder with a space in its name, and a developer's shell in each."""

    def __init__(self, folder: Path, runner: str) -> None:
        self.runner = runner
        self.folder = folder
        self.world = folder / "world"
        self.dev = self.world / "my dev"
        self.environment = family.developers_shell(folder, SCRIPTS)

    def type(self, line: str, project: str) -> str:
        """What a line prints that is typed into a shell in the project; it must succeed."""
        return family.must_run(["bash", "-c", line], self.dev / project, self.environment)

    def tell(self, line: str, project: str) -> Told:
        """The same for a line that has the hooks run, and may be refused."""
        status, output = family.run(["bash", "-c", line], self.dev / project, self.environment)
        return parse(status, output)

    def commit(self, project: str, line: str = COMMIT) -> Told:
        """Commit something; an exit status that HEAD contradicts is no answer."""
        before = self.type("git rev-parse HEAD", project)
        told = self.tell(line, project)
        moved = self.type("git rev-parse HEAD", project) != before
        assert moved is (told.status == 0), told
        return told

    def paste(self, told: Told, project: str) -> None:
        """What a reader does: paste each `fix:` of the first hook that complains."""
        words = next(iter(told.findings.values()))
        fixes = dict.fromkeys(re.findall(r"^  fix: (.*)$", words, flags=re.MULTILINE))
        assert fixes, words
        for fix in fixes:
            self.type(fix, project)


def parse(status: int, output: str) -> Told:
    """Read what either runner prints; prek indents what a hook says, pre-commit does not."""
    parts = re.split(r"^.*\.{3,}(Passed|Failed)$\n", output, flags=re.MULTILINE)
    findings, passed = {}, 0
    for verdict, section in zip(parts[1::2], parts[2::2], strict=True):
        passed += verdict == "Passed"
        if hook := re.match(r"- hook id: (\S+)\n(?:- .*\n)*\n?", section):
            # What git itself prints afterwards is not indented by prek, nor set off by pre-commit.
            words = textwrap.dedent(section[hook.end() :].partition("\n\n")[0]).strip("\n")
            findings[hook[1]] = f"{words}\n"
    return Told(status, findings, passed)


@pytest.fixture(scope="session", params=RUNNERS)
def pristine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Family:
    """The family as it should be, made once for a runner, with the hooks' environments."""
    runner: str = request.param
    made = Family(tmp_path_factory.mktemp(runner), runner)
    do = partial(family.must_run, environment=made.environment)
    revision = family.write_hook_repository(CHECKOUT, made.folder / "the hooks", do)
    configuration = family.configuration(str(made.folder / "the hooks"), revision)
    family.write_projects(made.dev, made.world / "origins", configuration, do)
    # The hooks' environments get what the tests run with, the newest or the oldest.
    here = [f"{each.name}=={each.version}" for each in distributions() if each.name != PROJECT]
    with_these = made.environment | family.pinned(here, made.folder)
    for project in PROJECTS:
        family.must_run(
            [runner, "install", "--install-hooks", "--hook-type=pre-commit"],
            made.dev / project,
            with_these,
        )
    family.write_wheels(made.folder / "wheels")
    made.environment.update(family.only_from(made.folder / "wheels"))
    do([base_python.executable(), "-m", "venv", "venv"], made.dev / OWNER)
    do(["venv/bin/python", *family.INSTALL_ALL], made.dev / OWNER)
    made.world.rename(made.folder / "pristine")
    return made


@pytest.fixture
def four(pristine: Family) -> Family:
    """The family at the place that it was made for: a venv cannot be moved."""
    put_back(pristine.folder / "pristine", pristine.world)
    return pristine


def test_a_commit_passes_in_each_project(four: Family) -> None:
    assert {project: four.commit(project) for project in PROJECTS} == dict.fromkeys(
        PROJECTS, PASSED
    )


def without_fixes(told: Told) -> Told:
    """What is found; the commands are pasted, and compared where they are made."""
    findings = {
        hook: re.sub(r"^(?:  (?:fix|or): |note: ).*\n", "", said, flags=re.MULTILINE)
        for hook, said in told.findings.items()
    }
    return told._replace(findings=findings)


@pytest.mark.parametrize(
    ("project", "breaks", "says"),
    [
        pytest.param(
            TELEGRAM,
            "rm venv",
            {
                LINK: """\
                venv: is missing: it should be a link to `../dr-daily-report/venv` [link-missing]
                """
            },
            id="the link is gone",
        ),
        pytest.param(
            MEDIA,
            f"ln -sfn ../{NEWS}/venv venv",
            {
                LINK: """\
                venv: leads to `../dr-daily-report/venv` by way of the link in \
`../dr-daily-report_news`, and breaks with that [link-indirect]
                """
            },
            id="the link leads to a sibling's link",
        ),
        pytest.param(
            TELEGRAM,
            "echo tqdm==4.66.1 >> requirements.txt",
            {
                SYNC: """\
                requirements.txt:3: `tqdm==4.66.1` is required, but not installed [not-installed]
                """
            },
            id="a requirement is added, but not installed",
        ),
        pytest.param(
            TELEGRAM,
            f"{TARGET}/bin/python -m pip install requests==2.30.0",
            {
                SYNC: """\
                requirements.txt:2: `requests==2.31.0` is required, but `2.30.0` is installed [wrong-version]
                """
            },
            id="a package is downgraded by hand",
        ),
    ],
)
def test_refused_then_repaired_by_the_pasted_fix(
    four: Family, project: str, breaks: str, says: dict[str, str]
) -> None:
    four.type(breaks, project)
    told = four.commit(project)
    assert without_fixes(told) == Told(
        1, {hook: textwrap.dedent(words) for hook, words in says.items()}, 3 - len(says)
    )
    four.paste(told, project)
    assert four.commit(project) == PASSED


def test_a_local_venv_is_refused_until_the_link_is_back(four: Family) -> None:
    four.type("rm venv && python3 -m venv --without-pip venv", MEDIA)
    told = four.commit(MEDIA)
    says = (
        "venv: is a local venv, but `../dr-daily-report/venv` is the one that this project shares;"
        " it has no distribution that the shared one lacks [local-venv]\n"
    )
    assert without_fixes(told) == Told(1, {LINK: says, LOCAL: says}, 1)
    four.paste(told, MEDIA)
    assert four.commit(MEDIA) == PASSED


def test_an_emptied_venv_is_refused_until_it_is_filled_again(four: Family) -> None:
    four.type("rm -rf venv/ || true", TELEGRAM)
    told = four.commit(TELEGRAM)
    assert without_fixes(told).findings[LINK] == (
        "../dr-daily-report/venv: is empty: `python -m venv --clear` or `rm -rf venv/`, run through"
        " a link, empties the shared venv [venv-emptied]\n"
    )
    four.paste(told, TELEGRAM)
    told = four.commit(TELEGRAM)
    assert without_fixes(told).findings == {
        LINK: "../dr-daily-report/venv/bin/dr: is missing, but `--require-command` asks for it"
        " [command-missing]\n",
        SYNC: "requirements.txt:1: `pandas>=2.0` is required, but not installed [not-installed]\n"
        "requirements.txt:2: `requests==2.31.0` is required, but not installed [not-installed]\n",
    }
    four.paste(told, TELEGRAM)
    told = four.commit(TELEGRAM)
    four.paste(told, TELEGRAM)
    assert four.commit(TELEGRAM) == PASSED


def test_the_fallback_passes_while_the_owner_is_not_there(four: Family) -> None:
    four.type(f"mv ../{OWNER} ../moved-away", MEDIA)
    assert four.commit(MEDIA).status == 1
    four.type(f"rm venv && {MAKE_VENV} && venv/bin/pip install -r requirements.txt", MEDIA)
    assert four.commit(MEDIA) == PASSED
    four.type(f"mv ../moved-away ../{OWNER}", MEDIA)
    told = four.commit(MEDIA)
    assert told.findings.keys() == {LINK, LOCAL}
    four.paste(told, MEDIA)
    assert four.commit(MEDIA) == PASSED


def test_a_venv_of_uv_is_refused(four: Family) -> None:
    four.type("uv venv --quiet", NEWS)
    told = four.commit(NEWS)
    assert (told.status, [*told.findings], told.passed) == (1, [LOCAL], 2)
    assert told.findings[LOCAL].startswith(".venv: is a local venv")
    four.paste(told, NEWS)
    assert four.commit(NEWS) == PASSED


@pytest.mark.parametrize("repair", [TELEGRAM, OWNER])
def test_a_conflict_is_refused_in_either_project_until_one_changes(
    four: Family, repair: str
) -> None:
    """The guide's own: pandas 2.0.0 in the owner, 1.5.3 in a member."""
    four.type("printf '%s\\n' pandas==1.5.3 requests==2.31.0 > requirements.txt", TELEGRAM)
    told = {project: four.commit(project) for project in (OWNER, TELEGRAM, MEDIA)}
    assert told == {
        OWNER: Told(
            1,
            {
                SYNC: "requirements.txt:2: `pandas==2.0.0` contradicts `pandas==1.5.3` of"
                " ../dr-daily-report_telegram/requirements.txt:1, and `2.0.0` is installed: one of them"
                " has to change [conflict]\n"
            },
            2,
        ),
        TELEGRAM: Told(
            1,
            {
                SYNC: "requirements.txt:1: `pandas==1.5.3` contradicts `pandas==2.0.0` of"
                " ../dr-daily-report/requirements.txt:2, and `2.0.0` is installed: one of them has"
                " to change [conflict]\n"
            },
            2,
        ),
        MEDIA: PASSED,
    }
    if repair == TELEGRAM:
        four.type("git checkout requirements.txt", TELEGRAM)
    else:
        four.type("sed -i.bak s/pandas==2.0.0/pandas==1.5.3/ requirements.txt", OWNER)
        four.type("venv/bin/python -m pip install -r requirements.txt", OWNER)
    assert [four.commit(project) for project in (OWNER, TELEGRAM)] == [PASSED, PASSED]


def test_a_tracked_link_is_refused_before_it_is_in_the_history(four: Family) -> None:
    """Once it is tracked, pre-commit's stash deletes a local venv, and every hook passes."""
    four.type("git add --force venv", TELEGRAM)
    told = four.commit(TELEGRAM)
    assert (told.status, [*told.findings], told.passed) == (1, [LOCAL], 2)
    four.paste(told, TELEGRAM)
    assert four.commit(TELEGRAM) == PASSED
    assert four.type("git ls-files venv", TELEGRAM) == ""


def test_a_partial_commit_is_judged_by_what_it_commits(four: Family) -> None:
    """`git commit FILE` has an index of its own; the link waits in the other one."""
    four.type("git add --force venv", TELEGRAM)
    assert four.commit(TELEGRAM, f"{WORK}; git commit --quiet -m 'A note' notes.md") == PASSED
    assert four.commit(TELEGRAM, "git commit --quiet -m 'The link'").findings.keys() == {LOCAL}


def test_a_linked_work_tree_has_its_own_link(four: Family) -> None:
    four.type("git worktree add --quiet '../../other place/tree' -b topic", MEDIA)
    tree = "../other place/tree"
    told = four.commit(tree)
    link = "../../my dev/dr-daily-report/venv"
    assert without_fixes(told).findings[LINK] == (
        f"venv: is missing: it should be a link to `{link}` [link-missing]\n"
    )
    four.paste(told, tree)
    assert four.commit(tree) == PASSED
    assert four.commit(tree, f"{WORK}; git commit --quiet -m 'A note' notes.md") == PASSED


def test_a_checkout_with_fix_puts_the_link_in_place(four: Family) -> None:
    sed = f"sed -i.bak 's/--require-command=dr/--fix/' {family.CONFIGURATION_FILE}"
    four.type(f"{sed} && git commit --quiet --no-verify --all -m 'Repair by itself'", NEWS)
    four.type(f"{four.runner} install --hook-type=post-checkout && rm venv", NEWS)
    assert four.tell("git checkout --quiet -b topic", NEWS) == PASSED
    assert os.readlink(four.dev / NEWS / "venv") == TARGET
    assert four.tell("git checkout --quiet -b another", NEWS) == PASSED


def test_a_pull_tells_of_a_new_requirement(four: Family) -> None:
    four.type(f"{four.runner} install --hook-type=post-merge", MEDIA)
    origin = f"../origins/{MEDIA}"
    four.type("echo pillow==10.1.0 >> requirements.txt; git commit --quiet -am Pictures", origin)
    told = four.tell("git pull --quiet", MEDIA)
    assert without_fixes(told) == Told(
        0,  # it is merged: a hook can only tell
        {
            SYNC: "requirements.txt:3: `pillow==10.1.0` is required, but not installed"
            " [not-installed]\n"
        },
        2,
    )
    four.paste(told, MEDIA)
    assert four.commit(MEDIA) == PASSED


@pytest.mark.parametrize(
    ("make_venv", "outside"),
    [
        pytest.param("true", 1, id="without a venv, which is a finding elsewhere"),
        pytest.param(
            f"{MAKE_VENV} && venv/bin/python -m pip install -r requirements.txt",
            0,
            id="with a fresh venv, which is the fallback elsewhere",
        ),
    ],
)
def test_in_ci_a_lone_clone_passes(four: Family, make_venv: str, outside: int) -> None:
    four.type(f"git clone --quiet ../origins/{MEDIA} ../ci/{MEDIA}", "")
    clone = f"../ci/{MEDIA}"
    four.type(make_venv, clone)
    assert four.tell(f"CI=true {four.runner} run --all-files", clone) == PASSED
    assert four.tell(f"{four.runner} run --all-files", clone).status == outside


def test_in_ci_a_missing_requirement_is_found(four: Family) -> None:
    four.type(f"git clone --quiet ../origins/{MEDIA} ../ci/{MEDIA}", "")
    clone = f"../ci/{MEDIA}"
    four.type(f"{MAKE_VENV} && venv/bin/python -m pip install numpy==1.24.0", clone)
    told = four.tell(f"CI=true {four.runner} run --all-files", clone)
    assert without_fixes(told) == Told(
        1,
        {
            SYNC: "requirements.txt:2: `httpx==0.27.0` is required, but not installed"
            " [not-installed]\n"
        },
        2,
    )
    four.paste(told, clone)
    assert four.tell(f"CI=true {four.runner} run --all-files", clone) == PASSED


def test_by_hand_at_the_manual_stage(four: Family) -> None:
    run = f"{four.runner} run --hook-stage=manual --all-files"
    assert four.tell(run, TELEGRAM) == PASSED
    four.type("rm venv", TELEGRAM)
    assert four.tell(run, TELEGRAM).findings.keys() == {LINK}
