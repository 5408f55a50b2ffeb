"""What the student did to the release's locked cells: deleted, changed, copied."""

from __future__ import annotations

from dataclasses import dataclass, field

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
from autograder.notebook.text import added_lines, squeeze


@dataclass(kw_only=True)
class AnchorReport:
    """Findings about locked cells, by index in the release."""

    kept: dict[int, list[int]] = field(default_factory=dict)     # positions to keep beside the restored cell
    typed: dict[int, list[str]] = field(default_factory=dict)    # lines that the student added
    notes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


def inspect_anchors(release: list[Cell], submission: list[Cell], alignment: Alignment) -> AnchorReport:
    """Compare every locked cell with its copies; white space, outputs and the cell's type do not count."""
    report, missing = AnchorReport(), []
    for index, cell in enumerate(release):
        if not is_locked(cell):
            continue
        name = name_of(release, index)
        positions = alignment.of(index)
        if not positions:
            missing.append(name)
            continue
        changed = [p for p in positions if squeeze(source(submission[p])) != squeeze(source(cell))]
        if _is_split(submission, changed, cell):
            changed = []
        changed = [p for p in changed if source(submission[p]).strip()]
        emptied = not changed and not any(squeeze(source(submission[p])) for p in positions) and squeeze(source(cell))
        if emptied:
            report.notes.append(f"{name} was empty in your notebook; the released text was put back.")
        for position in changed:
            _changed(report, name, cell, index, position, submission)
    if missing:
        report.notes.insert(0, _missing(missing))
    return report


def _missing(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} was missing from your notebook; the released one was put back."
    lowered = [name[0].lower() + name[1:] for name in names]
    shown = ", ".join(lowered[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return f"{len(names)} cells were missing from your notebook; the released ones were put back: {shown}."


def _is_split(submission: list[Cell], changed: list[int], cell: Cell) -> bool:
    """Jupyter's *split cell* leaves two cells with one id: together they are unchanged."""
    return squeeze("".join(source(submission[p]) for p in changed)) == squeeze(source(cell))


def _changed(report: AnchorReport, name: str, cell: Cell, index: int, position: int, submission: list[Cell]) -> None:
    report.kept.setdefault(index, []).append(position)
    added = [line for line in added_lines(source(cell), source(submission[position]))
             if not is_test(cell) or not line.lstrip().startswith(("assert", "#"))]
    if is_code(cell):
        report.notes.append(f"{name} was changed; the released one was run, and yours is kept below it, not run.")
        report.flags.append(f"{name} differs from the release.")
    else:
        report.notes.append(f"{name} was changed; the released text stands again, and yours is kept below it.")
    if added:
        report.typed.setdefault(index, []).extend(added)
        report.flags.append(f"An answer may be here: {name[0].lower()}{name[1:]} has {len(added)} added "
                            f"{'line' if len(added) == 1 else 'lines'}.")


def name_of(release: list[Cell], index: int) -> str:
    """Return the words for a locked cell in a sentence."""
    cell = release[index]
    if is_test(cell):
        return f"The test cell of “{title_of(release, task_of_test(cell))}”"
    kind = "code" if is_code(cell) else "text"
    heading = next((line.strip("# ").strip() for line in source(cell).splitlines() if line.startswith("#")), "")
    shown = heading if heading and not is_code(cell) else grade_id(cell) or f"number {index + 1}"
    return f"The locked {kind} cell “{shown[:80]}”"


def title_of(release: list[Cell], task: str) -> str:
    """Return a task's title for people, as its answer cell says it."""
    for cell in release:
        if grade_id(cell) == task and (is_answer(cell) or not is_code(cell)):
            return title(cell) or task
    return task
