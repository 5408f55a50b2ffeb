"""Tasks 3 to 5: settings, layers, shapes. ReLU or none, scaling in the model or before it: either is accepted.

Wrong settings cost their point in Task 3. A network that follows the student's own settings is
what the task meant, so its layers are compared with the published sizes first, then with the student's own.
"""

from collections.abc import Callable
from itertools import chain, takewhile

import pytest

from autograder.checks import CheckFailed, flatten, holds, layer, max_pooling2d

PUBLISHED = (8, 3, 2)
SIDE, CLASSES = 28, 10
FRONT = ("Rescaling", "Normalization", "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation",
         "RandomContrast", "RandomBrightness")
"""Layers that may come first: the scaling of pixels is left open, and no task forbids augmenting the images."""
NAMES = ("num_filters", "filter_size", "pool_size")


def own_settings(student):
    """Return the student's three settings if a network can be built from them, else the published ones."""
    try:
        filters, size, pool = (student.number(name).value for name in NAMES)
    except CheckFailed:
        return PUBLISHED
    whole = all(value.is_integer() for value in (filters, size, pool))
    if not whole or not (1 <= filters <= 512 and 1 <= size <= SIDE and 1 <= pool <= SIDE - size + 1):
        return PUBLISHED
    return int(filters), int(size), int(pool)


def holds_for(student, judge: Callable[[int, int, int], object]) -> None:
    """Judge by the published settings, and by the student's own where that fails."""
    try:
        judge(*PUBLISHED)
    except CheckFailed:
        own = own_settings(student)
        if own == PUBLISHED or not holds(lambda: judge(*own)):
            raise


def has_layers(student, convolution=None, pooling=None, output=None):
    """Raise unless the network is the four layers; layers before them that scale or vary the images may be there."""
    network = student.model("model")
    lead = [layer(step.class_name) for step in takewhile(lambda step: step.class_name in FRONT, network.record.steps)]
    wanted = [convolution or layer("Conv2D"), pooling or layer("MaxPooling2D"), flatten(), output or layer("Dense")]
    network.has_layers(list(chain(lead, wanted)))


@pytest.mark.task("settings", points=1, basis="measured")
def test_settings(student):
    """`num_filters`, `filter_size` and `pool_size` are 8, 3 and 2."""
    for name, value in zip(NAMES, PUBLISHED, strict=True):
        student.number(name).is_close_to(value, tolerance=0.01)


@pytest.mark.task("build", points=2, basis="measured")
def test_convolution(student):
    """First comes a convolution with 8 filters of 3 × 3 that moves pixel by pixel and stays inside the image."""
    def judge(filters, size, pool):
        wanted = layer("Conv2D", filters=filters, kernel_size=(size, size), strides=(1, 1), padding="valid")
        has_layers(student, convolution=wanted)

    holds_for(student, judge)


@pytest.mark.task("build", points=1, basis="measured")
def test_pooling(student):
    """Then comes max pooling over squares of 2 × 2."""
    holds_for(student, lambda filters, size, pool: has_layers(student, pooling=max_pooling2d(pool)))


@pytest.mark.task("build", points=2, basis="measured")
def test_output(student):
    """The flattened maps go into a dense layer of 10 units with softmax."""
    has_layers(student, output=layer("Dense", units=CLASSES, activation="softmax"))


@pytest.mark.task("build", points=1, basis="measured")
def test_parameters(student):
    """The network takes images of 28 rows, 28 columns and 1 channel, and has 13,610 parameters."""
    def judge(filters, size, pool):
        side = (SIDE - size + 1) // pool
        count = filters * (size * size + 1) + (side * side * filters + 1) * CLASSES
        student.model("model").has_input_shape(SIDE, SIDE, 1).has_parameter_count(count)

    holds_for(student, judge)


@pytest.mark.task("count", points=1, basis="measured")
def test_map_side(student):
    """`map_side` is the number of places that a filter has side by side."""
    student.number("map_side").is_about(26, tolerance=0.01)


@pytest.mark.task("count", points=1, basis="measured")
def test_pooled_side(student):
    """`pooled_side` is the side of a feature map after pooling."""
    student.number("pooled_side").is_about(13, tolerance=0.01)


@pytest.mark.task("count", points=1, basis="measured")
def test_filter_parameters(student):
    """`filter_parameters` counts the weights and biases of the convolution."""
    student.number("filter_parameters").is_about(80, tolerance=0.01)
