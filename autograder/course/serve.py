"""What ``course.yml`` says about the service of a JupyterHub."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from autograder.model import Value


class ServeRule(Value):
    """Who is staff on the pages of `autograder serve`, and how often a student may hand in there."""

    model_config = ConfigDict(strict=True)

    staff: tuple[str, ...] = Field(default=(), description="names of users of the hub who see the pages of everybody")
    staff_groups: tuple[str, ...] = Field(default=(), description="groups of the hub whose members see them too")
    uploads_per_hour: int = Field(default=30, ge=1, le=10_000, description="uploads of one student within an hour; "
                                  "the next one is refused, and can be handed in later")
