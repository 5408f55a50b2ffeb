"""What one submission may use."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from autograder.model.base import Value

STRETCH: Final = 4.0
"""How many times its limit something may take on the clock, however busy the machine is.

Limits are twice what correct work takes, so with this it still ends where it gets an eighth of a core.
"""


class Limits(Value):
    """Resource limits of one submission; sizes in mebibytes, times in seconds.

    Time in which the machine was busy with other work while the submission waited for a processor does not count
    (`autograder.sandbox.fair_clock`); by the clock, nothing runs longer than `STRETCH` times its limit.
    """

    cell_seconds: float = Field(120.0, gt=0, le=24 * 3600)
    notebook_seconds: float = Field(600.0, gt=0, le=24 * 3600)
    memory_mib: int = Field(2048, ge=64, description="private memory beyond that of the warm process")
    processes: int = Field(64, ge=1, description="processes and threads together")
    disk_mib: int = Field(256, ge=1, description="scratch folder, all files together")
    files: int = Field(10_000, ge=16, description="files and folders in the scratch folder")
    output_mib: int = Field(8, ge=1, description="outputs of all cells together; the rest is dropped, with a note")
    open_files: int = Field(256, ge=32)
    threads: int = Field(1, ge=1, description="threads that the backend may compute with")

    @property
    def longest(self) -> float:
        """Seconds on the clock after which a notebook has been ended in any case."""
        return STRETCH * self.notebook_seconds
