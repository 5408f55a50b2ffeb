"""The child that trains again, which first tells what it can see and is watched from then on."""

from __future__ import annotations

from typing import Any

import watched_predictor

from autograder.sandbox.child import refitter


def preload() -> None:
    """Warm up as the program does."""
    refitter.preload()


def run(job: dict[str, Any], scratch: str, progress: int) -> None:
    """Look around, then train."""
    watched_predictor.look_around(job, scratch)
    refitter.run(job, scratch, progress)
