"""Tasks 3 and 5 to 9: the grid, the search, its table and figure, the best optimizer, and the one to be fixed.

The scores of 28 networks that no longer exist are known only to the student's process, so they are checked for
consistency: the table with the scores, the best name with both, the best score with the network that is measured.
"""

from contextlib import suppress

import pytest

from autograder.artifacts import MappingValue, SequenceValue, TextValue
from autograder.checks import CheckFailed
from autograder.checks.vocabulary.containers import SequenceSubject

OPTIMIZERS = ("SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam")
MOST = 50
"""At most so many names in a grid are read; there are seven."""
FAR = 0.15
"""Largest difference of a score on folds and an accuracy on test images: in our runs it was about 0.06."""


def entry_name(entry):
    """Return the optimizer's name in one entry of a grid, None where there is no text."""
    value = entry.items.get("optimizer") if isinstance(entry, MappingValue) else entry
    return value.value.strip() if isinstance(value, TextValue) else None


def names_of(student):
    """Return the optimizers in the order of the student's grid, whatever its outer key is called."""
    for value in student.mapping("param_grid").items.values():
        if isinstance(value, SequenceValue):
            names = [entry_name(entry) for entry in value.items]
            if names and all(names) and len(names) <= MOST:
                return names
    raise CheckFailed("`param_grid` holds no list of optimizers' names.", "Seven names, as in Task 3.")


def scores_of(student):
    """Return (mean, deviation) by the optimizer's name in lower case, as the search left them."""
    names = names_of(student)
    columns = []
    for name in ("mean_scores", "score_deviations"):
        columns.append(student.sequence(name).has_length(len(names)).values)
    return {name.casefold(): pair for name, pair in zip(names, zip(*columns, strict=True), strict=True)}


def table_of(student):
    """Return the student's own table in the same form."""
    found = {}
    for name, value in student.mapping("table").items.items():
        pair = SequenceSubject(f"table[{name!r}]", value, student.evidence).has_length(2).values
        found[name.strip().casefold()] = pair
    return found


@pytest.mark.task("grid", points=1, basis="measured")
def test_grid_form(student):
    """The grid varies `model_kwargs`: a list of dictionaries, each with the key `optimizer`."""
    student.mapping("param_grid").has_keys("model_kwargs")
    entries = student.mapping("param_grid").items["model_kwargs"]
    known = isinstance(entries, SequenceValue) and all(
        isinstance(entry, MappingValue) and set(entry.items) == {"optimizer"} for entry in entries.items
    )
    if not known:
        raise CheckFailed("The entries of `param_grid['model_kwargs']` are not all of this form.",
                          "A list of dictionaries such as {'optimizer': 'SGD'}.")


@pytest.mark.task("grid", points=3, basis="measured")
def test_grid_optimizers(student):
    """The grid holds the seven optimizers by name, each once."""
    names = names_of(student)
    seen, wanted = sorted(name.casefold() for name in names), sorted(name.casefold() for name in OPTIMIZERS)
    if seen != wanted:
        missing = [name for name in OPTIMIZERS if name.casefold() not in seen]
        raise CheckFailed(f"The grid holds {', '.join(names)[:300]}.", f"Each of {', '.join(OPTIMIZERS)} once.",
                          f"Look for {' and '.join(missing)}." if missing else None)


@pytest.mark.task("search", points=1, basis="claimed")
def test_search_folds(student, sizes):
    """Every optimizer of the grid was scored on `FOLDS` folds."""
    folds = [f"split{fold}_test_score" for fold in range(sizes["FOLDS"])]
    results = student.mapping("results").has_keys("mean_test_score", "std_test_score", *folds)
    more = f"split{sizes['FOLDS']}_test_score"
    if more in results.keys:
        raise CheckFailed("The search used more folds than the task says.", f"{sizes['FOLDS']} folds.",
                          "`cv` says how many; without it scikit-learn takes 5.")
    student.fit_of("best_model").happened()  # only a search that was fitted leaves a network behind


@pytest.mark.task("search", points=1, basis="claimed")
def test_search_training(student, sizes):
    """The networks were trained on the training images with `EPOCHS` epochs in batches of `BATCH_SIZE`."""
    training = student.fit_of("best_model").batch_size(sizes["BATCH_SIZE"]).epochs(sizes["EPOCHS"])
    # The labels are the wrapper's own one-hot rows, so only the images can be identified, by their number.
    images = [fit.x.shape[0] for fit in training.fits if fit.x.shape]
    if any(count != sizes["TRAIN_IMAGES"] for count in images):
        raise CheckFailed(f"`best_model` was trained on {images[0]:,} images.",
                          f"The {sizes['TRAIN_IMAGES']:,} of `X_train`.",
                          "After the search the best network is trained once more, on all images that `fit` was given.")


