"""Data sets: found, checked, and written for both sides of the sandbox. Never imports a deep-learning framework."""

from autograder.data.dataset import MNIST, STAND_IN, DataSet, resolve, stand_in, true_file
from autograder.data.prepared import HOLDOUT, OWN, Prepared, prepare, prepare_own, prepare_whole

__all__ = [
    "HOLDOUT", "MNIST", "OWN", "STAND_IN", "DataSet", "Prepared", "prepare", "prepare_own", "prepare_whole",
    "resolve", "stand_in", "true_file",
]
