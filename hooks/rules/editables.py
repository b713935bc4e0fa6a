"""The family's own projects, installed editable: what installs them from where they are now."""

from __future__ import annotations

from hooks.files import real_path
from hooks.fixes.install import install_project
from hooks.project.family import projects_of
from hooks.requirements.places import name_of_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from hooks.project.project import Project


def install_again(
    names: Container[str], project: Project, siblings: Iterable[str], venv: str
) -> str | None:
    """One line for those of them that are projects of the family; None for none."""
    folders = [each for each in projects_of(project, siblings) if name_of_project(each) in names]
    lines = (install_project(real_path(venv), each) for each in folders)
    return " && ".join(filter(None, lines)) or None
