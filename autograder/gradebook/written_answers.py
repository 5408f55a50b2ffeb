"""The written answers of one executed notebook, as text for a person to read. Pure.

The notebook is a student's: this runs in the readers' process (`autograder.pipeline.reading.steps`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from autograder.gradebook.release_cells import answers, cell_source, nbgrader_metadata
from autograder.safe import without_joiners

LONGEST: Final = 20_000
"""Characters of an answer that are shown; its fingerprint is that of the whole text."""
MOST_MORE: Final = 5
"""Further cells around an answer that are shown."""


@dataclass(frozen=True, kw_only=True)
class WrittenAnswer:
    """What a student wrote to one question.

    Attributes:
        more: the student's own cells between the cells of the release around the answer.
        notes: sentences about what is not shown.
        fingerprint: of the answer, as the gradebook remembers it; "" where there is none.
    """

    text: str = ""
    more: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fingerprint: str = ""

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Return what `dataclasses.asdict` made, after a way through JSON."""
        return cls(text=found["text"], more=tuple(found["more"]), notes=tuple(found["notes"]),
                   fingerprint=found["fingerprint"])


def written_answers(notebook: dict[str, Any], tasks: Collection[str]) -> dict[str, WrittenAnswer]:
    """Return the answers to these written tasks, by task; a task without a cell has none."""
    prints = answers(notebook)
    return {task: _answer(around, prints.get(task, "")) for task, around in _around(notebook, set(tasks))}


def _around(notebook: dict[str, Any], tasks: set[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield each answer cell with the student's own cells before and after it, the answer first."""
    cells = [cell for cell in notebook.get("cells", ()) if isinstance(cell, dict)]
    names = [str(nbgrader_metadata(cell).get("grade_id") or "") for cell in cells]
    for index, name in enumerate(names):
        if name not in tasks:
            continue
        start = end = index
        while start > 0 and not names[start - 1]:
            start -= 1
        while end + 1 < len(cells) and not names[end + 1]:
            end += 1
        yield name, [cells[index], *cells[start:index], *cells[index + 1:end + 1]]
        tasks.discard(name)  # a second cell of the name is no answer


def _answer(cells: list[dict[str, Any]], fingerprint: str) -> WrittenAnswer:
    answer, *others = cells
    text = without_joiners(cell_source(answer)).strip()
    more = [without_joiners(cell_source(cell)).strip() for cell in others]
    more = [part for part in more if part]
    notes = []
    if len(text) > LONGEST or any(len(part) > LONGEST for part in more):
        notes.append(f"Only the first {LONGEST:,} characters are shown; formgrader has all of them.")
    if len(more) > MOST_MORE:
        notes.append(f"{len(more) - MOST_MORE} more cells next to this answer are not shown; formgrader has them.")
    if any(cell.get("attachments") for cell in cells) or "](data:" in text or "](attachment:" in text:
        notes.append("There is a picture in it, which formgrader shows.")
    return WrittenAnswer(text=text[:LONGEST], more=tuple(part[:LONGEST] for part in more[:MOST_MORE]),
                         notes=tuple(notes), fingerprint=fingerprint)
