"""What editors and their users do to a notebook without changing an answer: each edit makes another file of it."""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from autograder.notebook import grade_id, is_answer, is_code, is_locked, is_test, is_written, source
from autograder.notebook.code_names import parse

Notebook = dict[str, Any]
Cell = dict[str, Any]
Edit = Callable[[Notebook, random.Random], None]


def own(text: str, name: str, kind: str = "code") -> Cell:
    """Return a cell that a student made."""
    cell: Cell = {"cell_type": kind, "id": name, "metadata": {}, "source": text}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def places(notebook: Notebook, wanted: Callable[[Cell], bool]) -> list[int]:
    """Return the positions of the cells that are wanted."""
    return [place for place, cell in enumerate(notebook["cells"]) if wanted(cell)]


def one_of(notebook: Notebook, wanted: Callable[[Cell], bool], rng: random.Random) -> int:
    """Return the position of one of the cells that are wanted."""
    return rng.choice(places(notebook, wanted))


def split_answer(notebook: Notebook, rng: random.Random) -> None:
    """Jupyter's *split cell*, between two statements; both parts keep the metadata as there, or one loses it.

    A cell that draws stays whole: Jupyter shows a figure at the end of the cell that made it, so what is drawn in the
    next cell is on no page.
    """
    place = one_of(notebook, is_answer, rng)
    cell = notebook["cells"][place]
    text = source(cell)
    tree = parse(text)
    if tree is None or len(body := tree.body) < 2:
        return  # one statement, or words that were made a code cell
    if "plt." in text:
        return
    line = rng.choice(body[1:]).lineno - 1
    lines = text.splitlines(keepends=True)
    first, second = copy.deepcopy(cell), copy.deepcopy(cell)
    first["source"], second["source"] = "".join(lines[:line]), "".join(lines[line:])
    second["id"] = f"split-{rng.randrange(10**6)}"
    if rng.random() < 0.5:
        rng.choice((first, second))["metadata"] = {}
    notebook["cells"][place : place + 1] = [first, second]


def merge_with_test(notebook: Notebook, rng: random.Random) -> None:
    """Jupyter's *merge cell below*: the answer cell swallows its test cell."""
    place = one_of(notebook, is_answer, rng)
    cells = notebook["cells"]
    if place + 1 < len(cells) and is_test(cells[place + 1]):
        cells[place]["source"] = source(cells[place]) + "\n\n" + source(cells[place + 1])
        del cells[place + 1]


def retype(notebook: Notebook, rng: random.Random) -> None:
    """A key pressed in command mode: code becomes Markdown or raw, a written answer becomes code."""
    place = one_of(notebook, lambda cell: is_answer(cell) or is_written(cell), rng)
    cell = notebook["cells"][place]
    kind = rng.choice(("markdown", "raw")) if is_code(cell) else "code"
    made = own(source(cell), cell["id"], kind)
    notebook["cells"][place] = made | {"metadata": cell["metadata"]}


def move_cell(notebook: Notebook, rng: random.Random) -> None:
    """One answer cell moved up or down."""
    place = one_of(notebook, is_answer, rng)
    cell = notebook["cells"].pop(place)
    notebook["cells"].insert(max(0, place + rng.choice((-3, -2, -1, 1, 2, 3))), cell)


def move_section(notebook: Notebook, rng: random.Random) -> None:
    """A stretch of cells cut and pasted elsewhere."""
    cells = notebook["cells"]
    start = rng.randrange(len(cells))
    stretch = cells[start : start + rng.randint(2, 6)]
    del cells[start : start + len(stretch)]
    place = rng.randint(0, len(cells))
    cells[place:place] = stretch


def duplicate(notebook: Notebook, rng: random.Random) -> None:
    """Any cell twice."""
    place = rng.randrange(len(notebook["cells"]))
    twin = copy.deepcopy(notebook["cells"][place])
    if rng.random() < 0.5:
        twin["id"] = f"twin-{rng.randrange(10**6)}"
    notebook["cells"].insert(rng.choice((place, place + 1, len(notebook["cells"]))), twin)


def delete_locked(notebook: Notebook, rng: random.Random) -> None:
    """One to five locked cells deleted."""
    for _ in range(rng.randint(1, 5)):
        del notebook["cells"][one_of(notebook, is_locked, rng)]


def strip_ids(notebook: Notebook, rng: random.Random) -> None:
    """What Colab, a converter or a script leaves of the metadata; the notebook's own metadata go too."""
    some = rng.choice((1.0, 1.0, 0.5))
    for number, cell in enumerate(notebook["cells"]):
        if rng.random() < some:
            cell["metadata"] = rng.choice(({}, {"id": f"x{number}"}, {"colab": {"base_uri": "https://localhost"}}))
            cell["id"] = f"c{number}-{rng.randrange(10**6)}"
    notebook["metadata"].pop("autograder", None)


def rewrite_sources(notebook: Notebook, rng: random.Random) -> None:
    """Line endings, spaces at line ends, empty lines at the end, sources as lists."""
    for cell in notebook["cells"]:
        text = source(cell)
        if rng.random() < 0.5:
            text = "\n".join(line + " " * rng.randrange(3) for line in text.splitlines())
        if rng.random() < 0.3:
            text += "\n" * rng.randrange(1, 4)
        if rng.random() < 0.3:
            text = text.replace("\n", "\r\n")
        cell["source"] = text.splitlines(keepends=True) if rng.random() < 0.5 else text


