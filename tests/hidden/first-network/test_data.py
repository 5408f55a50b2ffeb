"""Tasks 1 to 6: the data as loaded, and as the network gets them. Everything is compared with our own copy."""

import pytest

from autograder.checks import CheckFailed

WHITE = 255
ROUNDING = 1e-4


def spans_zero_to_one(array, raw):
    """Raise unless black became 0 and white 1, comparing the sampled rows with their originals."""
    array.is_scaled_copy_of(raw)
    rows, positions, _ = array.known_rows()
    originals = raw[positions]
    least, most = int(originals.min()), int(originals.max())
    scale = (float(rows.max()) - float(rows.min())) / (most - least)
    black = float(rows.min()) - scale * least
    white = black + scale * WHITE
    if abs(black) <= ROUNDING and abs(white - 1) <= ROUNDING:
        return
    hint = "The largest value that a pixel can have is 255: divide by it."
    if white > WHITE / 2:
        hint = "Is the result stored under exactly this name?"
    elif white < 2 / WHITE:
        hint = "It looks as if it was divided by 255 twice."
    raise CheckFailed(f"In {array.quoted} black is {black:.3g} and white is {white:.3g}.",
                      "Black is 0 and white is 1.", hint)


@pytest.mark.task("load", points=1, basis="measured")
def test_load_training(student, data):
    """`train_images` and `train_labels` hold the training set."""
    student.array("train_images").has_shape(60000, 28, 28).equals_rows_of(data.train_images)
    student.array("train_labels").has_shape(60000).equals_rows_of(data.train_labels)


@pytest.mark.task("load", points=1, basis="measured")
def test_load_test(student, data):
    """`test_images` and `test_labels` hold the test set."""
    student.array("test_images").has_shape(10000, 28, 28).equals_rows_of(data.test_images)
    student.array("test_labels").has_shape(10000).equals_rows_of(data.test_labels)


@pytest.mark.task("look", points=1, basis="measured")
def test_look_label(student, data):
    """`digit_8` is the label of training image number 8."""
    student.number("digit_8").is_about(int(data.train_labels[8]), tolerance=0.01)


@pytest.mark.task("look", points=1, basis="claimed")
def test_look_figure(student, data):
    """Training image number 8 is drawn."""
    student.figures().shows_image(data.train_images[8], "training image number 8")


@pytest.mark.task("describe", points=1, basis="measured")
def test_number_of_axes(student):
    """`image_axes` is the number of axes of `train_images`."""
    student.number("image_axes").is_about(3, tolerance=0.01)


@pytest.mark.task("describe", points=1, basis="measured")
def test_shape(student):
    """`image_shape` is the shape of `train_images`, all of its numbers in their order."""
    student.sequence("image_shape").is_about((60000, 28, 28), tolerance=0.01)


@pytest.mark.task("describe", points=1, basis="measured")
def test_pixel_type(student):
    """`pixel_type` is the name of the type of the pixels."""
    student.text("pixel_type").is_one_of("uint8", "np.uint8", "numpy.uint8", "<class 'numpy.uint8'>", "dtype('uint8')")


@pytest.mark.task("reshape", points=1, basis="measured")
def test_reshape_training(student, data):
    """Each training image has become one row of 784 pixels, in their order."""
    student.array("X_train").has_shape(60000, 784).equals_rows_of(data.train_images)


@pytest.mark.task("reshape", points=1, basis="measured")
def test_reshape_test(student, data):
    """Each test image has become one row of 784 pixels, in their order."""
    student.array("X_test").has_shape(10000, 784).equals_rows_of(data.test_images)


@pytest.mark.task("scale", points=1, basis="measured")
def test_scale_float32(student):
    """The scaled pixels are numbers of the type float32."""
    student.array("X_train").has_dtype("float32")
    student.array("X_test").has_dtype("float32")


@pytest.mark.task("scale", points=1, basis="measured")
def test_training_scaled(student, data):
    """In `X_train` black is 0 and white is 1."""
    spans_zero_to_one(student.array("X_train"), data.train_images)


@pytest.mark.task("scale", points=1, basis="measured")
def test_test_scaled(student, data):
    """In `X_test` black is 0 and white is 1."""
    spans_zero_to_one(student.array("X_test"), data.test_images)


@pytest.mark.task("one-hot", points=1, basis="measured")
def test_one_hot_training(student, data):
    """Each row of `Y_train` has a single 1, at the place of the digit."""
    student.array("Y_train").has_shape(60000, 10).is_one_hot(data.train_labels, 10)


@pytest.mark.task("one-hot", points=1, basis="measured")
def test_one_hot_test(student, data):
    """Each row of `Y_test` has a single 1, at the place of the digit."""
    student.array("Y_test").has_shape(10000, 10).is_one_hot(data.test_labels, 10)
