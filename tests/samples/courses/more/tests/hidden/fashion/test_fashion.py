"""Hidden checks of `fashion`. Each judges one property; its docstring is the sentence that students read."""

import pytest

from autograder.checks import conv2d, dense, flatten, layer, max_pooling2d

NAMES = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"]
PARAMETERS = 12_810


@pytest.mark.task("prepare", points=2, basis="measured")
def test_training_images(student, data, sizes):
    """`X_train` has the training images in the shape (28, 28, 1), divided by 255."""
    images = student.array("X_train").has_shape(int(sizes["TRAIN_IMAGES"]), 28, 28, 1)
    images.is_divided_by(255, data.train_images)


@pytest.mark.task("prepare", points=1, basis="measured")
def test_test_images(student, data):
    """`X_test` has the test images in the shape (28, 28, 1), divided by 255."""
    student.array("X_test").has_shape(2000, 28, 28, 1).is_divided_by(255, data.test_images)


@pytest.mark.task("augment", points=1, basis="claimed")
def test_mirrors(student):
    """`augment` mirrors left and right, and nothing else."""
    student.model("augment").contains(layer("RandomFlip", mode="horizontal"))


@pytest.mark.task("augment", points=1, basis="claimed")
def test_moves(student):
    """`augment` moves by at most a tenth of the height and of the width."""
    student.model("augment").contains(layer("RandomTranslation", height_factor=0.1, width_factor=0.1))


@pytest.mark.task("build", points=1, basis="claimed")
def test_augmentation_inside(student):
    """The network mirrors and moves its images itself."""
    student.model("model").contains("RandomFlip", "RandomTranslation")


@pytest.mark.task("build", points=4, basis="measured")
def test_layers(student):
    """The network has the two convolutions, the poolings and the output of the task."""
    model = student.model("model").has_input_shape(28, 28, 1).has_output_shape(10)
    model.contains(conv2d(16, 3, "relu"), conv2d(32, 3, "relu"), max_pooling2d(2), flatten(), dense(10, "softmax"))
    model.has_parameter_count(PARAMETERS)


@pytest.mark.task("train", points=1, basis="claimed")
def test_compiled(student):
    """The network is compiled with Adam, sparse categorical crossentropy and accuracy."""
    student.model("model").is_compiled_with(optimizer="adam", loss="sparse_categorical_crossentropy",
                                            metrics=["accuracy"])


@pytest.mark.task("train", points=1, basis="claimed")
def test_trained(student, sizes):
    """The network was trained on the training images, for as many epochs as the task says, a tenth set aside."""
    training = student.fit_of("model").used(x="X_train", y="train_labels").epochs(int(sizes["EPOCHS"])).batch_size(32)
    training.validated_with_split(0.1)


@pytest.mark.task("train", points=1, basis="claimed")
def test_saves_best(student):
    """The best network by the accuracy on validation images was saved to `best.keras`."""
    student.fit_of("model").used_callback("ModelCheckpoint", filepath="best.keras", monitor="val_accuracy",
                                          save_best_only=True)


@pytest.mark.task("best", points=3, basis="measured")
def test_loaded(student):
    """`best` has the layers of your network."""
    best = student.model("best").has_input_shape(28, 28, 1).has_parameter_count(PARAMETERS)
    best.has_same_layers_as(student.model("model"), "Load the file that the callback wrote.")


@pytest.mark.task("best", points=4, basis="measured", minimum=True, predicts=[("best", "X_test")])
def test_best_accuracy(student, reference, holdout):
    """`best` recognises images that it has never seen."""
    student.model("best").accuracy_on(holdout, "X_test").reaches_minimum(reference)


@pytest.mark.task("predict", points=3, basis="measured", predicts=[("best", "X_test")])
def test_predicted(student, holdout):
    """`predicted` has the class that `best` finds most likely, for each test image."""
    student.model("best").predictions_on(holdout, "X_test").answers(student.array("predicted"))


@pytest.mark.task("predict", points=1, basis="measured", predicts=[("best", "X_test")])
def test_first_name(student, holdout):
    """`first_name` is the name of what `best` sees in the first test image."""
    seen = student.model("best").predictions_on(holdout, "X_test").label_of(0)
    student.text("first_name").is_one_of(NAMES[seen], choices=NAMES)
