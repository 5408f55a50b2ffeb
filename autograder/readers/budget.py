"""What reading one thing may cost."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from autograder.model.base import Value

WALL: Final = 5.0
"""Seconds on the clock for each second of processor time: on a busy machine an honest notebook only waits longer."""


class Budget(Value):
    """Limits of one step. Processor time decides; the clock only ends what waits for ever."""

    seconds: float = Field(20.0, gt=0, description="processor time")
    memory_mib: int = Field(4096, ge=64, description="address space, what the warm process holds included")
    file_mib: int = Field(64, ge=1, description="the largest file that the step may write")
    answer_mib: int = Field(48, ge=1, description="the JSON that it may answer with")

    @property
    def wall(self) -> float:
        """Seconds on the clock."""
        return self.seconds * WALL
