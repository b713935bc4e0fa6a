"""What the hooks promise: nothing runs, nothing is sent, nothing changes, nothing leaks."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from hooks import check_venv_symlink
from hooks.files import user_name
from hooks.project.project import Project
from tests import base_python, family
from tests.trees import Executable, Said, Symlink, build, git, paste

EVIL = "\x1b[31m\u202e\r\n::error::x##[error]y"
SECRET = "s3cr3t"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return family.make_family(tmp_path_factory.mktemp("my original") / "dev")


@pytest.fixture
def dev(dev: Path, original: Path) -> Path:
    return family.copy_family(original, dev / "family")


# What can be the matter with a family, done in a shell in its folder; and `CI=1` with the first.
STATES = {
    "all is well": "true",
    "all is well in CI": "true",
    "the link is missing": "rm member/venv",
    "the link leads elsewhere": "ln -sfn ../sibling member/venv",
    "a local venv": "cp -R owner/venv member/.venv && rm member/venv && cp -R owner/venv member/venv",
    "the shared venv is gone": "mv owner/venv owner/.old",
    "the shared venv is empty": "mv owner/venv owner/.old && mkdir owner/venv",
    "the shared venv was moved": "sed -i s/owner/new/ owner/venv/bin/activate",
    "the shared venv is half gone": "rm owner/venv/pyvenv.cfg owner/venv/bin/activate",
    "everybody may write": "chmod 777 owner/venv owner/venv/bin",
    "requirements are not met": "printf 'alpha==2\\nnot-there\\n./beta\\n' >> member/requirements.txt",
    "the family contradicts itself": "echo 'alpha==2' > sibling/requirements.txt",
    "the link and a venv are tracked": "cd member && cp -R ../owner/venv env && git add -f env venv",
}


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest, dev: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The family is in this state."""
    name = str(request.param)
    paste(STATES[name], dev)
    if name.endswith("in CI"):
        monkeypatch.setenv("CI", "1")
    return name


def test_the_states_differ(original: Path, tmp_path: Path) -> None:
    said = []
    for number, arrange in enumerate(STATES.values()):
        copied = family.copy_family(original, tmp_path / str(number))
        paste(arrange, copied)
        said.append(str(family.run_all(copied / "member")).replace(str(copied), ""))
    assert said[:2] == ["{}", "{}"]
    assert len(set(said)) == len(said) - 1


# -- nothing runs, nothing is sent ----------------------------------------------------------------


@pytest.fixture
def trapped(dev: Path) -> Path:
    """Whatever of the family is run leaves this mark."""
    mark = dev / "mark"
    leave = f"open({str(mark)!r}, 'a').close()\n"
    script = f"#!/bin/sh\ntouch '{mark}'\n"
    venv = dev / "owner" / "venv"
    names = ["python", "python3", "pip", "tool", "uv", "git"]
    (venv / "bin" / "python").rename(venv / "bin" / "real-python")
    for name in names:
        (venv / "bin" / name).unlink(missing_ok=True)
    build(
        {
            "bin": {name: Executable(script) for name in names},
            f"lib/python{family.VERSION}/site-packages": {
                "trap.pth": f"import os; {leave}",
                "sitecustomize.py": leave,
                "usercustomize.py": leave,
                "alpha-1.dist-info/entry_points.txt": "[console_scripts]\nalpha = trap:main\n",
                "trap.py": leave,
            },
        },
        venv,
    )
    activate = venv / "bin" / "activate"
    activate.write_text(f"{activate.read_text()}\ntouch '{mark}'\n")
    for project in ["member", "owner", "sibling", "beta"]:
        for name in ["setup.py", "conftest.py", "sitecustomize.py", "tomllib.py", "packaging.py"]:
            (dev / project / name).write_text(leave)
    paste(f"git init -q sibling && git -C sibling config core.fsmonitor \"touch '{mark}'\"", dev)
    return mark


TRAPS = [
    "owner/venv/bin/python",
    "owner/venv/bin/pip",
    ". owner/venv/bin/activate",
    "owner/venv/bin/real-python -c ''",
    "python3 -I member/setup.py",
]


@pytest.mark.parametrize("run", TRAPS)
def test_each_trap_leaves_its_mark(run: str, dev: Path, trapped: Path) -> None:
    paste(run, dev)
    assert trapped.exists()


def test_nothing_of_the_family_runs(dev: Path, trapped: Path, state: str) -> None:
    family.run_all(dev / "member")
    family.run_all_apart(dev / "member")
    for hook in family.HOOKS:
        family.run(hook, dev / "owner", family.TARGET)
    assert not trapped.exists(), state


