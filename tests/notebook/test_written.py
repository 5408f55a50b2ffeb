"""The loss and the metrics that are text in the `compile` of a cell that raised an error."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.model import Merged, Slot, SlotStatus
from autograder.notebook import written_settings


def written(*codes: str, raised: set[int] | None = None) -> Any:
    cells = [{"cell_type": "code", "id": f"c{number}", "metadata": {}, "source": code}
             for number, code in enumerate(codes)]
    slot = Slot(task="compile", kind="code", status=SlotStatus.ANSWERED, matched_by="id",
                cells=tuple(range(len(cells))))
    merged = Merged(notebook={"cells": cells}, release="0", slots=(slot,))
    return written_settings(merged, {0} if raised is None else raised)


@pytest.mark.parametrize(("code", "expected"), [
    ("m.compile(loss='mse', optimizer=Adam(lr=0.1), metrics=['accuracy'])", {"loss": "mse", "metrics": ["accuracy"]}),
    ("m.compile(loss='mse', optimizer=x, metrics=('a', 'b'))", {"loss": "mse", "metrics": ["a", "b"]}),
    ("m.compile(Adam(lr=0.1), 'mse')", {"loss": "mse"}),
    ("optimizer = Adam(lr=0.1)\nm.compile(optimizer, loss='mse')", {"loss": "mse"}),
    ("m.compile(loss=mine, optimizer=x, metrics=['acc'])", {"metrics": ["acc"]}),
    ("m.compile(loss='mse', metrics=['acc', mine])", {"loss": "mse"}),
    ("m.compile(loss='mse', metrics=names)", {"loss": "mse"}),
])
def test_text_in_the_call_counts(code: str, expected: Any) -> None:
    assert written(code) == {"compile": {"m": expected}}


@pytest.mark.parametrize("code", [
    "def f(m):\n    m.compile(loss='mse')", "m.compile(loss=", "x = 1", "a.b.compile(loss='mse')", "m.compile()",
    "loss = 'mse'\nm.compile(loss=loss)", "m.compile(loss=keras.losses.MeanSquaredError())",
    "m.compile(loss='m' + 'se')", "m.compile(loss=f'mse')", "m.compile(loss=b'mse')", "m.compile(loss={'out': 'mse'})",
    "m.compile(loss='mse', **more)", "m.compile(*given, 'mse')",
    "m.compile(loss='mse')\nm.compile(loss='mae')", "if 0:\n    m.compile(loss='mse')",
])
def test_the_value_of_anything_else_is_unknown(code: str) -> None:
    assert written(code) == {}


def test_each_model_has_its_own_call() -> None:
    code = "a.compile(loss='mse')\nb.compile(loss='mae')\nb.compile(loss='mse')"
    assert written(code) == {"compile": {"a": {"loss": "mse"}}}
    assert written("a.compile(loss='mse')", "a.compile(loss='mae')", raised={0, 1}) == {}


def test_a_cell_that_raised_nothing_is_judged_by_what_it_did() -> None:
    assert written("m.compile(loss='mse')", raised=set()) == {}
    assert written("x = 1 / 0", "m.compile(loss='mse')") == {}
