"""Leads a family of four repositories through what becomes of a shared venv.

Each time a commit has to be refused by the right hook with the right words, and has to pass once
what the hook printed is pasted, and nothing else. `KEEP=1` keeps the folder that it happens in.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import textwrap
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from demo import family
from demo.scenarios import HOOKS, SCENARIOS, STYLE, Scenario

CHECKOUT = Path(__file__).resolve().parent.parent
ROUNDS = 3
"""How often a reader pastes what the hooks print until the commit passes: an emptied venv is made
anew first, then its packages are missing."""


class Outcome(NamedTuple):
    scenario: Scenario
    refused: bool
    pastes: int
    """How many lines were pasted until the commit passed; 0 if it never did."""


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="shared venv demo "))
    started = time.monotonic()
    try:
        stage = set_up(folder)
        outcomes = [play(stage, number, row) for number, row in enumerate(SCENARIOS, 1)]
        say("\nAnd in the end:\n")
        intact = all_pass(stage)
        show_family(stage)
    finally:
        if os.environ.get("KEEP"):
            say(f"\nEverything is still in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    show_table(outcomes)
    as_told = intact and all(outcome.refused and outcome.pastes for outcome in outcomes)
    ending = "everything went as told" if as_told else "NOT everything went as told"
    say(f"\n{len(outcomes)} scenarios in {time.monotonic() - started:.0f} s: {ending}")
    return 0 if as_told else 1


class Stage(NamedTuple):
    """The folder that the projects are in, and the shell that everything is typed into."""

    dev: Path
    environment: dict[str, str]

    def type(self, line: str, project: str) -> tuple[int, str]:
        """Do what somebody does who types the line into a shell in the project's root."""
        say(f"  $ {line}")
        return self.run(line, project)

    def run(self, line: str, project: str) -> tuple[int, str]:
        return family.run(["bash", "-c", line], self.dev / project, self.environment)


def set_up(folder: Path) -> Stage:
    stage = Stage(
        folder / "my dev", family.developers_shell(folder, folder / "environment" / "bin")
    )
    say(f"A family of four repositories in {stage.dev}")
    say("- this checkout as the repository that the hooks come from, and one more of hooks")
    do = partial(family.must_run, environment=stage.environment)
    hooks, style = folder / "shared-venv-hooks", folder / "house-style"
    revision = family.write_hook_repository(CHECKOUT, hooks, do)
    style.mkdir()
    (style / ".pre-commit-hooks.yaml").write_text(STYLE)
    do(["bash", "-ec", "git init -q; git add .; git commit -qm Begin; git tag v1.0"], style)
    do(["bash", "-ec", "git commit -q --allow-empty -m More; git tag v1.1"], style)
    say("- pre-commit, uv and shared-venv-status, from the package index, in a place of their own")
    tools = folder / "environment"
    stage.environment.update(family.pinned(family.locked(CHECKOUT), folder))
    stage.environment["PIP_NO_COMPILE"] = "1"  # half the time of an installation
    # Until a venv has its pip, a tenth of the demo is over: where this Python has one, that does.
    python, has_pip = str(tools / "bin" / "python"), find_spec("pip") is not None
    do([sys.executable, "-m", "venv", *["--without-pip"] * has_pip, str(tools)], folder)
    pip = [sys.executable, "-m", "pip", "--python", python] if has_pip else [python, "-m", "pip"]
    do([*pip, "install", "--quiet", "pre-commit", "uv", str(hooks)], folder)
    say("- small packages with the names and versions of the story: pandas 2.0.0, requests 2.31.0…")
    family.write_wheels(folder / "wheels")
    say("- the repositories, with the hooks installed in each, and the members' links")
    configuration = family.configuration(
        str(hooks), revision, HOOKS.replace("STYLE_REPOSITORY", str(style))
    )
    family.write_projects(stage.dev, folder / "origins", configuration, do)
    do(["pre-commit", "install-hooks"], stage.dev / family.OWNER)
    for project in family.PROJECTS:
        do(["pre-commit", "install"], stage.dev / project)
    stage.environment.update(family.only_from(folder / "wheels"))  # no package index from here on
    say("\nAll four have the same configuration:\n")
    say(textwrap.indent(configuration, "    "))
    show_family(stage)
    return stage


