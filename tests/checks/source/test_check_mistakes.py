"""Mistakes in the text of hidden checks that are found without running them."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.checks.source import Declared, mistakes

HEAD = "import pytest\nfrom autograder.checks import dense, initializer, layer\n\nUNITS = 16\nNAME = 'model'\n\n\n"
DECLARED = Declared(tasks=frozenset({"build", "fit"}), sizes=frozenset({"EPOCHS"}),
                    predicts={"fit": frozenset({("model", "X_test")})}, calls={"fit": frozenset({"prepare"})})
HIDDEN = Path(__file__).resolve().parents[2] / "hidden"


def check(body: str, *, parameters: str = "student, holdout, reference, sizes, data", task: str = "fit") -> str:
    """Return a file with one check of these lines; the first of them is line 11."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return (f'{HEAD}@pytest.mark.task("{task}", points=1, basis="measured")\ndef test_it({parameters}):\n'
            f'    """It works."""\n{lines}')


def found(body: str, declared: Declared = DECLARED, **settings: str) -> tuple[str, ...]:
    return mistakes({"tests/hidden/a/test_a.py": check(body, **settings)}, declared)


@pytest.mark.parametrize(("body", "says"), [
    ('student.model("model").has_layer([])', "ModelSubject has no 'has_layer' (did you mean 'has_layers'?)"),
    ('student.aray("X").has_shape(3)', "Student has no 'aray' (did you mean 'array'?)"),
    ('student.array("X").is_finite().has_shap(3)', "ArraySubject has no 'has_shap'"),
    ('student.array("X").has_length(3, 4)', "has_length cannot be called like this: too many positional arguments"),
    ('student.fit_of("model").epochs(number=3)', "epochs cannot be called like this: got an unexpected keyword"),
    ('student.model("model").accuracy_on(holdout)', "missing a required argument: 'prepared'"),
    ('student.model("model").accuracy_on(holdout, "X_train")',
     "no check of 'fit' declares the prediction of 'model' for 'X_train'; put predicts=[(\"model\", \"X_train\")]"),
    ('student.model("model").reconstruction_on(holdout, "X_test", noise=0.2)',
     'put predicts=[("model", reconstruction("X_test", noise=0.2))] into the task marker'),
    ('student.model("other").score_on(holdout, "X_test", "f1")', "declares the prediction of 'other' for 'X_test'"),
    ('student.model("model").contains("Embeding")', "no layer 'Embeding' that a check can name (did you mean"),
    ('student.model("model").contains(layer("Embedding", input_size=3))', "not 'input_size' (did you mean"),
    ('student.model("model").has_layers([layer("Dense", units=UNITS, activation="rellu")])', "none of Keras's"),
    ('student.model("model").has_layers([dense()])', "dense cannot be called like this: missing a required argument"),
    ('student.model("model").is_compiled_with(loss="mean_square_error")', "no loss 'mean_square_error'"),
    ('student.model("model").is_compiled_with(optimizer="adm")', "no optimizer 'adm'"),
    ('student.model("model").is_compiled_with(metrics=["acuracy"])', "no metric 'acuracy'"),
    ('student.model("model").is_compiled_with(optimizer="sgd", settings={"beta_1": 0.9})', "not 'beta_1'"),
    ('student.fit_of("model").used_callback("EarlyStoping")', "no callback 'EarlyStoping'"),
    ('student.fit_of("model").used_callback("EarlyStopping", factor=3)', "EarlyStopping has the settings"),
    ('student.callback("stop", "ReduceLROnPlateau").has_settings(patince=3)', "not 'patince' (did you mean"),
    ('student.at("train").array("X")', "the notebook has no task 'train'; it has build, fit"),
    ('student.fit_of("model", since="start")', "no task 'start'"),
    ('student.called("prepair", 3)', "no check of 'fit' declares a call of 'prepair'"),
    ('student.fit_of("model").epochs(sizes["EPOCH"])', "sizes cell has EPOCHS, not 'EPOCH'"),
    ('if sizes:\n    one = student.array("X")\n    one.has_shap(3)', "ArraySubject has no 'has_shap'"),
    ('network = student.model(NAME)\nnetwork.has_parameters(3)', "ModelSubject has no 'has_parameters'"),
    ('student.model("model").accuracy_on(holdout, "X_test").at_leas(0.9)', "AccuracySubject has no 'at_leas'"),
])
def test_a_mistake_is_found(body: str, says: str) -> None:
    problems = found(body)
    assert len(problems) == 1, problems
    assert says in problems[0]
    assert problems[0].startswith(f"tests/hidden/a/test_a.py, line {10 + len(body.splitlines())}: ")


