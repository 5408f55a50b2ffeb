"""Runs of correct notebooks for their numbers: calibration and reproduction of published figures."""
