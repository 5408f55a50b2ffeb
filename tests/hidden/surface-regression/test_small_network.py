"""Tasks 3 to 8: the function that builds networks, the small network, three diagnoses, and another activation."""

import pytest

from autograder.checks import CheckFailed, call, layer

THREE_LAYERS = ("build_network", [7, 3, 2], "relu")
TWO_LAYERS = ("build_network", [4, 4], "tanh")
SMALL_TANH = ("build_network", [5, 5], "tanh")
CHOICES = ("underfitting", "overfitting", "good fit")


@pytest.mark.task("build-network", points=2, basis="measured", calls=[call(*THREE_LAYERS)])
def test_uses_units(student):
    """`build_network` makes one hidden layer for each number in `hidden_units`, with that many units."""
    network = student.called(*THREE_LAYERS).model()
    has_units(network, [7, 3, 2, 1])


@pytest.mark.task("build-network", points=2, basis="measured", calls=[call(*TWO_LAYERS)])
def test_uses_activation(student):
    """`build_network` gives every hidden layer the activation that it is given."""
    network = student.called(*TWO_LAYERS).model()
    hidden = [step.activation for step in network.layers("Dense")[:-1]]
    if not hidden or set(hidden) != {"tanh"}:
        raise CheckFailed(f"The hidden layers of {network.quoted} have the activations {words(hidden)}.",
                          "tanh in each of them, as the call says.",
                          "Use the parameter `activation`, without quotation marks around its name.")


@pytest.mark.task("build-network", points=2, basis="measured", calls=[call(*TWO_LAYERS)])
def test_linear_output(student):
    """The last layer is one unit without activation, so that it can give any number."""
    network = student.called(*TWO_LAYERS).model()
    output = network.layers("Dense")[-1]
    if output.units != 1 or output.activation != "linear":
        raise CheckFailed(f"The last layer of {network.quoted} has {output.units} units and the activation "
                          f"{output.activation}.", "One unit, linear.",
                          "Leave `activation` out in the last layer.")


@pytest.mark.task("count-parameters", points=1, basis="measured")
def test_parameter_count(student):
    """The number of parameters of the small network is right."""
    student.number("parameter_count").is_about(51, tolerance=0.5)


@pytest.mark.task("first-model", points=1, basis="measured")
def test_first_layers(student):
    """`first_model` has two hidden layers of 5 units and one output."""
    has_units(student.model("first_model"), [5, 5, 1])


@pytest.mark.task("first-model", points=1, basis="claimed")
def test_first_compile(student):
    """`first_model` is compiled with mean squared error and Adagrad with a learning rate of 0.1."""
    student.model("first_model").is_compiled_with(
        loss="mean_squared_error", optimizer="adagrad", settings={"learning_rate": 0.1}
    )


@pytest.mark.task("first-model", points=1, basis="claimed")
def test_first_data(student):
    """`first_model` was trained on the training measurements."""
    student.fit_of("first_model").used(x="X_train", y="y_train")


@pytest.mark.task("first-model", points=1, basis="claimed")
def test_first_schedule(student, sizes):
    """`first_model` was trained in batches of 10 for the number of epochs that `EPOCHS` says."""
    student.fit_of("first_model").batch_size(10).epochs(sizes["EPOCHS"])


@pytest.mark.task("first-model", points=1, basis="claimed")
def test_first_validation(student):
    """A fifth of the training rows of `first_model` was kept for validation."""
    student.fit_of("first_model").validated_with_split(0.2)


@pytest.mark.task("updates", points=1, basis="measured")
def test_updates_per_epoch(student):
    """The number of weight updates in one epoch is right."""
    student.number("updates_per_epoch").is_about(80, tolerance=0.01)


@pytest.mark.task("diagnose", points=1, basis="measured")
def test_diagnosis_a(student):
    """The diagnosis of training A, whose own training loss stays high, is right."""
    student.text("diagnosis_a").is_one_of("underfitting", choices=CHOICES)


@pytest.mark.task("diagnose", points=1, basis="measured")
def test_diagnosis_b(student):
    """The diagnosis of training B, which had 50 rows and many units, is right."""
    student.text("diagnosis_b").is_one_of("overfitting", choices=CHOICES)


@pytest.mark.task("diagnose", points=1, basis="measured")
def test_diagnosis_c(student):
    """The diagnosis of training C, whose two losses lie close together, is right."""
    student.text("diagnosis_c").is_one_of("good fit", choices=CHOICES)


@pytest.mark.task("activations", points=1, basis="measured", calls=[call(*SMALL_TANH)])
def test_tanh_layers(student):
    """`tanh_model` is the small network that your function builds with the activation tanh."""
    # Compared with the student's own function, so that an ignored argument costs points only there.
    student.model("tanh_model").has_same_layers_as(
        student.called(*SMALL_TANH).model(),
        "Build a new model for each training; its activation cannot be changed afterwards.")


@pytest.mark.task("activations", points=1, basis="claimed")
def test_tanh_training(student, sizes):
    """`tanh_model` was new and was trained exactly like `first_model`."""
    training = student.fit_of("tanh_model")
    training.used(x="X_train", y="y_train").batch_size(10).epochs(sizes["EPOCHS"]).validated_with_split(0.2)


@pytest.mark.task("activations", points=1, basis="claimed")
def test_better_activation(student):
    """`better_activation` is the one whose training ended with the lower validation loss in this run."""
    relu = student.history("first_history").last("val_loss").value
    tanh = student.history("tanh_history").last("val_loss").value
    # Losses that agree to three digits are a draw: either answer is right.
    level = abs(relu - tanh) <= 1e-3 * max(relu, tanh)
    right = ("relu", "tanh") if level else ("relu",) if relu < tanh else ("tanh",)
    student.text("better_activation").is_one_of(*right, choices=("relu", "tanh"))


def has_units(network, units):
    """Fail unless the network is a line of dense layers with so many units, two numbers going in."""
    network.has_layers([layer("Dense", units=count) for count in units]).has_input_shape(2)


def words(items):
    """Return a list in a sentence."""
    return ", ".join(map(str, items)) or "none"
