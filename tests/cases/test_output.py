"""What is never printed: user names, passwords and tokens, in any format, from any file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cases.family import TARGET, Family, site_packages
from tests.cases.kinds import kind

LINK = "check-venv-symlink"
SYNC = "check-requirements-sync"
ALL = "check-shared-venv"
PRINTED = [(SYNC, "text"), (SYNC, "github"), (SYNC, "json"), (ALL, "text")]

LINES = {
    "a token in a query": "foo @ https://files.example/foo.whl?token=SECRET",
    "a signature": "bar @ https://files.example/bar-1.0-py3-none-any.whl?X-Amz-Signature=SECRET",
    "two of them": "bar @ https://files.example/bar-1.0.zip?sv=2020&sig=SECRET&se=SECRET",
    "a bare URL": "https://blob.example/p-1-py3-none-any.whl?sv=2020&sig=SECRET",
    "behind a fragment": "https://h.example/p-1.tar.gz?token=SECRET#egg=p",
    "a password": "baz @ git+https://me:SECRET@github.example/a/baz.git@main",
    "a name alone": "baz @ git+https://SECRET@github.example/a/baz.git",
    "a password and a query": "q @ git+https://me:SECRET@h.example/q.git?private_token=SECRET",
    "two @ in the host part": "baz @ https://me:SEC@SECRET@h.example/baz-1.tar.gz",
    "letters in percent": "baz @ https://me:%53SECRET@h.example/baz-1.tar.gz",
    "an editable": "-e git+ssh://git:SECRET@host.example/x#egg=x",
    "like scp": "git+me:SECRET@host.example:path/x",
    "without a scheme": "ok @ //me:SECRET@host.example/x.whl",
    "an index": "--index-url https://me:SECRET@h.example/simple --no-such-option",
    "an index with an equals sign": "--index-url=https://h.example/simple?token=SECRET bogus",
    "an open quote": '--index-url "https://h.example/simple?token=SECRET',
    "an abbreviated option": "--extra-index https://me:SECRET@h.example/x --foo",
    "a proxy": "--proxy me:SECRET@proxy.example:3128",
    "a proxy with an equals sign": "--proxy=me:SECRET@proxy.example:3128",
    "find links": "-f https://h.example/links?token=SECRET --what",
    "a port that is none": "x @ https://me:SECRET@h.example:port/x.whl",
    "a bracket that is not closed": "x @ https://me:SECRET@[::1/x.whl",
    "a marker that is none": "x @ https://me:SECRET@h.example/x.whl ; nonsense",
    "an included file": "-r https://me:SECRET@h.example/r.txt?token=SECRET",
}


def told(family: Family, hook: str, style: str, **environ: str) -> str:
    """All that it prints; whatever it is asked for."""
    said = family.hook(hook, TARGET, environ={**environ, "SHARED_VENV_OUTPUT_FORMAT": style})
    assert said.status == 1, said
    if style == "json":
        assert json.loads(said.stdout)["schema"] == 1
    if style == "github":
        assert said.stdout.startswith("::")
    return said.stdout + said.stderr


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize(("hook", "style"), PRINTED)
@kind("no secret is printed")
def test_a_line_is_told_without_its_secret(
    family: Family, line: str, hook: str, style: str
) -> None:
    (family.member / "requirements.txt").write_text(f"{line}\nmissing==1\n")
    assert "SECRET" not in told(family, hook, style)


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@kind("no secret is printed")
def test_a_siblings_line_is_told_without_its_secret(family: Family, line: str) -> None:
    (family.sibling / "requirements.txt").write_text(f"{line}\nmissing==1\n")
    (family.member / "requirements.txt").write_text("missing==2\n")
    assert "SECRET" not in told(family, SYNC, "text")


def installed(family: Family, name: str, origin: dict[str, object]) -> Path:
    folder = site_packages(family.venv) / f"{name}-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (folder / "direct_url.json").write_text(json.dumps(origin))
    return folder


ORIGINS: dict[str, dict[str, object]] = {
    "a token in a query": {
        "url": "https://files.example/bar-0.9.whl?token=SECRET",
        "archive_info": {},
    },
    "a name and a password": {
        "url": "https://me:SECRET@github.example/evil/bar.git",
        "vcs_info": {"vcs": "git", "commit_id": "abc"},
    },
    "a folder on a server": {"url": "file://me:SECRET@server/bar", "dir_info": {"editable": True}},
    "no URL at all": {"url": "me:SECRET@server:bar", "archive_info": {}},
}


@pytest.mark.parametrize("origin", ORIGINS.values(), ids=ORIGINS)
@pytest.mark.parametrize(("hook", "style"), PRINTED)
@kind("no secret is printed")
def test_what_is_installed_is_told_without_its_secret(
    family: Family, origin: dict[str, object], hook: str, style: str
) -> None:
    installed(family, "bar", origin)
    (family.member / "requirements.txt").write_text(
        "bar @ https://files.example/bar-1.0-py3-none-any.whl\n"
    )
    assert "SECRET" not in told(family, hook, style)


VARIABLES = {
    "in the path": "bar @ https://files.example/${TOKEN}/bar-1.0-py3-none-any.whl",
    "before the host": "bar @ https://${TOKEN}@files.example/bar-1.0-py3-none-any.whl",
    "in a query": "bar @ https://files.example/bar-1.0-py3-none-any.whl?a=${TOKEN}",
    "as the version": "bar==${TOKEN}",
    "as a name": "${TOKEN} @ nonsense",
    "in an option": "--no-such-option=${TOKEN} --index-url",
    "in an included file's name": "-r ${TOKEN}.txt",
    "in a constraint's name": "-c ${TOKEN}/c.txt",
    "in an editable": "-e ./${TOKEN}",
    "in a marker": "bar ; ${TOKEN} == '1'",
}


@pytest.mark.parametrize("line", VARIABLES.values(), ids=VARIABLES)
@pytest.mark.parametrize(("hook", "style"), PRINTED)
@kind("no secret is printed")
def test_the_value_of_a_variable_is_never_printed(
    family: Family, line: str, hook: str, style: str
) -> None:
    (family.member / "requirements.txt").write_text(f"{line}\nmissing==1\n")
    assert "9SECRET9" not in told(family, hook, style, TOKEN="9SECRET9")


@pytest.mark.parametrize("environ", [{}, {"TOKEN": "another"}], ids=["not set", "another value"])
@kind("no secret is printed")
def test_nor_is_what_was_installed_by_its_value(family: Family, environ: dict[str, str]) -> None:
    """The variable was set at the installation; the commit knows its name alone."""
    url = "https://files.example/SECRET/bar-0.9-py3-none-any.whl"
    installed(family, "bar", {"url": url, "archive_info": {}})
    line = "bar @ https://files.example/${TOKEN}/bar-1.0-py3-none-any.whl\n"
    (family.member / "requirements.txt").write_text(line)
    assert "SECRET" not in told(family, SYNC, "text", **environ)


@pytest.mark.parametrize(
    "url",
    [
        "https://x-access-token:SECRET@github.example/a/owner.git",
        "https://github.example/a/owner.git?token=SECRET",
        "https://SECRET@github.example/a/owner",
    ],
)
@pytest.mark.parametrize("hook", [LINK, ALL])
@kind("no secret is printed")
def test_where_to_clone_the_owner_from_is_told_without_a_secret(
    family: Family, url: str, hook: str
) -> None:
    """The owner is not there; this project's remote is what a command could name."""
    family.run(
        "git", "remote", "add", "origin", url.replace("owner", "member"), folder=family.member
    )
    family.destroy(family.owner)
    said = family.hook(hook)
    assert said.status == 1
    assert "SECRET" not in said.stdout + said.stderr
