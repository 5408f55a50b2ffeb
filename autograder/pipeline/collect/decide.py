"""Decides which of a student's uploads for one assignment counts, and writes uploads and receipts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from autograder.errors import AutograderError
from autograder.model import Receipt
from autograder.pipeline.collect.choose import beats, doubts, why_kept
from autograder.pipeline.collect.examine import Examined
from autograder.pipeline.collect.uploads import Shelf
from autograder.workspace.layout import digest


def settle(shelf: Shelf, uploads: Sequence[Examined], due: datetime | None, *, restamp: bool) -> list[Receipt]:
    """Store one student's uploads, oldest first, and return their receipts in the same order.

    Args:
        due: of the assignment.
        restamp: give uploads that were collected before the time that was found now: a person asked for it.
    """
    assert uploads  # noqa: S101 - a group has at least one
    assignment = uploads[0].assignment or ""
    current = shelf.current()
    # Times of files change when a folder is copied. Where the one that counts is there again, the others are too.
    again = current is not None and current.sha256 in {digest(one.data) for one in uploads}
    drafts = [_Draft(shelf, one, assignment, restamp=restamp, again=again) for one in uploads]
    best = current if current is not None and current.accepted else None
    if best is not None:
        # Its time may just have been corrected.
        best = next((draft.receipt for draft in drafts if draft.was == best and draft.receipt != best), best)
    for draft in drafts:
        if draft.receipt.accepted and (best is None or not _same(draft.receipt, best)) and (
                best is None or beats(draft.receipt, best)):
            if best is not None and best.sha256 != draft.receipt.sha256 and draft.is_new:
                draft.receipt = draft.receipt.model_copy(update={"supersedes": best.sha256})
            best = draft.receipt
    return _written(shelf, drafts, best, due)


class _Draft:
    """An upload and its receipt until it is decided which one counts."""

    def __init__(self, shelf: Shelf, one: Examined, assignment: str, *, restamp: bool, again: bool) -> None:
        self.one = one
        fresh = one.refusal(assignment) if one.problem else one.receipt(assignment)
        moment = None if again and not one.when.source.is_hand_in else one.when.moment
        known = None if one.passing else shelf.known(fresh.sha256, moment, fresh.source)
        self.was = known
        self.receipt = known or fresh
        if known is not None and known.accepted and restamp:
            self.receipt = known.model_copy(update={
                name: getattr(fresh, name) for name in ("received_at", "time_from", "time_confirmed")})

    @property
    def is_new(self) -> bool:
        return self.was is None


def _written(shelf: Shelf, drafts: Sequence[_Draft], best: Receipt | None, due: datetime | None) -> list[Receipt]:
    """Write what is new or has changed; returns the receipts as they are kept."""
    others = [draft.receipt for draft in drafts if draft.receipt.accepted]
    found: list[Receipt] = []
    is_chosen = False
    for draft in drafts:
        counts = best is not None and _same(draft.receipt, best) and not is_chosen
        is_chosen = is_chosen or counts
        if draft.receipt == draft.was and (draft.receipt.counts or not counts):
            found.append(draft.receipt)
        elif counts:
            found.append(_counted(shelf, draft, others, due))
        else:
            found.append(_kept(shelf, draft, best))
    return found


def _counted(shelf: Shelf, draft: _Draft, others: Sequence[Receipt], due: datetime | None) -> Receipt:
    receipt = draft.receipt
    flags = (*receipt.flags, *doubts(receipt, others), *_about_time(receipt, due))
    if draft.was is not None:
        # A time that was confirmed is no longer in doubt.
        now = _about_time(receipt, due)
        flags = tuple(flag for flag in flags if flag in now or flag not in _about_time(draft.was, due))
    receipt = receipt.model_copy(update={"flags": tuple(dict.fromkeys(flags))})
    if draft.was is not None and draft.was != receipt:
        shelf.replace(draft.was, receipt)
    try:
        return shelf.count(draft.one.data or None, receipt, corrects=draft.was)
    except (AutograderError, OSError) as error:
        return receipt.model_copy(update={"accepted": False, "counts": False, "reason": str(error)})


def _kept(shelf: Shelf, draft: _Draft, best: Receipt | None) -> Receipt:
    receipt = draft.receipt
    if receipt.accepted and best is not None:
        reasons = [receipt.reason] if receipt.reason and draft.is_new else []
        reason = " ".join([*reasons, why_kept(receipt, best)])
        receipt = receipt.model_copy(update={"counts": False, "reason": reason})
    if draft.was is not None:
        shelf.replace(draft.was, receipt)
    elif not draft.one.passing:
        shelf.keep(draft.one.data, receipt)
    return receipt


def _same(one: Receipt, other: Receipt) -> bool:
    return (one.sha256, one.received_at) == (other.sha256, other.received_at)


def _about_time(receipt: Receipt, due: datetime | None) -> list[str]:
    """Say where a hand-in seems late, but nothing that could cost points says so."""
    if receipt.time_can_cost:
        return []
    if receipt.marked_late:
        return ["The platform marked it as late, but gives no time: no points are lost until a person gives one."]
    if due is not None and datetime.fromisoformat(receipt.received_at) > due:
        source = receipt.time_from.value if receipt.time_from else "unknown"
        return [f"It is late by its {source} time alone ({receipt.received_at}), which may be when it was downloaded: "
                f"no points are lost, unless it is collected again with --times-from archive."]
    return []
