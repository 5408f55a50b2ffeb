"""What the tests of the assignments share: one source notebook, its hidden checks and its variants, read only."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from autograder.checks import collect
from autograder.model import CheckSpec
from autograder.notebook.variants import Variant, parse_variant

ROOT = Path(__file__).resolve().parents[2]
Cell = dict[str, Any]


def source(cell: Cell) -> str:
    """Return the text of a cell."""
    return "".join(cell["source"])


def grading(cell: Cell) -> Cell:
    """Return nbgrader's metadata of a cell."""
    found: Cell = cell["metadata"]["nbgrader"]
    return found


def every_assignment() -> list[str]:
    """Return the ids of all assignments that have a source notebook."""
    return sorted(path.parent.name for path in ROOT.glob("assignments/*/*.ipynb"))


class Assignment:
    """One assignment of the course as its authors wrote it: notebook, hidden checks, variants."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.path = ROOT / "assignments" / name / f"{name}.ipynb"
        self.hidden = ROOT / "tests" / "hidden" / name
        self.notebook: Cell = json.loads(self.path.read_text(encoding="utf-8"))

    def cells(self, kind: str | None = None) -> list[Cell]:
        """Return all cells, or those of one kind: ``"code"`` or ``"markdown"``."""
        return [cell for cell in self.notebook["cells"] if kind in (None, cell["cell_type"])]

    def cell(self, cell_id: str) -> Cell:
        """Return the cell of this id."""
        return next(cell for cell in self.cells() if cell["id"] == cell_id)

    def answers(self) -> list[Cell]:
        """Return the answer cells of the tasks, solutions included."""
        return [cell for cell in self.cells("code") if grading(cell)["solution"]]

    def tasks(self) -> list[str]:
        """Return the ids of the tasks, in the order of the notebook."""
        return [cell["id"] for cell in self.answers()]

    def public_tests(self) -> list[Cell]:
        """Return the locked test cells, whose asserts students see."""
        return [cell for cell in self.cells("code") if grading(cell)["grade"]]

    def written(self) -> list[Cell]:
        """Return the written answers, which a person grades."""
        return [cell for cell in self.cells("markdown") if grading(cell)["solution"]]

    def prose(self) -> str:
        """Return all text that students read, without written answers."""
        return "\n".join(source(cell) for cell in self.cells("markdown") if not grading(cell)["solution"])

    def placeholders(self) -> set[str]:
        """Return the names in double braces that the release fills in."""
        return set(re.findall(r"\{\{ ([\w.]+) \}\}", self.prose()))

    def points(self) -> tuple[float, float]:
        """Return the points that are graded automatically, and those of written answers."""
        automatic = sum(grading(cell)["points"] for cell in self.public_tests())
        return automatic, sum(grading(cell)["points"] for cell in self.written())

    def sizes(self) -> dict[str, float]:
        """Return the numbers of the locked cell ``sizes``; none where there is no such cell."""
        if not any(cell["id"] == "sizes" for cell in self.cells()):
            return {}
        names: dict[str, Any] = {}
        exec(source(self.cell("sizes")), names)
        return {name: value for name, value in names.items() if name.isupper()}

    def variants(self, kind: str | None = None) -> list[Variant]:
        """Return the right and the wrong variants, or those of one kind."""
        folder = ROOT / "reference" / self.name / "variants"
        return [parse_variant(path.read_text(encoding="utf-8"), path.stem, "right" if one == "right" else "wrong")
                for one in ("right", "wrong") if kind in (None, one) for path in sorted((folder / one).glob("*.py"))]

    @functools.cached_property
    def specs(self) -> dict[str, CheckSpec]:
        """The hidden checks by id, in the order of their files."""
        return {spec.id: spec for spec in collect(self.hidden)}

    def run_test(self, task: str, **names: Any) -> None:
        """Run a public test cell with these names and nothing else; raises what the cell raises."""
        text = source(self.cell(f"test-{task}"))
        exec(compile(text, f"test-{task}", "exec"), {"np": np, **self.sizes(), **names})
