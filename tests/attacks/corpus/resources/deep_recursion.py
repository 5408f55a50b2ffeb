"""Recurses without a limit: in Python, in the parser, in repr, in JSON, and until the stack overflows in C.

Gains: a crash of whatever looks at its values.
"""

HONEST = []
FLAGGED = True

# %% [reshape]
import json
import sys

deep = []
for _ in range(200_000):
    deep = [deep]
for attempt in (lambda: repr(deep), lambda: json.dumps(deep), lambda: eval("(" * 5000), lambda: json.loads("[" * 200_000)):
    try:
        attempt()
    except (RecursionError, MemoryError, SyntaxError, ValueError):
        pass
X_train = X_test = deep

# %% [one-hot]
sys.setrecursionlimit(2**31 - 1)


class Endless:
    def __getattr__(self, name):
        return getattr(self, name + "x")


def fall(depth):
    return max([depth], key=lambda _: fall(depth + 1))


fall(0)
