"""Where assignments are graded on a cluster, and with how many at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from autograder import __version__
from autograder.cluster import Link, Offer
from autograder.errors import ClusterError, GraderError
from autograder.pipeline.session import RunOptions
from autograder.remote.cluster import Cluster
from autograder.remote.matching import describe, differences
from autograder.testing import ASSIGNMENT, make_course
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Silent

CPU = Offer(version=__version__, isolation="full", versions={"keras": "3"}, slots=4)
GPU = CPU.model_copy(update={"device": "gpu", "gpus": ("H200",), "slots": 3})


class Offers:
    """A link to workers that only say what they offer."""

    address = "tcp://127.0.0.1:1"

    def __init__(self, *offers: Offer) -> None:
        self._offers = offers

    def offers(self) -> tuple[Offer, ...]:
        return self._offers


def cluster(*offers: Offer) -> Cluster:
    return Cluster(link=cast(Link, Offers(*offers)), reporter=Silent())


def course(folder: Path, grader: str) -> Workspace:
    made = make_course(folder)
    path = made.root / "course.yml"
    path.write_text(path.read_text().replace("    data: own", f"    data: own\n    grader: {grader}"))
    return open_workspace(made.root)


def placed(made: Cluster, workspace: Workspace) -> Any:
    options = made.on_workers(workspace, RunOptions())
    assert options.place is not None
    return options.place(workspace, ASSIGNMENT)


def test_on_the_cpu_this_machines_cores_bound_nothing(tmp_path: Path) -> None:
    workspace = course(tmp_path, "cpu")
    found = placed(cluster(CPU, GPU), workspace)
    assert (found.device, found.gpus, found.most) == ("cpu", (), None) and found.workers(500) == 500
    with pytest.raises(ClusterError, match=r"1 worker for gpu \(3 at a time\), but none for cpu"):
        placed(cluster(GPU), workspace)
    with pytest.raises(ClusterError, match="has no workers"):
        placed(cluster(), workspace)


def test_work_for_a_gpu_takes_the_workers_that_have_one_and_waits_without(tmp_path: Path) -> None:
    workspace = course(tmp_path, "gpu")
    found = placed(cluster(CPU, GPU), workspace)
    assert found.device == "gpu" and [gpu.name for gpu in found.gpus] == ["H200"] * 3 and found.workers(500) == 3
    with pytest.raises(GraderError, match=r"no worker has one: start `autograder worker --scheduler .* --gpu 1`"):
        placed(cluster(CPU), workspace)


def test_what_a_worker_has_otherwise_is_named() -> None:
    other = Offer(version="0", isolation="restricted", versions={"numpy": "2"})
    assert differences(CPU, CPU) == ()
    assert differences(other, CPU) == (
        f"autograder 0 instead of {__version__}", "keras missing instead of 3", "numpy, which is missing here",
        "isolation restricted instead of full")
    assert describe([CPU, CPU, GPU]) == "2 workers for cpu (8 at a time), 1 worker for gpu (3 at a time)"
