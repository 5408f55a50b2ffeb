"""Which part of the long tests a run takes that has no time for all of them: every commit takes another one.

CI sets ``AUTOGRADER_ROTATE``: then the cases of a test marked ``rotates(parts=N)`` take turns, each running in one
commit of N, and what is marked ``rotates(part=K)`` runs in one commit of `PARTS`, with ``parts=N`` in one of N: whole
files, whose tests share what is costly, and single tests. The parts take about equally long: add to the shortest one.
Without the variable all run.
"""

from __future__ import annotations

import os
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
VARIABLE = "AUTOGRADER_ROTATE"
PARTS = 6
"""In how many parts the tests that are marked with their part are divided."""


def commit() -> str:
    """Return the commit of this checkout, empty where there is none."""
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, text=True, capture_output=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def turn(parts: int, *, after: int = 1) -> int:
    """Return the number of the part whose turn it is, from 0; without git always the first.

    Args:
        after: in how many parts something else is divided that takes turns too: both go through all pairs.
    """
    return int(commit() or "0", 16) // max(after, 1) % max(parts, 1)


def split(items: list[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """Return the tests that run and those that other commits run; the cases of one function take turns."""
    seen: dict[str, int] = defaultdict(int)
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        marker = item.get_closest_marker("rotates")
        if marker is None:
            kept.append(item)
            continue
        parts, part = int(marker.kwargs.get("parts", PARTS)), marker.kwargs.get("part")
        function = item.nodeid.partition("[")[0]
        number, seen[function] = seen[function] if part is None else int(part), seen[function] + 1
        (kept if number % parts == turn(parts) else left).append(item)
    return kept, left


def asked() -> bool:
    """Whether this run takes only its part."""
    return bool(os.environ.get(VARIABLE))
