"""Whatever a student's process claims, an assertion fails, passes or withholds; it never breaks."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.artifacts import (
    ArrayRef,
    ArrayValue,
    Checkpoint,
    CompileSpec,
    Evaluation,
    FigureValue,
    Fit,
    FunctionValue,
    HistoryValue,
    LayerSpec,
    MappingValue,
    ModelRecord,
    ModelValue,
    OtherValue,
    ScalarValue,
    SequenceValue,
    TextValue,
    Validation,
)
from autograder.artifacts.sampling import sample_indices
from autograder.checks import CheckFailed, Unjudged, dense
from autograder.checks.case import Case
from autograder.checks.ground_truth import Course, Minimum
from autograder.checks.outcome import Evidence
from autograder.checks.request import JudgeRequest, Proof
from autograder.checks.student import Student

pytestmark = pytest.mark.slow

numbers = st.one_of(st.none(), st.integers(-(10**320), 10**320), st.floats(), st.booleans())
words = st.text(max_size=20)
curves = st.dictionaries(words, st.lists(st.floats(), max_size=4).map(tuple), max_size=3)
prints = st.one_of(st.none(), st.sampled_from(["aa", "bb"]))


@st.composite
def array_values(draw: st.DrawFn) -> ArrayValue:
    dtype = draw(st.sampled_from(["float16", "float32", "float64", "int8", "uint8", "uint64", "bool", "<U3"]))
    shape = draw(arrays.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=12))
    values = draw(arrays.arrays(dtype, shape))
    shown = draw(st.sampled_from([dtype, "object", "bfloat16", "nonsense", ""]))
    kept = draw(st.booleans())
    # As the reader guarantees it: rows lie at the sampled indices and fit the shape.
    indices = sample_indices("aa", shape[0], 64)
    return ArrayValue(
        type=draw(words),
        shape=shape,
        dtype=dtype if kept else shown,
        minimum=draw(st.none() | st.floats()),
        maximum=draw(st.none() | st.floats()),
        mean=draw(st.none() | st.floats()),
        deviation=draw(st.none() | st.floats()),
        nan=draw(st.none() | st.integers(0, 9)),
        inf=draw(st.none() | st.integers(0, 9)),
        fingerprint=draw(prints),
        rows=values[indices] if kept else None,
        indices=indices if kept else None,
    )


simple = st.one_of(
    array_values(),
    st.builds(ScalarValue, type=words, value=numbers),
    st.builds(TextValue, value=words, length=st.integers(0, 10**9)),
    st.builds(ModelValue, model=st.integers(0, 2), version=st.integers(0, 2)),
    st.builds(HistoryValue, model=st.none() | st.integers(0, 2), fit=st.none(), history=curves),
    st.builds(FunctionValue, name=words), st.builds(FigureValue), st.builds(OtherValue, type=words),
)
values = st.one_of(
    simple,
    st.builds(SequenceValue, items=st.lists(simple, max_size=3).map(tuple), length=st.integers(0, 10**9), type=words),
    st.builds(MappingValue, items=st.dictionaries(words, simple, max_size=3), length=st.integers(0, 10**9), type=words),
)
layers = st.builds(LayerSpec, class_name=st.sampled_from(["Dense", "Dropout", ""]), activation=st.none() | words,
                   units=st.none() | st.integers(-1, 10**9), rate=st.none() | st.floats())
compiled = st.builds(
    CompileSpec,
    optimizer=st.just("sgd") | words,
    settings=st.dictionaries(st.just("learning_rate"), numbers | words),
    loss=st.just("x") | words,
    loss_settings=st.dictionaries(st.just("from_logits"), numbers, max_size=1),
    metrics=st.just(("accuracy",)) | st.lists(words, max_size=2).map(tuple),
)
sides = st.none() | st.lists(st.none() | st.integers(0, 900), max_size=4).map(tuple)
records = st.builds(
    ModelRecord,
    model=st.just(1),
    version=st.just(1),
    name=words,
    class_name=words,
    built=st.booleans(),
    architecture=st.just({}),
    layers=st.just(()),
    steps=st.lists(layers, max_size=3).map(tuple),
    chain=st.booleans(),
    compile=st.none() | compiled,
    iterations=st.none() | st.integers(0, 10**12),
    total_parameters=st.integers(0, 10**12),
    trainable_parameters=st.just(0),
    weight_shapes=st.just(()),
    input_shape=sides,
    output_shape=sides,
    finite=st.booleans(),
    unsupported=st.none() | words,
)
refs = st.builds(
    ArrayRef,
    fingerprint=prints,
    shape=st.sampled_from([(400, 4), (400, 4), None, ()]),
    dtype=st.none() | words,
    type=st.none() | words,
)
fits = st.builds(
    Fit,
    fit=st.integers(0, 3),
    model=st.sampled_from([1, 1, 1, 0]),
    x=refs,
    y=refs,
    batch_size=st.none() | st.integers(0, 10**9),
    epochs=st.sampled_from([3, 3, 3, None, 10**9]),
    initial_epoch=st.sampled_from([0, 0, 0, 10**9]),
    validation=st.none()
    | st.builds(
        Validation,
        x=st.none() | refs,
        y=st.none() | refs,
        split=st.none() | st.sampled_from([float("nan"), 2.0, -1.0, 0.2]),
    ),
    callbacks=st.lists(words, max_size=2).map(tuple),
    completed=st.sampled_from([True, True, True, False]),
    history=st.sampled_from([{}, {}, {}, {"loss": (1.0,)}]),
    weights_before=prints,
    weights_after=prints,
)
evaluations = st.builds(Evaluation, model=st.integers(0, 1), x=refs, y=refs)

MODEL = ModelValue(model=1, version=1)
ACTIONS: dict[str, Any] = {
    "shape": lambda s, c: s.array("a").has_shape(3, 4),
    "length": lambda s, c: s.array("a").has_length(3),
    "dtype": lambda s, c: s.array("a").has_dtype("floating").has_dtype("float32"),
    "finite": lambda s, c: s.array("a").is_finite(),
    "range": lambda s, c: s.array("a").lies_between(0, 1),
    "rows": lambda s, c: s.array("a").equals_rows_of(c.data.train_images),
    "labels": lambda s, c: s.array("a").equals_rows_of(c.data.train_labels),
    "copy": lambda s, c: s.array("a").is_scaled_copy_of(c.data.train_images),
    "standardized": lambda s, c: s.array("a").is_standardized_with_training_statistics(
        c.data.test_images, c.data.train_images),
    "alike": lambda s, c: s.array("a").is_prepared_like(s.array("b"), c.data.test_images, c.data.train_images),
    "one-hot": lambda s, c: s.array("a").is_one_hot(c.data.train_labels, 10),
    "statistics": lambda s, c: s.array("a").has_statistics(0, 1),
    "layers": lambda s, c: s.model("m").has_layers([dense(8, "relu"), dense(10, "softmax")]),
    "parameters": lambda s, c: s.model("m").has_parameter_count(3),
    "input": lambda s, c: s.model("m").has_input_shape(3),
    "output": lambda s, c: s.model("m").has_output_shape(3),
    "compiled": lambda s, c: s.model("m").is_compiled_with(
        loss="mean_squared_error", optimizer="sgd", metrics=["accuracy"], settings={"learning_rate": 0.1}),
    "accuracy": lambda s, c: s.model("m").accuracy_on(c.holdout, "a").at_least(
        Minimum(metric="m", value=0.5, low=0.5, high=0.6)),
    "probabilities": lambda s, c: s.model("m").gives_probabilities("a"),
    "fit": lambda s, c: s.fit_of("m").used("a", "b"),
    "epochs": lambda s, c: s.fit_of("m").epochs(3),
    "batch": lambda s, c: s.fit_of("m").batch_size(3),
    "validated": lambda s, c: s.fit_of("m").validated_on("a", "b"),
    "split": lambda s, c: s.fit_of("m").validated_with_split(0.1),
    "callback": lambda s, c: s.fit_of("m").used_callback("X"),
    "evaluated": lambda s, c: s.evaluation_of("m").used("a", "b"),
    "number": lambda s, c: s.number("n").is_close_to(1, 0.1),
    "history": lambda s, c: s.history("n").has_epochs(3).has_quantities("loss").is_finite(),
}


@pytest.fixture(scope="module")
def course(tiny) -> Course:
    return Course.load(tiny.context())


@pytest.mark.parametrize("action", ACTIONS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_junk_never_breaks_an_assertion(course, tmp_path, action, data):
    names = data.draw(st.fixed_dictionaries({}, optional={"a": values, "b": values, "n": values}))
    names["m"] = data.draw(st.sampled_from([MODEL, MODEL, MODEL, ScalarValue(type="int", value=1)]))
    checkpoint = Checkpoint(
        task="t",
        cell=1,
        names=names,
        fits=tuple(data.draw(st.lists(fits, min_size=1, max_size=2))),
        evaluations=tuple(data.draw(st.lists(evaluations, max_size=2))),
    )
    record = data.draw(records)
    outputs = data.draw(arrays.arrays("float32", st.sampled_from([(200, 10), (200, 1), (200,), (200, 2, 3)]),
                                      elements=st.floats(width=32), fill=st.floats(width=32)))
    weights = data.draw(prints)
    artifacts: Any = SimpleNamespace(checkpoints={"t": checkpoint}, model=lambda _: record, problems=(),
                                     weights_fingerprint=lambda _: weights)
    request = JudgeRequest(artifacts=tmp_path, sampling_key="aa", reached=("t",),
                           proofs=(Proof(model=record.model, version=record.version, penalties=True),))
    case = Case(
        request=request, artifacts=artifacts, data=course.data, holdout=course.holdout, reference=course.reference
    )
    object.__setattr__(case, "outputs", lambda *_: outputs)
    with contextlib.suppress(CheckFailed, Unjudged), np.errstate(all="ignore"):
        ACTIONS[action](Student(case, "t", Evidence()), case)
