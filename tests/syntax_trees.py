"""The package's modules as syntax trees: parsed once for all tests of a process, since that takes a second."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a file; whoever gets it must not change it."""
    return ast.parse(path.read_text(encoding="utf-8"))
