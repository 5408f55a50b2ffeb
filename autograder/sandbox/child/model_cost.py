"""Estimates the cost of one prediction of a rebuilt model from the shapes in its graph, before computing anything."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from autograder.errors import ArtifactError

MAX_OPERATIONS = 400_000_000
"""Multiplications and additions for one input: a hundred times what the networks of these assignments need."""
MAX_LARGEST = 1 << 24
"""Numbers in the largest array that one input may produce: 64 MiB."""
MAX_AT_ONCE = 1 << 26
OPEN_SIDE = 64
"""What an axis of open length counts as."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one input: arithmetic operations, and the numbers in the largest intermediate array."""

    operations: int
    largest: int

    def rows(self, most: int) -> int:
        """Return how many inputs may be evaluated at once, at most ``most``."""
        return max(1, min(most, MAX_AT_ONCE // max(1, self.largest)))


def cost_of(model: Any) -> Cost:
    """Return the cost of one answer.

    Raises:
        ArtifactError: it exceeds the limit for operations or memory.
    """
    cost = _graph(model, {})
    if cost.operations > MAX_OPERATIONS:
        raise ArtifactError(f"one answer takes {_words(cost.operations)} operations, and at most "
                            f"{_words(MAX_OPERATIONS)} are made")
    if cost.largest > MAX_LARGEST:
        raise ArtifactError(f"one answer makes an array of {_words(cost.largest)} numbers, and at most "
                            f"{_words(MAX_LARGEST)} are made")
    return cost


def _graph(model: Any, known: dict[int, Cost]) -> Cost:
    """Add up the calls of a model's graph; a nested model is measured once and counted at each call."""
    if id(model) not in known:
        graph = getattr(model, "_functional", None) or model
        nodes = [node for level in graph._nodes_by_depth.values() for node in level if not node.is_input]
        costs = [_node(node, known) for node in nodes]
        known[id(model)] = Cost(sum(cost.operations for cost in costs), max((c.largest for c in costs), default=0))
    return known[id(model)]


def _node(node: Any, known: dict[int, Cost]) -> Cost:
    """Return the cost of one call of a layer or an operation; when in doubt, too high rather than too low."""
    operation = node.operation
    inner = operation if _is_model(operation) else getattr(operation, "layer", None)
    into, out = [_sides(tensor) for tensor in node.input_tensors], [_sides(tensor) for tensor in node.output_tensors]
    read, written = _sizes(into), _sizes(out)
    largest = max([*map(math.prod, into), *map(math.prod, out)], default=0)
    places = max((math.prod(sides[:-1]) for sides in (*into, *out)), default=1)
    total = read + written
    if _is_model(inner):
        calls = into[0][0] if inner is not operation and into and into[0] else 1
        nested = _graph(inner, known)
        return Cost(total + calls * nested.operations, max(largest, calls * nested.largest))
    kind = type(operation).__name__
    if kind != "Embedding":
        total += places * sum(math.prod(weight.shape) for weight in getattr(operation, "weights", ()))
    total += written * math.prod(_whole(getattr(operation, "pool_size", ())))
    if kind in ("Matmul", "Dot") or "Attention" in kind:
        sides = max((side for found in (*into, *out) for side in found), default=1)
        total += max(written, places * places) * sides
        largest = max(largest, places * places * int(getattr(operation, "num_heads", 1))
                      if "Attention" in kind else 0)
    return Cost(total, largest)


def _is_model(operation: Any) -> bool:
    return hasattr(operation, "_nodes_by_depth") or hasattr(operation, "_functional")


def _sides(tensor: Any) -> tuple[int, ...]:
    return tuple(OPEN_SIDE if side is None else int(side) for side in tensor.shape[1:])


def _sizes(shapes: list[tuple[int, ...]]) -> int:
    return sum(map(math.prod, shapes))


def _whole(value: Any) -> tuple[int, ...]:
    return (value,) if isinstance(value, int) else tuple(value or ())


def _words(count: int) -> str:
    return f"{count:,}" if count < 10**15 else "more than 10^15"