def translate(notebook: Notebook, rng: random.Random) -> None:
    """A browser's or a person's translation: every word of the locked text cells is another one."""
    for cell in notebook["cells"]:
        if not is_code(cell) and is_locked(cell):
            cell["source"] = "\n".join(
                " ".join(word if word.startswith(("#", "`", "|")) else word[::-1] for word in line.split())
                for line in source(cell).splitlines())


def reformat(notebook: Notebook, rng: random.Random) -> None:
    """A formatter's work: all code written anew from its syntax tree."""
    for cell in notebook["cells"]:
        if is_code(cell):
            with suppress(SyntaxError):
                cell["source"] = ast.unparse(ast.parse(source(cell))) or source(cell)


def import_in_locked(notebook: Notebook, rng: random.Random) -> None:
    """An import typed into a locked code cell above, used in an answer under its own name."""
    place = first_locked_code(notebook)
    cell = notebook["cells"][place]
    added = rng.choice(("from keras.models import Sequential", "import numpy, math", "import os; import sys",
                        "from keras import (\n    layers,\n)", "%matplotlib inline", "from tensorflow import keras"))
    cell["source"] = f"{added}\n{source(cell)}" if rng.random() < 0.5 else f"{source(cell)}\n{added}"


def scratch(notebook: Notebook, rng: random.Random) -> None:
    """Cells of the student's own between the others."""
    for number in range(rng.randint(1, 4)):
        made = own("print('here')", f"s{number}"), own("", f"s{number}"), own("# to do", f"s{number}"), \
            own("A thought of mine.", f"s{number}", "markdown")
        notebook["cells"].insert(rng.randint(0, len(notebook["cells"])), rng.choice(made))


def run_it(notebook: Notebook, rng: random.Random) -> None:
    """Outputs and counts, as every notebook has that was run."""
    for number, cell in enumerate(notebook["cells"]):
        if is_code(cell):
            cell["execution_count"] = number
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "done\n"}]


def answer_in_own_cell(notebook: Notebook, rng: random.Random) -> None:
    """An answer in a cell of the student's own, directly below the blank answer cell."""
    place = one_of(notebook, is_answer, rng)
    cell = notebook["cells"][place]
    text, cell["source"] = source(cell), "# YOUR CODE HERE"
    notebook["cells"].insert(place + 1, own(text, f"own-{rng.randrange(10**6)}"))


def all_in_one_cell(notebook: Notebook, rng: random.Random) -> None:
    """All code in one cell of the student's own, before or after the answer cells, which stay blank."""
    answers = places(notebook, is_answer)
    text = "\n".join(source(notebook["cells"][place]) for place in answers)
    for place in answers:
        notebook["cells"][place]["source"] = "# YOUR CODE HERE"
    start = first_locked_code(notebook) + 1
    notebook["cells"].insert(rng.choice((start, len(notebook["cells"]))), own(text, "all"))


def written_as_comments(notebook: Notebook, rng: random.Random) -> None:
    """A written answer as comments in a code cell below its own."""
    place = one_of(notebook, is_written, rng)
    cell = notebook["cells"][place]
    text, cell["source"] = source(cell), "YOUR ANSWER HERE"
    commented = "\n".join(f"# {line}" for line in text.splitlines())
    notebook["cells"].insert(place + 1, own(commented, f"words-{rng.randrange(10**6)}"))


def first_locked_code(notebook: Notebook) -> int:
    """Return the position of the last locked code cell before the first answer."""
    cells = notebook["cells"]
    first = next((place for place, cell in enumerate(cells) if is_answer(cell)), len(cells))
    locked = [place for place in range(first) if is_code(cells[place]) and is_locked(cells[place])]
    return locked[-1] if locked else 0


EDITS: tuple[Edit, ...] = (
    split_answer, merge_with_test, retype, move_cell, move_section, duplicate, delete_locked, strip_ids,
    rewrite_sources, translate, reformat, import_in_locked, scratch, run_it, answer_in_own_cell, all_in_one_cell,
    written_as_comments)


def edited(notebook: Notebook, seed: int) -> tuple[Notebook, str]:
    """Return another file of the same work, and the names of the edits that made it: the same for the same seed."""
    rng = random.Random(seed)
    made = copy.deepcopy(notebook)
    chosen = rng.sample(EDITS, rng.choice((1, 1, 2, 2, 3)))
    # An edit that strips ids or rewrites comes last: the others look for answers by their metadata.
    chosen.sort(key=lambda edit: edit in (reformat, strip_ids, rewrite_sources) and 1 + (edit is rewrite_sources))
    for edit in chosen:
        edit(made, rng)
    return made, " + ".join(edit.__name__ for edit in chosen)


def task_names(notebook: Notebook) -> list[str]:
    """Return the names of all tasks."""
    return [grade_id(cell) or "" for cell in notebook["cells"] if is_answer(cell) or is_written(cell)]
