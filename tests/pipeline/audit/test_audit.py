"""How many notebooks an audit runs at the same time: nothing is started, since opening the session is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.pipeline.audit import audit as module
from autograder.pipeline.audit.audit import AuditOptions, audit_assignments
from autograder.pipeline.session import session as sessions
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.placement import ON_CPU, Placement
from autograder.pipeline.session.pool_protocol import Pool
from autograder.sandbox import PoolOptions
from autograder.sandbox.isolation.gpu import Gpu
from autograder.workspace.layout import open_workspace
from autograder.workspace.progress import Silent

pytestmark = pytest.mark.slow

COURSE = Path(__file__).resolve().parents[3]
ONE_GPU = Placement(device="gpu", gpus=(Gpu(name="a GPU", visible="0", nodes=()),), share=0.5)


class Asked(Exception):
    """Has the options of the pool."""


def workers(monkeypatch: pytest.MonkeyPatch, placement: Placement, **options: Any) -> int:
    def refuse(asked: PoolOptions) -> Pool:
        raise Asked(asked)

    monkeypatch.setattr(sessions, "place_assignment", lambda *_, **__: placement)
    monkeypatch.setattr(module, "RunOptions", lambda **given: RunOptions(**given, open_pool=refuse))
    workspace = open_workspace(COURSE)
    with pytest.raises(Asked) as seen:
        next(audit_assignments(workspace, ["mlp-digits"], AuditOptions(short=True, **options), Silent()))
    asked: PoolOptions = seen.value.args[0]
    assert asked.gpus == placement.gpus and asked.extra == 0
    return asked.workers


def test_one_more_than_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "count_workers", lambda _: 4)
    assert workers(monkeypatch, ON_CPU) == 5


def test_as_many_as_requested(monkeypatch: pytest.MonkeyPatch) -> None:
    assert workers(monkeypatch, ON_CPU, workers=1) == 1


def test_never_more_than_a_gpu_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "count_workers", lambda _: 16)
    assert workers(monkeypatch, ONE_GPU) == 2
    assert workers(monkeypatch, ONE_GPU, workers=8) == 2
