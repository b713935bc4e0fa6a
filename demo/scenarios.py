"""What goes wrong in a family that shares a venv, one thing after another: a row for each."""

from __future__ import annotations

from typing import NamedTuple

from demo.family import INSTALL_ALL, MEDIA, NEWS, OWNER, TARGET, TELEGRAM

LINK, LOCAL, SYNC = "check-venv-symlink", "forbid-local-venv", "check-requirements-sync"
PIP = f"{TARGET}/bin/python -m pip"
REFILL = f"cd ../{OWNER} && venv/bin/python {' '.join(INSTALL_ALL)}"
"""The siblings' requirements, which are no business of the project that repaired the venv."""


class Scenario(NamedTuple):
    title: str
    hook: str
    """The one that has to refuse."""
    project: str
    """Where it happens; the commands run in its root."""
    breaks: tuple[str, ...]
    says: str
    """What the hook has to say, in its own words."""
    label: str = "fix"
    """Which of the printed commands is pasted."""
    edits: tuple[str, ...] = ()
    """What a person does instead, where the repair is a decision and no command is printed."""
    tells: str = "git commit"
    """The git command that tells; after a `git pull` a hook can only tell, not refuse."""
    afterwards: tuple[str, ...] = ()
    """What a person does besides, once it is repaired."""


SCENARIOS = (
    Scenario(
        "a local venv is made in the link's place",
        LINK,
        MEDIA,
        ("rm venv", "python3 -m venv venv"),
        "is a local venv",
    ),
    Scenario("the link is gone", LINK, TELEGRAM, ("rm venv",), "is missing"),
    Scenario(
        "the link leads to nothing: the owner is not there, and is cloned",
        LINK,
        TELEGRAM,
        (f"mv ../{OWNER} ../moved-away",),
        "the owner `../dr-daily-report` is not there",
        afterwards=(f"cd ../{OWNER} && pre-commit install", "rm -rf ../moved-away", REFILL),
    ),
    Scenario(
        "the owner is not there, and a local venv is the fallback meanwhile",
        LINK,
        NEWS,
        (f"mv ../{OWNER} ../moved-away",),
        "the owner `../dr-daily-report` is not there",
        label="or",
    ),
    Scenario(
        "the owner is back, and the fallback has done its service",
        LINK,
        NEWS,
        (f"mv ../moved-away ../{OWNER}",),
        "is a local venv",
    ),
    Scenario(
        "the shared venv is emptied through the link by `venv --clear`",
        LINK,
        NEWS,
        ("python3 -m venv --clear venv",),
        "is empty",
        afterwards=(REFILL,),
    ),
    Scenario(
        "the shared venv is deleted through the link by `rm -rf venv/`",
        LINK,
        MEDIA,
        ("rm -rf venv/",),
        "is empty",
        afterwards=(REFILL,),
    ),
    Scenario(
        "uv rebuilds the shared venv through the link",
        LINK,
        TELEGRAM,
        ("uv venv --quiet --clear venv",),
        "sets `VIRTUAL_ENV` to",
        afterwards=(f"{TARGET}/bin/python -m ensurepip", REFILL),
    ),
    Scenario(
        "a script is installed through a member's link",
        LINK,
        MEDIA,
        ("venv/bin/python -m pip install --quiet --force-reinstall httpx==0.27.0",),
        "by way of the link in",
    ),
    Scenario(
        "the link is absolute",
        LINK,
        NEWS,
        (f'ln -sfn "$(cd ../{OWNER} && pwd)/venv" venv',),
        "an absolute path",
    ),
    Scenario(
        "the link leads to a sibling's link",
        LINK,
        NEWS,
        (f"ln -sfn ../{MEDIA}/venv venv",),
        "by way of the link in",
    ),
    Scenario(
        "the owner's venv is replaced by a link to an older one",
        LINK,
        OWNER,
        ("mv venv old", "ln -s old venv"),
        "this project is the owner",
        afterwards=(REFILL,),
    ),
    Scenario("`uv venv` makes a `.venv`", LOCAL, NEWS, ("uv venv --quiet",), ".venv"),
    Scenario(
        "the link is about to be tracked", LOCAL, TELEGRAM, ("git add -f venv",), "git tracks"
    ),
    Scenario(
        "a requirement is added, but not installed",
        SYNC,
        TELEGRAM,
        ("echo tqdm==4.66.1 >> requirements.txt",),
        "requirements.txt:3: `tqdm==4.66.1` is required",
    ),
    Scenario(
        "a package is downgraded by hand",
        SYNC,
        TELEGRAM,
        (f"{PIP} install --quiet requests==2.30.0",),
        "`requests==2.31.0` is required, but `2.30.0` is installed",
    ),
    Scenario(
        "a pull brings a new requirement",
        SYNC,
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
        SYNC,
        TELEGRAM,
        ("printf '%s\\n' pandas==1.5.3 requests==2.31.0 > requirements.txt",),
        f"`pandas==1.5.3` contradicts `pandas==2.0.0` of ../{OWNER}/requirements.txt:2",
        edits=("git checkout requirements.txt",),
    ),
    Scenario(
        "a package is installed by hand that nobody declares",
        SYNC,
        NEWS,
        (f"{PIP} install --quiet rich==13.7.0",),
        "`rich==13.7.0` is installed, but no project of the family declares it",
    ),
)
