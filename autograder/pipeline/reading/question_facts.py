"""The facts in one stored run that questions to its student are made from. What a student wrote is only read here.

A fact is left out, with a sentence for staff, where the record contradicts itself, where a rebuilt model did not answer
as the recorded one did, or where two trainings of one network make a question ambiguous.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from autograder.artifacts import ArrayValue, Artifacts, CompileSpec, Fit, LayerSpec, ModelRecord, ModelValue, array_of
from autograder.artifacts.layer_sizes import LayerSize, layer_sizes
from autograder.pipeline.reading.planning import Key, proof_name
from autograder.questions import ConfusionFact, Evidence, LayerFact, NetworkFact, TestedFact, TrainingFact

MOST_NETWORKS = 24
MOST_EPOCHS = 10_000
LONGEST_NAME = 40
MOST_CLASSES = 20
QUANTITIES = {"loss": "loss", "val_loss": "val_loss", "accuracy": "accuracy", "val_accuracy": "val_accuracy",
              "acc": "accuracy", "val_acc": "val_accuracy"}
CHANGES_THE_RATE = ("LearningRateScheduler", "ReduceLROnPlateau", "LambdaCallback", "own ")
"""Callbacks with which a training may have more than one learning rate; the last one: those that are not Keras's."""


def find_facts(
    found: Artifacts, *, tasks: Collection[str], doubted: Collection[str], keys: Iterable[Key]
) -> Evidence:
    """Return the facts of one run.

    Args:
        tasks: ids of the tasks of the result; checkpoints of others are left out.
        doubted: names of recorded states (see `proof_name`) for which the rebuilt model did not prove to be the same.
        keys: task, name and test array of the models that were evaluated.
    """
    left_out: dict[str, None] = {}
    named = _networks(found, tasks, left_out)
    networks = [fact for number, (task, name, states) in named.items()
                if (fact := _network(found, number, (task, name), states, doubted, left_out)) is not None]
    return Evidence(
        networks=tuple(networks), trainings=tuple(_trainings(found, named, left_out)),
        tested=tuple(_tested(found, keys, doubted)), confusions=tuple(_own_matrices(found, tasks)),
        left_out=tuple(left_out))


_Named = dict[int, tuple[str, str, list[ModelValue]]]
"""Number of a model → the first task and variable that it has, and its states."""


def _networks(found: Artifacts, tasks: Collection[str], left_out: dict[str, None]) -> _Named:
    named: _Named = {}
    for task, checkpoint in found.checkpoints.items():
        for name, value in checkpoint.names.items():
            if task not in tasks or not isinstance(value, ModelValue):
                continue
            if not is_plain_name(name):
                left_out["A network was left out, since its variable has a name that cannot be printed."] = None
                continue
            if value.model not in named and len(named) == MOST_NETWORKS:
                left_out[f"Only the first {MOST_NETWORKS} networks were used."] = None
            elif value not in named.setdefault(value.model, (task, name, []))[2]:
                named[value.model][2].append(value)
    return named


def is_plain_name(name: str) -> bool:
    """Whether a name is that of a variable, short and printable: other names were not written in a notebook."""
    return name.isidentifier() and name.isprintable() and len(name) <= LONGEST_NAME


def _network(
    found: Artifacts, number: int, named: tuple[str, str], states: list[ModelValue], doubted: Collection[str],
    left_out: dict[str, None],
) -> NetworkFact | None:
    if any(proof_name((state.model, state.version)) in doubted for state in states):
        left_out[f"`{named[1]}` was left out: rebuilt, it does not answer as it did in the notebook."] = None
        return None
    records = [found.model(state) for state in states]
    record = next((record for record in records if record.unsupported is None), None)
    if record is None:
        left_out[f"`{named[1]}` was left out: {records[0].unsupported}"] = None
        return None
    sizes = layer_sizes(record)
    if sizes is None:
        left_out[f"Sizes of `{named[1]}` were left out: its layers form no plain chain, or are not all known."] = None
    optimizer, rate = _learning_rate(found, number, records)
    shape = record.input_shape[1:] if record.input_shape else ()
    return NetworkFact(
        task=named[0], name=named[1], optimizer=optimizer, learning_rate=rate,
        input=tuple(side for side in shape if side is not None) if None not in shape else None,
        layers=tuple(map(_layer, record.layers, sizes)) if sizes is not None else ())


def _layer(layer: LayerSpec, size: LayerSize) -> LayerFact:
    return LayerFact(kind=layer.class_name, parameters=size.parameters, inputs=size.inputs, output=size.output,
                     units=layer.units, filters=layer.filters, rate=layer.rate, bias=layer.use_bias,
                     window=layer.kernel_size or layer.pool_size)


