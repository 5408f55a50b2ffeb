"""The layer rule of docs/design/architecture.md: a module imports only from rows below its own."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.syntax_trees import tree_of

PACKAGE = Path(__file__).resolve().parent.parent / "autograder"
ROWS = (
    ("errors",),
    ("model",),
    ("safe", "grades"),
    ("course", "notebook", "artifacts", "feedback", "calibration"),
    ("imports", "frames", "messages", "installed", "warm_process"),
    ("lms", "questions"),
    ("workspace",),
    ("sandbox", "readers", "checks", "gradebook", "data", "container", "cluster", "lti", "authoring"),
    ("pipeline",),
    ("platforms", "remote", "watch"),
    ("service",),
    ("cli", "testing", "otter"),
    ("__main__",),
)
RANK = {name: rank for rank, row in enumerate(ROWS) for name in row}
PURE = ROWS[0] + ROWS[1] + ROWS[2] + ROWS[3] + ("lms", "questions")
IMPURE_MODULES = {"os", "subprocess", "socket", "time", "shutil", "tempfile", "random", "threading", "signal"}
ALLOWED = {"notebook/syntax.py": {"threading"}}  # for a lock: parsing is not safe in threads
HEAVY = ("tensorflow", "keras", "nbgrader", "matplotlib", "otter", "IPython", "pytest", "distributed",
         "starlette", "uvicorn", "jupyterhub")


def part(module: str) -> str | None:
    pieces = module.split(".")
    return pieces[1] if pieces[0] == "autograder" and len(pieces) > 1 else None


@cache
def imports(path: Path) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    pieces = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(pieces[:-1] if pieces[-1] == "__init__" else pieces)


@cache
def import_graph() -> dict[str, set[str]]:
    """Module → the modules of ours that it imports, inside functions too; `from package import module` is a module."""
    known = {name_of(path): path for path in modules()}
    graph: dict[str, set[str]] = {}
    for name, path in known.items():
        found = {module for module in imports(path) if module in known}
        # `from autograder.x import y` names the package and the module y: only the module is meant.
        packages = {module for module in found if known[module].name == "__init__.py"
                    and any(other.startswith(f"{module}.") for other in found)}
        graph[name] = found - packages - {name}
    return graph


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of nodes that reach each other (Tarjan's strongly connected components of two or more)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        order[node] = low[node] = len(order)
        stack.append(node)
        for target in sorted(graph.get(node, ())):
            if target not in order:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], order[target])
        if low[node] == order[node]:
            group = stack[stack.index(node):]
            del stack[stack.index(node):]
            if len(group) > 1:
                found.append(sorted(group))

    for node in graph:
        if node not in order:
            visit(node)
    return found


def package_graph(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """The same between the folders that hold the modules. A package and the packages inside it count as one."""
    def folder(module: str) -> str:
        parent = module.rpartition(".")[0]
        return module if parent == "autograder" or (PACKAGE.parent / Path(*module.split("."))).is_dir() else parent

    def related(one: str, other: str) -> bool:
        return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")

    packages: dict[str, set[str]] = {}
    for module, targets in graph.items():
        if (PACKAGE.parent / Path(*module.split("."))).is_dir():
            continue  # a package's face imports what is below it, and nobody below imports the face
        packages.setdefault(folder(module), set()).update(
            folder(target) for target in targets if not related(folder(target), folder(module)))
    return packages


def test_modules_have_no_import_cycles() -> None:
    assert cycles(import_graph()) == []


def test_packages_have_no_import_cycles() -> None:
    assert cycles(package_graph(import_graph())) == []


def test_a_cycle_would_be_found() -> None:
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


SAME_MEANING = {
    # A verb of the command line and the pipeline behind it share their name.
    "audit", "containers", "demo", "doctor", "leaderboard", "release", "collect", "grade", "report", "refit", "regrade",
    "hand_back", "preview", "push", "quiz", "requests", "serve", "solutions", "status", "watch",
    # What was handed in as a value object, and the way that it takes through grading.
    "submission",
    # A warm process that forks, on both sides of its socket: one for checks, one for reading.
    "server", "worker",
}


def test_base_names_are_not_repeated() -> None:
    """Two modules of one name mean the same thing, or one of them has to be renamed."""
    places: dict[str, list[str]] = {}
    for path in modules():
        if path.name != "__init__.py":
            places.setdefault(path.stem, []).append(str(path.relative_to(PACKAGE)))
    repeated = {stem: found for stem, found in places.items() if len(found) > 1 and stem not in SAME_MEANING}
    assert not repeated


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    assert own in RANK, f"autograder.{own} is in no row: add it to one, here and in docs/design/architecture.md"
    for module in imports(path):
        other = part(module)
        if other in RANK and other != own:
            assert RANK[other] < RANK[own], f"{own} must not import {module}"


@pytest.mark.parametrize(
    "path", [p for p in modules() if p.relative_to(PACKAGE).parts[0].removesuffix(".py") in PURE],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_pure_rows_touch_neither_disk_clock_nor_process(path: Path) -> None:
    roots = {module.split(".")[0] for module in imports(path)}
    assert not roots & (IMPURE_MODULES - ALLOWED.get(str(path.relative_to(PACKAGE)), set()))
    calls = {node.func.id for node in ast.walk(tree_of(path))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert "open" not in calls


def test_relative_imports_are_not_used() -> None:
    for path in modules():
        for node in ast.walk(tree_of(path)):
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path} imports relatively"


def test_starting_the_cli_imports_nothing_heavy() -> None:
    code = f"import sys, autograder.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


WHERE_THE_DEFAULT_IS_NAMED = {"course/data_sets.py": 1}
"""`course.yml` may leave the data of an assignment out, so its form has to name the default: once, in one constant."""


def test_only_the_data_package_knows_a_data_set_by_name() -> None:
    """What a course grades is its own choice: the engine has no rule for digits that another data set would lack."""
    named = {path.relative_to(PACKAGE).as_posix(): len(re.findall(r"\bmnist\b", text, re.IGNORECASE))
             for path in sorted(PACKAGE.rglob("*")) if path.is_file() and "__pycache__" not in path.parts
             and path.relative_to(PACKAGE).parts[0] != "data"
             for text in [path.read_text(encoding="utf-8", errors="ignore")]}
    assert {name: count for name, count in named.items() if count} == WHERE_THE_DEFAULT_IS_NAMED
