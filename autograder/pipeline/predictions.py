"""Ask a student's models about images that no student process ever held: rebuilt, in a sandbox without labels."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder import artifacts, checks
from autograder.artifacts import Artifacts, ArrayValue, ModelRecord, ModelValue, Preprocessing
from autograder.execution.folder import FolderSource
from autograder.execution.predictor import read_predictions
from autograder.model import Limits, Mount, PredictionJob, PredictionRequest
from autograder.pipeline.context import GradingContext

IMAGES = "/data/images.npy"
FOLDER = "predictions"
INDEX = "index.json"

Key = tuple[str, str, str]
"""(task, model name, name of the prepared array)."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A model that can be asked, and how its inputs are prepared."""

    record: ModelRecord
    preprocessing: Preprocessing


def predict(context: GradingContext, found: Artifacts, folder: Path, *, memory: Limits) -> tuple[checks.Prediction, ...]:
    """Return what the models that the checks ask about say of the raw test and holdout images.

    Answers are kept in ``folder/predictions``: judging again asks only what was not asked before.
    """
    keys = asked(context, found)
    questions: dict[Key, Question | str] = {key: plan(context, found, key) for key in keys}
    answers = _stored(folder, keys)
    open_questions = {key: question for key, question in questions.items()
                      if isinstance(question, Question) and key not in answers}
    if open_questions:
        answers |= _ask(context, open_questions, folder, memory)
        _store(folder, answers)
    return tuple(_prediction(folder, key, question, answers) for key, question in questions.items())


def asked(context: GradingContext, found: Artifacts) -> tuple[Key, ...]:
    """Return the distinct questions of all checks whose task was reached."""
    keys = {(spec.task, model, array): None for spec in context.specs for model, array in spec.predicts
            if spec.task in found.checkpoints}
    return tuple(keys)


def plan(context: GradingContext, found: Artifacts, key: Key) -> Question | str:
    """Return how to ask a model, or one sentence why it cannot be asked."""
    task, model_name, array_name = key
    names = found.checkpoints[task].names
    model, array = names.get(model_name), names.get(array_name)
    if not isinstance(model, ModelValue):
        return f"There is no Keras model called `{model_name}` after this step."
    if not isinstance(array, ArrayValue) or array.rows is None or array.indices is None:
        return f"There is no array of numbers called `{array_name}` after this step."
    record = found.model(model)
    if record.unsupported or not record.built:
        return record.unsupported or f"`{model_name}` has no weights yet."
    preprocessing = recover(context, array)
    if preprocessing is None:
        return (f"How `{array_name}` was prepared could not be recovered as a change of shape with one scale and shift, "
                "so a person has to look at it.")
    return Question(record=record, preprocessing=preprocessing)


def recover(context: GradingContext, array: ArrayValue) -> Preprocessing | None:
    """Return the map from the raw test images to a student's prepared array."""
    raw = np.load(context.prepared.test_images, mmap_mode="r", allow_pickle=False)
    if array.rows is None or array.indices is None or not len(array.indices) or array.indices.max() >= len(raw):
        return None
    return artifacts.recover(array.rows, np.asarray(raw[array.indices]))


def _ask(
    context: GradingContext, questions: Mapping[Key, Question], folder: Path, memory: Limits
) -> dict[Key, str | None]:
    """Run the predictor; return, per question, None where it answered, else one sentence why not."""
    mounts = {Mount(source=context.prepared.evaluation_images, target=IMAGES)}
    requests = []
    for number, (key, question) in enumerate(questions.items()):
        name = f"{question.record.model}-{question.record.version}"
        for kind in ("weights", "probe"):
            source = folder / "artifacts" / f"{kind}-{name}.npz"
            if source.is_file() and not source.is_symlink():
                mounts.add(Mount(source=source, target=f"/in/{kind}-{name}.npz"))
        requests.append(PredictionRequest(
            key="/".join(key), architecture=json.dumps(question.record.architecture), inputs=IMAGES,
            weights=f"/in/weights-{name}.npz", probe=f"/in/probe-{name}.npz", shape=question.preprocessing.shape,
            scale=question.preprocessing.scale, shift=question.preprocessing.shift,
        ))
        del number
    job = PredictionJob(requests=tuple(requests), mounts=tuple(sorted(mounts, key=lambda m: m.target)), limits=memory)
    context.pool.run_predictions(job, folder / FOLDER)
    answers = read_predictions(FolderSource(folder / FOLDER))
    return {key: _outcome(answers.get("/".join(key))) for key in questions}
