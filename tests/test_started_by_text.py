"""Modules that a program names in text (`python -c`, `-m`, the child's program) exist: a move cannot see them."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

from tests.syntax_trees import tree_of

PACKAGE = Path(__file__).resolve().parents[1] / "autograder"
_IMPORT = re.compile(r"from (autograder[\w.]*) import (\w+)")
_NAME = re.compile(r"autograder(?:\.[a-z_]+)+")


def named_in_text() -> Iterator[tuple[str, str]]:
    """Yield (file, module) of each module that a string of this package's code names as a whole or imports."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(tree_of(path)):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                continue
            where = str(path.relative_to(PACKAGE))
            if _NAME.fullmatch(node.value) and not node.value.endswith((".zip", ".py")):
                yield where, node.value
            for package, name in _IMPORT.findall(node.value):
                yield where, f"{package}.{name}"


def test_every_module_named_in_text_exists() -> None:
    named = sorted(set(named_in_text()))
    assert {module for _, module in named} >= {
        "autograder.sandbox.child.zygote", "autograder.sandbox.isolation.probe", "autograder.sandbox.isolation.gpu",
        "autograder.checks.worker", "autograder.readers.worker"}
    assert [(where, module) for where, module in named if not exists(module)] == []


def exists(module: str) -> bool:
    """Whether there is such a module, or such a name in the package."""
    package, _, name = module.rpartition(".")
    return importlib.util.find_spec(module) is not None or hasattr(importlib.import_module(package), name)
