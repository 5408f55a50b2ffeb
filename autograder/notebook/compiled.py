"""Which steps compile a model that an earlier step has built, by the code of the solution.

Such a step goes on like one with ``continue``: in the runs after it the student's model is compiled as the solution
compiles its own.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from autograder.notebook.cells import grade_id, is_answer, source
from autograder.notebook.code_names import names_of, parse


def compiled_names(solution: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return, for each task whose solution compiles models that earlier tasks have built, the names of these models.

    A task that also trains is none: compiling its model anew after it would correct nothing.
    """
    found: dict[str, tuple[str, ...]] = {}
    built: set[str] = set()
    for cell in solution["cells"]:
        if not is_answer(cell):
            continue
        own = names_of(source(cell)).bound
        names = tuple(dict.fromkeys(name for name in _compiled(source(cell)) if name in built and name not in own))
        if names and ".fit(" not in source(cell):
            found[grade_id(cell) or ""] = names
        built |= own
    return found


def compiling_tasks(solution: Mapping[str, Any]) -> frozenset[str]:
    """Return every task whose solution compiles anything: how the solution compiles might answer it."""
    return frozenset(grade_id(cell) or "" for cell in solution["cells"]
                     if is_answer(cell) and ".compile(" in source(cell))


def _compiled(code: str) -> list[str]:
    """Return the names before ``.compile(`` in the order of the code, functions left out."""
    tree = parse(code)
    calls = [node.value for node in tree.body if isinstance(node, ast.Expr)] if tree else []
    return [call.func.value.id for call in calls
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "compile"
            and isinstance(call.func.value, ast.Name)]
