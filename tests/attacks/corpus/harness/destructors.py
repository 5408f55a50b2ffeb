"""Leaves objects whose destructors and weak references act between two cells, when the harness lets go of them.

Gains: code that runs while a record is written, outside of every cell and its limits.
"""

# %% [reshape]
import gc
import weakref

X_train = np.zeros((600, 784), "float32")


def act(*arguments):
    globals()["X_train"] = np.zeros((600, 784), "float32")
    globals()["parameters"] = 3
    raise KeyboardInterrupt("from a destructor")


class Late:
    def __init__(self):
        self.me = self

    __del__ = act


for number in range(200):
    weakref.finalize(Late(), act)
references = [weakref.ref(one, act) for one in [np.zeros(3) for _ in range(50)]]
gc.set_threshold(1)
