"""Judges work that may have been made from another variant: what depends on the drawn numbers is left to a person."""

from __future__ import annotations

from autograder.checks import JudgeRequest
from autograder.model import CheckResult, Merged, Status
from autograder.notebook import Size
from autograder.pipeline.grade.student_variant import NOT_YOURS, doubts_of, is_held, shown, whose_numbers
from autograder.pipeline.grade.typed_numbers import failed_by_size, is_evidence, typed_numbers
from autograder.pipeline.session.session import Session
from autograder.pipeline.session.student_numbers import draws_of_version

Judged = tuple[tuple[CheckResult, ...], tuple[str, ...]]


def judge_variant(session: Session, merged: Merged, request: JudgeRequest) -> Judged:
    """Return the results of the hidden checks, and sentences for staff.

    Points that depend on the drawn numbers are withheld where the work was made from another student's: they are
    neither lost nor earned before a person has looked.
    """
    if not merged.drawn or merged.held:
        return (_withhold(session, request) if merged.held else session.server.judge(request)), ()
    results = session.server.judge(request)
    failed = failed_by_size(results, {spec.id for spec in session.specs if spec.sized})
    flag = _whose(session, merged, request, failed) if failed else None
    return (results, ()) if flag is None else (_withhold(session, request), (flag,))


def _whose(session: Session, merged: Merged, request: JudgeRequest, failed: frozenset[str]) -> str | None:
    """Return one sentence that names whose numbers were typed into the answers, None where there is no evidence."""
    draws = draws_of_version(session.workspace, session.assignment.id, merged.release)
    if draws is None:
        return None
    found: dict[str, Size] = typed_numbers(session.server.judge, request, draws.family, failed)
    others = draws.with_numbers(found) if is_evidence(found, draws.family) else ()
    if not others:
        return None
    own = {name: merged.drawn[name] for name in found}
    return f"The answers have {shown(found)}; this student's are {shown(own)}. {whose_numbers(others)}"


def _withhold(session: Session, request: JudgeRequest) -> tuple[CheckResult, ...]:
    """Return the results with all points withheld that depend on the drawn numbers."""
    doubts = {**doubts_of(session.specs), **request.doubts}
    results = session.server.judge(request.model_copy(update={"doubts": doubts}))
    held = {spec.id for spec in session.specs if is_held(spec, session.specs)}
    return tuple(_withheld(result) if result.id in held and result.status is Status.PASSED else result
                 for result in results)


def _withheld(result: CheckResult) -> CheckResult:
    """Return a check that passed with the student's own numbers, although the work was made from another's."""
    return result.model_copy(update={
        "status": Status.UNJUDGED, "earned": None, "seen": NOT_YOURS,
        "staff_note": "passed with this student's own numbers when the notebook was run again"})
