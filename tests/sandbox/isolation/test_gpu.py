"""What a child of a GPU grader is given, and what all others are not. No GPU is needed: device nodes are played."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import IsolationError
from autograder.model import Ending, Isolation, JobCell, Limits, NotebookJob, PredictionJob
from autograder.sandbox import PoolOptions, Programs, WarmPool
from autograder.sandbox.isolation import features, gpu

UUID = "GPU-11111111-2222-3333-4444-555555555555"
PLAYED = gpu.Gpu("Played GPU", UUID, ("/dev/zero",))
"""/dev/zero is a node that no child sees otherwise, and that every machine has."""
LOOK = """
import os
def attempt(path):
    try:
        with open(path, "rb") as stream:
            return len(stream.read(4))
    except OSError as error:
        return type(error).__name__
tell({"played": attempt("/dev/zero"), "other": attempt("/dev/tty0"), "visible": os.environ["CUDA_VISIBLE_DEVICES"]})
"""


def machine(tmp_path: Path, *minors: int, shared: tuple[str, ...] = gpu.SHARED_NODES, told: bool = True) -> gpu.Gpus:
    """Return what `installed` finds on a machine with these device nodes."""
    dev, driver = tmp_path / "dev", tmp_path / "driver"
    dev.mkdir()
    for name in (*(f"nvidia{minor}" for minor in minors), *shared, "nvidia-modeset", "null"):
        (dev / name).touch()
    for minor in minors if told else ():
        folder = driver / f"0000:0{minor}:00.0"
        folder.mkdir(parents=True)
        (folder / "information").write_text(
            f"Model: \t\t NVIDIA T{minor}\nIRQ:   \t\t 5\nGPU UUID: \t {UUID[:-1]}{minor}\nDevice Minor: \t {minor}\n")
    return gpu.installed(dev, driver)


def test_each_gpu_has_its_own_node_and_the_shared_ones_and_no_other(tmp_path: Path) -> None:
    found = machine(tmp_path, 0, 1)
    assert [(one.name, one.visible) for one in found.found] == [
        ("NVIDIA T0", UUID[:-1] + "0"), ("NVIDIA T1", UUID[:-1] + "1")]
    assert [[Path(node).name for node in one.nodes] for one in found.found] == [
        ["nvidia0", "nvidiactl", "nvidia-uvm"], ["nvidia1", "nvidiactl", "nvidia-uvm"]]


def test_of_gpus_without_a_name_only_one_is_used(tmp_path: Path) -> None:
    only, = machine(tmp_path, 0, 1, told=False).found
    assert only.visible == "0" and Path(only.nodes[0]).name == "nvidia0"


@pytest.mark.parametrize("minors, shared, says", [
    ((), (), "no NVIDIA GPU"), ((), gpu.SHARED_NODES, "no NVIDIA GPU"),
    ((0,), ("nvidiactl",), "/dev/nvidia-uvm"), ((0,), (), "/dev/nvidiactl and /dev/nvidia-uvm"),
])
def test_what_is_missing_is_named_with_what_mends_it(
    tmp_path: Path, minors: tuple[int, ...], shared: tuple[str, ...], says: str,
) -> None:
    seen = machine(tmp_path, *minors, shared=shared)
    assert not seen.found and says in str(seen.refusal) and seen.fix


def test_a_backend_that_is_not_installed_or_unknown_is_reported() -> None:
    for backend in ("torch" if not importlib.util.find_spec("torch") else "openvino", "openvino"):
        seen = gpu.ask_backend(gpu.Gpus(found=(PLAYED,)), backend)
        assert not seen.found and backend in str(seen.refusal)


@pytest.mark.slow
def test_a_gpu_that_tensorflow_does_not_see_is_none() -> None:
    if gpu.installed().found:
        pytest.skip("this machine has a GPU, which TensorFlow may see")
    seen = gpu.ask_backend(gpu.Gpus(found=(PLAYED,)), "tensorflow")
    assert not seen.found and "sees 0 of 1" in str(seen.refusal)


@pytest.mark.parametrize("share, notebooks", [(1.0, 1), (0.5, 2), (0.34, 2), (0.3, 3), (0.1, 10), (0.7, 1)])
def test_a_share_says_how_many_run_on_one_gpu(share: float, notebooks: int) -> None:
    assert gpu.Seats((PLAYED, PLAYED), share).count == 2 * notebooks
    assert gpu.Seats((), share).count == 0


def test_the_memory_that_jax_may_take_follows_from_the_share() -> None:
    assert gpu.environment("0", 0.5)["XLA_PYTHON_CLIENT_MEM_FRACTION"] == "0.450"


@pytest.fixture(params=[Isolation.FULL, Isolation.RESTRICTED], ids=str)
def pools(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, light: Programs) -> Iterator[Any]:
    """Makes pools whose backend plays a GPU."""
    found = {feature.name: feature.available for feature in features.survey()}
    needed = "namespaces" if request.param is Isolation.FULL else "landlock-scopes"
    if not (found["landlock"] and (found[needed] or (needed != "namespaces" and found["own-user"]))):
        pytest.skip(f"this machine cannot build {request.param} walls")
    monkeypatch.setenv("KERAS_BACKEND", "pretended")
    made: list[WarmPool] = []

    def make(**options: Any) -> WarmPool:
        made.append(WarmPool(PoolOptions(isolation=request.param, programs=light, **options)))
        return made[-1]

    yield make
    for pool in made:
        pool.close()


def run(pool: WarmPool, folder: Path) -> dict[str, Any]:
    job = NotebookJob(cells=(JobCell(index=0, source=LOOK),), seed=1, sampling_key="00", limits=Limits(cell_seconds=20))
    assert pool.run_notebook(job, folder).ending is Ending.COMPLETED
    told: dict[str, Any] = json.loads((folder / "answer.json").read_text())
    return told


def test_a_notebook_on_a_gpu_sees_the_nodes_of_that_gpu_alone(pools: Any, tmp_path: Path) -> None:
    told = run(pools(gpus=(PLAYED,)), tmp_path / "out")
    assert (told["played"], told["visible"]) == (4, UUID)
    assert told["other"] in ("FileNotFoundError", "PermissionError")


def test_a_notebook_on_the_cpu_sees_no_node_and_no_name(pools: Any, tmp_path: Path) -> None:
    told = run(pools(), tmp_path / "out")
    assert told["played"] in ("FileNotFoundError", "PermissionError") and told["visible"] == ""


def test_rebuilt_models_are_asked_without_the_gpu(pools: Any, tmp_path: Path) -> None:
    """Their program does nothing here, but the child was not refused: it was given no GPU to look for."""
    pool = pools(gpus=(gpu.Gpu("Broken GPU", UUID, ("/dev/no-such-node",)),))
    assert pool.run_predictions(PredictionJob(requests=()), tmp_path / "out").ending is Ending.COMPLETED


def test_results_tell_the_name_of_the_gpu(pools: Any) -> None:
    assert pools(gpus=(PLAYED, PLAYED)).versions["device"] == "Played GPU"
    assert "device" not in pools().versions


def test_a_gpu_that_does_not_work_behind_the_walls_stops_the_batch(
    pools: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:
    """Else the backend would train on the CPU in silence, and its numbers be held against the GPU's bounds."""
    monkeypatch.setenv("KERAS_BACKEND", "autograder")  # a module that has no device to count
    with pytest.raises(IsolationError, match="cannot initialise the GPU"):
        run(pools(gpus=(PLAYED,)), tmp_path / "out")
