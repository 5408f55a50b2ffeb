"""What a `compile` that never happened was to be given, by the code of the cell that stopped. Pure.

An optimizer that cannot be created, such as `Adam(lr=0.1)`, stops the cell before `compile` is called. The loss and the
metrics in the same line are right or wrong independently of that.
"""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import Any

from autograder.model import Merged
from autograder.notebook.cells import is_code, is_locked, source
from autograder.notebook.code_names import parse

Settings = dict[str, Any]
_MOST = 20


def written_settings(merged: Merged, stopped: Collection[int]) -> dict[str, dict[str, Settings]]:
    """Return, by task and name of a model, the loss and the metrics in calls of ``compile`` in cells that stopped.

    Only what is written out counts: text, and Keras's classes without arguments or with plain ones.

    Args:
        stopped: indices of the cells that stopped.
    """
    cells = merged.notebook["cells"]
    found: dict[str, dict[str, Settings]] = {}
    for slot in merged.slots:
        for index in slot.cells if slot.kind == "code" else ():
            if index in stopped and is_code(cells[index]) and not is_locked(cells[index]):
                for name, settings in _compiles(source(cells[index])):
                    found.setdefault(slot.task, {})[name] = settings
    return found


def _compiles(code: str) -> list[tuple[str, Settings]]:
    """Return the calls ``name.compile(…)`` in a cell's own statements, functions left out."""
    tree = parse(code)
    calls = [node.value for node in tree.body if isinstance(node, ast.Expr)] if tree else []
    return [(call.func.value.id, _settings(call)) for call in calls
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "compile"
            and isinstance(call.func.value, ast.Name)][:_MOST]


def _settings(call: ast.Call) -> Settings:
    given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    if len(call.args) > 1:
        given.setdefault("loss", call.args[1])
    metrics = given.get("metrics")
    listed = [_plain(item) for item in metrics.elts[:_MOST]] if isinstance(metrics, ast.List | ast.Tuple) else []
    return {"loss": _plain(given["loss"]) if "loss" in given else None,
            "metrics": [item for item in listed if item is not None]}


def _plain(node: ast.expr) -> Any:
    """Return text as it is, and an object of a class as Keras would serialise it; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value[:200]
    if not isinstance(node, ast.Call) or node.args:
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
    config = {keyword.arg: keyword.value.value for keyword in node.keywords
              if keyword.arg and isinstance(keyword.value, ast.Constant)}
    if name is None or len(config) < len(node.keywords):
        return None
    plain = all(isinstance(value, bool | int | float | str) for value in config.values())
    return {"class_name": name[:200], "config": config} if plain else None
