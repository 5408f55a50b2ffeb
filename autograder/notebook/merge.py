"""Fit a submission into its release: the release is the skeleton, the answers are the student's.

``align`` finds which cells are copies of the release's, ``place`` in which region the others belong, ``judge`` what
each slot contains; this module puts the merged notebook together. No text of the student is lost: what has no place
is kept next to it.
"""

from __future__ import annotations

import copy
import itertools
import re
from typing import Any

from autograder.model import JobCell, Merged, Slot
from autograder.notebook.align import Alignment, align
from autograder.notebook.anchors import AnchorReport, inspect_anchors
from autograder.notebook.cells import Cell, is_code, is_test, source, task_of_test
from autograder.notebook.doubts import doubts
from autograder.notebook.places import places
from autograder.notebook.regions import Placement, StudentCell, grade_ids, place, templates_of
from autograder.notebook.slots import Judged, judge
from autograder.notebook.text import squeeze

UNKNOWN_RELEASE = "unknown"


_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")


def release_version(notebook: dict[str, Any]) -> str | None:
    """Return the version of the release that a notebook says it came from; only if it is safe as a file name."""
    return _own(notebook, "release")


def assignment_of(notebook: dict[str, Any]) -> str | None:
    """Return the assignment that a notebook says it belongs to; only if it is safe as a file name."""
    return _own(notebook, "assignment")


def _own(notebook: dict[str, Any], key: str) -> str | None:
    metadata = notebook.get("metadata")
    own = metadata.get("autograder") if isinstance(metadata, dict) else None
    found = own.get(key) if isinstance(own, dict) else None
    return found if isinstance(found, str) and _PLAIN_NAME.fullmatch(found) else None


def merge(release: dict[str, Any], submission: dict[str, Any], template: dict[str, Any] | None = None) -> Merged:
    """Fit a submission into its release.

    Args:
        release: the released notebook, as `read` returns it.
        submission: what the student handed in, as `read` returns it.
        template: a notebook with the blank answer cells; by default the release.

    Returns:
        A notebook that contains every locked cell of the release exactly once and every answer of the student, with a
        slot for each task, sentences for the student, and flags for staff.
    """
    cells, handed_in = release["cells"], submission["cells"]
    templates = templates_of((template or release)["cells"]) | templates_of(cells)
    alignment = align(cells, handed_in)
    report = inspect_anchors(cells, handed_in, alignment)
    placement = place(cells, handed_in, alignment, templates)
    judged = judge(cells, handed_in, placement, report, templates)
    builder = _Builder(cells, handed_in, alignment, placement, report, judged)
    merged_cells = builder.build()
    return Merged(
        notebook={**{key: copy.deepcopy(release[key]) for key in ("metadata", "nbformat", "nbformat_minor")},
                  "cells": merged_cells},
        release=release_version(release) or UNKNOWN_RELEASE,
        slots=tuple(Slot(task=verdict.task, kind=verdict.kind, status=verdict.status, matched_by=verdict.by,
                         cells=tuple(builder.slot_cells.get(verdict.task, ()))) for verdict in judged.verdicts),
        notes=tuple(dict.fromkeys((*report.notes, *judged.notes))),
        receipt_notes=tuple(dict.fromkeys(report.said)),
        doubts=doubts(cells, merged_cells, builder.slot_cells, placement, report, judged),
        staff_flags=tuple(dict.fromkeys((*report.flags, *judged.flags))),
    )


def job_cells(merged: Merged) -> tuple[JobCell, ...]:
    """Return the code cells to run, in order; a test cell names its task, and each what people call it."""
    named = places(merged)
    return tuple(
        JobCell(index=index, source=source(cell), task=task_of_test(cell) if is_test(cell) else None,
                place=named[index])
        for index, cell in enumerate(merged.notebook["cells"]) if is_code(cell)
    )


