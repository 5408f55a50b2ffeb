"""What one stored run may have in common with another student's: weights, histories, arrays, passages of code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from autograder import notebook
from autograder.artifacts import ArrayValue, Artifacts, ModelValue
from autograder.feedback.report.likeness import MOST_PASSAGES, names_in, passages, tokens
from autograder.feedback.report.material import Traits

MOST_MODELS = 24
MOST_ARRAYS = 300
FEWEST_NUMBERS = 50
"""Smaller arrays are equal by chance, and so are histories of one or two numbers."""
FEWEST_VALUES = 4


def find_traits(found: Artifacts, executed: dict[str, Any], release: list[str]) -> Traits:
    """Return what may be compared.

    Args:
        executed: the executed notebook.
        release: the source of the release's code cells: what is in them is not the student's.
    """
    return Traits(weights=dict(_weights(found)), histories=dict(_histories(found)), arrays=dict(_arrays(found)),
                  passages=tuple(_passages(executed, release)))


def _weights(found: Artifacts) -> Iterator[tuple[str, str]]:
    """Yield the weights of models that were trained; those of models that nobody trained follow from the seed."""
    trained = {fit.model for fit in found.fits}
    seen: dict[ModelValue, str] = {}
    for task, checkpoint in found.checkpoints.items():
        for name, value in checkpoint.names.items():
            if isinstance(value, ModelValue) and value.model in trained:
                seen.setdefault(value, f"{task}/{name}"[:120])
    for value, label in list(seen.items())[:MOST_MODELS]:
        digest = found.weights_fingerprint(value)
        if digest is not None:
            yield digest, label


def _histories(found: Artifacts) -> Iterator[tuple[str, str]]:
    for task, checkpoint in found.checkpoints.items():
        for fit in checkpoint.fits:
            values = {quantity: list(numbers) for quantity, numbers in fit.history.items()}
            if sum(map(len, values.values())) >= FEWEST_VALUES:
                text = json.dumps(values, sort_keys=True)
                yield hashlib.sha256(text.encode()).hexdigest()[:32], f"{task}, fit {fit.fit}"[:120]


def _arrays(found: Artifacts) -> Iterator[tuple[str, str]]:
    count = 0
    for task, checkpoint in found.checkpoints.items():
        for name, value in checkpoint.names.items():
            if not isinstance(value, ArrayValue) or value.fingerprint is None or _numbers(value) < FEWEST_NUMBERS:
                continue
            count += 1
            if count > MOST_ARRAYS:
                return
            yield f"{value.fingerprint}/{value.shape}/{value.dtype}"[:200], f"{task}/{name}"[:120]


def _numbers(value: ArrayValue) -> int:
    count = 1
    for length in value.shape:
        count *= length
    return count


def _passages(executed: dict[str, Any], release: list[str]) -> list[int]:
    keep = names_in("\n".join(release))
    given = {passage for code in release for passage in passages(tokens(code, keep))}
    own: set[int] = set()
    for cell in executed.get("cells", []):
        if notebook.is_code(cell) and not notebook.is_locked(cell):
            own |= passages(tokens(notebook.source(cell), keep)) - given
            if len(own) > MOST_PASSAGES:
                break
    return sorted(own)[:MOST_PASSAGES]
