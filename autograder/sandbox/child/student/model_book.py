"""Records models as plain data: architecture, compile configuration, weights, and outputs for probe inputs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log2
from typing import Any, TypeVar
from weakref import ref

import keras
from keras import Model
from keras.saving import serialize_keras_object
from numpy.typing import NDArray
from xxhash import xxh3_128

from autograder.artifacts.sampling import bytes_digest
from autograder.sandbox.child.probing import as_numpy, probe_of
from autograder.sandbox.child.student.behind_texts import split_texts
from autograder.sandbox.child.student.own import foreign_layers, foreign_parts, public_class
from autograder.sandbox.child.student.records import Recorder, encoder

_LATELY = 16
_WRAPPINGS = 3
_T = TypeVar("_T")
_encode = encoder(repr)
_decode = json.JSONDecoder().decode
_compile_config = Model.get_compile_config
_OPTIMIZERS = {name: value for name, value in vars(keras.optimizers).items() if isinstance(value, type)}


@dataclass(slots=True)
class _Entry:
    model: Callable[[], Any]
    number: int
    version: int = 0
    state: str = ""
    function: tuple[str, str] = ("", "")
    """What determines the outputs of the version last written: fingerprint of its weights, and its architecture."""


class ModelBook:
    """Numbers the models of one run and records each of their states once."""

    def __init__(self, recorder: Recorder, key: str, probe_rows: int) -> None:
        self._recorder = recorder
        self._key = key
        self._rows = probe_rows
        self._entries: dict[int, _Entry] = {}
        self._count = 0
        self._lately: dict[int, Any] = {}

    def number(self, model: Any) -> int:
        """Return the number of a model; a new model gets the next one."""
        return self._entry(model).number

    def used(self, model: Any) -> int:
        """Return a model's number, and keep the model until the next checkpoint even if it has no name."""
        self._lately[id(model)] = model
        if len(self._lately) > _LATELY:
            del self._lately[next(iter(self._lately))]
        return self.number(model)

    def record_used(self) -> None:
        """Record the models that were fitted or evaluated since the last checkpoint, and release them."""
        for model in list(self._lately.values()):
            try:
                self.record(model)
            except Exception:  # noqa: S112  (a model that cannot be read is one the checks will not find)
                continue
        self._lately.clear()

    def record(self, model: Any) -> dict[str, Any]:
        """Return the description of a model for a checkpoint; its files are written if it has changed."""
        entry = self._entry(model)
        arrays = weights(model)
        compiled = _attempt(lambda: _compile(model))
        fingerprint = weights_fingerprint(arrays)
        state = fingerprint + _encode(compiled)
        if state != entry.state:
            entry.version, entry.state = entry.version + 1, state
            self._write(entry, model, arrays, fingerprint, compiled)
        return {"kind": "model", "model": entry.number, "version": entry.version}

    def _entry(self, model: Any) -> _Entry:
        entry = self._entries.get(id(model))
        if entry is None or entry.model() is not model:
            self._count += 1
            entry = self._entries[id(model)] = _Entry(ref(model), self._count)
        return entry

    def _write(
        self, entry: _Entry, model: Any, arrays: list[NDArray[Any]], fingerprint: str, compiled: Any
    ) -> None:
        suffix = f"{entry.number}-{entry.version}"
        built = bool(getattr(model, "built", False)) and bool(arrays or not model.weights)
        document = {
            "model": entry.number, "version": entry.version, "name": str(getattr(model, "name", "")), "built": built,
            "class": type(model).__name__, "foreign": _attempt(lambda: foreign_layers(model)),
            "architecture": _attempt(lambda: _architecture(model)), "compile": compiled,
            "iterations": iterations(model), "halvings": halvings(model),
            "parameters": _attempt(lambda: _parameters(model)) if built else None,
            "weights": _attempt(lambda: [_weight(w) for w in model.weights]) or [],
            "input_shape": _attempt(lambda: _plain(model.input_shape)),
            "output_shape": _attempt(lambda: _plain(model.output_shape)),
        }
        front = _attempt(lambda: split_texts(model)) if built else None
        if front is not None:
            document["vectorizer"] = front[0]
        self._recorder.document(f"model-{suffix}.json", _decode(_encode(document)))
        if built:
            self._write_function(entry, front[1] if front else model, arrays,
                                 (fingerprint, _encode([document["architecture"], document.get("vectorizer")])))

    def _write_function(
        self, entry: _Entry, model: Any, arrays: list[NDArray[Any]], function: tuple[str, str]
    ) -> None:
        """Write weights and probe; if the model was only compiled since, its files get a second name."""
        name = f"{entry.number}-{entry.version}.npz"
        same = f"{entry.number}-{entry.version - 1}.npz" if function == entry.function else None
        again = self._recorder.again
        kept = (bool(same) and again(f"weights-{name}", f"weights-{same}")) or self._recorder.arrays(
            f"weights-{name}", {f"w{i}": array for i, array in enumerate(arrays)})
        entry.function = function if kept else ("", "")
        if same and again(f"probe-{name}", f"probe-{same}"):
            return
        probe = _attempt(lambda: probe_of(model, self._key, self._rows))
        if probe is not None:
            self._recorder.arrays(f"probe-{name}", probe)


