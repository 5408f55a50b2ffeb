"""Decides which of a student's uploads for one assignment counts, and writes uploads and receipts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.errors import AutograderError
from autograder.model import Receipt
from autograder.pipeline.collect.attempts import Attempts, Rules, numbered, reconsidered, refused, uses_attempt
from autograder.pipeline.collect.choose import beats, doubts, why_kept
from autograder.pipeline.collect.examine import Examined
from autograder.pipeline.collect.uploads import Shelf
from autograder.workspace.reading import digest


def choose_and_store(shelf: Shelf, uploads: Sequence[Examined], rules: Rules, *, restamp: bool) -> list[Receipt]:
    """Store one student's uploads, oldest first, and return their receipts in the same order.

    Args:
        rules: deadline, attempts and which of them counts.
        restamp: give uploads that were collected earlier the time that was found now, as a person requested.
    """
    assert uploads  # noqa: S101 - a group has at least one
    current = shelf.current()
    # Times of files change when a folder is copied. If the upload that counts is in it again, so are the others.
    again = current is not None and current.sha256 in {digest(one.data) for one in uploads}
    drafts = [_Draft(shelf, one, rules.assignment, restamp=restamp, again=again) for one in uploads]
    best = current if current is not None and current.accepted else None
    if best is not None:
        # Its time may just have been corrected.
        best = next((draft.receipt for draft in drafts if draft.was == best and draft.receipt != best), best)
    attempts = Attempts(shelf.receipts())
    for hand_in in _hand_ins(drafts):
        best = _decide(hand_in, best, attempts, rules)
    return _written(shelf, drafts, best, rules)


class _Draft:
    """An upload and its receipt until it is decided which one counts."""

    def __init__(self, shelf: Shelf, one: Examined, assignment: str, *, restamp: bool, again: bool) -> None:
        self.one = one
        fresh = one.refusal(assignment) if one.problem else one.receipt(assignment)
        moment = None if again and not one.when.source.is_hand_in else one.when.moment
        known = None if one.temporary else shelf.known(fresh.sha256, moment, fresh.source)
        self.was = known
        self.receipt = reconsidered(known) if known else fresh
        if self.receipt.accepted and known is not None and restamp:
            self.receipt = self.receipt.model_copy(update={
                name: getattr(fresh, name) for name in ("received_at", "time_from", "time_confirmed")})

    @property
    def is_new(self) -> bool:
        return self.was is None

    @property
    def was_attempt(self) -> bool:
        """Whether it was already accepted as an attempt, which a lower limit does not revoke."""
        return self.was is not None and self.was.accepted and self.was.attempt is not None


def _hand_ins(drafts: Sequence[_Draft]) -> Iterator[list[_Draft]]:
    """Yield the usable files of each hand-in, oldest first.

    A platform's time or number distinguishes hand-ins; files of one download without either were handed in together.
    """
    groups: dict[object, list[_Draft]] = {}
    for draft in drafts:
        if draft.receipt.accepted:
            when, claim = draft.one.when, draft.one.hand_in.claim
            moment = when.moment if when.source.is_hand_in else None
            number = claim.attempt if claim is not None and claim.numbers_hand_ins else 0
            groups.setdefault((moment, number), []).append(draft)
    yield from groups.values()


def _decide(hand_in: Sequence[_Draft], best: Receipt | None, attempts: Attempts, rules: Rules) -> Receipt | None:
    """Choose one file of a hand-in, give it its attempt number, and return the receipt that counts then."""
    chosen = hand_in[0]
    if best is not None:
        # The file that counts was already chosen from its hand-in, and stays chosen unless another file beats it.
        chosen = next((draft for draft in hand_in if _same(draft.receipt, best)), chosen)
    for draft in hand_in:
        if draft is not chosen and beats(draft.receipt, chosen.receipt):
            chosen = draft
    if uses_attempt(chosen.receipt):
        number = _number(chosen, hand_in, attempts)
        if rules.allowed is None or number <= rules.allowed:
            chosen.receipt = numbered(chosen.receipt, number, rules.allowed)
        elif not chosen.was_attempt and not _is(chosen, best):
            chosen.receipt = refused(numbered(chosen.receipt, number, rules.allowed), rules.allowed, best)
            return best
    if _is(chosen, best):
        return chosen.receipt
    if best is not None and not rules.replaces(chosen.receipt, best):
        return best
    if best is not None and best.sha256 != chosen.receipt.sha256 and chosen.is_new:
        chosen.receipt = chosen.receipt.model_copy(update={"supersedes": best.sha256})
    return chosen.receipt


def _number(chosen: _Draft, hand_in: Sequence[_Draft], attempts: Attempts) -> int:
    """Return an upload's attempt number; a corrected time may make it part of a hand-in that has a number."""
    earlier = next((draft.receipt.attempt for draft in hand_in if draft.receipt.attempt is not None), None)
    if earlier is not None and not chosen.is_new:
        attempts.same(earlier, chosen.receipt.sha256)
    return attempts.number(chosen.receipt.sha256)


