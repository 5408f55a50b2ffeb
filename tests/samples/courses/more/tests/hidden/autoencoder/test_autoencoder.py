"""Hidden checks of `autoencoder`. Each judges one property; its docstring is the sentence that students read."""

import numpy as np
import pytest

from autograder.checks import CheckFailed, call, dense, reconstruction

NOISE = 0.3
GREY = np.full((60, 50), 0.5)
BLACK_AND_WHITE = np.repeat([[0.0, 1.0]], 40, axis=0).repeat(20, axis=1)
ONE = np.array([[0.0, 1.0, 0.5, 0.25], [1.0, 1.0, 0.0, 0.0], [0.2, 0.4, 0.6, 0.8]])
OTHER = np.array([[0.0, 0.0, 0.5, 0.75], [1.0, 0.5, 0.5, 0.0], [0.2, 0.4, 0.6, 0.8]])


def require_noise(name, rows, clean):
    """Fail unless an array is the clean rows with noise of the deviation of the task, cut to 0 and 1."""
    noise = np.random.default_rng(7).normal(0, NOISE, (200, 784))
    wanted = float(np.mean((np.clip(clean[np.arange(200) % len(clean)] + noise, 0, 1)
                            - clean[np.arange(200) % len(clean)]) ** 2))
    seen = float(np.mean((rows - clean) ** 2))
    if not 0.85 * wanted <= seen <= 1.15 * wanted:
        raise CheckFailed(f"The pixels of `{name}` differ from the clean ones by {seen:.4f} in the mean square.",
                          f"About {wanted:.4f}: normal noise with the deviation {NOISE}, cut to 0 and 1.",
                          "Is `NOISE` the deviation, and is the noise added to the clean rows?")


@pytest.mark.task("prepare", points=2, basis="measured")
def test_training_rows(student, data, sizes):
    """`X_train` has one row of 784 numbers between 0 and 1 per image."""
    rows = student.array("X_train").has_shape(int(sizes["TRAIN_IMAGES"]), 784)
    rows.is_divided_by(255, data.train_images)


@pytest.mark.task("prepare", points=1, basis="measured")
def test_test_rows(student, data):
    """`X_test` has one row of 784 numbers between 0 and 1 per image."""
    student.array("X_test").has_shape(2000, 784).is_divided_by(255, data.test_images)


@pytest.mark.task("noise", points=2, basis="measured")
def test_noisy_images(student, data, sizes):
    """The noisy images are the clean ones with noise of the deviation `NOISE`, cut to 0 and 1."""
    for name, raw, count in (("noisy_train", data.train_images, int(sizes["TRAIN_IMAGES"])),
                             ("noisy_test", data.test_images, 2000)):
        array = student.array(name).has_shape(count, 784).lies_between(0, 1)
        rows, places, _ = array.known_rows()
        require_noise(name, rows, raw[places].reshape(len(rows), 784) / 255)


@pytest.mark.task("noise", points=1, basis="measured", calls=[
    call("add_noise", GREY, 0.1, 1), call("add_noise", GREY, 0.1, 2)])
def test_noise_by_seed(student):
    """`add_noise` adds normal noise of the given deviation, another one for another seed."""
    first = student.called("add_noise", GREY, 0.1, 1).array().has_shape(60, 50).values()
    second = student.called("add_noise", GREY, 0.1, 2).array().has_shape(60, 50).values()
    if not 0.092 <= float(np.std(first - GREY)) <= 0.108:
        raise CheckFailed(f"With the deviation 0.1 the noise has the deviation {float(np.std(first - GREY)):.3f}.",
                          "A deviation of 0.1.", "`deviation` is the second argument of `normal`.")
    if np.array_equal(first, second):
        raise CheckFailed("`add_noise` gives the same noise with the seeds 1 and 2.", "Other noise for another seed.",
                          "Make the random generator inside the function, from its argument `seed`.")


@pytest.mark.task("noise", points=1, basis="measured", calls=[call("add_noise", BLACK_AND_WHITE, 0.5, 3)])
def test_noise_is_cut(student):
    """`add_noise` cuts what is below 0 or above 1."""
    student.called("add_noise", BLACK_AND_WHITE, 0.5, 3).array().has_shape(40, 40).lies_between(0, 1)


@pytest.mark.task("noise", points=1, basis="measured", calls=[call("add_noise", BLACK_AND_WHITE, 0.5, 3)])
def test_rows_stay(student):
    """`add_noise` leaves the array that it is given as it is."""
    student.called("add_noise", BLACK_AND_WHITE, 0.5, 3).keeps_argument(0)


@pytest.mark.task("build", points=3, basis="measured")
def test_layers(student):
    """The autoencoder has the four layers of the task, in their order."""
    student.model("autoencoder").has_input_shape(784).has_layers(
        [dense(128, "relu"), dense(32, "relu"), dense(128, "relu"), dense(784, "sigmoid")])


@pytest.mark.task("train", points=1, basis="claimed")
def test_compiled(student):
    """The autoencoder is compiled with Adam and binary crossentropy."""
    student.model("autoencoder").is_compiled_with(optimizer="adam", loss="binary_crossentropy")


@pytest.mark.task("train", points=2, basis="claimed")
def test_noisy_to_clean(student, sizes):
    """Noisy images went in, and clean ones were to come out, for as many epochs as the task says."""
    training = student.fit_of("autoencoder").used(x="noisy_train", y="X_train")
    training.epochs(int(sizes["EPOCHS"])).batch_size(64)


@pytest.mark.task("train", points=1, basis="claimed")
def test_watched(student):
    """The training watched the noisy test images, compared with the clean ones."""
    student.fit_of("autoencoder").validated_on(x="noisy_test", y="X_test")


@pytest.mark.task("train", points=4, basis="measured", minimum=True,
                  predicts=[("autoencoder", reconstruction("X_test", noise=0.3))])
def test_restores(student, reference, holdout):
    """The autoencoder restores images that it has never seen from noise that the grader adds."""
    student.model("autoencoder").reconstruction_on(holdout, "X_test", noise=0.3).stays_below_maximum(reference)


@pytest.mark.task("errors", points=2, basis="measured", calls=[call("row_errors", ONE, OTHER)])
def test_row_errors(student):
    """`row_errors` returns the mean squared error of each row."""
    student.called("row_errors", ONE, OTHER).sequence().is_about([0.3125, 0.125, 0.0], 1e-4)


@pytest.mark.task("score", points=2, basis="measured",
                  predicts=[("autoencoder", reconstruction("X_test", noise=0.3))])
def test_error_is_yours(student, holdout):
    """`test_error` is the mean squared error of your own autoencoder."""
    error = student.model("autoencoder").reconstruction_on(holdout, "X_test", noise=0.3)
    student.number("test_error").matches_score(error, tolerance=0.002)


@pytest.mark.task("picture", points=1, basis="claimed")
def test_picture(student):
    """A figure shows noisy, restored and clean images next to each other."""
    student.figures().at_least(1).has_fields(9)
