"""What ``course.yml`` says about grading submissions as they arrive."""

from __future__ import annotations

from pydantic import Field

from autograder.model import Value


class WatchRule(Value):
    """How `autograder watch` shares the machine among students."""

    per_hour: int | None = Field(default=None, ge=1, le=10_000, description="submissions of one student that are "
                                 "graded within an hour; later ones wait, and only the newest of them is graded; left "
                                 "out: any number")
