"""Assertions about arrays: each passes for right work and names what is wrong with the usual mistakes."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks import Unjudged
from autograder.checks.vocabulary.preparation import statistics
from autograder.model import SlotStatus


@pytest.fixture
def array(craft, tiny):
    """Return a function that gives the subject for one array of a student's."""
    def make(values, **others):
        task = f"t{len(craft.lines)}"
        craft.checkpoint(task, {"X": values, **others})
        return craft.student(tiny, task).array("X")

    return make


def rows(tiny, name="train_images"):
    images = getattr(tiny, name)
    return images.reshape(len(images), -1)


def standardized(images, mean, deviation):
    return ((images.reshape(len(images), -1) - mean) / deviation).astype("float32")


class TestShape:
    def test_the_right_shape_passes(self, array, tiny):
        array(rows(tiny)).has_shape(400, 784).has_length(400)

    def test_images_that_were_not_reshaped(self, array, tiny, said):
        message = said(lambda: array(tiny.train_images).has_shape(400, 784))
        assert message.startswith("`X` has shape (400, 28, 28). | Shape (400, 784). | All values are there")

    def test_swapped_axes(self, array, tiny, said):
        assert "axes are swapped" in said(lambda: array(rows(tiny).T.copy()).has_shape(400, 784))

    def test_too_many_rows(self, array, tiny, said):
        assert "`[:300]`" in said(lambda: array(rows(tiny)).has_shape(300, 784))
        assert "`X[:300]`" in said(lambda: array(rows(tiny)).has_length(300))

    def test_a_claimed_shape_without_rows_is_not_believed(self, craft, tiny):
        craft.checkpoint("t", {"X": {"kind": "array", "type": "x", "shape": [400, 784], "dtype": "float32"}})
        with pytest.raises(Unjudged):
            craft.student(tiny, "t").array("X").has_shape(400, 784)


class TestDtype:
    def test_names_and_kinds(self, array):
        array(np.zeros((9, 2), "float32")).has_dtype("float32").has_dtype("floating")

    def test_whole_numbers(self, array, tiny, said):
        assert said(lambda: array(rows(tiny)).has_dtype("float32")) == (
            "`X` holds numbers of type uint8. | Type float32. | "
            "`astype` returns a new array: is its result stored under this name?")

    def test_another_width(self, array, said):
        assert "float64" in said(lambda: array(np.zeros((9, 2))).has_dtype("float32"))


class TestFinite:
    def test_finite_numbers_pass(self, array):
        array(np.ones((9, 2))).is_finite()

    def test_nan_names_the_usual_cause(self, array, tiny, said):
        images = rows(tiny).astype("float32")
        images[:, 0] = np.nan
        message = said(lambda: array(images).is_finite())
        assert "contains NaN" in message
        assert "use one mean and one deviation for all pixels" in message

    def test_one_nan_outside_the_sample_counts(self, array, said):
        values = np.ones((500, 2), "float32")
        values[3, 1] = np.nan
        assert "NaN" in said(lambda: array(values).is_finite())

    def test_infinite_numbers(self, array, said):
        assert "infinite" in said(lambda: array(np.full((9, 2), np.inf)).is_finite())


class TestRange:
    def test_within(self, array):
        array(np.linspace(0, 1, 20).reshape(10, 2)).lies_between(0, 1)

    def test_outside(self, array, tiny, said):
        assert "values from 0 to 199" in said(lambda: array(rows(tiny)).lies_between(0, 1))


