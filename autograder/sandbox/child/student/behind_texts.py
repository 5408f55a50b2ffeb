"""The layers of a model that stand behind its `TextVectorization`: they take numbers, so they can be probed."""

from __future__ import annotations

from typing import Any

from keras.layers import InputLayer, TextVectorization

from autograder.artifacts.text_rows import width_of
from autograder.sandbox.child.student.object_record import describe_layer


class BehindTexts:
    """What `probe_of` needs of a model, without its first layer."""

    def __init__(self, model: Any, layers: list[Any], width: int) -> None:
        self.layers = layers
        self.weights, self.trainable_weights = model.weights, model.trainable_weights
        self.input_shape = (None, width)

    def __call__(self, rows: Any, training: bool = False) -> Any:
        """Return what the layers make of rows of numbers in one chain; the trusted side refuses any other graph."""
        for layer in self.layers:
            rows = layer(rows, training=training)
        return rows


def split_texts(model: Any) -> tuple[dict[str, Any], BehindTexts] | None:
    """Return the description of a model's `TextVectorization` and the layers behind, None without such a front."""
    layers = [layer for layer in model.layers if type(layer) is not InputLayer]
    if len(layers) < 2 or type(layers[0]) is not TextVectorization:
        return None
    described = describe_layer(layers[0])
    width = width_of(described["settings"] or {}, described.get("size"))
    return (described, BehindTexts(model, layers[1:], width)) if width is not None else None
