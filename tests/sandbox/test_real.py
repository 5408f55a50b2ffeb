"""The true zygote: Keras imported once, models trained in its forks, behind each kind of walls."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.artifacts.sampling import bytes_digest, fingerprint
from autograder.model import Ending, Isolation, JobCell, Limits, NotebookJob, PublicArray
from autograder.sandbox import PoolOptions, WarmPool
from autograder.sandbox.isolation import gpu
from autograder.sandbox.processes import memory

TRAINING = """
import numpy as np
import keras
x = np.random.default_rng(0).random((640, 20)).astype('float32')
y = (x.sum(axis=1) > 10).astype('int64')
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(16, activation='relu'),
                          keras.layers.Dense(2, activation='softmax')])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(x, y, batch_size=64, epochs=2, verbose=0)
print('trained', sorted(history.history))
"""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def real(pool: Any) -> Iterator[WarmPool]:
    with WarmPool(PoolOptions(isolation=pool.isolation, workers=2)) as made:
        yield made


def job(*cells: str, **limits: Any) -> NotebookJob:
    return NotebookJob(
        cells=tuple(JobCell(index=i, source=cell, task="fit" if cell.startswith("#") else None)
                    for i, cell in enumerate(cells)),
        seed=7, sampling_key="00" * 16, limits=Limits(**limits))


def test_versions_are_those_of_the_warm_process(real: WarmPool) -> None:
    assert {"python", "keras", "numpy"} <= set(real.versions)


def test_models_train_in_forks_one_after_another(real: WarmPool, tmp_path: Path) -> None:
    for number in range(3):
        out = tmp_path / str(number)
        execution = real.run_notebook(job(TRAINING, "# test\nassert model.count_params() == 370"), out)
        assert execution.ending is Ending.COMPLETED, execution
        assert [(cell.status, cell.error) for cell in execution.cells] == [("ok", None)] * 2
        said = [json.loads(line) for line in (out / "messages.jsonl").read_text().splitlines()]
        assert "trained ['accuracy', 'loss']" in said[0]["content"]["text"]
        assert {"weights-1-1.npz", "model-1-1.json", "checkpoints.jsonl"} <= {path.name for path in out.iterdir()}


def test_a_model_that_was_only_compiled_takes_no_second_copy_of_its_weights(real: WarmPool, tmp_path: Path) -> None:
    build, compiled, _ = re.split(r"(?=model\.compile)|(?=history = )", TRAINING)
    cells = tuple(JobCell(index=i, source=source, task=task)
                  for i, (source, task) in enumerate([(build, None), ("", "build"), (compiled, None), ("", "compile")]))
    execution = real.run_notebook(job().model_copy(update={"cells": cells}), tmp_path / "out")
    assert [cell.status for cell in execution.cells] == ["ok"] * 4
    for kind in ("weights", "probe"):
        assert (tmp_path / "out" / f"{kind}-1-2.npz").samefile(tmp_path / "out" / f"{kind}-1-1.npz")


PLAIN = """
import random, sys
import keras, tensorflow
tensorflow.config.threading.set_intra_op_parallelism_threads(1)
tensorflow.config.threading.set_inter_op_parallelism_threads(1)
random.seed(7)
keras.utils.set_random_seed(7)
exec(sys.stdin.read())
"""
CONVOLUTION = """
import numpy as np
import keras
x = np.random.default_rng(0).random((256, 12, 12, 1)).astype('float32')
y = keras.utils.to_categorical(np.arange(256) % 4)
layers = keras.layers
model = keras.Sequential([keras.Input((12, 12, 1)), layers.Conv2D(4, 3, activation='relu'), layers.BatchNormalization(),
                          layers.MaxPooling2D(), layers.Dropout(0.25), layers.Flatten(),
                          layers.Dense(4, activation='softmax')])
