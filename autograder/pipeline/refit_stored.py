"""`autograder refit`: repeat trainings of results that are already stored, and keep them up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.model import Isolation, Refit, Result
from autograder.pipeline.grade.attempt import sampling_key
from autograder.pipeline.grade.batch import load_result, run_in_lanes
from autograder.pipeline.grade.recording import Recording
from autograder.pipeline.refit.repeat import Run, Wanted, settle
from autograder.pipeline.session.session import GradingContext, lanes_of, open_context, placed
from autograder.workspace.layout import RESULT, Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import exclusive, write_atomically


@dataclass(frozen=True, kw_only=True)
class RefitOptions:
    """What `autograder refit` was asked for."""

    students: tuple[str, ...] = ()
    everything: bool = False
    lanes: int | None = None
    allow_stand_in: bool = False
    unsafe: bool = False
    isolation: Isolation | None = None
    gradebook: bool = True


def refit_class(workspace: Workspace, assignment: str, options: RefitOptions, reporter: Reporter) -> list[Result]:
    """Repeat the trainings of an assignment's stored results that have a reason; the leaderboard's entries too.

    Returns:
        every result that was looked at, as it is stored now.

    Raises:
        AutograderError: course, data, checks or isolation are not as they should be; never for a submission.
    """
    settled = []
    with exclusive(workspace.grade_lock, "Training again"), Recording(workspace, options.gradebook) as book:
        stored = _stored(workspace, assignment, options.students)
        if not stored:
            reporter.note(f"{assignment}: nothing was graded.")
            return []
        placement = placed(workspace, assignment)
        lanes = placement.lanes(lanes_of(options.lanes))
        with (
            open_context(workspace, assignment, lanes=lanes, allow_stand_in=options.allow_stand_in,
                         unsafe=options.unsafe, isolation=options.isolation, reporter=reporter,
                         placement=placement) as context,
            reporter.task(f"train {assignment} again", len(stored)) as bar,
        ):
            usable = [result for result in stored
                      if result.provenance and result.provenance.data == context.data_name]
            if len(usable) < len(stored):
                reporter.note(f"{len(stored) - len(usable)} of {len(stored)} results were graded with other data than "
                              f"{context.prepared.name}; grade them again first.")
            book.expect()

            def work(result: Result) -> tuple[Result, Result]:
                return result, _settled(context, result, options.everything)

            for before, after in run_in_lanes(work, usable, lanes, context.stop):
                bar.advance(after.student)
                settled.append(after)
                if after.tasks != before.tasks:
                    book.add(after)
        book.finish(reporter)
    return sorted(settled, key=lambda result: result.student)


def found_again(results: Sequence[Result]) -> list[tuple[str, Refit]]:
    """Return (student, repetition) of all results, those that contradict first."""
    every = [(result.student, entry) for result in results for entry in result.refits]
    return sorted(every, key=lambda item: (not item[1].contradicts, item[0]))


def _stored(workspace: Workspace, assignment: str, students: Sequence[str]) -> list[Result]:
    found = []
    for receipt in workspace.receipts(assignment):
        if students and receipt.student not in students:
            continue
        result = load_result(workspace.results(receipt.student, assignment) / RESULT)
        if result is not None and result.status == "graded" and result.provenance is not None:
            found.append(result)
    return found


def _settled(context: GradingContext, result: Result, everything: bool) -> Result:
    folder: Path = context.workspace.results(result.student, result.assignment)
    submission = result.provenance.submission if result.provenance else ""
    run = Run(folder=folder, key=sampling_key(context.secret, result.student, submission), kept=folder)
    after = settle(context, result, run, Wanted(leaderboard=True, everything=everything))
    if after != result:
        write_atomically(folder / RESULT, after.to_json())
    return after
