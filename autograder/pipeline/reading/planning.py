"""Which outputs of a student's models are needed, found in the artifacts of one run by a process without labels."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograder import artifacts
from autograder.artifacts import (
    Array,
    ArrayValue,
    Artifacts,
    LayerValue,
    ModelRecord,
    ModelValue,
    Preprocessing,
    SequenceValue,
    array_of,
)
from autograder.artifacts.prediction_files import Question, plan_predictions
from autograder.artifacts.probes import probe_name, weights_name
from autograder.artifacts.reader import PROBE, WEIGHTS
from autograder.artifacts.row_matching import match_rows
from autograder.artifacts.text_front import are_rows_of
from autograder.artifacts.text_rows import TextRows, recover_texts
from autograder.artifacts.values import SAMPLED_TEXT
from autograder.errors import ArtifactError
from autograder.model import Limits, PredictionJob
from autograder.model.base import Value
from autograder.model.reconstruction import read_reconstruction
from autograder.workspace.artifact_folder import FolderSource

Key = tuple[str, str, str]
"""(task, model name, name of the prepared array)."""
State = tuple[int, int]
"""(model, version)."""
Prepared = Preprocessing | TextRows
Maps = dict[bytes, Prepared | None]
"""Digest of an array's sampled rows → how it was prepared; of texts also the task, whose layers are tried."""
Kept = dict[str, str | None]
"""The outcome of one question: the file with its answer, or one sentence why there is none."""
MAX_MODELS = 100
"""Most distinct models of one submission that are rebuilt."""
TOO_MANY = f"More than {MAX_MODELS} models were made; the rest were not rebuilt."


class Asked(Value):
    """What the checks need to know, and the raw images for it."""

    keys: tuple[Key, ...]
    known: tuple[str, ...] = ()
    test_images: Path
    images: Path
    visible: int = 0