class _Builder:
    """Puts the merged cells together and remembers which belong to which slot."""

    def __init__(self, release: list[Cell], submission: list[Cell], alignment: Alignment, placement: Placement,
                 report: AnchorReport, judged: Judged) -> None:
        self.release, self.submission, self.alignment = release, submission, alignment
        self.placement, self.report, self.judged = placement, report, judged
        self.cells: list[Cell] = []
        self.slot_cells: dict[str, list[int]] = {}
        self._ids = set(grade_ids(release))
        self._numbers = itertools.count(1)

    def build(self) -> list[Cell]:
        """Return all cells: each region's, then the locked cell that ends it, then what was typed into it."""
        for number, region in enumerate(self.placement.regions):
            self._region(number)
            if region.after is None:
                continue
            self.cells.append(_bare(self.release[region.after]))
            self._imports(region.after)
            for position in self.report.kept.get(region.after, ()):
                self._keep_changed_copy(self.submission[position])
        return self.cells

    def _region(self, number: int) -> None:
        region = self.placement.regions[number]
        cells = [item for item in self.placement.cells.get(number, ()) if item.position not in self.judged.dropped]
        homes = self._homes(number, cells)
        missing = [index for index in (*region.answers, *region.written) if index not in homes.values()]
        for item in cells:
            owner = homes.get(item.position)
            if owner is None and self._is_template(item):
                continue
            # A blank answer cell that was deleted is restored where the release has it: before later answers.
            while missing and owner is not None and missing[0] < owner:
                self._template(missing.pop(0), region.task)
            self._student(item, owner, region.task)
        for index in missing:
            self._template(index, region.task)

    def _is_template(self, item: StudentCell) -> bool:
        """Whether this is another copy of an unchanged answer cell."""
        text = squeeze(source(self.submission[item.position]))
        return not text or (item.owner is not None and text == squeeze(source(self.release[item.owner])))

    def _homes(self, number: int, cells: list[StudentCell]) -> dict[int, int]:
        """Return position → answer cell of the release that the student's cell replaces."""
        region, homes = self.placement.regions[number], {}
        for index in (*region.answers, *region.written):
            own = [item for item in cells if item.owner == index]
            code = index in region.answers
            free = [item for item in cells if item.owner is None and item.position not in homes
                    and is_code(self.submission[item.position]) == code]
            chosen = next((i for i in own if self._kind(i) == self.release[index]["cell_type"]), None)
            if chosen is None and len(region.answers if code else region.written) == 1 and free:
                chosen = free[0]
            if chosen is not None:
                homes[chosen.position] = index
        return homes

    def _kind(self, item: StudentCell) -> str:
        return self.judged.restored.get(item.position, str(self.submission[item.position]["cell_type"]))

    def _student(self, item: StudentCell, home: int | None, task: str | None) -> None:
        cell = self.submission[item.position]
        kind = self._kind(item)
        if home is not None:
            merged = _bare(self.release[home])
            merged["source"] = self.judged.joined.get(home, source(cell))
            self._attach(merged, cell)
            name = task if kind == "code" else self.judged.written_task.get(home)
        else:
            merged = self._own(kind, cell)
            name = task if kind == "code" else None
        self._append(merged, name)

    def _own(self, kind: str, cell: Cell) -> Cell:
        merged: Cell = {"cell_type": kind, "id": self._free_id(cell), "metadata": {}, "source": source(cell)}
        if kind == "code":
            merged.update(execution_count=None, outputs=[])
        else:
            self._attach(merged, cell)
        return merged

    def _keep_changed_copy(self, cell: Cell) -> None:
        """Keep the student's version of a locked cell; code is not run, so that only the release's cell counts."""
        merged = self._own("raw" if is_code(cell) else str(cell["cell_type"]), cell)
        merged["metadata"] = {"autograder": {"kept": True}}
        self._append(merged, None)

    def _imports(self, anchor: int) -> None:
        """Run the imports that a student added to a locked cell just after it; they belong to no slot."""
        texts = dict.fromkeys(self.report.imports.get(anchor, ()))
        if texts and not self.report.foreign:
            self._append(self._own("code", {"id": f"imports-{anchor}", "source": "\n".join(texts)}), None)

    def _template(self, index: int, task: str | None) -> None:
        cell = _bare(self.release[index])
        self._append(cell, task if is_code(cell) else self.judged.written_task.get(index))

    def _append(self, cell: Cell, task: str | None) -> None:
        if task is not None:
            self.slot_cells.setdefault(task, []).append(len(self.cells))
        self.cells.append(cell)

    def _attach(self, merged: Cell, cell: Cell) -> None:
        if merged["cell_type"] != "code" and "attachments" in cell:
            merged["attachments"] = copy.deepcopy(cell["attachments"])

    def _free_id(self, cell: Cell) -> str:
        name = str(cell["id"])
        while name in self._ids:
            name = f"own-{next(self._numbers)}"
        self._ids.add(name)
        return name


def _bare(cell: Cell) -> Cell:
    """Return a copy of a release's cell without outputs."""
    result = copy.deepcopy(cell)
    result["source"] = source(cell)
    if is_code(cell):
        result.update(execution_count=None, outputs=[])
    return result
