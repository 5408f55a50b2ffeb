"""From a marker to a spec, and the metrics that are calibrated."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks import metric_name, metrics
from autograder.checks.metrics import accuracy
from autograder.checks.spec import first_sentence, read_spec
from autograder.errors import CheckError

GOOD = {"points": 2, "basis": "measured"}


def test_a_spec_holds_what_the_marker_says():
    spec = read_spec("test_relu_fit", "Fits. Well.", ("relu-fit",),
                     GOOD | {"needs": ["relu_model"], "minimum": True, "predicts": [("m", "X_test")]})
    assert (spec.id, spec.task, spec.title, spec.points) == ("relu-fit", "relu-fit", "Fits.", 2.0)
    assert (spec.needs, spec.minimum, spec.predicts) == (("relu-model",), True, (("m", "X_test"),))


@pytest.mark.parametrize(("docstring", "sentence"), [
    ("One.", "One."), ("One. Two.", "One."), ("Over\n    two lines. Rest.", "Over two lines."), ("No stop", "No stop"),
    ("Rate 0.2 is kept. Rest.", "Rate 0.2 is kept."), ("`X.shape` fits! More.", "`X.shape` fits!"),
    ("First paragraph\n\nsecond.", "First paragraph"),
])
def test_the_first_sentence_is_the_title(docstring, sentence):
    assert first_sentence(docstring) == sentence


@pytest.mark.parametrize(("docstring", "args", "kwargs", "words"), [
    (None, ("t",), GOOD, "needs a docstring"),
    ("  ", ("t",), GOOD, "needs a docstring"),
    ("D.", (), GOOD, "has to name one task"),
    ("D.", ("a", "b"), GOOD, "has to name one task"),
    ("D.", ("t",), {"points": 1}, "lacks basis"),
    ("D.", ("t",), {}, "lacks points and basis"),
    ("D.", ("t",), GOOD | {"point": 1}, "not 'point'"),
    ("D.", ("t",), GOOD | {"basis": "guessed"}, "basis of its task marker is wrong"),
    ("D.", ("t",), GOOD | {"points": -1}, "points of its task marker is wrong"),
    ("D.", ("t",), GOOD | {"needs": "one"}, "has to be a list of check ids"),
    ("D.", ("t",), GOOD | {"predicts": [("m",)]}, "predicts.0"),
    ("D.", ("t",), GOOD | {"predicts": 3}, "predicts of its task marker is wrong"),
])
def test_a_marker_that_cannot_be_read_is_named(docstring, args, kwargs, words):
    with pytest.raises(CheckError, match=words):
        read_spec("test_it", docstring, args, kwargs)


def test_accuracy():
    outputs = np.array([[0.1, 0.9], [0.8, 0.2], [np.nan, 0.0]])
    assert accuracy(outputs, np.array([1, 1, 0])) == pytest.approx(1 / 3)
    assert accuracy(np.array([[0.7], [0.2]]), np.array([1, 0])) == 1.0
    with pytest.raises(ValueError, match="do not fit"):
        accuracy(outputs, np.array([1]))


def test_the_metric_is_the_lower_of_test_and_withheld_images(tiny):
    outputs = np.concatenate([tiny.outputs(1.0)[:100], tiny.outputs(0.6)[100:]])
    expected = {metric_name("fit", "m"): pytest.approx(0.6)}
    assert metrics({("fit", "m"): outputs}, tiny.test_labels[:100], tiny.holdout_labels) == expected
    assert metrics({("fit", "m"): outputs}, tiny.test_labels, tiny.holdout_labels) == expected
    with pytest.raises(ValueError, match="outputs for"):
        metrics({("fit", "m"): outputs[:50]}, tiny.test_labels, tiny.holdout_labels)
