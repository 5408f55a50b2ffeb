"""Published figures, and the results of the published recipes here: ``published.json`` and ``reproduction.json``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median
from typing import Literal

from pydantic import Field, model_validator

from autograder.model.base import Value

MEASURED = r"(metric|number|history):[^\s].*"
WHOLE = "full"
"""The profile of sizes that figures belong to where they name no other."""
NOTEBOOK = "notebook"
"""The profile of figures that are measured with the notebook's own numbers."""


class PublishedFigure(Value):
    """One figure of the published text and the measurement that it is compared with."""

    quantity: str = Field(description="in words, e.g. test accuracy after ten epochs")
    published: str | tuple[float, ...] = Field(description="as the text prints it; words where it gives no number")
    measured: tuple[str, ...] = Field(
        description="for each figure `metric:<name>`, `number:<task>/<name>` or `history:<task>/<quantity>[<epoch>]`")
    profile: str = Field(WHOLE, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$", description="profile of sizes in "
                         "course.yml that the text's recipe corresponds to; `notebook`: the notebook's own numbers")
    digits: int = Field(4, ge=0, le=6, description="decimals that the table shows")
    note: str = Field("", description="one sentence where the figures differ, and why")

    @model_validator(mode="after")
    def _one_measurement_each(self) -> PublishedFigure:
        if not self.measured or not all(re.fullmatch(MEASURED, name) for name in self.measured):
            raise ValueError(f"measured of {self.quantity!r} names metric:…, number:… or history:…")
        if not isinstance(self.published, str) and len(self.published) != len(self.measured):
            raise ValueError(f"{self.quantity!r} has {len(self.published)} published figures and "
                             f"{len(self.measured)} measured ones")
        return self


class Published(Value):
    """``reference/<assignment>/published.json``: a text may print figures of several recipes, short and long."""

    schema_version: Literal[1] = 1
    assignment: str
    recipe: str = Field(description="the published recipe in words: images, epochs, batch size")
    figures: tuple[PublishedFigure, ...] = Field(min_length=1)

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profiles of the figures, in the order of the first figure of each."""
        return tuple(dict.fromkeys(figure.profile for figure in self.figures))

    def of_profile(self, name: str) -> Published:
        """Return the same with the figures of one profile; it has at least one."""
        return self.model_copy(update={"figures": tuple(one for one in self.figures if one.profile == name)})


class Reproduction(Value):
    """``reference/<assignment>/reproduction.json``: runs of the solution by the published recipe.

    Runs in another profile than the full recipe are in ``reproduction-<profile>.json``, and those with another backend
    than TensorFlow have its name before the ending: ``reproduction.jax.json``.
    """

    schema_version: Literal[1] = 1
    assignment: str
    profile: str = Field(WHOLE, description="profile of sizes, as in published.json")
    data: str = Field(description="name:fingerprint; the whole test set, nothing withheld")
    versions: dict[str, str]
    processor: str = Field(description="the CPU on which the seconds were measured")
    reproduced_at: str = Field(description="UTC, ISO 8601")
    sizes: dict[str, int | float] = Field(default_factory=dict)
    threads: int = Field(1, description="cores that one run used")
    seeds: tuple[int, ...]
    seconds: tuple[float, ...] = Field(description="wall time per run")
    lost: tuple[str, ...] = Field((), description="checks of structure and preparation that a run lost")
    measured: dict[str, tuple[float, ...]] = Field(description="name as in published.json → one number per seed")


def middle(values: Sequence[float]) -> tuple[float, float, float]:
    """Return lowest, median and highest value of some runs."""
    return min(values), float(median(values)), max(values)
