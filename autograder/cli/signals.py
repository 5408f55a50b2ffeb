"""SIGTERM and a closed terminal end a command like Ctrl-C: children first, with no half-written file."""

from __future__ import annotations

import os
import signal
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """Raised in the main thread when one of `ENDING` arrives; like Ctrl-C it is not an error."""


@contextmanager
def endings() -> Iterator[list[signal.Signals]]:
    """Raise `Ended` at the first of `ENDING`, and yield the list that names it; later ones are ignored.

    A signal that is ignored already (``nohup``) stays ignored. Does nothing outside of the main thread.
    """
    received: list[signal.Signals] = []

    def end(number: int, frame: FrameType | None) -> None:
        if received:
            return  # an orderly end must not be interrupted by a second signal
        received.append(signal.Signals(number))
        if number == signal.SIGHUP:
            _leave_terminal()
        raise Ended

    if threading.current_thread() is not threading.main_thread():
        yield received
        return
    heard = [number for number in ENDING if signal.getsignal(number) is signal.SIG_DFL]
    for number in heard:
        signal.signal(number, end)
    try:
        yield received
    finally:
        for number in heard:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def first_interrupt(request: Callable[[], None]) -> Iterator[None]:
    """Call ``request`` at the first Ctrl-C in this block; the next one interrupts the command as usual."""
    def handle(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        request()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _leave_terminal() -> None:
    """Stop writing to a closed terminal: every write there would fail, and hide the actual cause."""
    with suppress(OSError), Path(os.devnull).open("w") as nowhere:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                # Not isatty(): it returns False where the other end of the terminal was closed.
                if stat.S_ISCHR(os.fstat(stream.fileno()).st_mode):
                    os.dup2(nowhere.fileno(), stream.fileno())