@pytest.fixture(scope="module")
def without_network() -> list[str]:
    for command in [["unshare", "--net"], ["unshare", "--map-root-user", "--net"]]:
        try:
            ran = subprocess.run([*command, "true"], check=False, capture_output=True)
        except FileNotFoundError:
            continue
        if ran.returncode == 0:
            return command
    pytest.skip("no process can be kept from the network here")


def test_all_is_the_same_without_a_network(
    dev: Path, state: str, without_network: list[str]
) -> None:
    with_network = family.run_all(dev / "member")
    assert family.run_all_apart(dev / "member", *without_network) == with_network, state


class Watch:
    """What this process does, as Python's audit events tell (PEP 578)."""

    def __init__(self) -> None:
        self.events: list[tuple[str, tuple[object, ...]]] | None = None
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.events is not None:
            self.events.append((event, arguments))

    @contextmanager
    def on(self) -> Iterator[list[tuple[str, tuple[object, ...]]]]:
        events: list[tuple[str, tuple[object, ...]]] = []
        self.events = events
        try:
            yield events
        finally:
            self.events = None


WATCH = Watch()
WRITES = (
    *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.chmod", "os.chown", "os.link"),
    *("os.symlink", "os.truncate", "os.utime", "os.mkfifo", "os.mknod", "os.putenv", "shutil."),
)
STARTS = ("os.exec", "os.fork", "os.spawn", "os.system", "os.startfile", "pty.", "subprocess.")


def test_what_the_hooks_do(dev: Path, state: str) -> None:
    """They start nothing but git, write nothing, send nothing, and read what is named to them."""
    with WATCH.on() as events:
        family.run_all(dev / "member")
    read = set()
    for event, arguments in events:
        assert not event.startswith((*WRITES, *STARTS, "socket.", "urllib.", "http.")), event
        if event == "os.posix_spawn":
            assert arguments[0] == "git"
        elif event == "open" and isinstance(arguments[0], str | bytes):
            assert isinstance(arguments[2], int)
            assert not arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            read.add(os.path.realpath(os.path.join(dev, "member", os.fsdecode(arguments[0]))))
        elif event in {"os.listdir", "os.scandir"} and isinstance(arguments[0], str):
            read.add(os.path.realpath(os.path.join(dev, "member", arguments[0])))
    read = {path for path in read if os.path.basename(path) != ".git"}  # looked for upwards
    own = {path for path in read if not path.startswith(tuple({sys.base_prefix, sys.prefix}))}
    checkout = str(Path(__file__).parent.parent)
    # `dev` itself is where siblings are searched for; `gamma` is named by a `.pth`, `beta` by a
    # requirement.
    mounts = f"/proc/{os.getpid()}/mountinfo"  # what is a mount point cannot be moved
    python = os.path.realpath(os.path.dirname(os.path.dirname(shutil.which("python3") or "")))
    version = (f"{python}/lib", base_python.executable())  # which one it is
    known = (str(dev), f"{checkout}/hooks", mounts, *version)
    outside = {path for path in own if not path.startswith(known)}
    assert outside == set(), state
    allowed = ["member", "owner", "sibling", "gamma", "beta"]
    assert {path for path in own if path.startswith(f"{dev}/")} <= {
        path for path in own if path.removeprefix(f"{dev}/").split("/")[0] in allowed
    }


# -- nothing changes ------------------------------------------------------------------------------


def fingerprint(folder: Path) -> dict[str, object]:
    """All that is in a folder: what it is, when it was changed, what it holds."""
    found: dict[str, object] = {}
    for directory, directories, files in os.walk(folder):
        for name in [".", *directories, *files]:
            path = os.path.join(directory, name)
            status = os.lstat(path)
            content: str | None = None
            if stat.S_ISLNK(status.st_mode):
                content = os.readlink(path)
            elif stat.S_ISREG(status.st_mode):
                content = hashlib.sha256(Path(path).read_bytes()).hexdigest()
            relative = os.path.relpath(path, folder)
            found[relative] = (status.st_mode, status.st_mtime_ns, status.st_size, content)
    return found


def test_nothing_changes(dev: Path, state: str) -> None:
    before = fingerprint(dev)
    family.run_all(dev / "member")
    family.run_all_apart(dev / "member")
    assert fingerprint(dev) == before, state


def test_a_change_would_be_seen(dev: Path) -> None:
    before = fingerprint(dev)
    paste("git -C member status && touch -h member/venv", dev)
    assert fingerprint(dev) != before


