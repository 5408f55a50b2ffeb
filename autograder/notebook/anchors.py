"""What the student did to the release's locked cells: deleted, changed, copied."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from autograder.notebook.additions import additions, same_code
from autograder.notebook.align import Alignment
from autograder.notebook.cells import (
    Cell,
    grade_id,
    is_answer,
    is_code,
    is_locked,
    is_test,
    source,
    task_of_test,
    title,
)
from autograder.notebook.text import added_lines, kept_share, squeeze

MANY: Final = 5
"""More changed text cells than this were translated or reformatted, not typed into one by one."""
_OURS: Final = 0.1
"""A file with a smaller share of the release's locked cells is not a copy of it."""
_KEPT: Final = 0.5
"""The share of words with which a changed cell still counts as a copy of the release's."""
SHOWN: Final = 4  # imports in one sentence
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(kw_only=True)
class AnchorReport:
    """Findings about locked cells, by index in the release.

    Attributes:
        kept: positions in the submission whose cells are kept below the restored one.
        typed: lines that the student added, except imports.
        imports: import statements that the student added; they are run after the cell.
        unrun: names that the other added lines of a code cell set.
        foreign: none, or almost none, of the release's cells are in the file.
        said: the notes that a receipt repeats.
    """

    kept: dict[int, list[int]] = field(default_factory=dict)
    typed: dict[int, list[str]] = field(default_factory=dict)
    imports: dict[int, list[str]] = field(default_factory=dict)
    unrun: dict[int, frozenset[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    foreign: bool = False


def inspect_anchors(release: list[Cell], submission: list[Cell], alignment: Alignment) -> AnchorReport:
    """Compare every locked cell with its copies; white space, outputs and the cell's type do not count."""
    inspector = _Inspector(release, submission, alignment)
    for index, cell in enumerate(release):
        if is_locked(cell):
            inspector.look_at(index)
    return inspector.finish()


class _Inspector:
    def __init__(self, release: list[Cell], submission: list[Cell], alignment: Alignment) -> None:
        self._release, self._submission, self._alignment = release, submission, alignment
        self._report = AnchorReport()
        self._missing: list[str] = []
        self._changes: dict[str, _Changes] = {"code": _Changes(), "text": _Changes()}
        self._locked = self._ours = 0

    def look_at(self, index: int) -> None:
        """Compare one locked cell with its copies."""
        cell, name = self._release[index], name_of(self._release, index)
        positions = self._alignment.of(index)
        self._locked += 1
        self._ours += any(self._is_copy(cell, self._submission[position]) for position in positions)
        if not positions:
            self._missing.append(name)
            return
        changed = [p for p in positions if not _same(cell, self._submission[p])]
        if _is_split(self._submission, changed, cell):
            changed = []
        changed = [p for p in changed if source(self._submission[p]).strip()]
        emptied = not changed and not any(squeeze(source(self._submission[p])) for p in positions)
        if emptied and squeeze(source(cell)):
            self._report.notes.append(f"{name} was empty in your notebook; the released text was put back.")
        for position in changed:
            self._report.kept.setdefault(index, []).append(position)
            (self._code if is_code(cell) else self._text)(name, index, position)

    def finish(self) -> AnchorReport:
        """Return the report, with one summary sentence where there would otherwise be one for every cell."""
        report = self._report
        if self._locked and self._ours < _OURS * self._locked:
            return self._foreign()
        for kind, changes in self._changes.items():
            report.notes += changes.notes_of(kind)
            report.flags += changes.flags_of(kind)
        if self._missing:
            report.notes.insert(0, _missing(self._missing))
        return report

    def _foreign(self) -> AnchorReport:
        """Report once that this is another notebook; changes of single cells mean nothing then."""
        report, total = self._report, len(self._release)
        found = f"None of the {total} cells of this assignment are" if not self._ours else \
            f"Only {self._ours} of the {total} cells of this assignment {'is' if self._ours == 1 else 'are'}"
        sentence = f"{found} in this file: probably the wrong file."
        report.foreign = True
        report.notes, report.flags, report.said = [sentence], [sentence], [sentence]
        return report

    @staticmethod
    def _is_copy(cell: Cell, found: Cell) -> bool:
        return _same(cell, found) or kept_share(Counter(source(cell).split()), Counter(source(found).split())) >= _KEPT

    def _code(self, name: str, index: int, position: int) -> None:
        report, cell = self._report, self._release[index]
        found = additions(source(cell), source(self._submission[position]))
        said = _imports_said(found.imports)
        if found.imports:
            report.imports.setdefault(index, []).extend(found.imports)
            report.said.append(f"{name} has imports that you added ({said}); they were run after it.")
        if found.only_imports:
            report.notes += report.said[-1:] if found.imports else []
            return
        ran = f" The imports that you added ({said}) were run after it." if found.imports else ""
        self._changes["code"].notes.append(
            f"{name} was changed; the released one was run, and yours is kept below it, not run.{ran}")
        self._changes["code"].differs.append(f"{name} differs from the release.")
        if found.binds:
            report.unrun[index] = report.unrun.get(index, frozenset()) | found.binds
        self._typed("code", name, index, [
            line for line in found.lines if not is_test(cell) or not line.lstrip().startswith(("assert", "#"))])

    def _text(self, name: str, index: int, position: int) -> None:
        self._changes["text"].notes.append(
            f"{name} was changed; the released text was restored, and yours is kept below it.")
        self._typed("text", name, index, added_lines(source(self._release[index]), source(self._submission[position])))

    def _typed(self, kind: str, name: str, index: int, added: list[str]) -> None:
        if added:
            self._report.typed.setdefault(index, []).extend(added)
            self._changes[kind].typed.append(f"An answer may be here: {name[0].lower()}{name[1:]} has {len(added)} "
                                             f"added {'line' if len(added) == 1 else 'lines'}.")


@dataclass(kw_only=True)
class _Changes:
    """Sentences about changed cells of one kind; one for all of them where a tool or a translator changed many."""

    notes: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)

    def notes_of(self, kind: str) -> list[str]:
        if len(self.notes) <= MANY:
            return self.notes
        return [f"{len(self.notes)} locked {kind} cells were changed, as by a translation; the released ones count, "
                "and yours are kept below them."]

    def flags_of(self, kind: str) -> list[str]:
        if len(self.notes) <= MANY:
            return [*self.differs, *self.typed]
        return [f"{len(self.notes)} locked {kind} cells differ from the release, as after a translation; "
                f"an answer may be in one of them."]


def _same(cell: Cell, found: Cell) -> bool:
    """Whether a copy has the text of the release's cell; layout and emphasis do not count."""
    original, text = source(cell), source(found)
    if squeeze(original) == squeeze(text):
        return True
    if is_code(cell):
        return is_code(found) and same_code(original, text)
    return _WORD.findall(original) == _WORD.findall(text)


def _imports_said(imports: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{text[:80]}`" for text in imports[:SHOWN])
    return shown + (f" and {len(imports) - SHOWN} more" if len(imports) > SHOWN else "")


def _missing(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} was missing from your notebook; the released one was put back."
    lowered = [name[0].lower() + name[1:] for name in names]
    shown = ", ".join(lowered[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return f"{len(names)} cells were missing from your notebook; the released ones were put back: {shown}."


def _is_split(submission: list[Cell], changed: list[int], cell: Cell) -> bool:
    """Jupyter's *split cell* leaves two cells with one id: together they are unchanged."""
    return squeeze("".join(source(submission[p]) for p in changed)) == squeeze(source(cell))


def name_of(release: list[Cell], index: int) -> str:
    """Return how a sentence refers to a locked cell."""
    cell = release[index]
    if is_test(cell):
        return f"The test cell of “{title_of(release, task_of_test(cell))}”"
    kind = "code" if is_code(cell) else "text"
    heading = next((line.strip("# ").strip() for line in source(cell).splitlines() if line.startswith("#")), "")
    shown = heading if heading and not is_code(cell) else grade_id(cell) or f"number {index + 1}"
    return f"The locked {kind} cell “{shown[:80]}”"


def title_of(release: list[Cell], task: str) -> str:
    """Return a task's title, as given by its answer cell."""
    for cell in release:
        if grade_id(cell) == task and (is_answer(cell) or not is_code(cell)):
            return title(cell) or task
    return task
