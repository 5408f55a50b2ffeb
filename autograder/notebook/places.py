"""What people call the code cells of a merged notebook: by the number of their task, as its headings say it. Pure.

The steps in code are numbered in the order of the notebook; written answers have no number. Every sentence that names
a place uses these words: feedback, results, the command line and the gradebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograder.model import Merged
from autograder.notebook.cells import Layout, is_code, is_locked, is_test, task_of_test

_BY_ID = re.compile(r"\bTask ([A-Za-z0-9_-]+)(?=[ :])")


def number_tasks(layout: Layout) -> dict[str, int]:
    """Return the number of each task in code."""
    return _numbered(task.id for task in layout.tasks if task.kind == "code")


def number_slots(merged: Merged) -> dict[str, int]:
    """Return the same by the release that a submission was merged into, which may be an earlier one."""
    return _numbered(slot.task for slot in merged.slots if slot.kind == "code")


def places(merged: Merged) -> dict[int, str]:
    """Return, by index, how a sentence names each code cell: "Task 3", "a cell before Task 4"."""
    cells, numbers = merged.notebook["cells"], number_slots(merged)
    owners = {index: numbers[slot.task] for slot in merged.slots if slot.kind == "code" for index in slot.cells}
    found: dict[int, str] = {}
    following: int | None = None
    for index in reversed(range(len(cells))):
        cell = cells[index]
        if is_test(cell):
            following = numbers.get(task_of_test(cell), following)
        if not is_code(cell):
            continue
        if is_test(cell):
            found[index] = f"the test cell of Task {following}" if following else "a test cell"
        elif index in owners:
            found[index] = f"Task {owners[index]}"
        else:
            kind = "a given cell" if is_locked(cell) else "a cell of your own"
            found[index] = f"{kind} before Task {following}" if following else f"{kind} after the last task"
    return found


def with_numbers(sentence: str, merged: Merged) -> str:
    """Return a sentence that names tasks by their id ("Task fit: …") with their numbers in place of these."""
    numbers = number_slots(merged)
    return _BY_ID.sub(lambda found: f"Task {numbers.get(found[1], found[1])}", sentence)


def _numbered(tasks: Iterable[str]) -> dict[str, int]:
    return {task: number for number, task in enumerate(tasks, start=1)}