FIX = [family.TARGET, "--fix"]


def test_fix_changes_the_link_alone(dev: Path, state: str) -> None:
    was = (dev / "member" / "venv").is_symlink() or not (dev / "member" / "venv").exists()
    before = fingerprint(dev)
    said = family.run(family.HOOKS[0], dev / "member", *FIX)
    after = fingerprint(dev)
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    if "fixed: " in said.output:
        assert was
        assert changed <= {"member", "member/.", "member/venv"}, state
        assert os.readlink(dev / "member" / "venv") == "../owner/venv"
    else:
        assert changed == set(), state


def killed(dev: Path, when: Callable[[int], None]) -> bool:
    """Run `--fix` in a process that `when` may kill, given its id; whether it was killed."""
    child = os.fork()
    if child == 0:
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.chdir(dev / "member")
            when(0)
            status = check_venv_symlink.main(FIX)
        except BaseException:  # noqa: BLE001 - no test may go on in here
            os._exit(99)
        os._exit(status)
    when(child)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 1
    return os.WIFSIGNALED(status)


def old_or_new(dev: Path, old: str | None) -> str | None:
    """What the link says after a `--fix` that may have been killed, and nothing else is there."""
    link = dev / "member" / "venv"
    text = os.readlink(link) if link.is_symlink() else None
    assert text in {old, "../owner/venv"}
    left = sorted(path.name for path in link.parent.glob("venv*"))
    # A new link that was not yet in its place may be left; the next `--fix` takes it away.
    assert left in ([["venv"], ["venv", "venv.new"]] if text else [[]])
    if text == old:
        assert family.run(family.HOOKS[0], dev / "member", *FIX).status == 1
        assert os.readlink(link) == "../owner/venv"
        assert sorted(path.name for path in link.parent.glob("venv*")) == ["venv"]
    return text


def put_old(dev: Path, old: str | None) -> None:
    link = dev / "member" / "venv"
    link.unlink(missing_ok=True)
    if old is not None:
        link.symlink_to(old)


@pytest.mark.parametrize("old", [None, "../sibling/venv", "nowhere"])
def test_fix_killed_before_each_step(old: str | None, dev: Path) -> None:
    """Killed just before the first change, the second…, until there is none left."""
    found = []
    for step in range(9):
        put_old(dev, old)

        def die(child: int, step: int = step) -> None:
            steps = iter(range(99))

            def hook(event: str, _: object) -> None:
                if event in {"os.symlink", "os.rename", "os.remove"} and next(steps) == step:
                    os.kill(os.getpid(), signal.SIGKILL)

            if child == 0:
                sys.addaudithook(hook)

        was_killed = killed(dev, die)
        found.append(old_or_new(dev, old))
        if not was_killed:
            break
    assert found[0] == old
    assert found[-1] == "../owner/venv"
    assert len(found) == (2 if old is None else 3)


def test_fix_killed_at_any_moment(dev: Path) -> None:
    random = Random(0)
    old = "../sibling/venv"
    kills = 0
    for _ in range(100):
        put_old(dev, old)
        wait = random.uniform(0, 0.012)

        def die(child: int, wait: float = wait) -> None:
            if child:
                time.sleep(wait)
                os.kill(child, signal.SIGKILL)

        kills += killed(dev, die)
        old_or_new(dev, old)
    assert kills


# -- nothing leaks --------------------------------------------------------------------------------

PASSWORDS = [SECRET, f"a@{SECRET}", f"a#{SECRET}", f"a?{SECRET}", f"%2F{SECRET}%40", f"@{SECRET}@"]
WITH_CREDENTIALS = [
    "--index-url https://user:{}@h/simple --no-such-option",
    "--index-url https://user:{}@h/simple",
    "--extra-index-url=https://user:{}@h/simple 'open",
    "-f https://user:{}@h/links -x",
    "--find-links=https://user:{}@h/links --hash=x",
    "alpha @ https://user:{}@h/alpha-2-py3-none-any.whl",
    "alpha @ https://{}@h/alpha.zip",
    "alpha @ git+https://user:{}@h/alpha@v1",
    "alpha @ git+ssh://user:{}@h/alpha.git@v1#subdirectory=x",
    "git+https://user:{}@h/alpha#egg=alpha",
    "-e git+https://user:{}@h/alpha#egg=alpha",
    "-e https://user:{}@h/alpha",
    "https://user:{}@h/alpha-1-py3-none-any.whl",
    "https://user:{}@h/no wheel.whl",
    "not-there @ https://user:{}@h/x.zip",
    "alpha = https://user:{}@h/x.zip",
    "-r https://user:{}@h/more.txt",
    "-c http://user:{}@h/more.txt",
    "-r ftp://user:{}@h/more.txt",
    "-c git+https://user:{}@h/more.txt",
    "alpha==1 --config-settings https://user:{}@h",
    "alpha==1 ; https://user:{}@h",
]


