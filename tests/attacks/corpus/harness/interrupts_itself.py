"""Raises in itself what a time limit would raise, and the ends that the harness knows, from cells and from threads.

Gains: a cell that counts as interrupted by the grader, and so as not its own fault.
"""

# %% [reshape]
import _thread
import threading

threading.Timer(0.01, _thread.interrupt_main).start()
raise KeyboardInterrupt("the cell took longer than 10 s")

# %% [one-hot]
raise GeneratorExit

# %% [build]
raise BaseExceptionGroup("ended", [SystemExit(0), KeyboardInterrupt()])

# %% [parameters]
import bdb

raise bdb.BdbQuit

# %% [fit]
import asyncio

raise asyncio.CancelledError

# %% [evaluate]
_thread.exit()
