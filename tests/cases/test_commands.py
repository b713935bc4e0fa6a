"""`--require-command`: a command that is there, and cannot work."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.family import BASE, PASSED, TARGET, Family, make_wheel, site_packages
from tests.cases.kinds import kind
from tests.packages import make_project

LINK = "check-venv-symlink"
ALL = "check-shared-venv"
ASKED = [TARGET, "--require-command=dr"]
START = "import sys\nfrom drpkg.cli import main\nsys.exit(main())\n"


def install_dr(family: Family) -> None:
    """As pip does it: `dr` starts `drpkg.cli`."""
    (family.owner / "pyproject.toml").write_text(
        '[project]\nname = "drpkg"\nversion = "1.0"\n[project.scripts]\ndr = "drpkg.cli:main"\n'
    )
    wheels = family.dev.parent / "wheels"
    make_wheel(wheels, "drpkg", "1.0", files={
        "drpkg/cli.py": "def main():\n    print('it works')\n",
        "INFO/entry_points.txt": "[console_scripts]\ndr = drpkg.cli:main\n",
    })  # fmt: skip
    family.environ["PIP_FIND_LINKS"] = str(wheels)
    family.install("drpkg")
    (family.owner / "requirements.txt").write_text("drpkg==1.0\n")


def script(family: Family) -> Path:
    return family.venv / "bin" / "dr"


# It works: silent.


def as_pip_writes_it(family: Family) -> None:
    pass


def by_the_shell(family: Family) -> None:
    """What pip writes for a path with a space in it, or a long one."""
    line = f"#!/bin/sh\n'''exec' \"{family.venv}/bin/python\" \"$0\" \"$@\"\n' '''\n"
    script(family).write_text(line + START)


def no_python_at_all(family: Family) -> None:
    script(family).write_text("#!/bin/sh\necho it works\n")


def a_link_to_a_program(family: Family) -> None:
    script(family).unlink()
    script(family).symlink_to("/bin/echo")


def a_module_without_a_package(family: Family) -> None:
    (site_packages(family.venv) / "single.py").write_text("def main():\n    pass\n")
    script(family).write_text(
        f"#!{family.venv}/bin/python\nimport sys\nfrom single import main\nsys.exit(main())\n"
    )


def a_namespace_package(family: Family) -> None:
    (site_packages(family.venv) / "drpkg" / "__init__.py").unlink()


def by_a_path_file(family: Family) -> None:
    """Installed with `-e`."""
    source = family.owner / "src"
    source.mkdir()
    (site_packages(family.venv) / "drpkg").rename(source / "drpkg")
    (site_packages(family.venv) / "__editable__.drpkg-1.0.pth").write_text(f"{source}\n")


def of_the_standard_library(family: Family) -> None:
    script(family).write_text(
        f"#!{family.venv}/bin/python\nfrom platform import platform\nplatform()\n"
    )


@pytest.mark.parametrize(
    "state",
    [
        as_pip_writes_it,
        by_the_shell,
        no_python_at_all,
        a_link_to_a_program,
        a_module_without_a_package,
        a_namespace_package,
        by_a_path_file,
        of_the_standard_library,
    ],
)
@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("a command that cannot work")
def test_a_command_that_works(family: Family, state: Callable[[Family], None], hook: str) -> None:
    install_dr(family)
    state(family)
    family.run(str(script(family)), folder=family.owner)
    assert family.hook(hook, *ASKED) == PASSED


# It cannot work: told, with what puts it right.


def empty(family: Family) -> None:
    """The disk was full."""
    script(family).write_text("")


def with_carriage_returns(family: Family) -> None:
    script(family).write_bytes(script(family).read_bytes().replace(b"\n", b"\r\n"))


def without_its_package(family: Family) -> None:
    """Uninstalled or renamed, and the script stayed."""
    shutil.rmtree(site_packages(family.venv) / "drpkg")


def without_its_module(family: Family) -> None:
    (site_packages(family.venv) / "drpkg" / "cli.py").unlink()


def of_an_editable_that_moved(family: Family) -> None:
    shutil.rmtree(site_packages(family.venv) / "drpkg")
    gone = family.owner / "gone" / "src"
    (site_packages(family.venv) / "__editable__.drpkg-1.0.pth").write_text(f"{gone}\n")


def a_dangling_link(family: Family) -> None:
    script(family).unlink()
    script(family).symlink_to("../../gone/dr")


def not_executable(family: Family) -> None:
    script(family).chmod(0o644)


def a_folder(family: Family) -> None:
    script(family).unlink()
    script(family).mkdir()


def of_another_python(family: Family) -> None:
    script(family).write_text(f"#!{BASE}\n{START}")


def uninstalled(family: Family) -> None:
    """The script stayed."""
    for each in site_packages(family.venv).glob("*drpkg*.pth"):
        each.unlink()


@pytest.mark.parametrize(
    "state",
    [
        empty,
        with_carriage_returns,
        without_its_package,
        without_its_module,
        of_an_editable_that_moved,
        a_dangling_link,
        not_executable,
        a_folder,
        of_another_python,
    ],
)
@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("a command that cannot work")
def test_a_command_that_cannot_work(
    family: Family, state: Callable[[Family], None], hook: str
) -> None:
    install_dr(family)
    state(family)
    said = family.hook(hook, *ASKED)
    assert said.status == 1
    assert any(rule in {"command-broken", "command-missing"} for rule in said.rules)
    assert "dr" in said.stdout


def make_dr_project(folder: Path) -> None:
    """A project that declares `dr` and can be installed with `-e`."""
    make_project(folder, "drpkg", "1.0")
    declared = '[project.scripts]\ndr = "drpkg.cli:main"\n'
    (folder / "pyproject.toml").write_text((folder / "pyproject.toml").read_text() + declared)
    written = "[console_scripts]\\ndr = drpkg.cli:main\\n"
    backend = (folder / "backend.py").read_text()
    before, record, after = backend.partition("    record = info")
    entry = f"    files[info + '/entry_points.txt'] = '{written}'\n"
    (folder / "backend.py").write_text(before + entry + record + after)
    (folder / "drpkg").mkdir()
    (folder / "drpkg" / "cli.py").write_text("def main():\n    print('it works')\n")


@pytest.mark.parametrize("state", [empty, with_carriage_returns, not_executable, uninstalled])
@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("a command that cannot work")
def test_its_fix_installs_the_project_that_declares_it(
    family: Family, state: Callable[[Family], None], hook: str
) -> None:
    """The command works afterwards."""
    make_dr_project(family.owner)
    (family.owner / "requirements.txt").write_text("-e .\n")
    family.install("-e", ".", folder=family.owner)
    state(family)
    rounds = family.follow(hook, *ASKED)
    assert rounds[0].status == 1
    assert rounds[-1].status == 0
    assert family.run(str(script(family))) == "it works\n"