def everything_said(dev: Path, *options: str) -> str:
    """By the hooks, with the requirements of each kind of file, and of its members."""
    said = [each.output for each in family.run_all(dev / "member").values()]
    sync = family.HOOKS[2]
    said += [
        family.run(sync, dev / "member", *sync.arguments, "--forbid-undeclared", *options).output,
        family.run(sync, dev / "sibling", family.TARGET).output,
        family.run(sync, dev / "owner", family.TARGET, f"--sibling={dev}/member").output,
    ]
    return "\n".join(said)


@pytest.mark.parametrize("line", WITH_CREDENTIALS)
def test_credentials_in_a_requirements_file(line: str, dev: Path) -> None:
    lines = [line.format(password) for password in [*PASSWORDS, f"a {SECRET}"]]
    for name in ["member/more.txt", "sibling/requirements.txt"]:
        (dev / name).write_text("\n".join([*lines, "alpha", "not-even-there", ""]))
    said = everything_said(dev)
    assert "`not-even-there` is required, but not installed" in said
    assert SECRET not in said


@pytest.mark.parametrize("password", [*PASSWORDS, f"a {SECRET}"])
def test_credentials_in_other_files(password: str, dev: Path) -> None:
    url = f"https://user:{password}@h"
    build(
        {
            "member/pyproject.toml": "[project]\nname = 'member'\ndependencies = [\n"
            f"  {json.dumps(f'alpha @ {url}/alpha.zip')},\n"
            f"  {json.dumps(f'not-there @ git+{url}/x@v1')},\n]\n"
            f"requires-python = {json.dumps(url)}\n",
            "member/pylock.toml": 'lock-version = "1.0"\ncreated-by = "x"\n'
            '[[packages]]\nname = "beta"\n'
            f"[packages.archive]\nurl = {json.dumps(f'{url}/beta-3.zip')}\n"
            f'hashes = {{sha256 = "{"0" * 64}"}}\n'
            '[[packages]]\nname = "gone"\n'
            f'[packages.vcs]\ntype = "git"\nurl = {json.dumps(f"{url}/gone")}\n'
            f'commit-id = "{"0" * 40}"\n',
            family.SITE_PACKAGES: {
                "alpha-1.dist-info/METADATA": "Name: alpha\nVersion: 1\n"
                f"Requires-Dist: delta @ {url}/delta.zip\nRequires-Dist: epsilon {url}\n",
                "beta-2.dist-info/direct_url.json": json.dumps(
                    {
                        "url": f"{url}/beta",
                        "vcs_info": {
                            "vcs": "git",
                            "commit_id": "a" * 40,
                            "requested_revision": url,
                        },
                    }
                ),
                "bad-1.dist-info/METADATA": "Name: bad\nVersion: 1\n",
                "bad-1.dist-info/direct_url.json": json.dumps({"url": url, "dir_info": url}),
            },
            "member/more.txt": "bad @ file:///nowhere/bad\n",
        },
        dev,
    )
    git(dev / "member", "remote", "add", "origin", f"{url}/member")
    said = everything_said(dev)
    assert "direct_url.json is not valid" in said
    assert SECRET not in said
    shutil.rmtree(dev / "owner")
    said = str(family.run_all(dev / "member"))
    assert "git clone" in said
    assert SECRET not in said


