"""Who needs a person, and why. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from autograder.feedback import words
from autograder.feedback.report.class_report import Kind, Need
from autograder.feedback.report.material import Material, checks_of
from autograder.grades import Grade, State
from autograder.model import CheckResult, Ending, MetricSpread, Receipt, Result, Status

DISTURBED = (
    "written to outside of a checkpoint", "changed after the grader had taken them",
    "wrote into the checkpoint", "Nothing was written at the checkpoint", "said that it was done before its last cell",
)
"""Phrases of the sentences in which the supervisor reports that recording was disturbed."""
REPLACED = re.compile(r"not Keras's own|Keras's loop ran|more than one checkpoint")
CLAIMED = re.compile(r"the resulting model reaches|the optimizer counted|left all weights as they were|"
                     r"cannot be repeated to see why|could not be trained again|does not explain this model|"
                     r"It could not be checked whether its trainings")
"""The same for records of trainings that contradict what was measured."""
_STATES = {State.REFUSED: Kind.REFUSED, State.FAILED: Kind.FAILED, State.QUEUED: Kind.QUEUED,
           State.WAITING: Kind.WAITING}
_CHECKS = {Status.ERRORED: Kind.ERRORED, Status.UNJUDGED: Kind.WITHHELD, Status.UNMATCHED: Kind.UNMATCHED}


def list_needs(material: Material) -> tuple[Need, ...]:
    """Return every reason of every submission, by kind and then by student; excused students have none."""
    found = [need for grade in material.grades if grade.state is not State.EXCUSED
             for need in _needs(material, grade)]
    order = list(Kind)
    return tuple(sorted(dict.fromkeys((*found, *material.extra)), key=lambda need: order.index(need.kind)))


def _needs(material: Material, grade: Grade) -> Iterator[Need]:
    result, receipt = material.results.get(grade.student), material.receipts.get(grade.student)
    yield from _of_state(grade)
    if grade.state is State.GRADED:
        yield from _of_grade(grade)
        if receipt is not None:
            yield from _of_attempts(grade, receipt)
        if result is not None:
            yield from _of_checks(result)
            yield from _of_run(result)
            yield from _near(material, result)
    if result is not None:
        yield from _of_flags(result)


def _again(assignment: str, student: str, *more: str) -> str:
    return shlex.join(["autograder", "grade", assignment, "--student", student, *more])


def _of_state(grade: Grade) -> Iterator[Need]:
    kind = _STATES.get(grade.state)
    if kind is None:
        return
    command = (f"autograder collect SOURCE --assignment {shlex.quote(grade.assignment)}"
               if kind is Kind.REFUSED else _again(grade.assignment, grade.student))
    yield Need(kind=kind, student=grade.student, says=grade.message or kind.value, command=command)


def _of_grade(grade: Grade) -> Iterator[Need]:
    for task in grade.tasks:
        if task.held is not None:
            yield Need(kind=Kind.HELD, student=grade.student, says=(
                f"{task.title}: graded again it has {words.points(task.automatic or 0.0)}, "
                f"{words.number(task.held)} count."))
    unread = [task for task in grade.tasks if task.written and task.open]
    if unread:
        says = ", ".join(task.title for task in unread)
        yield Need(kind=Kind.WRITTEN, student=grade.student,
                   says=f"{says} ({words.points(sum(task.points for task in unread))})",
                   command=f"autograder review {shlex.quote(grade.assignment)}")


def _of_attempts(grade: Grade, receipt: Receipt) -> Iterator[Need]:
    if receipt.attempt is None or receipt.attempts is None or receipt.attempt < receipt.attempts:
        return
    if grade.total < grade.max_points:
        yield Need(kind=Kind.ATTEMPTS, student=grade.student,
                   says=f"Attempt {receipt.attempt} of {receipt.attempts}, {words.scored(grade)}.")


def _of_checks(result: Result) -> Iterator[Need]:
    for check in checks_of(result):
        kind = _CHECKS.get(check.status)
        if kind is None:
            continue
        why = check.staff_note or check.seen or check.status.value
        command = _again(result.assignment, result.student) if kind is Kind.ERRORED else None
        yield Need(kind=_kind_of_words(why) or kind, student=result.student, says=f"{check.id}: {why}", command=command)


def _of_run(result: Result) -> Iterator[Need]:
    execution = result.execution
    if execution is None:
        return
    notes = words.stops(execution)
    if notes or execution.ending is not Ending.COMPLETED:
        missed = sum(check.status is Status.NOT_REACHED for check in checks_of(result))
        after = f" {missed} checks were not reached." if missed else ""
        yield Need(kind=Kind.STOPPED, student=result.student, says=" ".join(notes) + after,
                   command=_again(result.assignment, result.student, "--force"))


def _of_flags(result: Result) -> Iterator[Need]:
    stopped = "The run did not finish."
    trained = [refit.sentence for refit in result.refits if refit.contradicts]
    for flag in dict.fromkeys((*result.staff_flags, *trained)):
        if flag.startswith(stopped) or flag == result.message:
            continue  # said above
        kind = Kind.CLAIMS if flag in trained else _kind_of_words(flag) or Kind.NOTE
        command = shlex.join(["autograder", "refit", result.assignment, "--student", result.student])
        yield Need(kind=kind, student=result.student, says=flag, command=command if kind is Kind.CLAIMS else None)


def _kind_of_words(sentence: str) -> Kind | None:
    if any(phrase in sentence for phrase in DISTURBED) or REPLACED.search(sentence):
        return Kind.PATCHED
    return Kind.CLAIMS if CLAIMED.search(sentence) else None


def _near(material: Material, result: Result) -> Iterator[Need]:
    """Yield accuracies within one deviation of correct runs from their bound: another seed may decide otherwise."""
    calibration = material.calibration(result)
    for metric, value in material.measured.get(result.student, {}).items():
        spread = calibration.metrics.get(metric) if calibration else None
        bound = _nearest_bound(spread, value) if spread else None
        if spread is None or bound is None or abs(value - bound) > spread.deviation:
            continue
        outcome = _outcome(result, metric, spread)
        yield Need(
            kind=Kind.NEAR, student=result.student,
            says=f"{metric}: {value:.4f}, the bound is {bound:.4f} (correct runs: {spread.mean:.4f} ± "
                 f"{spread.deviation:.4f}){outcome}.",
            command=shlex.join(["autograder", "refit", result.assignment, "--student", result.student, "--all"]))


def _nearest_bound(spread: MetricSpread, value: float) -> float | None:
    bounds = [bound for bound in (spread.minimum, spread.maximum) if bound is not None]
    return min(bounds, key=lambda bound: abs(value - bound), default=None)


def _outcome(result: Result, metric: str, spread: MetricSpread) -> str:
    checks = [check for check in checks_of(result) if _judges(check, metric, spread)]
    return "".join(f"; {check.id}: {words.STATUS[check.status][1]}" for check in checks)


def _judges(check: CheckResult, metric: str, spread: MetricSpread) -> bool:
    return check.id == spread.check or (check.minimum and metric.split("/")[0] == check.task)
