"""Reads the recorded calls of ``fit`` and ``evaluate``. Malformed parts count as unknown."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from autograder.artifacts.json_fields import count, curves, mapping, real, sequence, shape, text, truth, whole
from autograder.artifacts.values import ArrayRef, Evaluation, Fit, Validation

MAX_ITEMS = 200


def _reference(value: Any) -> ArrayRef:
    node = mapping(value)
    return ArrayRef(fingerprint=text(node.get("fingerprint")), order_of=text(node.get("order_of")),
                    shape=shape(node.get("shape")), dtype=text(node.get("dtype")), type=text(node.get("type")))


def _validation(value: Any) -> Validation | None:
    node = mapping(value)
    if not node:
        return None
    split = real(node.get("split"))
    return Validation(split=split) if split is not None else Validation(
        x=_reference(node.get("x")), y=_reference(node.get("y")))


def plain_settings(value: Any) -> dict[str, Any]:
    """Return the plain settings of a callback."""
    found = ((key, _setting(item)) for key, item in list(mapping(value).items())[:MAX_ITEMS])
    return {key[:MAX_ITEMS]: item for key, item in found if item is not None}


def _setting(value: Any) -> str | bool | float | None:
    if isinstance(value, str):
        return text(value)
    number = whole(value)
    return truth(value) if isinstance(value, bool) else real(value) if number is None else number


def read_fit(value: Any, doubt: str | None = None) -> Fit | None:
    """Return a call of ``fit``, None where it cannot be read; ``doubt`` is what contradicts it."""
    node = mapping(value)
    fit, model = count(node.get("fit")), count(node.get("model"))
    if fit is None or model is None:
        return None
    names = [text(item) for item in sequence(node.get("callbacks"))[:MAX_ITEMS]]
    settings = map(plain_settings, sequence(node.get("callback_settings"))[:MAX_ITEMS])
    callbacks = [(name, made or {}) for name, made in zip_longest(names, settings) if name is not None]
    return Fit(
        fit=fit, model=model, cell=whole(node.get("cell")),
        x=_reference(node.get("x")), y=_reference(node.get("y")),
        batch_size=count(node.get("batch_size")), epochs=count(node.get("epochs")),
        initial_epoch=count(node.get("initial_epoch")) or 0,
        validation=_validation(node.get("validation")),
        callbacks=tuple(name for name, _ in callbacks), callback_settings=tuple(made for _, made in callbacks),
        others=tuple(name for item in sequence(node.get("others"))[:MAX_ITEMS] if (name := text(item))),
        shuffle=truth(node.get("shuffle")), completed=node.get("completed") is True,
        history=curves(node.get("history")), steps=count(node.get("steps")),
        weights_before=text(node.get("weights_before")), weights_after=text(node.get("weights_after")),
        batches=count(mapping(node.get("counted")).get("batches")), doubt=doubt,
    )


def read_evaluation(value: Any) -> Evaluation | None:
    """Return a call of ``evaluate``, None where it cannot be read."""
    node = mapping(value)
    model, result = count(node.get("model")), node.get("result")
    if model is None:
        return None
    if isinstance(result, dict):
        result = list(result.values())
    numbers = (real(item) for item in (result[:MAX_ITEMS] if isinstance(result, list) else [result]))
    return Evaluation(
        model=model, cell=whole(node.get("cell")), x=_reference(node.get("x")), y=_reference(node.get("y")),
        batch_size=count(node.get("batch_size")), result=tuple(item for item in numbers if item is not None),
    )