def is_model(value: Any) -> bool:
    """Whether a value is a Keras model, found without calling any of the value's own code."""
    return issubclass(type(value), Model)


def weights(model: Any) -> list[NDArray[Any]]:
    """Return all weights in the order of ``model.weights``; none if the model is not built yet."""
    return [as_numpy(weight) for weight in model.weights] if getattr(model, "built", False) else []


def weights_fingerprint(arrays: list[NDArray[Any]]) -> str:
    """Return one fingerprint for all weights of a model."""
    return xxh3_128(b"".join(map(bytes_digest, arrays))).hexdigest()


def iterations(model: Any) -> int | None:
    """Return how many steps the model's optimizer has taken."""
    return _attempt(lambda: int(as_numpy(model.optimizer.iterations)))


def halvings(model: Any) -> int | None:
    """Return how often the factor of the loss was halved in half precision, less how often it was doubled; else None.

    A policy of `mixed_float16` multiplies the loss by a factor. Keras halves the factor instead of taking a step whose
    gradients overflow, and the optimizer does not count that step.
    """
    optimizer: Any = getattr(model, "optimizer", None)
    if type(optimizer) is not keras.optimizers.LossScaleOptimizer:
        return None
    return _attempt(lambda: round(log2(float(optimizer.initial_scale) / float(as_numpy(optimizer.dynamic_scale)))))


def _architecture(model: Any) -> Any:
    """Return what Keras would save of the model, without its training settings, which are recorded separately."""
    config = dict(serialize_keras_object(model))
    config.pop("compile_config", None)
    return config


def _compile(model: Any) -> dict[str, Any] | None:
    if not getattr(model, "compiled", False):
        return None
    # Keras's own function: the student's class or object may have a different one of that name.
    config: Mapping[str, Any] = _compile_config(model) or {}
    optimizer = _inner(model.optimizer)
    # A callback may have lowered the rate, so record the current one; for a schedule, keep the configuration's.
    return {
        "optimizer": {"class": _optimizer_name(type(optimizer)), "config": _attempt(optimizer.get_config)},
        "loss": _with_delta(_in_use(model, "_compile_loss", "_user_loss", config.get("loss")), model),
        "metrics": _in_use(model, "_compile_metrics", "_user_metrics", config.get("metrics")),
        "weighted_metrics": config.get("weighted_metrics"),
        "jit_compile": config.get("jit_compile"),
        "foreign": _attempt(lambda: foreign_parts(model._compile_config.config, optimizer)),
    }


def _in_use(model: Any, holder: str, name: str, configured: Any) -> Any:
    """Return the loss or metrics that training uses, if they are names; otherwise the configuration's."""
    used = getattr(vars(model).get(holder), name, None)
    named = type(used) is str or (type(used) is list and all(type(item) is str for item in used))
    return used if named else configured


def _inner(optimizer: Any) -> Any:
    """Return the optimizer inside the wrapper of a mixed-precision policy: the one that the student chose."""
    for _ in range(_WRAPPINGS):
        if type(optimizer) is not keras.optimizers.LossScaleOptimizer:
            break
        optimizer = optimizer.inner_optimizer
    return optimizer


def _with_delta(loss: Any, model: Any) -> Any:
    """Return the configuration of a loss, with the delta of `Huber`, which Keras leaves out."""
    given: Any = vars(model).get("_compile_config")
    made: Any = _attempt(lambda: given.config["loss"])
    delta = _attempt(lambda: float(made._fn_kwargs["delta"])) if type(made) is keras.losses.Huber else None
    if delta is None or not isinstance(loss, dict) or "delta" in loss.get("config", {}):
        return loss
    return {**loss, "config": {**loss["config"], "delta": delta}}


def _optimizer_name(kind: type) -> str:
    """Return the name of an optimizer's class, marked if only its name is the same as that of one of Keras's."""
    name, kind = str(kind.__name__), public_class(kind)
    return name if _OPTIMIZERS.get(name, kind) is kind else f"{kind.__module__}.{name}"


def _parameters(model: Any) -> dict[str, int]:
    trainable = sum(_size(weight) for weight in model.trainable_weights)
    return {"total": sum(_size(weight) for weight in model.weights), "trainable": trainable}


def _size(weight: Any) -> int:
    size = 1
    for side in weight.shape:
        size *= int(side)
    return size


def _weight(weight: Any) -> dict[str, Any]:
    return {"name": str(weight.name), "path": str(getattr(weight, "path", weight.name)),
            "shape": [int(side) for side in weight.shape], "dtype": keras.backend.standardize_dtype(weight.dtype)}


def _plain(shape: Any) -> Any:
    if isinstance(shape, Mapping):
        return {str(key): _plain(value) for key, value in shape.items()}
    return [_plain(side) for side in shape] if isinstance(shape, (list, tuple)) else shape


def _attempt(ask: Callable[[], _T]) -> _T | None:
    """Return the result of ``ask``, None if a student's own model class raises an error."""
    try:
        return ask()
    except Exception:
        return None
