"""Assertions about texts, tables, splits, pipelines, single layers and transfer learning, on what Keras really did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.checks import CheckFailed, Proof, Unjudged, layer, schedule
from autograder.checks.case import Case
from autograder.checks.ground_truth import Course, CourseData, Holdout, ReferenceView
from autograder.checks.outcome import Evidence
from autograder.checks.request import JudgeRequest
from autograder.checks.student import Student
from autograder.model import Basis

pytestmark = pytest.mark.slow
NOTHING = np.zeros((0, 28, 28), np.uint8)
TABLE = np.round(np.random.default_rng(3).normal(size=(300, 4)), 3)
KINDS = np.random.default_rng(4).permutation(np.repeat([0, 1], [240, 60]))
DATA = """
import numpy as np, keras
from keras import layers
TABLE = np.round(np.random.default_rng(3).normal(size=(300, 4)), 3)
KINDS = np.random.default_rng(4).permutation(np.repeat([0, 1], [240, 60]))
"""


@pytest.fixture
def did(run: Any) -> Callable[..., Student]:
    """Return a function: code of the cells before two tests → the student's work at the second, ``b``."""

    def do(first: str, second: str = "") -> Student:
        ran = run(DATA + first, ("a", "pass"), second or "pass", ("b", "pass"))
        errors = [cell for cell in ran.cells if cell["status"] != "ok"]
        assert not errors, errors
        return student(ran.scratch / ".out")

    return do


def student(folder: Path) -> Student:
    data = CourseData(train_images=NOTHING, train_labels=np.zeros(0), test_images=NOTHING, test_labels=np.zeros(0),
                      name="own", is_true=True)
    proven = [path.stem.split("-")[1:] for path in folder.glob("model-*.json")]
    request = JudgeRequest(artifacts=folder, sampling_key="00ff", reached=("a", "b"), proofs=tuple(
        Proof(model=int(model), version=int(version), penalties=True) for model, version in proven))
    course = Course(data=data, holdout=Holdout(test_labels=np.zeros(0), labels=np.zeros(0)),
                    reference=ReferenceView(calibration=None, key="own/cpu"))
    return Student(Case.open(course, request), "b", Evidence())


def said(action: Callable[[], Any]) -> str:
    with pytest.raises(CheckFailed) as caught:
        action()
    return str(caught.value)


def test_recurrent_and_embedding_layers_with_their_settings(did: Any) -> None:
    found = did("""
reader = keras.Sequential([keras.Input((20,)), layers.Embedding(1000, 8, mask_zero=True),
    layers.Bidirectional(layers.LSTM(6, return_sequences=True)), layers.Conv1D(4, 3, padding='causal'),
    layers.GRU(5, dropout=0.2), layers.Dense(1, activation='sigmoid')])
looker = keras.Sequential([keras.Input((8, 8, 1)), layers.RandomFlip('horizontal'), layers.RandomRotation(0.1),
    layers.RandomContrast(0.2), layers.Flatten(), layers.Dense(2)])
""")
    reader = found.model("reader")
    reader.contains(layer("Embedding", input_dim=1000, output_dim=8, mask_zero=True),
                    layer("Bidirectional", layer=layer("LSTM", units=6, return_sequences=True)),
                    layer("Conv1D", filters=4, kernel_size=3, padding="causal"), layer("GRU", dropout=0.2))
    assert "no layer Embedding(input dim 500): Embedding" in said(
        lambda: reader.contains(layer("Embedding", input_dim=500)))
    assert "no layer Bidirectional(layer LSTM(7))" in said(
        lambda: reader.contains(layer("Bidirectional", layer=layer("LSTM", units=7))))
    looker = found.model("looker").contains(layer("RandomFlip", mode="horizontal"), layer("RandomRotation", factor=0.1),
                                            layer("RandomContrast", factor=0.2))
    assert looker.evidence.weakest is Basis.CLAIMED
    assert "no layer RandomFlip(mode vertical)" in said(lambda: looker.contains(layer("RandomFlip", mode="vertical")))


