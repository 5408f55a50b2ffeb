"""How a check requests a call of a student's function.

    @pytest.mark.task("create-dnn", points=2, basis="measured", calls=[call("create_DNN", input_shape=(300,))])
    def test_shape_is_used(student):
        \"\"\"`create_DNN` uses the shape that it is given.\"\"\"
        student.called("create_DNN", input_shape=(300,)).model().has_input_shape(300)
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.errors import CheckError
from autograder.model import Call, CheckSpec
from autograder.model.call import MAX_NUMBERS, Node, packed

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_PATH = re.compile(r"(optimizers(\.schedules)?|losses|metrics|regularizers|initializers|callbacks|layers)"
                   r"\.[A-Za-z]\w*\Z|models\.Sequential\Z")
_MAX_DEPTH = 8


@dataclass(frozen=True, kw_only=True)
class KerasObject:
    """A Keras object that is created again for each call."""

    path: str
    settings: dict[str, Node]


@dataclass(frozen=True, kw_only=True)
class StudentValue:
    """The value of one of the student's names: a copy of an array, a clone of a model, anything else unchanged."""

    name: str
    fresh: bool = False


@dataclass(frozen=True, kw_only=True)
class Bunch:
    """A `Bunch` of scikit-learn that is created for each call."""

    items: dict[str, Node]


def call(function: str, /, *args: Any, **kwargs: Any) -> Call:
    """Return a call that the child makes at the checkpoint of the check's task.

    Args:
        function: name of the student's function.
        args, kwargs: None, truth values, numbers, texts, lists, tuples and dicts of them, numeric arrays of at most
            20,000 numbers, and what `keras_object`, `student_value` and `bunch` return.

    Raises:
        CheckError: an argument is something else.
    """
    if not isinstance(function, str) or not _NAME.match(function):
        raise CheckError(f"The name of a student's function was expected, not {function!r}; "
                         'write call("create_DNN").')
    return Call(function=function, args=tuple(_node(item, function, 0) for item in args),
                kwargs={name: _node(item, function, 0) for name, item in kwargs.items()})


def keras_object(path: str, /, **settings: Any) -> KerasObject:
    """Return an argument that the child creates with Keras: ``keras_object("optimizers.SGD", learning_rate=0.3)``.

    Also a layer, and a network of layers: ``keras_object("models.Sequential", layers=[keras_object("layers.Input",
    shape=(4,)), keras_object("layers.Dense", units=3)])``, for a function that changes the network that it is given.

    Raises:
        CheckError: the path names no class of optimizers, losses, metrics, regularizers, initializers, callbacks or
            layers, and is not models.Sequential.
    """
    if not _PATH.match(path):
        raise CheckError(f"A path such as optimizers.SGD or losses.MeanSquaredError was expected, not {path!r}; "
                         "name a class of keras.optimizers, losses, metrics, regularizers, initializers, callbacks or "
                         "layers, or models.Sequential.")
    return KerasObject(path=path, settings={name: _node(item, path, 0) for name, item in settings.items()})


def student_value(name: str, *, fresh: bool = False) -> StudentValue:
    """Return an argument that is replaced by the value of this name in the student's notebook.

    Args:
        fresh: of a model, its layers alone: not compiled and with new weights, so that what a function does to it is
            seen although the notebook has done the same to the model already.
    """
    if not _NAME.match(name):
        raise CheckError(f"The name of a variable of the notebook was expected, not {name!r}; "
                         "write student_value('X_train').")
    return StudentValue(name=name, fresh=fresh)


def bunch(**items: Any) -> Bunch:
    """Return an argument like what scikit-learn's ``load_iris()`` returns: a dict whose keys are attributes too.

        call("prepare", bunch(data=np.ones((6, 4)), target=np.arange(6) % 3))

    Args:
        items: as the arguments of `call`.

    Raises:
        CheckError: an item is something that cannot be sent.
    """
    return Bunch(items={name: _node(item, "a bunch", 0) for name, item in items.items()})


def calls_by_task(specs: Iterable[CheckSpec]) -> dict[str, tuple[Call, ...]]:
    """Return the calls that all checks together request, each once per task."""
    found: dict[str, dict[str, Call]] = {}
    for spec in specs:
        for item in spec.calls:
            found.setdefault(spec.task, {}).setdefault(item.key, item)
    return {task: tuple(calls.values()) for task, calls in found.items()}


def _node(value: Any, where: str, depth: int) -> Node:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {"kind": "float", "value": str(value)}
    if value is None or isinstance(value, (bool, int, float, str)):
        return {"kind": "plain", "value": value}
    if isinstance(value, (list, tuple)) and depth < _MAX_DEPTH:
        items = [_node(item, where, depth + 1) for item in value]
        return {"kind": "list" if isinstance(value, list) else "tuple", "items": items}
    if isinstance(value, dict) and depth < _MAX_DEPTH:
        pairs = [[_key(key, where), _node(item, where, depth + 1)] for key, item in value.items()]
        return {"kind": "dict", "items": pairs}
    if isinstance(value, Bunch):
        return {"kind": "bunch", "items": value.items}
    if isinstance(value, KerasObject):
        return {"kind": "keras", "path": value.path, "settings": value.settings}
    if isinstance(value, StudentValue):
        return {"kind": "student", "name": value.name, **({"fresh": True} if value.fresh else {})}
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and value.size <= MAX_NUMBERS:
        array = np.ascontiguousarray(value)
        return {"kind": "array", "dtype": array.dtype.str, "shape": list(value.shape), "data": packed(array.tobytes())}
    raise CheckError(f"An argument of {where} is {type(value).__name__}, which cannot be sent; use numbers, texts, "
                     f"lists, dicts, arrays of at most {MAX_NUMBERS:,} numbers, keras_object(…), student_value(…) or "
                     "bunch(…).")


def _key(value: Any, where: str) -> Node:
    if not isinstance(value, (str, int, float, bool, type(None))):
        raise CheckError(f"A key of a dict that is an argument of {where} is {type(value).__name__}; use texts or "
                         "numbers.")
    return _node(value, where, 0)
