"""Judges a run: reads its files and checks them with its models' predictions. No student code is run."""

from __future__ import annotations

import json

from autograder import checks, notebook
from autograder.errors import ReadingError
from autograder.model import CellStatus, Merged, SlotStatus
from autograder.pipeline.grade.attempt import Attempt, NotebookRun, ReadRun, RunFacts, use_profile_sizes
from autograder.pipeline.grade.feedback_material import describe_cells, describe_starved, describe_stops
from autograder.pipeline.grade.predict import Answers
from autograder.pipeline.grade.settings import gives_settings
from autograder.pipeline.grade.student_variant import NOT_YOURS
from autograder.pipeline.grade.variant_checks import judge_variant
from autograder.pipeline.reading.budgets import read
from autograder.pipeline.session.questions import collect_questions
from autograder.pipeline.session.session import Session


def read_run(session: Session, run: NotebookRun) -> ReadRun:
    """Read a run's files, in a process that has no secrets, and plan what its models are evaluated on."""
    questions = collect_questions(session, run.folder)
    locked = [cell for cell in run.merged.notebook["cells"] if notebook.is_locked(cell)]
    try:
        found = read("examine", {
            "folder": str(run.folder), "sampling_key": run.job.sampling_key,
            "asked": questions.model_dump(mode="json"), "limits": run.job.limits.model_dump(mode="json"),
            "board": session.nickname_at,
        }, json.dumps(locked).encode())
    except ReadingError as error:
        return ReadRun(run=run, unread=str(error))
    run.watch.lap("read")
    return ReadRun(run=run, facts=RunFacts.model_validate(found))


def check_answers(session: Session, found: ReadRun, answers: Answers) -> Attempt:
    """Run the hidden checks on the facts that were read and on the models' predictions.

    All points of a run that could not be read are withheld: a person has to judge it.
    """
    run, facts = found.run, found.facts
    if facts is None:
        return Attempt(folder=run.folder, seed=run.job.seed, execution=run.execution, notes=(found.unread,),
                       checks=checks.all_errored(session.specs, found.unread),
                       staff_flags=(*run.execution.flags, found.unread))
    results, foreign = judge_variant(session, run.merged, _request(session, run, facts, answers))
    run.watch.lap("check")
    left_out = (facts.left_out,) if facts.left_out else ()
    notes = (*left_out, *([NOT_YOURS] if foreign else []))
    problems = (notebook.with_numbers(problem, run.merged) for problem in facts.problems)
    return Attempt(folder=run.folder, seed=run.job.seed, execution=run.execution, checks=results, notes=notes,
                   staff_flags=(*run.execution.flags, *problems, *left_out, *foreign), timings=run.watch.seconds,
                   trainings=facts.trainings)


def slot_statuses(layout: notebook.Layout, merged: Merged) -> dict[str, SlotStatus]:
    """Return the status of each task's slot; a task that the student's release did not have is left to a person."""
    found = {slot.task: slot.status for slot in merged.slots}
    return {task.id: found.get(task.id, SlotStatus.UNMATCHED) for task in layout.tasks}


def _request(session: Session, run: NotebookRun, facts: RunFacts, answers: Answers) -> checks.JudgeRequest:
    predictions, proofs = answers
    return checks.JudgeRequest(
        artifacts=run.artifacts, sampling_key=run.job.sampling_key, sample_rows=run.job.sample_rows,
        predictions=predictions, proofs=proofs, slots=slot_statuses(session.layout, run.merged),
        reached=_reached_tasks(session, run, facts.tasks),
        sizes=notebook.read_sizes(use_profile_sizes(session, run.merged).notebook),
        notes=describe_cells(run.merged, run.execution),
        cells={slot.task: tuple(slot.cells) for slot in run.merged.slots},
        ended=run.execution.detail, starved=describe_starved(run.merged, run.execution),
        settings_given=gives_settings(run.job),
        doubts=run.merged.doubts, causes=notebook.causes(run.merged, describe_stops(run.execution)),
        origins=notebook.origins(run.merged, describe_stops(run.execution)),
        written=notebook.written_settings(run.merged, _raised(run)),
    )


def _raised(run: NotebookRun) -> frozenset[int]:
    return frozenset(cell.index for cell in run.execution.cells if cell.status is CellStatus.ERROR)


def _reached_tasks(session: Session, run: NotebookRun, found: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tasks that the run reached, so that an unreadable checkpoint is left to a person to judge."""
    ran = {cell.index for cell in run.execution.cells
           if cell.status in (CellStatus.OK, CellStatus.ERROR, CellStatus.INTERRUPTED)}
    tested = {cell.task for cell in notebook.job_cells(run.merged) if cell.task and cell.index in ran}
    return tuple(task.id for task in session.layout.tasks if task.id in tested or task.id in found)