BACKBONE = """
backbone = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation='relu'), layers.Dense(3)], name='core')
backbone.compile('sgd', 'mse')
backbone.fit(TABLE, TABLE[:, :3], epochs=1, verbose=0)
"""
HEAD = """
inputs = keras.Input((4,))
classifier = keras.Model(inputs, layers.Dense(1, activation='sigmoid')(backbone(inputs)))
classifier.compile('sgd', 'bce')
classifier.fit(TABLE, KINDS, epochs=1, verbose=0)
"""


def test_a_frozen_part(did: Any) -> None:
    right = did(BACKBONE, "backbone.trainable = False\n" + HEAD)
    model = right.model("classifier").is_frozen("backbone").is_frozen("core").has_trainable_parameter_count(4)
    assert model.evidence.weakest is Basis.CLAIMED
    right.model("classifier").has_weights_of(right.at("a").model("backbone"))
    assert "2 of the 2 layers of `backbone` in `classifier` are frozen" in said(lambda: model.is_trainable("backbone"))
    assert "contains no `head`" in said(lambda: model.is_frozen("head"))
    wrong = did(BACKBONE, HEAD)
    assert "2 of the 2 layers of `backbone` in `classifier` can be trained" in said(
        lambda: wrong.model("classifier").is_frozen("backbone"))
    assert "4 of the 4 weight arrays of `backbone` are not in `classifier`, or were changed" in said(
        lambda: wrong.model("classifier").has_weights_of(wrong.at("a").model("backbone")))
    assert "trainable parameters" in said(lambda: wrong.model("classifier").has_trainable_parameter_count(4))


def test_schedules_and_callbacks(did: Any) -> None:
    found = did("""
model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
rate = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=100, decay_rate=0.9)
model.compile(keras.optimizers.SGD(rate, momentum=0.9, nesterov=True), loss='mse', metrics=['mae'])
plain = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
plain.compile('sgd', loss=keras.losses.MeanSquaredError())
plain.fit(TABLE, KINDS, epochs=3, verbose=0, callbacks=[
    keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1)),
    keras.callbacks.ModelCheckpoint('./best.keras', monitor='loss', save_best_only=True),
    keras.callbacks.ReduceLROnPlateau(monitor='loss', factor=0.5, patience=7, min_lr=0.001)])
""")
    found.model("model").is_compiled_with(
        loss="mean_squared_error", optimizer="SGD", metrics=["mean_absolute_error"], settings={
            "learning_rate": schedule("ExponentialDecay", decay_rate=0.9), "momentum": 0.9, "nesterov": True})
    found.model("plain").is_compiled_with(loss="mse", settings={"nesterov": False})
    assert "learning_rate ExponentialDecay(decay steps 100)" in said(lambda: found.model("model").is_compiled_with(
        settings={"learning_rate": schedule("ExponentialDecay", decay_steps=10)}))
    assert "learning_rate fixed at" in said(lambda: found.model("plain").is_compiled_with(
        settings={"learning_rate": schedule("CosineDecay")}))
    assert "learning_rate a schedule" in said(
        lambda: found.model("model").is_compiled_with(settings={"learning_rate": 0.1}))
    training = found.fit_of("plain").learning_rates([0.1, 0.05, 0.1 / 3])
    training.used_callback("ModelCheckpoint", filepath="best.keras", save_best_only=True)
    training.used_callback("ReduceLROnPlateau", factor=0.5, patience=7, min_lr=0.001, mode="min")
    assert "in epoch 2 was 0.05. 0.1." in said(lambda: training.learning_rates([0.1, 0.1, 0.1]))
    assert "has `filepath='./best.keras'`" in said(
        lambda: training.used_callback("ModelCheckpoint", filepath="last.keras"))


