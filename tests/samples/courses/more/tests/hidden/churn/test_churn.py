"""Hidden checks of `churn`. Each judges one property; its docstring is the sentence that students read."""

import pytest

from autograder.checks import call, dense

PROBABILITIES = [0.31, 0.05, 0.92, 0.48, 0.77, 0.64, 0.12, 0.83]


@pytest.mark.task("numbers", points=3, basis="measured")
def test_nine_columns(student, data):
    """`rows` has the nine columns of the task, in the order of the table."""
    student.array("rows").has_shape(960, 9).equals_rows_of(data.test_images, tolerance=1e-6)


@pytest.mark.task("numbers", points=1, basis="measured")
def test_who_left(student, data):
    """`left` is 1 for the customers who left, and 0 for the others."""
    student.array("left").has_shape(960).equals_rows_of(data.test_labels)


@pytest.mark.task("split", points=2, basis="claimed")
def test_disjoint_and_stratified(student, data):
    """Each customer is in exactly one part, four fifths are for training, and both parts have the same share of leavers."""
    parts = student.split("rows_train", "rows_test")
    parts.is_split_of(data.test_images, train=0.8, stratify=data.test_labels)


@pytest.mark.task("split", points=2, basis="measured")
def test_own_labels(student, data):
    """Each row has its own label at the same position."""
    student.split("rows_train", "rows_test").carries_labels(
        student.array("left_train"), student.array("left_test"), table=data.test_images, classes=data.test_labels)


@pytest.mark.task("scale", points=1, basis="claimed")
def test_training_rows_scaled(student, data):
    """The columns of `X_train` are standardized."""
    raw, _ = student.split("rows_train", "rows_test").rows(data.test_images)
    student.array("X_train").is_standardized_with_training_statistics(raw, raw, per="column")


@pytest.mark.task("scale", points=1, basis="claimed")
def test_test_rows_scaled(student, data):
    """The columns of `X_test` are standardized with the numbers of the training rows."""
    raw, raw_test = student.split("rows_train", "rows_test").rows(data.test_images)
    student.array("X_test").is_standardized_with_training_statistics(raw_test, raw, per="column")


@pytest.mark.task("baseline", points=1, basis="measured")
def test_usual_answer(student, data):
    """`baseline` is the share of the customers who stay."""
    student.number("baseline").is_about(float((data.test_labels == 0).mean()), 0.008)


@pytest.mark.task("build", points=3, basis="measured")
def test_layers(student):
    """The network has the three layers of the task, in their order."""
    student.model("model").has_input_shape(9).has_layers([dense(24, "relu"), dense(12, "relu"), dense(1, "sigmoid")])


@pytest.mark.task("compile", points=1, basis="claimed")
def test_compiled(student):
    """The network is compiled with Adam, binary crossentropy and the metric AUC."""
    student.model("model").is_compiled_with(optimizer="adam", loss="binary_crossentropy", metrics=["auc"])


@pytest.mark.task("train", points=1, basis="claimed")
def test_trained(student):
    """The network was trained on the training rows, and validated on other rows than the test rows."""
    student.fit_of("model").used(x="X_train", y="left_train").validated(without=["X_test"])


@pytest.mark.task("train", points=1, basis="claimed")
def test_stops_early(student, sizes):
    """Training stops when the validation loss no longer improves, and the best weights are restored."""
    student.fit_of("model").used_callback("EarlyStopping", monitor="val_loss", patience=int(sizes["PATIENCE"]),
                                          restore_best_weights=True)


@pytest.mark.task("train", points=4, basis="measured", minimum=True, predicts=[("model", "X_test")])
def test_auc(student, reference, holdout):
    """The network tells customers who leave from those who stay, among customers whom it has never seen."""
    student.model("model").auc_on(holdout, "X_test").reaches_minimum(reference)


@pytest.mark.task("riskiest", points=3, basis="measured", calls=[
    call("riskiest", PROBABILITIES, 3), call("riskiest", PROBABILITIES, 5)])
def test_riskiest(student):
    """`riskiest` returns the positions of the highest probabilities, beginning with the highest."""
    student.called("riskiest", PROBABILITIES, 3).sequence().is_about([2, 7, 4], 0.1)
    student.called("riskiest", PROBABILITIES, 5).sequence().is_about([2, 7, 4, 5, 3], 0.1)
