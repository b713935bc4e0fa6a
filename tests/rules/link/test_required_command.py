"""`--require-command`."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from hooks.check_shared_venv import main as check_all
from hooks.check_venv_symlink import main as check_link
from hooks.rules import command_run
from tests.faults import failing
from tests.rules.link.states import (
    BASE,
    MEMBER,
    OWNER,
    TARGET,
    arranged,
    expected,
    hook,
    script,
)
from tests.trees import Executable, Said, build, make_venv, said_whole

RUNS = [
    pytest.param("", "dr", id="it is there"),
    pytest.param("raise SystemExit(3)", "dr", id="without arguments it is not run"),
    pytest.param("import sys; raise SystemExit(sys.argv[1:] != ['--help'])", "dr --help", id="ran"),
    pytest.param(
        "import os, shutil; raise SystemExit(shutil.which('dr') != os.environ['VIRTUAL_ENV'] "
        "+ '/bin/dr')",
        "dr 'two words'",
        id="it runs as in the activated venv",
    ),
]


@pytest.mark.parametrize(("code", "wanted"), RUNS)
def test_a_required_command_that_works(code: str, wanted: str, family: Path) -> None:
    script(family / OWNER / "venv", code)
    for project in [MEMBER, OWNER]:
        assert hook(family / project, TARGET, "--require-command", wanted) == (0, "")


BROKEN_COMMANDS = [
    pytest.param(
        "rm ../dr-daily-report/venv/bin/dr",
        "dr",
        """
    ../dr-daily-report/venv/bin/dr: is missing, but `--require-command` asks for it; no project of the family declares it
        """,
        id="missing, and nothing here provides it",
    ),
    pytest.param(
        "rm ../dr-daily-report/venv/bin/dr && mkdir ../dr-daily-report/venv/bin/dr",
        "dr",
        """
    ../dr-daily-report/venv/bin/dr: is required, but is no file
        """,
        id="a directory",
    ),
    pytest.param(
        "chmod -x ../dr-daily-report/venv/bin/dr",
        "dr",
        """
    ../dr-daily-report/venv/bin/dr: is required, but may not be executed
      fix: chmod +x ../dr-daily-report/venv/bin/dr
        """,
        id="not executable",
    ),
    pytest.param(
        "printf '#!{base}\\n' > ../dr-daily-report/venv/bin/dr",
        "dr",
        """
    ../dr-daily-report/venv/bin/dr: starts `{base}`, which is not this venv's; no project of the family declares it
        """,
        id="another Python's",
    ),
    pytest.param(
        "printf '#!/gone/venv/bin/python\\n' > ../dr-daily-report/venv/bin/dr",
        "dr",
        """
    ../dr-daily-report/venv/bin: `dr` starts `/gone/venv/bin/python`, which is missing
      fix: (cd '{dev}/dr-daily-report/venv/bin' && for f in ./dr; do s=$(if [ "$(head -n 1 "$f")" = '#!/bin/sh' ]; then cat "$f"; else printf "%s\\n" '#!/bin/sh' ''"'"''"'"''"'"'exec'"'"' "{dev}/dr-daily-report/venv/bin/python" "$0" "$@"' ''"'"' '"'"''"'"''"'"''; tail -n +2 "$f"; fi && echo .) && printf %s "${s%.}" > "$f"; done)
        """,
        id="a moved venv's is said once",
    ),
    pytest.param(
        "echo 'raise SystemExit(\"no data\")' >> ../dr-daily-report/venv/bin/dr",
        "dr --help",
        """
    ../dr-daily-report/venv/bin/dr: `dr --help` exits with 1: `no data`
        """,
        id="it fails",
    ),
    pytest.param(
        "echo 'raise SystemExit(7)' >> ../dr-daily-report/venv/bin/dr",
        "dr --help",
        """
    ../dr-daily-report/venv/bin/dr: `dr --help` exits with 7
        """,
        id="it fails without a word",
    ),
    pytest.param(
        "echo 'import os; os.kill(os.getpid(), 9)' >> ../dr-daily-report/venv/bin/dr",
        "dr --help",
        """
    ../dr-daily-report/venv/bin/dr: `dr --help` was ended by signal 9
        """,
        id="it dies",
    ),
    pytest.param(
        "printf 'not a program' > ../dr-daily-report/venv/bin/dr",
        "dr --help",
        """
    ../dr-daily-report/venv/bin/dr: `dr --help` cannot be started (Exec format error)
        """,
        id="no program",
    ),
]


@pytest.mark.parametrize(("arrange", "wanted", "says"), BROKEN_COMMANDS)
def test_a_required_command_that_does_not_work(
    arrange: str,
    wanted: str,
    says: str,
    family: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script(family / OWNER / "venv", "")
    arranged(arrange.replace("{base}", BASE), family, family / MEMBER, monkeypatch)
    ran = hook(family / MEMBER, TARGET, "--require-command", wanted)
    assert ran == (1, expected(says, family))


def test_a_required_command_is_ended_with_all_that_it_started(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_run, "SECONDS", 1)
    venv = family / OWNER / "venv"
    child = "import subprocess; subprocess.Popen(['sleep', '4321']).wait()"
    script(venv, child)
    says = "../dr-daily-report/venv/bin/dr: `dr -x` was still running after 1 s and was ended\n"
    assert hook(family / MEMBER, TARGET, "--require-command=dr -x") == (1, says)
    assert subprocess.run(["pgrep", "-f", "sleep 4321"], check=False).returncode == 1


@pytest.mark.parametrize(
    ("has_pip", "install"),
    [
        pytest.param(True, "{python} -m pip install", id="with pip"),
        pytest.param(
            False,
            "{python} -m ensurepip && {python} -m pip install",
            id="without pip, as uv makes a venv",
        ),
    ],
)
def test_the_project_that_provides_the_command_is_installed(
    family: Path, *, has_pip: bool, install: str
) -> None:
    declares = "[project]\nname = 'dr'\n[project.scripts]\ndr = 'dr:main'\n"
    (family / OWNER / "pyproject.toml").write_text(declares)
    if has_pip:
        (library,) = (family / OWNER / "venv").glob("lib/python*/site-packages")
        (library / "pip").mkdir()
    python = f"'{family}/{OWNER}/venv/bin/python'"
    line = install.replace("{python}", python)
    says = f"""
    ../dr-daily-report/venv/bin/dr: is missing, but `--require-command` asks for it
      fix: {line} --force-reinstall --no-deps -e ../dr-daily-report
    """
    ran = hook(family / MEMBER, TARGET, "--require-command=dr")
    assert ran == (1, expected(says, family))


@pytest.mark.parametrize(
    ("arrange", "project", "says"),
    [
        pytest.param(
            "rm venv", MEMBER, "note: `dr` was not looked for: `venv` is missing\n", id="no venv"
        ),
        pytest.param("true", OWNER, "note: `dr` is not installed in `venv`\n",
            id="the owner's venv"),
        pytest.param(
            "true", MEMBER, "note: `dr` is not installed in `../dr-daily-report/venv`\n",
            id="siblings side by side",
        ),
        pytest.param(
            "rm venv && $VENV venv", MEMBER, "note: `dr` is not installed in `venv`\n",
            id="a fresh venv",
        ),
    ],
)  # fmt: skip
def test_in_ci_an_absent_command_is_a_note(
    arrange: str,
    project: str,
    says: str,
    family: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CI", "1")
    arranged(arrange, family, family / project, monkeypatch)
    assert hook(family / project, TARGET, "--require-command=dr") == (0, says)


def test_in_a_fallback_an_absent_command_is_a_note(family: Path) -> None:
    member = family / MEMBER
    shutil.rmtree(family / OWNER)
    (member / "venv").unlink()
    make_venv(member / "venv")
    ran = hook(member, TARGET, "--require-command=dr")
    assert (ran.status, ran.output.splitlines()[1]) == (0, "note: `dr` is not installed in `venv`")


def said_of(project: Path, *arguments: str) -> Said:
    return said_whole(check_link, project, TARGET, *arguments)


def test_a_command_that_cannot_start(family: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dr = family / OWNER / "venv" / "bin" / "dr"
    build({"dr": Executable("#!/bin/sh\r\necho hi\r\n")}, dr.parent)
    said = said_of(family / MEMBER, "--require-command=dr")
    assert "has a line break of Windows in its first line, and cannot be started" in said.output
    failing(monkeypatch, "bin/dr", 5, "open")
    said = said_of(family / MEMBER, "--require-command=dr")
    assert "is required, but cannot be read (Input/output error)" in said.output


def test_a_command_that_is_empty(family: Path) -> None:
    build({"dr": Executable("")}, family / OWNER / "venv/bin")
    said = said_of(family / MEMBER, "--require-command=dr")
    assert "bin/dr: is required, but empty" in said.output


def test_what_is_no_script_starts_no_module(family: Path) -> None:
    text = "from gone.cli import main\nsys.exit(main())\n"
    build({"dr": Executable(text)}, family / OWNER / "venv/bin")
    assert said_of(family / MEMBER, "--require-command=dr") == (0, "")


def test_a_command_that_closes_its_output_and_works_on(family: Path) -> None:
    build(
        {"dr": Executable("#!/bin/sh\nexec >&- 2>&-\nsleep 1\nexit 3\n")},
        family / OWNER / "venv/bin",
    )
    said = said_of(family / MEMBER, "--require-command=dr -x")
    assert "`dr -x` exits with 3 [command-broken]" in said.output
    assert command_run.SECONDS == 10


def test_a_command_that_leaves_another_at_work(family: Path) -> None:
    text = "#!/bin/sh\nsleep 30 &\nexit 0\n"
    build({"dr": Executable(text)}, family / OWNER / "venv/bin")
    start = time.monotonic()
    assert said_of(family / MEMBER, "--require-command=dr -x") == (0, "")
    assert time.monotonic() - start < command_run.SECONDS - 2


def test_a_command_that_says_more_than_a_pipe_holds(family: Path) -> None:
    text = "#!/bin/sh\nsleep 0.2\nseq 50000\nexit 3\n"
    build({"dr": Executable(text)}, family / OWNER / "venv/bin")
    said = said_of(family / MEMBER, "--require-command=dr -x")
    assert "`dr -x` exits with 3: `50000` [command-broken]" in said.output


def test_a_command_whose_module_is_gone(family: Path) -> None:
    folder = family / OWNER / "venv" / "bin"
    text = f"#!/bin/sh\n'''exec' \"{folder}/python\" \"$0\" \"$@\"\n' '''\nfrom dr.cli import main\nsys.exit(main())\n"
    build({"dr": Executable(text)}, folder)
    said = said_of(family / MEMBER, "--require-command=dr")
    assert "bin/dr: starts the module `dr.cli`, which is not installed;" in said.output


@pytest.mark.parametrize("place", ["", "news.py", "src/news/cli.py", "elsewhere"])
def test_no_command_brings_what_the_source_has_not(place: str, owner: Path) -> None:
    """It is installed from there: with the module there, or from elsewhere, that is done anew."""
    folder, [site] = owner / "venv/bin", owner.glob("venv/lib/python*/site-packages")
    start = f"#!/bin/sh\n'''exec' \"{folder}/python\" \"$0\" \"$@\"\n' '''\n"
    script = Executable(f"{start}from news.cli import main\nsys.exit(main())\n")
    here = (owner if place != "elsewhere" else owner.parent).as_uri()
    record = {
        "METADATA": "Name: news\nVersion: 1\n",
        "direct_url.json": json.dumps({"url": here, "dir_info": {"editable": True}}),
    }
    build({"news-1.dist-info": record}, site)
    declares = '[project]\nname = "news"\nversion = "1"\n[project.scripts]\ndr = "news.cli:main"\n'
    build({"pyproject.toml": declares, "requirements.txt": "", "venv/bin/dr": script}, owner)
    if place.endswith(".py"):
        build({place: ""}, owner)
    told = said_whole(check_all, owner, "--target=venv", "--require-command=dr")
    assert "starts the module `news.cli`, which is not installed" in told.output
    assert ("`.` is, and has none of that name" in told.output) is (place == "")
    assert ("  fix: " in told.output) is (place != "")
