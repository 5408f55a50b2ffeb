"""From many runs of correct work to a minimum that is fair to ask for. Pure."""

from autograder.calibration.spread import bands, false_fail, spread, tolerance_factor

__all__ = ["bands", "false_fail", "spread", "tolerance_factor"]
