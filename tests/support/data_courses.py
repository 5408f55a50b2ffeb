"""Courses of one assignment on a data set of their own, written into a folder: for tests of the whole chain."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ASSIGNMENT = "task"
PREPARE, FIT = "prepare", "fit"


@dataclass(frozen=True, kw_only=True)
class DataCourse:
    """What differs from course to course.

    Attributes:
        datasets: the entries of `datasets:` in course.yml, as YAML.
        load: the locked cell that reads the data.
        prepare, fit: the solutions of the two tasks.
        checks: the hidden checks, without imports.
    """

    datasets: str
    load: str
    prepare: str
    fit: str
    checks: str

    def write(self, root: Path) -> Path:
        """Write the course and return its folder, which has an empty data folder."""
        source, hidden = root / "assignments" / ASSIGNMENT, root / "tests" / "hidden" / ASSIGNMENT
        for folder in (source, hidden, root / "datasets"):
            folder.mkdir(parents=True)
        (root / "course.yml").write_text(
            f"id: data-course\ntitle: Data\ndata: datasets\ndatasets:\n{self.datasets}\ndefaults:\n  refit: "
            f"{{share: 0}}\n"
            f"assignments:\n  {ASSIGNMENT}:\n    title: A data set\n    data: own-data\n"
            "    limits: {cell_time: 60 s, notebook_time: 120 s, memory: 1 GiB}\n")
        cells = [_cell("load", self.load), *_task(PREPARE, self.prepare, 2), *_task(FIT, self.fit, 2)]
        (source / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
        (hidden / "test_task.py").write_text(f'"""Hidden checks."""\n\nimport pytest\n\n\n{self.checks}')
        return root


def _task(name: str, solution: str, points: int) -> list[dict[str, Any]]:
    return [_cell(name, f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION", solution=True),
            _cell(f"test-{name}", "print('Public checks passed. This is not your grade.')", points=points)]


def _cell(name: str, text: str, *, solution: bool = False, points: int | None = None) -> dict[str, Any]:
    graded: dict[str, Any] = {"grade": points is not None, "solution": solution, "locked": not solution, "task": False,
                              "schema_version": 3, "grade_id": name}
    metadata: dict[str, Any] = {"nbgrader": graded | ({} if points is None else {"points": points})}
    if solution:
        metadata["autograder"] = {"title": f"Step {name}"}
    return {"cell_type": "code", "id": name, "metadata": metadata, "source": text, "outputs": [],
            "execution_count": None}


def churn_table(rows: int = 400) -> str:
    """Return a table in which young people with the basic plan leave; its columns differ in size."""
    random = np.random.RandomState(3)
    age, income = random.randint(18, 80, rows), np.round(random.uniform(1e4, 9e4, rows), 2)
    plan = random.randint(0, 3, rows)
    leaves = (age - 50) / 10 + (plan == 0) * 2 + random.normal(0, 0.3, rows) > 0
    lines = ["age,plan,income,churned"] + [
        f"{a},{('basic', 'pro', 'team')[p]},{i},{('no', 'yes')[int(one)]}"
        for a, p, i, one in zip(age, plan, income, leaves, strict=True)]
    return "\n".join(lines) + "\n"


SCALE = '''numbers = ["age", "income"]
means, deviations = train[numbers].mean(), train[numbers].std(ddof=0)

def prepared(table):
    plans = np.stack([(table["plan"] == name).to_numpy() for name in ("basic", "pro", "team")], axis=1)
    scaled = ((table[numbers] - means) / deviations).to_numpy()
    return np.concatenate([scaled, plans], axis=1).astype("float32")

X_train, X_test = prepared(train), prepared(test)
y_train, y_test = ((table["churned"] == "yes").to_numpy().astype("int64") for table in (train, test))'''
NETWORK = '''model = keras.Sequential([keras.Input(shape=X_train.shape[1:]), keras.layers.Flatten(),
                          keras.layers.Dense(8, activation="relu"), keras.layers.Dense(CLASSES, activation="softmax")])
model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(0.02), metrics=["accuracy"])
model.fit(X_train, y_train, epochs=12, batch_size=32, verbose=0)
loss, test_accuracy = model.evaluate(X_test, y_test, verbose=0)'''
TABLE = DataCourse(
    datasets="  own-data: {csv: churn.csv, label: churned, test: {share: 0.3, seed: 1}}",
    load='''import keras
import numpy as np
import pandas as pd

CLASSES = 2
train, test = pd.read_csv("own-data-train.csv"), pd.read_csv("own-data-test.csv")''',
    prepare=SCALE, fit=NETWORK, checks='''
@pytest.mark.task("prepare", points=1, basis="measured")
def test_train(student, data):
    """`X_train` has standardized columns."""
    student.array("X_train").is_standardized_with_training_statistics(
        data.train_images, data.train_images, per="column")


@pytest.mark.task("prepare", points=1, basis="measured")
def test_test(student, data):
    """`X_test` is prepared as `X_train` is."""
    table = student.array("X_test")
    table.is_standardized_with_training_statistics(data.test_images, data.train_images, per="column")
    table.is_prepared_like(student.array("X_train"), data.test_images, data.train_images)


@pytest.mark.task("fit", points=2, basis="measured", predicts=[("model", "X_test")])
def test_accuracy(student, holdout):
    """`test_accuracy` is that of your model, which predicts well."""
    accuracy = student.model("model").accuracy_on(holdout, "X_test")
    student.number("test_accuracy").matches_accuracy(accuracy, tolerance=0.02)
    accuracy.at_least(0.8)
''')
OWN_SPLIT = DataCourse(
    datasets="  own-data: {csv: churn.csv, label: churned}",
    load='''import keras
import numpy as np
import pandas as pd

CLASSES = 2
table = pd.read_csv("own-data.csv")''',
    prepare='train = table.sample(frac=0.75, random_state=4)\ntest = table.drop(train.index)\n' + SCALE, fit=NETWORK,
    checks='''
@pytest.mark.task("prepare", points=2, basis="measured")
def test_parts(student):
    """Three quarters of the rows are for training."""
    student.array("X_train").has_length(240)


@pytest.mark.task("fit", points=2, basis="measured", predicts=[("model", "X_test")])
def test_accuracy(student, holdout):
    """The model predicts well."""
    student.model("model").accuracy_on(holdout, "X_test").at_least(0.8)
''')
REGRESSION = DataCourse(
    datasets="  own-data: {keras: boston_housing, holdout: {share: 0.4, seed: 2}}",
    load='''import keras
import numpy as np

(raw_train, y_train), (raw_test, y_test) = keras.datasets.boston_housing.load_data()''',
    prepare='''mean, deviation = raw_train.mean(axis=0), raw_train.std(axis=0)
X_train, X_test = ((raw - mean) / deviation for raw in (raw_train, raw_test))''',
    fit='''model = keras.Sequential([keras.Input(shape=(13,)), keras.layers.Dense(1)])
model.compile(loss="mean_absolute_error", optimizer=keras.optimizers.Adam(0.5))
model.fit(X_train, y_train, epochs=60, batch_size=32, verbose=0)''',
    checks='''
@pytest.mark.task("prepare", points=2, basis="measured")
def test_prepared(student, data):
    """Both arrays are standardized with the statistics of the training rows."""
    for name, raw in (("X_train", data.train_images), ("X_test", data.test_images)):
        student.array(name).is_standardized_with_training_statistics(raw, data.train_images, per="column")


@pytest.mark.task("fit", points=2, basis="measured", predicts=[("model", "X_test")])
def test_fit(student, holdout):
    """The model explains most of the prices."""
    score = student.model("model").score_on(holdout, "X_test", "r2")
    assert score.value > 0.8, score.value
''')
IMAGES = DataCourse(
    datasets="  own-data: {folder: shapes, test: {share: 0.4}}",
    load='''import keras
import numpy as np
from pathlib import Path
from PIL import Image
from helper import scaled

CLASSES = 2

def read(part):
    paths = sorted(Path("own-data", part).glob("*/*.png"))
    return (np.stack([np.asarray(Image.open(path)) for path in paths])[..., None],
            np.array([int(path.parent.name == "wide") for path in paths]))

(train_images, y_train), (test_images, y_test) = read("train"), read("test")
order = np.random.RandomState(0).permutation(len(y_train))''',
    prepare='X_train, X_test = scaled(train_images), scaled(test_images)', fit=NETWORK, checks='''
@pytest.mark.task("prepare", points=2, basis="measured")
def test_prepared(student, data):
    """Both arrays are in 0 to 1."""
    for name, raw in (("X_train", data.train_images), ("X_test", data.test_images)):
        student.array(name).is_divided_by(255, raw)


@pytest.mark.task("fit", points=2, basis="measured", predicts=[("model", "X_test")])
def test_accuracy(student, holdout):
    """The model tells wide shapes from tall ones."""
    student.model("model").accuracy_on(holdout, "X_test").at_least(0.9)
''')


def write_shapes(folder: Path, each: int = 60) -> None:
    """Write grey images of wide and tall bars, one folder per class."""
    from PIL import Image

    random = np.random.RandomState(1)
    for name in ("tall", "wide"):
        (folder / name).mkdir(parents=True)
        for number in range(each):
            image = random.randint(0, 60, (8, 8)).astype(np.uint8)
            place = random.randint(1, 6)
            if name == "wide":
                image[place : place + 2] = 220
            else:
                image[:, place : place + 2] = 220
            Image.fromarray(image).save(folder / name / f"{number:03}.png")
TEXTS = DataCourse(
    datasets="  own-data: {csv: opinions.csv, text: opinion, label: kind, test: {share: 0.4, seed: 1}}",
    load='''import keras
import numpy as np
import pandas as pd

train, test = pd.read_csv("own-data-train.csv"), pd.read_csv("own-data-test.csv")
train_praise, test_praise = ((part["kind"] == "praise").to_numpy().astype("int64") for part in (train, test))''',
    prepare='''vectorize = keras.layers.TextVectorization(output_sequence_length=12)
vectorize.adapt(train["opinion"].tolist())
X_train, X_test = (np.array(vectorize(part["opinion"].tolist())) for part in (train, test))''',
    fit='''model = keras.Sequential([
    keras.Input(shape=(12,), dtype="int64"), keras.layers.Embedding(len(vectorize.get_vocabulary()), 8),
    keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(0.05), metrics=["accuracy"])
model.fit(X_train, train_praise, epochs=20, batch_size=16, verbose=0)''',
    checks='''
@pytest.mark.task("prepare", points=2, basis="measured")
def test_prepared(student, data):
    """`X_train` has 12 numbers for each text."""
    student.array("X_train").has_shape(len(data.train_images), 12)


@pytest.mark.task("fit", points=2, basis="measured", predicts=[("model", "X_test")])
def test_accuracy(student, holdout):
    """The model tells praise from criticism in texts that nobody has."""
    student.model("model").accuracy_on(holdout, "X_test").at_least(0.85)
''')


def opinions(rows: int = 200) -> str:
    """Return a table of short opinions, praise and criticism; no two are equal."""
    random = np.random.RandomState(6)
    words = {"praise": ("fresh", "lovely", "friendly"), "criticism": ("cold", "rude", "stale")}
    lines = ["opinion,kind"]
    for number in range(rows):
        kind = ("praise", "criticism")[number % 2]
        parts = [f"the {random.choice(['soup', 'bread', 'waiter'])} was {random.choice(words[kind])}"
                 for _ in range(random.randint(1, 4))]
        lines.append(f"Visit {number}: {' and '.join(parts)}!,{kind}")
    return "\n".join(lines) + "\n"


TEXTS_INSIDE = DataCourse(
    datasets=TEXTS.datasets,
    load=TEXTS.load + "\nimport tensorflow as tf",
    prepare='''X_train, X_test = (part["opinion"].tolist() for part in (train, test))
vectorize = keras.layers.TextVectorization(output_sequence_length=12)
vectorize.adapt(X_train)
network = keras.Sequential([
    keras.Input(shape=(1,), dtype="string"), vectorize, keras.layers.Embedding(len(vectorize.get_vocabulary()), 8),
    keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(1, activation="sigmoid")])''',
    fit='''model = network
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(0.05), metrics=["accuracy"])
model.fit(tf.constant(X_train), train_praise, epochs=20, batch_size=16, verbose=0)''',
    checks='''
@pytest.mark.task("prepare", points=2, basis="measured")
def test_layers(student):
    """The network makes numbers of texts itself."""
    assert student.model("network").layers("TextVectorization")


@pytest.mark.task("fit", points=2, basis="measured", predicts=[("model", "X_test")])
def test_accuracy(student, holdout):
    """The model tells praise from criticism in texts that nobody has."""
    student.model("model").accuracy_on(holdout, "X_test").at_least(0.85)
''')