@pytest.mark.parametrize("body", [
    'student.model("model").accuracy_on(holdout, "X_test").reaches_minimum(reference)',
    'for name in ["a", "b"]:\n    student.model(name).accuracy_on(holdout, "X_train")',
    'student.at("build").model("model").has_layers([layer("Dense", units=UNITS), dense(3, "relu")])',
    'student.model("model").contains(layer("Dense", initializer=initializer("RandomNormal", stddev=0.1)))',
    'student.fit_of("model").used_callback("StopAtAccuracy", patience=3)',
    'student.called("prepare", 3).items(2)[0].array().has_shape(3)',
    'numbers = student.called("prepare", 3)\nnumbers = numbers.array().values()\nnumbers.anything()',
    'assert all(network.whatever() for network in [1, 2])',
    'student.model("model").is_compiled_with(loss="mse", optimizer="RMSprop", metrics=["acc", "MeanSquaredError"])',
    'student.model("model").layers("Dense")[-1].units.anything()',
    'settings = {}\nstudent.fit_of("model").epochs(**settings)',
    'data.train_images.reshape(3)',
    'one = student.array("X")\nif sizes:\n    one = student.model("m")\nelse:\n    one.has_shape(3)\none.anything()',
    'for one in [1]:\n    part = student.array("X")\npart.anything()',
    'try:\n    one = student.array("X")\nexcept ValueError:\n    one = student.model("m")\none.anything()',
])
def test_what_may_work_is_left_alone(body: str) -> None:
    assert found(body) == ()


def test_a_check_cannot_ask_about_withheld_rows_where_there_are_none() -> None:
    none = Declared(withheld=False)
    problems = found('student.model("model").accuracy_on(holdout, "X_test").at_least(0.9)', none)
    assert [text.partition(": ")[2].partition(" needs")[0] for text in problems] == ["the fixture holdout",
                                                                                    "accuracy_on"]
    assert problems[0].startswith("tests/hidden/a/test_a.py, line 9: ")
    assert found('student.model("model").has_layers([])', none, parameters="student") == ()


def test_fixtures_and_tasks_have_to_exist() -> None:
    assert "there is no fixture 'studnt'; checks get student" in found("pass", parameters="studnt")[0]
    assert "no task 'train'" in found("pass", task="train")[0]
    own = "import pytest\n\n\n@pytest.fixture\ndef network(student):\n    return student.model('model')\n"
    files = {"conftest.py": own, "test_a.py": check("network.has_layers([])", parameters="network")}
    assert mistakes(files, DECLARED) == ()


def test_helpers_and_broken_files_are_read_too() -> None:
    helper = "def shape(student):\n    return student.aray('X')\n"
    assert mistakes({"help.py": helper, "broken.py": "def ("}, DECLARED) == (
        "help.py, line 2: Student has no 'aray' (did you mean 'array'?).",)


@pytest.mark.parametrize("assignment", sorted(path.name for path in HIDDEN.iterdir() if path.is_dir()))
def test_the_checks_of_this_course_have_no_unknown_names(assignment: str) -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in (HIDDEN / assignment).rglob("*.py")}
    assert [text for text in mistakes(files, Declared()) if " declares " not in text] == []
