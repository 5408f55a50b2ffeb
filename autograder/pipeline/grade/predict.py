"""Evaluates a student's rebuilt models, in a sandbox without labels, on images that no student process ever had."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from autograder import checks
from autograder.errors import ExecutionError, ReadingError
from autograder.model import Ending, PredictionJob
from autograder.pipeline.grade.attempt import ReadRun
from autograder.pipeline.reading import stored_answers
from autograder.pipeline.reading.budgets import read
from autograder.pipeline.reading.planning import Kept, Key, Plan, Questions, State, proof_name
from autograder.pipeline.session.session import Session
from autograder.workspace.storage import write_atomically

TRIES = 3
"""How often the predictor is started if the grader's own processes die."""

Answers = tuple[tuple[checks.Prediction, ...], tuple[checks.Proof, ...]]


NO_ANSWERS: Answers = ((), ())


def ask_models(session: Session, found: ReadRun) -> Answers:
    """Return the predictions that the checks need, for raw test and holdout images, and every proof.

    A proof says whether the rebuilt model computes the same function as the student's model. The answers are stored in
    ``predictions/`` of the run's folder: judging again evaluates models only if a check needs something new.
    """
    if found.facts is None:
        return NO_ANSWERS
    answers = _answered(session, found.facts.questions, found.facts.plan, found.run.folder)
    found.run.watch.lap("evaluate")
    return answers


def _answered(session: Session, questions: Questions, plan: Plan | None, folder: Path) -> Answers:
    """Get the answers that are not stored yet.

    Args:
        questions: about tasks that were reached, and the states of models that a check may use.
        plan: what to evaluate; None: all answers are stored already.
    """
    kept = stored_answers.load(folder)
    if plan is not None:
        kept = _ask(session, plan, folder)
        write_atomically(folder / stored_answers.FOLDER / stored_answers.INDEX, json.dumps(kept, indent=1))
    return (tuple(_prediction(folder, key, kept["/".join(key)]) for key in questions.keys),
            tuple(_proof(state, kept[proof_name(state)]) for state in questions.models))


def _ask(session: Session, plan: Plan, folder: Path) -> dict[str, Kept]:
    """Run the predictor and read its answers."""
    raw = folder / ".predicted"
    outcome: dict[str, Kept] = {name: {"file": None, "unjudged": sentence} for name, sentence in plan.refused.items()}
    if plan.job.requests:
        _predict(session, plan.job, raw)
        outcome |= _answers(plan, raw, folder / stored_answers.FOLDER)
        shutil.rmtree(raw, ignore_errors=True)
    return {name: outcome[plan.same.get(name, name)] for name in plan.names}


def _answers(plan: Plan, raw: Path, into: Path) -> dict[str, Kept]:
    """Return where the answers are stored; the same sentence for all of them if they cannot be read."""
    into.mkdir(exist_ok=True)
    expected = [{"key": request.key, "count": plan.counts[request.key]} for request in plan.job.requests]
    try:
        found: dict[str, Kept] = read("answers", {
            "raw": str(raw), "into": str(into), "questions": expected, "visible": plan.visible})
    except ReadingError as error:
        return {request.key: {"file": None, "unjudged": str(error)} for request in plan.job.requests}
    return found


def _predict(session: Session, job: PredictionJob, raw: Path) -> None:
    """Run the predictor, and repeat that if the grader's own process dies.

    Raises:
        ExecutionError: it died each time. Nothing is withheld for that: running the same command again may succeed.
    """
    for _ in range(TRIES):
        shutil.rmtree(raw, ignore_errors=True)  # answers to other questions must not be taken for these
        if session.pool.run_predictions(job, raw).ending is not Ending.LOST:
            return
    raise ExecutionError(f"The rebuilt models could not be evaluated, since the grader's own process died {TRIES} "
                         "times; run the same command again.")


def _prediction(folder: Path, key: Key, kept: Kept) -> checks.Prediction:
    task, model, array = key
    name = kept["file"]
    outputs = folder / stored_answers.FOLDER / name if name else None
    return checks.Prediction(task=task, model=model, array=array, outputs=outputs, member=stored_answers.MEMBER,
                             unjudged=kept["unjudged"])


def _proof(state: State, kept: Kept) -> checks.Proof:
    return checks.Proof(model=state[0], version=state[1], doubt=kept["unjudged"],
                        penalties=kept.get("penalties") == "yes")
