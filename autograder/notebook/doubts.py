"""Finds steps where a failed check proves nothing: they depend on code that was not run, or run elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.model import SlotStatus
from autograder.notebook.anchors import AnchorReport, name_of, title_of
from autograder.notebook.cells import Cell, grade_id, is_code, is_test, source, task_of_test
from autograder.notebook.code_names import names_of
from autograder.notebook.elsewhere import answer_names
from autograder.notebook.regions import Placement
from autograder.notebook.slots import PARTLY, Judged

_SHOWN = 4  # names in one sentence
_PERSON = "A person will look at it."


@dataclass(frozen=True, kw_only=True)
class Source:
    """From one cell of the merged notebook on, ``names`` may lack the intended values; ``why`` is a clause."""

    names: frozenset[str]
    why: str


def doubts(release: list[Cell], merged: list[Cell], slots: Mapping[str, list[int]], placement: Placement,
           report: AnchorReport, judged: Judged) -> dict[str, str]:
    """Return, by task, one sentence why a check that fails there proves nothing.

    Args:
        merged: the cells of the merged notebook.
        slots: which of them belong to each task.
    """
    if report.foreign:
        return {}
    # What a step lacks is best explained by its source, where that is known.
    vague = {task: sentence for task, sentence in judged.doubts.items() if sentence == PARTLY}
    known = {task: sentence for task, sentence in judged.doubts.items() if task not in vague}
    return vague | _through(merged, slots, _sources(release, merged, placement, report, judged)) | known


def _sources(release: list[Cell], merged: list[Cell], placement: Placement, report: AnchorReport,
             judged: Judged) -> dict[int, Source]:
    unrun = {grade_id(release[index]) or "": index for index in report.unrun}
    open_ = {one.task for one in judged.verdicts
             if one.kind == "code" and (one.status is SlotStatus.UNMATCHED or one.task in judged.doubts)}
    if not unrun and not open_:
        return {}
    answers = answer_names(release, placement.regions)
    found: dict[int, Source] = {}
    for position, cell in enumerate(merged):
        name = grade_id(cell) or ""
        if name in unrun:
            place = name_of(release, unrun[name])
            found[position] = Source(names=report.unrun[unrun[name]], why=(
                f"which depends on lines that you added to {place[0].lower()}{place[1:]}; such lines are not run."))
        elif is_test(cell) and (task := task_of_test(cell)) in open_:
            found[position] = Source(names=answers.get(task, frozenset()), why=(
                f"which comes from “{title_of(release, task)}”, and a person still has to look at that step."))
    return found


def _through(merged: list[Cell], slots: Mapping[str, list[int]], sources: Mapping[int, Source]) -> dict[str, str]:
    """Follow the names through the notebook; code that sets a name again from other values ends the doubt about it."""
    owners = {index: task for task, indices in slots.items() for index in indices}
    doubtful: dict[str, str] = {}
    found: dict[str, str] = {}
    for index, cell in enumerate(merged if sources else ()):
        if index in sources:
            doubtful |= dict.fromkeys(sources[index].names, sources[index].why)
        elif is_code(cell) and doubtful:
            names = names_of(source(cell))
            used = sorted((names.read | names.changed) & doubtful.keys())
            if not used:
                doubtful = {name: why for name, why in doubtful.items() if name not in names.bound}
                continue
            doubtful |= dict.fromkeys(names.bound | names.changed, doubtful[used[0]])
            if index in owners:
                shown = ", ".join(f"`{name[:60]}`" for name in used[:_SHOWN])
                found.setdefault(owners[index], f"This step uses {shown}, {doubtful[used[0]]} {_PERSON}")
    return found