def _is(draft: _Draft, best: Receipt | None) -> bool:
    return best is not None and _same(draft.receipt, best)


def _written(shelf: Shelf, drafts: Sequence[_Draft], best: Receipt | None, rules: Rules) -> list[Receipt]:
    """Write what is new or has changed; returns the receipts as stored."""
    others = [draft.receipt for draft in drafts if draft.receipt.accepted]
    found: list[Receipt] = []
    is_chosen = False
    for draft in drafts:
        counts = best is not None and _same(draft.receipt, best) and not is_chosen
        if draft.one.key and draft.receipt.accepted:
            shelf.keep_key(draft.receipt, draft.one.key)
        is_chosen = is_chosen or counts
        if draft.receipt == draft.was and (draft.receipt.counts or not counts):
            found.append(draft.receipt)
        elif counts:
            found.append(_counted(shelf, draft, others, rules))
        else:
            found.append(_kept(shelf, draft, best, rules))
    return found


def _counted(shelf: Shelf, draft: _Draft, others: Sequence[Receipt], rules: Rules) -> Receipt:
    receipt = draft.receipt
    flags = (*receipt.flags, *doubts(receipt, others), *_about_time(receipt, rules))
    if draft.was is not None:
        # A time that was confirmed is no longer in doubt.
        now = _about_time(receipt, rules)
        flags = tuple(flag for flag in flags if flag in now or flag not in _about_time(draft.was, rules))
    receipt = receipt.model_copy(update={"flags": tuple(dict.fromkeys(flags))})
    if draft.was is not None and draft.was != receipt:
        shelf.replace(draft.was, receipt)
    try:
        return shelf.count(draft.one.data or None, receipt, corrects=draft.was)
    except (AutograderError, OSError) as error:
        return receipt.model_copy(update={"accepted": False, "counts": False, "reason": str(error)})


def _kept(shelf: Shelf, draft: _Draft, best: Receipt | None, rules: Rules) -> Receipt:
    receipt = draft.receipt
    if receipt.accepted and best is not None:
        reasons = [receipt.reason] if receipt.reason and draft.is_new else []
        reason = " ".join([*reasons, rules.why_kept(receipt, best) or why_kept(receipt, best)])
        receipt = receipt.model_copy(update={"counts": False, "reason": reason})
    if draft.was is not None:
        shelf.replace(draft.was, receipt)
    elif not draft.one.temporary:
        shelf.keep(draft.one.data, receipt)
    return receipt


def _same(one: Receipt, other: Receipt) -> bool:
    return (one.sha256, one.received_at) == (other.sha256, other.received_at)


def _about_time(receipt: Receipt, rules: Rules) -> list[str]:
    """Return sentences if a hand-in seems late, but only by a time that cannot cost points."""
    if receipt.time_can_cost:
        return []
    if receipt.marked_late:
        return ["The platform marked it as late, but gives no time: no points are lost until a person gives one."]
    if rules.seems_late(receipt):
        source = receipt.time_from.value if receipt.time_from else "unknown"
        return [f"It is late by its {source} time alone ({receipt.received_at}), which may be when it was downloaded: "
                f"no points are lost, unless it is collected again with --times-from archive."]
    return []