def _learning_rate(found: Artifacts, number: int, records: list[ModelRecord]) -> tuple[str | None, float | None]:
    """Return optimizer and learning rate of a model that had the same ones throughout."""
    fits = [fit for fit in found.fits if fit.model == number]
    compiled = [record.compile for record in records if record.compile is not None]
    rates = {_rate(spec) for spec in compiled}
    changed = any(callback.startswith(CHANGES_THE_RATE) for fit in fits for callback in fit.callbacks)
    if len(rates) != 1 or changed or not fits or any(fit.doubt for fit in fits):
        return None, None
    return rates.pop()


def _rate(spec: CompileSpec) -> tuple[str | None, float | None]:
    rate = spec.settings.get("learning_rate")
    known = isinstance(rate, (int, float)) and not isinstance(rate, bool) and math.isfinite(rate)
    if spec.optimizer is None or not known or "optimizer" in spec.foreign or not is_plain_name(spec.optimizer):
        return None, None
    return spec.optimizer, float(f"{rate:.6g}")


def _trainings(found: Artifacts, named: _Named, left_out: dict[str, None]) -> Iterator[TrainingFact]:
    fits: dict[int, list[tuple[str, Fit]]] = {}
    for task, checkpoint in found.checkpoints.items():
        for fit in checkpoint.fits:
            fits.setdefault(fit.model, []).append((task, fit))
    for number, made in ((one, fits[one]) for one in named if one in fits):
        name = named[number][1]
        if len(made) > 1:
            left_out[f"The training of `{name}` was left out: `fit` was called {len(made)} times."] = None
            continue
        task, fit = made[0]
        fact = _training(task, name, fit)
        if isinstance(fact, str):
            left_out[f"The training of `{name}` was left out: {fact}."] = None
        else:
            yield fact


def _training(task: str, name: str, fit: Fit) -> TrainingFact | str:
    if not fit.completed or fit.doubt is not None:
        return "its record is incomplete or contradicts itself"
    split = fit.validation.split if fit.validation is not None else None
    given = fit.x.shape[0] if fit.x.shape else 0
    if not given or not fit.batch_size or not fit.epochs or fit.initial_epoch or not 0 <= (split or 0) < 1:
        return "its examples, batches or epochs are not recorded"
    examples = int(given * (1 - split)) if split else given  # as Keras splits
    curves = _curves(fit)
    epochs = max(map(len, curves.values()), default=0)
    updates = -(-examples // fit.batch_size)
    if not epochs or epochs > min(fit.epochs, MOST_EPOCHS):
        return "its history does not fit its epochs"
    if fit.steps is not None and fit.steps != epochs * updates:
        return f"it changed the weights {fit.steps:,} times and not {epochs * updates:,} times"
    return TrainingFact(task=task, name=name, given=given, split=split or None, examples=examples, updates=updates,
                        batch_size=fit.batch_size, epochs=fit.epochs, curves=curves,
                        stops_early="EarlyStopping" in fit.callbacks)


def _curves(fit: Fit) -> dict[str, tuple[float, ...]]:
    """Return the curves that questions use; one with a number that is none is left out."""
    return {QUANTITIES[name]: tuple(values) for name, values in fit.history.items()
            if name in QUANTITIES and values and all(map(math.isfinite, values))}


def _tested(found: Artifacts, keys: Iterable[Key], doubted: Collection[str]) -> Iterator[TestedFact]:
    for task, name, prepared in keys:
        names: Mapping[str, Any] = found.checkpoints[task].names if task in found.checkpoints else {}
        value, array = names.get(name), array_of(names.get(prepared))
        if not isinstance(value, ModelValue) or array is None or not array.shape or not is_plain_name(name):
            continue
        state = proof_name((value.model, value.version))
        if state not in doubted:
            yield TestedFact(task=task, name=name, state=state, rows=array.shape[0])


def _own_matrices(found: Artifacts, tasks: Collection[str]) -> Iterator[ConfusionFact]:
    """Yield what looks like the student's own confusion matrix; whether it is right is decided by the checks."""
    for task, checkpoint in found.checkpoints.items():
        for name, value in checkpoint.names.items():
            array = array_of(value)
            if task in tasks and "confusion" in name.casefold() and is_plain_name(name) and array is not None:
                counts = _counts(array)
                if counts is not None:
                    yield ConfusionFact(task=task, name=name, counts=counts, source="own",
                                        examples=sum(map(sum, counts)))


def _counts(array: ArrayValue) -> tuple[tuple[int, ...], ...] | None:
    """Return a matrix of counts that was recorded whole; None for any other array."""
    sides, rows = array.shape, array.rows
    square = len(sides) == 2 and sides[0] == sides[1] and 2 < sides[0] <= MOST_CLASSES
    if not square or rows is None or rows.shape != sides or array.indices is None or rows.dtype.kind not in "iuf":
        return None
    if not np.array_equal(array.indices, np.arange(sides[0])) or not np.isfinite(rows).all():
        return None
    whole = (rows >= 0).all() and (rows <= 1_000_000).all() and (rows == np.floor(rows)).all()
    return tuple(tuple(int(count) for count in row) for row in rows) if whole else None
