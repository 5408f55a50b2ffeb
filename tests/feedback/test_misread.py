"""What models misread: counted from their outputs, and drawn as a table, a sentence and pictures."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from autograder.feedback import Learned, render
from autograder.feedback.confusion_counts import confusions
from autograder.feedback.misread import MOST_PICTURES, read_off
from autograder.model import Result
from tests.feedback.test_page import Page

LABELS = np.array([0, 1, 1, 2, 2, 2], np.uint8)
IMAGES = np.arange(6 * 28 * 28, dtype=np.uint32).astype(np.uint8).reshape(6, 28, 28)


def outputs_of(classes: list[int], wide: int = 3) -> Any:
    """Return outputs in which each image is given its class; later ones with more certainty."""
    return np.eye(wide, dtype=np.float32)[classes] * np.linspace(0.5, 0.9, len(classes), dtype=np.float32)[:, None]


def test_images_are_counted_by_what_they_show_and_what_they_are_taken_for() -> None:
    reading = read_off(outputs_of([0, 1, 2, 2, 0, 0]), labels=LABELS, images=IMAGES)
    assert reading is not None and reading.counts == ((1, 0, 0), (0, 1, 1), (2, 0, 1))
    assert [(one.true, one.read, one.index) for one in reading.pictures] == [(2, 0, 5), (1, 2, 2)], \
        "the most frequent first, and of each the one of which the model is most certain"
    picture = Image.open(io.BytesIO(base64.b64decode(reading.pictures[0].picture)))
    assert np.array_equal(255 - np.asarray(picture), IMAGES[5])


@pytest.mark.parametrize("outputs, labels", [
    (np.zeros((6, 2), np.float32), LABELS), (np.zeros((6, 21), np.float32), LABELS),
    (np.zeros((6, 1), np.float32), LABELS * 0), (np.zeros((6, 3, 3), np.float32), LABELS),
    (np.zeros((0, 1), np.float32), LABELS[:0]),
])
def test_what_gives_no_classes_is_not_counted(outputs: Any, labels: Any) -> None:
    assert read_off(outputs, labels=labels, images=IMAGES) is None


def test_pictures_are_few_and_small() -> None:
    random = np.random.default_rng(0)
    many = read_off(random.random((500, 20)).astype(np.float32), labels=np.arange(500) % 20,
                    images=random.integers(0, 256, (500, 64, 64)).astype(np.uint8))
    assert many is not None and len(many.pictures) == MOST_PICTURES and len(many.model_dump_json()) < 80_000
    large = read_off(outputs_of([0, 1, 2, 2, 0, 0]), labels=LABELS, images=np.zeros((6, 65, 65), np.uint8))
    assert large is not None and not large.pictures


@pytest.mark.parametrize("classes, said", [
    ([0, 1, 1, 2, 2, 2], "`m` is right about 6 of 6 test images (1.000)."),
    ([0, 1, 1, 2, 2, 0], "`m` is right about 5 of 6 test images (0.833). The most frequent mistake: 2 taken for 0, "
                         "once."),
    ([0, 1, 2, 2, 0, 0], "`m` is right about 3 of 6 test images (0.500). The most frequent mistake: 2 taken for 0, 2 "
                         "times."),
])
def test_one_sentence_says_it(classes: list[int], said: str) -> None:
    reading = read_off(outputs_of(classes), labels=LABELS, images=IMAGES)
    assert reading is not None
    (shown,) = confusions({"t/m": reading.model_dump(mode="json")})
    assert (shown.task, shown.said, shown.images) == ("t", said, 6)


def page_with(result: Result, misread: Any) -> Page:
    return Page(render(result, executed={}, reference=None, assignment_title="Digits",
                       learned=Learned(misread=misread)))


def test_the_page_has_the_table_and_the_pictures_in_words(result: Result, misread: Any) -> None:
    page = page_with(result, {"fit/model": misread["fit/model"]})
    text = " ".join(page.text.split())
    assert "Train ten epochs" in text and "How your models learned and what they misread" in text
    assert "The most frequent mistake: 4 taken for 9" in text and "the first 700 test images" in text
    assert len(page.tags("td")) == 100 and {"scope": "row"} in page.tags("th")
    pictures = page.tags("img")
    assert pictures and all(one["alt"].startswith("Test image ") and one["src"].startswith("data:image/png;base64,")
                            for one in pictures)


@pytest.mark.parametrize("name", ["<script>/<img src=x>", "fit/\u202e\x1b[31m", "\ud800/\ud800"])
def test_names_are_text(result: Result, misread: Any, name: str) -> None:
    page = page_with(result, {name: misread["fit/model"]})
    assert not page.tags("script") and "\u202e" not in page.text and "\x1b" not in page.text


@pytest.mark.parametrize("entry", [
    None, {}, {"counts": [], "pictures": []}, {"counts": [[1, 2], [3]], "pictures": []},
    {"counts": [[1] * 21] * 2, "pictures": []}, {"counts": [[1, 2]] * 21, "pictures": []},
    {"counts": [[1, 0], [0, 1]], "pictures": [{"index": 0, "true": 0, "read": 1, "picture": "x" * 20_000}]},
])
def test_an_entry_that_cannot_be_read_is_left_out(result: Result, misread: Any, entry: Any) -> None:
    assert confusions({"t/m": entry, "t/other": misread["fit/model"]})[0].model == "other"


def test_a_picture_that_is_none_is_left_out() -> None:
    entry = {"counts": [[1, 1], [0, 1]], "pictures": [{"index": 0, "true": 0, "read": 1, "picture": "PHN2Zz4="}]}
    assert confusions({"t/m": entry})[0].pictures == ()
