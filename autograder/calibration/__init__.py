"""Derives fair bounds from many runs of correct work. Pure."""

from autograder.calibration.devices import comparable, level
from autograder.calibration.spread import bands, error_spread, false_fail, spread, tolerance_factor, upper_bound

__all__ = [
    "bands", "comparable", "error_spread", "false_fail", "level", "spread", "tolerance_factor", "upper_bound",
]
