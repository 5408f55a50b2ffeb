"""Which steps compile a model that an earlier step has built, by the code of the solution.

Such a step is continued like one with ``continue``: in the runs after it the student's model is compiled in the same
way as the solution's.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from typing import Any

from autograder.notebook.cells import grade_id, is_answer, is_ungraded, source
from autograder.notebook.code_names import names_of, parse


def compiled_names(solution: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return, for each task whose solution compiles models that earlier tasks have built, the names of these models.

    A task that also trains does not count: compiling its model again after it would correct nothing.
    """
    found: dict[str, tuple[str, ...]] = {}
    built: set[str] = set()
    for cell in solution["cells"]:
        if not is_answer(cell):
            continue
        if is_ungraded(cell):
            built |= names_of(source(cell)).bound
            continue
        own = names_of(source(cell)).bound
        names = tuple(dict.fromkeys(name for name in _compiled(source(cell)) if name in built and name not in own))
        if names and ".fit(" not in source(cell):
            found[grade_id(cell) or ""] = names
        built |= own
    return found


def compiling_tasks(solution: Mapping[str, Any]) -> frozenset[str]:
    """Return every task whose solution compiles anything, itself or through a function of an earlier answer.

    The solution's compile settings might answer it.
    """
    found, helpers = set[str](), set[str]()
    for cell in filter(is_answer, solution["cells"]):
        code = source(cell)
        if not is_ungraded(cell) and (".compile(" in code or names_of(code).read & helpers):
            found.add(grade_id(cell) or "")
        helpers |= _compiling_helpers(code, helpers)
    return frozenset(found)


def _compiling_helpers(code: str, known: Collection[str]) -> set[str]:
    """Return the functions and classes of a cell that compile something, or use one in ``known`` that does."""
    tree = parse(code)
    found = set(known)
    for node in tree.body if tree else ():
        inner = list(ast.walk(node))
        compiles = any(isinstance(one, ast.Attribute) and one.attr == "compile" for one in inner)
        if not compiles and not any(isinstance(one, ast.Name) and one.id in found for one in inner):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda | ast.Name):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def _compiled(code: str) -> list[str]:
    """Return the names before ``.compile(`` in the order of the code, functions left out."""
    tree = parse(code)
    calls = [node.value for node in tree.body if isinstance(node, ast.Expr)] if tree else []
    return [call.func.value.id for call in calls
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "compile"
            and isinstance(call.func.value, ast.Name)]
