"""What Gradescope says of a submission, read leniently; results for staff and students."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.model import Execution, Isolation, Result
from autograder.model.job import Ending
from autograder.platforms.gradescope_metadata import Submission, read_metadata
from autograder.platforms.gradescope_results import NOT_GRADED, as_gradescope, beyond_attempts, refused
from autograder.platforms.platform_words import staff_lines


def result(isolation: Isolation = Isolation.FULL, **more: object) -> Result:
    return Result.model_validate({
        "student": "s", "assignment": "a", "status": "graded", "score": 1, "max_score": 2,
        "execution": Execution(ending=Ending.COMPLETED, isolation=isolation), **more})


@pytest.mark.parametrize("content", [
    "", "{", "[]", "3", '{"previous_submissions": 3}', '{"users": [1], "created_at": 7}',
    '{"assignment": {"due_date": "never"}, "created_at": "2029-01-01T00:00:00Z"}',
    '{"assignment": {"due_date": "2029-01-01"}, "created_at": "2029-01-05T00:00:00Z"}',
])
def test_what_is_missing_decides_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "m.json").write_text(content)
    assert read_metadata(tmp_path / "m.json") == read_metadata(tmp_path / "none.json") == Submission()


def test_attempts_and_the_own_deadline_are_read(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(json.dumps({
        "created_at": "2029-01-03T00:00:01+00:00", "assignment": {"due_date": "2029-01-01T00:00:00+00:00"},
        "users": [{"id": 1, "assignment": {"due_date": "2029-01-02T00:00:00+00:00"}}],
        "previous_submissions": [{"submission_time": "2029-01-02", "results": {"score": 2}},
                                 {"submission_time": "2029-01-01", "results": {"score": 1}}]}))
    found = read_metadata(tmp_path / "m.json")
    assert (found.attempt, found.seconds_late) == (3, 86_401)
    assert [one["score"] for one in found.earlier] == [1, 2]
    shown = as_gradescope(result(), found)
    assert "(day 2)" in shown["output"] and shown["extra_data"]["attempt"] == 3


def test_without_earlier_results_an_attempt_too_many_is_not_a_zero() -> None:
    assert beyond_attempts(Submission(attempt=4), 3)["output"] == NOT_GRADED


def test_the_weaker_mode_is_in_every_result_for_staff_only() -> None:
    weak = result(Isolation.RESTRICTED)
    shown = as_gradescope(weak)
    assert shown["extra_data"]["isolation"] == "restricted" and "weaker mode" in shown["extra_data"]["weaker_mode"]
    assert "weaker mode" not in shown["output"] and any("weaker mode" in line for line in staff_lines(weak))
    assert "weaker_mode" not in as_gradescope(result())["extra_data"]


def test_a_students_words_are_no_markdown() -> None:
    shown = as_gradescope(result(merge_notes=("seen: ![x](http://a) <script>",)))
    assert "![" not in shown["output"] and "<script" not in shown["output"]


def test_an_upload_that_is_no_submission_gets_a_visible_sentence() -> None:
    assert refused("Submit one notebook.")["output"] == "Submit one notebook." and refused("x")["score"] == 0
