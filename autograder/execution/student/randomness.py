"""Keeps what is done for the record from drawing on the student's random numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import getstate, setstate

from numpy.random import get_state, set_state


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put Python's and NumPy's global generators back as they were."""
    python, numpy = getstate(), get_state()
    try:
        yield
    finally:
        setstate(python)
        set_state(numpy)
