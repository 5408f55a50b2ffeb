"""Raises SystemExit in cells, in a callback, in a repr and out of a generator that is being closed.

Gains: the end of the harness between two cells with exit status 0, so that failed test cells are never recorded.
"""

# %% [reshape]
import asyncio
import sys


def leave(*arguments):
    raise SystemExit(0)


asyncio.get_event_loop().call_soon(leave)
class Leaver:
    __repr__ = __str__ = _repr_html_ = _repr_mimebundle_ = __del__ = leave


X_train = Leaver()
X_test = [Leaver()]
sys.exit(0)

# %% [one-hot]
def generator():
    try:
        yield 1
    finally:
        leave()


Y_train = generator()
next(Y_train)
del Y_train
Leaver()

# %% [build]
raise SystemExit(0)
