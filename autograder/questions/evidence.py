"""What questions are made from: facts that were read from one stored run. Pure."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from autograder.model import Value


class LayerFact(Value):
    """One layer of a network, in the order of Keras's ``summary()``, which does not count the input.

    ``inputs`` are the numbers that each unit or filter is connected to, ``output`` the shape for one example.
    """

    kind: str
    parameters: int = Field(ge=0)
    inputs: int | None = None
    output: tuple[int, ...] | None = None
    units: int | None = None
    filters: int | None = None
    window: tuple[int, ...] | None = None
    rate: float | None = None
    bias: bool | None = None

    @property
    def words(self) -> str:
        """What people call it: its kind and its size."""
        if self.units is not None:
            return f"`{self.kind}` with {self.units:,} units"
        if self.filters is not None and self.window:
            return f"`{self.kind}` with {self.filters:,} filters of {_times(self.window)}"
        if self.window:
            return f"`{self.kind}` of {_times(self.window)}"
        return f"`{self.kind}`"


def _times(window: tuple[int, ...]) -> str:
    return " × ".join(map(str, window * (2 if len(window) == 1 else 1)))


class NetworkFact(Value):
    """One network: the variable that holds it after a task, its layers, and how it was compiled."""

    task: str
    name: str
    layers: tuple[LayerFact, ...] = ()
    input: tuple[int, ...] | None = None
    optimizer: str | None = None
    learning_rate: float | None = None

    @property
    def total(self) -> int:
        """Return the number of all parameters."""
        return sum(layer.parameters for layer in self.layers)


class TrainingFact(Value):
    """The only call of ``fit`` of one network.

    Attributes:
        given: examples that ``fit`` was given; a share of ``split`` of them was kept for validation.
        updates: of the weights, in one epoch.
        epochs: how many were requested.
        stops_early: whether early stopping could end it.
        curves: quantity → one number per epoch.
    """

    task: str
    name: str
    given: int = Field(gt=0)
    split: float | None = None
    examples: int = Field(gt=0)
    batch_size: int = Field(gt=0)
    updates: int = Field(gt=0)
    epochs: int = Field(gt=0)
    stops_early: bool = False
    curves: dict[str, tuple[float, ...]] = Field(default_factory=dict)


class TestedFact(Value):
    """A network that was evaluated, by name; its test array has ``rows`` examples. ``state`` names its recorded state.

    ``row`` i of the array is the i-th test image, which is how the array was recognized.
    """

    task: str
    name: str
    state: str
    rows: int


class ConfusionFact(Value):
    """How often an example of each class (row) was read as each class (column).

    Attributes:
        examples: how many it counts.
        source: ``measured`` by the grader from the network's predictions, or the student's ``own`` matrix.
    """

    task: str
    name: str
    counts: tuple[tuple[int, ...], ...]
    examples: int
    source: Literal["measured", "own"]
    noun: str = "digit"


class Evidence(Value):
    """All facts of one run, and sentences for staff about what was left out."""

    networks: tuple[NetworkFact, ...] = ()
    trainings: tuple[TrainingFact, ...] = ()
    tested: tuple[TestedFact, ...] = ()
    confusions: tuple[ConfusionFact, ...] = ()
    left_out: tuple[str, ...] = ()
