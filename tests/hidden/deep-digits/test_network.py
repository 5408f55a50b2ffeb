"""Tasks 4 to 6: the two functions, which we call with our own arguments, and the network that they build."""

import pytest

from autograder.checks import CheckFailed, call, dropout, keras_object

PUBLISHED = ("create_DNN", (784,), 10)
OTHER_SHAPE = ("create_DNN", (300,), 10)
OTHER_CLASSES = ("create_DNN", (784,), 4)
SGD = ("compile_model", keras_object("optimizers.SGD", learning_rate=0.3))
RMSPROP = ("compile_model", keras_object("optimizers.RMSprop", learning_rate=0.002))


@pytest.mark.task("create-dnn", points=2, basis="measured", calls=[call(*PUBLISHED)])
def test_dnn_units(student):
    """The network has hidden layers of 400 and 100 units: 355,110 parameters for 784 pixels and 10 classes."""
    network = student.called(*PUBLISHED).model()
    network.has_parameter_count(355_110)
    units = [step.units for step in network.layers("Dense")]
    if units != [400, 100, 10]:
        raise CheckFailed(f"The dense layers of {network.quoted} have {units} units.", "400, 100 and 10 units.")


@pytest.mark.task("create-dnn", points=1, basis="measured", calls=[call(*PUBLISHED)])
def test_dnn_activations(student):
    """Both hidden layers have the activation relu."""
    network = student.called(*PUBLISHED).model()
    hidden = [step.activation for step in network.layers("Dense")[:-1]]
    if hidden != ["relu", "relu"]:
        raise CheckFailed(f"The hidden layers of {network.quoted} have the activations {hidden}.", "relu in both.",
                          "Without `activation` a layer is linear." if "linear" in hidden else None)


@pytest.mark.task("create-dnn", points=1, basis="measured", calls=[call(*PUBLISHED)])
def test_dnn_dropout(student):
    """One dropout layer of rate 0.5 comes just before the output layer."""
    network = student.called(*PUBLISHED).model().contains(dropout(0.5))
    kinds = [step.class_name for step in network.layers()]
    if kinds.count("Dropout") != 1 or kinds[-2:] != ["Dropout", "Dense"]:
        raise CheckFailed(f"The layers of {network.quoted} are {' → '.join(kinds)}.",
                          "One dropout layer, between the second hidden layer and the output layer.")


@pytest.mark.task("create-dnn", points=1, basis="measured", calls=[call(*PUBLISHED)])
def test_dnn_softmax(student):
    """The output layer has the activation softmax."""
    network = student.called(*PUBLISHED).model()
    output = network.layers("Dense")[-1]
    if output.activation != "softmax":
        raise CheckFailed(f"The output layer of {network.quoted} has the activation {output.activation}.", "softmax.",
                          "Ten sigmoid units answer ten separate questions; their sum is not 1."
                          if output.activation == "sigmoid" else None)


@pytest.mark.task("create-dnn", points=1, basis="measured", calls=[call(*OTHER_SHAPE)])
def test_dnn_uses_shape(student):
    """`create_DNN` builds the network for the input shape that it is given."""
    student.called(*OTHER_SHAPE).model().has_input_shape(300)


@pytest.mark.task("create-dnn", points=1, basis="measured", calls=[call(*OTHER_CLASSES)])
def test_dnn_uses_classes(student):
    """`create_DNN` gives the output layer as many units as there are classes."""
    student.called(*OTHER_CLASSES).model().has_output_shape(4)


@pytest.mark.task("count-parameters", points=1, basis="measured")
def test_first_layer_parameters(student):
    """The number of parameters of the first hidden layer is right."""
    student.number("first_layer_parameters").is_about(784 * 400 + 400, tolerance=0.5)


@pytest.mark.task("compile-model", points=1, basis="claimed", calls=[call(*SGD)])
def test_compile_loss(student):
    """`compile_model` compiles with categorical crossentropy, for the probabilities that softmax makes."""
    student.called(*SGD).model().is_compiled_with(loss="categorical_crossentropy")


@pytest.mark.task("compile-model", points=1, basis="claimed", calls=[call(*SGD)])
def test_compile_metrics(student):
    """`compile_model` shows the accuracy."""
    student.called(*SGD).model().is_compiled_with(metrics=["accuracy"])


@pytest.mark.task("compile-model", points=1, basis="claimed", calls=[call(*SGD)])
def test_compile_optimizer(student):
    """`compile_model` compiles with the optimizer that it is given."""
    student.called(*SGD).model().is_compiled_with(optimizer="sgd", settings={"learning_rate": 0.3})


@pytest.mark.task("compile-model", points=1, basis="measured", calls=[call(*SGD), call(*PUBLISHED)])
def test_compile_network(student):
    """The network that `compile_model` returns is that of `create_DNN`, for 784 pixels and 10 digits."""
    student.called(*SGD).model().has_input_shape(784).has_output_shape(10).has_same_layers_as(
        student.called(*PUBLISHED).model(), "Call `create_DNN` inside `compile_model`.")


@pytest.mark.task("compile-model", points=1, basis="measured", calls=[call(*SGD), call(*RMSPROP)])
def test_compile_fresh(student):
    """Each call of `compile_model` returns a new network."""
    first, second = student.called(*SGD).model(), student.called(*RMSPROP).model()
    if first.record.model == second.record.model:
        raise CheckFailed("Two calls of `compile_model` returned the same network.", "A fresh network for each call.",
                          "Build the network inside the function, not before it.")
