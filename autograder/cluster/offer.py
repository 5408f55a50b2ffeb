"""What a worker says about itself when it joins: clients choose by it, and compare each part with what they need."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, ValidationError

from autograder.model.base import Value

KEY: Final = "autograder"
"""The name under which dask keeps it among a worker's facts."""
FORMAT: Final = 1
"""The format of parcels and answers: see `autograder.remote.parcels`."""
_LONGEST: Final = 255


def _printable(text: str) -> str:
    if not text.isprintable() or len(text) > _LONGEST:
        raise ValueError(f"expected at most {_LONGEST} printable characters")
    return text


Words = Annotated[str, AfterValidator(_printable)]
"""What terminals show and results keep: half of a surrogate pair in it could not be stored with any result."""


class Offer(Value):
    """One worker's offer. Comes over the network: sizes are limited, and nothing in it is trusted."""

    version: Words = Field(max_length=40, description="of this package")
    format: int = FORMAT
    device: Literal["cpu", "gpu"] = "cpu"
    judge: bool = Field(False, description="evaluates models for the judge and runs no student code")
    isolation: Words = Field(max_length=40)
    versions: dict[Words, Words] = Field(
        max_length=200, description="of Python, Keras, NumPy, the backend and packages of a course")
    gpus: tuple[Words, ...] = Field((), max_length=64, description="names")
    slots: int = Field(1, ge=1, le=4096, description="jobs at the same time")
    host: Words = Field("", max_length=255)

    @property
    def resource(self) -> str:
        """The name of the resource that its jobs take: ``cpu``, ``gpu`` or ``judge``."""
        return "judge" if self.judge else self.device

    @property
    def kind(self) -> str:
        """The name of a resource that only workers have which run work in exactly the same way."""
        parts = [self.version, self.format, self.resource, self.isolation, sorted(self.versions.items())]
        return "exactly-" + hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]

    @property
    def resources(self) -> dict[str, float]:
        """How much of each resource this worker has, as dask expects it."""
        return {self.resource: float(self.slots), self.kind: float(self.slots)}


def read_offer(facts: dict[str, Any]) -> Offer | None:
    """Return what a worker said to the scheduler; None if it is no worker of ours."""
    try:
        return Offer.model_validate(facts.get(KEY))
    except ValidationError:
        return None