class TestRows:
    def test_any_shape_and_type_of_the_same_values(self, array, tiny):
        array(tiny.train_images[..., None].astype("float64")).equals_rows_of(tiny.train_images)
        array(rows(tiny)[:100]).equals_rows_of(tiny.train_images)

    def test_scaled_too_early(self, array, tiny, said):
        assert "0–1 instead of 0–255" in said(lambda: array(rows(tiny) / 255).equals_rows_of(tiny.train_images))

    def test_transposed_images(self, array, tiny, said):
        turned = tiny.train_images.transpose(0, 2, 1).reshape(400, 784).copy()
        assert "transposed" in said(lambda: array(turned).equals_rows_of(tiny.train_images))

    def test_reshaped_across_images(self, array, tiny, said):
        mixed = rows(tiny).reshape(784, 400).T.copy()
        assert "reshaped across images" in said(lambda: array(mixed).equals_rows_of(tiny.train_images))

    def test_labels_of_other_images(self, array, tiny, said):
        array(tiny.train_labels).equals_rows_of(tiny.train_labels)
        message = said(lambda: array(tiny.train_labels[::-1].copy()).equals_rows_of(tiny.train_labels))
        assert message.startswith("`X` differs from the original labels.")

    def test_more_rows_than_there_are(self, array, tiny, said):
        twice = np.concatenate([rows(tiny), rows(tiny)])
        assert "appended" in said(lambda: array(twice).equals_rows_of(tiny.train_images))

    def test_another_number_of_values(self, array, tiny, said):
        assert "`X` has 700 values" in said(lambda: array(rows(tiny)[:, :700].copy()).equals_rows_of(tiny.train_images))


class TestStandardized:
    @pytest.fixture
    def judge(self, array, tiny):
        def run(values, raw=None):
            raw = tiny.train_images if raw is None else raw
            array(values).is_standardized_with_training_statistics(raw, tiny.train_images)

        return run

    @pytest.fixture
    def numbers(self, tiny):
        return float(tiny.train_images.mean()), float(tiny.train_images.std())

    @pytest.mark.parametrize("way", [
        lambda x, m, s: (x - m) / s,
        lambda x, m, s: x * (1 / s) - m / s,
        lambda x, m, s: (x / 255 - m / 255) / (s / 255),
        lambda x, m, s: (x - m) / (s + 1e-7),
        lambda x, m, s: ((x.astype("float32") - np.float32(m)) / np.float32(s)),
        lambda x, m, s: ((x - m) / s).astype("float16"),
    ])
    def test_every_spelling_passes(self, judge, tiny, numbers, way):
        judge(way(rows(tiny).astype("float64"), *numbers))
        judge(way(rows(tiny, "test_images").astype("float64"), *numbers), tiny.test_images)

    def test_own_statistics_are_named_with_both_means(self, judge, tiny, said):
        own = tiny.test_images
        message = said(lambda: judge(standardized(own, own.mean(), own.std()), own))
        assert f"`X` was standardized with its own mean ({own.mean():.1f})." in message
        assert f"The training mean ({tiny.train_images.mean():.1f})" in message
        assert "the model must see new images on the scale it learned" in message

    @pytest.mark.parametrize(("way", "words"), [
        (lambda x, m, s: x, "still has pixel values from 0 to 255"),
        (lambda x, m, s: x / 255, "is in 0–1: it was divided by 255"),
        (lambda x, m, s: x / s, "the mean was not subtracted"),
        (lambda x, m, s: x - m, "division by the deviation is missing"),
        (lambda x, m, s: x / s - m, "pixel / deviation − mean"),
        (lambda x, m, s: x - m / s, "pixel − mean / deviation"),
        (lambda x, m, s: (x - m) / s**2, "divided by the variance"),
        (lambda x, m, s: (x - m - 3) / s, "was standardized with mean"),
        (lambda x, m, s: 255 - x, "`X` is -1 · pixel + 255"),
        (lambda x, m, s: (x - x.mean(axis=0)) / x.std(axis=0), "with its own numbers"),
        (lambda x, m, s: np.where(x > 100, 1.0, 0.0), "cannot be made from the original images"),
        (lambda x, m, s: x * 0.0, "All values of `X` that we looked at are 0"),
        (lambda x, m, s: np.where(x == 0, np.nan, x), "contains NaN"),
    ])
    def test_mistakes_are_named(self, judge, tiny, numbers, said, way, words):
        assert words in said(lambda: judge(way(rows(tiny).astype("float64"), *numbers)))

    def test_whole_numbers_are_named(self, judge, tiny, said):
        mean, deviation = tiny.train_images.mean(), tiny.train_images.std()
        cut = ((rows(tiny) - mean) / deviation * 3).astype("int8")
        assert "cut to whole numbers" in said(lambda: judge(cut))

    def test_statistics_of_bytes_are_those_of_numpy(self, tiny):
        assert statistics(tiny.train_images) == pytest.approx((tiny.train_images.mean(), tiny.train_images.std()))
        assert statistics(tiny.train_images / 2) == pytest.approx(
            (tiny.train_images.mean() / 2, tiny.train_images.std() / 2))


