"""Both ends of a `RefitJob` on the trusted side: how to train a recorded model again, and the results."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from autograder.artifacts.callbacks import callbacks, first_rate, monitored
from autograder.artifacts.json_fields import mapping, text
from autograder.artifacts.jsonguard import parse
from autograder.artifacts.model_values import ModelRecord
from autograder.artifacts.npz import NpzLimits, read_npz
from autograder.artifacts.preprocessing import Preprocessing
from autograder.artifacts.reader import Artifacts, Source
from autograder.artifacts.recorded_training import Training
from autograder.artifacts.recovery import Images, PublicSet, recover_images, recover_labels
from autograder.artifacts.values import Array, ArrayRef, ArrayValue, Fit, ModelValue
from autograder.errors import ArtifactError
from autograder.model import Limits, Mount, RefitJob, TrainingArray, TrainingFit

FOLDER = "/inputs"
ANSWER, OUTPUTS = "refit.json", "refit.npz"
KERAS_BATCH = 32
MAX_ANSWER = 1 << 20
MAX_EPOCHS = 100_000
MAX_FITS = 50
MAX_ARRAYS = 8
"""Different pairs of images and labels in one training: finding out how one was made can take seconds."""
LIMITS = NpzLimits(packed=512 << 20, unpacked=512 << 20, members=1)
_LOSSES = frozenset({"loss", "val_loss"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Public:
    """Files of the public data, ``.npy``, and their rows loaded in this process."""

    train: PublicSet
    test: PublicSet
    files: Mapping[str, tuple[Path, Path]]
    evaluation: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """All that was recorded of how one model was trained.

    Attributes:
        value: the state that was handed in.
        fits: all its calls of `fit` up to there, in order.
        trainings: its compile settings at each of them.
        named: arrays stored under names, of all checkpoints up to there.
        tasks: tasks in which the calls of `fit` were recorded.
        taken_back: its weights are not those that the last `fit` left.
    """

    value: ModelValue
    record: ModelRecord
    fits: tuple[Fit, ...]
    trainings: tuple[Training, ...]
    named: tuple[ArrayValue, ...]
    tasks: tuple[str, ...]
    taken_back: bool

    @property
    def identity(self) -> dict[str, Any]:
        """Plain data that determines a repetition; equal for the same work, whatever weights resulted."""
        return {
            "architecture": self.trainings[-1].architecture,
            "compiled": [training.compiled(first_rate(fit))
                         for training, fit in zip(self.trainings, self.fits, strict=True)],
            "fits": [[_reference(fit.x), _reference(fit.y), fit.batch_size, fit.epochs, fit.initial_epoch, fit.shuffle,
                      _validation(fit), list(fit.callbacks), [dict(made) for made in fit.callback_settings],
                      list(fit.others), fit.completed, fit.steps] for fit in self.fits],
            "iterations": self.record.iterations, "taken_back": self.taken_back,
        }


def recorded(found: Artifacts, task: str, value: ModelValue) -> Recorded:
    """Return how the model that a task's checkpoint holds was trained.

    Raises:
        ArtifactError: one sentence why it cannot be trained again.
    """
    record = found.model(value)
    if record.unsupported is not None:
        raise ArtifactError(record.unsupported)
    fits: list[Fit] = []
    tasks: list[str] = []
    states: list[ModelValue] = []
    named: dict[str | None, ArrayValue] = {}
    for checkpoint in found.checkpoints.values():
        held = [item for item in checkpoint.names.values()
                if isinstance(item, ModelValue) and item.model == value.model]
        own = [fit for fit in checkpoint.fits if fit.model == value.model]
        fits += own
        tasks += [checkpoint.task] if own else []
        states += [held[0] if held else value] * len(own)
        named |= {item.fingerprint: item for item in checkpoint.names.values() if isinstance(item, ArrayValue)}
        if checkpoint.task == task:
            break
    if not fits:
        raise ArtifactError("No call of `fit` on it was recorded.")
    _check_fits(fits, record)
    weights = found.weights_fingerprint(record)
    return Recorded(
        value=value, record=record, fits=tuple(fits), trainings=tuple(found.training(state) for state in states),
        named=tuple(named.values()), tasks=tuple(tasks),
        taken_back=weights is not None and fits[-1].weights_after not in (None, weights))


def plan_refit(work: Recorded, public: Public, asked: Preprocessing, *, limits: Limits) -> RefitJob:
    """Return the job that trains a model again and evaluates it, with seed 0.

    Args:
        asked: how the raw test images are prepared for this model.

    Raises:
        ArtifactError: one sentence why it cannot be trained again.
    """
    mounts: dict[str, Mount] = {}
    data = _Data(work, public, mounts)
    again = _compiled_again(work)
    fits = []
    for number, fit in enumerate(work.fits):
        training = work.trainings[number]
        last = number == len(work.fits) - 1
        if not training.all_metrics and not monitored(fit) <= _LOSSES:
            raise ArtifactError("A callback watched a metric that is not one of Keras's own.")
        fits.append(_plan_fit(fit, data, taken_back=work.taken_back and last).model_copy(
            update={"compile": training.compiled(first_rate(fit)) if number in again else None}))
    inputs = _mount(mounts, public.evaluation)
    return RefitJob(architecture=json.dumps(work.trainings[-1].architecture), fits=tuple(fits), seed=0, inputs=inputs,
                    shape=asked.shape, scale=asked.scale, shift=asked.shift, limits=limits,
                    mounts=tuple(mounts.values()))


def read_refit(source: Source, count: int) -> Array | str:
    """Return the outputs of a model that was trained again, ``(count, …)`` float32, or a sentence why there is nothing.

    Args:
        source: the ``.out`` folder of the child's scratch.
        count: images that it was evaluated on.
    """
    try:
        answer = mapping(parse(source.read(ANSWER, MAX_ANSWER), limit=MAX_ANSWER))
        error = text(answer.get("error"), 300)
        if error is not None:
            return f"The training ended with {error.rstrip('.')}."
        y = read_npz(source.read(OUTPUTS, LIMITS.packed), LIMITS).get("y")
    except ArtifactError:
        return "The training did not finish within the assignment's limits."
    if y is None or y.ndim < 1 or len(y) != count or y.dtype != np.float32 or not np.isfinite(y).all():
        return "The model that was trained again does not give finite outputs with one row for each image."
    return y


def _check_fits(fits: Sequence[Fit], record: ModelRecord) -> None:
    """Refuse what a repetition would do differently from the student's process."""
    if len(fits) > MAX_FITS:
        raise ArtifactError(f"`fit` was called {len(fits):,} times; at most {MAX_FITS} calls are repeated.")
    for fit in fits:
        if not fit.completed:
            raise ArtifactError("One of its calls of `fit` did not finish.")
        if fit.others:
            raise ArtifactError(f"`fit` was called with `{fit.others[0][:60]}`, which was not recorded.")
        if fit.epochs is not None and fit.epochs > MAX_EPOCHS:
            raise ArtifactError(f"`fit` was called for {fit.epochs:,} epochs.")
    steps = [fit.steps for fit in fits]
    known = sum(step for step in steps if step is not None)
    if record.iterations is not None and None not in steps and record.iterations > known:
        raise ArtifactError("It was also trained in ways that were not recorded, such as `train_on_batch`: its "
                            "optimizer "
                            f"counted {record.iterations:,} steps, the calls of `fit` only {known:,}.")
    if any(before.weights_after is not None and after.weights_before is not None
           and before.weights_after != after.weights_before for before, after in pairwise(fits)):
        raise ArtifactError("Its weights were changed between two calls of `fit`.")


