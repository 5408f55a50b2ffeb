"""Answers that stand in no slot of their own: all code in one cell, or a step answered in the cell of another one.

What a task's answer sets follows from its test cell, which looks at these names. A slot that is blank while other code
of the student's sets them is not blank: code that runs before the slot's test cell is judged there, and all else is
a person's case. Nothing is moved.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.notebook.anchors import AnchorReport
from autograder.notebook.cells import Cell, is_code, source
from autograder.notebook.code_names import Names, asked_names, names_of
from autograder.notebook.regions import Placement, Region, is_blank


@dataclass(frozen=True, kw_only=True)
class Found:
    """Where a task is answered whose slot is blank: ``before`` its test cell, ``after`` it, or in lines not run."""

    task: str
    place: str
    names: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    region: int
    task: str
    asked: frozenset[str]
    new: frozenset[str]  # asked for here for the first time

    def hits(self, names: Names, *, roaming: bool) -> frozenset[str]:
        if self.new:
            return names.bound & self.new
        return (names.bound | names.changed) & self.asked if roaming else frozenset()


def find_elsewhere(release: list[Cell], submission: list[Cell], placement: Placement, report: AnchorReport,
                   templates: set[str], blank: frozenset[str]) -> list[Found]:
    """Return which of the ``blank`` tasks other code answers, in the order of the release.

    Code that sets what only other blank tasks ask for answers all of them: it then counts for those tasks too that ask
    for nothing new, such as to compile a model that there is already.
    """
    wanted = _wanted(release, placement.regions, blank)
    code = _code(submission, placement, templates)
    found = []
    for item in wanted:
        others = frozenset().union(*(one.new for one in wanted if one is not item))
        hits: dict[str, frozenset[str]] = {}
        for region, position, names in code:
            task = placement.regions[region].task
            roaming = task is None or position in placement.unsure or bool(
                names.bound & frozenset().union(*(one.new for one in wanted if one.task != task)))
            if region != item.region and (set_ := item.hits(names, roaming=roaming)):
                place = "before" if region < item.region else "after"
                hits[place] = hits.get(place, frozenset()) | set_
        for unrun in report.unrun.values():
            if set_ := item.hits(Names(bound=unrun), roaming=bool(unrun & others)):
                hits["unrun"] = hits.get("unrun", frozenset()) | set_
        chosen = next((one for one in ("before", "after", "unrun") if one in hits), None)
        if chosen is not None:
            found.append(Found(task=item.task, place=chosen, names=hits[chosen]))
    return found


def answer_names(release: list[Cell], regions: list[Region]) -> dict[str, frozenset[str]]:
    """Return, for every task with a test cell, the names that its answer sets or changes."""
    tasks = frozenset(region.task for region in regions if region.task is not None)
    return {item.task: item.new or item.asked for item in _wanted(release, regions, tasks)}


def _wanted(release: list[Cell], regions: list[Region], blank: frozenset[str]) -> list[_Wanted]:
    given = frozenset().union(*(names_of(source(cell)).bound for index, cell in enumerate(release)
                                if is_code(cell) and any(region.after == index for region in regions)))
    found, earlier = [], frozenset[str]()
    for number, region in enumerate(regions):
        if region.task is None or region.after is None:
            continue
        asked = asked_names(source(release[region.after])) - given
        if region.task in blank:
            found.append(_Wanted(region=number, task=region.task, asked=asked, new=asked - earlier))
        earlier |= asked
    return found


def _code(submission: list[Cell], placement: Placement, templates: set[str]) -> list[tuple[int, int, Names]]:
    """Return region, position and names of the student's code cells that say something."""
    return [(region, item.position, names_of(source(submission[item.position])))
            for region, items in sorted(placement.cells.items()) for item in items
            if is_code(submission[item.position]) and not is_blank(submission[item.position], templates)]
