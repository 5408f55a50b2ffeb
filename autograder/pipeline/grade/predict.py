"""Ask a student's models about images that no student process ever held: rebuilt, in a sandbox without labels."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder import checks
from autograder.errors import ExecutionError, ReadingError
from autograder.model import Ending, PredictionJob
from autograder.pipeline.reading.budgets import read
from autograder.pipeline.reading.planning import Asked, Kept, Key, Plan, Questions, State, proof_name
from autograder.pipeline.session.session import GradingContext
from autograder.workspace.storage import write_atomically

FOLDER = "predictions"
INDEX = "index.json"
TRIES = 3
"""How often the predictor is started when the grader's own processes die under it."""
MEMBER = "y"  # as the predictor calls it

Answers = tuple[tuple[checks.Prediction, ...], tuple[checks.Proof, ...]]


def asked(context: GradingContext, folder: Path) -> Asked:
    """Return the distinct questions of all checks, and those whose answers lie in ``folder`` already."""
    keys = {(spec.task, model, array): None for spec in context.specs for model, array in spec.predicts}
    return Asked(keys=tuple(keys), known=tuple(_load(folder)), test_images=context.prepared.test_images,
                 images=context.prepared.evaluation_images)


def predict(context: GradingContext, questions: Questions, plan: Plan | None, folder: Path) -> Answers:
    """Return what the models that the checks ask about say of the raw test and holdout images, and every proof.

    A proof says whether a model rebuilt from its record is the function that the student's model was. Answers are kept
    in ``folder/predictions``: judging again asks only where a check asks something new.

    Args:
        questions: about tasks that were reached, and the states of models that a check can look at.
        plan: what to ask; None: all answers are kept already.
    """
    kept = _load(folder)
    if plan is not None:
        kept = _ask(context, plan, folder)
        write_atomically(folder / FOLDER / INDEX, json.dumps(kept, indent=1))
    return (tuple(_prediction(folder, key, kept["/".join(key)]) for key in questions.keys),
            tuple(_proof(state, kept[proof_name(state)]) for state in questions.models))


def answers(folder: Path) -> dict[tuple[str, str], NDArray[np.float32]]:
    """Return the outputs of every model that answered when the run in ``folder`` was judged, by (task, model name)."""
    outputs = {}
    for name, kept in _load(folder).items():
        if kept.get("file"):
            task, model, _ = name.split("/")
            with np.load(folder / FOLDER / str(kept["file"]), allow_pickle=False) as file:
                outputs[task, model] = file[MEMBER]
    return outputs


def _ask(context: GradingContext, plan: Plan, folder: Path) -> dict[str, Kept]:
    """Run the predictor and read its answers."""
    raw = folder / ".predicted"
    outcome: dict[str, Kept] = {name: {"file": None, "unjudged": sentence} for name, sentence in plan.refused.items()}
    if plan.job.requests:
        _predict(context, plan.job, raw)
        outcome |= _answers(plan, raw, folder / FOLDER)
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


def _load(folder: Path) -> dict[str, Kept]:
    try:
        kept: dict[str, Kept] = json.loads((folder / FOLDER / INDEX).read_text())
    except (OSError, ValueError):
        return {}
    return kept


def _prediction(folder: Path, key: Key, kept: Kept) -> checks.Prediction:
    task, model, array = key
    name = kept["file"]
    outputs = folder / FOLDER / name if name else None
    return checks.Prediction(task=task, model=model, array=array, outputs=outputs, member=MEMBER,
                             unjudged=kept["unjudged"])


def _proof(state: State, kept: Kept) -> checks.Proof:
    return checks.Proof(model=state[0], version=state[1], doubt=kept["unjudged"],
                        penalties=kept.get("penalties") == "yes")