def _compiled_again(work: Recorded) -> frozenset[int]:
    """Return before which fits the model was compiled: the first, where settings changed, where the count restarts."""
    compiled = [training.compiled() for training in work.trainings]
    found = {0, *(number for number in range(1, len(compiled)) if compiled[number] != compiled[number - 1])}
    steps = [fit.steps or 0 for fit in work.fits]
    if work.record.iterations is not None and work.record.iterations != sum(steps):
        found |= {start for start in range(1, len(steps)) if sum(steps[start:]) == work.record.iterations}
    return frozenset(found)


def _plan_fit(fit: Fit, data: _Data, *, taken_back: bool) -> TrainingFit:
    x, y = data.pair(fit.x, fit.y)
    validation, split = None, 0.0
    if fit.validation is not None and fit.validation.split is not None:
        split = fit.validation.split
        if not 0.0 <= split < 1.0:
            raise ArtifactError(f"`fit` was called with the validation split {split:g}.")
    elif fit.validation is not None:
        validation = data.pair(fit.validation.x or ArrayRef(), fit.validation.y or ArrayRef())
    return TrainingFit(
        x=x, y=y, validation=validation, validation_split=split, batch_size=fit.batch_size or KERAS_BATCH,
        epochs=1 if fit.epochs is None else fit.epochs, initial_epoch=fit.initial_epoch,
        shuffle=fit.shuffle is not False, callbacks=callbacks(fit, taken_back=taken_back))


class _Data:
    """The arrays of one training; each is recovered once."""

    def __init__(self, work: Recorded, public: Public, mounts: dict[str, Mount]) -> None:
        self._work, self._public, self._mounts = work, public, mounts
        self._known: dict[tuple[ArrayRef, ArrayRef], tuple[TrainingArray, TrainingArray]] = {}

    def pair(self, x: ArrayRef, y: ArrayRef) -> tuple[TrainingArray, TrainingArray]:
        """Return images and labels as a repetition recreates them.

        Raises:
            ArtifactError: one sentence why this is impossible.
        """
        if (x, y) not in self._known:
            if len(self._known) == MAX_ARRAYS:
                raise ArtifactError(f"It was trained on more than {MAX_ARRAYS} different arrays.")
            self._known[x, y] = self._made(x, y)
        return self._known[x, y]

    def _made(self, x: ArrayRef, y: ArrayRef) -> tuple[TrainingArray, TrainingArray]:
        images = recover_images(x, self._work.named, (self._public.train, self._public.test))
        table = recover_labels(y, self._work.named, images.place)
        place = images.place
        image_file, label_file = self._public.files[place.data.name]
        where = {"start": place.start, "step": place.step, "count": place.count}
        return (
            TrainingArray(source=_mount(self._mounts, image_file), shape=images.shape, dtype=images.dtype, **where,
                          **_made_by(images)),
            TrainingArray(source=_mount(self._mounts, label_file), shape=(y.shape or ())[1:], dtype=str(table.dtype),
                          **where, table=tuple(tuple(row) for row in table.tolist())),
        )


def _made_by(images: Images) -> dict[str, Any]:
    if images.table is not None:
        return {"table": tuple((value,) for value in images.table.tolist())}
    return {"scale": images.map.scale, "shift": images.map.shift}


def _mount(mounts: dict[str, Mount], path: Path) -> str:
    target = f"{FOLDER}/{path.name}"
    mounts[target] = Mount(source=path, target=target)
    return target


def _reference(ref: ArrayRef | None) -> list[Any] | None:
    return None if ref is None else [ref.fingerprint, list(ref.shape or ()), ref.dtype]


def _validation(fit: Fit) -> list[Any] | None:
    found = fit.validation
    return None if found is None else [found.split, _reference(found.x), _reference(found.y)]
