"""Refuses hidden checks that cannot work, before anything runs: the file, the line and what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder.checks.source import Declared, mistakes
from autograder.course import OWN, Assignment
from autograder.errors import ReleaseError
from autograder.model import CheckSpec
from autograder.notebook import layout, read_sizes

MOST = 10
"""Mistakes that one message lists."""


def examine_checks(hidden: Path, source: dict[str, Any], specs: Iterable[CheckSpec], settings: Assignment) -> None:
    """Look for mistakes in the text of hidden checks.

    Args:
        hidden: folder with the hidden checks of one assignment.
        source: its source notebook.
        specs: the collected checks.

    Raises:
        ReleaseError: a check cannot work, such as one that needs withheld rows where the data have none.
    """
    place = f"tests/hidden/{hidden.name}"
    files = {f"{place}/{path.relative_to(hidden)}": path.read_text(encoding="utf-8")
             for path in sorted(hidden.rglob("*.py"))}
    found = mistakes(files, declared(source, specs, withheld=settings.data != OWN))
    if found:
        more = f" And {len(found) - MOST} more." if len(found) > MOST else ""
        raise ReleaseError(f"These hidden checks cannot work; correct them: {' '.join(found[:MOST])}{more}")


def declared(source: dict[str, Any], specs: Iterable[CheckSpec], *, withheld: bool) -> Declared:
    """Return what an assignment's checks may rely on."""
    predicts: dict[str, set[tuple[str, str]]] = defaultdict(set)
    calls: dict[str, set[str]] = defaultdict(set)
    for spec in specs:
        predicts[spec.task].update(spec.predicts)
        calls[spec.task].update(call.function for call in spec.calls)
    return Declared(
        tasks=frozenset(task.id for task in layout(source).tasks), sizes=frozenset(read_sizes(source)),
        predicts={task: frozenset(pairs) for task, pairs in predicts.items()},
        calls={task: frozenset(names) for task, names in calls.items()}, withheld=withheld)
