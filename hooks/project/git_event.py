"""What git is doing while a hook runs, and where its user typed the command."""

from __future__ import annotations

import os

from hooks.project.git_repository import read_git_repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_CHECKOUT = "PRE_COMMIT_CHECKOUT_TYPE"  # both runners set it at post-checkout alone
_UNDER_WAY = ("BISECT_LOG", "rebase-merge", "rebase-apply")  # gitrepository-layout(5)


def is_checkout(environ: Mapping[str, str]) -> bool:
    """At post-checkout git passes a hook's status on as its own."""
    return _CHECKOUT in environ


def is_passing_by(environ: Mapping[str, str]) -> bool:
    """A checkout that nobody stays at: of files, or one step of a bisect or rebase."""
    if not is_checkout(environ):
        return False
    if environ[_CHECKOUT] == "0":
        return True
    git = read_git_repository(os.getcwd())
    return git is not None and any(
        os.path.lexists(os.path.join(git.directory, name)) for name in _UNDER_WAY
    )


def folder_to_paste_in(environ: Mapping[str, str]) -> str | None:
    """The working directory, from where the user typed the git command; None if they are one.

    git starts a hook at the top of the work tree, and says in `GIT_PREFIX` where it was itself.
    """
    prefix = environ.get("GIT_PREFIX")
    root = os.getcwd()
    git = read_git_repository(root) if prefix is not None else None
    if git is None or prefix is None:
        return None
    folder = os.path.relpath(root, os.path.join(git.work_tree, prefix))
    return None if folder == "." else folder