def show_family(stage: Stage) -> None:
    show(stage.type("shared-venv-status", family.NEWS)[1])


def all_pass(stage: Stage) -> bool:
    """Commit in each project of a family that is as it should be."""
    passed = []
    for project in family.PROJECTS:
        code, output = commit(stage, project)
        passed.append(code == 0)
        say(f"{'passes' if code == 0 else 'is REFUSED'}: a commit in {project}")
        if code:
            show(output)
    return all(passed)


def play(stage: Stage, number: int, scenario: Scenario) -> Outcome:
    """Break it, see it refused, paste what the hook prints, see it pass."""
    say(f"\n{bold(f'{number}. {scenario.title}')} ({scenario.project})\n")
    for line in scenario.breaks:
        stage.type(line, scenario.project)
    if scenario.tells == "git pull":
        code, output = stage.type("git pull", scenario.project)
        refused = code == 0  # there is nothing to refuse any more
    else:
        code, output = commit(stage, scenario.project, shown=True)
        refused = code != 0
    show(output)
    told = told_by(output, scenario.hook)
    if scenario.says not in told:
        say(f"  {scenario.hook} should have REFUSED this, with the words: {scenario.says}")
        refused = False
    return Outcome(scenario, refused, paste(stage, scenario, told))


def paste(stage: Stage, scenario: Scenario, told: str) -> int:
    """Paste what is printed and commit, until the commit passes; how many lines it took."""
    lines = scenario.edits or commands_in(told)
    pastes = 0
    for _ in range(ROUNDS):
        for line in lines:
            code, output = stage.type(line, scenario.project)
            pastes += 1
            if code:
                show(output)
                return 0
        code, output = commit(stage, scenario.project, shown=True)
        show(output)
        if code == 0:
            say("  The commit passes")
            return pastes
        lines = commands_in(output)
    return 0


def commit(stage: Stage, project: str, *, shown: bool = False) -> tuple[int, str]:
    """Commit some work; the exit status and what was said, for a pass its notes only."""
    before = stage.run("git rev-parse HEAD", project)
    line = "echo '- one more thing' >> notes.md; git commit --quiet --all -m 'Take a note'"
    code, output = (stage.type if shown else stage.run)(line, project)
    if (code == 0) is (stage.run("git rev-parse HEAD", project) == before):
        raise SystemExit(f"git commit ended with {code}, but HEAD says otherwise:\n{output}")
    return code, "" if code == 0 and "note: " not in output else output


def told_by(output: str, hook: str) -> str:
    """The part of a runner's output that is this hook's."""
    sections = re.split(r"^(?=.*\.{3,}(?:Passed|Failed|Skipped)$)", output, flags=re.MULTILINE)
    return "".join(section for section in sections if f"- hook id: {hook}\n" in section)


def commands_in(output: str) -> tuple[str, ...]:
    """The commands after `fix:` that a reader pastes, each once."""
    return tuple(dict.fromkeys(re.findall(r"^ +fix: (.*)$", output, flags=re.MULTILINE)))


def show_table(outcomes: list[Outcome]) -> None:
    width = max(len(outcome.scenario.title) for outcome in outcomes)
    say(f"\n{'scenario':{width}}  {'hook':20}  refused  pastes")
    for scenario, refused, pastes in outcomes:
        verdict = "told" if scenario.tells == "git pull" else "yes"
        answers = f"{verdict if refused else 'NO':7}  {pastes or 'NO'}"
        say(f"{scenario.title:{width}}  {scenario.hook:20}  {answers}")


def show(output: str) -> None:
    if output:
        say(textwrap.indent(output.rstrip("\n"), "  | "))


def bold(text: str) -> str:
    return f"\033[1m{text}\033[0m" if sys.stdout.isatty() else text


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
