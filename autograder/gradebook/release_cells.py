"""What nbgrader has to know about a released notebook, and the answers in a submitted one. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from autograder.safe import without_joiners

TEST_PREFIX = "test-"


@dataclass(frozen=True, kw_only=True)
class CellLayout:
    """One cell of the release that nbgrader records.

    ``task`` names the task whose points or answer the cell has; locked text belongs to none.
    """

    name: str
    kind: Literal["code", "markdown"]
    source: str
    checksum: str | None
    grade: bool
    solution: bool
    locked: bool
    points: float = 0.0

    @property
    def task(self) -> str:
        """The task of a grade cell: ``test-reshape`` carries the points of ``reshape``."""
        return self.name if self.solution else self.name.removeprefix(TEST_PREFIX)


@dataclass(frozen=True, kw_only=True)
class NotebookLayout:
    """All recorded cells of one release, in order."""

    assignment: str
    kernelspec: str
    cells: tuple[CellLayout, ...]

    @property
    def graded(self) -> tuple[CellLayout, ...]:
        """The cells that carry points: locked test cells and written answers."""
        return tuple(cell for cell in self.cells if cell.grade)

    @property
    def solutions(self) -> tuple[CellLayout, ...]:
        """The cells that a student writes in; nbgrader keeps one comment for each."""
        return tuple(cell for cell in self.cells if cell.solution)


def cell_source(cell: dict[str, Any]) -> str:
    """Return a cell's source as one string; nbformat allows a list of lines."""
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def nbgrader_metadata(cell: dict[str, Any]) -> dict[str, Any]:
    """Return the nbgrader metadata of a cell; empty where there is none or it is damaged."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def is_locked(metadata: dict[str, Any]) -> bool:
    """Whether a cell always comes from the release, by nbgrader's own rule."""
    if metadata.get("solution"):
        return False
    return bool(metadata.get("grade") or metadata.get("locked"))


def read_layout(assignment: str, notebook: dict[str, Any]) -> NotebookLayout:
    """Return the layout of a released notebook (nbformat 4 JSON)."""
    return NotebookLayout(
        assignment=assignment,
        kernelspec=json.dumps(notebook.get("metadata", {}).get("kernelspec", {})),
        cells=tuple(_cell_layouts(notebook.get("cells", ()))),
    )


def _cell_layouts(cells: Iterable[dict[str, Any]]) -> Iterator[CellLayout]:
    for cell in cells:
        metadata = nbgrader_metadata(cell)
        grade, solution, locked = bool(metadata.get("grade")), bool(metadata.get("solution")), is_locked(metadata)
        if not (grade or solution or locked):
            continue
        yield CellLayout(
            name=str(metadata["grade_id"]),
            kind="code" if cell.get("cell_type") == "code" else "markdown",
            source=cell_source(cell),
            checksum=metadata.get("checksum"),
            grade=grade,
            solution=solution,
            locked=locked,
            points=float(metadata.get("points", 0.0)) if grade else 0.0,
        )


def answers(notebook: dict[str, Any]) -> dict[str, str]:
    """Return, for each grade cell of a merged notebook, a fingerprint of the answer that it grades.

    The answer to a test cell is all code since the cell before it that belongs to the release; a written
    answer is its own cell. White space at line ends does not count: editors change it automatically.
    """
    found: dict[str, str] = {}
    since_locked: list[str] = []
    for cell in notebook.get("cells", ()):
        metadata, source = nbgrader_metadata(cell), cell_source(cell)
        if metadata.get("grade") and metadata.get("solution"):
            found[str(metadata.get("grade_id"))] = _fingerprint([source])
        elif is_locked(metadata):
            if metadata.get("grade"):
                found[str(metadata.get("grade_id"))] = _fingerprint(since_locked)
            since_locked = []
        elif cell.get("cell_type") == "code":
            since_locked.append(source)
    return found


def _fingerprint(sources: list[str]) -> str:
    # Making a text harmless for readers does not change the answer.
    plain = [without_joiners(source) for source in sources]
    lines = [line.rstrip() for source in plain for line in source.strip().splitlines()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
