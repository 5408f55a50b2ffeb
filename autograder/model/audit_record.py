"""What audits found, for whoever gets the course later: ``reference/<assignment>/audits.json``. Pure."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from autograder.model.base import Value


class RecordedAudit(Value):
    """One complete audit in its full form.

    Whether it is of what is there now, the digests say: of each notebook that was run with what its variant declares,
    and of the hidden checks.
    """

    audited_at: str = Field(description="UTC, ISO 8601")
    data: str = Field(description="name:fingerprint")
    versions: dict[str, str]
    seeds: int
    checks: str
    notebooks: dict[str, str] = Field(description="name of the row → digest")
    findings: tuple[str, ...] = Field((), description="rows that are not as declared or not caught, and idle checks")

    def same_as(self, other: RecordedAudit | None) -> bool:
        """Whether two audits say the same of the same things, whenever they were."""
        return other is not None and self == other.model_copy(update={"audited_at": self.audited_at})


class AuditRecord(Value):
    """The last audits of an assignment, by data set, with the backend where that is not TensorFlow: ``own/jax``."""

    schema_version: Literal[1] = 1
    assignment: str
    audits: dict[str, RecordedAudit]
