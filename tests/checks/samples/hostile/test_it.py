"""Checks that take their process down; which one is told by the figures of the request."""

import os
import sys
import time

import pytest


@pytest.mark.task("one", points=1, basis="claimed")
def test_survives(student):
    """Ends as the request says."""
    way = student.figures().count
    if way == 1:
        os._exit(3)
    if way == 2:
        time.sleep(600)
    if way == 3:
        os.kill(os.getppid(), 9)
        time.sleep(600)
    if way == 4:
        bytearray(1 << 40)


@pytest.mark.task("one", points=1, basis="measured")
def test_environment(student):
    """Nothing of the caller's environment, and no TensorFlow, is here."""
    assert set(os.environ) <= {"PATH", "LANG", "PYTHONPATH", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "LC_CTYPE",
                               "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTEST_DISABLE_PLUGIN_AUTOLOAD",
                               "PYTEST_VERSION", "PYTEST_CURRENT_TEST"}
    assert not {"tensorflow", "keras", "nbgrader", "IPython"} & set(sys.modules)


STATE = []


@pytest.mark.task("one", points=1, basis="measured")
def test_alone(student):
    """Sees nothing of the submission before."""
    assert STATE == []
    STATE.append("left behind")
