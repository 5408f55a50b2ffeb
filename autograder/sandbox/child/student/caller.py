"""Calls the student's functions with the grader's own arguments, after the checkpoint of a task was written.

Side effects of a call are undone as far as possible: names, models of the namespace with their weights and settings,
random generators, figures. What it prints is discarded, and what it trains is not recorded as training.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from numpy import array_equal, ndarray
from numpy.typing import NDArray

from autograder.model.call import MAX_CALLS, MAX_NUMBERS, MAX_WHOLES
from autograder.sandbox.child.probing import as_numpy
from autograder.sandbox.child.student.call_arguments import Arguments
from autograder.sandbox.child.student.conversion import SEQUENCES, as_array, numbers_in
from autograder.sandbox.child.student.describer import qualified
from autograder.sandbox.child.student.model_book import is_model
from autograder.sandbox.child.student.randomness import undisturbed_everywhere
from autograder.sandbox.child.student.records import encoder
from autograder.sandbox.child.student.run_cells import Interrupt, summarize_error
from autograder.sandbox.child.student.shell import NoInput

_MAX_VALUE = 1 << 16
_ERROR_LENGTH = 200
_MAX_PARTS = 20
_MAX_KEPT = 2 * MAX_CALLS * MAX_NUMBERS
Record = dict[str, Any]
_encode = encoder()


class Caller:
    """Makes the calls of one run.

    Args:
        namespace: the student's, by reference.
        describe: describes what a call returned.
        interrupt: handles the supervisor's interrupts; a call that takes too long ends the calls of that task.
    """

    def __init__(
        self, namespace: dict[str, Any], describe: Callable[[Any], Record], interrupt: Interrupt,
    ) -> None:
        self._namespace = namespace
        self._describe = describe
        self._interrupt = interrupt

    def make(self, calls: Sequence[tuple[str, Record]], wholes: dict[str, NDArray[Any]]) -> list[Record]:
        """Return the outcome of each call, by key; small arrays that were returned are put into ``wholes``."""
        records: list[Record] = []
        late = False
        for key, call in calls[:MAX_CALLS]:
            record: Record = {"key": key, "error": "TimeoutError: the time of the cell was over"}
            if not late:
                with _restored(self._namespace), undisturbed_everywhere(), _figures_closed():
                    try:
                        with self._interrupt, NoInput():
                            record = self._one(key, call, wholes)
                    except BaseException:  # noqa: S110  (the interrupt came when the call was over)
                        pass
                late = self._interrupt.came
            records.append(record)
        return records

    def _one(self, key: str, call: Record, wholes: dict[str, NDArray[Any]]) -> Record:
        function = self._namespace.get(call["function"])
        if function is None:
            return {"key": key, "error": None, "missing": True}
        try:
            given = Arguments(call, self._namespace)
            result = function(*given.args, **given.kwargs)
        except BaseException as error:
            if self._interrupt.came:
                return {"key": key, "error": "TimeoutError: it took longer than a cell may"}
            return {"key": key, "error": summarize_error(error, _ERROR_LENGTH)}
        record: Record = {"key": key, "error": None, **self._described(result, wholes)}
        arguments = {place: self._described(value, wholes) for place, value in given.changed().items()}
        return {**record, "arguments": arguments} if arguments else record

    def _described(self, value: Any, wholes: dict[str, NDArray[Any]]) -> Record:
        """Describe a value, and keep it whole if it is small and numeric; of a container also each of its parts."""
        record: Record = {"value": self._short(value)}
        whole = _kept(value, wholes)
        parts = {key: name for key, part in _parts(value) if (name := _kept(part, wholes)) is not None}
        return {**record, **({"whole": whole} if whole else {}), **({"parts": parts} if parts else {})}

    def _short(self, result: Any) -> Record:
        """Describe a result; if the description is long (deep lists, much text), give only its type."""
        described = self._describe(result)
        if len(_encode(described)) <= _MAX_VALUE:
            return described
        return {"kind": "other", "type": qualified(type(result))}


def _parts(value: Any) -> list[tuple[str, Any]]:
    """Return the items of a list, tuple or dict by position or key; none of one with many."""
    kind = type(value)
    if issubclass(kind, dict):
        found = [(str(key), item) for key, item in dict.items(value) if type(key) in (str, int)]
    elif issubclass(kind, (list, tuple)):
        base: Any = list if issubclass(kind, list) else tuple
        found = [(str(place), item) for place, item in enumerate(base.__iter__(value))]
    else:
        return []
    return found[:_MAX_PARTS] if len(found) <= _MAX_PARTS else []


def _kept(value: Any, wholes: dict[str, NDArray[Any]]) -> str | None:
    """Put a value into ``wholes`` if it is small and numeric, and return its name there."""
    whole = _whole(value) if len(wholes) < MAX_WHOLES else None
    if whole is None or whole.size + sum(array.size for array in wholes.values()) > _MAX_KEPT:
        return None
    name = f"c{len(wholes)}"
    wholes[name] = whole
    return name


def _whole(value: Any) -> NDArray[Any] | None:
    """Return a small numeric array, tensor or list of numbers as an array of its own; None for anything else."""
    try:
        array = numbers_in(value, MAX_NUMBERS) if issubclass(type(value), SEQUENCES) else as_array(value)
        if array is None or array.ndim == 0 or array.size > MAX_NUMBERS:
            return None
        return array.copy() if array.dtype.kind in "biuf" and array.itemsize <= 8 else None
    except BaseException:
        return None


@contextmanager
def _restored(namespace: dict[str, Any]) -> Iterator[None]:
    """Put the names of a namespace, and the models that they hold, back as they were."""
    names = dict(namespace)
    locked = [value for value in names.values() if type(value) is ndarray and value.flags.writeable]
    models = [_Kept(value) for value in {id(value): value for value in names.values() if is_model(value)}.values()]
    for array in locked:
        # Copying all images would take too long; a function that changes them in place fails instead.
        array.flags.writeable = False
    try:
        yield
    finally:
        # Arrays that own their memory first: a view can only be written to when its owner can.
        for array in sorted(locked, key=lambda array: array.base is not None):
            _unlock(array)
        for model in models:
            model.restore()
        for name in [name for name in namespace if name not in names]:
            del namespace[name]
        for name, value in names.items():
            if namespace.get(name) is not value:
                namespace[name] = value


def _unlock(array: NDArray[Any]) -> None:
    try:
        array.flags.writeable = True
    except ValueError:
        # The function locked the owner permanently: the student's next step will fail with an error.
        return


class _Kept:
    """The saved state of one model: its attributes (with its compile settings), weights and optimizer variables."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._attributes = dict(vars(model))
        self._numbers = [(variable, as_numpy(variable)) for variable in _variables(model)]

    def restore(self) -> None:
        """Put back what differs."""
        try:
            held = vars(self._model)
            for name in [name for name in held if name not in self._attributes]:
                del held[name]
            held.update(self._attributes)
            for variable, numbers in self._numbers:
                if not array_equal(as_numpy(variable), numbers, equal_nan=numbers.dtype.kind == "f"):
                    variable.assign(numbers)
        except Exception:
            # A student's own class may refuse; the next step then sees what the function left behind.
            return


def _variables(model: Any) -> list[Any]:
    if not getattr(model, "built", False):
        return []
    try:
        optimizer = getattr(model, "optimizer", None)
        return [*model.variables, *(optimizer.variables if optimizer is not None else ())]
    except Exception:
        return []


@contextmanager
def _figures_closed() -> Iterator[None]:
    """Close the figures that were opened inside: they would appear below the next cell."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    before = set(pyplot.get_fignums()) if pyplot is not None else set()
    try:
        yield
    finally:
        if pyplot is not None:
            for number in set(pyplot.get_fignums()) - before:
                pyplot.close(number)
