"""Recorded trainings, repeated on the trusted side."""

from autograder.pipeline.refit.repeat import RefitScope, TrainedRun, repeat_due_trainings, repeat_trainings

__all__ = [
    "RefitScope",
    "TrainedRun",
    "repeat_due_trainings",
    "repeat_trainings",
]
