"""One student's notebook in the making: it begins as a perfect one, and a description says what this student did."""

from __future__ import annotations

import copy
import json
import random
import textwrap
from collections.abc import Callable
from typing import Any

from autograder.notebook import grade_id, is_answer, is_code, is_written, read, source
from tests.fairness.editors import Edit, first_locked_code, own
from tests.fairness.judged import solution_of

Notebook = dict[str, Any]
Cell = dict[str, Any]
CODE, WORDS = "# YOUR CODE HERE", "YOUR ANSWER HERE"


class Work:
    """A notebook with right answers in all cells, and what students do to it."""

    def __init__(self, assignment: str) -> None:
        self.assignment = assignment
        self.notebook: Notebook = copy.deepcopy(solution_of(assignment))
        self._made = 0

    @property
    def cells(self) -> list[Cell]:
        """All cells in their order."""
        cells: list[Cell] = self.notebook["cells"]
        return cells

    def cell(self, name: str) -> Cell:
        """Return the cell of the release that has this id."""
        return next(cell for cell in self.cells if grade_id(cell) == name)

    def code(self, task: str) -> str:
        """Return the answer as it is at present."""
        return source(self.cell(task))

    def answer(self, task: str, text: str) -> None:
        """Write another answer."""
        self.cell(task)["source"] = textwrap.dedent(text).strip("\n")

    def swap(self, task: str, *pairs: tuple[str, str]) -> None:
        """Replace pieces of an answer, each of which has to be there."""
        text = self.code(task)
        for old, new in pairs:
            assert old in text, f"{task} of {self.assignment} has no {old!r}"
            text = text.replace(old, new)
        self.cell(task)["source"] = text

    def blank(self, *names: str) -> None:
        """Leave answers as they were released."""
        for name in names:
            self.cell(name)["source"] = CODE if is_answer(self.cell(name)) else WORDS

    def stop_before(self, task: str) -> None:
        """Answer nothing from this task on."""
        names = [grade_id(cell) or "" for cell in self.cells if is_answer(cell) or is_written(cell)]
        self.blank(*names[names.index(task):])

    def own(self, text: str, *, above: str = "", below: str = "", kind: str = "code") -> None:
        """Add a cell of the student's own next to a cell of the release; without a place at the end."""
        self._made += 1
        made = own(textwrap.dedent(text).strip("\n"), f"own-{self._made}", kind)
        place = len(self.cells)
        if above or below:
            place = self.cells.index(self.cell(above or below)) + bool(below)
        self.cells.insert(place, made)

    def type_into(self, name: str, text: str, *, on_top: bool = True) -> None:
        """Type lines into a cell, locked or not."""
        cell, typed = self.cell(name), textwrap.dedent(text).strip("\n")
        cell["source"] = f"{typed}\n{source(cell)}" if on_top else f"{source(cell)}\n{typed}"

    def drop(self, *names: str) -> None:
        """Delete cells of the release."""
        for name in names:
            self.cells.remove(self.cell(name))

    def gather(self, *, on_top: bool) -> None:
        """Write all code in one cell of the student's own, above or below everything; the answer cells stay blank."""
        answers = [cell for cell in self.cells if is_answer(cell)]
        text = "\n".join(source(cell) for cell in answers)
        self.blank(*(grade_id(cell) or "" for cell in answers))
        place = first_locked_code(self.notebook) + 1 if on_top else len(self.cells)
        self.cells.insert(place, own(text, "all"))

    def edit(self, *edits: Edit, seed: int = 1) -> None:
        """Apply what an editor does, with fixed random numbers."""
        rng = random.Random(seed)
        for edit in edits:
            edit(self.notebook, rng)

    def colab(self, title: str) -> None:
        """Save the notebook as Colab does: its own metadata, outputs, run counts."""
        self.notebook["metadata"] |= {
            "colab": {"name": title, "provenance": [], "toc_visible": True, "gpuType": "T4"}, "accelerator": "GPU"}
        for number, cell in enumerate(self.cells):
            cell["metadata"] = cell["metadata"] | {"id": f"q{number:02}Wx_{number * 7919 % 9973}"}
            if is_code(cell):
                cell["metadata"] |= {"colab": {"base_uri": "https://localhost:8080/"}, "outputId": f"o{number}-1f2e"}
                cell["execution_count"] = number + 1
                cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["Epoch 1/5\n", "done\n"]}]

    def saved(self) -> Notebook:
        """Return the notebook as it is read after it was handed in."""
        return read(json.dumps(self.notebook).encode(), "handed-in.ipynb")


Builder = Callable[[Work], None]
BUILDERS: dict[str, dict[str, Builder]] = {}
"""Assignment → name of a notebook → what its author did."""


def hand_ins(assignment: str) -> Callable[[Builder], Builder]:
    """Return a decorator: each function describes one notebook, whose name is the function's with hyphens."""
    found = BUILDERS.setdefault(assignment, {})

    def add(builder: Builder) -> Builder:
        name = builder.__name__.replace("_", "-")
        assert name not in found, f"two notebooks are called {name}"
        found[name] = builder
        return builder

    return add


def made(assignment: str, name: str) -> Notebook:
    """Return one of the notebooks."""
    work = Work(assignment)
    BUILDERS[assignment][name](work)
    return work.saved()
