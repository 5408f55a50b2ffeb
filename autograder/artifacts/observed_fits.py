"""What the supervisor noted while a notebook ran, and where a student's record contradicts it.

``witness.json`` is the supervisor's own file: the child cannot write it. It says which task each line of checkpoints
belongs to, how many calls of ``fit`` had begun by then, and for each call the digest of its final record.
Artifacts of earlier versions have none; then no record is doubted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from autograder.artifacts.json_fields import count, mapping, real, sequence, text

FILE: Final = "witness.json"
LIMIT: Final = 1 << 20
_STEP: Final = 2e-5  # seconds; every step of a training takes longer
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode


def fit_digest(record: Mapping[str, Any]) -> str:
    """Return the digest of the record of one ``fit``, as it is in a checkpoint."""
    return hashlib.blake2b(_encode(dict(record)).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class _Line:
    task: str | None
    fits: int


@dataclass(frozen=True)
class _SeenFit:
    digest: str | None
    seconds: float | None


@dataclass(frozen=True)
class Witness:
    """The notes of one run; ``lines`` is None where there are none."""

    lines: tuple[_Line, ...] | None = None
    fits: Mapping[int, _SeenFit] = field(default_factory=dict)

    def task(self, number: int) -> str | None:
        """Return the task of a line of checkpoints, counted from 0; None where there are no notes of it."""
        return self.lines[number].task if self.lines is not None and number < len(self.lines) else None

    def against(self, number: int, nodes: Sequence[Any]) -> tuple[str | None, ...]:
        """Return, for each record of ``fit`` in a line, what contradicts it; None where nothing does."""
        if self.lines is None:
            return (None,) * len(nodes)
        missing = self._missing(number, nodes)
        return tuple(missing or self._against(mapping(node)) for node in nodes)

    def _missing(self, number: int, nodes: Iterable[Any]) -> str | None:
        if self.lines is None or number >= len(self.lines):
            return None
        before = self.lines[number - 1].fits if number else 0
        recorded = {count(mapping(node).get("fit")) for node in nodes}
        lost = [fit for fit in self.fits if before < fit <= self.lines[number].fits and fit not in recorded]
        return f"call {lost[0]} of fit was started, but is not in the record" if lost else None

    def _against(self, node: Mapping[str, Any]) -> str | None:
        number = count(node.get("fit"))
        seen = self.fits.get(number) if number is not None else None
        if seen is None:
            return f"call {number} of fit is in the record, but was never started"
        if node.get("completed") is not True:
            return None  # it ended after the checkpoint, or never: it claims nothing
        if seen.digest != fit_digest(node):
            return f"the record of call {number} of fit is not its final one"
        return _too_much(node, seen)


def _too_much(node: Mapping[str, Any], seen: _SeenFit) -> str | None:
    """Return what a record claims beyond what Keras's loop did, or beyond what its duration allows."""
    counted, number = mapping(node.get("counted")), count(node.get("fit"))
    epochs, batches = count(counted.get("epochs")), count(counted.get("batches"))
    curve = max((len(sequence(values)) for values in mapping(node.get("history")).values()), default=0)
    if epochs is not None and curve > epochs:
        return f"the history of call {number} of fit has {curve} epochs, Keras's loop ran {epochs}"
    if batches is not None and seen.seconds is not None and seen.seconds < batches * _STEP:
        return f"call {number} of fit took {seen.seconds:.3f} s, which is too short for {batches} steps"
    return None


def read_witness(document: Any) -> Witness:
    """Return the notes in a parsed ``witness.json``."""
    node = mapping(document)
    lines = tuple(_Line(text(mapping(line).get("task")), count(mapping(line).get("fits")) or 0)
                  for line in sequence(node.get("checkpoints")))
    fits = {int(key): _SeenFit(text(mapping(fit).get("digest")), real(mapping(fit).get("seconds")))
            for key, fit in mapping(node.get("fits")).items() if key.isdecimal()}
    return Witness(lines, fits)
