"""Callbacks that students made or returned: their class and their settings, given or by default."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.artifacts import CallbackValue, SequenceValue
from autograder.checks import CheckFailed, Unjudged, call
from autograder.checks.vocabulary.callback_subjects import difference, direction
from autograder.checks.vocabulary.subject import describe
from autograder.model import Basis

MADE = {"monitor": "val_loss", "patience": 10, "mode": "auto", "min_delta": 0, "baseline": None}


def stopping(**settings: Any) -> dict[str, Any]:
    return {"kind": "callback", "class": "EarlyStopping", "settings": {**MADE, **settings}}


@pytest.mark.parametrize(("monitor", "expected"), [
    ("val_loss", "min"), ("loss", "min"), ("val_accuracy", "max"), ("acc", "max"), ("val_auc_1", "max"),
    ("val_mae", "min"), ("mse", "min"), ("val_f1_score", "max"), ("r2_score", "max"), ("my_own", None), (None, None),
])
def test_what_auto_resolves_to(monitor: Any, expected: str | None) -> None:
    assert direction(monitor) == expected


@pytest.mark.parametrize(("made", "wanted"), [
    ({}, {"mode": "min"}), ({}, {"mode": "auto"}), ({"mode": "min"}, {"mode": "auto"}), ({}, {"baseline": None}),
    ({"monitor": "val_accuracy"}, {"mode": "max"}), ({"monitor": "val_acc"}, {"monitor": "val_accuracy"}),
    ({"monitor": "val_mae"}, {"monitor": "val_mean_absolute_error"}), ({"patience": 10.0}, {"patience": 10}),
])
def test_equal_settings(made: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert difference({**MADE, **made}, wanted, "stop") is None


@pytest.mark.parametrize(("made", "wanted", "differs"), [
    ({}, {"mode": "max"}, "mode"), ({"mode": "max"}, {"mode": "auto"}, "mode"),
    ({"mode": "max"}, {"mode": "min"}, "mode"), ({"monitor": "val_accuracy"}, {"mode": "min"}, "mode"),
    ({}, {"monitor": "loss"}, "monitor"), ({}, {"monitor": "val_accuracy"}, "monitor"),
    ({}, {"baseline": 0.5}, "baseline"), ({}, {"patience": 3}, "patience"),
])
def test_other_settings(made: dict[str, Any], wanted: dict[str, Any], differs: str) -> None:
    found = difference({**MADE, **made}, wanted, "stop")
    assert found is not None and found[0] == differs


@pytest.mark.parametrize(("made", "wanted"), [
    ({"monitor": "my_own", "mode": "auto"}, {"mode": "max"}), ({"patience": "of type Tensor"}, {"patience": 3}),
    ({}, {"filepath": "best.keras"}),
])
def test_what_was_not_recorded_is_no_evidence(made: dict[str, Any], wanted: dict[str, Any]) -> None:
    with pytest.raises(Unjudged):
        difference(made, wanted, "stop")


def test_a_callback_under_a_name_and_in_a_list(craft: Any, tiny: Any, said: Any) -> None:
    posing = {"kind": "callback", "class": "own EarlyStopping", "settings": {}}
    craft.checkpoint("t", {"stop": stopping(), "several": [stopping(patience=3)], "posing": posing, "number": 3,
                           "other": {"kind": "callback", "class": "CSVLogger", "settings": {}}})
    student = craft.student(tiny, "t")
    found = student.callback("stop", "EarlyStopping").has_settings(patience=10, mode="min")
    assert found.evidence.weakest is Basis.CLAIMED
    student.callback("several", "EarlyStopping").has_settings(patience=3)
    assert "has `patience=10`" in said(lambda: student.callback("stop", "EarlyStopping").has_settings(patience=3))
    assert "`number` is the number 3. | An EarlyStopping callback." in said(
        lambda: student.callback("number", "EarlyStopping"))
    assert "`other` is a CSVLogger callback" in said(lambda: student.callback("other", "EarlyStopping"))
    with pytest.raises(Unjudged):
        student.callback("posing", "EarlyStopping")


def test_a_callback_that_a_call_returned(craft: Any, tiny: Any, said: Any) -> None:
    asked = call("make")
    sequence = {"kind": "sequence", "type": "tuple", "length": 2, "items": [{"kind": "scalar", "value": 1}, stopping()]}

    def returned(value: Any) -> Any:
        craft.lines.clear()
        craft.checkpoint("t", {"make": {"kind": "function", "name": "make", "parameters": []}})
        for path in craft.folder.glob("calls-*"):
            path.unlink()
        craft.calls("t", (asked, {"value": value}))
        return craft.student(tiny, "t", declared=(asked,)).called("make")

    returned(stopping()).callback("EarlyStopping").has_settings(patience=10)
    returned(sequence).callback("EarlyStopping").has_settings(mode="min")
    returned(sequence).items(2)[1].callback("EarlyStopping").has_settings(monitor="val_loss")
    assert "returned None. | An EarlyStopping callback. | A `return`" in said(
        lambda: returned({"kind": "scalar", "value": None}).callback("EarlyStopping"))
    with pytest.raises(CheckFailed):
        returned({"kind": "scalar", "value": 3}).callback("EarlyStopping")
    with pytest.raises(Unjudged):
        returned({**sequence, "length": 900}).callback("ReduceLROnPlateau")


def test_a_callback_is_described_in_words() -> None:
    assert describe(CallbackValue(name="EarlyStopping")) == "an EarlyStopping callback"
    assert describe(SequenceValue(items=(), length=2, type="tuple")) == "a tuple of 2 items"
