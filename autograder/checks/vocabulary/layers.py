"""What a check may require of a layer, and how a student's layer differs from it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from autograder.artifacts import LayerSpec
from autograder.artifacts.allowed import activation_name
from autograder.artifacts.layer_spec import spec_of
from autograder.checks.outcome import Unjudged
from autograder.checks.vocabulary import keras_names, layer_values
from autograder.checks.vocabulary.layer_settings import (
    Initializer,
    Regularizer,
    initializer_text,
    penalty_kind,
    regularizer_text,
)
from autograder.checks.vocabulary.subject import number_text
from autograder.errors import CheckError


@dataclass(frozen=True, kw_only=True)
class Layer:
    """What a check requires of one layer; None leaves a setting open. Made by `dense`, `dropout` … or `layer`.

    ``settings`` are all others, by Keras's names.
    """

    class_name: str
    units: int | None = None
    filters: int | None = None
    kernel_size: tuple[int, ...] | None = None
    pool_size: tuple[int, ...] | None = None
    strides: tuple[int, ...] | None = None
    padding: str | None = None
    rate: float | None = None
    initializer: str | Initializer | None = None
    bias_initializer: str | Initializer | None = None
    regularizer: str | Regularizer | None = None
    bias_regularizer: str | Regularizer | None = None
    activation: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        words = [_setting(key, getattr(self, key)) for key in _SETTINGS if getattr(self, key) is not None]
        words += [_setting(key, value) for key, value in self.settings.items()]
        return f"{self.class_name}({', '.join(words)})" if words else self.class_name


_SETTINGS = tuple(item.name for item in fields(Layer) if item.name not in ("class_name", "settings"))
_ADAPTED = ("mean", "variance", "vocabulary")
"""Settings that `adapt` leaves out of a layer's configuration."""
_WINDOWS = ("kernel_size", "pool_size", "strides")

_CONFIGURED = {
    "initializer": ("kernel_initializer", "embeddings_initializer"), "bias_initializer": ("bias_initializer",),
    "regularizer": ("kernel_regularizer", "embeddings_regularizer"), "bias_regularizer": ("bias_regularizer",),
}
"""The settings whose details are compared, with Keras's names for them."""


def _setting(key: str, value: Any) -> str:
    if key in ("units", "filters", "activation"):
        return str(value)
    if isinstance(value, float):
        return f"{key.replace('_', ' ')} {number_text(value)}"
    return f"{key.replace('_', ' ')} {value}"


def dense(units: int, activation: str | None = "linear") -> Layer:
    """A dense layer with ``units`` outputs; an ``Activation`` layer after it counts as its activation.

    Args:
        activation: None leaves it open.
    """
    return Layer(class_name="Dense", units=units, activation=activation)


def dropout(rate: float | None = None) -> Layer:
    """A dropout layer; of any rate where none is given."""
    return Layer(class_name="Dropout", rate=rate)


def conv2d(
    filters: int, kernel_size: int | tuple[int, int], activation: str | None = "linear", padding: str | None = None
) -> Layer:
    """A two-dimensional convolution; None leaves activation or padding open."""
    return Layer(
        class_name="Conv2D", filters=filters, kernel_size=_pair(kernel_size), activation=activation, padding=padding
    )


def max_pooling2d(pool_size: int | tuple[int, int] = 2) -> Layer:
    """Maximum pooling over two axes."""
    return Layer(class_name="MaxPooling2D", pool_size=_pair(pool_size))


def batch_normalization() -> Layer:
    """A layer that standardizes each batch."""
    return Layer(class_name="BatchNormalization")


def flatten() -> Layer:
    """A layer that makes one row of each input; ``Reshape`` to one axis is equivalent."""
    return Layer(class_name="Flatten")


def _pair(size: int | tuple[int, int]) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else size


