"""What each slot contains: an answer, the blank template, or something that a person has to look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from autograder.model import SlotStatus
from autograder.notebook.anchors import AnchorReport, title_of
from autograder.notebook.cells import Cell, grade_id, is_code, source
from autograder.notebook.elsewhere import Elsewhere, Found
from autograder.notebook.regions import Placement, Region, StudentCell, is_blank
from autograder.notebook.suspects import Suspects
from autograder.notebook.text import code_key, squeeze, words_of_code

LOOK = "A person will look at it; nothing is lost."
EARLY = ("Your code for this step was found in another cell of yours, above it, so this check may have seen values "
         "that later code changed. A person will look at it.")
NO_PLACE = "What you wrote could not be matched to its tasks. A person will look at it; nothing is lost."
PARTLY = ("Some of what this step needs is set by your code in another cell, so this check may have missed it. "
          "A person will look at it.")
MIXED = ("Your code for another step was found in this step's cells, so this check may have seen its values. A "
         "person will look at it.")
TWICE = ("The same code is in this step's cells twice, and was run twice, which may be why this check "
         "did not pass. A person will look at it.")
_SHOWN = 4  # titles or names in one sentence


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the slot of a task contains."""

    task: str
    kind: Literal["code", "written"]
    status: SlotStatus
    by: Literal["id", "alignment", "none"]


@dataclass(kw_only=True)
class Judged:
    """Verdicts by task, and what to do with single cells of the submission in the merged notebook."""

    verdicts: list[Verdict] = field(default_factory=list)
    restored: dict[int, str] = field(default_factory=dict)       # position → cell type to restore
    dropped: set[int] = field(default_factory=set)               # positions whose text is already elsewhere
    joined: dict[int, str] = field(default_factory=dict)         # written cell of the release → text
    written_task: dict[int, str] = field(default_factory=dict)   # written cell of the release → task
    doubts: dict[str, str] = field(default_factory=dict)         # task → why a failed check proves nothing
    notes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


def judge(release: list[Cell], submission: list[Cell], placement: Placement, report: AnchorReport,
          templates: set[str]) -> Judged:
    """Decide about every slot, in the order of the release."""
    judge_ = _Judge(release, submission, placement, report, templates)
    for number, region in enumerate(placement.regions):
        for index in region.written:
            judge_.written(number, index)
        if region.answers or region.task is not None:
            judge_.code(number)
    judge_.elsewhere()
    judge_.leftovers()
    return judge_.judged


