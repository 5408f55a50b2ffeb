"""Data sets: found, checked, and laid out for both sides of the wall. Never imports a deep-learning framework."""

from autograder.data.dataset import MNIST, STAND_IN, DataSet, resolve, stand_in
from autograder.data.prepared import HOLDOUT, Prepared, prepare

__all__ = ["HOLDOUT", "MNIST", "STAND_IN", "DataSet", "Prepared", "prepare", "resolve", "stand_in"]
