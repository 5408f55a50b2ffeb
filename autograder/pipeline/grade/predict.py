"""Ask a student's models about images that no student process ever held: rebuilt, in a sandbox without labels."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from autograder import checks
from autograder.errors import ExecutionError, ReadingError
from autograder.model import Ending, PredictionJob
from autograder.pipeline.reading import stored_answers
from autograder.pipeline.reading.budgets import read
from autograder.pipeline.reading.planning import Kept, Key, Plan, Questions, State, proof_name
from autograder.pipeline.session.session import GradingContext
from autograder.workspace.storage import write_atomically

TRIES = 3
"""How often the predictor is started when the grader's own processes die under it."""

Answers = tuple[tuple[checks.Prediction, ...], tuple[checks.Proof, ...]]


def predict(context: GradingContext, questions: Questions, plan: Plan | None, folder: Path) -> Answers:
    """Return what the models that the checks ask about say of the raw test and holdout images, and every proof.

    A proof says whether a model rebuilt from its record is the function that the student's model was. Answers are kept
    in ``folder/predictions``: judging again asks only where a check asks something new.

    Args:
        questions: about tasks that were reached, and the states of models that a check can look at.
        plan: what to ask; None: all answers are kept already.
    """
    kept = stored_answers.load(folder)
    if plan is not None:
        kept = _ask(context, plan, folder)
        write_atomically(folder / stored_answers.FOLDER / stored_answers.INDEX, json.dumps(kept, indent=1))
    return (tuple(_prediction(folder, key, kept["/".join(key)]) for key in questions.keys),
            tuple(_proof(state, kept[proof_name(state)]) for state in questions.models))


def _ask(context: GradingContext, plan: Plan, folder: Path) -> dict[str, Kept]:
    """Run the predictor and read its answers."""
    raw = folder / ".predicted"
    outcome: dict[str, Kept] = {name: {"file": None, "unjudged": sentence} for name, sentence in plan.refused.items()}
    if plan.job.requests:
        _predict(context, plan.job, raw)
        outcome |= _answers(plan, raw, folder / stored_answers.FOLDER)
        shutil.rmtree(raw, ignore_errors=True)
    return {name: outcome[plan.same.get(name, name)] for name in plan.names}


def _answers(plan: Plan, raw: Path, into: Path) -> dict[str, Kept]:
    """Return where the answers are kept; one sentence for all of them where they cannot be read."""
    into.mkdir(exist_ok=True)
    expected = [{"key": request.key, "count": plan.counts[request.key]} for request in plan.job.requests]
    try:
        found: dict[str, Kept] = read("answers", {"raw": str(raw), "into": str(into), "questions": expected})
    except ReadingError as error:
        return {request.key: {"file": None, "unjudged": str(error)} for request in plan.job.requests}
    return found


def _predict(context: GradingContext, job: PredictionJob, raw: Path) -> None:
    """Run the predictor; the grader's own deaths are tried again.

    Raises:
        ExecutionError: they went on. To withhold points for good would be wrong: the same command can mend it.
    """
    for _ in range(TRIES):
        shutil.rmtree(raw, ignore_errors=True)  # answers to other questions must not be taken for these
        if context.pool.run_predictions(job, raw).ending is not Ending.LOST:
            return
    raise ExecutionError(f"The rebuilt models were to be asked, but the grader's own process died {TRIES} times under "
                         "them; run the same command again.")


def _prediction(folder: Path, key: Key, kept: Kept) -> checks.Prediction:
    task, model, array = key
    name = kept["file"]
    outputs = folder / stored_answers.FOLDER / name if name else None
    return checks.Prediction(task=task, model=model, array=array, outputs=outputs, member=stored_answers.MEMBER,
                             unjudged=kept["unjudged"])


def _proof(state: State, kept: Kept) -> checks.Proof:
    return checks.Proof(model=state[0], version=state[1], doubt=kept["unjudged"],
                        penalties=kept.get("penalties") == "yes")
