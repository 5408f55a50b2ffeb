"""Rebuilds a student's model configuration from allowed pieces, so that Keras only ever sees our own JSON.

Nothing is passed through: classes come from the allow-list with the module that we name, functions become names of
built-in functions, numbers and strings are bounded. What only matters for training (initializers, regularizers,
constraints, seeds) is neutralised, since the weights are set afterwards; for a training that will be repeated it is
also rebuilt from allow-lists, except for seeds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.artifacts import allowed, training_parts
from autograder.artifacts.carried import calls_of
from autograder.errors import ArtifactError

MAX_DEPTH = 40
MAX_NODES = 200_000
MAX_LAYERS = 500
MAX_CALLS = 2000
MAX_TEXT = 256
MAX_WHOLE = 1 << 24

_LAYER_MODULES = ("keras.layers", "keras.src.layers.", "keras.api.layers")
_MODEL_MODULES = ("keras", "keras.models", "keras.src.models.sequential", "keras.src.models.functional",
                  "keras.src.models.model")
_PENALTY_MODULES = ("keras.regularizers", "keras.src.regularizers.regularizers")
_TRAINING_ONLY = ("_regularizer", "_constraint")
_TRAINED_WITH = {
    "initializer": (training_parts.INITIALIZERS, "keras.initializers"),
    "regularizer": (training_parts.REGULARIZERS, "keras.regularizers"),
    "constraint": (training_parts.CONSTRAINTS, "keras.constraints"),
}
_ACTIVATION_KEYS = frozenset({"activation", "recurrent_activation"})


def canonical(document: Any, *, training: bool = False) -> dict[str, Any]:
    """Return a configuration that `keras.saving.deserialize_keras_object` may be given.

    Args:
        document: parsed JSON of ``keras.saving.serialize_keras_object(model)``.
        training: keep initializers, regularizers and constraints.

    Raises:
        ArtifactError: one sentence for staff and students about the part that cannot be rebuilt.
    """
    if not isinstance(document, dict) or _model_class(document) is None:
        name = document.get("class_name") if isinstance(document, dict) else None
        raise ArtifactError(f"The model is of the class {_shown(name)}; only Sequential and functional models are "
                            "rebuilt.")
    walk = _Walk(training)
    result = walk.keras_object(document, 0)
    calls = calls_of(result)
    if calls > MAX_CALLS:
        raise ArtifactError(f"The model calls its layers {calls:,} times per prediction; at most {MAX_CALLS:,} are "
                            "rebuilt.")
    inputs = sum(1 for layer in result["config"]["layers"] if layer["class_name"] == "InputLayer")
    if inputs > 1:
        raise ArtifactError(f"The model has {inputs} inputs; models with one input can be rebuilt.")
    return result


def _model_class(node: Mapping[str, Any]) -> str | None:
    name = node.get("class_name")
    name = allowed.MODEL_ALIASES.get(name, name) if isinstance(name, str) else None
    if name in allowed.MODELS and node.get("module") in _MODEL_MODULES and _own_name(node):
        return name
    return None


def _own_name(node: Mapping[str, Any]) -> bool:
    """Whether the class is Keras's own: registered classes of others carry ``package>name``."""
    registered = node.get("registered_name")
    return registered is None or registered == node.get("class_name")


