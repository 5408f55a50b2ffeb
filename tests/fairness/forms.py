"""The three forms in which every right variant keeps full marks: what most students do to their notebooks."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from typing import Any

from autograder.notebook import is_answer, is_code, is_locked, is_written, source
from tests.fairness.editors import first_locked_code, own

Notebook = dict[str, Any]


def imports_in_locked_cell(notebook: Notebook) -> Notebook:
    """All imports of the answers typed into the locked cell above them, and one that the variant does not need."""
    made = copy.deepcopy(notebook)
    added = ["from keras.models import Sequential"]
    for cell in made["cells"]:
        if not is_locked(cell) and is_code(cell) and "%" not in source(cell):
            tree = ast.parse(source(cell))
            imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
            if imports and len(imports) < len(tree.body):
                added += [ast.unparse(node) for node in imports]
                tree.body = [node for node in tree.body if node not in imports]
                cell["source"] = ast.unparse(tree)
    locked = made["cells"][first_locked_code(made)]
    locked["source"] = "\n".join((*dict.fromkeys(added), source(locked)))
    return made


def ids_stripped(notebook: Notebook) -> Notebook:
    """Nothing left of nbgrader's metadata, other cell ids, no name of the release."""
    made = copy.deepcopy(notebook)
    made["metadata"] = {key: value for key, value in made["metadata"].items() if key != "autograder"}
    for number, cell in enumerate(made["cells"]):
        cell["metadata"], cell["id"] = {}, f"plain-{number}"
    return made


def own_cells(notebook: Notebook) -> Notebook:
    """Every answer in a cell of the student's own below the answer cell, which stays blank."""
    made = copy.deepcopy(notebook)
    cells: list[dict[str, Any]] = []
    for number, cell in enumerate(made["cells"]):
        if is_answer(cell):
            cells += [cell | {"source": "# YOUR CODE HERE"}, own(source(cell), f"own-{number}")]
        elif is_written(cell):
            cells += [cell | {"source": "YOUR ANSWER HERE"}, own(source(cell), f"own-{number}", "markdown")]
        else:
            cells.append(cell)
    return made | {"cells": cells}


FORMS: dict[str, Callable[[Notebook], Notebook]] = {
    "imports in the locked cell": imports_in_locked_cell, "ids stripped": ids_stripped, "own cells": own_cells}
