"""Which recorded trainings are a model's, and which curves a value holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.artifacts import (
    ArrayValue,
    Artifacts,
    Checkpoint,
    Fit,
    ModelValue,
    ScalarValue,
    SequenceValue,
    Value,
    mapping_of,
)
from autograder.checks.outcome import Unjudged
from autograder.checks.vocabulary.subject import as_float


def fits_of(artifacts: Artifacts, model: ModelValue, fits: Sequence[Fit]) -> tuple[list[Fit], bool]:
    """Return the trainings of a model, and whether one object had all of them.

    A model that was saved and loaded again, or took over all weights, is recognised by these
    weights as the one that a training left; its optimizer may have started counting again.
    """
    own = [fit for fit in fits if fit.model == model.model]
    same = True
    for _ in fits:
        begin = own[0].weights_before if own else \
            artifacts.weights_fingerprint(artifacts.model(model))
        earlier = [fit for fit in fits if fit.weights_after == begin is not None
                   and fit.model not in {known.model for known in own} and fit.weights_after != fit.weights_before]
        if not earlier:
            break
        last = earlier[-1]
        own = [fit for fit in fits if fit.model == last.model and fit.fit <= last.fit] + own
        same = False
    return own, same


def never_trained(artifacts: Artifacts, checkpoints: Sequence[Checkpoint], *, stopped: bool) -> bool:
    """Whether no training up to the last checkpoint ran to its end.

    Args:
        checkpoints: at least one, in their order.
        stopped: whether an earlier cell that stopped would have made what is missing.
    """
    fits = [fit for checkpoint in checkpoints for fit in checkpoint.fits]
    if fits:
        return stopped or not all(fit.completed for fit in fits)
    models = (value for value in checkpoints[-1].names.values() if isinstance(value, ModelValue))
    # Steps without a call of `fit` are a training that was not recorded: that is missing evidence.
    return not any(artifacts.model(model).iterations for model in models)


def curves_of(value: Value) -> Mapping[str, tuple[float, ...]] | None:
    """Return a dict of lists or arrays of numbers, or a table of pandas, as curves; None for anything else."""
    table = mapping_of(value)
    if table is None or not table.items:
        return None
    curves: dict[str, tuple[float, ...]] = {}
    for key, item in table.items.items():
        if isinstance(item, ArrayValue) and item.rows is not None and item.shape == item.rows.shape[:1]:
            curves[key] = tuple(map(float, item.rows))
            continue
        if not isinstance(item, SequenceValue) or not all(isinstance(number, ScalarValue) for number in item.items):
            return None
        if item.length > len(item.items):
            raise Unjudged("The history is too long to be judged by a machine; a person will look at it.",
                           f"a list of {item.length} items, of which {len(item.items)} were recorded")
        numbers = [number.value for number in item.items if isinstance(number, ScalarValue)]
        points = [as_float(number) for number in numbers]
        if None in points:
            return None
        curves[key] = tuple(point for point in points if point is not None)
    return curves
