"""With PyTorch, Keras trains with optimizers of that backend: these count as Keras's own, and a student's do not."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(importlib.util.find_spec("torch") is None,
                                                   reason="PyTorch is not installed: pip install '.[torch]'")]
PROGRAM = """
import json, keras
from autograder.sandbox.child.student import model_book

class Adam(keras.optimizers.Adam):
    pass

made = {}
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(3)])
for name, optimizer in {"text": "adam", "object": keras.optimizers.SGD(0.1), "subclass": Adam()}.items():
    model.compile(optimizer, "mse")
    found = model_book._compile(model)
    made[name] = [found["optimizer"]["class"], found["foreign"]]
print(json.dumps(made))
"""


def test_optimizers_of_pytorch_are_keras_own() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True,
                          env=os.environ | {"KERAS_BACKEND": "torch", "CUDA_VISIBLE_DEVICES": ""})
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "text": ["Adam", []], "object": ["SGD", []], "subclass": ["__main__.Adam", ["optimizer"]]}
