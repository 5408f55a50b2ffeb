"""Turns one line of ``checkpoints.jsonl`` into a `Checkpoint`. Malformed data in one value costs only that value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from autograder.artifacts import object_values
from autograder.artifacts.call_outcomes import CallOutcome
from autograder.artifacts.fit_values import plain_settings, read_evaluation, read_fit
from autograder.artifacts.json_fields import (
    count,
    curves,
    mapping,
    real,
    sequence,
    shape,
    text,
    whole,
)
from autograder.artifacts.observed_fits import Witness
from autograder.artifacts.values import (
    Array,
    ArrayValue,
    CallbackValue,
    Checkpoint,
    FigureValue,
    FunctionValue,
    HistoryValue,
    MappingValue,
    ModelValue,
    OtherValue,
    ScalarValue,
    SequenceValue,
    Shape,
    TextValue,
    Value,
)
from autograder.errors import ArtifactError
from autograder.model.call import MAX_NUMBERS

NOBODY = Witness()
MAX_NAMES = 500
MAX_ITEMS = 200
MAX_CALLS = 1000
MAX_TEXT = 2000
MAX_DEPTH = 6
MAX_ERROR = 200


class Rows(Protocol):
    """Finds the sampled rows of an array."""

    def __call__(self, file: int, name: str, shape: Shape, dtype: str) -> tuple[Array, Array]:
        """Return rows and their indices; of ``marks``, as many numbers as the array has rows.

        Raises:
            ArtifactError: there are none, or they do not fit the array.
        """


class CheckpointReader:
    """Reads checkpoints; for each part left out, ``report`` is called with one sentence.

    Args:
        members: finds an array in a file of sampled rows; None: there are no marks.
    """

    def __init__(
        self, rows: Rows, report: Callable[[str], None], members: Callable[[int, str], Array | None] | None = None,
    ) -> None:
        self._rows = rows
        self._members = members
        self._report = report
        self._kinds: dict[str, Callable[[Mapping[str, Any], int], Value | None]] = {
            "array": self._array,
            "scalar": _scalar,
            "text": _text,
            "sequence": self._sequence,
            "mapping": self._mapping,
            "model": _model,
            "history": _history,
            "function": _function,
            "callback": _callback,
            "layer": object_values.read_layer,
            "dataset": self._dataset,
            "figure": lambda _node, _depth: FigureValue(),
            "other": lambda node, _depth: OtherValue(type=text(node.get("type")) or "unknown"),
        }

    def read(self, document: Any, number: int = 0, witness: Witness = NOBODY) -> Checkpoint:
        """Return the checkpoint that one line describes.

        Args:
            number: which line it is, from 0.
            witness: what the supervisor noted.

        Raises:
            ArtifactError: the line is not a checkpoint, or not the expected one.
        """
        fields = mapping(document)
        task, due = text(fields.get("task")), witness.task(number)
        if task is None:
            raise ArtifactError("Expected a checkpoint of a task, got another line: it was left out.")
        if due is not None and task != due:
            raise ArtifactError(f"Expected the checkpoint of task {due}, got that of {task[:60]}: it was left out.")
        nodes = sequence(fields.get("fits"))
        doubts = witness.against(number, nodes)[:MAX_CALLS]
        for doubt in dict.fromkeys(doubt for doubt in doubts if doubt is not None):
            self._report(f"Task {task}: {doubt}.")
        names = list(mapping(fields.get("names")).items())[:MAX_NAMES]
        fits = [read_fit(item, doubt) for item, doubt in zip(nodes, doubts, strict=False)]
        evaluations = [read_evaluation(item) for item in sequence(fields.get("evaluations"))[:MAX_CALLS]]
        if None in fits or None in evaluations:
            self._report(f"Task {task}: a recorded call of fit or evaluate cannot be read; it was left out.")
        return Checkpoint(
            task=task,
            cell=whole(fields.get("cell")),
            names={name[:MAX_ITEMS]: self._named(task, name, node) for name, node in names},
            fits=tuple(item for item in fits if item is not None),
            evaluations=tuple(item for item in evaluations if item is not None),
        )

    def outcome(self, node: Any, wholes: Mapping[str, Array], *, argument: bool = False) -> CallOutcome:
        """Return the outcome of one recorded call; what cannot be read of it counts as unknown.

        Args:
            argument: the record is about an argument after the call, which has no error and no arguments itself.
        """
        fields = mapping(node)
        error = text(fields.get("error"), MAX_ERROR)
        if not argument and (error is not None or fields.get("missing") is True):
            return CallOutcome(error=error, missing=fields.get("missing") is True)
        parts = {key[:MAX_TEXT]: _small(wholes.get(text(name) or ""))
                 for key, name in list(mapping(fields.get("parts")).items())[:MAX_ITEMS]}
        left = {} if argument else {place[:MAX_ITEMS]: self.outcome(item, wholes, argument=True) for place, item
                                    in list(mapping(fields.get("arguments")).items())[:MAX_ITEMS]}
        return CallOutcome(value=self._value(fields.get("value"), 0) or OtherValue(type="unreadable"),
                           whole=_small(wholes.get(text(fields.get("whole")) or "")),
                           parts={key: part for key, part in parts.items() if part is not None}, arguments=left)

    def _named(self, task: str, name: str, node: Any) -> Value:
        value = self._value(node, 0)
        if value is None:
            self._report(f"Task {task}: the record of “{name[:60]}” cannot be read; it counts as unknown.")
            return OtherValue(type="unreadable")
        return value

    def _value(self, node: Any, depth: int) -> Value | None:
        fields = mapping(node)
        kind = fields.get("kind")
        reader = self._kinds.get(kind) if isinstance(kind, str) else None
        return reader(fields, depth) if reader is not None and depth < MAX_DEPTH else None

    def _array(self, node: Mapping[str, Any], depth: int) -> Value | None:
        sides, dtype = shape(node.get("shape")), text(node.get("dtype"))
        if sides is None or dtype is None:
            return None
        rows, indices = self._sampled(node, sides, dtype)
        parts = self._mapping({"items": node["items"]}, depth) if depth == 0 and "items" in node else None
        return ArrayValue(
            type=text(node.get("type")) or "unknown", shape=sides, dtype=dtype,
            minimum=real(node.get("min")), maximum=real(node.get("max")),
            mean=real(node.get("mean")), deviation=real(node.get("std")),
            nan=count(node.get("nan")), inf=count(node.get("inf")),
            fingerprint=text(node.get("fingerprint")), rows=rows, indices=indices,
            parts=parts if isinstance(parts, MappingValue) else None, marks=self._marks(node, sides),
            texts=_texts(node),
        )

    def _dataset(self, node: Mapping[str, Any], depth: int) -> Value | None:
        found = object_values.read_dataset(node, depth)
        listed = sequence(node.get("sources"))[: object_values.MAX_PARTS] if depth == 0 else []
        arrays = tuple(one for one in (self._array(mapping(item), 1) for item in listed) if isinstance(one, ArrayValue))
        return replace(found, sources=arrays) if found is not None and len(arrays) == len(found.shapes) else found

    def _marks(self, node: Mapping[str, Any], sides: Shape) -> Array | None:
        """Return the marks of an array's rows; marks that do not fit count as none."""
        file, name = count(node.get("file")), text(node.get("marks"))
        if file is None or name is None or self._members is None:
            return None
        found = self._members(file, name)
        fits = found is not None and found.dtype == np.uint64 and found.shape == sides[:1] and len(sides) == 2
        return found if fits else None

    def _sampled(self, node: Mapping[str, Any], sides: Shape, dtype: str) -> tuple[Array | None, Array | None]:
        file, name = count(node.get("file")), text(node.get("rows"))
        if file is None or name is None:
            return None, None
        try:
            return self._rows(file, name, sides, dtype)
        except ArtifactError as error:
            self._report(str(error))
            return None, None

    def _sequence(self, node: Mapping[str, Any], depth: int) -> Value | None:
        items = sequence(node.get("items"))[:MAX_ITEMS]
        read = tuple(self._value(item, depth + 1) or OtherValue(type="unreadable") for item in items)
        length = count(node.get("length"))
        array = self._array(mapping(node.get("array")), depth) if depth == 0 and "array" in node else None
        return SequenceValue(items=read, length=len(read) if length is None else length,
                             type=text(node.get("type")) or "list", large=node.get("large") is True,
                             array=array if isinstance(array, ArrayValue) else None, texts=_texts(node))

    def _mapping(self, node: Mapping[str, Any], depth: int) -> Value | None:
        items = list(mapping(node.get("items")).items())[:MAX_ITEMS]
        read = {key[:MAX_TEXT]: self._value(item, depth + 1) or OtherValue(type="unreadable") for key, item in items}
        length = count(node.get("length"))
        return MappingValue(items=read, length=len(read) if length is None else length,
                            type=text(node.get("type")) or "dict")


