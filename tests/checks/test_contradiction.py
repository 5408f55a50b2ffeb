"""A model that is far better than its own curve: repeated where that can be done, else left to a person."""

from __future__ import annotations

import pytest

from autograder.artifacts import ArrayRef, Fit, Validation
from autograder.checks.vocabulary.consistency import contradiction


def trained(*callbacks: str) -> Fit:
    return Fit(fit=1, model=1, validation=Validation(x=ArrayRef(fingerprint="t")), callbacks=callbacks,
               history={"val_accuracy": (0.5, 0.83)})


@pytest.mark.parametrize("callback", ["own EarlyStopping", "Swap", "LambdaCallback"])
def test_with_code_of_its_own_in_the_training_it_contradicts_its_record(callback: str) -> None:
    note = contradiction([trained(callback)], None, {"t": 0.976})
    assert note == ("val_accuracy never exceeds 0.830, but the resulting model reaches 0.976 there; "
                    f"with the callback “{callback}” it cannot be repeated to see why")


@pytest.mark.parametrize("callbacks", [
    (), ("EarlyStopping",), ("ModelCheckpoint", "CSVLogger"), ("SwapEMAWeights",), ("LearningRateScheduler",)])
def test_a_training_that_can_be_repeated_contradicts_nothing_yet(callbacks: tuple[str, ...]) -> None:
    assert contradiction([trained(*callbacks)], None, {"t": 0.976}) is None


@pytest.mark.parametrize("measured", [{"t": 0.9}, {"t": 0.75}, {"other": 1.0}, {}])
def test_a_callback_of_its_own_alone_is_no_evidence(measured: dict[str, float]) -> None:
    assert contradiction([trained("Swap")], None, measured) is None