@pytest.mark.task("search", points=1, basis="measured", predicts=[("best_model", "X_test")])
def test_scores_are_real(student, holdout):
    """The best mean score fits the network that you kept: we measured the accuracy of `best_model` ourselves."""
    scores = student.sequence("mean_scores").has_length(len(names_of(student))).lies_between(0, 1)
    accuracy = student.model("best_model").accuracy_on(holdout, "X_test")
    if abs(max(scores.values) - accuracy.test) > FAR:
        raise CheckFailed(f"The best of `mean_scores` is {max(scores.values):.3f}.",
                          f"A score nearer to the accuracy of `best_model`, {accuracy.test:.3f} as we measured it.",
                          "Take the scores from the search; in each run they are a little different.")


@pytest.mark.task("search", points=2, basis="measured", predicts=[("best_model", "X_test")])
def test_best_evaluation(student, holdout):
    """`best_accuracy` is the accuracy that `best_model` has on the test images."""
    network = student.model("best_model").accuracy_on(holdout, "X_test")
    student.number("best_accuracy").matches_accuracy(network)


@pytest.mark.task("search", points=2, basis="measured", minimum=True, predicts=[("best_model", "X_test")])
def test_best_accuracy(student, reference, holdout):
    """The network that was trained once more with the best optimizer reaches its minimum accuracy."""
    student.model("best_model").accuracy_on(holdout, "X_test").reaches_minimum(reference)


@pytest.mark.task("table", points=1, basis="claimed")
def test_table_means(student):
    """The table gives each optimizer its own mean."""
    compare(student, 0, "mean")


@pytest.mark.task("table", points=1, basis="claimed")
def test_table_deviations(student):
    """The table gives each optimizer its own standard deviation."""
    compare(student, 1, "standard deviation")


def compare(student, place, what):
    """Fail unless the table says for every optimizer what the search says."""
    scores, table = scores_of(student), table_of(student)
    for name, pair in scores.items():
        if name not in table:
            raise CheckFailed(f"`table` has no entry for {name[:40]}.", "One entry for each optimizer of the grid.")
        # Half a unit of the third decimal: a table for people may be rounded.
        if not abs(table[name][place] - pair[place]) <= 5.1e-4:
            raise CheckFailed(f"For {name[:40]} the table has the {what} {table[name][place]:.4f}.",
                              f"{pair[place]:.4f}, as the search found.",
                              "Means come first, deviations second, in the order of the grid.")


@pytest.mark.task("plot", points=1, basis="claimed")
def test_error_bars(student):
    """Each mean is drawn with an error bar of one standard deviation to both sides."""
    figures = student.figures()
    with suppress(CheckFailed):
        # Drawing a table whose numbers are wrong is a mistake of the table and not of the figure.
        means, deviations = columns(table_of(student))
        figures.shows_error_bars(means, deviations)
        return
    figures.shows_error_bars(*columns(scores_of(student)))


def columns(pairs):
    """Return the first and the second numbers of all pairs."""
    return [pair[0] for pair in pairs.values()], [pair[1] for pair in pairs.values()]


@pytest.mark.task("plot", points=1, basis="claimed")
def test_plot_names(student):
    """Each optimizer can be identified in the figure, and the axis of the numbers has a label."""
    student.figures().identifies(*OPTIMIZERS)


@pytest.mark.task("best", points=1, basis="claimed")
def test_best_optimizer(student):
    """`best_optimizer` names an optimizer whose mean lies within one deviation of the best one of your run."""
    accepted = near_the_best(scores_of(student))
    with suppress(CheckFailed):
        # Names in a wrong order cost points in the table; reading the best one from that table is right.
        accepted |= near_the_best(table_of(student))
    student.text("best_optimizer").is_one_of(*sorted(accepted), choices=OPTIMIZERS)


def near_the_best(scores):
    """Return the optimizers whose mean lies within one deviation of the best, the deviation of that best one."""
    mean, deviation = max(scores.values(), default=(0.0, 0.0))
    return {name for name, pair in scores.items() if pair[0] >= mean - deviation}


@pytest.mark.task("mend-adadelta", points=2, basis="measured")
def test_mended_labels(student, data):
    """Each row of `Y_train` has a single 1, at the place of the digit."""
    student.array("Y_train").is_one_hot(data.train_labels, 10)


@pytest.mark.task("mend-adadelta", points=1, basis="claimed")
def test_mended_rate(student):
    """`adadelta_model` is compiled with Adadelta and a learning rate of 1.0."""
    student.model("adadelta_model").is_compiled_with(optimizer="adadelta", settings={"learning_rate": 1.0})


@pytest.mark.task("mend-adadelta", points=1, basis="claimed")
def test_mended_training(student, sizes):
    """`adadelta_model` was trained on `X_train` and `Y_train` with `EPOCHS` epochs in batches of `BATCH_SIZE`."""
    training = student.fit_of("adadelta_model").used(x="X_train", y="Y_train")
    training.batch_size(sizes["BATCH_SIZE"]).epochs(sizes["EPOCHS"])


@pytest.mark.task("mend-adadelta", points=4, basis="measured", minimum=True, predicts=[("adadelta_model", "X_test")])
def test_mended_accuracy(student, reference, holdout):
    """With a learning rate of 1.0 Adadelta reaches its minimum accuracy."""
    student.model("adadelta_model").accuracy_on(holdout, "X_test").reaches_minimum(reference)
