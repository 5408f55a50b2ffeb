"""What a student's process left behind of a model: its layers, how it was compiled, and what we counted of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.artifacts.text_rows import TextRows
from autograder.artifacts.values import OpenShape, Shape


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerSpec:
    """One layer in terms that do not depend on how it was written.

    Attributes:
        class_name: Keras's name (``Dense``, ``Conv2D``, ``Activation`` …).
        activation: canonical name (``relu``, ``softmax`` …), ``linear`` for none, None where the layer takes none.
        units, filters, kernel_size, strides, pool_size, padding, rate: as configured, None where the layer has none.
        use_bias: None where the layer takes none.
        initializer: class name of the kernel's initializer.
        regularizer: ``L1``, ``L2`` or ``L1L2`` on the kernel, another class's name; None for none or one of strength 0.
        trainable: whether training changes the layer's kernel.
        inside: names of the models inside the model that contain the layer, the outermost first.
        config: the whole configuration, names already canonical.
    """

    class_name: str
    name: str = ""
    activation: str | None = None
    units: int | None = None
    filters: int | None = None
    kernel_size: tuple[int, ...] | None = None
    strides: tuple[int, ...] | None = None
    pool_size: tuple[int, ...] | None = None
    padding: str | None = None
    rate: float | None = None
    use_bias: bool | None = None
    initializer: str | None = None
    regularizer: str | None = None
    trainable: bool = True
    inside: tuple[str, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class CompileSpec:
    """What ``compile`` was called with, in canonical names.

    Attributes:
        optimizer: class name in lower case, e.g. ``sgd``.
        settings: the optimizer's configuration (``learning_rate`` …).
        loss: snake-case name, e.g. ``categorical_crossentropy``; None for none or one that cannot be named.
        loss_settings: the loss object's configuration, e.g. ``from_logits``; empty for a plain name.
        metrics: snake-case names; ``acc`` reads ``accuracy``.
        foreign: which of ``loss``, ``metrics`` and ``optimizer`` are objects that are not Keras's own.
    """

    optimizer: str | None
    settings: Mapping[str, Any]
    loss: str | None
    loss_settings: Mapping[str, Any]
    metrics: tuple[str, ...]
    foreign: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelRecord:
    """One recorded state of one model.

    Attributes:
        architecture: canonical Keras configuration, rebuilt from allowed pieces only; empty where ``unsupported``.
        layers: flattened; an ``Activation`` stays a separate layer, input layers are left out.
        steps: the form to compare with: separate activations merged into the layer before, no-ops left out.
        chain: whether the layers form one chain without branches or shared layers.
        compile: None where the model was never compiled, or in a way that cannot be read.
        halvings: of the factor of the loss in half precision, less its doublings; None in other precisions.
        total_parameters: counted by us: the numbers of the weight arrays, and `carried_numbers`.
        carried_numbers: stored in the configuration instead (arrays, constants of a graph); 0 for a few settings.
        trainable_parameters: counted by us from the weight arrays.
        weight_shapes: in the order of ``model.weights``.
        finite: False where a weight is NaN or Inf: the training diverged.
        unsupported: one sentence why the model cannot be rebuilt, None where it can.
        texts: how its first layer makes rows of numbers from texts, which ``architecture`` and the recorded probe take;
            None for a model that takes numbers.
    """

    model: int
    version: int
    name: str
    class_name: str
    built: bool
    architecture: Mapping[str, Any]
    layers: tuple[LayerSpec, ...]
    steps: tuple[LayerSpec, ...]
    chain: bool
    compile: CompileSpec | None
    iterations: int | None
    total_parameters: int
    trainable_parameters: int
    weight_shapes: tuple[Shape, ...]
    input_shape: OpenShape | None
    output_shape: OpenShape | None
    finite: bool
    unsupported: str | None
    carried_numbers: int = 0
    halvings: int | None = None
    texts: TextRows | None = None

    @property
    def weight_count(self) -> int:
        """The numbers in the weight arrays, as Keras's `count_params` counts."""
        return self.total_parameters - self.carried_numbers
