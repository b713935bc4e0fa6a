"""What is written in several places says the same everywhere: names, options, versions."""

from __future__ import annotations

import ast
import graphlib
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
README = (CHECKOUT / "README.md").read_text()
OPTIONS = (CHECKOUT / "docs" / "options.md").read_text()
PAGES = [
    *(CHECKOUT / name for name in ["README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"]),
    *sorted((CHECKOUT / "docs").glob("*.md")),
]
MANIFEST = (CHECKOUT / ".pre-commit-hooks.yaml").read_text()
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
# An entry of the manifest is a few lines `key: value`, nothing nested.
ENTRIES = [
    dict(re.findall(r"^[- ] (\w+): (.*)$", entry, flags=re.MULTILINE))
    for entry in re.split(r"^(?=- )", MANIFEST, flags=re.MULTILINE)[1:]
]
IDS = [entry["id"] for entry in ENTRIES]
TREES = {
    path.relative_to(CHECKOUT): ast.parse(path.read_text())
    for path in sorted((CHECKOUT / "hooks").rglob("*.py"))
}
FLOORS = ["ground", "venvs", "project", "requirements", "fixes", "rules", "doors"]


def module_of(hook: str) -> str:
    return hook.replace("-", "_")


def section_of(hook: str, page: str = README) -> str:
    """The page's section, up to the next heading of its rank."""
    found = re.search(rf"^## {hook}$(.*?)(?=^## |\Z)", page, flags=re.MULTILINE | re.DOTALL)
    assert found, f"there is no heading `## {hook}`"
    return found[1]


def options_of(hook: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """`--venv PATH`, `--fix`…, as `--help` shows them."""
    main = importlib.import_module(f"hooks.{module_of(hook)}").main
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    return re.findall(r"^  (--[a-z-]+(?: [^ \n]+)?)", capsys.readouterr().out, flags=re.MULTILINE)


def test_a_hook_has_one_name_in_five_places() -> None:
    modules = {
        path.stem
        for path, tree in TREES.items()
        if len(path.parts) == 2
        and any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)
    }
    assert modules == {module_of(hook) for hook in IDS}
    assert PROJECT["scripts"] == {hook: f"hooks.{module_of(hook)}:main" for hook in IDS}
    assert [entry["entry"] for entry in ENTRIES] == [
        f"python -I -m hooks.{module_of(hook)}" for hook in IDS
    ]
    assert max(len(entry["name"]) for entry in ENTRIES) <= 45
    assert re.findall(r"^## (.*)$", OPTIONS, flags=re.MULTILINE) == IDS
    assert [each for each in re.findall(r"^## (.*)$", README, flags=re.M) if each in IDS] == IDS
    for hook in IDS:
        assert section_of(hook).strip()
        tests = CHECKOUT / "tests" / f"test_{module_of(hook)}.py"
        assert tests.is_file() or hook == "check-shared-venv"  # tests/rules/test_together.py


def test_the_manifest_is_valid_for_both_runners() -> None:
    manifest = str(CHECKOUT / ".pre-commit-hooks.yaml")
    for runner in ["pre_commit", "prek"]:
        subprocess.run([sys.executable, "-m", runner, "validate-manifest", manifest], check=True)


def test_every_hook_runs_in_every_stage_and_looks_at_no_file_names() -> None:
    """Links, deletions and ignored paths never reach a hook by file name."""
    stages = "pre-commit, pre-merge-commit, pre-push, post-checkout, post-merge, post-rewrite"
    for entry in ENTRIES:
        is_for_people = entry.pop("id") == "shared-venv-status"
        assert entry.pop("entry")
        assert entry.pop("name")
        assert entry.pop("description")
        assert entry == {
            "language": "python",
            "pass_filenames": "false",
            "always_run": "true",
            "stages": "[manual]" if is_for_people else f"[{stages}, manual]",
            "minimum_pre_commit_version": "3.2.0",
        }


@pytest.mark.parametrize("hook", IDS)
def test_the_options_page_has_every_option_of_help_and_no_other(
    hook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    section = section_of(hook, OPTIONS).replace("\\|", "|")
    table = re.findall(r"^\| `(--[^`]*)` \|", section, flags=re.MULTILINE)
    assert sorted(table) == sorted(options_of(hook, capsys))


@pytest.mark.parametrize("hook", IDS)
def test_the_pages_configure_a_hook_with_options_that_it_has(
    hook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {option.split()[0] for option in options_of(hook, capsys)}
    text = "\n".join(page.read_text() for page in PAGES)
    entries = re.findall(rf"- id: {hook}\n((?: {{8}}.*\n)*)", text)
    used = {option for entry in entries for option in re.findall(r"--[a-z-]+", entry)}
    assert used <= options


def test_the_version_is_the_same_everywhere() -> None:
    version = PROJECT["version"]
    assert set(re.findall(r"shared-venv-hooks\n +rev: (\S+)", README)) == {f"v{version}"}
    changelog = (CHECKOUT / "CHANGELOG.md").read_text()
    assert re.findall(r"^## (\S+)", changelog, flags=re.MULTILINE)[0] == version


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_leads_nowhere_that_is_not_there(page: Path) -> None:
    missing = []
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text()):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            missing.append(link)
    assert missing == []


def floor_of(module: str) -> str:
    room, *below = module.split(".")[1:]
    if below or (CHECKOUT / "hooks" / room).is_dir():
        return "ground" if room == "fast" else room
    return "doors" if room in {module_of(hook) for hook in IDS} else "ground"


def imported_by(tree: ast.Module) -> set[str]:
    """The modules of ours that are imported when it runs, early or late."""
    found = set()
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        todo += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = {name for name in names if name in MODULES}
            found |= modules if modules == names else modules | {node.module}
    return found & MODULES


MODULES = {".".join(path.with_suffix("").parts) for path in TREES if path.stem != "__init__"}
IMPORTS = {
    ".".join(path.with_suffix("").parts): imported_by(tree)
    for path, tree in TREES.items()
    if path.stem != "__init__"
}


def test_a_room_imports_from_those_below_it_alone() -> None:
    upwards = [
        f"{module} imports {each}"
        for module, found in IMPORTS.items()
        for each in sorted(found)
        if FLOORS.index(floor_of(each)) > FLOORS.index(floor_of(module))
        or floor_of(each) == "doors"
    ]
    assert upwards == []


def test_there_are_no_circles() -> None:
    graphlib.TopologicalSorter(IMPORTS).prepare()


def lines_of(path: Path) -> int:
    return len((CHECKOUT / path).read_text().splitlines())


def test_files_and_functions_are_short() -> None:
    doors = {f"{module_of(hook)}.py" for hook in IDS}
    long = [
        str(path)
        for path in TREES
        if lines_of(path) > (60 if len(path.parts) == 2 and path.name in doors else 300)
    ]
    tests = sorted(path.relative_to(CHECKOUT) for path in (CHECKOUT / "tests").rglob("*.py"))
    long += [str(path) for path in tests if lines_of(path) > 600]
    long += [
        f"{path}: {node.name}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or 0) - node.lineno >= 40
    ]
    assert long == []


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
