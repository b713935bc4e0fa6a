"""check-requirements-sync: real venvs, filled with pip and uv; every repair is pasted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hooks.check_requirements_sync import main
from tests.packages import UV, install, make_project, make_venv, make_wheel, run
from tests.trees import Fifo, Python, Symlink, Tree, build, git, paste, pythons

OWNER = "dr-daily-report"
TARGET = "--target=../dr-daily-report/venv"


@pytest.fixture
def links(dev: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip and uv install from; there is no index."""
    folder = dev / "wheels here"
    folder.mkdir()
    for name in ["PIP_FIND_LINKS", "UV_FIND_LINKS"]:
        monkeypatch.setenv(name, folder.as_uri())
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("PATH", os.path.dirname(UV), prepend=os.pathsep)
    return folder


@pytest.fixture(scope="session")
def venv_with_pip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("with pip") / "venv"
    run(sys.executable, "-m", "venv", str(place))
    return place


@pytest.fixture
def owner(links: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The owner, with an empty venv of `uv venv`; it is the working directory."""
    folder = links.parent / "dr-daily-report"
    folder.mkdir()
    make_venv(folder / "venv")
    monkeypatch.chdir(folder)
    return folder


def a_member(owner: Path, name: str, tree: Tree) -> Path:
    return build({"venv": Symlink("../dr-daily-report/venv"), **tree}, owner.parent / name)


def said(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    """The exit status, and all that is printed."""
    status = main([TARGET, *options])
    return status, capsys.readouterr().out


# -- PEP 610, for real ----------------------------------------------------------------------------

INSTALLED_FROM = [
    pytest.param(
        ["./my-lib"],
        ["./my-lib", "my-lib", "my-lib==1", "my_lib @ {root}/my-lib", "{root}/./my-lib/#egg=my-lib",
         "file:my-lib", "file:./my-lib", "my-lib @ file:my-lib"],
        {
            "-e my-lib": "`-e my-lib` is required, but a copy is installed",
            "./other": "`./other` is required, but `my-lib` is installed from `{here}/my-lib`",
            "my-lib==2": "`my-lib==2` is required, but `1` is installed",
        },
        id="a local directory",
    ),
    pytest.param(["file:./my-lib"], ["file:my-lib", "my-lib==1"], {}, id="a relative URL"),
    pytest.param(["-e", "file:my-lib"], ["-e file:my-lib", "-e ./my-lib"], {}, id="editable"),
    pytest.param(
        ["-e", "my-lib"],
        ["-e my-lib", "-e ./my-lib", "--editable={root}/my-lib", "my-lib>=1", "-e file:my-lib"],
        {
            "./my-lib": "`./my-lib` is required, but it is installed editable",
            "-e other": "`-e other` is required, but `my-lib` is installed from `{here}/my-lib`",
        },
        id="editable",
    ),
    pytest.param(
        ["wheels/my_lib-1-py3-none-any.whl"],
        ["wheels/my_lib-1-py3-none-any.whl", "./wheels/my_lib-1-py3-none-any.whl", "my-lib==1",
         "{root}/wheels/my_lib-1-py3-none-any.whl", "my-lib @ {root}/wheels/my_lib-1-py3-none-any.whl"],
        {
            "other/my_lib-1-py3-none-any.whl": "`other/my_lib-1-py3-none-any.whl` is required,"
            " but it is installed from `{here}/wheels/my_lib-1-py3-none-any.whl`",
            "./my-lib": "`./my-lib` is required,"
            " but it is installed from `{here}/wheels/my_lib-1-py3-none-any.whl`",
        },
        id="a wheel file",
    ),
    pytest.param(
        ["my-lib @ git+{root}/repo@main"],
        ["my-lib @ git+{root}/repo@main", "git+{root}/repo@main#egg=my-lib", "my-lib==1",
         "git+{root}/repo/@refs/heads/main#egg=my-lib", "my-lib @ git+{root}/repo.git@{commit}",
         "git+{root}/repo@main"],
        {
            "my-lib @ git+{root}/repo@v1": "`my-lib @ git+{root}/repo@v1` is required,"
            " but `main` is installed (commit `{commit}`)",
            "my-lib @ git+{root}/repo@" + "0" * 40: "`my-lib @ git+{root}/repo@"
            + "0" * 40 + "` is required, but commit `{commit}` is installed",
            "my-lib @ git+{root}/other@main": "`my-lib @ git+{root}/other@main` is required,"
            " but it is installed from `git+file://{here}/repo@main`",
            "./my-lib": "`./my-lib` is required, but it is installed from `git+file://{here}/repo@main`",
        },
        id="a branch of a repository",
    ),
    pytest.param(
        ["my-lib @ git+{root}/repo@v1"],
        ["my-lib @ git+{root}/repo@v1", "my-lib @ git+{root}/repo@refs/tags/v1",
         "my-lib @ git+{root}/repo@{short}"],
        {
            "my-lib @ git+{root}/repo@v2": "`my-lib @ git+{root}/repo@v2` is required,"
            " but `v1` is installed (commit `{commit}`)",
        },
        id="a tag of a repository",
    ),
    pytest.param(
        ["my-lib @ git+{root}/repo@{commit}"],
        ["my-lib @ git+{root}/repo@{commit}", "my-lib @ git+{root}/repo@{short}"],
        {
            "my-lib @ git+{root}/repo@" + "1" * 40: "`my-lib @ git+{root}/repo@"
            + "1" * 40 + "` is required, but commit `{commit}` is installed",
        },
        id="a commit of a repository",
    ),
    pytest.param(
        ["my-lib @ git+{root}/repo"],
        ["my-lib @ git+{root}/repo", "my-lib @ git+{root}/repo/", "git+{root}/repo#egg=my-lib"],
        {
            "my-lib": None,
            "my-inner @ git+{root}/repo#subdirectory=sub/inner": "`my-inner @"
            " git+{root}/repo#subdirectory=sub/inner` is required, but not installed",
        },
        id="the default branch of a repository",
    ),
    pytest.param(
        ["my-inner @ git+{root}/repo@main#subdirectory=sub/inner"],
        ["my-inner @ git+{root}/repo@main#subdirectory=sub/inner",
         "git+{root}/repo@main#subdirectory=sub/inner/&egg=my-inner",
         "git+{root}/repo@main#subdirectory=sub/inner"],
        {
            "my-inner @ git+{root}/repo@main": "`my-inner @ git+{root}/repo@main` is required,"
            " but it is installed from its subdirectory `sub/inner`",
        },
        id="a subdirectory of a repository",
    ),
]  # fmt: skip


@pytest.mark.parametrize("installer", ["pip", "uv"])
@pytest.mark.parametrize(("arguments", "in_sync", "out_of_sync"), INSTALLED_FROM)
def test_installed_from(
    installer: str,
    arguments: Sequence[str],
    in_sync: Sequence[str],
    out_of_sync: dict[str, str | None],
    owner: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ["my-lib", "other", "repo"]:
        make_project(owner / name, "my-lib")
    make_project(owner / "repo/sub/inner", "my-inner")
    for folder in ["wheels", "other"]:
        make_wheel(owner / folder, "my-lib", "1")
    git(owner / "repo", "init", "--quiet")
    git(owner / "repo", "add", ".")
    git(owner / "repo", "commit", "--quiet", "--message", "all")
    git(owner / "repo", "tag", "v1")
    commit = git(owner / "repo", "rev-parse", "HEAD").strip()
    words = {"root": owner.as_uri(), "here": str(owner), "commit": commit, "short": commit[:9]}
    install(
        installer,
        owner / "venv",
        *(each.format(**words) for each in arguments),
        directory=owner,
    )
    asks = owner / "requirements.txt"
    outputs = {}
    for line in in_sync:
        asks.write_text(line.format(**words) + "\n")
        outputs[line] = said(capsys)
    assert outputs == dict.fromkeys(in_sync, (0, ""))
    for line, expected in out_of_sync.items():
        asks.write_text(line.format(**words) + "\n")
        status, output = said(capsys)
        what = "" if expected is None else f"requirements.txt:1: {expected.format(**words)}"
        assert (status, output.partition("\n")[0]) == (int(bool(expected)), what)


def test_a_clone_that_is_editable_under_src_is_in_sync(
    owner: Path, venv_with_pip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """pip clones it into `src` of the venv that runs it: here by way of the member's link."""
    shutil.rmtree(owner / "venv")
    shutil.copytree(venv_with_pip, owner / "venv", symlinks=True)
    make_project(owner / "repo", "my-lib")
    git(owner / "repo", "init", "--quiet")
    git(owner / "repo", "add", ".")
    git(owner / "repo", "commit", "--quiet", "--message", "all")
    line = f"-e git+{(owner / 'repo').as_uri()}@main#egg=my-lib"
    member = a_member(owner, "news", {"requirements.txt": line})
    run("venv/bin/python", "-m", "pip", "install", "-q", "-r", "requirements.txt", directory=member)
    os.chdir(member)
    assert said(capsys) == (0, "")
    (member / "requirements.txt").write_text("-e git+https://example.org/repo#egg=other")
    assert said(capsys, "--no-siblings") == (
        1,
        (
            "requirements.txt:1: `-e git+https://example.org/repo#egg=other` is required,"
            " but not installed\n"
            "  fix: ../dr-daily-report/venv/bin/python -m pip install -r requirements.txt\n"
        ),
    )


@pytest.mark.parametrize("maker", ["venv", "virtualenv", "uv"])
@pytest.mark.parametrize("python", pythons(), ids=lambda python: python.version)
def test_markers_are_for_the_venvs_own_python(
    python: Python, maker: str, owner: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(owner / "venv")
    if maker == "uv":
        make_venv(owner / "venv", python.executable)
    elif maker == "venv":
        run(python.executable, "-m", "venv", "--without-pip", str(owner / "venv"))
    else:
        virtualenv = [sys.executable, "-m", "virtualenv", "--quiet", "--without-pip"]
        virtualenv += ["--python", python.executable, str(owner / "venv")]
        if subprocess.run(virtualenv, capture_output=True, check=False).returncode:
            pytest.skip(f"virtualenv makes none of Python {python.version}")
    operators = {"a": "==", "b": "!=", "c": "<", "d": ">"}
    lines = [
        f"{name}; python_version {each} '{python.version}'" for name, each in operators.items()
    ]
    (owner / "requirements.txt").write_text("\n".join(lines))
    status, output = said(capsys, "--no-siblings")
    what = f"`a; python_version == '{python.version}'` is required, but not installed"
    assert (status, output) == (
        1,
        f"requirements.txt:1: {what}\n"
        "  fix: uv pip install --python venv/bin/python -r requirements.txt\n",
    )


# -- repairs, pasted ------------------------------------------------------------------------------


def break_nothing(_: Path) -> None:
    pass


def take_metadata(site_packages: Path) -> None:
    (site_packages / "a-1.dist-info" / "METADATA").unlink()


def install_twice(site_packages: Path) -> None:
    shutil.copytree(site_packages / "a-1.dist-info", site_packages / "a-0.9.dist-info")
    metadata = site_packages / "a-0.9.dist-info" / "METADATA"
    metadata.write_text(metadata.read_text().replace("Version: 1", "Version: 0.9"))


PYPROJECT = '[project]\nname = "news"\nversion = "1"\n'
REPAIRS = [
    pytest.param(
        [],
        break_nothing,
        {"requirements.txt": "a==1\nb"},
        "requirements.txt:1: `a==1` is required, but not installed\n"
        "requirements.txt:2: `b` is required, but not installed\n"
        "  fix: {pip} install{to} -r requirements.txt\n",
        id="missing",
    ),
    pytest.param(
        ["a==2"],
        break_nothing,
        {"requirements.txt": "-r more/base.txt\nb", "more": {"base.txt": "a<2"}},
        "requirements.txt:2: `b` is required, but not installed\n"
        "more/base.txt:1: `a<2` is required, but `2` is installed\n"
        "  fix: {pip} install{to} -r requirements.txt\n",
        id="a wrong version in an included file",
    ),
    pytest.param(
        ["rss==1"],
        break_nothing,
        {"requirements.txt": "rss[http]"},
        "requirements.txt:1: `rss[http]` needs `a>=1`, but it is not installed\n"
        "  fix: {pip} install{to} -r requirements.txt\n",
        id="the dependency of an extra",
    ),
    pytest.param(
        ["rss==1"],
        break_nothing,
        {"pyproject.toml": PYPROJECT + 'dependencies = ["rss[http]", "b ; os_name == \'posix\'"]\n'},
        "pyproject.toml:4: `b ; os_name == 'posix'` is required, but not installed\n"
        "pyproject.toml:4: `rss[http]` needs `a>=1`, but it is not installed\n"
        "  fix: {pip} install{to} b 'rss[http]'\n",
        id="in pyproject.toml",
    ),
    pytest.param(
        ["a==1"],
        break_nothing,
        {"requirements.txt": "./lib\n-e inner", "lib": {}, "inner": {}},
        "requirements.txt:1: `./lib` is required, but `a` was installed by its name alone,"
        " from an index\n"
        "requirements.txt:2: `-e inner` is required, but not installed\n"
        "  fix: {pip} uninstall{to}{yes} a && {pip} install{to} -r requirements.txt\n",
        id="the version is right, but not the place",
    ),
    pytest.param(
        ["a==1"],
        take_metadata,
        {"requirements.txt": "a==1"},
        "requirements.txt:1: `a==1` is required, but not installed\n"
        "../dr-daily-report/venv/lib/{python}/site-packages/a-1.dist-info: is half installed:"
        " it has no `METADATA`\n"
        "  fix: rm -r ../dr-daily-report/venv/lib/{python}/site-packages/a-1.dist-info"
        " && {pip} install{to} -r requirements.txt\n",
        id="half installed",
    ),
    pytest.param(
        ["a==1", "c==1"],
        install_twice,
        {"requirements.txt": "c"},
        "../dr-daily-report/venv/lib/{python}/site-packages/a-0.9.dist-info: `a` is installed"
        " more than once: as `0.9` here, as `1` in `a-1.dist-info` beside it\n"
        "  fix: rm -r ../dr-daily-report/venv/lib/{python}/site-packages/a-0.9.dist-info"
        " ../dr-daily-report/venv/lib/{python}/site-packages/a-1.dist-info"
        " && {pip} install{to} -r requirements.txt\n",
        id="a dependency that is installed twice",
    ),
    pytest.param(
        [],
        break_nothing,
        {"requirements/dev tools.txt": "a", "venv.toml": ""},
        "requirements/dev tools.txt:1: `a` is required, but not installed\n"
        "  fix: {pip} install{to} -r 'requirements/dev tools.txt'\n",
        id="another file, with a space",
    ),
    pytest.param(
        ["a==2"],
        break_nothing,
        {"pylock.toml": 'lock-version = "1.0"\ncreated-by = "us"\n'
         '[[packages]]\nname = "a"\nversion = "1"\n'
         '[packages.sdist]\nname = "a-1.tar.gz"\nurl = "https://e.org/a-1.tar.gz"\nhashes = {sha256 = "00"}\n'
         '[[packages]]\nname = "inner"\ndirectory = {path = "inner", editable = true}\n',
         "inner": {}},
        "pylock.toml:3: `a==1` is required, but `2` is installed\n"
        "pylock.toml:10: `inner @ file://{here}/inner` is required, but not installed\n"
        "  fix: {pip} install{to} a==1 -e ./inner\n",
        id="a lock file",
    ),
]  # fmt: skip


@pytest.mark.parametrize("installer", ["pip", "uv"])
@pytest.mark.parametrize(("before", "damage", "tree", "expected"), REPAIRS)
def test_repair(
    installer: str,
    before: Sequence[str],
    damage: Callable[[Path], None],
    tree: Tree,
    expected: str,
    owner: Path,
    links: Path,
    venv_with_pip: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for version in ["1", "2"]:
        make_wheel(links, "a", version)
    make_wheel(links, "b", "1")
    make_wheel(links, "c", "1", ["a"])
    make_wheel(links, "rss", "1", ["a>=1; extra == 'http'"])
    target = owner / "venv"
    python = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    own_python = "../dr-daily-report/venv/bin/python"
    words = {"pip": f"{own_python} -m pip", "to": "", "yes": " -y", "python": python}
    if installer == "uv":
        words |= {"pip": "uv pip", "to": f" --python {own_python}", "yes": ""}
    else:
        shutil.rmtree(target)
        shutil.copytree(venv_with_pip, target, symlinks=True)
    if before:
        install(installer, target, *before, directory=owner)
    damage(target / "lib" / python / "site-packages")
    member = a_member(owner, "dr news", tree)
    for name in {"lib", "inner"} & set(tree):
        make_project(member / name, "a" if name == "lib" else "inner")
    os.chdir(member)
    words |= {"here": member.as_uri()[len("file://") :], "there": str(member)}
    options = [f"--requirements={name}" for name in tree if "lock" in name or "dev" in name]
    status, output = said(capsys, *options)
    assert (status, output) == (1, expected.format(**words))
    paste(output.partition("  fix: ")[2], member)
    assert said(capsys, *options) == (0, "")


def test_repair_in_the_folder_of_the_owner_that_is_inherited_from(
    owner: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-e .` of the owner's file is the owner, not the member."""
    make_project(owner, "dr")
    (owner / "requirements.txt").write_text("-e .\n")
    member = a_member(owner, "news", {"README": ""})
    os.chdir(member)
    status, output = said(capsys)
    assert (status, output) == (
        1,
        (
            "../dr-daily-report/requirements.txt:1: `-e .` is required, but not installed\n"
            "  fix: (cd ../dr-daily-report &&"
            " uv pip install --python venv/bin/python -r requirements.txt)\n"
        ),
    )
    paste(output.partition("  fix: ")[2], member)
    assert said(capsys) == (0, "")


def test_repair_for_both_of_two_siblings(
    owner: Path, links: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in ["1", "2"]:
        make_wheel(links, "a", version)
    install("uv", owner / "venv", "a==1", directory=owner)
    (owner / "requirements.txt").write_text("\na >= 2\n")
    member = a_member(owner, "news", {"requirements.txt": "a"})
    os.chdir(member)
    status, output = said(capsys)
    assert (status, output) == (
        1,
        (
            "requirements.txt:1: `a` is needed together with `a>=2` of"
            " ../dr-daily-report/requirements.txt:2, but `1` is installed\n"
            "  fix: uv pip install --python ../dr-daily-report/venv/bin/python"
            " -r requirements.txt 'a>=2'\n"
        ),
    )
    paste(output.partition("  fix: ")[2], member)
    assert said(capsys) == (0, "")


def test_repair_beside_a_conflict_takes_nothing_from_the_sibling(
    owner: Path, links: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in ["1", "2"]:
        make_wheel(links, "a", version)
    make_wheel(links, "b", "1")
    install("uv", owner / "venv", "a==2", directory=owner)
    (owner / "requirements.txt").write_text("a==2\n")
    member = a_member(owner, "news", {"requirements.txt": "a==1\nb"})
    os.chdir(member)
    conflict = (
        "requirements.txt:1: `a==1` contradicts `a==2` of ../dr-daily-report/requirements.txt:1,"
        " and `2` is installed: one of them has to change\n"
        "requirements.txt:1: `a==1` is required, but `2` is installed\n"
    )
    status, output = said(capsys)
    assert (status, output) == (
        1,
        conflict + "requirements.txt:2: `b` is required, but not installed\n"
        "  fix: uv pip install --python ../dr-daily-report/venv/bin/python b\n",
    )
    paste(output.partition("  fix: ")[2], member)
    assert said(capsys) == (1, conflict)


# -- the family -----------------------------------------------------------------------------------

SITE = "lib/python3.11/site-packages"
CONFIGURATION = "home = /opt/python/bin\ninclude-system-site-packages = false\nversion = 3.11.7\n"


def installed(*distributions: str) -> Tree:
    """A venv with these in it: `pandas 2.0.0`, or with what it needs in more lines."""
    site: dict[str, Tree] = {}
    for text in distributions:
        first, *requires = text.split("\n")
        name, version = first.split()
        lines = [f"Name: {name}", f"Version: {version}"]
        lines += [f"Requires-Dist: {each}" for each in requires]
        site[f"{name}-{version}.dist-info"] = {"METADATA": "\n".join(lines)}
    return {"pyvenv.cfg": CONFIGURATION, SITE: site}


LINK = Symlink("../dr-daily-report/venv")
GUIDE = "pandas==2.0.0\nnumpy==1.24.0\n"
PANDAS = installed("pandas 2.0.0", "numpy 1.24.0")
FAMILIES = [
    pytest.param(
        "dr-daily-report",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {"venv": LINK, "requirements.txt": GUIDE},
        },
        [],
        0,
        "",
        id="the owner, in agreement with a member",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {"venv": LINK, "requirements.txt": ""},
        },
        [],
        0,
        "",
        id="an empty requirements.txt is an answer",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {"venv": LINK, "pyproject.toml": "[tool.ruff]\n"},
        },
        [],
        0,
        "",
        id="a member that inherits",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "telegram": {"venv": LINK, "requirements.txt": "pandas==1.5.3\n"},
            "news": {"venv": LINK},
        },
        [],
        0,
        "",
        id="a member that inherits, where the owner and a sibling part",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "other": {"venv": installed(), "requirements.txt": "pandas==1"},
            "elsewhere": {"venv": Symlink("../other/venv"), "requirements.txt": "pandas==1"},
            "no-venv": {"requirements.txt": "pandas==1"},
            "news": {"venv": LINK, "requirements.txt": "pandas"},
        },
        [],
        0,
        "",
        id="neighbours that are no siblings",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {"venv": LINK, "requirements.txt": GUIDE},
            "heir": {"venv": LINK},
        },
        [],
        0,
        "",
        id="a sibling that inherits",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": "pandas==1"},
            "news": {"venv": LINK, "requirements.txt": GUIDE},
        },
        ["--no-siblings"],
        0,
        "",
        id="the search is switched off",
    ),
    pytest.param(
        "dr-daily-report_telegram",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "dr-daily-report_telegram": {
                "venv": LINK,
                "requirements.txt": "numpy==1.24.0\npandas==1.5.3\n",
            },
            "dr-daily-report_media": {"venv": LINK, "requirements.txt": GUIDE},
            "dr-daily-report_news": {"venv": LINK},
        },
        [],
        1,
        "requirements.txt:2: `pandas==1.5.3` contradicts `pandas==2.0.0` of"
        " ../dr-daily-report/requirements.txt:1 and of 1 more, and `2.0.0` is installed:"
        " one of them has to change\n"
        "requirements.txt:2: `pandas==1.5.3` is required, but `2.0.0` is installed\n",
        id="the guide's conflict, in the member",
    ),
    pytest.param(
        "dr-daily-report",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "dr-daily-report_telegram": {"venv": LINK, "requirements.txt": "pandas==1.5.3\n"},
            "dr-daily-report_media": {"venv": LINK, "requirements.txt": GUIDE},
        },
        [],
        1,
        "requirements.txt:1: `pandas==2.0.0` contradicts `pandas==1.5.3` of"
        " ../dr-daily-report_telegram/requirements.txt:1, and `2.0.0` is installed:"
        " one of them has to change\n",
        id="the guide's conflict, in the owner",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {"venv": LINK, "requirements.txt": "pandas"},
            "../far": {"requirements.txt": "pandas<2"},
        },
        ["--no-siblings", "--sibling=../../far", "--sibling=../../far/", "--sibling=../gone"],
        1,
        "../gone: is no directory, but `--sibling` names it\n"
        "requirements.txt:1: `pandas` is needed together with `pandas<2` of"
        " ../../far/requirements.txt:1, but `2.0.0` is installed\n"
        "  fix: uv pip install --python ../dr-daily-report/venv/bin/python"
        " -r requirements.txt 'pandas<2'\n",
        id="siblings that are named",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {
                "venv": PANDAS,
                "requirements.txt": "pandas = 2\n-r https://e.org/more.txt\npandas==1.5.3",
            },
            "media": {"venv": LINK, "requirements.txt": Fifo()},
            "news": {"venv": LINK, "requirements.txt": "pandas==2.0.0"},
        },
        [],
        1,
        "requirements.txt:1: `pandas==2.0.0` contradicts `pandas==1.5.3` of"
        " ../dr-daily-report/requirements.txt:3, and `2.0.0` is installed:"
        " one of them has to change\n"
        "note: ../dr-daily-report/requirements.txt:1: `pandas = 2` is no requirement:"
        " `=` is not an operator, `==` is\n"
        "note: ../dr-daily-report/requirements.txt:2: `https://e.org/more.txt` is not on this"
        " machine and was not read\n"
        "note: ../media/requirements.txt: is a named pipe, not a file\n",
        id="a bad line in a sibling hides nothing",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {
                "venv": PANDAS,
                "pyproject.toml": '[project]\nname = "dr"\nrequires-python = "<3.11"\n',
            },
            "news": {
                "venv": LINK,
                "pyproject.toml": '[project]\nname = "n"\nrequires-python = ">=3.11"\n'
                'dependencies = ["pandas"]\n',
            },
        },
        [],
        1,
        "pyproject.toml:3: `requires-python` `>=3.11` contradicts `<3.11` of"
        " ../dr-daily-report/pyproject.toml:3, and the venv's Python is `3.11.7`\n",
        id="versions of Python",
    ),
    pytest.param(
        "dr-daily-report",
        {
            "dr-daily-report": {
                "venv": installed("pip 25", "setuptools 80", "wheel 1", "uv 1", "a 1\nb", "b 1"),
                "requirements.txt": "",
            },
            "news": {"venv": LINK, "requirements.txt": "a"},
        },
        ["--forbid-undeclared"],
        0,
        "",
        id="all is declared by someone",
    ),
    pytest.param(
        "dr-daily-report",
        {
            "dr-daily-report": {
                "venv": installed("black 24.1", "a 1\nb", "b 1", "c 1", "ruff 1"),
                "requirements.txt": "a",
            },
            "news": {"venv": LINK, "requirements.txt": "x"},
        },
        ["--forbid-undeclared", "--allow-undeclared=Ruff"],
        1,
        "venv: `black==24.1` is installed, but no project of the family declares it or needs it\n"
        "venv: `c==1` is installed, but no project of the family declares it or needs it\n"
        "  fix: uv pip uninstall --python venv/bin/python black c\n",
        id="what nobody declares",
    ),
    pytest.param(
        "dr-daily-report",
        {
            "dr-daily-report": {
                "venv": installed("pip 24.1", "c 1"),
                "requirements.txt": "",
            },
        },
        ["--forbid-undeclared"],
        1,
        "venv: `c==1` is installed, but no project of the family declares it or needs it\n"
        "  fix: venv/bin/python -m pip uninstall -y c\n",
        id="what nobody declares, with pip in the venv",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": installed("a 7.1"), "requirements.txt": "a>8.0.4"},
            "media": {"venv": LINK, "requirements.txt": "a<8"},
            "news": {"venv": LINK, "requirements.txt": "a>8"},
        },
        [],
        1,
        "requirements.txt:1: `a>8` is needed together with `a>8.0.4` of ../dr-daily-report/requirements.txt:1, but `7.1` is installed: `a<8` of ../media/requirements.txt:1 does not allow it\n"
        "requirements.txt:1: `a>8` contradicts `a<8` of ../media/requirements.txt:1, and `7.1` is installed: one of them has to change\n"
        "requirements.txt:1: `a>8` is required, but `7.1` is installed\n",
        id="no repair takes a side in a dispute",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": installed("a 3.20"), "requirements.txt": "a!=3.6"},
            "media": {"venv": LINK, "requirements.txt": "a<3.7"},
            "news": {"venv": LINK, "requirements.txt": "a>=3"},
        },
        [],
        1,
        "requirements.txt:1: `a>=3` is needed together with `a<3.7` of ../media/requirements.txt:1, but `3.20` is installed\n"
        "  fix: uv pip install --python ../dr-daily-report/venv/bin/python -r requirements.txt 'a!=3.6' 'a<3.7'\n",
        id="a repair is right for all siblings",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": installed("a 8.1"), "requirements.txt": "a<8"},
            "media": {"venv": LINK, "requirements.txt": "a>=8"},
            "news": {"venv": LINK, "requirements.txt": "a"},
        },
        [],
        1,
        "requirements.txt:1: `a` is needed together with `a<8` of ../dr-daily-report/requirements.txt:1, but `8.1` is installed: `a>=8` of ../media/requirements.txt:1 does not allow it\n",
        id="siblings that exclude each other",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": installed("a 1\nb>=2", "b 1"), "requirements.txt": "b==1"},
            "news": {"venv": LINK, "requirements.txt": "a"},
        },
        [],
        1,
        "requirements.txt:1: `a` needs `b>=2`, but `1` is installed: `b==1` of ../dr-daily-report/requirements.txt:1 does not allow it\n",
        id="a sibling does not allow what a distribution needs",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": installed("lib 1"), "requirements.txt": "-e ../lib"},
            "media": {"venv": LINK, "requirements.txt": "../lib"},
            "news": {"venv": LINK, "requirements.txt": "lib"},
            "lib": {"pyproject.toml": PYPROJECT.replace("news", "lib")},
        },
        [],
        1,
        "requirements.txt:1: `lib` is needed together with `-e ../lib` of ../dr-daily-report/requirements.txt:1, but it was installed by its name alone, from an index\n"
        "requirements.txt:1: `lib` is needed together with `../lib` of ../media/requirements.txt:1, but it was installed by its name alone, from an index\n",
        id="from where a sibling wants it",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": installed("lib 1"), "requirements.txt": "-e ../lib"},
            "news": {"venv": LINK, "requirements.txt": "-e ../lib"},
            "lib": {"pyproject.toml": PYPROJECT.replace("news", "lib")},
        },
        [],
        1,
        "requirements.txt:1: `-e ../lib` is required, but it was installed by its name alone, from an index\n"
        "  fix: uv pip uninstall --python ../dr-daily-report/venv/bin/python lib && uv pip install --python ../dr-daily-report/venv/bin/python -r requirements.txt\n",
        id="what all want from the same place is told once",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": installed("lib 1"), "requirements.txt": "lib==2"},
            "news": {"venv": LINK, "requirements.txt": "../lib"},
            "lib": {"pyproject.toml": PYPROJECT.replace("news", "lib")},
        },
        [],
        1,
        "requirements.txt:1: `../lib` is needed together with `lib==2` of ../dr-daily-report/requirements.txt:1, but `1` is installed\n"
        "requirements.txt:1: `../lib` is required, but it was installed by its name alone, from an index\n"
        "  fix: uv pip uninstall --python ../dr-daily-report/venv/bin/python lib && uv pip install --python ../dr-daily-report/venv/bin/python -r requirements.txt\n",
        id="a version that only an index may have",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {
                "venv": LINK,
                "requirements.txt": "x y\n../lib\n-e ../more[a,b]\npandas==2.${MINOR}\nz==1 # ok\n",
            },
            "lib": {"setup.py": ""},
            "more": {"setup.py": ""},
        },
        [],
        1,
        "requirements.txt:1: `x y` is no requirement\n"
        "requirements.txt:2: `../lib` is required, but nothing is installed from there\n"
        "requirements.txt:3: `-e ../more[a,b]` is required, but nothing is installed from there\n"
        "requirements.txt:4: `pandas==2.${MINOR}` is no requirement\n"
        "requirements.txt:5: `z==1` is required, but not installed\n"
        "  fix: uv pip install --python ../dr-daily-report/venv/bin/python ../lib -e '../more[a,b]' z==1\n",
        id="each by itself beside a bad line",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {
                "venv": LINK,
                "requirements.txt": f"a==1 --hash=sha256:{'0' * 64}\n",
                "pyproject.toml": PYPROJECT + 'dependencies = ["a>=1", "b"]\n',
            },
        },
        [],
        1,
        "requirements.txt:1: `a==1` is required, but not installed\n"
        "pyproject.toml:4: `a>=1` is required, but not installed\n"
        "pyproject.toml:4: `b` is required, but not installed\n"
        "  fix: uv pip install --python ../dr-daily-report/venv/bin/python -r requirements.txt && uv pip install --python ../dr-daily-report/venv/bin/python b\n",
        id="a file with hashes, installed alone",
    ),
    pytest.param(
        "news",
        {
            "dr-daily-report": {"venv": PANDAS, "requirements.txt": GUIDE},
            "news": {
                "venv": LINK,
                "requirements.txt": f"-e .\na==1 --hash=sha256:{'0' * 64}\n",
                "setup.py": "",
            },
        },
        [],
        1,
        "requirements.txt:1: `-e .` is required, but nothing is installed from there\n"
        "requirements.txt:2: `a==1` is required, but not installed\n"
        "  fix: uv pip install --python ../dr-daily-report/venv/bin/python -e . a==1\n",
        id="hashes beside a directory, which pip refuses",
    ),
    pytest.param(
        "dr-daily-report",
        {
            "dr-daily-report": {"venv": installed("a 1", "b 1"), "requirements.txt": ""},
            "media": {"venv": LINK, "requirements.txt": "-r none.txt\n"},
            "news": {"venv": LINK, "requirements.txt": "x"},
        },
        ["--forbid-undeclared"],
        0,
        "note: ../media/requirements.txt:1: the included `../media/none.txt` is missing\n"
        "note: whether `a==1` is declared cannot be told while `../media/requirements.txt` is not read as a whole\n"
        "note: whether `b==1` is declared cannot be told while `../media/requirements.txt` is not read as a whole\n",
        id="a sibling that could not be read may declare it",
    ),
    pytest.param(
        "dr-daily-report",
        {
            "dr-daily-report": {
                "venv": installed("a 1", "b 1", "c 1", "d 1"),
                "requirements.txt": "",
                "pyproject.toml": '[dependency-groups]\ndev = ["c"]\n',
            },
            "news": {
                "venv": LINK,
                "pyproject.toml": '[project]\nname = "n"\n[project.optional-dependencies]\nx = ["a"]\n'
                '[dependency-groups]\ndev = ["b"]\n',
            },
        },
        ["--forbid-undeclared"],
        1,
        "venv: `d==1` is installed, but no project of the family declares it or needs it\n"
        "  fix: uv pip uninstall --python venv/bin/python d\n",
        id="what extras and groups declare",
    ),
]


