"""Hidden checks of `reviews`. Each judges one property; its docstring is the sentence that students read."""

import numpy as np
import pytest
from make_reviews import COUNT, make_reviews

from autograder.checks import CheckFailed, call, dense, layer

TRAIN, LENGTH = 560, 40
REVIEWS = make_reviews(5, COUNT)
TEXTS = [text for text, _ in REVIEWS]
PRAISE = np.array([int(kind == "praise") for _, kind in REVIEWS])
WORDS = {word for text in TEXTS[:TRAIN] for word in text.split()}
UNSEEN = make_reviews(2_026, 150)
UNSEEN_TEXTS = [text for text, _ in UNSEEN]
UNSEEN_PRAISE = np.array([int(kind == "praise") for _, kind in UNSEEN])
STRANGE = ["the soup was xylophone", "quarks and gluons", "the bread was fresh", "the the zebra and quarks"]


def require_words(name, rows, places, texts):
    """Fail unless each row has one number for each word, zeros behind it, and the same number for the same word."""
    numbers = {}
    for row, place in zip(rows, places.tolist(), strict=True):
        words = texts[place].split()
        if np.count_nonzero(row) != len(words) or (row[: len(words)] == 0).any():
            raise CheckFailed(f"Row {place} of `{name}` has {np.count_nonzero(row)} numbers that are not 0; its text "
                              f"has {len(words)} words.", "One number for each word, then zeros.",
                              "Is the output of the layer as long as the longest text?")
        for word, number in zip(words, row.tolist(), strict=False):
            if numbers.setdefault(word, number) != number:
                raise CheckFailed(f"`{name}` has two numbers for the word “{word}”.", "One number for each word.",
                                  "Are the rows those of the same texts, in the same order?")


@pytest.mark.task("divide", points=2, basis="measured")
def test_texts(student):
    """The first 560 texts are for training, and the other 140 for testing."""
    student.texts("train_texts").has_length(TRAIN).equals_rows_of(TEXTS[:TRAIN])
    student.texts("test_texts").has_length(COUNT - TRAIN).equals_rows_of(TEXTS[TRAIN:])


@pytest.mark.task("divide", points=1, basis="measured")
def test_labels(student):
    """`train_praise` and `test_praise` are 1 for praise, and 0 for criticism."""
    student.array("train_praise").has_shape(TRAIN).equals_rows_of(PRAISE[:TRAIN])
    student.array("test_praise").has_shape(COUNT - TRAIN).equals_rows_of(PRAISE[TRAIN:])


@pytest.mark.task("words", points=1, basis="claimed")
def test_length(student):
    """`vectorize` makes 40 numbers of each text."""
    student.layer("vectorize", "TextVectorization").has_settings(output_sequence_length=LENGTH)


@pytest.mark.task("words", points=1, basis="claimed")
def test_vocabulary(student):
    """`vectorize` has learned all words of the training texts."""
    student.layer("vectorize", "TextVectorization").has_vocabulary(sorted(WORDS))


@pytest.mark.task("numbers", points=2, basis="measured")
def test_training_rows(student):
    """`X_train` has one number for each word of a training text, and zeros behind it."""
    array = student.array("X_train").has_shape(TRAIN, LENGTH).has_dtype("integer")
    rows, places, _ = array.known_rows()
    require_words("X_train", rows, places, TEXTS[:TRAIN])


@pytest.mark.task("numbers", points=1, basis="measured")
def test_test_rows(student):
    """`X_test` has one number for each word of a test text, and zeros behind it."""
    array = student.array("X_test").has_shape(COUNT - TRAIN, LENGTH).has_dtype("integer")
    rows, places, _ = array.known_rows()
    require_words("X_test", rows, places, TEXTS[TRAIN:])


@pytest.mark.task("build", points=3, basis="measured")
def test_layers(student):
    """The network is an embedding with vectors of 16 numbers, an LSTM with 16 units, and one unit with sigmoid."""
    student.model("model").has_input_shape(LENGTH).has_layers(
        [layer("Embedding", output_dim=16, mask_zero=True), layer("LSTM", units=16), dense(1, "sigmoid")])


@pytest.mark.task("train", points=1, basis="claimed")
def test_compiled(student):
    """The network is compiled with Adam with a learning rate of 0.01, binary crossentropy and accuracy."""
    student.model("model").is_compiled_with(
        optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"], settings={"learning_rate": 0.01})


@pytest.mark.task("train", points=1, basis="claimed")
def test_trained(student, sizes):
    """The network was trained on the training texts for as many epochs as the task says, a fifth set aside."""
    training = student.fit_of("model").used(x="X_train", y="train_praise").epochs(int(sizes["EPOCHS"])).batch_size(32)
    training.validated_with_split(0.2)


@pytest.mark.task("judge", points=4, basis="measured", minimum=True, calls=[call("praise_probability", UNSEEN_TEXTS)])
def test_unseen_texts(student, reference):
    """`praise_probability` tells praise from criticism in texts that are in no file."""
    answers = student.called("praise_probability", UNSEEN_TEXTS).array().has_length(len(UNSEEN_TEXTS))
    answers.score("roc_auc", UNSEEN_PRAISE, "unseen-auc").reaches_minimum(reference)


@pytest.mark.task("judge", points=1, basis="measured", calls=[call("praise_probability", UNSEEN_TEXTS)])
def test_probabilities(student):
    """`praise_probability` returns probabilities, one for each text, and not classes."""
    answers = student.called("praise_probability", UNSEEN_TEXTS).array().has_length(len(UNSEEN_TEXTS))
    answers.lies_between(0, 1)
    if len(np.unique(answers.values())) <= 2:
        raise CheckFailed("`praise_probability` returns no more than two different numbers.",
                          "A probability for each text.", "The answer of the network is a probability already.")


@pytest.mark.task("unknown", points=2, basis="measured", calls=[call("unknown_share", STRANGE)])
def test_unknown_share(student):
    """`unknown_share` returns the share of words that are not in the vocabulary, for each text."""
    student.called("unknown_share", STRANGE).sequence().is_about([0.25, 2 / 3, 0.0, 0.4], 1e-3)
