"""Runs of correct notebooks to measure their numbers: calibration, and the published figures."""

from autograder.pipeline.experiments.calibrate import calibrate_assignment
from autograder.pipeline.experiments.reproduce import reproduce_assignment
from autograder.pipeline.experiments.reproduction_table import write_tables

__all__ = [
    "calibrate_assignment",
    "reproduce_assignment",
    "write_tables",
]
