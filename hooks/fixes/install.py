"""The one line that fills the shared venv for the whole family."""

from __future__ import annotations

import os

from hooks.fast.records import NamedTuple
from hooks.files import real_path
from hooks.fixes.installer import (
    Argument,
    find_installer,
    is_masked,
    of_file,
    of_line,
    of_project,
    under,
)
from hooks.harmless import quoted
from hooks.requirements.required import compact
from hooks.shell import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence

    from hooks.fixes.installer import Installer
    from hooks.requirements.required import Required
    from hooks.requirements.sources import Source

Line = tuple[str, "int | None", str]
"""Which line of which file a requirement is: path, line, text."""


def line_of(required: Required) -> Line:
    return required.path, required.line, required.text


class Wish(NamedTuple):
    """What a venv is to be filled with."""

    own: Sequence[Source]
    siblings: Sequence[Source]
    applies: Callable[[Required], bool]
    """Its marker holds in the venv."""
    unsettled: Container[Line] = ()
    """What no command may have, as it would take a side."""
    is_met: Callable[[Required], bool] = lambda _: False
    """It is installed as this line asks for."""
    meant: Mapping[Line, Required | None] = {}
    """For lines of this project that mean the main work tree's folders; None of what is in this
    work tree alone."""


class Filling(NamedTuple):
    line: str | None
    """The command; None where there is nothing that it could install."""
    covered: Container[Line]
    left_out: dict[str, str]
    """Files that are not in it, and why."""


class _Group:
    """What goes into one resolution."""

    def __init__(self, folder: str, *, by_uv: bool = False, has_hashes: bool = False) -> None:
        self.folder = folder
        self.by_uv = by_uv
        self.has_hashes = has_hashes
        """Then nothing may go with it; nothing goes before it either, which would have to fit."""
        self.arguments: dict[Argument, None] = {}
        self.files: list[str] = []

    def add_file(self, source: Source) -> None:
        self.arguments[of_file(source, self.folder)] = None
        self.files.append(source.path)


def fill(venv: str, wish: Wish, replaced: Sequence[Required] = ()) -> Filling | str:
    """Install what the family asks for, in one resolution where the files can share one.

    `replaced` are lines whose distributions are there in the right version, from elsewhere: these
    are put there anew. As text: why nothing can be installed.
    """
    installer = find_installer(venv)
    if isinstance(installer, str):
        return installer
    plan = _Plan(installer, wish)
    lines = [installer.first] if installer.first else []
    lines += plan.replacing(replaced)
    groups = plan.groups()
    lines += [plan.written(group, groups) for group in groups]
    return Filling(" && ".join(lines) if groups else None, plan.covered, plan.left_out)


def install_project(venv: str, folder: str) -> str | None:
    """Install a project of the family anew, with its commands; None where nobody here may."""
    installer = find_installer(venv)
    if isinstance(installer, str):
        return None
    lines = [installer.first] if installer.first else []
    return " && ".join([*lines, installer.replace([of_project(folder)])])