class Questions(Value):
    """The questions about tasks that were reached, and every state of a model that a check can use."""

    keys: tuple[Key, ...]
    models: tuple[State, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names under which the answers are stored; proofs come first, so that a model is rebuilt once."""
        return (*map(proof_name, self.models), *map("/".join, self.keys))


class Plan(Value):
    """The questions to evaluate.

    Attributes:
        names: of all questions.
        refused: those that cannot be evaluated, and why.
        same: which question a name's answer is read from, since equal models are evaluated once.
        counts: rows of each question's answer; 0: only the proof.
        visible: of how many of these, the first ones, feedback may show the answers.
    """

    names: tuple[str, ...]
    refused: dict[str, str]
    same: dict[str, str]
    counts: dict[str, int]
    visible: dict[str, int]
    job: PredictionJob


def proof_name(state: State) -> str:
    """Return the name of the question whether a rebuilt model is the student's."""
    return f"model-{state[0]}-{state[1]}"


def questions(asked: Asked, found: Artifacts) -> Questions:
    """Return all questions: models under a name at a checkpoint, or returned by a call, with what the checks need."""
    values = [value for checkpoint in found.checkpoints.values() for value in checkpoint.names.values()]
    values += [model for task in found.checkpoints for outcome in found.calls(task).values()
               for model in outcome.models]
    models = dict.fromkeys((value.model, value.version) for value in values if isinstance(value, ModelValue))
    return Questions(keys=tuple(key for key in asked.keys if key[0] in found.checkpoints), models=tuple(models))


def plan(
    asked: Asked, wanted: Questions, found: Artifacts, folder: Path, *, limits: Limits, sampling_key: str
) -> Plan | None:
    """Return what to evaluate, None where all answers are already known.

    Equal models under several names, versions or tasks are evaluated once, and proven once.

    Args:
        folder: the artifact folder with weights and probes.
    """
    if set(wanted.names) <= set(asked.known):
        return None
    planned: list[tuple[str, Question | str]] = [
        (name, Question(key=name, record=found.model(ModelValue(model=state[0], version=state[1]))))
        for state in wanted.models for name in [proof_name(state)]]
    maps: Maps = {}
    planned += [("/".join(key), _question(asked, found, key, maps)) for key in wanted.keys]
    refused = {name: question for name, question in planned if isinstance(question, str)}
    groups: dict[str, dict[tuple[Prepared | None, float | None], list[tuple[str, Question]]]] = {}
    for name, question in planned:
        if not isinstance(question, str):
            group = groups.setdefault(_content(folder, question.record), {})
            group.setdefault((question.preprocessing, question.noise), []).append((name, question))
    for group in list(groups.values())[MAX_MODELS:]:
        refused |= {name: TOO_MANY for same in group.values() for name, _ in same}
    chosen = [same for group in list(groups.values())[:MAX_MODELS] for same in group.values()]
    job, cannot = plan_predictions([same[0][1] for same in chosen], folder=folder, limits=limits,
                                   sampling_key=sampling_key)
    return Plan(names=wanted.names, refused={**refused, **cannot}, job=job,
                same={name: same[0][1].key for same in chosen for name, _ in same},
                counts={same[0][1].key: same[0][1].count for same in chosen},
                visible={same[0][1].key: asked.visible for same in chosen
                         if same[0][1].noise is None and not _keeps_state(same[0][1].record.architecture)})


def _keeps_state(node: Any) -> bool:
    """Whether a layer remembers earlier batches, so that its answer about an image depends on images before it."""
    if isinstance(node, dict):
        return bool(node.get("stateful")) or any(map(_keeps_state, node.values()))
    return isinstance(node, list) and any(map(_keeps_state, node))


def _content(folder: Path, record: ModelRecord) -> str:
    """Return a digest of everything that determines a rebuilt model's outputs, which several states may share."""
    total = hashlib.sha256(json.dumps([record.architecture, record.output_shape, record.unsupported]).encode())
    source = FolderSource(folder)
    for name, limit in ((weights_name(record), WEIGHTS.packed), (probe_name(record), PROBE.packed)):
        try:
            total.update(hashlib.sha256(source.read(name, limit)).digest())
        except ArtifactError:
            total.update(f"no {name}".encode())
    return total.hexdigest()


def _question(asked: Asked, found: Artifacts, key: Key, maps: Maps) -> Question | str:
    """Return how to evaluate a model, or one sentence why it cannot be evaluated.

    Args:
        maps: how each array was prepared, as far as it is known; added to, since many models have the same array.
    """
    task, model_name, prepared = key
    restored = read_reconstruction(prepared)
    array_name = restored.array if restored else prepared
    names = found.checkpoints[task].names
    model, array = names.get(model_name), array_of(names.get(array_name))
    if not isinstance(model, ModelValue):
        return f"There is no Keras model called `{model_name}` after this step."
    raw = np.load(asked.images, mmap_mode="r", allow_pickle=False)
    if (record := found.model(model)).texts is not None:
        return _of_texts(asked, record, key, names.get(array_name), raw)
    if array is None:
        return f"There is no array called `{array_name}` after this step."
    same = _rows_digest(array) + (task.encode() if raw.ndim == 1 else b"")
    if same not in maps:
        maps[same] = recover(asked.test_images, array, [one for one in names.values() if isinstance(one, LayerValue)])
    preprocessing = maps[same]
    if raw.ndim == 1 and restored is not None:
        return "How well rows are restored is measured on images and tables, and these are made from texts."
    if preprocessing is None and raw.ndim == 1:
        return record.unsupported or (
            f"How `{array_name}` was made from texts could not be recovered by a TextVectorization layer under a "
            "name, with all its words and a fixed length, so a person has to look at it.")
    if preprocessing is None:
        how = "a scale and a shift of each column" if raw.ndim == 2 else "a change of shape with one scale and shift"
        return (f"How `{array_name}` was prepared could not be recovered as {how}, so a person has to look at it.")
    if raw.ndim == 2 and isinstance(preprocessing, Preprocessing) and not _is_complete(raw, preprocessing):
        return f"A column of the table that `{array_name}` has was filled where it has gaps, and nobody can see how."
    count = len(raw)
    return Question(key="/".join(key), record=record, preprocessing=preprocessing, images=asked.images,
                    count=count, noise=restored.noise if restored else None)


def _of_texts(asked: Asked, record: ModelRecord, key: Key, value: Any, raw: Array) -> Question | str:
    """Return how to evaluate a model that takes texts: its own first layer says how they become numbers.

    Args:
        value: what is stored under the array's name.
        raw: the rows on which models are evaluated.
    """
    if raw.ndim != 1 or read_reconstruction(key[2]) is not None:
        return f"`{key[1]}` takes texts, and the rows of this data set are none that it can be evaluated on."
    given = value.texts if isinstance(value, (ArrayValue, SequenceValue)) else None
    public = np.load(asked.test_images, mmap_mode="r", allow_pickle=False)
    if not are_rows_of(given, public, SAMPLED_TEXT):
        return (f"`{key[1]}` takes texts, and `{key[2]}` does not have those of the data set, so a person has to look "
                "at it.")
    return Question(key="/".join(key), record=record, preprocessing=record.texts, images=asked.images, count=len(raw))


def _is_complete(raw: Array, prepared: Preprocessing) -> bool:
    """Whether the columns that an array was made from have no gaps in the rows on which a model is evaluated."""
    used = [column for column, scale in zip(prepared.columns, prepared.scale, strict=True) if scale != 0.0]
    return bool(np.isfinite(np.asarray(raw[:, used], np.float64)).all())


def _rows_digest(array: ArrayValue) -> bytes:
    """Return a digest of all that `recover` looks at."""
    total = hashlib.sha256()
    for part in (array.rows, array.indices):
        if part is not None:
            total.update(f"{part.shape}{part.dtype}|".encode())
            total.update(np.ascontiguousarray(part).data)
        total.update(b"|")
    return total.digest()


def recover(test_images: Path, array: ArrayValue, layers: Sequence[LayerValue] = ()) -> Prepared | None:
    """Return the map from the raw test rows to a student's prepared array, None where there is none.

    Args:
        layers: those under a name at the same checkpoint, one of which may have made rows of texts.
    """
    raw = np.load(test_images, mmap_mode="r", allow_pickle=False)
    if raw.ndim == 1:
        return recover_texts(array, raw, layers)
    if array.rows is None or array.indices is None or not len(array.indices) or array.indices.max() >= len(raw):
        return None
    rows = np.asarray(raw[array.indices])
    if raw.ndim != 2:
        return artifacts.recover(array.rows, rows)
    found = artifacts.recover_table(array.rows, rows)
    if found is None and (matched := match_rows(array.rows, np.asarray(raw))) is not None:
        found = artifacts.recover_table(array.rows[matched[0]], np.asarray(raw[matched[1]]))
    return found
