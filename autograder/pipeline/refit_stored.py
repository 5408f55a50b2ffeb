"""`autograder refit`: repeat trainings of results that are already stored, and keep them up to date."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.model import Refit, Result
from autograder.pipeline.grade.recording import open_gradebook
from autograder.pipeline.grade.sampling_keys import stored_sampling_key
from autograder.pipeline.grade.stored_results import load_result, write_result
from autograder.pipeline.refit.repeat import RefitScope, TrainedRun, repeat_trainings
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session, open_session
from autograder.pipeline.session.workers import run_concurrently
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter


def refit_class(
    workspace: Workspace, assignment: str, options: RunOptions, reporter: Reporter, *, everything: bool = False
) -> list[Result]:
    """Repeat trainings of an assignment's stored results that have a reason, and those of the leaderboard's entries.

    Args:
        everything: repeat every training that can be repeated.

    Returns:
        every result that was examined, as stored now.

    Raises:
        AutograderError: course, data, checks or isolation cannot be used; never because of a submission.
    """
    refitted = []
    with open_gradebook(workspace, "Training again", wanted=options.gradebook, reporter=reporter) as book:
        stored = _stored_results(workspace, assignment, options)
        if not stored:
            reporter.note(f"{assignment}: nothing was graded.")
            return []
        with (
            open_session(workspace, assignment, options, reporter=reporter) as session,
            reporter.task(f"train {assignment} again", len(stored)) as bar,
        ):
            usable = _usable_results(session, stored, reporter)
            book.warm_up()

            def refit(result: Result) -> tuple[Result, Result]:
                return result, _refit_result(session, result, everything)

            for before, after in run_concurrently(refit, usable, session.workers, session.stop):
                bar.advance(after.student)
                refitted.append(after)
                if after.tasks != before.tasks:
                    book.add(after)
                    book.write()
    return sorted(refitted, key=lambda result: result.student)


def list_refits(results: Sequence[Result]) -> list[tuple[str, Refit]]:
    """Return (student, repetition) of all results, contradictory ones first."""
    every = [(result.student, entry) for result in results for entry in result.refits]
    return sorted(every, key=lambda item: (not item[1].contradicts, item[0]))


def _stored_results(workspace: Workspace, assignment: str, options: RunOptions) -> list[Result]:
    found = []
    for receipt in workspace.receipts(assignment):
        result = load_result(workspace.result(receipt.student, assignment))
        if options.chosen(receipt.student) and result is not None and result.status == "graded" \
                and result.provenance is not None:
            found.append(result)
    return found


def _usable_results(session: Session, stored: Sequence[Result], reporter: Reporter) -> list[Result]:
    """Return the results that were graded with the data in use; others are reported."""
    usable = [result for result in stored if result.provenance and result.provenance.data == session.data_name]
    if len(usable) < len(stored):
        reporter.note(f"{len(stored) - len(usable)} of {len(stored)} results were graded with other data than "
                      f"{session.prepared.name}; grade them again first.")
    return usable


def _refit_result(session: Session, result: Result, everything: bool) -> Result:
    folder = session.workspace.results(result.student, result.assignment)
    run = TrainedRun(folder=folder, key=stored_sampling_key(session.secret, result), kept=folder)
    after = repeat_trainings(session, result, run, RefitScope(leaderboard=True, everything=everything))
    if after != result:
        write_result(folder, after)
    return after
