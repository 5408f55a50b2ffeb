"""The path of one submission, from the collected notebook to its result and the gradebook."""

from __future__ import annotations

from autograder.model import Merged, Receipt, Result
from autograder.pipeline.grade.feedback_material import write_misread
from autograder.pipeline.grade.judging import check_answers, read_run
from autograder.pipeline.grade.merging import merge_submission
from autograder.pipeline.grade.predict import ask_models
from autograder.pipeline.grade.recording import Record, leave_unrecorded
from autograder.pipeline.grade.reruns import open_runs
from autograder.pipeline.grade.results import make_result
from autograder.pipeline.grade.stored_results import find_earlier, is_current, write_result
from autograder.pipeline.grade.ungraded import turn_errors_into_results
from autograder.pipeline.grade.work import FIRST_SEED, fingerprint_work
from autograder.pipeline.refit.repeat import repeat_due_trainings
from autograder.pipeline.session.session import Session


def grade_submission(
    session: Session, receipt: Receipt, *, merged: Merged | None = None, seed: int = FIRST_SEED, force: bool = False,
    record: Record = leave_unrecorded,
) -> Result:
    """Return the result of one submission, after storing it; an error in the grader is a result too.

    Args:
        merged: the notebook if none was collected: a variant, the solution or the blank release.
        force: run it again even if nothing has changed.
        record: passes the result to the gradebook.

    Raises:
        IsolationError: nothing can be graded on this machine.
        ClusterError: nothing can be graded on this cluster.
        StorageError: no submission's result can be written.
        Stopped: the batch was aborted.
        RunAlone: the session postpones submissions that were stopped while the machine was busy.
        RunLater: the session shares runs, and the same answers are being run for another submission.
    """
    with turn_errors_into_results(session, receipt) as outcome:
        merged = merged or merge_submission(session, receipt)
        work = fingerprint_work(session, receipt, merged, seed)
        earlier = None if force else find_earlier(session, work)
        if earlier is not None and is_current(session, earlier):
            outcome.result = earlier
        else:
            with open_runs(session, work, earlier) as runs:  # stored ones to judge again, equal work's, or fresh ones
                for run in runs:
                    found = read_run(session, run)
                    answers = ask_models(session, found)
                    runs.judged(check_answers(session, found, answers))
                write_misread(session, runs.folder)
                result = make_result(session, work, runs.counted, runs.seeds, shared=runs.shared)
                outcome.result = repeat_due_trainings(session, result, runs.trained)
                write_result(runs.folder, outcome.result)
    record(outcome.known())
    return outcome.known()