def layer(class_name: str, **settings: Any) -> Layer:
    """Any other layer by Keras's class name, with the settings that matter: ``layer("Embedding", input_dim=1000)``.

        network.contains(layer("Bidirectional", layer=layer("LSTM", units=32, return_sequences=True)))

    Args:
        settings: any that Keras's class takes, except names, seeds, constraints and number formats; a window may be one
            number. ``initializer``, ``bias_initializer`` (and Keras's own names): a name or what `initializer`
            returns; ``regularizer``, ``bias_regularizer``: ``"L1"``, ``"L2"``, ``"L1L2"`` or what `regularizer`
            returns. Settings that only matter in training (``dropout``), and layers that only augment images, are
            claims: outputs cannot prove them.

    Raises:
        CheckError: Keras has no such layer or setting.
    """
    kind = keras_names.known_layer(class_name)
    known = keras_names.LAYERS[kind]
    general = {key for key, names in _CONFIGURED.items() if known & {*names}}
    keras_names.require_settings(kind, settings, known | general)
    own = {key: value for key, value in settings.items() if key in _SETTINGS}
    others = {key: value for key, value in settings.items() if key not in own and value is not None}
    for key in _WINDOWS:
        if isinstance(own.get(key), int):
            own[key] = (own[key],) * _rank(kind)
        elif own.get(key) is not None:
            own[key] = tuple(own[key])
    if own.get("activation") is not None:
        own["activation"] = _activation(kind, own["activation"])
    if isinstance(own.get("padding"), str):
        own["padding"] = own["padding"].lower()
    return Layer(class_name=kind, **own, settings=others)


def _rank(kind: str) -> int:
    return next((rank for rank in (1, 2, 3) if f"{rank}D" in kind), 1)


def _activation(kind: str, name: Any) -> str:
    found = activation_name(name)
    if found is None:
        raise CheckError(f"{kind} is required with the activation {name!r}, which is none of Keras's; correct the "
                         "check.")
    return found


def difference(step: LayerSpec, wanted: Layer) -> tuple[str, str | None] | None:
    """Return (what differs, hint) between a layer and the required one, None where nothing does."""
    if step.class_name != wanted.class_name:
        return f"is {step_text(step)}", None
    for key in _SETTINGS:
        expected = getattr(wanted, key)
        if expected is None:
            continue
        if key in _CONFIGURED:
            different = _configured(step, key, expected)
            if different is not None:
                return different, None
            continue
        seen = getattr(step, key)
        if expected == seen:
            continue
        if isinstance(expected, float) and isinstance(seen, (int, float)) and abs(seen - expected) < 1e-6:
            continue
        if key == "activation":
            hint = "Without `activation` a layer is linear." if seen == "linear" else None
            return f"has activation {seen}", hint
        if key in ("units", "filters"):
            return f"has {seen} {key}", None
        return f"has {key.replace('_', ' ')} {seen if not isinstance(seen, float) else number_text(seen)}", None
    return _other(step, wanted)


def _other(step: LayerSpec, wanted: Layer) -> tuple[str, str | None] | None:
    """Compare the settings that have no field of their own."""
    for key, value in wanted.settings.items():
        if key not in step.config or (key in _ADAPTED and step.config[key] is None):
            raise Unjudged(f"The setting `{key}` of a {step.class_name} layer was not recorded; a person will look at "
                           "it.", f"the configuration of the layer has no {key}")
        seen, words = step.config[key], key.replace("_", " ")
        if isinstance(value, Layer):
            inner = difference(spec_of(seen), value) if isinstance(seen, dict) else ("is missing", None)
            if inner is not None:
                return f"has a {words} that {inner[0]}", inner[1]
        elif not layer_values.fits(key, seen, value):
            return f"has {words} {layer_values.text(key, seen)}", None
    return None


def _configured(step: LayerSpec, key: str, expected: str | Initializer | Regularizer) -> str | None:
    """Return how an initializer or weight penalty of a layer differs from the required one, None where it does not."""
    seen = next((step.config[name] for name in _CONFIGURED[key] if name in step.config), None)
    if key.endswith("regularizer"):
        fits = penalty_kind(seen) == expected if isinstance(expected, str) else expected.fits(seen)
        return None if fits else f"has {key.replace('_', ' ')} {regularizer_text(seen)}"
    wanted = Initializer(class_name=expected) if isinstance(expected, str) else expected
    return None if wanted.fits(seen) else f"has {key.replace('_', ' ')} {initializer_text(seen)}"


def step_text(step: LayerSpec) -> str:
    shown = Layer(
        class_name=step.class_name[:40],
        activation=step.activation,
        units=step.units,
        filters=step.filters,
        rate=step.rate,
    )
    return str(shown)


def same_text(step: LayerSpec) -> str:
    """Return a layer as class, size, window and activation: what two models have to share to be equivalent."""
    size = step.units or step.filters or step.rate
    words = (step.class_name[:40], size, step.kernel_size, step.pool_size, step.activation)
    return " ".join(str(word) for word in words if word)
