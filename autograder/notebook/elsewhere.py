"""Answers outside of their own slot: all code in one cell, or a step answered in the cell of another one.

The names that a task's answer sets follow from its test cell, which uses them. A slot counts as answered if other code
of the student sets these names: code that runs before the slot's test cell is judged there, and a person decides about
all other cases. Nothing is moved.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.notebook.anchors import AnchorReport
from autograder.notebook.cells import Cell, is_code, is_locked, source
from autograder.notebook.code_names import Names, names_in_parts, names_of, required_names
from autograder.notebook.regions import Placement, Region, is_blank
from autograder.notebook.text import looks_like_code, without_fences


@dataclass(frozen=True, kw_only=True)
class Found:
    """Where a task with a blank slot is answered: ``before`` its test cell, ``after`` it, or in what is not run.

    ``hosts`` are the tasks whose slots contain that code.
    """

    task: str
    place: str
    names: frozenset[str]
    hosts: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    region: int
    task: str
    required: frozenset[str]
    new: frozenset[str]  # required here for the first time

    def hits(self, names: Names, *, roaming: bool, reading: bool = False) -> frozenset[str]:
        if self.new:
            return names.bound & self.new
        used = names.bound | names.changed | (names.read if reading else frozenset())
        return used & self.required if roaming or reading else frozenset()


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """A code cell of the student that is not empty."""

    region: int
    host: str | None  # the task of its region
    names: Names
    loose: bool  # one of several cells of its slot, and not the given one


class Elsewhere:
    """What the student's code sets, by its position.

    Code that sets what only other blank tasks require answers all of them: it then also counts for tasks that require
    nothing new, such as to compile an existing model. A figure sets nothing: in a cell of the student's own it is
    enough to read what such a task requires and to draw. Whether that is its answer, a person sees.
    """

    def __init__(self, release: list[Cell], submission: list[Cell], placement: Placement, report: AnchorReport,
                 templates: set[str]) -> None:
        """Inspect a submission in which answers with a changed cell type have their type restored."""
        self._release, self._regions = release, placement.regions
        self._pieces = _pieces(submission, placement, templates)
        self._unrun = (*report.unrun.values(), *_in_text(submission, placement))

    def blank(self, tasks: frozenset[str]) -> list[Found]:
        """Return which of these tasks with blank slots other code answers, in the order of the release."""
        wanted = _wanted(self._release, self._regions, tasks)
        return [found for item in wanted if (found := self._of(item, wanted))]

    def _of(self, item: _Wanted, wanted: list[_Wanted]) -> Found | None:
        hits: dict[str, frozenset[str]] = {}
        hosts: dict[str, set[str]] = {}
        for piece in self._pieces:
            others = frozenset().union(*(one.new for one in wanted if one.task != piece.host))
            roaming = piece.host is None or piece.loose or bool(piece.names.bound & others)
            reading = (piece.host is None or piece.loose) and "plt" in piece.names.read | piece.names.bound
            if piece.region != item.region and (names := item.hits(piece.names, roaming=roaming, reading=reading)):
                place = "before" if piece.region < item.region else "after"
                hits[place] = hits.get(place, frozenset()) | names
                hosts.setdefault(place, set()).update(filter(None, (piece.host,)))
        new = frozenset().union(*(one.new for one in wanted if one is not item))
        for unrun in self._unrun:
            if names := item.hits(Names(bound=unrun), roaming=bool(unrun & new)):
                hits["unrun"] = hits.get("unrun", frozenset()) | names
        for place in ("before", "after", "unrun"):
            if place in hits:
                return Found(task=item.task, place=place, names=hits[place], hosts=frozenset(hosts.get(place, ())))
        return None

    def partly(self, tasks: frozenset[str]) -> list[str]:
        """Return which of these tasks with filled slots lack names that code elsewhere sets."""
        bound: dict[int, frozenset[str]] = {}
        started: dict[int, frozenset[str]] = {}  # set there without building on what an earlier step has set
        read: dict[int, frozenset[str]] = {}
        for piece in self._pieces:
            names = piece.names.bound | piece.names.changed
            started[piece.region] = started.get(piece.region, frozenset()) | names - piece.names.needed
            bound[piece.region] = bound.get(piece.region, frozenset()) | names
            read[piece.region] = read.get(piece.region, frozenset()) | piece.names.read
        stray = frozenset().union(*(piece.names.bound for piece in self._pieces if piece.host is None),
                                  *self._unrun)
        found = []
        for item in _wanted(self._release, self._regions, tasks):
            here = bound.get(item.region, frozenset())
            others = frozenset().union(stray, *(names for region, names in started.items() if region != item.region))
            before = frozenset().union(*(names for region, names in bound.items() if region <= item.region))
            unknown = read.get(item.region, frozenset()) - before - given_names(self._release)
            if (item.new - here) & others or (item.required - here) & stray or unknown & stray:
                found.append(item.task)
        return found


def answer_names(release: list[Cell], regions: list[Region]) -> dict[str, frozenset[str]]:
    """Return, for every task with a test cell, the names that its answer sets or changes."""
    tasks = frozenset(region.task for region in regions if region.task is not None)
    return {item.task: item.new or item.required for item in _wanted(release, regions, tasks)}


def _wanted(release: list[Cell], regions: list[Region], blank: frozenset[str]) -> list[_Wanted]:
    given = given_names(release)
    found, earlier = [], frozenset[str]()
    for number, region in enumerate(regions):
        if region.task is None or region.after is None:
            continue
        required = required_names(source(release[region.after])) - given
        if region.task in blank:
            found.append(_Wanted(region=number, task=region.task, required=required, new=required - earlier))
        earlier |= required
    return found


def given_names(release: list[Cell]) -> frozenset[str]:
    """Return the names that the release's own cells set."""
    return frozenset().union(*(names_of(source(cell)).bound for cell in release if is_code(cell) and is_locked(cell)))


def _pieces(submission: list[Cell], placement: Placement, templates: set[str]) -> list[_Piece]:
    found = []
    for region, items in sorted(placement.cells.items()):
        code = [item for item in items
                if is_code(submission[item.position]) and not is_blank(submission[item.position], templates)]
        for item in code:
            host = None if item.position in placement.unsure else placement.regions[region].task
            found.append(_Piece(region=region, host=host, names=names_in_parts(source(submission[item.position])),
                                loose=len(code) > 1 and item.owner is None))
    return found


def _in_text(submission: list[Cell], placement: Placement) -> list[frozenset[str]]:
    """Return what code in text cells would set, by cell: it is not run."""
    texts = [source(submission[item.position]) for items in placement.cells.values() for item in items
             if not is_code(submission[item.position])]
    return [names_in_parts(without_fences(text)).bound for text in texts if looks_like_code(text)]