class _Judge:
    def __init__(self, release: list[Cell], submission: list[Cell], placement: Placement, report: AnchorReport,
                 templates: set[str]) -> None:
        self.release, self.submission, self.placement = release, submission, placement
        self.report, self.templates = report, templates
        self.judged = Judged()
        self._outside = Suspects(release=release, submission=submission, placement=placement, report=report,
                                 templates=templates)
        self._suspects: dict[str, list[str]] = {}  # what may be the answer → names of the empty tasks

    def code(self, number: int) -> None:
        """Judge the slot whose test cell ends the region."""
        region = self.placement.regions[number]
        cells = self._cells_in(number)
        self._restore_types(region, cells)
        answers = [item for item in cells if self._runs_as_code(item)]
        filled = [item for item in answers if not self._blank(item) and item.position not in self.placement.unsure]
        groups = self._distinct(filled)
        if region.task is None:
            return
        name = f"“{title_of(self.release, region.task)}”"
        if len(groups) > 1:
            self._say(f"{name} has more than one answer in different places of your notebook. {LOOK}",
                      f"{name}: several different answers in different places.")
            status = SlotStatus.UNMATCHED
        elif filled:
            status = SlotStatus.ANSWERED
            self._look_for_copies(region.task, filled)
        elif suspect := self._outside.code(number, cells):
            self._suspects.setdefault(suspect, []).append(name)
            status = SlotStatus.UNMATCHED
        else:
            status = SlotStatus.BLANK
        self._verdict(region.task, "code", status, answers)

    def written(self, number: int, index: int) -> None:
        """Judge a written answer: its own cell, else all the student's text in the region."""
        region, task = self.placement.regions[number], grade_id(self.release[index]) or ""
        self.judged.written_task[index] = task
        cells = self._cells_in(number)
        own = [item for item in cells if item.owner == index]
        filled = [item for item in own if not self._blank(item)]
        if not filled and len(region.written) == 1:
            free = {item.position: item for item in (*self._free_prose(cells), *self._prose_in_code(region, cells))}
            filled = [item for position, item in sorted(free.items()) if position not in self.placement.unsure]
        name = f"“{title_of(self.release, task)}”"
        runs = {item.run for item in filled}
        if filled and (len(runs) == 1 or len({squeeze(source(self._cell(item))) for item in filled}) == 1):
            self._join(index, own, filled)
            status = SlotStatus.ANSWERED
        elif filled:
            self._join(index, own, filled)
            self._say(f"{name} has more than one answer in different places of your notebook. {LOOK}",
                      f"{name}: several different answers in different places.")
            status = SlotStatus.UNMATCHED
        elif suspect := self._outside.written(number, cells):
            self._suspects.setdefault(suspect, []).append(name)
            status = SlotStatus.UNMATCHED
        else:
            status = SlotStatus.BLANK
        self._verdict(task, "written", status, own or filled)

    def elsewhere(self) -> None:
        """Judge blank slots again that the student's other code answers, and doubt those that it answers in part."""
        code = [one for one in self.judged.verdicts if one.kind == "code" and not self.report.foreign]
        answered = frozenset(one.task for one in code if one.status is SlotStatus.ANSWERED)
        typed = [cell | {"cell_type": self.judged.restored.get(position, cell["cell_type"])}
                 for position, cell in enumerate(self.submission)]
        other = Elsewhere(self.release, typed, self.placement, self.report, self.templates)
        for task in other.partly(answered):
            self.judged.doubts.setdefault(task, PARTLY)
        blank = frozenset(one.task for one in code if one.status is SlotStatus.BLANK)
        if blank:
            found = other.blank(blank)
            self._found(found, "before", SlotStatus.ANSWERED, "your code above them sets {}. It was run there, and a "
                        "person will look at what fails", "code above them sets {}; what failed is withheld.")
            self._found(found, "after", SlotStatus.UNMATCHED, "your code below them sets {}. A person will look at "
                        "it; nothing is lost", "code below them sets {}; their points are withheld.")
            self._found(found, "unrun", SlotStatus.UNMATCHED, "lines that you added to locked cells, or code in text "
                        "cells, set {}. Neither is run; a person will look at it", "lines added to locked cells or "
                        "code in text cells set {}; points are withheld.")

    def _found(self, found: Iterable[Found], place: str, status: SlotStatus, note: str, flag: str) -> None:
        chosen = [one for one in found if one.place == place]
        if not chosen:
            return
        tasks = {one.task for one in chosen}
        names = _listed([f"`{name[:60]}`" for name in sorted(frozenset().union(*(one.names for one in chosen)))])
        titles = _listed([f"“{title_of(self.release, one.task)}”" for one in chosen])
        start = f"{titles} {'is' if len(chosen) == 1 else 'are'} empty, but"
        self._say(f"{start} {note.format(names)}.", f"{start} {flag.format(names)}")
        self.judged.verdicts = [
            replace(one, status=status, by="none" if status is SlotStatus.UNMATCHED else "alignment")
            if one.task in tasks else one for one in self.judged.verdicts]
        if status is SlotStatus.ANSWERED:
            self.judged.doubts |= dict.fromkeys(tasks, EARLY)
        self.judged.doubts |= dict.fromkeys(frozenset().union(*(one.hosts for one in chosen)), MIXED)

    def leftovers(self) -> None:
        """Report what may answer empty tasks, and which cells could not be matched to a place."""
        if self.report.foreign:
            self._nothing_matches()
            return
        for suspect, names in self._suspects.items():
            verb = "is" if len(names) == 1 else "are"
            self._say(f"{_listed(names)} {verb} empty, but {suspect} may be the answer. {LOOK}",
                      f"{_listed(names)}: {suspect} may be the answer.")
        if self.placement.unsure:
            count = len(self.placement.unsure)
            what = "One cell of yours" if count == 1 else f"{count} cells of yours"
            self._say(f"{what} could not be matched to a task with certainty; kept after the work that it followed.",
                      None if self._suspects else f"{what.replace(' of yours', '')} could not be matched to a task.")

    def _nothing_matches(self) -> None:
        """In another notebook the slots mean nothing: a person has to look at everything in it."""
        found = any(source(cell).strip() for cell in self.submission)
        self.judged.notes[:], self.judged.flags[:] = [NO_PLACE] if found else [], []
        self.judged.verdicts = [
            replace(one, status=SlotStatus.UNMATCHED, by="none") if found and one.status is SlotStatus.BLANK else one
            for one in self.judged.verdicts]

    def _prose_in_code(self, region: Region, cells: list[StudentCell]) -> list[StudentCell]:
        """Return code cells that contain only prose: comments, or a string in quotation marks."""
        own = {item.position for item in cells if item.owner in region.written}
        found: list[StudentCell] = []
        for item in cells:
            near = region.task is None or item.position - 1 in own | {one.position for one in found}
            if near and item.owner is None and is_code(self._cell(item)) and words_of_code(source(self._cell(item))):
                found.append(item)
        return found

    def _cells_in(self, number: int) -> list[StudentCell]:
        return [i for i in self.placement.cells.get(number, ()) if i.position not in self.judged.dropped]

    def _cell(self, item: StudentCell) -> Cell:
        return self.submission[item.position]

    def _blank(self, item: StudentCell) -> bool:
        cell = self._cell(item)
        kind = self.judged.restored.get(item.position)
        return is_blank({**cell, "cell_type": kind} if kind else cell, self.templates)

    def _runs_as_code(self, item: StudentCell) -> bool:
        return self.judged.restored.get(item.position, self._cell(item)["cell_type"]) == "code"

    def _restore_types(self, region: Region, cells: list[StudentCell]) -> None:
        """An answer cell that became text is code again, unless other code answers the task: then it was set aside."""
        retyped = [item for item in cells if item.owner in region.answers and not is_code(self._cell(item))]
        code = [item for item in cells if is_code(self._cell(item)) and not self._blank(item)]
        for item in retyped:
            name = f"“{title_of(self.release, grade_id(self.release[item.owner or 0]) or '')}”"
            if code and not self._blank(item):
                self._say(f"The answer cell of {name} was turned into text; your other code was taken as the answer.")
            if not code:
                self.judged.restored[item.position] = "code"
            if not code and not self._blank(item):
                self._say(f"The answer cell of {name} had become a text cell; it was run as code.")

    def _look_for_copies(self, task: str, filled: list[StudentCell]) -> None:
        """Two cells with the same text ran twice, perhaps by accident: one keystroke copies a cell."""
        texts = [squeeze(source(self._cell(item))) for item in filled if item.position not in self.judged.dropped]
        if len(set(texts)) < len(texts):
            self.judged.doubts[task] = TWICE

    def _distinct(self, filled: list[StudentCell]) -> list[list[StudentCell]]:
        """Group answers by their position; of groups with equal code only the first stays."""
        groups: dict[int, list[StudentCell]] = {}
        for item in filled:
            groups.setdefault(item.run, []).append(item)
        if len(groups) < 2:
            return list(groups.values())
        seen: dict[str, list[StudentCell]] = {}
        for group in groups.values():
            key = "\0".join(code_key(source(self._cell(item))) for item in group)
            if key in seen:
                same = {squeeze(source(self._cell(item))) for item in seen[key]}
                self.judged.dropped |= {i.position for i in group if squeeze(source(self._cell(i))) in same}
            else:
                seen[key] = group
        return list(seen.values())

    def _join(self, index: int, own: list[StudentCell], filled: list[StudentCell]) -> None:
        """Put all parts of a written answer into its one graded cell."""
        texts = dict.fromkeys(self._words(item) for item in filled)
        self.judged.joined[index] = "\n\n".join(texts)
        home = own[0] if own else filled[0]
        kind = str(self.release[index]["cell_type"])
        if any(is_code(self._cell(item)) for item in (home, *filled)):
            self._say("A written answer had become a code cell; it was changed back to text.")
        home.owner = index
        self.judged.restored[home.position] = kind
        self.judged.dropped |= {item.position for item in (*own, *filled)} - {home.position}

    def _words(self, item: StudentCell) -> str:
        text = source(self._cell(item))
        said = words_of_code(text) if item.owner is None and is_code(self._cell(item)) else None
        return said or text

    def _verdict(
        self, task: str, kind: Literal["code", "written"], status: SlotStatus, cells: list[StudentCell]
    ) -> None:
        by: Literal["id", "alignment", "none"] = "alignment"
        if status is SlotStatus.UNMATCHED:
            by = "none"
        elif any(item.owner is not None and item.by == "id" for item in cells):
            by = "id"
        self.judged.verdicts.append(Verdict(task=task, kind=kind, status=status, by=by))

    def _free_prose(self, cells: list[StudentCell]) -> list[StudentCell]:
        prose = [item for item in cells if item.owner is None and not is_code(self._cell(item))]
        return [item for item in prose if not self._blank(item)]

    def _say(self, note: str, flag: str | None = None) -> None:
        self.judged.notes.append(note)
        if flag is not None:
            self.judged.flags.append(flag)


def _listed(names: list[str]) -> str:
    """Return some names in a sentence."""
    if len(names) > _SHOWN:
        return f"{', '.join(names[:_SHOWN])} and {len(names) - _SHOWN} more"
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
