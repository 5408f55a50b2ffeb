"""Both ends of a `PredictionJob` on the trusted side: which predictions to request of which model, and the results."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder.artifacts.json_fields import mapping, text, whole
from autograder.artifacts.jsonguard import parse_lines
from autograder.artifacts.model_values import ModelRecord
from autograder.artifacts.npz import NpzLimits, read_npz
from autograder.artifacts.preprocessing import Preprocessing
from autograder.artifacts.probes import probe_name, weights_name
from autograder.artifacts.reader import Source
from autograder.artifacts.text_rows import TextRows
from autograder.artifacts.values import Array
from autograder.errors import ArtifactError
from autograder.model import Limits, Mount, PredictionJob, PredictionRequest

FOLDER = "/inputs"
MAX_ANSWERS = 4 << 20
OUTPUTS = NpzLimits(packed=512 << 20, unpacked=512 << 20, members=1)
DISAGREES = "The rebuilt model does not give the student's model's outputs; a person has to look at it."
_FILE = re.compile(r"predictions-\d{1,6}\.npz")


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One model to evaluate on one file of raw images, or only to prove to be the student's.

    Attributes:
        key: chosen by the caller, one for each question.
        images: ``.npy`` of raw images on this machine, first axis counts ``count`` images; None: only the proof.
        noise: standard deviation of the noise from which each row is to be restored; None: no row is restored.
    """

    key: str
    record: ModelRecord
    preprocessing: Preprocessing | TextRows | None = None
    images: Path | None = None
    count: int = 0
    noise: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a model answered: ``outputs`` (count, …) as float32, computed ``batch`` images at a time (0: not known)."""

    outputs: Array
    batch: int = 0

    def apart(self, first: int) -> int:
        """Return how many of the ``first`` images shared no batch with any image after these.

        A model can make its answer about one image depend on all others of the batch.
        """
        return first // self.batch * self.batch if 0 < self.batch <= first <= len(self.outputs) else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelProof:
    """Whether a rebuilt model computes the student's function, so that the names of its layers can be trusted.

    Attributes:
        doubt: one sentence why it does not, or why this is unknown; None where it does.
        penalties: whether the weight penalties were proven too.
    """

    doubt: str | None = None
    penalties: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What `read_predictions` looks for: one row for each of ``count`` images, or the proof where that is 0."""

    key: str
    count: int


def plan_predictions(
    questions: Sequence[Question], *, folder: Path, limits: Limits, sampling_key: str
) -> tuple[PredictionJob, dict[str, str]]:
    """Return the job, and a sentence for every key that cannot be evaluated.

    Args:
        questions: what to evaluate; keys must differ.
        folder: the artifact folder on this machine, which holds the weights and probes.
        sampling_key: that of the run, from which the probes were drawn.
    """
    mounts: dict[str, Mount] = {}
    requests: list[PredictionRequest] = []
    refused: dict[str, str] = {}
    for question in questions:
        record = question.record
        reason = _cannot(record, folder)
        if reason is not None:
            refused[question.key] = reason
            continue
        requests.append(PredictionRequest(
            key=question.key,
            architecture=json.dumps(record.architecture),
            weights=_mount(mounts, folder / weights_name(record), weights_name(record)),
            probe=_mount(mounts, folder / probe_name(record), probe_name(record)),
            sampling_key=sampling_key,
            # Keras says one axis too many where words are counted in a model that takes columns of one text.
            output_shape=record.output_shape if record.texts is None else None,
            **_images(mounts, question),
        ))
    job = PredictionJob(requests=tuple(requests), limits=limits, mounts=tuple(mounts.values()))
    return job, refused


def read_predictions(source: Source, questions: Sequence[Expected]) -> dict[str, Answer | ModelProof | str]:
    """Return for every question what was answered, or a sentence why there is no answer.

    A question without images is answered with the proof.

    Args:
        source: the ``.out`` folder of the predictor's scratch.
        questions: those that were planned; any other reads as not answered.
    """
    answers = _answers(source)
    return {question.key: _outcome(source, answers.get(question.key), question) for question in questions}


def _cannot(record: ModelRecord, folder: Path) -> str | None:
    if record.unsupported is not None:
        return record.unsupported
    if not (folder / probe_name(record)).is_file():
        return "No answers of the student's model were recorded that could prove the rebuilt one."
    return None


def _images(mounts: dict[str, Mount], question: Question) -> dict[str, Any]:
    prepared, images = question.preprocessing, question.images
    if prepared is None or images is None:
        return {}
    inputs = _mount(mounts, images, f"images-{_number(mounts, images)}.npy")
    if isinstance(prepared, TextRows):
        return {"inputs": inputs, "shape": (prepared.width,), "words": prepared.words, "mode": prepared.mode,
                "standardize": prepared.standardize, "split": prepared.split}
    return {"inputs": inputs, "shape": prepared.shape, "scale": prepared.scale, "shift": prepared.shift,
            "columns": prepared.columns, "noise": question.noise}


def _number(mounts: dict[str, Mount], path: Path) -> int:
    known = [mount.source for mount in mounts.values() if mount.source.suffix == ".npy"]
    return known.index(path) if path in known else len(known)


def _mount(mounts: dict[str, Mount], path: Path, name: str) -> str:
    target = f"{FOLDER}/{name}"
    mounts[target] = Mount(source=path, target=target)
    return target


def _answers(source: Source) -> dict[str, dict[str, Any]]:
    try:
        data = source.read("predictions.jsonl", MAX_ANSWERS)
    except ArtifactError:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for line in parse_lines(data):
        if isinstance(line, dict) and isinstance(line.get("key"), str):
            found.setdefault(line["key"], line)
    return found


def _outcome(source: Source, answer: dict[str, Any] | None, question: Expected) -> Answer | ModelProof | str:
    if answer is None:
        return "The model was not evaluated: the process that evaluates models ended before it."
    fields = mapping(answer)
    if fields.get("agrees") is False:
        return DISAGREES
    if not question.count and fields.get("agrees") is True:
        return ModelProof(penalties=fields.get("penalties") is True)
    name = text(fields.get("file"))
    if fields.get("error") is not None or name is None or not _FILE.fullmatch(name):
        return f"The model could not be evaluated: {text(fields.get('error')) or 'no reason was given'}."
    try:
        outputs = _outputs(read_npz(source.read(name, OUTPUTS.packed), OUTPUTS), question.count)
        return Answer(outputs=outputs, batch=whole(fields.get("batch")) or 0)
    except ArtifactError as error:
        return str(error)


def _outputs(arrays: dict[str, Array], count: int) -> Array:
    y = arrays.get("y")
    if y is None or y.ndim < 1 or len(y) != count or y.dtype != np.float32:
        raise ArtifactError(f"Expected {count} predictions as float32, got something else: they were not used.")
    if not np.isfinite(y).all():
        raise ArtifactError("The model's predictions are not finite numbers: they were not used.")
    return y
