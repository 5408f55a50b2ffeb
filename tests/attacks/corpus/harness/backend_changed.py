"""Asks for another backend, reloads Keras under it, and puts its classes where the recorder looks for the old ones.

Gains: the points of a model that is no model of the Keras that was imported first.
"""

# %% [reshape]
import importlib
import os
import sys

os.environ |= {"KERAS_BACKEND": "numpy", "TF_USE_LEGACY_KERAS": "1"}
before = keras
try:
    for name in [name for name in sys.modules if name.split(".")[0] == "keras"]:
        del sys.modules[name]
    keras = importlib.import_module("keras")
    print(keras.backend.backend())
except BaseException as error:
    print(type(error).__name__, error)

# %% [build]
model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(7), keras.layers.Dense(10)])
before.Sequential = before.Model = type(model)
