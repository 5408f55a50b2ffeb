"""What the checks of an assignment may rely on, besides their own text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What the checks of an assignment may rely on.

    Attributes:
        tasks: the tasks of the notebook; empty where they are unknown.
        sizes: names in its sizes cell; None where they are unknown.
        predicts: task → the (model, array) pairs that some check of the task declares.
        calls: task → the functions that some check of the task declares to be called.
        withheld: whether the data have rows that no student sees.
    """

    tasks: frozenset[str] = frozenset()
    sizes: frozenset[str] | None = None
    predicts: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    calls: Mapping[str, frozenset[str]] = field(default_factory=dict)
    withheld: bool = True
