"""One submission's work: the merged notebook, the job to run, and the fingerprint of everything a run depends on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.model import Merged, NotebookJob, Receipt
from autograder.pipeline.grade.attempt import job_fingerprint, make_job
from autograder.pipeline.grade.sampling_keys import hash_arrangement, hash_content, sampling_key
from autograder.pipeline.session.session import Session

FIRST_SEED = 1


@dataclass(frozen=True, kw_only=True)
class Work:
    """One submission, ready to be graded.

    Attributes:
        folder: where its result is stored.
        fingerprint: of everything that determines the output of a run.
        content: of the cells that run; ``arrangement``: of what else decides how the run is judged.
    """

    receipt: Receipt
    merged: Merged
    job: NotebookJob
    folder: Path
    fingerprint: str
    content: str
    arrangement: str


def fingerprint_work(session: Session, receipt: Receipt, merged: Merged, seed: int) -> Work:
    """Return the work with its job and its fingerprint.

    Raises:
        ReleaseError: a size that the session's profile names is missing in the notebook.
    """
    unsampled = make_job(session, merged, seed=seed, key="")
    content = hash_content(receipt.assignment, unsampled.cells)
    job = unsampled.model_copy(update={"sampling_key": sampling_key(session.secret, content)})
    return Work(receipt=receipt, merged=merged, job=job, fingerprint=job_fingerprint(session, job),
                content=content, arrangement=hash_arrangement(merged),
                folder=session.workspace.results(receipt.student, receipt.assignment))
