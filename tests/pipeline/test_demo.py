"""The order in which the demo's class is graded."""

from __future__ import annotations

from autograder.pipeline.demo import CLASS

LONG = {"endless_loop", "memory_hog"}


def test_what_runs_out_of_time_or_memory_begins_first() -> None:
    """Submissions are graded by the name of the student, and nothing may wait for these at the end."""
    assert {CLASS[student] for student in sorted(CLASS)[: len(LONG)]} == LONG
