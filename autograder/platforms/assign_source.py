"""Our source notebook as a source of `otter assign`: every cell of the release stays, with its id and its text. Pure.

A step becomes a question: the answer cell a SOLUTION block, the public test cell a TESTS block. Written answers stay
ordinary cells, which a person grades: Otter would put HTML comments into the texts around them.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from autograder import notebook
from autograder.errors import ReleaseError
from autograder.notebook import TaskSpec, grade_id, source

Notebook = dict[str, Any]
Cell = dict[str, Any]
_BEGIN = re.compile(r"^(?P<indent>[ \t]*)#+[ \t]*BEGIN SOLUTION[ \t]*$")
_END = re.compile(r"^[ \t]*#+[ \t]*END SOLUTION[ \t]*$")
STUB = "# YOUR CODE HERE"


def assign_source(instructor: Notebook, release: Notebook, config: Mapping[str, Any]) -> Notebook:
    """Return the notebook that `otter assign` reads.

    Args:
        instructor: the source, for the solutions.
        release: the released notebook, for everything else.
        config: what the ASSIGNMENT CONFIG cell says.

    Raises:
        ReleaseError: a step cannot be a question of Otter's; the sentence says why.
    """
    tasks = notebook.layout(release).tasks
    check_names(tasks)
    solutions = {name: source(cell) for cell in instructor["cells"] if (name := grade_id(cell))}
    by_test = {task.test_cell: task for task in tasks if task.test_cell is not None}
    by_answer = {task.answer_cell: task for task in tasks if task.kind == "code"}
    made: list[Cell] = [_raw("assignment-config", "ASSIGNMENT CONFIG", config)]
    for index, cell in enumerate(release["cells"]):
        if task := by_answer.get(index):
            made.append(_raw(f"question-{task.id}", "BEGIN QUESTION", {"name": task.id, "points": _plain(task.points)}))
        if notebook.is_answer(cell) and notebook.is_ungraded(cell):
            made.append(_solved(cell, solutions))
        elif notebook.is_answer(cell):
            made += _block("SOLUTION", _solved(cell, solutions))
        elif task := by_test.get(index):
            made += [*_block("TESTS", _public_test(cell, task)), _raw(f"end-{task.id}", "END QUESTION")]
        else:
            made.append(copy.deepcopy(cell))
    return {**copy.deepcopy(release), "cells": made}


def check_names(tasks: tuple[TaskSpec, ...]) -> None:
    """Check that every test of Otter's gets a file of its own: file names do not always tell capitals apart.

    Raises:
        ReleaseError: two steps have one name, or a name cannot be that of a file.
    """
    seen: dict[str, str] = {}
    for task in tasks:
        other = seen.get(task.id.casefold())
        seen[task.id.casefold()] = task.id
        if other is not None:
            raise ReleaseError(f"Otter keeps each test in a file of its own, so '{other}' and '{task.id}' would be one "
                               "test: rename one of the two steps.")
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", task.id):
            raise ReleaseError(f"The step '{task.id}' would be the name of a test's file in Otter: use only letters, "
                               "digits, - and _ in its grade_id.")


def same_as_release(student: Notebook, release: Notebook) -> str | None:
    """Return None where Otter's student version is the release, except for the tests; else what is different."""
    made = notebook.without_otter(student, release)["cells"]
    expected = [(cell["cell_type"], source(cell).rstrip()) for cell in release["cells"]]
    found = [(cell["cell_type"], source(cell).rstrip()) for cell in made if source(cell).strip()]
    for place, (cell, (kind, text)) in enumerate(zip(release["cells"], expected, strict=True)):
        if place >= len(found) or found[place] != (kind, text):
            return (f"the cell '{grade_id(cell) or place + 1}' of the release is not in Otter's student version as it "
                    "was: Otter reads words such as IGNORE, SEED, PLUGIN or SOLUTION at the end of a line as its own")
    return None if len(found) == len(expected) else "Otter's student version has more cells than the release"


def _solved(cell: Cell, solutions: Mapping[str, str]) -> Cell:
    """Return an answer cell whose student version is the release's template, with the solution in Otter's marks."""
    template, solution = source(cell), solutions.get(grade_id(cell) or "", "")
    text = _marked(solution)
    if _without_solution(text).rstrip() != template.rstrip():
        text = "\n".join([template, "# BEGIN SOLUTION NO PROMPT", solution, "# END SOLUTION"])
    return {**copy.deepcopy(cell), "source": text}


def _marked(solution: str) -> str:
    """Return a solution with nbgrader's marks replaced by Otter's; in front of each is the line that students see."""
    lines: list[str] = []
    for line in solution.split("\n"):
        if begin := _BEGIN.match(line):
            lines += [f"{begin['indent']}{STUB}", f"{begin['indent']}# BEGIN SOLUTION NO PROMPT"]
        else:
            lines.append("# END SOLUTION" if _END.match(line) else line)
    return "\n".join(lines)


def _without_solution(text: str) -> str:
    """Return what Otter leaves of a marked solution."""
    kept, inside = [], False
    for line in text.split("\n"):
        if line.strip() == "# BEGIN SOLUTION NO PROMPT":
            inside = True
        elif line.strip() == "# END SOLUTION" and inside:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def _public_test(cell: Cell, task: TaskSpec) -> Cell:
    """Return the test cell as one test of Otter's: the same lines, run on the student's variables."""
    text = source(cell)
    try:
        compile(text, task.id, "exec")
    except SyntaxError as error:
        raise ReleaseError(f"The test cell of '{task.id}' has to be plain Python for Otter, but line {error.lineno} "
                           f"is not ({error.msg}): write it without magics.") from None
    name = re.sub(r"\W", "_", task.id)
    body = f"def test_{name}(env):\n    exec(compile({text!r}, 'public tests of {task.id}', 'exec'), env)"
    return {"cell_type": "code", "id": f"public-{task.id}"[:64], "metadata": {}, "source": body, "outputs": [],
            "execution_count": None}


def _block(kind: str, cell: Cell) -> Iterator[Cell]:
    yield _raw(f"begin-{cell['id']}", f"BEGIN {kind}")
    yield cell
    yield _raw(f"end-{cell['id']}", f"END {kind}")


def _raw(name: str, mark: str, settings: Mapping[str, Any] | None = None) -> Cell:
    text = f"# {mark}" + (f"\n{yaml.safe_dump(dict(settings), sort_keys=False)}" if settings else "")
    return {"cell_type": "raw", "id": name[:64], "metadata": {}, "source": text.rstrip()}


def _plain(points: float) -> int | float:
    return int(points) if points == int(points) else points
