"""What is known of a family, as the lines of a screen and as the fields of a JSON document."""

from __future__ import annotations

import os
import re
import textwrap
import unicodedata

from hooks.fast.records import NamedTuple
from hooks.files import is_same
from hooks.report import Note, pasted_from

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hooks.project.activation import Shell
    from hooks.project.git_hooks import GitHooks
    from hooks.rules.one_project import Looked
    from hooks.rules.status import Shared, Status
    from hooks.venvs.disk import Disk

    Show = Callable[[str], str]

WIDTH = 100
_LABEL = 14
"""Columns that the labels at the left take."""
_LONGEST = 20
"""Columns of a cell that is not the name: what is longer is cut in its middle."""
_SHORTEST = 16
"""Columns that are left for a name, at the least."""
_HEADINGS = ("project", "link", "asks", "missing", "other", "own venvs", "git hooks", "rev")
_RIGHT = frozenset({"asks", "missing", "other"})
_BOLD, _RED, _GREEN, _PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[0m"


class Cell(NamedTuple):
    text: str
    is_bad: bool = False


def lines(status: Status, show: Show, *, folder: str | None, coloured: bool) -> Iterator[str]:
    """The screen. `folder` is where commands count from, seen from where they are pasted."""
    paint = _paint if coloured else _unpainted
    yield f"{'shared venv':{_LABEL}}{_shared_text(status.shared, show, paint)}"
    yield f"{'this shell':{_LABEL}}{show(_shell_text(status.shell, status.shared.path))}"
    yield from _table(status.projects, show, paint)
    for conflict in status.conflicts:
        yield from _labelled("conflict", show(conflict))
    if status.disk is not None:
        yield from _labelled("disk", _disk_text(status.disk))
    if status.fill is not None:
        yield f"{'fill':{_LABEL}}{show(pasted_from(folder, status.fill))}"
    if status.newer is not None:
        yield f"{'newer Python':{_LABEL}}{status.newer.why or ''}".rstrip()
        for line in status.newer.commands:
            yield f"  {show(pasted_from(folder, line))}"
    for each in status.messages:
        if isinstance(each, Note):
            yield f"note: {show(each.what)}"
    yield _ending(status, show, folder)


def document(status: Status, folder: str | None) -> dict[str, object]:
    """The fields beside those of every hook's document."""
    shared, shell, disk = status.shared, status.shell, status.disk
    newer = status.newer.commands if status.newer else []
    return {
        "venv": {
            "path": shared.path,
            "python": shared.python,
            "distributions": shared.distributions,
            "works": shared.why is None,
        },
        "shell": {"activated": _activated(shell, shared.path) if shell else None},
        "projects": [_project(each) for each in status.projects],
        "disk": disk and {"held": disk.held, "private": disk.private},
        "fill": status.fill and pasted_from(folder, status.fill),
        "newer_python": [pasted_from(folder, line) for line in newer],
    }


def _project(looked: Looked) -> dict[str, object]:
    counts, hooks = looked.counts, looked.git_hooks
    return {
        "path": looked.path,
        "role": "owner" if looked.is_owner else "member",
        "link": looked.link,
        "asks": counts and counts.asks,
        "missing": counts and counts.missing,
        "other": counts and counts.other,
        "own_venvs": list(looked.own_venvs),
        "git_hooks": hooks and {"runners": list(hooks.runners), "stages": list(hooks.stages)},
        "rev": looked.rev,
    }


def _labelled(label: str, text: str) -> list[str]:
    """As many lines as it takes; a word is never broken."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=f"{label:{_LABEL}}",
        subsequent_indent=" " * _LABEL,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )


def _shared_text(shared: Shared, show: Show, paint: Callable[[str, str], str]) -> str:
    if shared.why is not None:
        return f"{show(shared.path)}   {paint(show(shared.why), _RED)}"
    count = shared.distributions
    noun = "distribution" if count == 1 else "distributions"
    return (
        f"{show(shared.path)}   Python {shared.python}   {count} {noun}   {paint('works', _GREEN)}"
    )


def _activated(shell: Shell, shared: str) -> str | None:
    """The activated venv; the shared one by the path that is shown of it."""
    if shell.activated is not None and is_same(shell.activated, shared):
        return shared
    return shell.activated


def _shell_text(shell: Shell | None, shared: str) -> str:
    if shell is None:
        return "cannot be told here: a runner has its own environment on PATH"
    folder = os.path.dirname(shell.python) if shell.python else None
    is_its = folder is not None and is_same(folder, f"{shared}/bin")
    python = f"`python` on PATH is {shell.python}" if shell.python else "no `python` is on PATH"
    activated = _activated(shell, shared)
    if activated == shared:
        return f"activated: {shared}" if is_its else f"activated: {shared}, but {python}"
    if activated is not None:
        but = f", but `python` on PATH is that of {shared}" if is_its else ""
        return f"another venv is activated: {activated}{but}"
    if is_its:
        return f"not activated, but `python` on PATH is that of {shared}"
    return f"no venv is activated; {python}"


def _table(
    projects: Sequence[Looked], show: Show, paint: Callable[[str, str], str]
) -> Iterator[str]:
    rows = [[cell._replace(text=show(cell.text)) for cell in _cells(each)] for each in projects]
    widths = [
        max(_width(heading), *(_width(row[column].text) for row in rows))
        for column, heading in enumerate(_HEADINGS)
    ]
    widths[1:] = [min(width, _LONGEST) for width in widths[1:]]
    gaps = 2 * (len(widths) - 1)
    widths[0] = min(widths[0], max(WIDTH - sum(widths[1:]) - gaps, _SHORTEST))
    header = [Cell(heading) for heading in _HEADINGS]
    yield paint(_row(header, widths, _unpainted), _BOLD)
    for row in rows:
        yield _row(row, widths, paint)


def _row(cells: Sequence[Cell], widths: Sequence[int], paint: Callable[[str, str], str]) -> str:
    padded = []
    for cell, width, heading in zip(cells, widths, _HEADINGS, strict=True):
        text = cut(cell.text, width)
        room = " " * (width - _width(text))
        shown = paint(text, _RED) if cell.is_bad else text
        padded.append(room + shown if heading in _RIGHT else shown + room)
    return "  ".join(padded).rstrip()


def _cells(looked: Looked) -> list[Cell]:
    counts = looked.counts
    venvs = [*looked.own_venvs]
    more = f" +{len(venvs) - 1}" if len(venvs) > 1 else ""
    hooks = looked.git_hooks
    rev = looked.rev or "-"
    return [
        Cell(looked.name),
        Cell(looked.link, looked.link not in {"owner", "ok", "fallback"}),
        _number(counts and counts.asks, is_fine=True),
        _number(counts and counts.missing),
        _number(counts and counts.other),
        Cell(f"{venvs[0]}{more}" if venvs else "-", bool(venvs)),
        Cell(_hooks_text(hooks), hooks is not None and not hooks.runners),
        Cell(rev[:12] if re.fullmatch("[0-9a-f]{40,64}", rev) else rev),
    ]


def _number(count: int | None, *, is_fine: bool = False) -> Cell:
    return Cell("-") if count is None else Cell(str(count), bool(count) and not is_fine)


def _hooks_text(hooks: GitHooks | None) -> str:
    if hooks is None:
        return "no git"
    if not hooks.runners:
        return "none"
    runners = "+".join(hooks.runners)
    if hooks.stages == ("pre-commit",):
        return runners
    stages = hooks.stages[0] if len(hooks.stages) == 1 else f"{len(hooks.stages)} stages"
    return f"{runners}, {stages}"


def _disk_text(disk: Disk) -> str:
    held, private = size(disk.held), size(disk.private)
    most = "at most " if disk.may_be_cloned else ""
    if disk.private == disk.held:
        adds = f"{most}{held}"
    else:
        adds = f"{most}{held} (installed by pip), {most}{private} (by uv, hard links)"
    why = ": files can share blocks here" if disk.may_be_cloned else ""
    return f"{most}{held} once; each venv of its own would add {adds}{why}"


def _ending(status: Status, show: Show, folder: str | None) -> str:
    count = status.with_findings
    if status.first is None:
        return "no findings"
    noun = "project" if count == 1 else "projects"
    return f"{count} {noun} with findings; first: {show(pasted_from(folder, status.first))}"


def size(count: int) -> str:
    """In binary units, as `du -h`: what is begun counts."""
    for unit, factor in [("KiB", 1024), ("MiB", 1024**2)]:
        if count < 10 * 1024 * factor:
            return f"{-(-count // factor):,} {unit}".replace(",", "")
    return f"{count / 1024**3:.1f} GiB"


def cut(text: str, width: int) -> str:
    """What is too long loses its middle: names of a family begin alike, and end differently."""
    if _width(text) <= width:
        return text
    start, end, index = "", "", 0
    while True:
        char = text[index // 2] if index % 2 else text[-1 - index // 2]
        if _width(start) + _width(char) + _width(end) >= width:
            return f"{start}…{end}"
        start, end = (start + char, end) if index % 2 else (start, char + end)
        index += 1


def _width(text: str) -> int:
    """Columns of a terminal."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def _paint(text: str, colour: str) -> str:
    return f"{colour}{text}{_PLAIN}"


def _unpainted(text: str, _: str) -> str:
    return text
