"""`autograder push --lti` against a platform that is as strict as the specification allows."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from click.testing import CliRunner

from autograder.cli import cli
from autograder.errors import CourseError, PlatformError
from autograder.grades import State
from autograder.pipeline.push import Pushed, PushOptions, push_scores
from autograder.testing import ASSIGNMENT
from autograder.workspace.file_names import LTI_STATE
from autograder.workspace.progress import Silent
from tests.lti.conftest import World, grade
from tests.support.ags_service import SCORE, member


def push(world: World, **options: Any) -> Pushed:
    return push_scores(world.room, (), PushOptions(**options), Silent())


def outcomes(pushed: Pushed) -> dict[str, str]:
    return {one.student: one.outcome for one in pushed.deliveries}


def test_scores_arrive_and_nothing_that_waits_is_a_zero(world: World) -> None:
    world.platform.add_column(ASSIGNMENT, 5)
    world.grades[0] = grade("ada", 4.0, comment="Well <b>done</b>")
    pushed = push(world)
    assert outcomes(pushed) == dict.fromkeys(("ada", "ben", "cy"), "sent") and pushed.complete
    (ada,), (ben,), (cy,) = (world.platform.of(user) for user in ("u-ada", "u-ben", "u-cy"))
    assert (ada["scoreGiven"], ada["scoreMaximum"], ada["gradingProgress"]) == (4.0, 5.0, "FullyGraded")
    assert ada["comment"] == "4 of 5 points\nStep double: Well ‹b›done‹/b›"
    assert "scoreGiven" not in ben and ben["gradingProgress"] == "PendingManual"
    assert "5 points wait for a person and are not lost" in ben["comment"]
    assert cy["scoreGiven"] == 0.0 and cy["gradingProgress"] == "FullyGraded"
    assert not [body for _, body in world.platform.scores if body["userId"] == "u-teacher"]


def test_a_second_push_sends_only_what_changed_and_dates_it_later(world: World) -> None:
    world.platform.add_column(ASSIGNMENT, 5)
    push(world)
    assert set(outcomes(push(world)).values()) == {"unchanged"} and len(world.platform.scores) == 3
    world.grades[1] = grade("ben", 2.5)
    assert outcomes(push(world)) == {"ada": "unchanged", "ben": "sent", "cy": "unchanged"}
    first, second = world.platform.of("u-ben")
    assert second["scoreGiven"] == 2.5 and second["timestamp"] > first["timestamp"]


def test_times_increase_even_where_the_clock_is_set_back(world: World) -> None:
    from datetime import UTC, datetime

    world.platform.add_column(ASSIGNMENT, 5)
    for year, points in ((2031, 1.0), (2030, 2.0), (2030, 3.0)):
        world.grades[:] = [grade("ada", points)]
        moment = datetime(year, 1, 1, tzinfo=UTC)
        pushed = push_scores(world.room, (), PushOptions(), Silent(), clock=lambda moment=moment: moment)
        assert outcomes(pushed) == {"ada": "sent"}
    assert [one["timestamp"] for one in world.platform.of("u-ada")] == [
        "2031-01-01T00:00:00.000Z", "2031-01-01T00:00:00.001Z", "2031-01-01T00:00:00.002Z"]


@pytest.mark.parametrize("content", [None, b"{", b'{"schema_version": 99}', b"[" * 5000])
def test_a_lost_or_damaged_state_sends_everything_once_more(world: World, content: bytes | None) -> None:
    world.platform.add_column(ASSIGNMENT, 5)
    push(world)
    state = world.room.output / LTI_STATE
    if content is None:
        state.unlink()
    else:
        state.write_bytes(content)
    assert set(outcomes(push(world)).values()) == {"sent"}
    assert set(outcomes(push(world)).values()) == {"unchanged"}


@pytest.mark.parametrize("state, words", [
    (State.MISSING, "nothing was handed in"), (State.WAITING, "not graded yet"), (State.QUEUED, "not graded yet"),
    (State.FAILED, "not graded yet"), (State.EXCUSED, "excused"),
])
def test_what_has_no_grade_is_named_and_not_sent(world: World, state: State, words: str) -> None:
    world.platform.add_column(ASSIGNMENT, 5)
    world.grades[:] = [grade("ada", 5.0, state=state)]
    pushed = push(world)
    assert not world.platform.scores and any("ada" in note and words in note for note in pushed.notes)


def test_refused_work_waits_for_a_person(world: World) -> None:
    world.platform.add_column(ASSIGNMENT, 5)
    world.grades[:] = [grade("ada", None, state=State.REFUSED, message="This is no notebook.")]
    push(world)
    (sent,) = world.platform.of("u-ada")
    assert "scoreGiven" not in sent and sent["gradingProgress"] == "PendingManual"
    assert sent["comment"] == "This is no notebook."


def test_a_column_is_found_by_its_resource_and_never_by_its_name(world: World) -> None:
    world.platform.add_column("other", 5, label="Two arrays")
    pushed = push(world)
    assert not pushed.complete and "add --create" in pushed.failures[0] and "Two arrays" in pushed.failures[0]
    pushed = push(world, create=True)
    assert pushed.complete and world.platform.columns[-1]["resourceId"] == ASSIGNMENT
    assert world.platform.columns[-1]["scoreMaximum"] == 5
    push(world, create=True)
    assert len(world.platform.columns) == 2, "a column is created once"
    world.platform.add_column(ASSIGNMENT, 10)
    assert "there are 2" in push(world).failures[0]


def test_a_dry_run_reads_and_sends_nothing(world: World) -> None:
    pushed = push(world, create=True, dry_run=True)
    assert set(outcomes(pushed).values()) == {"planned"} and any("would be created" in note for note in pushed.notes)
    assert {path for method, path in world.platform.requests if method == "POST"} == {"/token"}
    assert not (world.room.output / LTI_STATE).exists()


def test_only_the_named_students(world: World) -> None:
    world.platform.add_column(ASSIGNMENT, 10)
    pushed = push(world, students=("cy",))
    assert outcomes(pushed) == {"cy": "sent"}
    assert any("out of 10 points" in note for note in pushed.notes)


def test_one_failure_is_named_and_the_rest_is_sent(world: World) -> None:
    world.platform.add_column(ASSIGNMENT, 5)
    count = iter(range(100))
    world.platform.before = lambda method, path: (
        (403, {"error": "left the course"}, {}) if path.endswith("/scores") and next(count) == 0 else None)
    pushed = push(world)
    assert outcomes(pushed) == {"ada": "failed", "ben": "sent", "cy": "sent"}
    assert "403 (left the course)" in pushed.deliveries[0].reason
    assert outcomes(push(world)) == {"ada": "sent", "ben": "unchanged", "cy": "unchanged"}


def test_a_busy_platform_is_asked_again_after_the_pause_that_it_names(world: World) -> None:
    world.platform.add_column(ASSIGNMENT, 5)
    answers = iter([(429, {}, {"Retry-After": "7"}), (503, {}, {"Retry-After": "99999"}), (500, {}, {})])
    world.platform.before = lambda method, path: next(answers, None) if path.endswith("/scores") else None
    assert push(world).complete
    assert world.pauses == [7.0, 60.0, 4.0]
    assert len({one["timestamp"] for one in world.platform.of("u-ada")}) == 1


def test_a_platform_that_fails_for_good_is_left_alone(world: World) -> None:
    world.platform.add_column(ASSIGNMENT, 5)
    world.grades[:] = [grade(name) for name in ("ada", "ben", "cy", "dora", "eve")]
    world.platform.members += [member("u-dora", source="dora"), member("u-eve", source="eve")]
    world.platform.before = lambda method, path: (500, {}, {}) if path.endswith("/scores") else None
    pushed = push(world)
    assert [one.reason.startswith("not tried") for one in pushed.deliveries] == [False] * 3 + [True] * 2
    assert sum(path.partition("?")[0].endswith("/scores") for _, path in world.platform.requests) == 3 * 4
    world.platform.before = None
    assert push(world).complete


def test_a_token_that_ends_early_is_replaced(world: World) -> None:
    world.platform.add_column(ASSIGNMENT, 5)

    def forget(method: str, path: str) -> None:
        if path.endswith("/scores") and not world.platform.scores and len(world.platform.used) == 1:
            world.platform.tokens.clear()

    world.platform.before = forget
    assert push(world).complete and len(world.platform.used) == 2


def test_what_the_platform_does_not_allow_is_named(world: World) -> None:
    world.platform.refused_scopes = {SCORE}
    with pytest.raises(PlatformError, match=r"did not allow .*scope/score"):
        push(world)


def test_the_token_is_in_no_message_state_or_log(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.chdir(world.room.root)
    world.platform.add_column(ASSIGNMENT, 5)

    def repeat(method: str, path: str) -> Any:
        token = next(iter(world.platform.tokens), "")
        return (400, {"error": f"bad token {token}"}, {}) if path.endswith("/scores") else None

    world.platform.before = repeat
    said = CliRunner().invoke(cli, ["--debug", "push", "--lti", "--json"], standalone_mode=False, obj={})
    (token,) = world.platform.tokens
    assert said.return_value == 10 and "answered 400" in said.output
    for text in (said.output, said.stderr, caplog.text, (world.room.output / LTI_STATE).read_text()):
        assert token not in text and "eyJ" not in text


def test_the_command_prints_what_became_of_each_score(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(world.room.root)
    world.platform.add_column(ASSIGNMENT, 5)
    dry = CliRunner().invoke(cli, ["push", "--lti", "--dry-run"], standalone_mode=False, obj={})
    assert "ada small: 4 of 5 (FullyGraded)" in dry.stdout and "ben small: no score yet" in dry.stdout
    done = CliRunner().invoke(cli, ["push", "--lti", ASSIGNMENT, "--json"], standalone_mode=False, obj={})
    document = json.loads(done.stdout)
    assert done.return_value == 0 and document["complete"] and not document["dry_run"]
    assert {one["student"]: one["score"] for one in document["scores"]} == {"ada": 4.0, "ben": None, "cy": 0.0}
    assert CliRunner().invoke(cli, ["push"], obj={}).exit_code == 2, "the way has to be named"


def test_a_course_without_a_platform_says_what_to_write(world: World) -> None:
    room = world.room
    bare = type(room)(root=room.root, output=room.output, course=room.course.model_copy(update={"lti": None}))
    with pytest.raises(CourseError, match=r"section `lti` in course\.yml"):
        push_scores(bare, (), PushOptions(), Silent())