class TestPreparedAlike:
    def test_alike(self, craft, tiny):
        craft.checkpoint("t", {"X": rows(tiny) / 255, "T": rows(tiny, "test_images") / 255})
        student = craft.student(tiny, "t")
        student.array("T").is_prepared_like(student.array("X"), tiny.test_images, tiny.train_images)

    def test_a_result_under_a_misspelt_name(self, craft, tiny, said):
        craft.checkpoint("t", {"X": rows(tiny), "train_mages": rows(tiny) / 255, "T": rows(tiny, "test_images") / 255})
        student = craft.student(tiny, "t")
        message = said(lambda: student.array("T").is_prepared_like(
            student.array("X"), tiny.test_images, tiny.train_images))
        assert message.startswith("`T` has values in 0–1, `X` in 0–255 for the same pixels.")
        assert "stored under a misspelt name" in message

    def test_another_shape(self, craft, tiny, said):
        craft.checkpoint("t", {"X": rows(tiny), "T": tiny.test_images})
        student = craft.student(tiny, "t")
        assert "One row of `T` has shape (28, 28)" in said(lambda: student.array("T").is_prepared_like(
            student.array("X"), tiny.test_images, tiny.train_images))


class TestOneHot:
    @pytest.mark.parametrize("dtype", ["float32", "float64", "uint8", "bool"])
    def test_any_type_passes(self, array, tiny, dtype):
        array(np.eye(10)[tiny.train_labels].astype(dtype)).is_one_hot(tiny.train_labels, 10)

    @pytest.mark.parametrize(("make", "words"), [
        (lambda y: y, "still class numbers"),
        (lambda y: y[:, None], "still class numbers"),
        (lambda y: np.eye(2)[np.eye(10, dtype=int)[y]], "one-hot encoded twice"),
        (lambda y: np.eye(11)[y], "There are 10 classes"),
        (lambda y: np.eye(10)[y] * 2, "not a single 1 among zeros"),
        (lambda y: np.full((len(y), 10), np.nan), "not a single 1 among zeros"),
        (lambda y: np.eye(10)[(y + 1) % 10], "at another position than the label says"),
    ])
    def test_mistakes_are_named(self, array, tiny, said, make, words):
        assert words in said(lambda: array(make(tiny.train_labels)).is_one_hot(tiny.train_labels, 10))


class TestStatistics:
    def test_a_claim(self, array, said):
        subject = array(np.array([[0.0], [2.0]]))
        subject.has_statistics(1.0, 1.0)
        assert "has mean 1" in said(lambda: subject.has_statistics(0.0, 1.0))
        assert "has_statistics" in subject.evidence.claims


