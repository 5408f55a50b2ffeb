"""Configures the backend in children: the threads that a job allows, and no optimization of graphs that run once."""

from __future__ import annotations

import importlib
import os
from typing import Any, Final

SMALL_GRAPH: Final = 40
"""TensorFlow does not optimize graphs with fewer nodes than this.

TensorFlow also builds a graph, with a handful of nodes, for every operation outside of a `tf.function`, and optimizes
it when it first sees the operation: a tenth of a short training's processor time is spent on that. What an epoch runs
dozens of times is still optimized: for a network of one layer, a training step has 174 nodes and an evaluation step
132. (A step of `predict` has 10, and is not optimized for small networks.)
"""


def configure(threads: int) -> None:
    """Configure the backend in a child; call it before anything is computed there."""
    import keras

    name = keras.backend.backend()
    if name == "tensorflow":
        config: Any = importlib.import_module("tensorflow").config
        config.threading.set_intra_op_parallelism_threads(threads)
        config.threading.set_inter_op_parallelism_threads(threads)
        config.optimizer.set_experimental_options({"min_graph_nodes": SMALL_GRAPH})
    elif name == "jax":
        os.environ["NPROC"] = str(threads)  # XLA reads it when it starts: the size of its pool for one operation
    elif name == "torch":
        importlib.import_module("torch").set_num_threads(threads)
        _run_steps_one_by_one(keras.Model)


def _run_steps_one_by_one(model: type) -> None:
    """Let `steps_per_execution` be any number, without effect: it saves time and changes no result.

    Keras refuses numbers above 1 with PyTorch, so a notebook that trains well on TensorFlow would stop here.
    """
    trainer: Any = next(base for base in model.__mro__ if "compile" in vars(base))
    trainer.steps_per_execution = property(lambda _: 1, lambda _, wanted: None)
