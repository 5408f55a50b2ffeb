"""The resources that one step of reading may use."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from autograder.model.base import Value

WALL: Final = 5.0
"""Seconds of wall time for each second of processor time: on a busy machine an honest notebook only waits longer."""


class Budget(Value):
    """Limits of one step. Processor time is the main limit; wall time only ends steps that wait forever."""

    seconds: float = Field(20.0, gt=0, description="processor time")
    memory_mib: int = Field(4096, ge=64, description="address space, including that of the warm process")
    file_mib: int = Field(64, ge=1, description="the largest file that the step may write")
    answer_mib: int = Field(48, ge=1, description="the size of its JSON answer")

    @property
    def wall(self) -> float:
        """Seconds of wall time."""
        return self.seconds * WALL
