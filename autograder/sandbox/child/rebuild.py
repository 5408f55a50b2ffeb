"""Rebuilds one model from its record, and proves that it computes the same function as the student's model.

Only configurations that passed our own allow-list arrive here; Keras is imported with the first one.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts.model_record import ordered_weights
from autograder.artifacts.npz import NpzLimits, read_npz
from autograder.artifacts.probes import usable_probe
from autograder.artifacts.reader import PROBE, WEIGHTS
from autograder.artifacts.values import Array
from autograder.errors import ArtifactError
from autograder.sandbox.child.model_cost import Cost, cost_of
from autograder.workspace.artifact_folder import FolderSource

# Rounding differs between a compiled and an eager pass and between machines; another function differs by far more.
RELATIVE = 1e-3
ABSOLUTE = 2e-4
HALF_PRECISION = 2e-2

Outputs = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rebuilt:
    """A rebuilt model.

    Attributes:
        cost: of one prediction.
        agrees: whether it computes the same function as the student's model; None if there was no probe.
        penalties: whether its weight penalties are those of the student's model as well.
    """

    model: Any
    cost: Cost
    agrees: bool | None
    penalties: bool

    def ask(self, inputs: NDArray[Any]) -> Outputs:
        """Return the outputs for a batch of inputs as float32, one row each.

        Raises:
            ArtifactError: the model has several outputs.
        """
        return _call(self.model, inputs)


def rebuild(architecture: str, weights: Path, probe: Path | None, *, key: str, shape: list[int | None] | None,
            ) -> Rebuilt:
    """Make a model again and evaluate it on the probe inputs of the student's model.

    Args:
        architecture: JSON that passed our own allow-list.
        weights, probe: files of the student's process.
        key: the sampling key, from which both sides draw the probe inputs.
        shape: of the outputs, batch axis first, as the record claims it; None if it claims none.

    Raises:
        ArtifactError: the weights do not fit, or one prediction would cost too much. Keras's own errors propagate.
    """
    arrays = list(ordered_weights(_arrays(weights, WEIGHTS)).values())
    model, cost = _made(json.loads(architecture), [array.shape for array in arrays])
    for variable, array in zip(model.weights, arrays, strict=True):
        variable.assign(array)
    _finalize(model)
    if probe is None:
        return Rebuilt(model=model, cost=cost, agrees=None, penalties=False)
    whole = all(array.dtype.kind != "f" or bool(np.isfinite(array).all()) for array in arrays)
    agrees, penalties = _proof(model, _arrays(probe, PROBE), key, whole)
    # A model that was built by its first batch has that batch's size as its first dimension, or None.
    made = tuple(model.output_shape)
    fits = shape is None or (len(shape) == len(made) and tuple(shape[1:]) == made[1:])
    return Rebuilt(model=model, cost=cost, agrees=agrees and fits, penalties=agrees and penalties)


def _made(node: dict[str, Any], shapes: list[tuple[int, ...]]) -> tuple[Any, Cost]:
    """Make a model without weights, and create them once their shapes are known to match the recorded ones."""
    import keras

    _blank(node)
    try:
        with keras.StatelessScope(initialize_variables=False):
            model = keras.saving.deserialize_keras_object(node, safe_mode=True)
            if not model.built:
                model.build(tuple(node["config"].get("build_input_shape") or node["build_config"]["input_shape"]))
        wanted = [tuple(variable.shape) for variable in model.weights]
        if wanted != shapes:
            raise ArtifactError(f"expected weights of the shapes {wanted[:8]}, got {shapes[:8]}")
        cost = cost_of(model)
    except BaseException:
        # Otherwise Keras would make the weights of this model together with those of the next one.
        keras.utils.clear_session(free_memory=False)
        raise
    with keras.StatelessScope():
        pass  # at its end Keras makes the weights that are not there yet
    return model, cost


def _blank(node: Any) -> None:
    """Initialize all weights with zeros: they are assigned next, and the first random number costs 0.1 seconds."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name.endswith("_initializer") and value is not None:
                node[name] = "zeros"
            else:
                _blank(value)
    elif isinstance(node, list):
        for value in node:
            _blank(value)


def _arrays(path: Path, limits: NpzLimits) -> dict[str, Array]:
    return read_npz(FolderSource(path.parent).read(path.name, limits.packed), limits)


def _finalize(model: Any) -> None:
    """Let adapted layers use the statistics that were just assigned."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            _finalize(layer)
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()


def _proof(model: Any, recorded: dict[str, Array], key: str, whole: bool) -> tuple[bool, bool]:
    """Return whether the model answers as the student's did, and whether its weight penalties are the same.

    Args:
        whole: whether all weights are finite. Those of a diverged training say nothing about the layers, and how they
            overflow differs between a compiled and an eager pass; then only the drawn weights are compared.
    """
    from autograder.sandbox.child.probing import drawn_answers, inputs_of

    x, y = usable_probe(recorded)
    z, p = recorded.get("z"), recorded.get("p")
    wanted = inputs_of(model, key, len(x))
    if wanted is None or z is None or wanted.dtype != x.dtype or not np.array_equal(wanted, x):
        return False, False
    half = str(model.compute_dtype) in ("float16", "bfloat16")
    drawn, penalty = drawn_answers(model, wanted, key)
    same = _near(drawn, z, half) and (not whole or _near(_call(model, x), y, half))
    alike = p is not None and p.shape == (1,) and math.isclose(float(p[0]), penalty, rel_tol=RELATIVE, abs_tol=1e-6)
    return same, alike


def _near(seen: Array, recorded: Array, half: bool) -> bool:
    if seen.shape != recorded.shape or recorded.dtype.kind not in "fiub":
        return False
    scale = float(np.max(np.abs(recorded[np.isfinite(recorded)]), initial=0.0))
    return bool(np.allclose(seen, recorded, equal_nan=True, rtol=HALF_PRECISION if half else RELATIVE,
                            atol=scale * (HALF_PRECISION if half else ABSOLUTE)))


def _call(model: Any, inputs: NDArray[Any]) -> Outputs:
    import keras

    # Called directly, since tracing a graph for `predict` costs more than ten eager batches.
    outputs = model(inputs, training=False)
    if isinstance(outputs, (list, tuple, dict)):
        raise ArtifactError("expected a model with one output, got several")
    return np.asarray(keras.ops.convert_to_numpy(outputs), dtype=np.float32)