class _Walk:
    """One pass over one configuration; counts what it has seen."""

    def __init__(self, training: bool) -> None:
        self._nodes = 0
        self._training = training
        self._layers = 0

    def keras_object(self, node: Mapping[str, Any], depth: int) -> dict[str, Any]:
        """Rewrite one serialised object."""
        name, module, config = node.get("class_name"), node.get("module"), node.get("config")
        if isinstance(name, str) and module is None and name in allowed.PLAIN_OBJECTS:
            if name in allowed.ARRAYS:
                _only_numbers(config)
            return {"class_name": name, "config": self._value(config, depth + 1)}
        home = self._home(node)
        if home is None:
            raise ArtifactError(_refusal(name))
        if not isinstance(config, dict):
            raise ArtifactError(f"The configuration of {_shown(name)} cannot be read.")
        kind, where, registered = home
        if kind in allowed.MODELS:
            self._layers += _layers(config.get("layers"))
            if self._layers > MAX_LAYERS:
                raise ArtifactError(f"The model has more than {MAX_LAYERS} layers; smaller ones can be rebuilt.")
        result: dict[str, Any] = {
            "module": where, "class_name": kind, "registered_name": registered,
            "config": self._config(config, depth + 1),
        }
        for key in ("name", "inbound_nodes", "build_config"):
            if node.get(key) is not None:
                result[key] = self._value(node[key], depth + 1)
        return result

    def _home(self, node: Mapping[str, Any]) -> tuple[str, str, str | None] | None:
        """Return class, module and registered name under which Keras finds an allowed class."""
        name, module = node.get("class_name"), node.get("module")
        if not isinstance(name, str) or not isinstance(module, str) or not _own_name(node):
            return None
        model = _model_class(node)
        if model is not None:
            # A functional model is found by its class in the module only, a Sequential by its public name.
            return model, allowed.MODELS[model], model if model == "Functional" else None
        if name in allowed.LAYERS and module.startswith(_LAYER_MODULES):
            return name, "keras.layers", None
        if name in allowed.OPERATIONS.get(module, frozenset()):
            return name, module, name
        return None

    def _config(self, config: Mapping[str, Any], depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in config.items():
            if key.endswith("_initializer"):
                result[key] = self._trained_with(key, value) if self._training else "zeros"
            elif self._training and key.endswith(_TRAINING_ONLY):
                result[key] = self._trained_with(key, value)
            elif key.endswith("_regularizer") and key != "activity_regularizer":
                result[key] = _penalty(value)
            elif key.endswith(_TRAINING_ONLY) or key == "seed":
                result[key] = None
            elif key == "unroll":
                result[key] = False  # same outputs; unrolling a long sequence would make a huge graph
            elif key in _ACTIVATION_KEYS:
                result[key] = self._activation(value, depth)
            elif key == "dtype":
                result[key] = _dtype(value)
            elif key == "quantization_config":
                if value is not None:
                    raise ArtifactError("The model is quantized; only models in floating point can be rebuilt.")
            else:
                result[_text(key)] = self._value(value, depth)
        return result

    @staticmethod
    def _trained_with(key: str, value: Any) -> dict[str, Any] | None:
        kind = key.rpartition("_")[2]
        found = training_parts.part(value, _TRAINED_WITH[kind][0], kind)
        if found is None:
            return None
        return {"module": _TRAINED_WITH[kind][1], "class_name": found["class"], "config": found["settings"],
                "registered_name": None}

    def _activation(self, value: Any, depth: int) -> Any:
        name = allowed.activation_name(value)
        if name is not None:
            return name
        if isinstance(value, dict) and value.get("class_name") != "function":
            return self.keras_object(value, depth + 1)
        seen = value.get("config") if isinstance(value, dict) else value
        raise ArtifactError(f"The model uses the activation {_shown(seen)}, which is not one of Keras's own.")

    def _value(self, value: Any, depth: int) -> Any:
        """Copy plain data within bounds; anything that has a class goes through the allow-list."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise ArtifactError("The model's configuration is nested too deeply or too long to be rebuilt.")
        if isinstance(value, dict):
            if str(value.get("class_name")) in allowed.DTYPE_POLICIES:
                return _dtype(value)
            if "class_name" in value:
                return self.keras_object(value, depth + 1)
            return {_text(key): self._keyed(key, item, depth + 1) for key, item in value.items()}
        if isinstance(value, list):
            return [self._value(item, depth + 1) for item in value]
        return _plain(value)

    def _keyed(self, key: str, value: Any, depth: int) -> Any:
        return _dtype(value) if key == "dtype" else self._value(value, depth)


def _layers(layers: Any) -> int:
    """Return how many layers a model lists."""
    if not isinstance(layers, list) or not all(isinstance(layer, dict) and "class_name" in layer for layer in layers):
        raise ArtifactError("The list of the model's layers cannot be read.")
    return len(layers)


def _only_numbers(array: Any) -> None:
    """Refuse an array that is described by strings: NumPy would parse numbers from them."""
    waiting = [array.get("value")] if isinstance(array, dict) else [None]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif not isinstance(item, (bool, int, float)):
            raise ArtifactError("The model's configuration contains an array that is not numeric.")


def _penalty(value: Any) -> dict[str, Any] | None:
    """Return a weight penalty that is Keras's own, so that it can be compared with the student's; None for another."""
    if not isinstance(value, dict) or str(value.get("class_name")) not in allowed.PENALTIES or not _own_name(value):
        return None
    module, config = value.get("module"), value.get("config")
    if not isinstance(module, str) or not module.startswith(_PENALTY_MODULES) or not isinstance(config, dict):
        return None
    factors = {key: config[key] for key in ("l1", "l2") if key in config}
    if not all(isinstance(factor, (int, float)) and abs(factor) <= MAX_WHOLE for factor in factors.values()):
        return None
    return {"module": "keras.regularizers", "class_name": value["class_name"], "registered_name": None,
            "config": {key: float(factor) for key, factor in factors.items()}}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        if abs(value) > MAX_WHOLE:
            raise ArtifactError(f"The model's configuration contains the number {value}; at most {MAX_WHOLE} is "
                                "allowed.")
        return value
    return _text(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ArtifactError(f"The model's configuration contains a string of more than {MAX_TEXT} characters.")
    return value


def _dtype(value: Any) -> str | None:
    """Return the name of a type or policy; a policy object becomes its name."""
    if isinstance(value, dict):
        config = value.get("config")
        if str(value.get("class_name")) not in allowed.DTYPE_POLICIES or not isinstance(config, dict):
            raise ArtifactError("The model uses a number format that cannot be rebuilt.")
        value = config.get("name")
    if value is None:
        return None
    if not isinstance(value, str) or value not in allowed.DTYPES:
        raise ArtifactError(f"The model uses the number format {_shown(value)}, which cannot be rebuilt.")
    return value


def _refusal(name: Any) -> str:
    if name == "Lambda":
        return "The model contains a Lambda layer, which runs its own code and cannot be rebuilt."
    return f"The model contains {_shown(name)}, which is not one of Keras's own layers that can be rebuilt."


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else type(value).__name__
    return f"“{text[:60]}”"
