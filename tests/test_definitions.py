"""What is written in several places says the same everywhere: names, options, versions."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
README = (CHECKOUT / "README.md").read_text()
MANIFEST = (CHECKOUT / ".pre-commit-hooks.yaml").read_text()
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
# An entry of the manifest is a few lines `key: value`, nothing nested.
ENTRIES = [
    dict(re.findall(r"^[- ] (\w+): (.*)$", entry, flags=re.MULTILINE))
    for entry in re.split(r"^(?=- )", MANIFEST, flags=re.MULTILINE)[1:]
]
IDS = [entry["id"] for entry in ENTRIES]
TREES = {path: ast.parse(path.read_text()) for path in (CHECKOUT / "hooks").glob("*.py")}


def module_of(hook: str) -> str:
    return hook.replace("-", "_")


def section_of(hook: str) -> str:
    """The README's section, up to the next heading of its rank."""
    found = re.search(rf"^## {hook}$(.*?)(?=^## |\Z)", README, flags=re.MULTILINE | re.DOTALL)
    assert found, f"README.md has no heading `## {hook}`"
    return found[1]


def options_of(hook: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """`--venv PATH`, `--fix`…, as `--help` shows them."""
    main = importlib.import_module(f"hooks.{module_of(hook)}").main
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    return re.findall(r"^  (--[a-z-]+(?: [A-Z]+)?)", capsys.readouterr().out, flags=re.MULTILINE)


def test_a_hook_has_one_name_in_five_places() -> None:
    modules = {
        path.stem
        for path, tree in TREES.items()
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)
    }
    assert modules == {module_of(hook) for hook in IDS}
    assert PROJECT["scripts"] == {hook: f"hooks.{module_of(hook)}:main" for hook in IDS}
    assert [entry["entry"] for entry in ENTRIES] == IDS
    for hook in IDS:
        assert (CHECKOUT / "tests" / f"test_{module_of(hook)}.py").is_file()
        assert section_of(hook)


def test_the_manifest_is_valid_for_both_runners() -> None:
    manifest = str(CHECKOUT / ".pre-commit-hooks.yaml")
    for runner in ["pre_commit", "prek"]:
        subprocess.run([sys.executable, "-m", runner, "validate-manifest", manifest], check=True)


def test_every_hook_runs_in_every_stage_and_looks_at_no_file_names() -> None:
    """Links, deletions and ignored paths never reach a hook by file name."""
    stages = "pre-commit, pre-merge-commit, pre-push, post-checkout, post-merge, post-rewrite"
    for entry in ENTRIES:
        assert entry.pop("id") == entry.pop("entry")
        assert entry.pop("name")
        assert entry.pop("description")
        assert entry == {
            "language": "python",
            "pass_filenames": "false",
            "always_run": "true",
            "stages": f"[{stages}, manual]",
            "minimum_pre_commit_version": "3.2.0",
        }


@pytest.mark.parametrize("hook", IDS)
def test_the_readme_has_every_option_of_help_and_no_other(
    hook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    section = section_of(hook)
    table = re.findall(r"^\| `(--[^`]*)` \|", section, flags=re.MULTILINE)
    assert sorted(table) == sorted(options_of(hook, capsys))


@pytest.mark.parametrize("hook", IDS)
def test_the_readme_configures_a_hook_with_options_that_it_has(
    hook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {option.split()[0] for option in options_of(hook, capsys)}
    entries = re.findall(rf"- id: {hook}\n((?: {{8}}.*\n)*)", README)
    used = {option for entry in entries for option in re.findall(r"--[a-z-]+", entry)}
    assert entries
    assert used <= options


def test_the_version_is_the_same_everywhere() -> None:
    version = PROJECT["version"]
    assert set(re.findall(r"\brev: (\S+)", README)) == {f"v{version}"}
    changelog = (CHECKOUT / "CHANGELOG.md").read_text()
    assert re.findall(r"^## (\S+)", changelog, flags=re.MULTILINE)[0] == version


def test_the_readme_leads_nowhere_that_is_not_there() -> None:
    headings = re.findall(r"^#+ (.*)$", README, flags=re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", README)
    missing = [link for link in links if link.startswith("#") and link[1:] not in anchors]
    missing += [
        link for link in links if link[0] != "#" and not (CHECKOUT / link.split("#")[0]).exists()
    ]
    assert missing == []


def test_a_hook_imports_no_hook_and_what_decides_does_no_input_or_output() -> None:
    hooks = {f"hooks.{module_of(hook)}" for hook in IDS}
    imports = {path.stem: imported_by(tree) for path, tree in TREES.items()}
    assert {name: found for name in imports if (found := imports[name] & hooks)} == {}
    assert imports["compare"] & {"os", "pathlib", "subprocess", "hooks.files"} == set()


def imported_by(tree: ast.Module) -> set[str]:
    """The modules that are imported when it runs, early or late."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_no_file_names_a_registry_or_the_machine_that_it_was_written_on() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
    )
    paths = [CHECKOUT / name for name in listed.stdout.decode().split("\0") if name]
    strange = re.compile(
        r"pypi[.]org|pythonhosted[.]org|npmjs[.]org|debian[.]org|[/]work/|[/]root/|[.]pyenv"
    )
    found = [
        f"{path.relative_to(CHECKOUT)}: {line.strip()}"
        for path in paths
        if path.is_file()
        for line in path.read_text(errors="replace").splitlines()
        if strange.search(line)
    ]
    assert found == []
