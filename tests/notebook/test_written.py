"""The loss and the metrics of a `compile` that its cell did not reach."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.model import Merged, Slot, SlotStatus
from autograder.notebook import written_settings


def written(code: str, *, stopped: bool = True) -> Any:
    cells = [{"cell_type": "code", "id": "a", "metadata": {}, "source": code}]
    slot = Slot(task="compile", kind="code", status=SlotStatus.ANSWERED, matched_by="id", cells=(0,))
    return written_settings(Merged(notebook={"cells": cells}, release="0", slots=(slot,)), {0} if stopped else set())


@pytest.mark.parametrize(("code", "expected"), [
    ("m.compile(loss='mse', optimizer=Adam(lr=0.1), metrics=['accuracy'])", {"loss": "mse", "metrics": ["accuracy"]}),
    ("m.compile(Adam(lr=0.1), 'mse')", {"loss": "mse", "metrics": []}),
    ("m.compile(loss=keras.losses.MeanSquaredError(), optimizer=x)",
     {"loss": {"class_name": "MeanSquaredError", "config": {}}, "metrics": []}),
    ("m.compile(loss=Cross(from_logits=True), metrics=[Accuracy(), mine])",
     {"loss": {"class_name": "Cross", "config": {"from_logits": True}},
      "metrics": [{"class_name": "Accuracy", "config": {}}]}),
    ("m.compile(loss=mine, optimizer=x, metrics=names)", {"loss": None, "metrics": []}),
    ("m.compile(loss=Cross(axis=k))", {"loss": None, "metrics": []}),
])
def test_what_is_written_out_counts(code: str, expected: Any) -> None:
    assert written(code) == {"compile": {"m": expected}}


@pytest.mark.parametrize("code", ["def f(m):\n    m.compile(loss='mse')", "m.compile(loss=", "x = 1", "a.b.compile()"])
def test_other_code_says_nothing(code: str) -> None:
    assert written(code) == {}


def test_a_cell_that_ran_to_its_end_is_judged_by_what_it_did() -> None:
    assert written("m.compile(loss='mse')", stopped=False) == {}
