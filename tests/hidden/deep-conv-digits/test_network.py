"""Tasks 5 to 7: the two functions, which we call with our own arguments, and the network that they build."""

import pytest

from autograder.checks import CheckFailed, call, keras_object

PUBLISHED = ("create_CNN", (28, 28, 1), 10)
OTHER_SHAPE = ("create_CNN", (32, 32, 3), 10)
OTHER_CLASSES = ("create_CNN", (28, 28, 1), 5)
SGD = ("compile_model", keras_object("optimizers.SGD", learning_rate=0.3))
RMSPROP = ("compile_model", keras_object("optimizers.RMSprop", learning_rate=0.002))


@pytest.mark.task("create-cnn", points=1, basis="measured", calls=[call(*PUBLISHED)])
def test_cnn_convolutions(student):
    """The network has two convolutions: 10 filters of 5 × 5, then 20 filters of 5 × 5."""
    network = student.called(*PUBLISHED).model()
    for step in network.layers("Conv2D"):
        if step.padding != "valid" or step.strides != (1, 1):
            raise CheckFailed(f"A convolution of {network.quoted} has padding {step.padding} and strides "
                              f"{step.strides}.", "Windows that move by one pixel and stay within the image.")
    seen = [(step.filters, step.kernel_size) for step in network.layers("Conv2D")]
    if seen != [(10, (5, 5)), (20, (5, 5))]:
        raise CheckFailed(f"The convolutions of {network.quoted} are {in_words(seen)}.",
                          "10 filters of 5 × 5, then 20 filters of 5 × 5.",
                          "`kernel_size` is the window, (5, 5); a third number would be the stride.")


@pytest.mark.task("create-cnn", points=1, basis="measured", calls=[call(*PUBLISHED)])
def test_cnn_pooling(student):
    """After each convolution the larger of 2 × 2 neighbours are kept by max pooling."""
    network = student.called(*PUBLISHED).model()
    sizes = [step.pool_size for step in network.layers("MaxPooling2D")]
    kinds = [step.class_name for step in network.layers() if step.class_name in ("Conv2D", "MaxPooling2D")]
    if sizes != [(2, 2), (2, 2)] or kinds != ["Conv2D", "MaxPooling2D"] * 2:
        raise CheckFailed(f"{network.quoted} goes {' → '.join(kinds)}, with pooling windows {sizes}.",
                          "Max pooling with a window of 2 × 2 after each of the two convolutions.")


@pytest.mark.task("create-cnn", points=1, basis="measured", calls=[call(*PUBLISHED)])
def test_cnn_relu(student):
    """Both convolutions and the hidden dense layer have the activation relu."""
    network = student.called(*PUBLISHED).model()
    seen = [step.activation for step in (*network.layers("Conv2D"), *network.layers("Dense")[:-1])]
    if any(activation != "relu" for activation in seen):
        raise CheckFailed(f"Before its output layer {network.quoted} has the activations {', '.join(map(str, seen))}.",
                          "relu in each.", "Without `activation` a layer is linear." if "linear" in seen else None)


@pytest.mark.task("create-cnn", points=1, basis="measured", calls=[call(*PUBLISHED)])
def test_cnn_dropout(student):
    """Dropout of rate 0.5 follows the second convolution and the hidden dense layer."""
    network = student.called(*PUBLISHED).model()
    kinds = [step.class_name for step in network.layers()]
    rates = [step.rate for step in network.layers("Dropout")]
    behind = [kinds[place - 1] for place, kind in enumerate(kinds) if kind == "Dropout" and place]
    if rates != [0.5, 0.5] or behind != ["Conv2D", "Dense"] or kinds.index("Dropout") < last(kinds, "Conv2D"):
        raise CheckFailed(f"The layers of {network.quoted} are {' → '.join(kinds)}, with dropout rates {rates}.",
                          "Dropout of rate 0.5 directly after the second convolution and after the hidden dense layer.")


@pytest.mark.task("create-cnn", points=1, basis="measured", calls=[call(*PUBLISHED)])
def test_cnn_dense(student):
    """The flattened maps go into one hidden dense layer of 320 units."""
    network = student.called(*PUBLISHED).model()
    hidden = [step.units for step in network.layers("Dense")[:-1]]
    if hidden != [320]:
        raise CheckFailed(f"{network.quoted} has hidden dense layers of {hidden} units.", "One, of 320 units.")
    if not {"Flatten", "Reshape"} & {step.class_name for step in network.layers()}:
        raise CheckFailed(f"The maps of {network.quoted} are not flattened.", "A Flatten layer before the dense ones.")


@pytest.mark.task("create-cnn", points=1, basis="measured", calls=[call(*PUBLISHED)])
def test_cnn_softmax(student):
    """The output layer has the activation softmax."""
    network = student.called(*PUBLISHED).model()
    output = network.layers("Dense")[-1]
    if output.activation != "softmax":
        raise CheckFailed(f"The output layer of {network.quoted} has the activation {output.activation}.", "softmax.",
                          "Ten sigmoid units answer ten separate questions; their sum is not 1."
                          if output.activation == "sigmoid" else None)


@pytest.mark.task("create-cnn", points=1, basis="measured", calls=[call(*OTHER_SHAPE)])
def test_cnn_uses_shape(student):
    """`create_CNN` builds the network for images of the shape that it is given."""
    student.called(*OTHER_SHAPE).model().has_input_shape(32, 32, 3)


@pytest.mark.task("create-cnn", points=1, basis="measured", calls=[call(*OTHER_CLASSES)])
def test_cnn_uses_classes(student):
    """`create_CNN` gives the output layer as many units as there are classes."""
    student.called(*OTHER_CLASSES).model().has_output_shape(5)


@pytest.mark.task("count-parameters", points=1, basis="measured")
def test_second_conv_parameters(student):
    """The number of parameters of the second convolution is right."""
    student.number("second_conv_parameters").is_about(20 * (5 * 5 * 10 + 1), tolerance=0.5)


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
    """The network that `compile_model` returns is that of `create_CNN`, for our images and 10 digits."""
    student.called(*SGD).model().has_input_shape(28, 28, 1).has_output_shape(10).has_same_layers_as(
        student.called(*PUBLISHED).model(), "Call `create_CNN` inside `compile_model`.")


@pytest.mark.task("compile-model", points=1, basis="measured", calls=[call(*SGD), call(*RMSPROP)])
def test_compile_fresh(student):
    """Each call of `compile_model` returns a new network."""
    first, second = student.called(*SGD).model(), student.called(*RMSPROP).model()
    if first.record.model == second.record.model:
        raise CheckFailed("Two calls of `compile_model` returned the same network.", "A fresh network for each call.",
                          "Build the network inside the function, not before it.")


def in_words(convolutions):
    """Return filters and windows of convolutions in words."""
    return ", then ".join(f"{filters} filters of {' × '.join(map(str, window))}" for filters, window in convolutions)


def last(items, item):
    """Return the last position of an item, -1 where there is none."""
    return max((place for place, other in enumerate(items) if other == item), default=-1)
