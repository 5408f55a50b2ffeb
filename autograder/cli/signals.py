"""SIGTERM and a closed terminal end a command as Ctrl-C does: children first, nothing half written."""

from __future__ import annotations

import os
import signal
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """Raised in the main thread when one of `ENDING` arrives; like Ctrl-C it is nobody's error."""


@contextmanager
def endings() -> Iterator[list[signal.Signals]]:
    """Raise `Ended` at the first of `ENDING`, and yield the list that names it; later ones are ignored.

    A signal that is ignored already (``nohup``) stays ignored. Does nothing outside of the main thread.
    """
    received: list[signal.Signals] = []

    def end(number: int, frame: FrameType | None) -> None:
        if received:
            return  # whoever ends everything in order must not be disturbed by a second wish for the same
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


def _leave_terminal() -> None:
    """Say nothing more to a terminal that is gone: every write there would fail, and hide what really happened."""
    with suppress(OSError), Path(os.devnull).open("w") as nowhere:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                # Not isatty(): it says no where the other end of the terminal was closed.
                if stat.S_ISCHR(os.fstat(stream.fileno()).st_mode):
                    os.dup2(nowhere.fileno(), stream.fileno())
