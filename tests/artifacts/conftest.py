"""Configurations as Keras writes them, and real models recorded once per run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Node = dict[str, Any]


def keras_layer(kind: str, **config: Any) -> Node:
    return {"module": "keras.layers", "class_name": kind, "config": config, "registered_name": None}


def keras_sequential(*layers: Node, shape: tuple[int | None, ...] = (None, 784)) -> Node:
    inputs = keras_layer("InputLayer", batch_shape=list(shape), dtype="float32", name="input_layer")
    return {"module": "keras", "class_name": "Sequential", "registered_name": None,
            "config": {"name": "sequential", "layers": [inputs, *layers], "build_input_shape": list(shape)}}


@pytest.fixture
def layer() -> Callable[..., Node]:
    """Make one serialised layer."""
    return keras_layer


@pytest.fixture
def sequential() -> Callable[..., Node]:
    """Make a serialised Sequential of layers."""
    return keras_sequential


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """The folder with the models of record_models.py, and their numbers by name."""
    folder = tmp_path_factory.mktemp("models")
    script = Path(__file__).with_name("record_models.py")
    subprocess.run([sys.executable, str(script), str(folder)], check=True, capture_output=True)
    names = json.loads((folder / "names.json").read_text())
    return folder, {name: number for number, name in enumerate(names)}
