"""Ask a student's models about images that no student process ever held: rebuilt, in a sandbox without labels."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder import checks
from autograder.errors import ExecutionError, ReadingError
from autograder.model import Ending, PredictionJob
from autograder.pipeline.context import GradingContext
from autograder.pipeline.planning import Asked, Key, Plan, reached
from autograder.pipeline.reading import read
from autograder.pipeline.storage import write_atomically

FOLDER = "predictions"
INDEX = "index.json"
TRIES = 3
"""How often the predictor is started when the grader's own processes die under it."""
MEMBER = "y"  # as the predictor calls it

Kept = dict[str, dict[str, str | None]]
"""question → the file with its answer, or one sentence why there is none."""


def asked(context: GradingContext, folder: Path) -> Asked:
    """Return the distinct questions of all checks, and those whose answers lie in ``folder`` already."""
    keys = {(spec.task, model, array): None for spec in context.specs for model, array in spec.predicts}
    return Asked(keys=tuple(keys), known=tuple(_load(folder)), test_images=context.prepared.test_images,
                 images=context.prepared.evaluation_images)


def predict(
    context: GradingContext, questions: Asked, tasks: Mapping[str, object], plan: Plan | None, folder: Path
) -> tuple[checks.Prediction, ...]:
    """Return what the models that the checks ask about say of the raw test and holdout images.

    Answers are kept in ``folder/predictions``: judging again asks only where a check asks something new.

    Args:
        tasks: those whose checkpoint was written.
        plan: what to ask; None: all answers are kept already.
    """
    kept = _load(folder)
    if plan is not None:
        kept = _ask(context, plan, folder)
        write_atomically(folder / FOLDER / INDEX, json.dumps(kept, indent=1))
    return tuple(_prediction(folder, key, kept["/".join(key)]) for key in reached(questions.keys, tasks))


def answers(folder: Path) -> dict[tuple[str, str], NDArray[np.float32]]:
    """Return the outputs of every model that answered when the run in ``folder`` was judged, by (task, model name)."""
    outputs = {}
    for name, kept in _load(folder).items():
        if kept.get("file"):
            task, model, _ = name.split("/")
            with np.load(folder / FOLDER / str(kept["file"]), allow_pickle=False) as file:
                outputs[task, model] = file[MEMBER]
    return outputs


def _ask(context: GradingContext, plan: Plan, folder: Path) -> Kept:
    """Run the predictor and read its answers."""
    raw = folder / ".predicted"
    outcome: Kept = {}
    if plan.job.requests:
        _predict(context, plan.job, raw)
        outcome = _answers(plan, raw, folder / FOLDER)
        shutil.rmtree(raw, ignore_errors=True)
    refused: Kept = {name: {"file": None, "unjudged": sentence} for name, sentence in plan.refused.items()}
    outcome |= refused
    return {name: outcome[plan.same.get(name, name)] for name in plan.names}


def _answers(plan: Plan, raw: Path, into: Path) -> Kept:
    """Return where the answers are kept; one sentence for all of them where they cannot be read."""
    into.mkdir(exist_ok=True)
    expected = [{"key": request.key, "count": plan.count} for request in plan.job.requests]
    try:
        found: Kept = read("answers", {"raw": str(raw), "into": str(into), "questions": expected})
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


def _load(folder: Path) -> Kept:
    try:
        kept: Kept = json.loads((folder / FOLDER / INDEX).read_text())
    except (OSError, ValueError):
        return {}
    return kept


def _prediction(folder: Path, key: Key, kept: Mapping[str, str | None]) -> checks.Prediction:
    task, model, array = key
    name = kept["file"]
    outputs = folder / FOLDER / name if name else None
    return checks.Prediction(task=task, model=model, array=array, outputs=outputs, member=MEMBER,
                             unjudged=kept["unjudged"])
