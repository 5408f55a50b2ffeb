"""What was handed in, and how it was merged into its release."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from autograder.model.base import Value


class SlotStatus(StrEnum):
    """What the slot of a task contains."""

    ANSWERED = "answered"
    BLANK = "blank"            # still the template, or nothing
    UNMATCHED = "unmatched"    # it is unclear which of the student's cells answer the task


class Slot(Value):
    """All student code between the preceding locked cell and the task's test cell."""

    task: str
    kind: Literal["code", "written"]
    status: SlotStatus
    matched_by: Literal["id", "alignment", "none"]
    cells: tuple[int, ...] = Field((), description="indices in the merged notebook")


class Merged(Value):
    """A submission merged into its release: locked and test cells are the release's, answers the student's."""

    notebook: dict[str, Any] = Field(description="nbformat 4 JSON, outputs empty")
    release: str = Field(description="version of the release it was merged with")
    slots: tuple[Slot, ...]
    notes: tuple[str, ...] = Field((), description="sentences for the student: restored cells, answers kept next to "
                                                   "them")
    staff_flags: tuple[str, ...] = ()
    receipt_notes: tuple[str, ...] = Field((), description="those of the notes that the receipt repeats")
    doubts: dict[str, str] = Field(default_factory=dict, description=(
        "task → one sentence why a check that fails there proves nothing: its points are withheld"))
    drawn: dict[str, int | float] = Field(default_factory=dict, description=(
        "numbers drawn for this student, already in the sizes cell; empty where all students have the same"))
    held: bool = Field(False, description="it was made from another variant: a person decides the points that depend "
                                          "on the drawn numbers")

    def slot(self, task: str) -> Slot:
        """Return the slot of a task.

        Raises:
            KeyError: the release has no such task.
        """
        for slot in self.slots:
            if slot.task == task:
                return slot
        raise KeyError(task)


class TimeSource(StrEnum):
    """The source of the submission time, most reliable first."""

    NAME = "name"              # the platform wrote it into the file's or folder's name
    METADATA = "metadata"      # the platform's own list of submissions
    TIMESTAMP = "timestamp"    # timestamp.txt as nbgrader and Sakai write it
    ZIP_UTC = "zip-utc"        # a field of the archive with UTC
    ZIP_LOCAL = "zip-local"    # an archive's local time, read in the zone of the due date
    FILE = "file"              # when the file on disk was last changed
    COLLECTED = "collected"    # no time was given: when `autograder collect` ran

    @property
    def is_hand_in(self) -> bool:
        """Whether this is when the work was handed in, not when a file was changed or packed."""
        return self in (TimeSource.NAME, TimeSource.METADATA, TimeSource.TIMESTAMP)


class Receipt(Value):
    """A student's proof of submission."""

    student: str
    assignment: str
    accepted: bool
    reason: str | None = Field(None, description="one sentence when refused")
    source: str = Field(description="original name of the file")
    received_at: str = Field(description="UTC, ISO 8601: when it was handed in, else when it was collected")
    sha256: str
    release: str | None = None
    answered: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    supersedes: str | None = Field(None, description="SHA-256 of the earlier upload, which is kept")
    attempt: int | None = Field(None, description="which of the student's attempts this is; None: it does not use one")
    attempts: int | None = Field(None, description="how many were allowed then; None: any number")
    attempt_note: str | None = Field(None, description="the same for the student: 'attempt 3 of 5'")
    counts: bool = Field(True, description="False: kept in .uploads, but another upload is graded")
    matches: bool = Field(True, description="the notebook has this assignment's cells or metadata")
    time_from: TimeSource | None = Field(None, description="where received_at comes from; None: not recorded")
    time_confirmed: bool = Field(False, description="a person confirmed that this is the submission time "
                                                    "(--times-from)")
    marked_late: bool = Field(False, description="the platform itself marked the upload as late")
    file_number: int = Field(0, description="the platform's number of the file, higher for later uploads; 0: none")
    claimed_as: str | None = Field(None, description="the owner according to the platform, such as 'Canvas: 1234'")
    flags: tuple[str, ...] = Field((), description="sentences for staff")

    @property
    def time_can_cost(self) -> bool:
        """Whether ``received_at`` may cause a late penalty, which the time of an archive or file never may."""
        return self.time_confirmed or (self.time_from is not None and self.time_from.is_hand_in)
