"""Ask a student's models about images that no student process ever held: rebuilt, in a sandbox without labels."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder import artifacts, checks
from autograder.artifacts import ArrayValue, Artifacts, ModelRecord, ModelValue, Preprocessing
from autograder.artifacts.predictions import ModelProof, Question, plan_predictions, read_predictions
from autograder.artifacts.reader import PROBE, WEIGHTS, probe_name, weights_name
from autograder.errors import ArtifactError, ExecutionError
from autograder.files import FolderSource
from autograder.model import Ending, NotebookJob, PredictionJob
from autograder.pipeline.context import GradingContext
from autograder.pipeline.storage import write_atomically

FOLDER = "predictions"
INDEX = "index.json"
TRIES = 3
"""How often the predictor is started when the grader's own processes die under it."""
MEMBER = "y"  # as the predictor calls it

Kept = dict[str, str | None]
MAX_MODELS = 100
"""Distinct models of one submission that are rebuilt."""
TOO_MANY: Kept = {"file": None, "unjudged": f"More than {MAX_MODELS} models were made; the rest was not rebuilt."}

Key = tuple[str, str, str]
"""(task, model name, name of the prepared array)."""


Answers = tuple[tuple[checks.Prediction, ...], tuple[checks.Proof, ...]]


def predict(context: GradingContext, found: Artifacts, folder: Path, job: NotebookJob) -> Answers:
    """Return what the models that the checks ask about say of the raw test and holdout images, and every proof.

    A proof says whether a model rebuilt from its record is the function that the student's model was. Answers are kept
    in ``folder/predictions``: judging again asks only where a check asks something new.
    """
    keys, models = asked(context, found), provable(found)
    names = ["/".join(key) for key in keys] + [_proof_name(model) for model in models]
    kept = _load(folder)
    if any(name not in kept for name in names):
        kept = _ask(context, found, folder, keys, models, job)
        write_atomically(folder / FOLDER / INDEX, json.dumps(kept, indent=1))
    return (tuple(_prediction(folder, key, kept["/".join(key)]) for key in keys),
            tuple(_proof(model, kept[_proof_name(model)]) for model in models))


def provable(found: Artifacts) -> tuple[ModelValue, ...]:
    """Return every state of a model that a check can look at: under a name at a checkpoint, or returned by a call."""
    values = [value for checkpoint in found.checkpoints.values() for value in checkpoint.names.values()]
    values += [outcome.value for task in found.checkpoints for outcome in found.calls(task).values() if outcome.value]
    return tuple(dict.fromkeys(value for value in values if isinstance(value, ModelValue)))


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
    context: GradingContext, found: Artifacts, folder: Path, keys: Iterable[Key], models: Iterable[ModelValue],
    job: NotebookJob,
) -> dict[str, Kept]:
    """Run the predictor; equal models under several names, versions or tasks are asked once, and proven once."""
    kept: dict[str, Kept] = {}
    planned: list[tuple[str, Question | str]] = [
        (_proof_name(model), Question(key=_proof_name(model), record=found.model(model))) for model in models]
    planned += [("/".join(key), _plan(context, found, key)) for key in keys]
    groups: dict[str, dict[Preprocessing | None, list[tuple[str, Question]]]] = {}
    for name, question in planned:
        if isinstance(question, str):
            kept[name] = {"file": None, "unjudged": question}
            continue
        group = groups.setdefault(_content(folder, question.record), {})
        group.setdefault(question.preprocessing, []).append((name, question))
    for group in list(groups.values())[MAX_MODELS:]:
        kept |= {name: TOO_MANY for same in group.values() for name, _ in same}
    # The proof of a model comes before the questions to it, so that it is rebuilt once.
    asked = [same for group in list(groups.values())[:MAX_MODELS] for same in group.values()]
    outcome = _run(context, folder, [same[0][1] for same in asked], job)
    return kept | {name: outcome[same[0][1].key] for same in asked for name, _ in same}


def _content(folder: Path, record: ModelRecord) -> str:
    """Return a digest of what an answer of a rebuilt model follows from: many states of a model share theirs."""
    total = hashlib.sha256(json.dumps([record.architecture, record.output_shape, record.unsupported]).encode())
    source = FolderSource(folder / "artifacts")
    for name, limit in ((weights_name(record), WEIGHTS.packed), (probe_name(record), PROBE.packed)):
        try:
            total.update(hashlib.sha256(source.read(name, limit)).digest())
        except ArtifactError:
            total.update(f"no {name}".encode())
    return total.hexdigest()


def _run(
    context: GradingContext, folder: Path, questions: list[Question], job: NotebookJob
) -> dict[str, Kept]:
    if not questions:
        return {}
    planned, refused = plan_predictions(questions, folder=folder / "artifacts", limits=job.limits,
                                        sampling_key=job.sampling_key)
    raw = folder / ".predicted"
    outputs: Mapping[str, object] = {}
    if planned.requests:
        _predict(context, planned, raw)
        outputs = read_predictions(FolderSource(raw), questions)
        shutil.rmtree(raw, ignore_errors=True)
    outcome: dict[str, Kept] = {}
    (folder / FOLDER).mkdir(exist_ok=True)
    for number, question in enumerate(questions):
        answer = refused.get(question.key) or outputs.get(question.key)
        if isinstance(answer, np.ndarray):
            np.savez(folder / FOLDER / f"{number}.npz", y=answer)
            outcome[question.key] = {"file": f"{number}.npz", "unjudged": None}
        elif isinstance(answer, ModelProof):
            outcome[question.key] = {"unjudged": answer.doubt, "penalties": "yes" if answer.penalties else None}
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


def _proof(model: ModelValue, kept: Kept) -> checks.Proof:
    return checks.Proof(model=model.model, version=model.version, doubt=kept["unjudged"],
                        penalties=kept.get("penalties") == "yes")


def _proof_name(model: ModelValue) -> str:
    return f"model-{model.model}-{model.version}"
