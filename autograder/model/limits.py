"""What one submission may use."""

from __future__ import annotations

from pydantic import Field

from autograder.model.base import Value


class Limits(Value):
    """Resource limits of one submission; sizes in mebibytes, times in seconds of wall time."""

    cell_seconds: float = Field(120.0, gt=0, le=24 * 3600)
    notebook_seconds: float = Field(600.0, gt=0, le=24 * 3600)
    memory_mib: int = Field(2048, ge=64, description="private memory beyond that of the warm process")
    processes: int = Field(64, ge=1, description="processes and threads together")
    disk_mib: int = Field(256, ge=1, description="scratch folder, all files together")
    files: int = Field(10_000, ge=16, description="files and folders in the scratch folder")
    output_mib: int = Field(8, ge=1, description="outputs of all cells together; the rest is dropped, with a note")
    open_files: int = Field(256, ge=32)
    threads: int = Field(1, ge=1, description="threads that the backend may compute with")
