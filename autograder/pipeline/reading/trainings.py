"""What one run recorded of its trainings, and how to repeat one: read by a process without holdout labels.

Deciding which trainings to repeat needs figures of the holdout. They stay with the supervisor, which compares them
with the few plain facts of `Trainings`; only the chosen repetitions are then planned from the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograder import artifacts
from autograder.artifacts import Artifacts, ModelValue, Preprocessing, TextValue, array_of
from autograder.artifacts.recovery import PublicSet
from autograder.artifacts.refit_plan import Public, Recorded, plan_refit, read_refit, recorded
from autograder.checks.vocabulary.consistency import contradiction, permitted
from autograder.errors import ArtifactError
from autograder.feedback.board import shown_name
from autograder.model import Limits, RefitJob
from autograder.model.base import Value
from autograder.pipeline.fingerprint import refit_fingerprint
from autograder.pipeline.reading.planning import Key, State, recover
from autograder.workspace.artifact_folder import FolderSource

OUTPUTS = "outputs.npy"
_UNREADABLE = (ArtifactError, ValueError, TypeError, LookupError, ArithmeticError)


class Trained(Value):
    """One state of a model that a check uses, and what its process recorded of its training.

    Attributes:
        images: fingerprint of the array of prepared test images, None where it is unknown.
        rows: images in that array.
        doubted: the record is contradictory or could not be read: a reason to repeat the training, but no proof.
        watched: fingerprint of the images on which the last `fit` claims an accuracy.
        least, most: accuracies on these that the claims allow.
        trained_in: tasks in which its calls of `fit` were recorded.
    """

    task: str
    model: str
    array: str
    state: State
    images: str | None = None
    rows: int = 0
    doubted: bool = False
    watched: str | None = None
    least: float = 0.0
    most: float = 1.0
    trained_in: tuple[str, ...] = ()


class Trainings(Value):
    """What one run recorded of its trainings.

    Attributes:
        named: whether it chose a nickname that may be shown on the leaderboard.
    """

    models: tuple[Trained, ...]
    named: bool = False


class PublicFiles(Value):
    """Files of the public data: images and labels for training and for testing, and the images to evaluate on."""

    train: tuple[Path, Path]
    test: tuple[Path, Path]
    evaluation: Path


class Repetition(Value):
    """One training to repeat, with everything that determines its fingerprint.

    Attributes:
        known: fingerprints of stored repetitions: these are not planned again.
    """

    task: str
    model: str
    array: str
    state: State
    seeds: tuple[int, ...]
    limits: Limits
    data: str
    versions: dict[str, str]
    public: PublicFiles
    known: tuple[str, ...] = ()


class Planned(Value):
    """How to repeat a training.

    Attributes:
        trained_in: tasks in which its calls of `fit` were recorded.
        why: one sentence why it cannot be repeated.
        job: None: it cannot be repeated, or its repetition is known.
    """

    fingerprint: str
    trained_in: tuple[str, ...] = ()
    why: str | None = None
    job: RefitJob | None = None


def trainings(found: Artifacts, keys: Iterable[Key], board: tuple[str, str] | None) -> Trainings:
    """Return what was recorded of the models that the checks use.

    Args:
        board: task and name of the nickname, None without a leaderboard.
    """
    models = []
    for task, model, array in keys:
        value = found.checkpoints[task].names.get(model) if task in found.checkpoints else None
        if isinstance(value, ModelValue):
            models.append(_trained(found, (task, model, array), value))
    named = found.checkpoints.get(board[0]) if board else None
    nickname = named.names.get(board[1]) if named and board else None
    return Trainings(models=tuple(models), named=isinstance(nickname, TextValue) and bool(shown_name(nickname.value)))


def recorded_trainings(arguments: Mapping[str, Any], _: bytes) -> dict[str, Any]:
    """Return what one stored run recorded of its trainings."""
    found = artifacts.read(FolderSource(Path(arguments["artifacts"])), sampling_key=arguments["sampling_key"])
    return trainings(found, [(key[0], key[1], key[2]) for key in arguments["keys"]],
                     arguments["board"]).model_dump(mode="json")


def training(arguments: Mapping[str, Any], _: bytes) -> dict[str, Any]:
    """Return how to repeat a recorded training: see `Planned`."""
    wanted = Repetition.model_validate(arguments["wanted"])
    found = artifacts.read(FolderSource(Path(arguments["artifacts"])), sampling_key=arguments["sampling_key"])
    work: Recorded | str
    try:
        work = recorded(found, wanted.task, ModelValue(model=wanted.state[0], version=wanted.state[1]))
    except _UNREADABLE as error:
        work = _why(error)
    identity = [wanted.task, wanted.model, work] if isinstance(work, str) else work.identity
    fingerprint = refit_fingerprint(identity, seeds=wanted.seeds, limits=wanted.limits, data=wanted.data,
                                    versions=wanted.versions)
    planned = Planned(fingerprint=fingerprint, trained_in=() if isinstance(work, str) else work.tasks)
    if fingerprint not in wanted.known:
        planned = planned.model_copy(update=_how(found, wanted, work))
    return planned.model_dump(mode="json")


def trained(arguments: Mapping[str, Any], _: bytes) -> str | None:
    """Store the outputs of a model trained again as ``outputs.npy``; return a sentence where there are none."""
    outputs = read_refit(FolderSource(Path(arguments["raw"])), arguments["count"])
    if isinstance(outputs, str):
        return outputs
    np.save(Path(arguments["into"]) / OUTPUTS, outputs)
    return None


def _trained(found: Artifacts, key: Key, value: ModelValue) -> Trained:
    """Return what was recorded of one state of a model; missing or unfinished trainings contradict nothing."""
    task, model, name = key
    array = array_of(found.checkpoints[task].names.get(name))
    seen: dict[str, Any] = {"task": task, "model": model, "array": name, "state": (value.model, value.version)}
    if array is not None and array.shape:
        seen |= {"images": array.fingerprint, "rows": array.shape[0]}
    seen["trained_in"] = [task for task, checkpoint in found.checkpoints.items()
                          if any(fit.model == value.model for fit in checkpoint.fits)]
    fits = [fit for fit in found.fits_before(task) if fit.model == value.model]
    if not fits or not all(fit.completed for fit in fits):
        return Trained(**seen)
    try:
        watched, least, most = permitted(fits)
        return Trained(**seen, doubted=_doubted(found, task, value), watched=watched, least=least, most=most)
    except _UNREADABLE:
        return Trained(**seen, doubted=True)


def _doubted(found: Artifacts, task: str, value: ModelValue) -> bool:
    """Whether the record of a model's training contradicts itself, whatever is measured."""
    fits = [fit for fit in found.fits_before(task) if fit.model == value.model]
    record = found.model(value)
    weights = found.weights_fingerprint(record)
    return (any(fit.doubt is not None for fit in fits)
            or (weights is not None and fits[-1].weights_after not in (None, weights))
            or any(said.startswith(f"Task {task} has more than one checkpoint") for said in found.problems)
            or contradiction(fits, record.iterations, {}, halvings=record.halvings) is not None)


def _how(found: Artifacts, wanted: Repetition, work: Recorded | str) -> dict[str, Any]:
    if isinstance(work, str):
        return {"why": work}
    try:
        array = array_of(found.checkpoints[wanted.task].names.get(wanted.array))
        asked = recover(wanted.public.test[0], array) if array is not None else None
        if not isinstance(asked, Preprocessing):
            return {"why": f"How `{wanted.array}` was prepared could not be recovered."}
        return {"job": plan_refit(work, _public(wanted.public), asked, limits=wanted.limits)}
    except _UNREADABLE as error:
        return {"why": _why(error)}


def _public(files: PublicFiles) -> Public:
    places = {"train": files.train, "test": files.test}
    sets = {name: PublicSet(name=name, images=np.load(images, mmap_mode="r", allow_pickle=False),
                            labels=np.load(labels, mmap_mode="r", allow_pickle=False))
            for name, (images, labels) in places.items()}
    return Public(train=sets["train"], test=sets["test"], files=places, evaluation=files.evaluation)


def _why(error: Exception) -> str:
    """Return why a training cannot be repeated; a record that crashes its reader must not cost a grade."""
    if isinstance(error, ArtifactError):
        return str(error)
    return f"Its record cannot be used ({type(error).__name__})."
