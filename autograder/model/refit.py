"""A recorded training that is repeated on the trusted side: the child's job, and the stored part of its result."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from autograder.model.base import Value
from autograder.model.job import Mount
from autograder.model.limits import Limits

Reason = Literal["above", "disagrees", "leaderboard", "drawn", "asked"]
"""Why a training was repeated: above what correct runs reach; record and measurement disagree; an entry of the
leaderboard; drawn at random; requested by a person."""
Verdict = Literal["agrees", "above", "below", "impossible"]
"""What the repetition shows about the submitted model: it is above or below what its own record yields."""


class TrainingArray(Value):
    """An array used in a training, recreated from one of the public arrays: rows ``start``, ``start + step`` …

    ``table`` gives the numbers of each raw value; without one, ``scale`` and ``shift`` map the raw pixels, as in
    `autograder.artifacts.Preprocessing`.
    """

    source: str = Field(description="target of a .npy with raw images or labels, uint8")
    start: int = Field(ge=0)
    step: int = Field(ge=1)
    count: int = Field(ge=1)
    shape: tuple[int, ...] = Field(description="shape of one row")
    dtype: str = Field(description="NumPy's name, e.g. float32")
    table: tuple[tuple[float, ...], ...] = ()
    scale: tuple[float, ...] = ()
    shift: tuple[float, ...] = ()


class TrainingFit(Value):
    """One call of ``fit``, with the data and settings that were recorded."""

    x: TrainingArray
    y: TrainingArray
    validation: tuple[TrainingArray, TrainingArray] | None = None
    validation_split: float = Field(0.0, ge=0, lt=1)
    batch_size: int = Field(ge=1)
    epochs: int = Field(ge=0)
    initial_epoch: int = Field(0, ge=0)
    shuffle: bool = True
    callbacks: tuple[dict[str, Any], ...] = Field((), description="{class, settings}, already checked")
    compile: str | None = Field(None, description="JSON: optimizer, loss, metrics; None: keep the previous compile "
                                                  "settings")


class RefitJob(Value):
    """Train one model again from fresh weights and evaluate it on the test images, without holdout labels."""

    architecture: str = Field(description="Keras configuration as JSON, rebuilt from the allow-list for training")
    fits: tuple[TrainingFit, ...]
    seed: int = Field(ge=0, lt=2**32)
    inputs: str = Field(description="target of a .npy with the raw images to predict, uint8")
    shape: tuple[int, ...]
    scale: tuple[float, ...]
    shift: tuple[float, ...]
    limits: Limits = Limits()
    mounts: tuple[Mount, ...] = ()


class Refit(Value):
    """One model that was trained again, or could not be. For staff only."""

    task: str
    model: str = Field(description="name in the student's namespace")
    reasons: tuple[Reason, ...]
    handed_in: float = Field(description="the metric of the submitted model, 0 to 1")
    values: tuple[float, ...] = Field((), description="the same metric after each repetition, one per seed")
    board: tuple[float, ...] = Field((), description="the leaderboard's accuracy after each repetition")
    seeds: tuple[int, ...] = ()
    allowed: float = Field(0.0, description="how far the model may exceed the mean of `values`")
    verdict: Verdict
    why: str | None = Field(None, description="one sentence why it could not be trained again")
    trained_in: tuple[str, ...] = Field((), description="tasks in which its calls of `fit` were recorded")
    seconds: float = Field(0.0, description="wall time of all repetitions")
    fingerprint: str = Field("", description="equal: nothing has to be trained again; empty: try again")

    @property
    def mean(self) -> float | None:
        """Mean over the seeds, None where it could not be trained again."""
        return sum(self.values) / len(self.values) if self.values else None

    @property
    def deviation(self) -> float:
        """Sample standard deviation over the seeds, 0 for a single one."""
        mean, count = self.mean, len(self.values)
        if mean is None or count < 2:
            return 0.0
        return float((sum((value - mean) ** 2 for value in self.values) / (count - 1)) ** 0.5)

    @property
    def contradicts(self) -> bool:
        """Whether the recorded training does not give the model that was handed in."""
        return self.verdict in ("above", "below")

    @property
    def sentence(self) -> str:
        """For staff: ``fit/model trained again: 0.981 ± 0.003 (2 seeds), handed in: 1.000.``"""
        name = f"{self.task}/{self.model}"
        if self.mean is None:
            return f"{name} could not be trained again: {self.why or 'no reason was given.'} Handed in: " \
                   f"{self.handed_in:.3f}."
        count = f"{len(self.values)} seed{'' if len(self.values) == 1 else 's'}"
        text = f"{name} trained again: {self.mean:.3f} ± {self.deviation:.3f} ({count}), handed in: " \
               f"{self.handed_in:.3f}."
        return f"{text} The recorded training does not explain this model." if self.contradicts else text


class Refits(Value):
    """``results/<student>/<assignment>/refit.json``."""

    schema_version: Literal[1] = 1
    student: str
    assignment: str
    submission: str = Field(description="SHA-256 of the submitted bytes")
    entries: tuple[Refit, ...] = ()
