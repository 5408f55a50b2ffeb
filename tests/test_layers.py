"""The layer rule of docs/architecture.md: a module imports only from rows below its own."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "autograder"
ROWS = (
    ("errors",),
    ("model",),
    ("safe",),
    ("course", "notebook", "artifacts", "feedback", "calibration"),
    ("files", "frames", "imports", "stack"),
    ("execution", "readers", "checks", "gradebook", "data", "container"),
    ("pipeline",),
    ("cli",),
    ("__main__",),
)
RANK = {name: rank for rank, row in enumerate(ROWS) for name in row}
PURE = ROWS[0] + ROWS[1] + ROWS[2] + ROWS[3]
IMPURE_MODULES = {"os", "subprocess", "socket", "time", "shutil", "tempfile", "random", "threading", "signal"}
HEAVY = ("tensorflow", "keras", "nbgrader", "matplotlib", "otter", "IPython", "pytest")


def part(module: str) -> str | None:
    pieces = module.split(".")
    return pieces[1] if pieces[0] == "autograder" and len(pieces) > 1 else None


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    assert own in RANK, f"autograder.{own} stands in no row: put it into one, here and in docs/architecture.md"
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
    assert not roots & IMPURE_MODULES
    calls = {node.func.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert "open" not in calls


def test_relative_imports_are_not_used() -> None:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path} imports relatively"


def test_starting_the_cli_imports_nothing_heavy() -> None:
    code = f"import sys, autograder.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_modules_stay_readable() -> None:
    long = {str(p.relative_to(PACKAGE)): n for p in modules()
            if (n := len(p.read_text(encoding="utf-8").splitlines())) > 350}
    assert not long, f"split these: {long}"
