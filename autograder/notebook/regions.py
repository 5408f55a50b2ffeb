"""Where each cell of a submission belongs: the regions between the release's locked cells."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from autograder.notebook.align import Alignment
from autograder.notebook.cells import (
    Cell,
    grade_id,
    is_answer,
    is_code,
    is_locked,
    is_test,
    is_written,
    source,
    task_of_test,
)
from autograder.notebook.text import code_key, prose_key, squeeze, words_of_code


@dataclass(frozen=True, kw_only=True)
class Region:
    """What is between two consecutive locked cells of the release (indices count the release's cells)."""

    before: int | None
    after: int | None
    answers: tuple[int, ...]
    written: tuple[int, ...]
    task: str | None


@dataclass(kw_only=True)
class StudentCell:
    """A student's cell in its region. ``run`` counts the locked cells before it: cells of equal run were adjacent."""

    position: int
    run: int
    owner: int | None = None
    by: str = "alignment"


@dataclass(kw_only=True)
class Placement:
    """All student cells by region, in the submission's order, and those whose region is uncertain."""

    regions: list[Region]
    cells: dict[int, list[StudentCell]] = field(default_factory=dict)
    unsure: dict[int, list[int]] = field(default_factory=dict)


def regions_of(release: list[Cell]) -> list[Region]:
    """Cut the release at its locked cells: region k is before locked cell k, the last one after all of them."""
    anchors = [index for index, cell in enumerate(release) if is_locked(cell)]
    result = []
    for before, after in zip([None, *anchors], [*anchors, None], strict=True):
        inner = range(-1 if before is None else before, len(release) if after is None else after)
        inner = range(inner.start + 1, inner.stop)
        task = task_of_test(release[after]) if after is not None and is_test(release[after]) else None
        result.append(Region(
            before=before, after=after, task=task,
            answers=tuple(i for i in inner if is_answer(release[i])),
            written=tuple(i for i in inner if is_written(release[i])),
        ))
    return result


def is_blank(cell: Cell, templates: set[str]) -> bool:
    """Whether a student's cell has no content: empty, only comments, or a template of the release."""
    text = source(cell)
    if not text.strip():
        return True
    if is_code(cell) and _says_something(text, templates):
        return False
    key = code_key(text) if is_code(cell) else prose_key(text)
    return not key or key in templates


def _says_something(text: str, templates: set[str]) -> bool:
    """Whether the first line of code is in no template: this almost always decides, and needs no tokenizer."""
    for line in text.splitlines():
        words = squeeze(line.partition("#")[0])
        if words:
            return not any(words in template for template in templates)
    return False


def templates_of(release: list[Cell]) -> set[str]:
    """Return the keys of all blank answers."""
    texts = [source(cell) for cell in release if is_answer(cell) or is_written(cell)]
    return {code_key(text) for text in texts} | {prose_key(text) for text in texts}


def place(release: list[Cell], submission: list[Cell], alignment: Alignment, templates: set[str]) -> Placement:
    """Assign every student cell to a region; anchors have none."""
    regions = regions_of(release)
    anchors = [region.after for region in regions if region.after is not None]
    placement = Placement(regions=regions)
    known = {squeeze(source(cell)) for cell in release} | {""}
    _forget_copies(submission, alignment, anchors)
    runs = _runs(submission, alignment)
    bounds = _bounds(submission, alignment, anchors, len(regions) - 1)
    for position, cell in enumerate(submission):
        copy = alignment.copies.get(position)
        if copy is not None and copy.anchor:
            continue
        if copy is not None:
            region, owner, by = bisect_left(anchors, copy.index), copy.index, copy.by
        else:
            wordy = is_code(cell) and words_of_code(source(cell)) is not None
            region, doubtful = _region(regions, *bounds[position], code=is_code(cell) and not wordy)
            owner, by = None, "alignment"
            if doubtful and squeeze(source(cell)) in known:
                continue  # a template that lost its ids: the release has it
            if doubtful and (wordy or not is_blank(cell, templates)):
                placement.unsure[position] = doubtful
        placement.cells.setdefault(region, []).append(
            StudentCell(position=position, run=runs[position], owner=owner, by=by))
    return placement


def _forget_copies(submission: list[Cell], alignment: Alignment, anchors: list[int]) -> None:
    """An answer cell copied to another task has the same id: while the first is in its place, the position counts."""
    locked = Alignment(copies={p: copy for p, copy in alignment.copies.items() if copy.anchor})
    bounds = _bounds(submission, locked, anchors, len(anchors))
    for index in {copy.index for copy in alignment.copies.values() if not copy.anchor}:
        positions, home = alignment.of(index), bisect_left(anchors, index)
        if any(bounds[p] == (home, home) for p in positions):
            for position in positions:
                low, high = bounds[position]
                if low == high != home:
                    del alignment.copies[position]


def _runs(submission: list[Cell], alignment: Alignment) -> list[int]:
    runs, run = [], 0
    for position in range(len(submission)):
        copy = alignment.copies.get(position)
        run += copy is not None and copy.anchor
        runs.append(run)
    return runs


def _bounds(submission: list[Cell], alignment: Alignment, anchors: list[int], last: int) -> list[tuple[int, int]]:
    """Return for each position the lowest region by what precedes it and the highest by what follows it."""
    low, lows = 0, []
    for position in range(len(submission)):
        lows.append(low)
        if copy := alignment.copies.get(position):
            low = bisect_left(anchors, copy.index) + copy.anchor
    high, highs = last, []
    for position in reversed(range(len(submission))):
        highs.append(high)
        if copy := alignment.copies.get(position):
            high = bisect_left(anchors, copy.index)
    return list(zip(lows, reversed(highs), strict=True))


def _region(regions: list[Region], low: int, high: int, *, code: bool) -> tuple[int, list[int]]:
    """Return the region of a cell without an id and, if that is uncertain, all regions it could answer.

    One answer between the bounds: there. None: just below what it followed. Several, or bounds that contradict
    each other because cells were moved: uncertain, and kept just below what it followed.
    """
    between = range(low, high + 1) if low <= high else (high, low)
    takers = [k for k in between if (regions[k].task is not None if code else bool(regions[k].written))]
    if low > high:
        return low, takers
    if len(takers) == 1:
        return takers[0], []
    return low, takers


def grade_ids(release: list[Cell]) -> set[str]:
    """Return all cell ids that only the release's own cells may have."""
    return {name for cell in release for name in (grade_id(cell), cell.get("id")) if isinstance(name, str)}