class TestMissing:
    def test_a_missing_name_names_the_nearest(self, craft, tiny, said):
        craft.checkpoint("t", {"X_tain": rows(tiny)})
        assert said(lambda: craft.student(tiny, "t").array("X_train")) == (
            "There is no `X_train` after this step. | A variable called `X_train`. | "
            "There is `X_tain`: is that the same one, spelled differently?")

    def test_what_happened_in_the_cell_is_said(self, craft, tiny, said):
        craft.checkpoint("t", {})
        student = craft.student(tiny, "t", notes={"t": "Its cell raised NameError: name 'x' is not defined."})
        assert "raised NameError" in said(lambda: student.array("X"))

    def test_a_blank_answer_is_said(self, craft, tiny, said):
        craft.checkpoint("t", {})
        student = craft.student(tiny, "t", slots={"t": SlotStatus.BLANK})
        assert said(lambda: student.array("X")).startswith("Nothing was written under `# YOUR CODE HERE` yet.")

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            ([1, 2], "a list of 2 items"),
            (3, "the number 3"),
            ("x", "is text"),
            (None, "is None"),
            (True, "a boolean"),
            ({"kind": "figure"}, "a figure"),
            ({"kind": "nonsense"}, "an object of type unreadable"),
        ],
    )
    def test_another_type_is_said_in_words(self, craft, tiny, said, value, words):
        craft.checkpoint("t", {"X": value})
        assert words in said(lambda: craft.student(tiny, "t").array("X"))

    def test_the_checkpoint_of_another_task(self, craft, tiny, said):
        craft.checkpoint("first", {"X": np.zeros((9, 1))})
        craft.checkpoint("second", {})
        student = craft.student(tiny, "second")
        student.at("first").array("X").has_shape(9, 1)
        assert "no `X`" in said(lambda: student.array("X"))

    def test_an_unreadable_checkpoint_is_withheld(self, craft, tiny):
        craft.checkpoint("t", {})
        with pytest.raises(Unjudged):
            craft.student(tiny, "other").array("X")

    @pytest.mark.parametrize("empty", [np.zeros((0, 784)), np.zeros((5, 0))])
    def test_empty_arrays(self, array, tiny, said, empty):
        subject = array(empty)
        assert "is empty" in said(lambda: subject.is_standardized_with_training_statistics(
            tiny.train_images, tiny.train_images))


class TestDivided:
    @pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
    def test_divided_pixels_pass(self, array, tiny, dtype):
        array((rows(tiny) / 255).astype(dtype)).is_divided_by(255, tiny.train_images)
        array((tiny.train_images[..., None] / 255).astype(dtype)).is_divided_by(255, tiny.train_images)

    def test_another_divisor_fails(self, array, tiny, said):
        for divisor in (250, 254, 256):
            for dtype in ("float16", "float32"):
                message = said(lambda divisor=divisor, dtype=dtype: array(
                    (rows(tiny) / divisor).astype(dtype)).is_divided_by(255, tiny.train_images))
                assert message.endswith("for pixels from 0 to 199. | Every pixel divided by 255: values from 0 to 1.")

    def test_raw_pixels_fail_with_a_hint(self, array, tiny, said):
        assert said(lambda: array(rows(tiny)).is_divided_by(255, tiny.train_images)) == (
            "`X` has values from 0 to 199 for pixels from 0 to 199. | "
            "Every pixel divided by 255: values from 0 to 1. | Is the result stored under exactly this name?")

    def test_what_is_no_scaled_copy_is_reported_first(self, array, tiny, said):
        message = said(lambda: array((rows(tiny)[::-1] / 255).astype("float32")).is_divided_by(255, tiny.train_images))
        assert "another order" in message


class TestTolerance:
    def test_numbers_read_from_text(self, array, tiny, said):
        table = np.random.default_rng(3).normal(size=(90, 4))
        near = array((table + 5e-6).astype("float32")).equals_rows_of(table, tolerance=1e-5)
        assert "`X`" in said(lambda: near.equals_rows_of(table))
        assert "`X`" in said(lambda: near.equals_rows_of(table + 1e-3, tolerance=1e-5))


class TestJunkNumbers:
    def test_nan_lies_nowhere(self, array, said):
        assert "NaN" in said(lambda: array(np.full((9, 3), np.nan)).lies_between(0, 1))

    def test_booleans_are_called_booleans(self, array, tiny, said):
        assert "cannot be made from the original" in said(
            lambda: array(rows(tiny) > 100).is_divided_by(255, tiny.train_images))
