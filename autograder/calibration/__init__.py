"""Derives fair bounds from many runs of correct work. Pure."""

from autograder.calibration.corner_bounds import corners_of, join_corners
from autograder.calibration.devices import comparable, level
from autograder.calibration.spread import bands, error_spread, false_fail, spread, tolerance_factor, upper_bound

__all__ = [
    "bands", "comparable", "corners_of", "error_spread", "false_fail", "join_corners", "level", "spread",
    "tolerance_factor", "upper_bound",
]
