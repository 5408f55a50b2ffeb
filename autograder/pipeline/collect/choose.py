"""Decides which of several notebooks of one student counts: by their content, then the time, then the name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from autograder.model import Receipt
from autograder.pipeline.collect.entries import is_checkpoint, shown

SAME_TIME: Final = 2.0
"""Seconds: the times in zips and of copied folders are no more precise."""
_COPY: Final = re.compile(r"copy|kopie|copie|copia|\([0-9]+\)|-[0-9]{1,2}$|[ _-]v?[0-9]+$", re.IGNORECASE)
_DRAFT: Final = re.compile(r"draft|scratch|practice|test|old|backup|untitled|entwurf|original|blank|template",
                           re.IGNORECASE)


def rank(receipt: Receipt) -> int:
    """Return how likely a notebook is the one to grade; a blank one never ranks above one with answers."""
    if not receipt.matches:
        return 1 if receipt.answered else 0
    return 3 if receipt.answered or receipt.unmatched else 2


def beats(new: Receipt, old: Receipt) -> bool:
    """Whether ``new`` counts instead of ``old``."""
    if rank(new) != rank(old):
        # A notebook with answers but none of the release's cells still ranks above a blank release.
        return _filled(new) > _filled(old) if _filled(new) != _filled(old) else rank(new) > rank(old)
    if _is_checkpoint(new) != _is_checkpoint(old):
        return _is_checkpoint(old)
    later = _seconds(new, old)
    if abs(later) > (0 if _exact(new, old) else SAME_TIME):
        return later > 0
    if new.file_number and old.file_number and new.file_number != old.file_number:
        return new.file_number > old.file_number
    return _name(new) > _name(old)


def doubts(chosen: Receipt, others: Iterable[Receipt]) -> tuple[str, ...]:
    """Return sentences for staff if another notebook might have been meant."""
    found = []
    for other in others:
        if other.sha256 == chosen.sha256 or not other.accepted or (_is_checkpoint(other) and _filled(chosen)):
            continue
        name = f"{shown(chosen.source)} counts; {shown(other.source)} is kept in .uploads"
        if not _filled(chosen) and not other.matches:
            found.append(f"{name}: it has none of this assignment's cells, but the one that counts is blank.")
        elif rank(other) < rank(chosen):
            if _seconds(other, chosen) > 0 and _exact(other, chosen):
                found.append(f"{name}: it came later, but is blank or another notebook.")
        elif not _exact(chosen, other) or _seconds(chosen, other) == 0:
            found.append(f"{name}: both have answers, and which one was meant is the student's to say.")
    return tuple(found)


def why_kept(receipt: Receipt, chosen: Receipt) -> str:
    """Return the sentence for an upload that does not count."""
    if rank(chosen) == rank(receipt) and _seconds(chosen, receipt) > 0:
        return f"Kept, but the later upload of {chosen.received_at} counts."
    if rank(chosen) > rank(receipt):
        lack = "has none of this assignment's cells" if not receipt.matches else "has no answers"
        return f"Kept, but {shown(chosen.source)} counts: this one {lack}."
    return f"Kept, but {shown(chosen.source)} counts."


def _is_checkpoint(receipt: Receipt) -> bool:
    """Whether it is Jupyter's checkpoint copy, which counts only if the notebook itself is missing or blank."""
    return is_checkpoint(tuple(receipt.source.rsplit(" → ", 1)[-1].split("/")))


def _filled(receipt: Receipt) -> bool:
    return bool(receipt.answered) or (receipt.matches and bool(receipt.unmatched))


def _seconds(new: Receipt, old: Receipt) -> float:
    return (datetime.fromisoformat(new.received_at) - datetime.fromisoformat(old.received_at)).total_seconds()


def _exact(new: Receipt, old: Receipt) -> bool:
    """Whether both times say when the work was handed in."""
    return new.time_can_cost and old.time_can_cost


def _name(receipt: Receipt) -> tuple[bool, bool, bool]:
    """Return a sort key: the assignment's own name ranks above a copy's, and a copy's above a draft's."""
    stem = PurePosixPath(receipt.source).stem.casefold()
    return (_DRAFT.search(stem) is None, stem.endswith(receipt.assignment.casefold()), _COPY.search(stem) is None)
