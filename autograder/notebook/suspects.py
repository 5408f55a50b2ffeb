"""Finds what may be the answer of an empty slot, so that a person looks at it before the slot counts as blank."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.notebook.anchors import AnchorReport
from autograder.notebook.cells import Cell, grade_id, is_code, is_locked, source
from autograder.notebook.code_names import prose_in
from autograder.notebook.regions import Placement, StudentCell, is_blank
from autograder.notebook.text import looks_like_code, words_of_code

_ANSWER_WORDS = 8  # fewer words that are not near a question count as a note


@dataclass(frozen=True, kw_only=True)
class Suspects:
    """The student's cells and lines outside the slots, by what they may answer."""

    release: list[Cell]
    submission: list[Cell]
    placement: Placement
    report: AnchorReport
    templates: set[str]

    def code(self, number: int, cells: list[StudentCell]) -> str | None:
        """Return what may be the answer of a region's empty code slot, None where nothing is; ``cells`` are its own."""
        region = self.placement.regions[number]
        if any(number in regions for position, regions in self.placement.unsure.items()
               if is_code(self.submission[position])):
            return "your code elsewhere"
        for anchor in (region.after, region.before):
            if anchor is not None and self._code_typed(anchor):
                return "what was typed into a locked cell near it"
        if any(looks_like_code(source(self._cell(item))) for item in cells if not is_code(self._cell(item))):
            return "code in a text cell"
        if self._code_below(number):
            return "the code below its test cell"
        return None

    def written(self, number: int, cells: list[StudentCell]) -> str | None:
        """Return what may be the answer of a region's empty written slot, None where there is nothing."""
        region = self.placement.regions[number]
        unsure = self.placement.unsure
        if any(number in regions for position, regions in unsure.items() if not is_code(self.submission[position])
               or words_of_code(source(self.submission[position]))) or self._loose_words():
            return "your text elsewhere"
        loose = [item for item in cells if item.owner is None and self._says_something(item)]
        if len(region.written) > 1 and any(not is_code(self._cell(item)) for item in loose):
            return "text next to it"
        for anchor in (region.before, region.after):
            if anchor is not None and self.report.typed.get(anchor) and not is_code(self.release[anchor]):
                return "what was typed into a locked cell near it"
        if region.task is None and any(is_code(self._cell(item)) for item in loose):
            return "the code cell next to it"
        return None

    def _loose_words(self) -> bool:
        """Whether the student wrote prose where no question is: all answers in one cell, or comments.

        A locked cell that this release does not have is from another release, not the student's.
        """
        released = {grade_id(cell) for cell in self.release}
        for number, items in self.placement.cells.items():
            asked = self.placement.regions[number].written
            for item in items:
                cell = self._cell(item)
                if is_locked(cell) and grade_id(cell) not in released:
                    continue
                text, code = source(cell), is_code(cell)
                words = words_of_code(text) or prose_in(text) if code else text
                if item.owner is None and (code or not asked) and words and len(words.split()) >= _ANSWER_WORDS:
                    return True
        return False

    def _code_typed(self, anchor: int) -> bool:
        """Whether code was typed into a locked cell; prose in a text cell, perhaps a translation, does not count."""
        lines = self.report.typed.get(anchor, [])
        return bool(lines) and (is_code(self.release[anchor]) or any(map(looks_like_code, ["\n".join(lines), *lines])))

    def _code_below(self, number: int) -> bool:
        """Code just below the test cell: in a region without a task, or before the next task's own answer cell."""
        if number + 1 >= len(self.placement.regions):
            return False
        below, cells = self.placement.regions[number + 1], self.placement.cells.get(number + 1, ())
        for item in cells:
            if item.owner in below.answers:
                return False
            if is_code(self._cell(item)) and self._says_something(item):
                return below.task is None or any(one.owner in below.answers for one in cells)
        return False

    def _says_something(self, item: StudentCell) -> bool:
        return not is_blank(self._cell(item), self.templates)

    def _cell(self, item: StudentCell) -> Cell:
        return self.submission[item.position]
