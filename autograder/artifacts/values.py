"""What a student's process left behind, as plain frozen values.

Everything in here was written by a process that ran student code. Only what
``tests/hidden`` calls *measured* may be taken from weights, layers and sampled
rows; the rest is a claim.

Shapes are tuples of whole numbers, ``None`` where Keras leaves an axis open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

Shape = tuple[int, ...]
OpenShape = tuple[int | None, ...]
Array = NDArray[Any]

FOREIGN = "own "
"""Prefix for the class of a callback that has the name of a Keras callback but is not one."""
CALLBACK_SETTINGS = (
    "monitor", "patience", "min_delta", "mode", "restore_best_weights", "start_from_epoch", "baseline", "factor",
    "min_lr", "cooldown", "save_best_only", "save_weights_only",
    "filepath", "save_freq", "filename", "append", "log_dir", "histogram_freq", "swap_on_epoch",
)
"""The settings of callbacks that are recorded; one that is None is left out."""
MAX_VOCABULARY = 5_000
"""Words of a layer's vocabulary that are recorded."""
SAMPLED_TEXT = 500
"""Characters that are recorded of each sampled text."""
UNREADABLE = "of type "
"""Prefix for a setting of a callback that is no plain data."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ArrayValue:
    """An array (NumPy, TensorFlow or pandas) as it was at one checkpoint.

    The statistics exclude NaN and Inf and are None where the array is not numeric or has no finite number.
    ``rows[i]`` is row ``indices[i]`` of the array; both are None where no rows were kept or they were invalid.
    ``parts`` are the columns of a frame of pandas, or the labelled values of a series, as those of a dict.
    ``marks`` has a number for each row of a table (see `row_marks`); ``texts`` are the sampled rows of one of
    texts.
    Compared by identity; equal contents have equal ``fingerprint``.
    """

    type: str
    shape: Shape
    dtype: str
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    deviation: float | None = None
    nan: int | None = None
    inf: int | None = None
    fingerprint: str | None = None
    rows: Array | None = None
    indices: Array | None = None
    parts: MappingValue | None = None
    marks: Array | None = None
    texts: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ScalarValue:
    """A number, a boolean or None; NumPy scalars and 0-d arrays too. NaN and Inf are floats."""

    type: str
    value: int | float | bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TextValue:
    """A string, cut to 2,000 characters; ``length`` counts the whole."""

    value: str
    length: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SequenceValue:
    """A list, tuple, range or set: at most its first 200 items; ``length`` counts all.

    ``array`` has its numbers as ``numpy.array`` would, nested lists as further axes; None where it contains anything
    else, or rows of different lengths. ``large`` says that it was too large to be inspected. ``texts`` are the sampled
    items of one that contains only texts.
    """

    items: tuple[Value, ...]
    length: int
    type: str
    array: ArrayValue | None = None
    large: bool = False
    texts: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MappingValue:
    """A dict: at most 200 items under the text of their keys; ``length`` counts all."""

    items: Mapping[str, Value]
    length: int
    type: str = "dict"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelValue:
    """A Keras model: which one, and in which of its recorded states. See `Artifacts.model`."""

    model: int
    version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryValue:
    """What ``fit`` returned: ``fit`` is the number of the `Fit`, None where it was not recorded."""

    model: int | None
    fit: int | None
    history: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class FunctionValue:
    """A function that the student defined."""

    name: str
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CallbackValue:
    """A Keras callback: its class, with the prefix `FOREIGN` where only the name is that of one of Keras's.

    ``settings`` are those of `CALLBACK_SETTINGS` that are not None.
    """

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerValue:
    """A single layer of Keras's own, in no model.

    ``vocabulary`` has the first `MAX_VOCABULARY` words of a layer that looks up words or numbers, ``size`` counts all.
    """

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    vocabulary: tuple[str, ...] | None = None
    size: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetValue:
    """A `tf.data.Dataset`: shape and type of each part of what one step yields.

    ``steps`` is None where it is unknown or without end, ``batch_size`` where the dataset does not say. ``sources`` are
    the arrays whose rows it yields, one for each part; empty where a step computes or chooses rows.
    """

    shapes: tuple[OpenShape | None, ...]
    dtypes: tuple[str, ...]
    batch_size: int | None = None
    steps: int | None = None
    sources: tuple[ArrayValue, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureValue:
    """A matplotlib figure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherValue:
    """Anything else, and whatever could not be read; ``type`` is its qualified name, for the message only."""

    type: str


Value = (
    ArrayValue | ScalarValue | TextValue | SequenceValue | MappingValue | ModelValue
    | HistoryValue | FunctionValue | CallbackValue | LayerValue | DatasetValue | FigureValue | OtherValue
)


def array_of(value: object) -> ArrayValue | None:
    """Return the array that a value is, or that the numbers of a list or tuple form; None for anything else."""
    if isinstance(value, SequenceValue):
        return value.array
    return value if isinstance(value, ArrayValue) else None


def mapping_of(value: object) -> MappingValue | None:
    """Return the dict that a value is, or that the columns of a table form; None for anything else."""
    if isinstance(value, ArrayValue):
        return value.parts
    return value if isinstance(value, MappingValue) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrayRef:
    """Which array something was called with. What cannot be inspected (``tf.data``) has only a ``type``.

    ``order_of`` is the fingerprint of the array whose rows these are, in another order.
    """

    fingerprint: str | None = None
    order_of: str | None = None
    shape: Shape | None = None
    dtype: str | None = None
    type: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Validation:
    """Validation data of a fit: either ``x`` and ``y``, or the ``split`` taken from the training data."""

    x: ArrayRef | None = None
    y: ArrayRef | None = None
    split: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """One call of ``fit``, as the recorder in the student's process claims it.

    ``callback_settings[i]`` holds what ``callbacks[i]`` was made with (``monitor``, ``patience`` …), as far as it was
    recorded. ``others`` names further arguments that were given and change a training, such as ``class_weight``.
    ``batches`` is the count of Keras's own loop, ``doubt`` what contradicts it in the supervisor's notes.
    """

    fit: int
    model: int
    cell: int | None = None
    x: ArrayRef = ArrayRef()
    y: ArrayRef = ArrayRef()
    batch_size: int | None = None
    epochs: int | None = None
    initial_epoch: int = 0
    validation: Validation | None = None
    callbacks: tuple[str, ...] = ()
    callback_settings: tuple[Mapping[str, Any], ...] = ()
    shuffle: bool | None = None
    others: tuple[str, ...] = ()
    completed: bool = False
    history: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    steps: int | None = None
    weights_before: str | None = None
    weights_after: str | None = None
    batches: int | None = None
    doubt: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """One call of ``evaluate``: ``result`` as returned, usually loss and metrics."""

    model: int
    cell: int | None = None
    x: ArrayRef = ArrayRef()
    y: ArrayRef = ArrayRef()
    batch_size: int | None = None
    result: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """The student's namespace just before the test cell of ``task``; ``fits`` since the checkpoint before."""

    task: str
    cell: int | None
    names: Mapping[str, Value]
    fits: tuple[Fit, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
