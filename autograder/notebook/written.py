"""What a `compile` that never happened was to be given, by the code of the cell that raised an error. Pure.

An optimizer that cannot be created, such as `Adam(lr=0.1)`, stops the cell before `compile` is called. The loss and the
metrics in the same call are right or wrong independently of that, as long as they are text in the call itself: the
value of any other expression is unknown, since it was never computed.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from autograder.model import Merged
from autograder.notebook.cells import is_code, is_locked, source
from autograder.notebook.code_names import parse

Settings = dict[str, str | list[str]]
_MOST = 20
_LONGEST = 200


def written_settings(merged: Merged, raised: Collection[int]) -> dict[str, dict[str, Settings]]:
    """Return, by task and name of a model, what is text in the only ``compile`` of the model in the cell that raised.

    A setting that is not text there is left out, and so is a model that the task's cells which raised compile twice.

    Args:
        raised: indices of the cells that raised an error.
    """
    cells = merged.notebook["cells"]
    found: dict[str, dict[str, Settings]] = {}
    for slot in merged.slots:
        own = [index for index in slot.cells if index in raised] if slot.kind == "code" else []
        calls = [call for index in own if is_code(cells[index]) and not is_locked(cells[index])
                 for call in _compiles(source(cells[index]))]
        names = [name for name, _ in calls]
        for name, call in calls:
            if names.count(name) == 1 and (settings := _settings(call)):
                found.setdefault(slot.task, {})[name] = settings
    return found


def _compiles(code: str) -> list[tuple[str, ast.Call]]:
    """Return the calls ``name.compile(…)`` in a cell's own statements, functions left out."""
    tree = parse(code)
    calls = [node.value for node in tree.body if isinstance(node, ast.Expr)] if tree else []
    return [(call.func.value.id, call) for call in calls
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "compile"
            and isinstance(call.func.value, ast.Name)]


def _settings(call: ast.Call) -> Settings:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if None in given or any(isinstance(item, ast.Starred) for item in call.args):
        return {}  # `compile(**settings)` may give anything
    loss = given.get("loss", call.args[1] if len(call.args) > 1 else None)
    metrics = given.get("metrics")
    texts = [_text(item) for item in metrics.elts[:_MOST]] if isinstance(metrics, ast.List | ast.Tuple) else [None]
    found: Settings = {}
    if (name := _text(loss)) is not None:
        found["loss"] = name
    if None not in texts:
        found["metrics"] = [text for text in texts if text is not None]
    return found


def _text(node: ast.expr | None) -> str | None:
    return node.value[:_LONGEST] if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
