"""How the backend computes in children: with the threads that a job allows, and without polishing what runs once."""

from __future__ import annotations

import importlib
from typing import Any, Final

SMALL_GRAPH: Final = 40
"""Nodes of a graph below which TensorFlow runs it as it is.

TensorFlow makes a graph of every operation outside of a `tf.function` too, with a handful of nodes, and optimizes it
when the operation is seen for the first time: a tenth of the processor time of a short training goes there. What one
epoch runs dozens of times is optimized: for a network of one layer, the step of a training has 174 nodes and that of an
evaluation 132. (That of `predict` has 10, and stays as it is for small networks.)
"""


def settle(threads: int) -> None:
    """Prepare the backend in a child; has to come before it computes anything there."""
    import keras

    name = keras.backend.backend()
    if name == "tensorflow":
        config: Any = importlib.import_module("tensorflow").config
        config.threading.set_intra_op_parallelism_threads(threads)
        config.threading.set_inter_op_parallelism_threads(threads)
        config.optimizer.set_experimental_options({"min_graph_nodes": SMALL_GRAPH})
    elif name == "torch":
        importlib.import_module("torch").set_num_threads(threads)