@pytest.mark.parametrize(("project", "tree", "options", "status", "output"), FAMILIES)
def test_family(
    project: str,
    tree: Tree,
    options: Sequence[str],
    status: int,
    output: str,
    dev: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    build(tree, dev)
    monkeypatch.chdir(dev / project)
    assert said(capsys, *options) == (status, output)


# -- one project ----------------------------------------------------------------------------------

DECLARED = PYPROJECT + (
    'dependencies = ["pandas"]\n'
    '[project.optional-dependencies]\nplots = ["matplotlib"]\n'
    '[dependency-groups]\ndev = ["pytest"]\n'
)
FIX = "  fix: uv pip install --python ../dr-daily-report/venv/bin/python"
PROJECTS = [
    pytest.param({"requirements.txt": "pandas"}, [], 0, "", id="requirements.txt"),
    pytest.param({"pyproject.toml": DECLARED}, [], 0, "", id="pyproject.toml"),
    pytest.param(
        {"requirements.txt": "a", "other.txt": "pandas"},
        ["--requirements=other.txt"],
        0,
        "",
        id="other files instead",
    ),
    pytest.param(
        {"requirements.txt": "a", "pyproject.toml": DECLARED.replace("pandas", "b")},
        [],
        1,
        "requirements.txt:1: `a` is required, but not installed\n"
        "pyproject.toml:4: `b` is required, but not installed\n" + FIX + " -r requirements.txt b\n",
        id="both files",
    ),
    pytest.param(
        {"pyproject.toml": DECLARED},
        ["--extra=plots", "--group=dev"],
        1,
        "pyproject.toml:6: `matplotlib` is required, but not installed\n"
        "pyproject.toml:8: `pytest` is required, but not installed\n"
        + FIX
        + " matplotlib pytest\n",
        id="extras and groups",
    ),
    pytest.param(
        {"pyproject.toml": '[dependency-groups]\ndev = ["pytest"]\n'},
        ["--group=dev"],
        1,
        "pyproject.toml:2: `pytest` is required, but not installed\n" + FIX + " pytest\n",
        id="a group of a project without dependencies",
    ),
    pytest.param(
        {"requirements.txt": "a=1\npandas==1\n--frobnicate\nb"},
        [],
        1,
        "requirements.txt:1: `a=1` is no requirement: `=` is not an operator, `==` is\n"
        "requirements.txt:2: `pandas==1` is required, but `2.0.0` is installed\n"
        "requirements.txt:3: `--frobnicate` is an unknown option\n"
        "requirements.txt:4: `b` is required, but not installed\n" + FIX + " pandas==1 b\n",
        id="bad lines hide nothing",
    ),
    pytest.param(
        {"requirements.txt": "-r missing.txt\n-r https://e.org/r.txt\npandas"},
        [],
        1,
        "requirements.txt:1: the included `missing.txt` is missing\n"
        "note: requirements.txt:2: `https://e.org/r.txt` is not on this machine and was not read\n",
        id="files that cannot be read",
    ),
    pytest.param(
        {"requirements.txt": "a @ https://me:${TOKEN}@e.org/a?key=${TOKEN}"},
        [],
        1,
        "requirements.txt:1: `a @ https://****@e.org/a?key=${TOKEN}` is required,"
        " but not installed\n" + FIX + " -r requirements.txt\n",
        id="a secret",
    ),
    pytest.param(
        {
            "pyproject.toml": '[project]\nname = "n"\nrequires-python = ">=3.12"\ndependencies = []\n'
        },
        [],
        1,
        "pyproject.toml:3: `requires-python` is `>=3.12`, but the venv's Python is `3.11.7`\n",
        id="another Python",
    ),
    pytest.param(
        {"requirements.txt": "broken"},
        [],
        1,
        "requirements.txt:1: `broken` is required, but not installed\n"
        "../dr-daily-report/venv/lib/python3.11/site-packages/broken-1.dist-info/METADATA:"
        " has no `Version`\n"
        "  fix: rm -r ../dr-daily-report/venv/lib/python3.11/site-packages/broken-1.dist-info &&"
        + FIX.removeprefix("  fix:")
        + " -r requirements.txt\n",
        id="metadata without a version",
    ),
    pytest.param(
        {"requirements.txt": "./lib", "lib": {"setup.py": ""}},
        [],
        1,
        "requirements.txt:1: `./lib` is required, but nothing is installed from there\n"
        + FIX
        + " -r requirements.txt\n",
        id="a path that does not tell its name",
    ),
    pytest.param(
        {
            "requirements.txt": "./lib\n./bad",
            "lib": {
                "setup.py": "",
                "pyproject.toml": "project = 1",
                "setup.cfg": "[metadata]\nname = Pandas",
            },
            "bad": {"pyproject.toml": "[", "setup.cfg": "["},
        },
        ["--no-siblings"],
        1,
        "requirements.txt:1: `./lib` is required, but `pandas` was installed by its name alone,"
        " from an index\n"
        "requirements.txt:2: `./bad` is required, but nothing is installed from there\n"
        "  fix: uv pip uninstall --python ../dr-daily-report/venv/bin/python pandas &&"
        " uv pip install --python ../dr-daily-report/venv/bin/python -r requirements.txt\n",
        id="names of paths",
    ),
    pytest.param(
        {
            "requirements.txt": "-r a.txt\n-r b.txt",
            "a.txt": "-c c.txt\npandas",
            "b.txt": "-c c.txt",
            "c.txt": "pandas<2",
        },
        ["--requirements=a.txt", "--requirements=b.txt", "--requirements=a.txt"],
        1,
        "c.txt:1: `pandas<2` is a constraint, but `2.0.0` is installed\n" + FIX + " -r a.txt\n",
        id="a constraint of two files",
    ),
    pytest.param(
        {"requirements.txt": "odd\n./x.zip"},
        [],
        1,
        "requirements.txt:2: `./x.zip` is required, but nothing is installed from there\n"
        + FIX
        + " -r requirements.txt\n"
        "note: ../dr-daily-report/venv/lib/python3.11/site-packages/odd-1.dist-info"
        "/direct_url.json is not valid JSON\n",
        id="a direct_url.json that is none",
    ),
]


@pytest.mark.parametrize(("tree", "options", "status", "output"), PROJECTS)
def test_project(
    tree: Tree,
    options: Sequence[str],
    status: int,
    output: str,
    dev: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TOKEN", "s3cret")
    site: Tree = {
        "broken-1.dist-info": {"METADATA": "Name: broken\n"},
        "odd-1.dist-info": {"METADATA": "Name: odd\nVersion: 1\n", "direct_url.json": "{"},
    }
    build({"venv": PANDAS, f"venv/{SITE}": site}, dev / "dr-daily-report")
    monkeypatch.chdir(build({"venv": LINK, **tree}, dev / "news"))
    assert said(capsys, *options) == (status, output)


def test_setup_py_develop(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    news: Tree = {"setup.py": "", "news.egg-info": {"PKG-INFO": "Name: news\nVersion: 1\n"}}
    build(
        {OWNER: {"venv": PANDAS}, "news": {"venv": LINK, "requirements.txt": "-e .", **news}}, dev
    )
    link = dev / OWNER / "venv" / SITE / "news.egg-link"
    link.write_text(f"{dev}/news\n.")
    monkeypatch.chdir(dev / "news")
    assert said(capsys) == (0, "")
    assert said(capsys, "--forbid-undeclared", "--allow-undeclared=numpy") == (
        1,
        "../dr-daily-report/venv: `pandas==2.0.0` is installed, but no project of the family"
        " declares it or needs it\n"
        "  fix: uv pip uninstall --python ../dr-daily-report/venv/bin/python pandas\n",
    )


MAIN = "note: `-e lib` is installed from the main work tree, `../dr-daily-report/lib`\n"


def test_a_linked_work_tree_has_the_main_ones_project(
    owner: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_project(owner / "lib", "lib")
    install("uv", owner / "venv", "-e", "lib", directory=owner)
    (owner / "requirements.txt").write_text("-e lib\n")
    (owner / ".gitignore").write_text("/venv\n")
    git(owner, "init", "--quiet")
    git(owner, "add", ".")
    git(owner, "commit", "--quiet", "--message", "all")
    git(owner, "worktree", "add", "--quiet", "../fix")
    (owner.parent / "fix" / "venv").symlink_to("../dr-daily-report/venv")
    assert said(capsys) == (0, "")
    os.chdir(owner.parent / "fix")
    assert said(capsys) == (0, MAIN)
    assert said(capsys, "--forbid-undeclared")[0] == 0
    (owner.parent / "fix" / "requirements.txt").write_text("-e lib\nlib @ git+https://e.org/l\n")
    assert "is installed from `" in said(capsys)[1]
    (owner.parent / "fix" / "requirements.txt").write_text("-e lib\n")
    make_project(owner.parent / "elsewhere", "lib")
    install("uv", owner / "venv", "-e", "../elsewhere", directory=owner)
    status, output = said(capsys)
    assert (status, output.partition("\n")[0]) == (
        1,
        f"requirements.txt:1: `-e lib` is required, but it is installed from"
        f" `{owner.parent}/elsewhere`",
    )
    # The repair takes nothing from the main work tree.
    fix = output.partition("  fix: ")[2]
    assert fix.endswith("/venv/bin/python -e ../dr-daily-report/lib\n"), fix
    paste(fix, owner.parent / "fix")
    make_wheel(owner.parent / "wheels here", "a", "1")
    (owner.parent / "fix" / "requirements.txt").write_text("-e lib\na\n")
    status, output = said(capsys)
    assert output.endswith(" install --python ../dr-daily-report/venv/bin/python a\n" + MAIN)
    paste(output.partition("  fix: ")[2].partition("\n")[0], owner.parent / "fix")
    assert said(capsys) == (0, MAIN)
    make_project(Path("new"), "new")
    Path("requirements.txt").write_text("-e lib\n-e new\n")
    status, output = said(capsys)
    what = "`-e new` is required, but not installed"
    assert output.startswith(f"requirements.txt:2: {what}\n  fix: ")
    os.chdir(owner)
    assert said(capsys) == (0, "")


def test_what_means_something_in_a_file_only_is_in_no_command(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build(
        {
            OWNER: {"venv": installed("a 1"), "requirements.txt": "a>=${WANTED}\n"},
            "news": {"venv": LINK, "requirements.txt": "a\nx y\nb==${WANTED}\n"},
        },
        dev,
    )
    monkeypatch.chdir(dev / "news")
    monkeypatch.setenv("WANTED", "2")
    assert said(capsys) == (
        1,
        "requirements.txt:1: `a` is needed together with `a>=${WANTED}` of"
        " ../dr-daily-report/requirements.txt:1, but `1` is installed\n"
        "requirements.txt:2: `x y` is no requirement\n"
        "requirements.txt:3: `b==${WANTED}` is required, but not installed\n",
    )


# -- where there is nothing to compare with -------------------------------------------------------

NOTHING = [
    pytest.param(
        "news",
        {OWNER: {"venv": PANDAS}, "news": {"venv": LINK}},
        [],
        {},
        0,
        "note: nothing is asked for, neither here nor in an owner to inherit from\n",
        id="neither here nor in the owner",
    ),
    pytest.param(
        "news",
        {"news": {"requirements.txt": "a"}},
        [],
        {},
        1,
        "venv: there is no virtual environment, nor at `../dr-daily-report/venv`\n"
        "  fix: python3 -I -m venv venv\n",
        id="no venv, and no owner",
    ),
    pytest.param(
        "news",
        {"news": {"README": ""}},
        [],
        {},
        1,
        "venv: there is no virtual environment, nor at `../dr-daily-report/venv`\n"
        "  fix: python3 -I -m venv venv\n"
        "note: nothing is asked for, neither here nor in an owner to inherit from\n",
        id="no venv, no owner, and nothing asked for",
    ),
    pytest.param(
        "news",
        {OWNER: {"requirements.txt": "a"}, "news": {"venv": LINK, "requirements.txt": "a"}},
        [],
        {},
        1,
        "venv: there is no virtual environment, nor at `../dr-daily-report/venv`\n"
        "  fix: python3 -I -m venv ../dr-daily-report/venv\n"
        "  or: rm venv && python3 -I -m venv venv\n",
        id="an owner without a venv",
    ),
    pytest.param(
        OWNER,
        {OWNER: {"requirements.txt": "a==1\na==2"}},
        [],
        {},
        1,
        "requirements.txt:2: `a==2` contradicts `a==1` of requirements.txt:1\n"
        "venv: there is no virtual environment\n"
        "  fix: python3 -I -m venv venv\n",
        id="no venv in the owner",
    ),
    pytest.param(
        "news",
        {OWNER: {"venv": PANDAS}, "news": {"requirements.txt": "pandas"}},
        [],
        {},
        0,
        "",
        id="no link yet: the target is looked into",
    ),
    pytest.param(
        "news",
        {
            OWNER: {"venv": PANDAS},
            "other": {"venv": installed("pandas 1")},
            "news": {"venv": Symlink("../other/venv"), "requirements.txt": "pandas>=2"},
        },
        [],
        {},
        1,
        "requirements.txt:1: `pandas>=2` is required, but `1` is installed\n"
        "  fix: uv pip install --python {dev}/other/venv/bin/python -r requirements.txt\n",
        id="a link elsewhere: what it leads to is looked into",
    ),
    pytest.param(
        "news",
        {"news": {"venv": PANDAS, "requirements.txt": "pandas<2"}},
        [],
        {},
        1,
        "requirements.txt:1: `pandas<2` is required, but `2.0.0` is installed\n"
        "  fix: uv pip install --python venv/bin/python -r requirements.txt\n",
        id="the fallback",
    ),
    pytest.param(
        "news",
        {"news": {"requirements.txt": "a==1\nb\nb>=2; os_name == 'x'\na==2"}},
        [],
        {"CI": "true"},
        1,
        "requirements.txt:4: `a==2` contradicts `a==1` of requirements.txt:1\n"
        "note: venv: no venv here in CI: what is installed is not checked\n",
        id="no venv in CI",
    ),
    pytest.param(
        "news",
        {"news": {"venv": PANDAS, "requirements.txt": "pandas<2"}},
        [],
        {"CI": "1"},
        1,
        "requirements.txt:1: `pandas<2` is required, but `2.0.0` is installed\n"
        "  fix: uv pip install --python venv/bin/python -r requirements.txt\n",
        id="a venv of its own in CI",
    ),
    pytest.param(
        "news",
        {
            OWNER: {"requirements.txt": "pandas==1"},
            "other": {"requirements.txt": "numpy==1"},
            "news": {"requirements.txt": "pandas==2\nnumpy==2"},
        },
        ["--sibling=../other"],
        {"CI": "1"},
        1,
        "requirements.txt:2: `numpy==2` contradicts `numpy==1` of ../other/requirements.txt:1:"
        " one of them has to change\n"
        "note: venv: no venv here in CI: what is installed is not checked\n",
        id="in CI only the siblings that are named",
    ),
    pytest.param(
        "news",
        {"news": {"README": ""}},
        [],
        {"CI": "1"},
        0,
        "note: venv: no venv here in CI: what is installed is not checked\n"
        "note: nothing is asked for, neither here nor in an owner to inherit from\n",
        id="nothing at all in CI",
    ),
]


@pytest.mark.parametrize(("project", "tree", "options", "environ", "status", "output"), NOTHING)
def test_nothing_to_compare_with(
    project: str,
    tree: Tree,
    options: Sequence[str],
    environ: dict[str, str],
    status: int,
    output: str,
    dev: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    build(tree, dev)
    monkeypatch.chdir(dev / project)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert said(capsys, *options) == (
        status,
        output.replace("{dev}/other/venv/bin/python", repr(f"{dev}/other/venv/bin/python")),
    )


WITHOUT_TARGET = [
    pytest.param(
        {OWNER: {"venv": PANDAS, "requirements.txt": "pandas<2"}, "news": {"venv": LINK}},
        1,
        "../dr-daily-report/requirements.txt:1: `pandas<2` is required, but `2.0.0` is installed\n"
        "  fix: (cd ../dr-daily-report &&"
        " uv pip install --python venv/bin/python -r requirements.txt)\n",
        id="a link: its end is the target",
    ),
    pytest.param(
        {OWNER: {"venv": PANDAS}, "news": {"venv": Symlink("{dev}/dr-daily-report/venv"), "requirements.txt": "pandas<2"}},
        1,
        "requirements.txt:1: `pandas<2` is required, but `2.0.0` is installed\n"
        "  fix: uv pip install --python '{dev}/dr-daily-report/venv/bin/python'"
        " -r requirements.txt\n",
        id="an absolute link",
    ),
    pytest.param(
        {"news": {"venv": PANDAS, "requirements.txt": "pandas"}},
        0,
        "",
        id="a real venv",
    ),
    pytest.param(
        {"news": {"venv": PANDAS}, OWNER: {}},
        0,
        "note: nothing is asked for, neither here nor in an owner to inherit from\n",
        id="a venv of its own in CI",
    ),
    pytest.param(
        {"news": {"requirements.txt": "pandas"}},
        1,
        "venv: there is no virtual environment; `--target` names the shared one\n"
        "  fix: python3 -I -m venv venv\n",
        id="nothing",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("tree", "status", "output"), WITHOUT_TARGET)
def test_without_target(
    tree: Tree,
    status: int,
    output: str,
    dev: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    build(tree, dev)
    if "nothing is asked for" in output:
        monkeypatch.setenv("CI", "true")
    link = dev / "news" / "venv"
    if link.is_symlink() and "{dev}" in os.readlink(link):
        link.unlink()
        link.symlink_to(dev / OWNER / "venv")
    monkeypatch.chdir(dev / "news")
    assert (main([]), capsys.readouterr().out) == (status, output.replace("{dev}", str(dev)))


REFUSED = [
    pytest.param(
        {"venv": PANDAS},
        [TARGET],
        "nothing to check: no requirements.txt, no [project] dependencies in pyproject.toml",
        id="an owner with nothing to check",
    ),
    pytest.param(
        {"venv": PANDAS, "pyproject.toml": '[project]\nname = "dr"\n'},
        [],
        "nothing to check: no requirements.txt, no [project] dependencies in pyproject.toml",
        id="a venv of its own, and nothing to check",
    ),
    pytest.param(
        {"venv": PANDAS, "requirements.txt": "a"},
        [TARGET, "--extra=x"],
        "--extra and --group need a pyproject.toml or a pylock.toml",
        id="an extra of no project",
    ),
    pytest.param(
        {"requirements.txt": "a", "pyproject.toml": DECLARED},
        [TARGET, "--requirements=requirements.txt", "--group=dev"],
        "--extra and --group need a pyproject.toml or a pylock.toml",
        id="a group of a file without groups",
    ),
    pytest.param(
        {"requirements.txt": "a"}, ["--frobnicate"], "unrecognized arguments: --frobnicate",
        id="an option that there is not",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("tree", "options", "why"), REFUSED)
def test_refused(
    tree: Tree,
    options: Sequence[str],
    why: str,
    dev: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(build(tree, dev / OWNER))
    with pytest.raises(SystemExit) as stopped:
        main(options)
    said = capsys.readouterr()
    assert (stopped.value.code, said.out, said.err.splitlines()[-1]) == (
        2,
        "",
        f"check-requirements-sync: {why}",
    )


def test_a_local_venv_about_to_go_is_no_place_to_install_into(
    dev: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pasted after the link is back, the fix must not install through it."""
    build({"dr-daily-report": {}, "news": {"requirements.txt": "pandas"}}, dev)
    for project in ["dr-daily-report", "news"]:
        make_venv(dev / project / "venv")
    monkeypatch.chdir(dev / "news")
    says = "requirements.txt:1: `pandas` is required, but not installed\n  fix: uv pip install --python {}/bin/python -r requirements.txt\n"
    note = "note: `venv` is a local venv: what is installed was read from it, not from `{}`\n"
    shared = "../dr-daily-report/venv"
    assert said(capsys) == (1, (says + note).format(shared, shared))
    (dev / "dr-daily-report" / "venv" / "bin" / "python").unlink()
    assert said(capsys) == (1, says.format("venv"))
