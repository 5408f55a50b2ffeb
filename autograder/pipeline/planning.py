"""What a student's models are asked: found in the artifacts of one run, by a process that holds no labels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from autograder import artifacts
from autograder.artifacts import ArrayValue, Artifacts, ModelValue, Preprocessing
from autograder.artifacts.predictions import Question, plan_predictions
from autograder.model import Limits, PredictionJob
from autograder.model.base import Value

Key = tuple[str, str, str]
"""(task, model name, name of the prepared array)."""


class Asked(Value):
    """What the checks ask about, and the raw images that the answers are about."""

    keys: tuple[Key, ...]
    known: tuple[str, ...] = ()
    test_images: Path
    images: Path


class Plan(Value):
    """What to ask. ``same`` says, for every question that some names share, which of them it was asked under."""

    names: tuple[str, ...]
    refused: dict[str, str]
    same: dict[str, str]
    job: PredictionJob
    count: int


def reached(keys: tuple[Key, ...], tasks: Mapping[str, object]) -> tuple[Key, ...]:
    """Return the questions about tasks whose checkpoint was written."""
    return tuple(key for key in keys if key[0] in tasks)


def plan(asked: Asked, found: Artifacts, folder: Path, limits: Limits) -> Plan | None:
    """Return what to ask the models, None where all that is asked is known already.

    Equal models under several names or tasks are asked once.

    Args:
        folder: the artifact folder, which holds weights and probes.
    """
    keys = reached(asked.keys, found.checkpoints)
    names = tuple("/".join(key) for key in keys)
    if set(names) <= set(asked.known):
        return None
    count = len(np.load(asked.images, mmap_mode="r", allow_pickle=False))
    refused: dict[str, str] = {}
    same: dict[str, str] = {}
    first: dict[tuple[int, int, Preprocessing], str] = {}
    questions = []
    for key, name in zip(keys, names, strict=True):
        question = _question(asked, found, key, count)
        if isinstance(question, str):
            refused[name] = question
            continue
        identity = (question.record.model, question.record.version, question.preprocessing)
        if identity not in first:
            questions.append(question)
        same[name] = first.setdefault(identity, name)
    job, cannot = plan_predictions(questions, folder=folder, limits=limits)
    return Plan(names=names, refused={**refused, **cannot}, same=same, job=job, count=count)


def _question(asked: Asked, found: Artifacts, key: Key, count: int) -> Question | str:
    """Return how to ask a model, or one sentence why it cannot be asked."""
    task, model_name, array_name = key
    names = found.checkpoints[task].names
    model, array = names.get(model_name), names.get(array_name)
    if not isinstance(model, ModelValue):
        return f"There is no Keras model called `{model_name}` after this step."
    if not isinstance(array, ArrayValue):
        return f"There is no array called `{array_name}` after this step."
    preprocessing = recover(asked.test_images, array)
    if preprocessing is None:
        return (f"How `{array_name}` was prepared could not be recovered as a change of shape with one scale and "
                "shift, so a person has to look at it.")
    return Question(key="/".join(key), record=found.model(model), preprocessing=preprocessing, images=asked.images,
                    count=count)


def recover(test_images: Path, array: ArrayValue) -> Preprocessing | None:
    """Return the map from the raw test images to a student's prepared array, None where there is none."""
    raw = np.load(test_images, mmap_mode="r", allow_pickle=False)
    if array.rows is None or array.indices is None or not len(array.indices) or array.indices.max() >= len(raw):
        return None
    return artifacts.recover(array.rows, np.asarray(raw[array.indices]))
