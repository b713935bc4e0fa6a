"""The commits that follow an event: every `fix:` is pasted as it comes, until all commit again."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from tests.events.deletions import is_a_deletion
from tests.events.family import Family, Told
from tests.events.keeping import (
    Snapshot,
    litter_since,
    lost_since,
    planted_in,
    snapshot,
    strangers,
    tree_of,
    versions,
)
from tests.events.projects import EXPECTED, FOUR
from tests.trees import put_back

MOST_ROUNDS = 8
"""In one project; more than any advice that ends can need."""


class Pasted(NamedTuple):
    project: str
    line: str


class Course:
    """What was told and pasted, and all that was wrong with it."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.before: Snapshot = snapshot(family)
        self.told: list[Told] = []
        self.pasted: list[Pasted] = []
        self.refused: list[str] = []
        """The projects that cannot commit, though nothing new is told."""
        self.faults: list[str] = []
        self._tried: set[str] = set()

    @property
    def rules(self) -> set[str]:
        return {rule for told in self.told for rule in told.rules}

    @property
    def most_lines(self) -> int:
        """That one commit has printed."""
        return max((len(told.output.splitlines()) for told in self.told), default=0)

    @property
    def most_pastes_in_a_project(self) -> int:
        return max(Counter(each.project for each in self.pasted).values(), default=0)

    def follow(self, first: str, *, twice: bool = True, pasting: bool = True) -> None:
        """Commit in each project, this one first, and paste what is told there till it passes.

        Without pasting, that a line is printed at all is a fault.
        """
        done: set[str] = set()
        while waiting := [each for each in self.family.projects if each not in done]:
            project = first if first in waiting else waiting[0]
            self._until_committed(project, twice=twice, pasting=pasting)
            done.add(project)
        if not self.refused:
            for project in self.family.projects:
                if not (told := self.family.commit(project)).committed:
                    self.faults.append(f"in the end {project} is refused again:\n{told.output}")
        self.faults += lost_since(self.before, self.family)
        self.faults += litter_since(self.before, self.family)
        self.faults += strangers(self.family)

    def _until_committed(self, project: str, *, twice: bool, pasting: bool) -> None:
        for _ in range(MOST_ROUNDS):
            told = self.family.commit(project)
            self.told.append(told)
            self._look_at(told)
            if told.committed:
                return
            new = [line for line in told.fixes if Pasted(project, line) not in self.pasted]
            if not new or not pasting:
                self.faults += [f"should not be told: {line}" for line in new]
                break
            for line in told.alternatives:
                self._try(project, line)
            for line in new:
                self.paste(project, line, twice=twice)
        self.refused.append(project)

    def _look_at(self, told: Told) -> None:
        """What no output may have, in any state."""
        if told.committed and (told.fixes or told.alternatives):
            self.faults.append(f"{told.project} passes, and yet is told to do something")
        for said in told.said:
            if said.status not in {0, 1, 2} or "Traceback" in said.output:
                self.faults.append(f"{said.hook} is not well: {said.output}")
        for line in [*told.fixes, *told.alternatives]:
            if is_a_deletion(line, self.family.dev / told.project):
                self.faults.append(f"takes something away: {line}")
            if Pasted(told.project, line) in self.pasted:
                self.faults.append(f"told again in {told.project} after it was pasted: {line}")

    def _try(self, project: str, alternative: str) -> None:
        """Paste an `or:`, look what it does, and put everything back."""
        if alternative in self._tried or self.family.places_outside(alternative):
            return
        self._tried.add(alternative)
        aside = self.family.base / "aside"
        put_back(self.family.dev, aside)
        status, output = self.family.run(alternative, project)
        if status:
            self.faults.append(f"does not work in {project} ({status}): {alternative}\n{output}")
        lost = lost_since(self.before, self.family)
        self.faults += [f"{fault}, by the alternative {alternative}" for fault in lost]
        put_back(aside, self.family.dev)

    def paste(self, project: str, line: str, *, twice: bool) -> None:
        """As a reader does; the second time it may fail, but do nothing."""
        self.pasted.append(Pasted(project, line))
        if outside := self.family.places_outside(line):
            self.faults.append(f"not pasted, it would reach {outside}: {line}")
            return
        status, output = self.family.run(line, project)
        if status:
            self.faults.append(f"does not work in {project} ({status}): {line}\n{output}")
            return
        if twice:
            once = tree_of(self.family)
            self.family.run(line, project)
            again = tree_of(self.family)
            changed = sorted(path for path, _ in once.items() ^ again.items())
            if changed:
                paths = ", ".join(dict.fromkeys(changed[:6]))
                self.faults.append(f"pasted twice in {project}: {line}\n  changes {paths}")

    # -- what a row of the table asks for --------------------------------------------------------

    def check_counts(self, lines: int, pastes: int, *, in_each: bool = False) -> None:
        """At most so many lines at one commit, and pastes in all, or in each of the projects.

        The three hooks know nothing of one another: each may say what it sees, and none sees all.
        """
        by_one_hook = len(self.told) and len(self.told[0].said) == 1
        if by_one_hook and self.most_lines > lines:
            longest = max(self.told, key=lambda told: len(told.output.splitlines()))
            self.faults.append(f"{self.most_lines} lines, not {lines}:\n{longest.output}")
        done = self.most_pastes_in_a_project if in_each else len(self.pasted)
        if done > (pastes if by_one_hook or not pastes else pastes + 1):
            self.faults.append(f"{done} pastes, not {pastes}: {self.pasted}")

    def check_told(self, *rules: str) -> None:
        """Each of these is among the rules that were named at the first commit."""
        first = self.told[0].rules if self.told else set()
        if missing := set(rules) - first:
            output = self.told[0].output if self.told else ""
            self.faults.append(f"not told: {', '.join(sorted(missing))}; but\n{output}")

    def check_well(self, **expected: str) -> None:
        """All commit; the venv is sound for everybody, and holds what one resolution leads to."""
        if self.refused:
            last = {told.project: told.output for told in self.told}
            stuck = "\n".join(f"{project}:\n{last[project]}" for project in self.refused)
            self.faults.append(f"still refused, with nothing new told: {stuck}")
            return
        if not (self.family.venv / "bin" / "activate").exists():
            self.faults.append(f"there is no venv at {self.family.venv}")
            return
        self.faults += planted_in(self.family)
        there = versions(self.family)
        asked = EXPECTED if set(FOUR) <= set(self.family.projects) else {}
        for name, version in (asked | expected).items():
            if there.get(name) != version:
                self.faults.append(f"{name} {there.get(name)} is installed, not {version}")

    def check_refused(self, *projects: str) -> None:
        """These and no others cannot commit, and nothing is there to paste: people decide."""
        if sorted(self.refused) != sorted(projects):
            self.faults.append(f"refused: {self.refused}, not {list(projects)}")

    def verdict(self) -> None:
        assert not self.faults, "\n".join(["", *map("- {}".format, dict.fromkeys(self.faults))])
