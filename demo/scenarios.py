"""What a family that shares a venv lives through, one thing after another: a row for each."""

from __future__ import annotations

from typing import NamedTuple

from demo.family import MEDIA, NEWS, OWNER, TARGET, TELEGRAM

SHARED, AGREE = "check-shared-venv", "check-siblings-agree"

HOOKS = f"""\
      - id: {SHARED}
        args: [--target={TARGET}, --require-command=dr, --forbid-undeclared]
      - id: {AGREE}
        args: [--target={TARGET}, --same=.editorconfig]
  - repo: STYLE_REPOSITORY
    rev: v1.1
    hooks:
      - id: house-style
"""

STYLE = """\
- id: house-style
  name: house style
  language: system
  entry: "true"
"""
"""The manifest of a second repository of hooks, which the siblings pin as well."""


class Scenario(NamedTuple):
    title: str
    project: str
    """Where it happens; the commands run in its root."""
    breaks: tuple[str, ...]
    says: str
    """What the hook has to say, in its own words."""
    hook: str = SHARED
    """The one that has to refuse."""
    edits: tuple[str, ...] = ()
    """What a person does instead, where it is a decision and no command is printed."""
    tells: str = "git commit"
    """The git command that tells; after a `git pull` a hook can only tell, not refuse."""


SCENARIOS = (
    Scenario(
        "a new machine: the projects are cloned, and there is no venv",
        NEWS,
        (),
        "has no venv there",
    ),
    Scenario("the link is gone", TELEGRAM, ("rm venv",), "is missing"),
    Scenario(
        "a local venv is made in the link's place",
        MEDIA,
        ("rm venv", "python3 -m venv --without-pip venv"),
        "is a local venv",
    ),
    Scenario(
        "`venv --clear` through the link empties the shared venv",
        NEWS,
        ("python3 -m venv --clear venv",),
        "is empty",
    ),
    Scenario(
        "a script is installed through a member's link",
        MEDIA,
        ("venv/bin/python -m pip install --quiet --force-reinstall httpx==0.27.0",),
        "and breaks with that",
    ),
    Scenario("`uv venv` makes a `.venv`", NEWS, ("uv venv --quiet",), ".venv: is a local venv"),
    Scenario("the link is about to be tracked", TELEGRAM, ("git add -f venv",), "git tracks"),
    Scenario(
        "a package is downgraded by hand",
        TELEGRAM,
        ('"$(cd -P venv && pwd)"/bin/python -m pip install --quiet requests==2.30.0',),
        "`requests==2.31.0` is required, but `2.30.0` is installed",
    ),
    Scenario(
        "`uv venv --clear` through the link takes it over",
        TELEGRAM,
        ("uv venv --quiet --clear venv",),
        "rewrote it",
    ),
    Scenario(
        "a pull brings a new requirement",
        MEDIA,
        (
            "git push --quiet",
            f"git clone --quiet ../../origins/{MEDIA} ../../colleague",
            "echo pillow==10.1.0 >> ../../colleague/requirements.txt",
            "git -C ../../colleague commit --quiet --all -m 'Draw pictures'",
            "git -C ../../colleague push --quiet",
        ),
        "requirements.txt:3: `pillow==10.1.0` is required",
        tells="git pull",
    ),
    Scenario(
        "two siblings contradict each other",
        TELEGRAM,
        ("printf '%s\\n' pandas==1.5.3 requests==2.31.0 > requirements.txt",),
        f"`pandas==1.5.3` contradicts `pandas==2.0.0` of ../{OWNER}/requirements.txt:2",
        edits=("git checkout requirements.txt",),
    ),
    Scenario(
        "a package is installed that nobody declares",
        NEWS,
        ('uv pip install --quiet --python "$(cd -P venv && pwd)" rich==13.7.0',),
        "`rich==13.7.0` is installed, but no project of the family declares it",
        edits=("echo rich==13.7.0 > requirements.txt && git add requirements.txt",),
    ),
    Scenario(
        "one sibling pins older hooks than the others",
        MEDIA,
        ("sed -i.old 's/rev: v1.1/rev: v1.0/' .pre-commit-config.yaml && rm *.yaml.old",),
        "`v1.0`",
        hook=AGREE,
    ),
)
