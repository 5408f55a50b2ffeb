"""The outcomes of one submission's checks while they run: what blocks which check, and what each earned. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.checks.outcome import Evidence
from autograder.checks.request import JudgeRequest
from autograder.model import Basis, Bound, CheckResult, CheckSpec, LayerRow, SlotStatus, Status

BLANK = "Nothing was written under `# YOUR CODE HERE` yet."
NOT_REACHED = "The run of the notebook ended before this step."
UNMATCHED = "Your answer to this step could not be found in the notebook you handed in; a person will look for it."
WITHHELD = "This check could not be run through no fault of yours; a person will look at it."
WAITING = "This depends on “{title}”, which a person still has to decide."
GIVEN = "In this run the compile settings were provided by the grader, so they earn nothing."
COMPILED = frozenset({"is_compiled_with"})
"""Assertions about compile settings: they prove nothing in a run to which the grader gave such settings."""
OUT_OF_TIME = "the checks of one submission ran out of time"
LENGTH = 600
"""Characters of each part of a message."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What an outcome says: what was seen, what was expected and a hint for the student, and a note for staff.

    The layers of a model and the marks of a mistake come with a failed check only.
    """

    seen: str | None = None
    expected: str | None = None
    hint: str | None = None
    note: str | None = None
    layers: tuple[LayerRow, ...] = ()
    marks: tuple[str, ...] = ()

    def shortened(self) -> Words:
        """Return the words as they are shown: they may quote a student's text that is long or broken."""
        note = None if self.note is None else self.note.encode("utf-8", "replace").decode("utf-8")
        return replace(self, seen=_short(self.seen), expected=_short(self.expected), hint=_short(self.hint), note=note)


NOTHING = Words()


def _short(text: str | None) -> str | None:
    """Shorten a sentence for display: it may quote a student's text that is long or broken."""
    if text is None:
        return None
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return clean if len(clean) <= LENGTH else clean[: LENGTH - 1] + "…"


