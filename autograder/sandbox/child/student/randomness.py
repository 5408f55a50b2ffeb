"""Keeps recording from consuming the student's random numbers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from random import getstate, setstate
from typing import Any

from keras.src.backend.common.global_state import GLOBAL_STATE_TRACKER
from numpy.random import get_state, set_state

_KERAS = ("global_random_seed", "global_seed_generator")
_COUNTERS = "object_name_uids"


@contextmanager
def undisturbed() -> Iterator[None]:
    """Restore Python's and NumPy's global generators afterwards."""
    python, numpy = getstate(), get_state()
    try:
        yield
    finally:
        setstate(python)
        set_state(numpy)


@contextmanager
def undisturbed_everywhere() -> Iterator[None]:
    """The same with the generators of Keras and TensorFlow, and the numbers in the names of Keras's layers.

    For code that a student wrote, which makes models, trains them or sets seeds.
    """
    with undisturbed(), _keras_undisturbed(), _tensorflow_undisturbed():
        yield


@contextmanager
def _keras_undisturbed() -> Iterator[None]:
    held = vars(GLOBAL_STATE_TRACKER)
    kept = {name: held[name] for name in _KERAS if name in held}
    counters = dict(held.get(_COUNTERS) or {})
    state = getattr(kept.get(_KERAS[1]), "state", None)
    number = None if state is None else state.numpy()
    try:
        yield
    finally:
        for name in _KERAS:
            setattr(GLOBAL_STATE_TRACKER, name, kept.get(name))
        if state is not None:
            state.assign(number)
        if _COUNTERS in held:
            # The same object, since Keras continues to count in it.
            held[_COUNTERS].clear()
            held[_COUNTERS].update(counters)


@contextmanager
def _tensorflow_undisturbed() -> Iterator[None]:
    context: Any = None
    if "tensorflow" in sys.modules:
        context = sys.modules["tensorflow.python.eager.context"].context()
    seed, random = getattr(context, "_seed", None), getattr(context, "_rng", None)
    state = random.getstate() if random is not None else None
    try:
        yield
    finally:
        if random is not None:
            random.setstate(state)
            context._seed, context._rng = seed, random
