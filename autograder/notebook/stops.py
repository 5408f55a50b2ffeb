"""Which steps fail because of a cell that stopped: the steps that use what it would have set."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.model import Merged
from autograder.notebook.anchors import title_of
from autograder.notebook.cells import is_code, is_locked, is_test, source, task_of_test
from autograder.notebook.code_names import names_of, required_names
from autograder.notebook.places import number_slots


def causes(merged: Merged, stopped: Mapping[int, str]) -> dict[str, str]:
    """Return, by task, one sentence about the earlier cell that stopped and makes it fail.

    Args:
        stopped: how failed cells ended, by index: "stopped with NameError: …". Without full stop.
    """
    return {task: sentence for task, (sentence, _) in _traced(merged, stopped).items()}


def origins(merged: Merged, stopped: Mapping[int, str]) -> dict[str, str]:
    """Return, by task, the earlier task whose cell stopped and makes it fail, as `causes` describes it."""
    return {task: origin for task, (_, origin) in _traced(merged, stopped).items() if origin is not None}


def _traced(merged: Merged, stopped: Mapping[int, str]) -> dict[str, tuple[str, str | None]]:
    if not stopped:
        return {}
    cells = merged.notebook["cells"]
    owners = {index: slot.task for slot in merged.slots for index in slot.cells if slot.kind == "code"}
    numbers = number_slots(merged)
    broken: dict[str, tuple[str, str | None]] = {}  # name → the sentence, and the task that it is about
    found: dict[str, tuple[str, str | None]] = {}
    for index, cell in enumerate(cells):
        if not is_code(cell):
            continue
        task = task_of_test(cell) if is_test(cell) else owners.get(index)
        names = names_of(source(cell))
        used = required_names(source(cell)) if is_test(cell) else names.read | names.changed
        through = next((broken[name] for name in sorted(used & broken.keys()) if broken[name][1] != task), None)
        if through is not None and task is not None:
            found.setdefault(task, through)
        if is_locked(cell):
            continue
        set_ = names.bound | names.changed
        if through is None and index in stopped:
            who = f"Task {numbers[task]}, “{title_of(cells, task)}”," if task else "One of your cells"
            through = (f"{who} {stopped[index]}.", task)
        if through is not None:
            broken |= dict.fromkeys(set_, through)
        else:
            broken = {name: one for name, one in broken.items() if name not in set_ or one[1] == task}
    return found
