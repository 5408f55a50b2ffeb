"""From many runs of correct work to a bound that is fair to ask for. Pure."""

from autograder.calibration.devices import comparable, level
from autograder.calibration.spread import bands, error_spread, false_fail, spread, tolerance_factor, upper_bound

__all__ = [
    "bands", "comparable", "error_spread", "false_fail", "level", "spread", "tolerance_factor", "upper_bound",
]
