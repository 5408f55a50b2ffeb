"""Keeps what complete audits found next to the variants, so that a fresh clone of the course knows it.

The runs themselves are in ``.cache``. The short form is not recorded: it takes minutes, and continuous integration runs
it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from autograder import notebook
from autograder.model import DEFAULT_BACKEND
from autograder.model.audit_record import AuditRecord, RecordedAudit
from autograder.pipeline.audit.matrix import Matrix, Row
from autograder.pipeline.fingerprint import digest, files_digest
from autograder.pipeline.release.proof import content_digest
from autograder.pipeline.session.variant_files import as_file
from autograder.sandbox.isolation import gpu
from autograder.workspace.layout import Workspace
from autograder.workspace.storage import write_atomically

FILE: Final = "audits.json"
Notebooks = Mapping[str, dict[str, Any]]


def keep_audit(
    workspace: Workspace, notebooks: Notebooks, matrix: Matrix, *, versions: Mapping[str, str], seeds: int
) -> None:
    """Record a complete audit in its full form; a record that says the same already is left as it is.

    Args:
        notebooks: what was run for each row.
    """
    if matrix.form != "full" or matrix.partial:
        return
    made = RecordedAudit(
        audited_at=datetime.now(UTC).isoformat(timespec="seconds"), data=matrix.data, versions=dict(versions),
        seeds=seeds, checks=_checks(workspace, matrix.assignment),
        notebooks=_digests(workspace, matrix.assignment, matrix.rows, notebooks),
        findings=(*matrix.undeclared, *matrix.uncaught, *matrix.idle))
    before = read_record(workspace, matrix.assignment)
    audits = dict(before.audits) if before is not None else {}
    if not made.same_as(audits.get(_key(matrix.data))):
        record = AuditRecord(assignment=matrix.assignment, audits=audits | {_key(matrix.data): made})
        write_atomically(_path(workspace, matrix.assignment), record.to_json(indent=1) + "\n")


def read_record(workspace: Workspace, assignment: str) -> AuditRecord | None:
    """Return the record of an assignment, None where there is none that can be read."""
    try:
        found = AuditRecord.from_json(_path(workspace, assignment).read_bytes())
    except (OSError, ValueError):
        return None
    return found if found.assignment == assignment else None


def explain_record(
    workspace: Workspace, assignment: str, rows: Sequence[Row], notebooks: Notebooks
) -> str | None:
    """Return what is wrong with the recorded audits; empty: one is current and clean; None: there are none."""
    record = read_record(workspace, assignment)
    if record is None:
        return None
    checks, digests = _checks(workspace, assignment), _digests(workspace, assignment, rows, notebooks)
    stale = ""
    for audit in record.audits.values():
        changed = [name for name, found in digests.items() if audit.notebooks.get(name) != found]
        if audit.checks == checks and not changed:
            if not audit.findings:
                return ""
            stale = f"The audit of {audit.audited_at[:10]} was not clean: {listed(audit.findings)}."
        else:
            what = listed(changed) if changed else "the hidden checks or the calibration"
            stale = stale or f"Changed since the audit of {audit.audited_at[:10]}: {what}."
    return stale or None


def _digests(
    workspace: Workspace, assignment: str, rows: Sequence[Row], notebooks: Notebooks
) -> dict[str, str]:
    """Return a digest per row: of what runs in the merged notebook, and of what the variant declares."""
    release = json.loads(workspace.release(assignment).read_bytes())
    return {row.name: digest([content_when_run(release, notebooks[row.name]), row.loses, row.blocks, row.withholds])
            for row in rows}


def content_when_run(release: dict[str, Any], variant: dict[str, Any]) -> str:
    """Return the digest of what can change the result of a variant: its cells in the places of the release."""
    return content_digest(notebook.merge(release, json.loads(as_file(variant))).notebook)


def _checks(workspace: Workspace, assignment: str) -> str:
    return files_digest([*workspace.hidden(assignment).rglob("*.py"), workspace.reference(assignment)])


def _key(data: str) -> str:
    backend = gpu.backend_name()
    return data.partition(":")[0] + ("" if backend == DEFAULT_BACKEND else f"/{backend}")


def _path(workspace: Workspace, assignment: str) -> Path:
    return workspace.reference(assignment).with_name(FILE)


def listed(names: Sequence[str], most: int = 5) -> str:
    """Return the first names, each once, and how many more there are."""
    shown = list(dict.fromkeys(names))
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(shown[:most]) + more