def test_layers_that_learn_a_vocabulary(did: Any) -> None:
    found = did("""
vectorize = layers.TextVectorization(max_tokens=20, output_sequence_length=5)
vectorize.adapt(['a good film', 'a bad film'])
lookup = layers.StringLookup()
lookup.adapt(['red', 'green'])
scale = layers.Normalization()
scale.adapt(TABLE)
class TextVectorization(layers.Layer):
    pass
posing = TextVectorization()
lookup.get_vocabulary = lambda *_: ['blue']
adapted = keras.Sequential([keras.Input((4,)), scale, layers.Dense(1)])
""")
    words = found.layer("vectorize", "TextVectorization").has_settings(output_sequence_length=5, max_tokens=20)
    words.has_vocabulary(["a", "good", "bad", "film"])
    assert "has max tokens 20. `max_tokens=30`." in said(lambda: words.has_settings(max_tokens=30))
    assert "has 4 words, without “awful”" in said(lambda: words.has_vocabulary(["a", "good", "bad", "film", "awful"]))
    assert "has 4 words, with “film”" in said(lambda: words.has_vocabulary(["a", "good", "bad"]))
    found.layer("lookup", "StringLookup").knows("red", "green")
    assert "does not know “blue”" in said(lambda: found.layer("lookup", "StringLookup").knows("blue"))
    with pytest.raises(Unjudged):
        found.model("adapted").contains(layer("Normalization", mean=[0, 0, 0, 0]))
    found.layer("scale", "Normalization").has_settings(mean=TABLE.mean(axis=0))
    assert "has mean" in said(lambda: found.layer("scale", "Normalization").has_settings(mean=[0, 0, 0, 1]))
    assert "is a StringLookup layer. A TextVectorization layer." in said(
        lambda: found.layer("lookup", "TextVectorization"))
    assert "is an object of type" in said(lambda: found.layer("posing", "TextVectorization"))


def test_pipelines(did: Any) -> None:
    found = did("""
import tensorflow as tf
pairs = tf.data.Dataset.from_tensor_slices((TABLE.astype('float32'), KINDS))
ready = pairs.shuffle(300).batch(32).prefetch(2)
some = pairs.filter(lambda row, kind: kind > 0)
scaled = pairs.map(lambda row, kind: (row / 2, kind))
both = tf.data.Dataset.zip(tuple(tf.data.Dataset.from_tensor_slices(part) for part in (TABLE, KINDS))).batch(8)
""")
    rows, kinds = found.dataset("ready").rows(), found.dataset("ready").rows(1)
    rows.has_dtype("float32").has_shape(300, 4)
    kinds.equals_rows_of(KINDS)
    assert kinds.evidence.weakest is Basis.MEASURED
    found.dataset("both").rows(0).equals_rows_of(TABLE)
    assert "of `both, part 1`" in said(lambda: found.dataset("both").rows(0).equals_rows_of(TABLE + 1))
    assert "yields 2 parts. At least 3." in said(lambda: found.dataset("both").rows(2))
    for computed in ("some", "scaled"):
        with pytest.raises(Unjudged, match="decided while it runs"):
            found.dataset(computed).rows()
    ready = found.dataset("ready").yields((None, 4), (None,)).has_batch_size(32).has_steps(10)
    ready.has_dtypes("float32", "int64")
    found.dataset("pairs").yields((4,), ()).has_steps(300)
    assert ready.evidence.weakest is Basis.CLAIMED
    assert "batches of 32. Batches of 64." in said(lambda: ready.has_batch_size(64))
    assert "yields (None, 4) and (None,). (None, 5) and (None,)." in said(lambda: ready.yields((None, 5), (None,)))
    for unknown in (lambda: found.dataset("some").has_steps(60), lambda: ready.yields((32, 4), (32,))):
        with pytest.raises(Unjudged):
            unknown()
    assert "A `tf.data.Dataset`." in said(lambda: found.dataset("TABLE"))


