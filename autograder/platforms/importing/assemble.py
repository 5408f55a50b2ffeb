"""From the items of an import to our source notebook: every cell locked or an answer, every cell with a name. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.platforms.importing.cell_names import Names, heading, is_first_level, slug
from autograder.platforms.importing.parts import (
    Answer,
    Cell,
    Findings,
    Item,
    Locked,
    Task,
    Ungraded,
    Written,
    counted,
    neat,
    plain_number,
    points_text,
)
from autograder.platforms.importing.rubrics import read_rubric

_BRACES = re.compile(r"\{\{(?=\s*[A-Za-z][\w.-]*\s*\}\})")
NOTHING = "# This step is checked after you have handed in your notebook."


@dataclass(frozen=True, kw_only=True)
class NamedTask:
    """A task with the name and the title that it has here."""

    id: str
    title: str
    task: Task


def assemble(items: Sequence[Item], found: Findings) -> tuple[dict[str, Any], list[NamedTask]]:
    """Return a source notebook (format 4 JSON), and its tasks that checks judge."""
    maker = _Maker(found)
    for item in items:
        maker.reserve(item)
    for item in items:
        maker.name_task(item)
    for item in items:
        maker.add(item)
    maker.report()
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": _METADATA, "cells": maker.cells}, maker.tasks


_METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
             "language_info": {"name": "python"}}


class _Maker:
    """Makes cells one after the other; ids that the source has are taken first, so that they are kept."""

    def __init__(self, found: Findings) -> None:
        self.cells: list[Cell] = []
        self.tasks: list[NamedTask] = []
        self._found = found
        self._names = Names()
        self._kept: dict[int, str] = {}
        self._heading = ""
        self._title = ""
        self._new = 0
        self._renamed: list[str] = []

    def reserve(self, item: Item) -> None:
        """Take the id that the source has for an item."""
        given = item.answer.name if isinstance(item, Task | Ungraded) else item.name
        if given is None:
            return
        name = self._names.take(given, task=not isinstance(item, Locked))
        self._kept[id(item)] = name
        if name != given:
            self._renamed.append(f"{given[:60]!r} is now {name!r}")

    def name_task(self, item: Item) -> None:
        """Name a task that has no id after the heading above it, before texts get names from the same heading."""
        if isinstance(item, Locked):
            self._see(item)
        elif id(item) not in self._kept:
            kind = {Task: "task", Ungraded: "code", Written: "written"}[type(item)]
            self._new += 1
            self._kept[id(item)] = self._names.take(slug(self._heading) or kind, task=True)

    def _see(self, item: Locked) -> None:
        if item.kind == "markdown" and (found := heading(item.source)):
            self._heading = found
            # The title of the whole notebook is that of no task.
            self._title = "" if is_first_level(item.source) else found

    def add(self, item: Item) -> None:
        """Make the cells of one item."""
        match item:
            case Locked():
                self._see(item)
                self._locked(item)
            case Task():
                self._task(item)
            case Ungraded():
                self._answer(item.answer, self._kept[id(item)], {"ungraded": True})
            case Written():
                self._written(item)

    def report(self) -> None:
        """Say what was changed in many cells, once for all of them."""
        if self._found.unlocked:
            self._found.done.append(f"Cells that were not locked are locked now: {', '.join(self._found.unlocked)}.")
        if self._found.moved:
            self._found.done.append("Tests were moved up to the answers before them, above texts between them: "
                                    f"{', '.join(self._found.moved)}.")
        if self._new:
            self._found.done.append(f"{counted(self._new, 'cell')} without a name got one.")
        if self._renamed:
            self._found.done.append(f"Ids were changed: {'; '.join(self._renamed)}.")

    def _take_title(self, name: str) -> str:
        """Return the heading above a task; the second task under one heading is called by its name."""
        title, self._title = self._title, ""
        return title or name.replace("-", " ").replace("_", " ").capitalize()

    def _name(self, item: Locked, kind: str) -> str:
        kept = self._kept.get(id(item))
        if kept is not None:
            return kept
        self._new += 1
        return self._names.take("-".join(filter(None, (slug(self._heading), kind))), task=False)

    def _locked(self, item: Locked) -> None:
        text = item.source
        if item.kind == "markdown" and _BRACES.search(text):
            text = _BRACES.sub("{ {", text)
            self._found.done.append(f"Double braces in {item.place} got a space between them, since a name in double "
                                    "braces is filled in at release.")
        if not item.source.strip():
            return
        kind = {"code": "code", "markdown": "text"}.get(item.kind, "raw")
        self._append(item.kind, text, self._name(item, kind), _roles(locked=True))
        if item.attachments:
            self.cells[-1]["attachments"] = dict(item.attachments)

    def _answer(self, answer: Answer, name: str, own: dict[str, Any]) -> None:
        self._append("code", answer.source, name, _roles(solution=True), own)
        if not answer.complete and not own.get("ungraded"):
            self._found.look.append(f"The solution of {name!r} ({answer.place}) is missing: write it between its marks "
                                    "in the source notebook.")

    def _task(self, task: Task) -> None:
        name = self._kept[id(task)]
        title = self._take_title(name)
        self._answer(task.answer, name, {"title": title})
        public = [*(one.source for one in task.between), *(test.public for test in task.tests)]
        text = "\n\n".join(part for part in public if part.strip()) or NOTHING
        self._append("code", text, f"test-{name}", _roles(grade=True, locked=True, points=neat(task.points)))
        self.tasks.append(NamedTask(id=name, title=title, task=task))

    def _written(self, item: Written) -> None:
        name = self._kept[id(item)]
        own: dict[str, Any] = {"title": self._take_title(name)}
        if item.scheme:
            own |= self._rubric(item, name)
        points = item.points
        self._append("markdown", item.source, name, _roles(solution=True, grade=True, points=neat(points)), own)
        self._found.done.append(f"The written answer {name!r} ({item.place}) has {points_text(points)}.")
        if not item.complete:
            self._found.look.append(f"The written answer {name!r} ({item.place}) has no model answer: write one, which "
                                    "graders see, or leave it.")

    def _rubric(self, item: Written, name: str) -> dict[str, Any]:
        rubric = read_rubric(item.scheme, item.points)
        if rubric is not None:
            self._found.done.append(f"The marking scheme of {name!r} became a rubric of {len(rubric)} lines.")
            return {"rubric": rubric}
        shown = " ".join(item.scheme.split())[:400]
        self._found.look.append(f"The marking scheme of {name!r} has no points that add up to "
                                f"{plain_number(item.points)}, so it is no rubric yet; it says: “{shown}”.")
        return {}

    def _append(
        self, kind: str, text: str, name: str, roles: dict[str, Any], own: dict[str, Any] | None = None
    ) -> None:
        metadata = {"nbgrader": {"cell_type": kind, "grade_id": name, **roles}} | ({"autograder": own} if own else {})
        cell: Cell = {"cell_type": kind, "id": name, "metadata": metadata, "source": text}
        self.cells.append(cell | ({"outputs": [], "execution_count": None} if kind == "code" else {}))


def _roles(*, grade: bool = False, solution: bool = False, locked: bool = False, points: float | None = None,
           ) -> dict[str, Any]:
    roles: dict[str, Any] = {"grade": grade, "locked": locked, "schema_version": 3, "solution": solution, "task": False}
    return roles if points is None else {**roles, "points": points}
