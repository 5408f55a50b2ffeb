"""Which cells of a submission are copies of which cells of its release.

By nbgrader's id, else by the cell id, else by the text: an exact text that the release has only once (of code, a
program: formatters change the layout), then the order of equal texts, then a text that still has most words of the
original. All other cells are the student's.
"""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from autograder.notebook.cells import Cell, grade_id, is_code, is_locked, source
from autograder.notebook.code_names import program_key
from autograder.notebook.text import kept_share, squeeze

KEPT_WORDS = 0.8
DISTINCT_WORDS = 5
SAME = 16
"""With more cells of one text their order says nothing, and each would be compared with each."""
COMPARED = 200_000  # characters; a longer text is not an edited cell of ours


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A submission's cell is a copy of the release's cell ``index``; locked cells are anchors."""

    index: int
    anchor: bool
    by: Literal["id", "alignment"]


@dataclass(kw_only=True)
class Alignment:
    """Copies by position in the submission."""

    copies: dict[int, Copy] = field(default_factory=dict)

    def of(self, index: int) -> list[int]:
        """Return the positions in the submission that are copies of the release's cell ``index``."""
        return sorted(position for position, copy in self.copies.items() if copy.index == index)


def align(release: list[Cell], submission: list[Cell]) -> Alignment:
    """Match cells; see the module's docstring for the order of the rules."""
    found = Alignment()
    _by_id(release, submission, found)
    _forget_scratch(release, submission, found)
    _by_text(release, submission, found)
    _by_order(release, submission, found)
    _by_words(release, submission, found)
    return found


def _by_id(release: list[Cell], submission: list[Cell], found: Alignment) -> None:
    by_grade = {name: index for index, cell in enumerate(release) if (name := grade_id(cell))}
    by_cell = {str(cell["id"]): index for index, cell in enumerate(release) if cell.get("id") and grade_id(cell)}
    for position, cell in enumerate(submission):
        name, metadata = grade_id(cell), cell.get("metadata") or {}
        index = by_grade.get(name) if name else None
        if index is None and name is None:
            # Colab moves a cell's id into its metadata.
            candidates = (cell.get("id"), metadata.get("id"))
            index = next((by_cell[key] for key in candidates if isinstance(key, str) and key in by_cell), None)
        if index is not None:
            found.copies[position] = Copy(index=index, anchor=is_locked(release[index]), by="id")


def _forget_scratch(release: list[Cell], submission: list[Cell], found: Alignment) -> None:
    """Copying a locked cell to write something else into the copy copies its id: the copy is the student's own cell."""
    for index in {copy.index for copy in found.copies.values() if copy.anchor}:
        positions, text = found.of(index), source(release[index])
        if len(positions) < 2 or all(squeeze(source(submission[p])) != squeeze(text) for p in positions):
            continue
        for position in positions:
            if kept_share(Counter(text.split()), Counter(source(submission[position]).split())) < KEPT_WORDS:
                del found.copies[position]


def _by_text(release: list[Cell], submission: list[Cell], found: Alignment) -> None:
    """An anchor's text that occurs only once in the release identifies all its copies, wherever they are."""
    keys = [_key(cell) for cell in release]
    count = Counter(keys)
    unique = {key: index for index, key in enumerate(keys) if key and count[key] == 1 and is_locked(release[index])}
    for position, cell in enumerate(submission):
        if position in found.copies:
            continue
        index = unique.get(squeeze(source(cell)), unique.get(_key(cell)))
        if index is not None:
            found.copies[position] = Copy(index=index, anchor=True, by="alignment")


def _key(cell: Cell) -> str:
    return (program_key(source(cell)) if is_code(cell) else None) or squeeze(source(cell))


def _by_order(release: list[Cell], submission: list[Cell], found: Alignment) -> None:
    """Anchors with equal texts (a rule, an empty line) are distinguished by their order among the others."""
    matched = {copy.index for copy in found.copies.values()}
    left = [f"#{i}" if i in matched else squeeze(source(cell)) for i, cell in enumerate(release)]
    right = [f"#{found.copies[p].index}" if p in found.copies else squeeze(source(cell))
             for p, cell in enumerate(submission)]
    known, count = Counter(left), Counter(right)
    right = [key if count[key] <= SAME + known[key] else f"~{p}" for p, key in enumerate(right)]
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            index, position = block.a + offset, block.b + offset
            if index not in matched and position not in found.copies and is_locked(release[index]) and left[index]:
                found.copies[position] = Copy(index=index, anchor=True, by="alignment")


def _by_words(release: list[Cell], submission: list[Cell], found: Alignment) -> None:
    """An anchor that somebody typed into keeps its words: it must be the only such pair, both ways."""
    matched = {copy.index for copy in found.copies.values()}
    originals = {index: Counter(text.split()) for index, cell in enumerate(release)
                 if index not in matched and is_locked(cell)
                 and len(set((text := source(cell)).split())) >= DISTINCT_WORDS}
    holders: dict[str, list[int]] = {}
    for index, original in originals.items():
        for word in original:
            holders.setdefault(word, []).append(index)
    pairs: list[tuple[int, int]] = []
    for position, cell in enumerate(submission):
        if position in found.copies or len(text := source(cell)) > COMPARED:
            continue
        kept: Counter[int] = Counter()
        for word, times in Counter(text.split()).items():
            for index in holders.get(word, ()):
                kept[index] += min(times, originals[index][word])
        pairs += [(index, position) for index, words in kept.items()
                  if words >= KEPT_WORDS * originals[index].total() and is_code(cell) == is_code(release[index])]
    anchors, places = Counter(i for i, _ in pairs), Counter(p for _, p in pairs)
    for index, position in pairs:
        if anchors[index] == 1 and places[position] == 1:
            found.copies[position] = Copy(index=index, anchor=True, by="alignment")
