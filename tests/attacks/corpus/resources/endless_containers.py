"""Answers with objects whose length is immense, whose items never end, whose attributes make more of them.

Gains: a recorder that never comes back from describing one name.
"""

# %% [reshape]
class Endless:
    def __len__(self):
        return 2**62

    def __iter__(self):
        while True:
            yield Endless()

    def __getitem__(self, key):
        return Endless()

    def __getattr__(self, name):
        return Endless()

    def __repr__(self):
        return "x" * 50_000_000

    def keys(self):
        return self

    items = values = keys


X_train = Endless()
X_test = [Endless()] * 300

# %% [one-hot]
class Map(dict):
    def items(self):
        return ((number, Map()) for number in iter(int, 1))

    keys = values = __iter__ = items


Y_train = Map(a=1)
Y_test = range(2**62)

# %% [build]
Endless.__class__ = keras.Model
model = Endless()
