"""Turns the files of a source into hand-ins: whose each notebook is, or why that is unclear."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from autograder.errors import SubmissionError
from autograder.pipeline.collect.blackboard import is_blackboards_text
from autograder.pipeline.collect.claims import Claim
from autograder.pipeline.collect.entries import Entry, shown
from autograder.pipeline.collect.gradescope_export import METADATA_NAMES
from autograder.pipeline.collect.layouts import Layouts
from autograder.pipeline.collect.owner import Owner, Roster, conflicts
from autograder.pipeline.collect.platforms import nearest
from autograder.workspace.file_names import EXCHANGE_KEY, TIMESTAMP

MAX_NOTEBOOKS: Final = 30
"""Notebooks that are read in one hand-in."""
OTHER_WORK: Final = (".pdf", ".html", ".htm", ".py", ".md", ".txt", ".docx", ".odt", ".rar", ".7z", ".gz", ".tar",
                     ".json")
_NOT_THEIRS: Final = (TIMESTAMP, EXCHANGE_KEY, "comments.txt", "grades.csv")
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, kw_only=True)
class HandIn:
    """One file, the platform's claim and the owner; if ``owner`` is None, ``problem`` says why."""

    entry: Entry
    claim: Claim | None = None
    owner: Owner | None = None
    problem: str | None = None

    @property
    def student(self) -> str:
        """The student's id, or ``unknown``."""
        return self.owner.student if self.owner else UNKNOWN


def identify(entries: Sequence[Entry], layouts: Layouts, roster: Roster) -> list[HandIn]:
    """Return notebooks and faulty files with their owners, and one other file of each student without a notebook."""
    found = [hand_in for entry in entries if entry.suffix == ".ipynb" or entry.fault is not None
             if not _is_staffs(entry, layouts) for hand_in in _hand_ins(entry, layouts, roster)]
    served = {hand_in.student for hand_in in found}
    for entry in entries:
        if entry.suffix == ".ipynb" or entry.fault is not None or entry.parts[-1] in _NOT_THEIRS:
            continue
        for hand_in in _hand_ins(entry, layouts, roster):
            by_platform = hand_in.claim is not None and hand_in.claim.layout != "Name"
            if not by_platform and not roster.closed and entry.suffix not in OTHER_WORK:
                continue  # without a class list, a folder of pictures is not a student's
            claims_folder = not layouts.is_root(entry) or by_platform
            if hand_in.owner is not None and hand_in.student not in served and claims_folder:
                served.add(hand_in.student)
                found.append(replace(hand_in, problem=f"{shown(entry.name)} is not a notebook: hand in the .ipynb of "
                                                      f"the assignment."))
    return list(_limited(_without_conflicts(found)))


def passed_over(entries: Iterable[Entry], hand_ins: Iterable[HandIn]) -> list[str]:
    """Return the paths of files that are neither hand-ins nor a platform's: pictures, data, other documents."""
    used = {hand_in.entry.name for hand_in in hand_ins}
    return [entry.name for entry in entries
            if entry.name not in used and entry.parts[-1] not in (*_NOT_THEIRS, *METADATA_NAMES)
            and not is_blackboards_text(entry.parts[-1])]


def _is_staffs(entry: Entry, layouts: Layouts) -> bool:
    """Whether a file is in Sakai's folder for what teachers return."""
    below = layouts.below_person(entry)
    return len(below) > 1 and below[0].startswith("Feedback Attachment")


def _hand_ins(entry: Entry, layouts: Layouts, roster: Roster) -> Iterator[HandIn]:
    if entry.misplaced and entry.outer is None:
        yield HandIn(entry=entry, problem=entry.fault)
        return
    try:
        claims = layouts.read(entry)
    except SubmissionError as error:
        yield HandIn(entry=entry, problem=entry.fault or str(error))
        return
    if not claims:
        yield HandIn(entry=entry, problem=entry.fault or (
            f"{shown(entry.name)} does not say whose it is; the nearest pattern is {nearest(entry.platform_parts)}: "
            f"rename it, put it into a folder with the student's id, or give --pattern."))
    for claim in claims:
        try:
            owner = roster.owner(claim, entry.name)
            _check_uid(entry, claim)
        except SubmissionError as error:
            yield HandIn(entry=entry, claim=claim, problem=entry.fault or str(error))
            continue
        yield HandIn(entry=entry, claim=claim, owner=owner, problem=entry.fault)


def _check_uid(entry: Entry, claim: Claim) -> None:
    """Refuse what another user put into a live exchange, where every student may create folders of any name."""
    if claim.layout != "nbgrader exchange" or entry.uid in (None, 0, os.geteuid()):
        return
    import pwd

    try:
        user = pwd.getpwuid(int(entry.uid or 0)).pw_name
    except KeyError:
        return
    if user != claim.keys[0]:
        raise SubmissionError(f"{shown(entry.name)} names {shown(claim.keys[0])}, but the file belongs to the user "
                              f"{shown(user)}: find out who handed it in.")


def _without_conflicts(found: list[HandIn]) -> list[HandIn]:
    """Refuse all work of a student whom one platform knows under two names: they may be two people."""
    doubtful = conflicts((hand_in.claim, hand_in.owner) for hand_in in found
                         if hand_in.owner is not None and hand_in.claim is not None)

    def checked(hand_in: HandIn) -> HandIn:
        why = doubtful.get(hand_in.student)
        name = shown(hand_in.entry.name)
        return replace(hand_in, owner=None, problem=f"{name} is not taken: {why}") if why else hand_in

    return [checked(hand_in) for hand_in in found]


def _limited(found: Iterable[HandIn]) -> Iterator[HandIn]:
    """Yield at most `MAX_NOTEBOOKS` of each hand-in, and one refusal that gives the number of the others."""
    groups: dict[tuple[str, str, bool], list[HandIn]] = defaultdict(list)
    for hand_in in found:
        if hand_in.owner is None:
            yield hand_in
        else:
            key = (hand_in.student, hand_in.claim.time if hand_in.claim else "", hand_in.problem is None)
            groups[key].append(hand_in)
    for hand_ins in groups.values():
        ordered = sorted(hand_ins, key=lambda one: (len(one.entry.parts), one.entry.name))
        yield from ordered[:MAX_NOTEBOOKS]
        if left := ordered[MAX_NOTEBOOKS:]:
            problem = (f"{shown(left[0].entry.name)} and {len(left) - 1} more files are not looked at, since the "
                       f"hand-in has {len(ordered)}: hand in the one that counts.")
            yield replace(left[0], problem=problem)
