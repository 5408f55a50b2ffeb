"""What is needed to train a recorded model again: its layers with initializers, and its compile settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.artifacts import training_parts
from autograder.artifacts.architecture import canonical
from autograder.artifacts.json_fields import mapping
from autograder.artifacts.model_record import serialised
from autograder.errors import ArtifactError

MAX_CARRIED = 2_000
"""Numbers inside a configuration (constants, means, scales): more could be a disguised trained network."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Training:
    """One recorded state of a model, as needed for a repetition.

    Attributes:
        architecture: Keras configuration from allowed pieces only, with initializers, regularizers and constraints.
        compile: ``{"optimizer", "loss", "metrics"}``, from allowed pieces only.
        all_metrics: whether every recorded metric is in it.
    """

    architecture: Mapping[str, Any]
    compile: Mapping[str, Any]
    all_metrics: bool

    def compiled(self, rate: float | None = None) -> str:
        """Return `compile` as JSON, with another learning rate to begin with where one is given."""
        made = json.loads(json.dumps(self.compile))
        if rate is not None and made["optimizer"]["schedule"] is None:
            made["optimizer"]["settings"]["learning_rate"] = rate
        return json.dumps(made, sort_keys=True)


def read_training(document: Any) -> Training:
    """Return what a parsed ``model-<m>-<v>.json`` says about how to train the model.

    Raises:
        ArtifactError: one sentence why a training cannot be repeated from it.
    """
    fields = mapping(document)
    architecture = canonical(serialised(fields), training=True)
    _check_carried(architecture)
    compiled = mapping(fields.get("compile"))
    if not compiled:
        raise ArtifactError("The model was not compiled, or its settings were not recorded.")
    metrics, whole = training_parts.metrics(compiled.get("metrics"))
    return Training(
        architecture=architecture, all_metrics=whole,
        compile={"optimizer": training_parts.optimizer(compiled.get("optimizer")),
                 "loss": training_parts.loss(compiled.get("loss")), "metrics": list(metrics)},
    )


def _check_carried(architecture: Mapping[str, Any]) -> None:
    """Refuse a configuration with a network's worth of numbers, or with a layer that was fitted outside of `fit`."""
    numbers = 0
    stack: list[Any] = [architecture]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            config = mapping(node.get("config"))
            if node.get("class_name") == "Normalization" and config.get("mean") is None:
                raise ArtifactError("A Normalization layer was adapted to data outside of `fit`, which was not "
                                    "recorded.")
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, float):
            numbers += 1
    if numbers > MAX_CARRIED:
        raise ArtifactError(f"The model's configuration contains {numbers:,} numbers outside its weights, so a "
                            "repetition "
                            "would begin with them.")