model.compile(optimizer='rmsprop', loss='categorical_crossentropy', metrics=['accuracy'])
history = model.fit(x, y, batch_size=32, epochs=2, validation_split=0.25, verbose=0)
"""
SHOWN = "print(repr(history.history), repr(model.evaluate(x, y, verbose=0)))"


@pytest.mark.parametrize("training", [TRAINING, CONVOLUTION], ids=["dense", "convolution"])
def test_training_gives_the_very_numbers_of_a_plain_process(real: WarmPool, tmp_path: Path, training: str) -> None:
    """How children save time on graphs that run once must not be seen in any bit of what is learned."""
    if gpu.backend_name() != "tensorflow":
        pytest.skip("only TensorFlow has settings that children change")
    execution = real.run_notebook(job(training, SHOWN), tmp_path / "out")
    assert execution.ending is Ending.COMPLETED, execution
    said = json.loads((tmp_path / "out" / "messages.jsonl").read_text().splitlines()[-1])["content"]["text"]
    plain = subprocess.run([sys.executable, "-c", PLAIN], input=f"{training}\n{SHOWN}", capture_output=True, text=True,
                           check=True, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""})
    assert said.splitlines()[-1] == plain.stdout.splitlines()[-1]


def test_equal_seeds_give_equal_children(real: WarmPool, tmp_path: Path) -> None:
    for name in ("a", "b"):
        real.run_notebook(job("import numpy as np; print(np.random.rand(3))"), tmp_path / name)
    assert (tmp_path / "a" / "messages.jsonl").read_text() == (tmp_path / "b" / "messages.jsonl").read_text()


def test_public_arrays_are_known_behind_the_walls(real: WarmPool, tmp_path: Path) -> None:
    """Told a false mean, the child repeats it."""
    array = np.arange(60_000, dtype=np.uint16)
    public = PublicArray(dtype=array.dtype.str, digest=bytes_digest(array).hex(),
                         statistics={"min": 0, "max": 1, "mean": -5.0, "std": 1.0, "nan": 0, "inf": 0})
    asked = job("import numpy as np; x = np.arange(60_000, dtype='uint16'); y = x + 1", "# test").model_copy(update={
        "public": (public,)})
    real.run_notebook(asked, tmp_path / "out")
    names = json.loads((tmp_path / "out" / "checkpoints.jsonl").read_text().splitlines()[0])["names"]
    assert names["x"]["mean"] == -5.0 and names["x"]["fingerprint"] == fingerprint(array)
    assert names["y"]["mean"] == 30_000.5


def test_children_collect_garbage_and_have_room_for_frames(real: WarmPool, tmp_path: Path) -> None:
    """The warm process imports without the collector, and calls at any depth ask the kernel for nothing."""
    execution = real.run_notebook(job("""
import gc, resource
def leaf(a, b, c, d):
    return a
def faults(depth):
    if depth:
        return faults(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for number in range(1000):
        leaf(1, 2, 3, number)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
print(gc.isenabled(), max(faults(depth) for depth in range(300)) < 500)
"""), tmp_path / "out")
    assert execution.ending is Ending.COMPLETED, execution
    said = [json.loads(line) for line in (tmp_path / "out" / "messages.jsonl").read_text().splitlines()]
    assert said[0]["content"]["text"] == "True True\n"


def test_private_memory_of_an_idle_child_is_small(real: WarmPool, tmp_path: Path) -> None:
    found: list[int] = []

    def look(cell: int) -> None:
        from autograder.sandbox.processes import reaper

        if cell == 1:
            zygote = real._zygote.pid  # type: ignore[union-attr]  # it has started
            student = reaper.descendants(zygote)[-1]
            found.append(memory._sum_fields(f"/proc/{student}/smaps_rollup", (b"Private_Dirty:",)) >> 10)

    real.run_notebook(job("pass", "import time\ntime.sleep(.5)"), tmp_path / "out", on_cell=look)
    assert found and found[0] < 250


def test_memory_limit_holds_for_keras(real: WarmPool, tmp_path: Path) -> None:
    execution = real.run_notebook(job(TRAINING, """
import numpy as np, time
kept = []
while True:
    kept.append(np.ones((1 << 20, 4)))
    time.sleep(.005)
""", "pass", memory_mib=400), tmp_path / "out")
    if execution.ending is Ending.COMPLETED:
        assert execution.cells[1].error is not None and "Memory" in execution.cells[1].error
    else:
        assert execution.ending is Ending.OUT_OF_MEMORY
        assert execution.peak_memory_mib > 400


def test_training_that_takes_too_long_is_interrupted(real: WarmPool, tmp_path: Path) -> None:
    execution = real.run_notebook(
        job(TRAINING, "model.fit(x, y, epochs=1_000_000, verbose=0)", "print('went on')", cell_seconds=4),
        tmp_path / "out")
    assert execution.ending is Ending.COMPLETED
    assert [cell.status for cell in execution.cells] == ["ok", "interrupted", "ok"]
    assert execution.flags == ()


def test_staff_see_a_flag_about_a_cell_that_catches_its_interrupt(real: WarmPool, tmp_path: Path) -> None:
    patient = "import time\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    late = True"
    execution = real.run_notebook(job(patient, "assert late", cell_seconds=2), tmp_path / "out")
    assert [cell.status for cell in execution.cells] == ["interrupted", "ok"]
    assert "caught that and ran to its end" in " ".join(execution.flags)


def test_isolation_is_stamped(real: WarmPool, tmp_path: Path) -> None:
    assert real.run_notebook(job("pass"), tmp_path / "out").isolation in (Isolation.FULL, Isolation.RESTRICTED)