def test_values_of_variables(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", SECRET)
    monkeypatch.setenv("OPTION", f"--no-such={SECRET}")
    (dev / "member" / "more.txt").write_text(
        "alpha @ https://${TOKEN}@h/x.zip\n--index-url https://h/${TOKEN}/simple\nalpha==${TOKEN}\n"
        "-r ${TOKEN}.txt\n${OPTION}\n--no-${TOKEN}\nalpha ${OPTION}\n${TOKEN}==1\n-e ./${TOKEN}\n"
        "alpha[${TOKEN}]==1\nalpha ; extra == '${TOKEN}'\nalpha @ https://h/${TOKEN}/x.zip\n"
    )
    said = everything_said(dev)
    assert "${TOKEN}" in said
    assert SECRET not in said


PRIVATE = f"{SECRET}:$6$rounds=5000$x:19000:0:99999:7:::\n--{SECRET}\n-e {SECRET}\n{SECRET} x\n"


@pytest.mark.parametrize(
    "line",
    ["-r ../../private", "-c ../../private", "-r '{dev}/private'", "-r own.txt", "-r linked"],
)
def test_lines_of_other_peoples_files(line: str, dev: Path) -> None:
    build(
        {
            "private": PRIVATE,
            "family/member/linked": Symlink(f"{dev.parent}/private"),
            "family/member/own.txt": "-r linked\n",
            "family/member/more.txt": f"{line.format(dev=dev.parent)}\nnot-there\n",
        },
        dev.parent,
    )
    said = everything_said(dev)
    assert "the line is no requirement" in said
    assert "`not-there` is required, but not installed" in said
    assert SECRET not in said


def test_what_is_escaped(dev: Path) -> None:
    """Whoever chooses a name or a text: it is shown in one line, and obeyed by nobody."""
    evil_json = json.dumps(EVIL)
    name = EVIL.replace("/", "")
    build(
        {
            "owner/venv/bin": {name: Executable(f"#!/{name}/bin/python\n")},
            family.SITE_PACKAGES: {
                "alpha-1.dist-info/METADATA": f"Name: alpha\nVersion: 1 {EVIL}\n",
                f"{name}-1.dist-info/METADATA": f"Name: {EVIL[:-4]}\nVersion: {EVIL}\n",
                f"{name}.dist-info": {},
                f"{name}.pth": {},
                "beta-2.dist-info/direct_url.json": json.dumps(
                    {
                        "url": f"https://h/{EVIL}",
                        "vcs_info": {"vcs": "git", "commit_id": EVIL, "requested_revision": EVIL},
                    }
                ),
            },
            f"member/{name}/pyvenv.cfg": "home = /usr/bin\n",
            f"member/{name}.txt": f"alpha{EVIL}\n-r {name}\n./{name}\n",
            "member/more.txt": f"alpha=={EVIL}\n{EVIL}\n-e {EVIL}\n-r {EVIL}\nalpha==7\n",
            "member/pyproject.toml": f"[project]\nname = {evil_json}\ndependencies = [{evil_json}]\n"
            f"requires-python = {evil_json}\n[project.optional-dependencies]\n{evil_json} = [1]\n"
            f"[dependency-groups]\n{evil_json} = [{evil_json}, {{include-group = {evil_json}}}]\n",
            f"{name}": {"venv": Symlink("../owner/venv"), "requirements.txt": "alpha==9\n"},
        },
        dev,
    )
    git(dev / "member", "add", ".")
    options = [f"--requirements={name}.txt", f"--group={EVIL}", f"--extra={EVIL}", "--group=no"]
    said = everything_said(dev, *options, f"--sibling={EVIL}")
    put_old(dev, f"../{name}/venv")
    said += everything_said(dev)
    (dev / "owner" / "venv").rename(dev / "owner" / "old")
    (dev / "owner" / "venv").symlink_to(EVIL)
    said += everything_said(dev)
    assert all(line.isprintable() for line in said.split("\n"))
    assert "::" not in said
    assert "##[" not in said
    assert said.count(r"\x1b[31m\u202e\r\n:\x3aerror:\x3ax#\x23[error]y") > 20


# -- trust ----------------------------------------------------------------------------------------


def test_a_venv_of_another_user_is_told(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Project, "trusted_users", frozenset())
    assert family.run(family.HOOKS[0], dev / "member") == Said(
        1, f"../owner/venv: belongs to `{user_name(os.geteuid())}`, not to you\n"
    )


def test_a_requirement_leads_nowhere_else(dev: Path) -> None:
    """A file that asks for things on this machine does not make the hook look into them."""
    outside = dev.parent / "outside"
    build(
        {"pyproject.toml": "[project]\nname='x'\n", "requirements.txt": "x\n", "d/f": ""}, outside
    )
    (dev / "member" / "more.txt").write_text(
        f"x @ {outside.as_uri()}\n-f {outside}\n--index-url {outside.as_uri()}\n"
        f"y @ git+{outside.as_uri()}\n"
    )
    with WATCH.on() as events:
        family.run_all(dev / "member")
    opened = {
        os.path.realpath(os.fsdecode(arguments[0]))
        for event, arguments in events
        if event in {"open", "os.listdir", "os.scandir"} and isinstance(arguments[0], str | bytes)
    }
    inside = {path for path in opened if path.startswith(f"{outside}/")}
    assert inside <= {f"{outside}/pyproject.toml", f"{outside}/setup.cfg"}
