"""Counts the epochs and batches that Keras's own loop runs, independently of histories and optimizers, which callbacks
of `fit` can modify.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from weakref import ref

from keras.src.callbacks.callback_list import CallbackList
from keras.src.utils import traceback_utils

_HOOKS = ("on_epoch_begin", "on_epoch_end", "on_train_batch_begin", "on_train_batch_end")


class _Count:
    """One fit: whole epochs, and batches from the first of a step of Keras's loop to its last."""

    def __init__(self, model: Any) -> None:
        self.model = ref(model)
        self.epochs = self.batches = self.first = 0

    def on_epoch_begin(self, _epoch: int) -> None:
        """Do nothing: an epoch counts at its end."""

    def on_epoch_end(self, _epoch: int) -> None:
        self.epochs += 1

    def on_train_batch_begin(self, batch: int) -> None:
        self.first = batch

    def on_train_batch_end(self, batch: int) -> None:
        # With steps_per_execution, one call covers several batches.
        self.batches += max(1, batch - self.first + 1)


class Counter:
    """The running fits, which may be nested or in several threads."""

    def __init__(self) -> None:
        self._running: list[_Count] = []

    def install(self) -> None:
        """Watch the list of callbacks of every fit, in front of all callbacks."""
        for name in _HOOKS:
            setattr(CallbackList, name, self._watched(getattr(CallbackList, name), name))

    def begin(self, model: Any) -> None:
        """Start counting what the loop of this model runs."""
        self._running.append(_Count(model))

    def end(self, model: Any) -> dict[str, int] | None:
        """Return what was counted since `begin`; None if it was not called."""
        for count in reversed(self._running):
            if count.model() is model:
                self._running.remove(count)
                return {"epochs": count.epochs, "batches": count.batches}
        return None

    def _watched(self, original: Callable[..., Any], name: str) -> Callable[..., Any]:
        @functools.wraps(original)
        def watched(callbacks: Any, number: int, *args: Any, **kwargs: Any) -> Any:
            model = getattr(callbacks, "_model", None)
            for count in self._running[::-1]:
                if model is not None and count.model() is model:
                    getattr(count, name)(int(number))
                    break
            return original(callbacks, number, *args, **kwargs)

        # Keras leaves its own files out of tracebacks, so that students see only theirs.
        shown: Any = watched
        shown.__code__ = shown.__code__.replace(co_filename=traceback_utils.__file__)
        return watched
