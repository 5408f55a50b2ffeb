"""Numbers of another variant in the answers: found by judging again, held where two fit one other student."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.checks import JudgeRequest
from autograder.model import Merged, Status
from autograder.notebook import Family, Size
from autograder.pipeline.grade.student_variant import NOT_YOURS
from autograder.pipeline.grade.typed_numbers import MOST_TRIES, is_evidence, typed_numbers
from autograder.pipeline.grade.variant_checks import judge_variant
from autograder.pipeline.session.session import Session
from autograder.pipeline.session.student_numbers import Draws, open_draws
from autograder.testing import ASSIGNMENT, SPECS, FakeCheckServer, make_merged, make_session
from tests.pipeline.session.test_student_numbers import CLASS, RANGES, released, with_variants

BY_NAME = {"double-values": "UNITS", "double-type": "EPOCHS"}
SIZED = tuple(spec.model_copy(update={"sized": spec.id in BY_NAME}) for spec in SPECS)


class Answers:
    """A check server whose checks pass where the typed numbers are the run's sizes."""

    def __init__(self, typed: Mapping[str, Size], *, total: Status = Status.PASSED) -> None:
        self.typed, self.total, self.requests = dict(typed), total, []  # type: ignore[var-annotated]

    def __call__(self, request: JudgeRequest) -> dict[str, Status]:
        self.requests.append(request)
        wrong = Status.UNJUDGED if request.doubts else Status.FAILED
        found = {check: wrong for check, name in BY_NAME.items() if self.typed.get(name) != request.sizes[name]}
        return found | ({} if self.total is Status.PASSED else {"total": self.total})


@pytest.fixture
def draws(tmp_path: Path) -> tuple[Session, Draws]:
    workspace = with_variants(tmp_path)
    found = open_draws(workspace, ASSIGNMENT, released(workspace))
    assert found is not None
    return make_session(workspace, specs=SIZED), found


def judged(session: Session, own: Mapping[str, Size], answers: Answers, *, held: bool = False) -> tuple[
        dict[str, Status], tuple[str, ...]]:
    session = replace(session, server=FakeCheckServer(SIZED, answers))
    merged: Merged = make_merged(session).model_copy(update={"drawn": dict(own), "held": held})
    request = JudgeRequest(artifacts=Path("/none"), sampling_key="00", reached=("double", "total"), sizes=dict(own))
    results, flags = judge_variant(session, merged, request)
    return {result.id: result.status for result in results}, flags


def test_own_numbers_are_judged_once(draws: tuple[Session, Draws]) -> None:
    session, found = draws
    answers = Answers(found.of("s1"))
    statuses, flags = judged(session, found.of("s1"), answers)
    assert set(statuses.values()) == {Status.PASSED} and flags == () and len(answers.requests) == 1


def test_two_numbers_of_one_other_student_are_held(draws: tuple[Session, Draws]) -> None:
    session, found = draws
    own = found.of("s1")
    other = next(student for student in CLASS if all(found.of(student)[name] != own[name] for name in own))
    statuses, flags = judged(session, own, Answers(found.of(other), total=Status.FAILED))
    assert statuses == {"double-values": Status.UNJUDGED, "double-type": Status.UNJUDGED, "total": Status.FAILED}
    assert len(flags) == 1 and other in flags[0] and "this student's are" in flags[0]


def test_one_other_number_is_a_slip(draws: tuple[Session, Draws]) -> None:
    session, found = draws
    own = found.of("s1")
    slip = next(number for number in RANGES["UNITS"] if number != own["UNITS"])
    statuses, flags = judged(session, own, Answers({**own, "UNITS": slip}))
    assert statuses["double-values"] is Status.FAILED and statuses["double-type"] is Status.PASSED and flags == ()


def test_numbers_outside_the_ranges_are_a_mistake(draws: tuple[Session, Draws]) -> None:
    session, found = draws
    statuses, flags = judged(session, found.of("s1"), Answers({"UNITS": 512, "EPOCHS": 1}))
    assert statuses["double-values"] is statuses["double-type"] is Status.FAILED and flags == ()


def test_work_from_anothers_file_is_held_even_where_it_passes(draws: tuple[Session, Draws]) -> None:
    session, found = draws
    statuses, flags = judged(session, found.of("s1"), Answers(found.of("s1")), held=True)
    assert statuses == {"double-values": Status.UNJUDGED, "double-type": Status.UNJUDGED, "total": Status.PASSED}
    assert flags == ()


def test_all_points_are_held_where_no_check_reads_the_sizes(draws: tuple[Session, Draws]) -> None:
    session, found = draws
    server = FakeCheckServer(SPECS)
    merged = make_merged(session).model_copy(update={"drawn": found.of("s1"), "held": True})
    request = JudgeRequest(artifacts=Path("/none"), sampling_key="00", reached=("double", "total"))
    results, _ = judge_variant(replace(session, specs=SPECS, server=server), merged, request)
    assert {(result.status, result.earned, result.seen) for result in results} == {(Status.UNJUDGED, None, NOT_YOURS)}


def test_the_search_is_bounded_and_one_name_can_be_enough() -> None:
    wide = Family(draw={"UNITS": tuple(range(1_000))}, secret="0" * 16)
    tries: list[JudgeRequest] = []

    def judge(request: JudgeRequest) -> tuple[()]:
        tries.append(request)
        return ()

    request = JudgeRequest(artifacts=Path("/none"), sampling_key="00", reached=(), sizes={"UNITS": 5})
    assert typed_numbers(judge, request, wide, {"double-values"}) == {} and len(tries) == MOST_TRIES
    assert is_evidence({"UNITS": 7}, wide) and not is_evidence({}, wide)


def test_checks_that_take_long_are_not_tried_for_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = Family(draw={"UNITS": tuple(range(1_000))}, secret="0" * 16)
    now = [0.0]
    monkeypatch.setattr("autograder.pipeline.grade.typed_numbers.time.monotonic", lambda: now[0])

    def judge(request: JudgeRequest) -> tuple[()]:
        now[0] += 25.0
        return ()

    request = JudgeRequest(artifacts=Path("/none"), sampling_key="00", reached=(), sizes={"UNITS": 5})
    assert typed_numbers(judge, request, wide, {"double-values"}) == {}
    assert now[0] == 75.0, "nothing is tried any more after a minute"