def _joined(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


def result(
    spec: CheckSpec, status: Status, words: Words = NOTHING, *, blocked_by: str | None = None,
    basis: Basis | None = None, evidence: Evidence | None = None, bounds: Mapping[str, Bound] | None = None,
) -> CheckResult:
    """Return the result of a check with the points of its status: all, none, or None while withheld."""
    earned = None if status.withheld else spec.points if status is Status.PASSED else 0.0
    return CheckResult(
        id=spec.id, task=spec.task, title=spec.title, points=spec.points, earned=earned, status=status,
        basis=basis or spec.basis, minimum=spec.minimum, seen=words.seen, expected=words.expected,
        hint=words.hint, blocked_by=blocked_by, staff_note=words.note, bounds=dict(bounds or {}),
        layers=words.layers, evidence=words.marks,
        measured={metric: value for metric, value in (evidence.measured if evidence else {}).items()
                  if math.isfinite(value)}, constants=dict(evidence.constants if evidence else {}),
    )


def all_errored(specs: Sequence[CheckSpec], note: str) -> tuple[CheckResult, ...]:
    """Return the results for a submission that the grader could not judge through a fault of its own."""
    return tuple(result(spec, Status.ERRORED, Words(seen=WITHHELD, note=note)) for spec in specs)


class Verdicts:
    """The results so far, by check; `decide_without_run` handles checks that need no run."""

    def __init__(self, specs: Sequence[CheckSpec], request: JudgeRequest | None) -> None:
        self._specs = tuple(specs)
        self._request = request
        self._results: dict[str, CheckResult] = {}
        self._consequences: list[CheckSpec] = []

    def add(
        self, spec: CheckSpec, status: Status, words: Words = NOTHING, *, evidence: Evidence | None = None,
        bounds: Mapping[str, Bound] | None = None,
    ) -> None:
        """Record an outcome. A later error of the same check, e.g. in a fixture's teardown, can only withhold."""
        if status is Status.ERRORED:
            words = replace(words, seen=WITHHELD)
        doubt = self._request.doubts.get(spec.task) if self._request else None
        starved = self._starved(spec)
        if status is Status.FAILED and starved:
            status = Status.ERRORED
            words = Words(seen=starved, note=_joined(f"It would have failed: {words.seen}", words.note))
        if status is Status.FAILED and doubt:
            status = Status.UNJUDGED
            words = Words(seen=doubt, note=_joined(f"It would have failed: {words.seen}", words.expected, words.note))
        if status is Status.PASSED and self._is_given(evidence):
            status, words = Status.FAILED, replace(words, seen=GIVEN)
        basis = spec.basis
        if evidence is not None and spec.basis is Basis.MEASURED and evidence.claims:
            basis = Basis.CLAIMED
            audit = f"declared measured, but these assertions repeat claims: {', '.join(evidence.claims)}"
            words = replace(words, note=f"{words.note}; {audit}" if words.note else audit)
        self._results[spec.id] = result(spec, status, words.shortened(), basis=basis, bounds=bounds,
                                        evidence=evidence)

    def _is_given(self, evidence: Evidence | None) -> bool:
        """Whether a check tests compile settings in a run to which the grader gave them."""
        return bool(self._request and self._request.settings_given and evidence
                    and COMPILED & set(evidence.claims))

    def decide_without_run(self, spec: CheckSpec) -> bool:
        """Record the outcome of a check that must not run, and return whether it is one.

        Its task was not reached, or a check that it needs did not pass.
        """
        decided = self._by_slot(spec) or self._by_needs(spec)
        if decided is not None:
            self._results[spec.id] = decided
        return decided is not None

    def _by_slot(self, spec: CheckSpec) -> CheckResult | None:
        request = self._request
        if request is None:
            return None
        if request.slots.get(spec.task) is SlotStatus.UNMATCHED:
            return result(spec, Status.UNMATCHED, Words(seen=UNMATCHED))
        if spec.task not in request.reached:
            starved = self._starved(spec)
            if starved:
                return result(spec, Status.ERRORED, Words(seen=starved, note=request.ended))
            return result(spec, Status.NOT_REACHED, Words(seen=request.ended or NOT_REACHED))
        return None

    def _starved(self, spec: CheckSpec) -> str | None:
        """Return why nothing can be lost in a task: its run was not given its time. A blank answer needs none."""
        request = self._request
        if request is None or request.slots.get(spec.task) is SlotStatus.BLANK:
            return None
        return request.starved.get(spec.task)

    def _by_needs(self, spec: CheckSpec) -> CheckResult | None:
        needs = [self._results[need] for need in spec.needs]
        lost = next((need for need in needs if not need.status.withheld and need.status is not Status.PASSED), None)
        if lost is not None and self._request and self._request.slots.get(spec.task) is SlotStatus.BLANK:
            return result(spec, Status.FAILED, Words(seen=BLANK))
        if lost is not None:
            cause = self._request.causes.get(spec.task) if self._request else None
            return result(spec, Status.BLOCKED, Words(hint=_short(cause)), blocked_by=lost.blocked_by or lost.title)
        waiting = next((need for need in needs if need.status.withheld), None)
        if waiting is not None:
            return result(spec, Status.UNJUDGED, Words(seen=WAITING.format(title=waiting.title)))
        return None

    def follows_from_earlier(self, spec: CheckSpec) -> None:
        """Note that a check did not hold because something of an earlier step never happened.

        Once all results are known, the failed check of the earlier step blocks it; where none failed, it stays.
        """
        self._consequences.append(spec)

    def results(self) -> tuple[CheckResult, ...]:
        """Return one result per check, in the order in which they ran; a check without one is errored."""
        never = Words(seen=WITHHELD, note="the check never ended")
        blocked = {spec.id: found for spec in self._consequences if (found := self._blocked(spec)) is not None}
        return tuple(
            blocked.get(spec.id) or self._results.get(spec.id) or result(spec, Status.ERRORED, never)
            for spec in self._specs
        )

    def _blocked(self, spec: CheckSpec) -> CheckResult | None:
        """Return the result of a check that an earlier step blocks: the one whose cell stopped, else the last one with
        a failed check; None where no check of an earlier step failed.

        A withheld check stays withheld unless the cell that stopped is known: that no training was recorded is no
        evidence that none took place, and a failed check elsewhere does not make it so.
        """
        request = self._request
        if request is None or spec.task not in request.reached or request.slots.get(spec.task) is SlotStatus.BLANK:
            return None
        if self._starved(spec) or request.doubts.get(spec.task):
            return None
        earlier = request.reached[: request.reached.index(spec.task)]
        failed = [one for one in self._results.values() if one.status is Status.FAILED]
        steps = [task for task in earlier if any(one.task == task for one in failed)]
        origin = request.origins.get(spec.task)
        known = origin in steps
        if not steps or (self._results[spec.id].status.withheld and not known):
            return None
        step = origin if known else steps[-1]
        return result(spec, Status.BLOCKED, Words(hint=_short(request.causes.get(spec.task))),
                      blocked_by=next(one.title for one in failed if one.task == step))
