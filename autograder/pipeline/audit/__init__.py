"""Which hidden check catches which mistake."""

from autograder.pipeline.audit.audit import AuditOptions, audit_assignments
from autograder.pipeline.audit.matrix import Matrix

__all__ = [
    "AuditOptions",
    "Matrix",
    "audit_assignments",
]