class _Plan:
    """Each file of the family in its group, or left out."""

    def __init__(self, installer: Installer, wish: Wish) -> None:
        self.installer = installer
        self.wish = wish
        self.covered: set[Line] = set()
        self.in_words: set[Line] = set()
        self.left_out: dict[str, str] = {}
        self.sources: dict[tuple[object, ...], Source] = {}
        """By the file, what is asked of it, and the folder that its bare paths count from."""
        for source in [*wish.own, *wish.siblings]:
            if any(not each.constraint for each in source.read.required):
                folder = real_path(source.directory) if source.read.has_paths else ""
                self.sources.setdefault((source.asked, folder), source)
        self.plain: list[Source] = []
        """Files that others may have as a constraint."""

    def groups(self) -> list[_Group]:
        main = _Group(self._folder_of_all())
        groups: dict[tuple[object, ...], _Group] = {}
        for source in self.sources.values():
            if self._is_file(source):
                self._add_file(source, main, groups)
            else:
                self._add_words(source, main)
        found = [group for group in [main, *groups.values()] if group.arguments]
        return sorted(found, key=lambda group: not group.has_hashes)

    def replacing(self, replaced: Sequence[Required]) -> list[str]:
        by_line = {
            line_of(each): source
            for source in self.sources.values()
            for each in source.read.required
        }
        arguments = []
        for each in replaced:
            source = by_line.get(line_of(each))
            # uv sees by itself where a distribution came from.
            if source is None or source.read.uv or line_of(each) in self.wish.unsettled:
                continue
            meant = self.wish.meant.get(line_of(each), each)
            argument = of_line(meant, source, ".") if meant else None
            if argument is None and self._is_file(source) and source.directory == ".":
                argument = of_file(source, ".")
            if argument is not None:
                arguments.append(argument)
        return [self.installer.replace(arguments)] if arguments else []

    def written(self, group: _Group, groups: Sequence[_Group]) -> str:
        arguments = [*group.arguments]
        if not group.has_hashes:
            others = [each for each in self.plain if each.path not in group.files]
            if len(groups) > 1:
                arguments += [under(each, group.folder) for each in others]
            arguments += dict.fromkeys(self._met(group))
        line = self.installer.install(arguments, by_uv=group.by_uv)
        if group.folder == ".":
            return line
        return f"({command('cd', '-P', group.folder)} && {line})"

    def _met(self, group: _Group) -> Iterator[Argument]:
        """What others ask for and have: nothing of it is fetched, and nothing is lifted over it."""
        by_file = [each for each in self.sources.values() if each.path in group.files]
        said = {compact(each) for source in by_file for each in source.read.required}
        for source in self.sources.values():
            if source in by_file or source in self.plain:
                continue
            for each in source.read.required:
                is_told = line_of(each) in self.in_words or compact(each) in said
                if each.constraint or each.origin or is_told:
                    continue
                if self.wish.applies(each) and self.wish.is_met(each):
                    yield Argument((compact(each),))

    def _folder_of_all(self) -> str:
        """Where what most files share is run: bare paths count from there."""
        with_paths = [
            each.directory
            for each in self.sources.values()
            if each.read.has_paths and _key(each) == _PLAIN and self._is_file(each)
        ]
        return with_paths[0] if with_paths and "." not in with_paths else "."

    def _is_file(self, source: Source) -> bool:
        """Whether an installer may take the file as it is."""
        read = source.read
        if source.path.endswith(".toml") and not (read.uv or _is_lock(source)):
            return False
        lines = map(line_of, read.required)
        changed = [each for each in read.required if line_of(each) in self.wish.meant]
        return (
            read.is_whole
            and not read.names_itself
            and not changed
            and not any(each in self.wish.unsettled for each in lines)
            and not any(map(_is_gone, read.required))
        )

    def _add_file(
        self, source: Source, main: _Group, groups: dict[tuple[object, ...], _Group]
    ) -> None:
        read = source.read
        by_uv = read.uv or _is_lock(source) or (read.has_hashes and read.has_paths)
        if by_uv and not self.installer.has_uv:
            self.left_out[source.path] = "only uv installs that file, and it is not on your PATH"
            return
        if by_uv:
            key: tuple[object, ...] = source.path, source.directory
            is_exact = read.has_hashes or _is_lock(source)
            group = _Group(source.directory, by_uv=True, has_hashes=is_exact)
        else:
            folder = source.directory if read.has_paths else main.folder
            key = *_key(source), folder
            group = _Group(folder, has_hashes=read.has_hashes)
        is_main = key == (*_PLAIN, main.folder)
        (main if is_main else groups.setdefault(key, group)).add_file(source)
        if _is_constraint(source):
            self.plain.append(source)
        self.covered.update(map(line_of, read.required))

    def _add_words(self, source: Source, main: _Group) -> None:
        """Line by line. A sibling's file with a bad line is left to its own commit."""
        if not source.read.is_whole and source not in self.wish.own:
            self.left_out[source.path] = "it has a line that no installer takes"
            return
        for each in source.read.required:
            line = line_of(each)
            meant = self.wish.meant.get(line, each)
            if each.constraint or line in self.wish.unsettled or not self.wish.applies(each):
                continue
            argument = of_line(meant, source, main.folder) if meant else None
            if argument is None:
                why = _why_no_words(source, each) if meant else _only_here(each)
                self.left_out.setdefault(source.path, why)
            else:
                main.arguments[argument] = None
                self.covered.add(line)
                self.in_words.add(line)


_PLAIN: tuple[object, ...] = ((), (), (), False)


def _key(source: Source) -> tuple[object, ...]:
    """What of a file holds for all that is installed with it."""
    read = source.read
    return read.indexes, read.settings, read.constraints, read.has_hashes


def _is_lock(source: Source) -> bool:
    """Of its packages it says where they come from, with their hashes."""
    return os.path.basename(source.path).startswith("pylock.")


def _is_constraint(source: Source) -> bool:
    """pip takes no extras, paths or URLs for a constraint, and an option would hold for all."""
    is_simple = all(
        each.name and not each.origin and not each.extras and each.path == source.path
        for each in source.read.required
    )
    return is_simple and _key(source) == _PLAIN and not source.path.endswith(".toml")


def _is_gone(required: Required) -> bool:
    """A place of this machine that is not there, such as `file:///croot/…` of conda's."""
    origin = required.origin
    is_local = origin is not None and origin.location.startswith("/")
    return is_local and origin is not None and not os.path.exists(origin.location)


def _only_here(required: Required) -> str:
    return f"{quoted(required.text)} is in this work tree alone, and would be gone with it"


def _why_no_words(source: Source, required: Required) -> str:
    read = source.read
    if _is_gone(required):
        return f"{quoted(required.text)} leads to a place that is gone"
    if "${" in required.text:
        return f"{quoted(required.text)} means something in that file only"
    if is_masked(required.url or ""):
        return f"{quoted(required.text)} holds what is not printed"
    if read.elsewhere:
        return f"{quoted(read.elsewhere)} says where it comes from, which pip and uv do not read"
    return "its lines go only together, as it says where they come from"
