"""Records the arguments of ``fit`` and ``evaluate`` on every Keras model, without changing how both look."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from weakref import ref

from keras import Model
from keras.src.utils import traceback_utils

from autograder.artifacts.observed_fits import fit_digest
from autograder.sandbox.child.student import callback_record
from autograder.sandbox.child.student.array_book import ArrayBook
from autograder.sandbox.child.student.conversion import as_array
from autograder.sandbox.child.student.counting import Counter
from autograder.sandbox.child.student.describer import qualified
from autograder.sandbox.child.student.given_data import batch_of, reordered
from autograder.sandbox.child.student.model_book import ModelBook, iterations, weights, weights_fingerprint
from autograder.sandbox.child.student.randomness import undisturbed
from autograder.sandbox.child.student.records import Recorder
from autograder.sandbox.child.student.runner_turns import RunnerTurns

_MAX_RECORDS = 2000
_MAX_POINTS = 2000
_BATCH = 32
_OTHERS = {"class_weight": None, "sample_weight": None, "steps_per_epoch": None, "validation_steps": None,
           "validation_freq": 1}
"""Arguments of `fit` that affect a training and are recorded by name only, with their default values."""
Record = dict[str, Any]


class Spy:
    """The fits and evaluations since the last checkpoint, and the fit that each history came from."""

    def __init__(
        self, recorder: Recorder, arrays: ArrayBook, models: ModelBook, turns: RunnerTurns,
        namespace: Mapping[str, Any],
    ) -> None:
        self._namespace = namespace
        self._recorder = recorder
        self._turns = turns
        self._counter = Counter()
        self._arrays = arrays
        self._models = models
        self._fits: list[Record] = []
        self._evaluations: list[Record] = []
        self._count = self._evaluated = 0
        self._paused = False
        self._histories: dict[int, tuple[Callable[[], Any], Record]] = {}

    def install(self) -> None:
        """Watch every model of this process."""
        self._counter.install()
        _wrap("fit", self._fit)
        _wrap("evaluate", self._evaluate)

    def take(self) -> tuple[list[Record], list[Record]]:
        """Return the fits and evaluations since the last call."""
        taken = self._fits, self._evaluations
        self._fits, self._evaluations = [], []
        return taken

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Record nothing inside: these calls of ``fit`` are not the student's training."""
        self._paused = True
        try:
            yield
        finally:
            self._paused = False

    def history(self, value: Any) -> Record | None:
        """Describe an object that ``fit`` returned; None for any other."""
        owner, record = self._histories.get(id(value), (None, None))
        if owner is None or record is None or owner() is not value:
            return None
        return {"kind": "history", "model": record["model"], "fit": record["fit"], "history": _points(value.history)}

    def _fit(self, original: Callable[..., Any], model: Any, *args: Any, **kwargs: Any) -> Any:
        if self._paused:
            return original(model, *args, **kwargs)
        record = _quietly(lambda: self._before_fit(_bound(original, model, args, kwargs), model))
        try:
            result = original(model, *args, **kwargs)
        except BaseException:
            _quietly(lambda: self._after_fit(record, model, None))
            raise
        _quietly(lambda: self._after_fit(record, model, result))
        return result

    def _evaluate(self, original: Callable[..., Any], model: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(model, *args, **kwargs)
        # `fit` passes this argument for its own validation.
        if not self._paused and not kwargs.get("_use_cached_eval_dataset"):
            _quietly(lambda: self._after_evaluate(_bound(original, model, args, kwargs), model, result))
        return result

    def _before_fit(self, given: Record, model: Any) -> Record:
        self._count += 1
        record: Record = {
            "fit": self._count, "model": self._models.used(model), "cell": self._recorder.cell,
            **self._training_data(given), "batch_size": _batch_size(given), "epochs": _whole(given.get("epochs")),
            "initial_epoch": _whole(given.get("initial_epoch")) or 0, "validation": self._validation(given),
            "callbacks": callback_record.names(given.get("callbacks")),
            "callback_settings": callback_record.settings(given.get("callbacks")),
            "shuffle": bool(given.get("shuffle", True)),
            "others": _others(given),
            "completed": False, "history": {}, "steps": iterations(model),
            "weights_before": _state(model), "weights_after": None, "counted": None,
        }
        if self._count <= _MAX_RECORDS:
            self._fits.append(record)
        self._counter.begin(model)
        self._tell(record, {"begin": True})
        return record

    def _after_fit(self, record: Record | None, model: Any, result: Any) -> None:
        if record is None:
            return
        started = record["steps"] or 0
        # Until the fit has ended, the record contains the optimizer's count at its start.
        record["steps"] = (iterations(model) or 0) - started
        record["weights_after"] = _state(model)
        record["counted"] = self._counter.end(model)
        if result is not None:
            record["completed"] = True
            record["history"] = _points(result.history)
            self._histories[id(result)] = (ref(result), record)
        # At once, so that a later change of the record contradicts what the supervisor received.
        self._tell(record, {"end": True, "digest": fit_digest(record)})

    def _tell(self, record: Record, event: Record) -> None:
        if record["fit"] <= _MAX_RECORDS:
            self._turns.tell({"fit": record["fit"], **event})

    def _after_evaluate(self, given: Record, model: Any, result: Any) -> None:
        values = list(result.values()) if isinstance(result, dict) else result
        values = values if isinstance(values, (list, tuple)) else [values]
        record = {
            "model": self._models.used(model), "cell": self._recorder.cell, "x": self._reference(given.get("x")),
            "y": self._reference(given.get("y")), "batch_size": _batch_size(given),
            "result": [_json(value) for value in values if _number(value) is not None],
        }
        self._evaluated += 1
        if self._evaluated <= _MAX_RECORDS:
            self._evaluations.append(record)

    def _reference(self, value: Any) -> Record:
        array = as_array(value)
        if array is not None and array.ndim:
            return self._arrays.reference(value, array)
        if any(base.__name__ == "DatasetV2" for base in type(value).__mro__):
            return {"type": "tf.data.Dataset"}
        return {"type": qualified(type(value))}

    def _training_data(self, given: Record) -> Record:
        """Return which arrays are trained on; for reordered rows, with the arrays that they came from."""
        x, y = given.get("x"), given.get("y")
        arrays = {"x": self._reference(x), "y": self._reference(y)}
        if any(x is value for value in self._namespace.values()):
            return arrays
        found = reordered(x, y, self._namespace)
        for key, array in zip("xy", found or (), strict=False):
            arrays[key]["order_of"] = self._reference(array)["fingerprint"]
        return arrays

    def _validation(self, given: Record) -> Record | None:
        data = given.get("validation_data")
        if data is not None:
            pair = data if isinstance(data, (list, tuple)) and len(data) >= 2 else (data, None)
            return {"x": self._reference(pair[0]), "y": self._reference(pair[1])}
        split = _number(given.get("validation_split"))
        return {"split": split} if split else None


def _wrap(name: str, around: Callable[..., Any]) -> None:
    """Put ``around`` between a method of all models and whoever calls it.

    Keras's methods are wrapped already, to shorten tracebacks. The spy goes inside that wrapper, so the method stays
    the same object with the same help, signature and traceback.
    """
    owner = next(base for base in Model.__mro__ if name in vars(base))
    method = vars(owner)[name]
    inner = getattr(method, "__wrapped__", None)
    for cell in getattr(method, "__closure__", None) or ():
        if inner is not None and cell.cell_contents is inner:
            cell.cell_contents = _watched(inner, around)
            return
    setattr(owner, name, _watched(method, around))


def _watched(original: Callable[..., Any], around: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def watched(*args: Any, **kwargs: Any) -> Any:
        return around(original, *args, **kwargs)

    # Keras leaves its own files out of tracebacks: mark the spy's frames as those of its wrapper.
    for function in (watched, getattr(around, "__func__", around)):
        function.__code__ = function.__code__.replace(co_filename=traceback_utils.__file__)
    return watched


def _bound(original: Callable[..., Any], model: Any, args: tuple[Any, ...], kwargs: Record) -> Record:
    bound = inspect.signature(original).bind(model, *args, **kwargs)
    bound.apply_defaults()
    return bound.arguments


def _quietly(action: Callable[[], Any]) -> Any:
    """Run an action for the record, without consuming random numbers or raising anything but an interrupt."""
    try:
        with undisturbed():
            return action()
    except Exception:
        return None


def _state(model: Any) -> str | None:
    return weights_fingerprint(weights(model)) if getattr(model, "built", False) else None


def _batch_size(given: Record) -> int | None:
    size = _whole(given.get("batch_size"))
    if size is None and as_array(given.get("x")) is not None:
        return _BATCH
    return batch_of(given.get("x")) if size is None else size


def _others(given: Record) -> list[str]:
    """Return which of `_OTHERS` were given; an array is never compared with anything."""
    return [name for name, usual in _OTHERS.items()
            if given.get(name) is not None and (usual is None or given[name] != usual)]


def _points(history: Any) -> dict[str, list[Any]]:
    """Return a history's numbers; NaN becomes ``"nan"``."""
    if not isinstance(history, dict):
        return {}
    return {str(key)[:200]: [_json(value) for value in list(values)[:_MAX_POINTS]]
            for key, values in list(history.items())[:200] if isinstance(values, (list, tuple))}


def _json(value: Any) -> Any:
    number = _number(value)
    return number if number is None or number - number == 0 else str(number)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int) or hasattr(value, "__index__") else None
