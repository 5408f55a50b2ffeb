"""The two functions that the warm process calls: `preload` once, `run` in every fork."""

from __future__ import annotations

import gc
import importlib
import inspect
import io
import os
import random
import sys
import tempfile
from typing import Any

from autograder.imports import SLOW, without
from autograder.sandbox.child import backend

INLINE = "module://matplotlib_inline.backend_inline"
_LAZY = (
    "IPython", "IPython.core.ultratb", "IPython.core.magics", "IPython.utils.capture", "ipykernel.ipkernel",
    "ipykernel.zmqshell", "matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib_inline.backend_inline",
    "nbformat", "traceback", "stack_data", "executing", "pure_eval", "pygments.lexers.python",
    "pygments.formatters.terminal256", "pygments.styles.default", "asyncio", "getpass", "timeit", "cProfile", "pstats",
    "keras", "keras.datasets",
)
_LAZY_TENSORFLOW = (
    "tensorflow", "keras._tf_keras.keras", "tensorflow.keras",
    *(f"tensorflow.python.data.ops.{name}_op" for name in
      ("concatenate", "flat_map", "from_tensors", "from_tensor_slices", "from_generator", "range", "zip", "interleave",
       "map", "batch", "shuffle", "prefetch", "repeat", "take", "skip", "cache", "options", "window", "filter")),
)


def preload() -> None:
    """Import all that a notebook imports, including what Keras and IPython would import lazily. Compute nothing: after
    any operation of TensorFlow the children of this process hang.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["MPLBACKEND"] = INLINE
    with without(*SLOW):
        for name in _LAZY:
            _import(name)
    if sys.modules["keras"].backend.backend() == "tensorflow":
        for name in _LAZY_TENSORFLOW:
            _import(name)
    importlib.import_module("autograder.sandbox.child.student.notebook")
    _draw()
    # The first traceback of a process looks up the file of every module: that takes 0.3 s, here only once.
    inspect.getmodule(compile("", "<warm>", "exec"))
    # What exists now is never collected: so the children need not copy its pages only for the collector.
    gc.collect()
    gc.freeze()


def _draw() -> None:
    """Draw a figure without pyplot, whose state is the students': fonts and the writer of PNG are looked up once."""
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    axes.plot([0, 1], label="warm")
    axes.set_xlabel("x")
    axes.legend()
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")


def run(job: dict[str, Any], scratch: str, progress: int) -> None:
    """Run a notebook in this process, a fork of one that called `preload`.

    Args:
        job: a `NotebookJob` as JSON.
        scratch: absolute path of the folder that becomes the working directory; the records go to ``.out`` in it.
        progress: descriptor of the progress socket, negative for none.
    """
    from autograder.sandbox.child.student.notebook import run_notebook

    _enter_scratch(scratch)
    backend.configure(job["limits"]["threads"])
    _seed(job["seed"])
    run_notebook(job, scratch, progress)


def _import(name: str) -> None:
    try:
        importlib.import_module(name)
    except ImportError:
        # Other versions of TensorFlow have other modules; importing them later only costs time.
        return


def _enter_scratch(scratch: str) -> None:
    """Make the scratch folder this process's home, and keep tools from trying to use the network."""
    os.chdir(scratch)
    temporary = f"{scratch}/.tmp"
    os.makedirs(temporary, exist_ok=True)  # noqa: PTH103  (pathlib is the student's to patch)
    os.environ.update(HOME=scratch, TMPDIR=temporary, IPYTHONDIR=f"{scratch}/.ipython", MPLBACKEND=INLINE,
                      PIP_NO_INDEX="1", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
    tempfile.tempdir = None
    _close_input()
    if "" not in sys.path:
        sys.path.insert(0, "")


def _close_input() -> None:
    """Give the student an empty standard input, whatever the warm process reads from."""
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
    except OSError:
        nothing, end = os.pipe()
        os.close(end)
    os.dup2(nothing, 0)
    if nothing != 0:
        os.close(nothing)
    # Both names, or a student's code would find the zygote's; it lives as long as the process.
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # type: ignore[misc] # noqa: SIM115 - kept open


def _seed(seed: int) -> None:
    """Fix every random number."""
    import keras

    random.seed(seed)
    keras.utils.set_random_seed(seed)