def test_texts_and_tables_of_several_kinds(did: Any) -> None:
    words = [f"review number {number}" for number in range(300)]
    found = did("""
import pandas as pd
words = [f'review number {number}' for number in range(300)]
column, array, mixed = pd.Series(words), np.array(words), [*words[:-1], 3]
people = pd.DataFrame({'name': words, 'age': np.arange(300) / 2, 'kind': KINDS})
few = people.head(5)
turned = words[::-1]
long = [word + ' ' + 'x' * 3000 for word in words]
""")
    found.texts("long").has_length(300).equals_rows_of([word + " " + "x" * 3000 for word in words])
    assert "“review number" in said(lambda: found.texts("long").equals_rows_of(words))
    for name in ("words", "column", "array"):
        found.texts(name).has_length(300).equals_rows_of(words)
    assert "of `turned`, counted from 0, is “review number" in said(
        lambda: found.texts("turned").equals_rows_of(words))
    assert "A list of texts." in said(lambda: found.texts("KINDS"))
    people = found.table("people").has_columns("name", "age").has_length(300).lacks_columns("answer")
    people.texts("name").equals_rows_of(words)
    people.column("age").equals_rows_of(np.arange(300) / 2)
    people.column("kind").equals_rows_of(KINDS)
    found.table("few").column("age").lies_between(0, 2)
    found.table("few").texts("name").equals_rows_of(words)
    assert "still has the column kind" in said(lambda: people.lacks_columns("kind"))
    assert "A column of numbers." in said(lambda: people.column("name"))


SPLITS = """
order = np.random.default_rng(9).permutation(300)
by_kind = np.concatenate([np.flatnonzero(KINDS == 0), np.flatnonzero(KINDS == 1)])
cut = np.concatenate([np.random.default_rng(9).permutation(np.flatnonzero(KINDS == kind))[:count]
                      for kind, count in ((0, 192), (1, 48))])
rest = np.setdiff1d(np.arange(300), cut)
right_train, right_test = TABLE[cut], TABLE[rest].astype('float32')
y_train, y_test = KINDS[cut], KINDS[rest]
overlapping, shuffled_labels = TABLE[order[100:160]], y_train[::-1].copy()
all_but_one, order_rest, first_kind = TABLE[order[:239]], TABLE[order[240:]], TABLE[by_kind[:240]]
first_rest = TABLE[by_kind[240:]]
scaled = right_train / 2
"""


def test_a_split_whichever_rows_the_student_drew(did: Any) -> None:
    found = did(SPLITS)
    right = found.split("right_train", "right_test").is_split_of(TABLE, train=0.8, stratify=KINDS)
    right.carries_labels(found.array("y_train"), found.array("y_test"), table=TABLE, classes=KINDS)
    assert "of the 300 rows of" in said(lambda: found.split("first_kind", "overlapping").is_split_of(TABLE))
    assert "has 240 of the 300 rows. 70% of them." in said(lambda: right.is_split_of(TABLE, train=0.7))
    assert "of the 300 rows of the table are in none of `all_but_one` and `order_rest`" in said(
        lambda: found.split("all_but_one", "order_rest").is_split_of(TABLE))
    assert "`first_kind` has 240 rows of class 0. 192" in said(
        lambda: found.split("first_kind", "first_rest").is_split_of(TABLE, train=0.8, stratify=KINDS))
    assert "is no row of the table" in said(lambda: found.split("scaled", "right_test").is_split_of(TABLE))
    assert "is no row of the table" in said(lambda: found.split("scaled", "right_test").carries_labels(
        found.array("y_train"), found.array("y_test"), table=TABLE, classes=KINDS))
    assert "has the label of another row in `shuffled_labels`" in said(lambda: right.carries_labels(
        found.array("shuffled_labels"), found.array("y_test"), table=TABLE, classes=KINDS))