def _texts(node: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the sampled texts of an array or a list, None where there are none."""
    found = [text(item, MAX_TEXT) for item in sequence(node.get("texts"))[:MAX_ITEMS]]
    return tuple(item for item in found if item is not None) if found and None not in found else None


def _small(whole: Array | None) -> Array | None:
    """Return an array that a call returned, None for one that is not of the kind that is kept whole."""
    kept = whole is not None and whole.dtype.kind in "biuf" and whole.size <= MAX_NUMBERS and whole.ndim > 0
    return whole if kept else None


def _callback(node: Mapping[str, Any], _depth: int) -> Value | None:
    name = text(node.get("class"))
    return None if name is None else CallbackValue(name=name, settings=plain_settings(node.get("settings")))


def _scalar(node: Mapping[str, Any], _depth: int) -> Value | None:
    value, kind = node.get("value"), text(node.get("type")) or "unknown"
    if value is None or isinstance(value, (bool, int)):
        return ScalarValue(type=kind, value=value)
    number = real(value)
    return None if number is None else ScalarValue(type=kind, value=number)


def _text(node: Mapping[str, Any], _depth: int) -> Value | None:
    value, length = text(node.get("value"), MAX_TEXT), count(node.get("length"))
    return None if value is None else TextValue(value=value, length=len(value) if length is None else length)


def _model(node: Mapping[str, Any], _depth: int) -> Value | None:
    model, version = count(node.get("model")), count(node.get("version"))
    return None if model is None or version is None else ModelValue(model=model, version=version)


def _history(node: Mapping[str, Any], _depth: int) -> Value | None:
    return HistoryValue(model=count(node.get("model")), fit=count(node.get("fit")), history=curves(node.get("history")))


def _function(node: Mapping[str, Any], _depth: int) -> Value | None:
    parameters = (text(item) for item in sequence(node.get("parameters"))[:MAX_ITEMS])
    return FunctionValue(name=text(node.get("name")) or "", parameters=tuple(item for item in parameters if item))
