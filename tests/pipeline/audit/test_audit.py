"""How many notebooks an audit runs side by side: nothing is started, the context is asked for and refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.pipeline.audit import audit as module
from autograder.pipeline.audit.audit import AuditOptions, audit
from autograder.pipeline.session.placement import ON_CPU, Placement
from autograder.sandbox.isolation.gpu import Gpu
from autograder.workspace.layout import open_workspace
from autograder.workspace.progress import Silent

COURSE = Path(__file__).resolve().parents[3]
ONE_GPU = Placement(device="gpu", gpus=(Gpu(name="a GPU", visible="0", nodes=()),), share=0.5)


class Asked(Exception):
    """Says what the context was asked for."""


def lanes(monkeypatch: pytest.MonkeyPatch, placement: Placement, **options: Any) -> int:
    def refuse(*_: object, **asked: Any) -> None:
        raise Asked(asked)

    monkeypatch.setattr(module, "placed", lambda *_, **__: placement)
    monkeypatch.setattr(module, "open_context", refuse)
    workspace = open_workspace(COURSE)
    with pytest.raises(Asked) as seen:
        next(audit(workspace, ["mlp-digits"], AuditOptions(short=True, **options), Silent()))
    asked = seen.value.args[0]
    assert asked["placement"] is placement
    return int(asked["lanes"])


def test_one_more_than_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "lanes_of", lambda _: 4)
    assert lanes(monkeypatch, ON_CPU) == 5


def test_as_many_as_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lanes(monkeypatch, ON_CPU, lanes=1) == 1


def test_never_more_than_a_gpu_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "lanes_of", lambda _: 16)
    assert lanes(monkeypatch, ONE_GPU) == 2
    assert lanes(monkeypatch, ONE_GPU, lanes=8) == 2
