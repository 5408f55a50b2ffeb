"""What was handed in, and how it was fitted into its release."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from autograder.model.base import Value


class SlotStatus(StrEnum):
    """What stands in the slot of a task."""

    ANSWERED = "answered"
    BLANK = "blank"            # still the template, or nothing
    UNMATCHED = "unmatched"    # it cannot be said which of the student's cells answer the task


class Slot(Value):
    """All student code between the preceding locked cell and the task's test cell."""

    task: str
    kind: Literal["code", "written"]
    status: SlotStatus
    matched_by: Literal["id", "alignment", "none"]
    cells: tuple[int, ...] = Field((), description="indices in the merged notebook")


class Merged(Value):
    """A submission fitted into its release: locked and test cells are the release's, answers the student's."""

    notebook: dict[str, Any] = Field(description="nbformat 4 JSON, outputs empty")
    release: str = Field(description="version of the release it was merged against")
    slots: tuple[Slot, ...]
    notes: tuple[str, ...] = Field((), description="sentences for the student: restored cells, answers kept beside")
    staff_flags: tuple[str, ...] = ()

    def slot(self, task: str) -> Slot:
        """Return the slot of a task.

        Raises:
            KeyError: the release has no such task.
        """
        for slot in self.slots:
            if slot.task == task:
                return slot
        raise KeyError(task)


class Receipt(Value):
    """What a student may keep as proof of a hand-in."""

    student: str
    assignment: str
    accepted: bool
    reason: str | None = Field(None, description="one sentence when refused")
    source: str = Field(description="name of the file as it came")
    received_at: str = Field(description="UTC, ISO 8601: when it was handed in, else when it was collected")
    sha256: str
    release: str | None = None
    answered: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    supersedes: str | None = Field(None, description="SHA-256 of the earlier upload, which is kept")
