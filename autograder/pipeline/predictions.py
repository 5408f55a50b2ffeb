"""Ask a student's models about images that no student process ever held: rebuilt, in a sandbox without labels."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder import artifacts, checks
from autograder.artifacts import ArrayValue, Artifacts, ModelValue, Preprocessing
from autograder.artifacts.predictions import Question, plan_predictions, read_predictions
from autograder.errors import ExecutionError
from autograder.files import FolderSource
from autograder.model import Ending, Limits, PredictionJob
from autograder.pipeline.context import GradingContext
from autograder.pipeline.storage import write_atomically

FOLDER = "predictions"
INDEX = "index.json"
TRIES = 3
"""How often the predictor is started when the grader's own processes die under it."""
MEMBER = "y"  # as the predictor calls it

Key = tuple[str, str, str]
"""(task, model name, name of the prepared array)."""


def predict(context: GradingContext, found: Artifacts, folder: Path, limits: Limits) -> tuple[checks.Prediction, ...]:
    """Return what the models that the checks ask about say of the raw test and holdout images.

    Answers are kept in ``folder/predictions``: judging again asks only where a check asks something new.
    """
    keys = asked(context, found)
    kept = _load(folder)
    if any("/".join(key) not in kept for key in keys):
        kept = _ask(context, found, folder, keys, limits)
        write_atomically(folder / FOLDER / INDEX, json.dumps(kept, indent=1))
    return tuple(_prediction(folder, key, kept["/".join(key)]) for key in keys)


def asked(context: GradingContext, found: Artifacts) -> tuple[Key, ...]:
    """Return the distinct questions of all checks whose task was reached."""
    keys = {(spec.task, model, array): None for spec in context.specs for model, array in spec.predicts
            if spec.task in found.checkpoints}
    return tuple(keys)


def answers(folder: Path) -> dict[tuple[str, str], NDArray[np.float32]]:
    """Return the outputs of every model that answered when the run in ``folder`` was judged, by (task, model name)."""
    outputs = {}
    for name, kept in _load(folder).items():
        if kept.get("file"):
            task, model, _ = name.split("/")
            with np.load(folder / FOLDER / str(kept["file"]), allow_pickle=False) as file:
                outputs[task, model] = file[MEMBER]
    return outputs


def _ask(
    context: GradingContext, found: Artifacts, folder: Path, keys: Iterable[Key], limits: Limits
) -> dict[str, dict[str, str | None]]:
    """Run the predictor; equal models under several names or tasks are asked once."""
    kept: dict[str, dict[str, str | None]] = {}
    same: dict[tuple[int, int, Preprocessing], list[str]] = {}
    questions = []
    for key in keys:
        name = "/".join(key)
        planned = _plan(context, found, key)
        if isinstance(planned, str):
            kept[name] = {"file": None, "unjudged": planned}
            continue
        identity = (planned.record.model, planned.record.version, planned.preprocessing)
        if identity not in same:
            questions.append(planned)
        same.setdefault(identity, []).append(name)
    outcome = _run(context, folder, questions, limits)
    for names in same.values():
        for name in names:
            kept[name] = outcome[names[0]]
    return kept


def _run(
    context: GradingContext, folder: Path, questions: list[Question], limits: Limits
) -> dict[str, dict[str, str | None]]:
    if not questions:
        return {}
    job, refused = plan_predictions(questions, folder=folder / "artifacts", limits=limits)
    raw = folder / ".predicted"
    outputs: Mapping[str, object] = {}
    if job.requests:
        _predict(context, job, raw)
        outputs = read_predictions(FolderSource(raw), questions)
        shutil.rmtree(raw, ignore_errors=True)
    outcome: dict[str, dict[str, str | None]] = {}
    (folder / FOLDER).mkdir(exist_ok=True)
    for number, question in enumerate(questions):
        answer = refused.get(question.key) or outputs.get(question.key)
        if isinstance(answer, np.ndarray):
            np.savez(folder / FOLDER / f"{number}.npz", y=answer)
            outcome[question.key] = {"file": f"{number}.npz", "unjudged": None}
        else:
            outcome[question.key] = {"file": None, "unjudged": str(answer)}
    return outcome


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


def _plan(context: GradingContext, found: Artifacts, key: Key) -> Question | str:
    """Return how to ask a model, or one sentence why it cannot be asked."""
    task, model_name, array_name = key
    names = found.checkpoints[task].names
    model, array = names.get(model_name), names.get(array_name)
    if not isinstance(model, ModelValue):
        return f"There is no Keras model called `{model_name}` after this step."
    if not isinstance(array, ArrayValue):
        return f"There is no array called `{array_name}` after this step."
    preprocessing = recover(context, array)
    if preprocessing is None:
        return (f"How `{array_name}` was prepared could not be recovered as a change of shape with one scale and "
                "shift, so a person has to look at it.")
    images = context.prepared.evaluation_images
    count = len(np.load(images, mmap_mode="r", allow_pickle=False))
    return Question(key="/".join(key), record=found.model(model), preprocessing=preprocessing, images=images,
                    count=count)


def recover(context: GradingContext, array: ArrayValue) -> Preprocessing | None:
    """Return the map from the raw test images to a student's prepared array, None where there is none."""
    raw = np.load(context.prepared.test_images, mmap_mode="r", allow_pickle=False)
    if array.rows is None or array.indices is None or not len(array.indices) or array.indices.max() >= len(raw):
        return None
    return artifacts.recover(array.rows, np.asarray(raw[array.indices]))


def _load(folder: Path) -> dict[str, dict[str, str | None]]:
    try:
        kept: dict[str, dict[str, str | None]] = json.loads((folder / FOLDER / INDEX).read_text())
    except (OSError, ValueError):
        return {}
    return kept


def _prediction(folder: Path, key: Key, kept: Mapping[str, str | None]) -> checks.Prediction:
    task, model, array = key
    name = kept["file"]
    outputs = folder / FOLDER / name if name else None
    return checks.Prediction(task=task, model=model, array=array, outputs=outputs, member=MEMBER,
                             unjudged=kept["unjudged"])
