"""Data sets: found, checked, and written for both sides of the sandbox. Never imports a deep-learning framework."""

from autograder.course import OWN
from autograder.data.data_set import MNIST, STAND_IN, DataSet, Dataset, Places, fingerprint
from autograder.data.dataset import Mnist as DefaultData
from autograder.data.dataset import resolve, stand_in, true_file
from autograder.data.declared_sets import find_dataset, is_loaded_by_notebooks
from autograder.data.fetching import fetch
from autograder.data.prepared import Prepared, prepare, prepare_own, prepare_whole

__all__ = [
    "MNIST", "OWN", "STAND_IN", "DataSet", "Dataset", "DefaultData", "Places", "Prepared", "fetch",
    "find_dataset", "fingerprint", "is_loaded_by_notebooks", "prepare", "prepare_own", "prepare_whole", "resolve",
    "stand_in", "true_file",
]
