"""What a student wrote is found in the executed notebook, under the heading that the notebook has."""

from __future__ import annotations

from typing import Any

from autograder.feedback.advice import to_try
from autograder.feedback.curve_words import sentence
from autograder.feedback.notebook_cells import shown_cells
from autograder.feedback.own_answers import MOST_LINES, find_answers, short
from autograder.model import Basis, CheckResult, Status

OURS = {"locked": True, "solution": False, "grade": False}


def cell(kind: str, source: str, grade_id: str = "", **grading: bool) -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "metadata": {"nbgrader": {"grade_id": grade_id, **grading}}}


def test_answers_are_all_that_stands_between_our_cells() -> None:
    cells = shown_cells({"cells": [
        cell("markdown", "# Course\n\n### Task 1 · Make *rows*\n\nText", "about", **OURS),
        cell("code", "helper()"), cell("code", "x = 1", "rows", solution=True), cell("code", "  "),
        cell("code", "assert x", "test-rows", locked=True, grade=True),
        cell("markdown", "### Question 1 · Why? (4 points)", "about-why", **OURS),
        cell("markdown", "First thoughts"), cell("markdown", "Because.", "why", solution=True, grade=True),
        cell("markdown", "Really.", "really", solution=True, grade=True), cell("markdown", "Yes."),
        cell("code", "scratch()"),
    ]})
    found = find_answers(cells, code={"rows"}, written={"why", "really"})
    assert found["rows"].source == "helper()\n\nx = 1" and found["rows"].place == 1
    assert found["rows"].heading == "Task 1 · Make *rows*" and short(found["rows"].heading) == "Task 1"
    assert found["why"].heading == "Question 1 · Why?"
    assert [one.source for one in found["why"].cells] == ["First thoughts", "Because."]
    assert [one.source for one in found["really"].cells] == ["Really.", "Yes."]


def test_a_long_answer_is_shortened() -> None:
    cells = shown_cells({"cells": [cell("code", "x\n" * 100, "t"), cell("code", "", "test-t", grade=True)]})
    lines = find_answers(cells, code={"t"}, written=()).get("t").source.splitlines()  # type: ignore[union-attr]
    assert len(lines) == MOST_LINES + 1 and lines[-1] == "… 60 more lines in your notebook"


def test_there_is_one_thing_to_try_for_what_failed() -> None:
    def tried(seen: str, status: Status = Status.FAILED, hint: str | None = None) -> str | None:
        return to_try(CheckResult(id="a", task="t", title="T", points=1, earned=0, status=status, seen=seen, hint=hint,
                                  basis=Basis.MEASURED))

    assert tried("Layer 1 of `net` has 500 units.") == \
        "Call `net.summary()` at the end of your cell and compare it row by row."
    assert "`X.shape`" in str(tried("`X` has shape (3,)."))
    assert "by itself" in str(tried("There is no `x`.", hint="A cell of this step stopped with ValueError: no."))
    assert "{" not in str(tried("was never trained"))
    assert tried("anything", Status.UNJUDGED) is None and tried("anything", Status.NOT_REACHED) is None


def test_one_sentence_describes_a_training() -> None:
    falls = [2.0, 1.0, 0.5, 0.4]
    turns = [2.0, 0.5, 0.8, 1.2]
    band = {"val_loss": [(0.4, 0.5, 0.6)] * 4}
    assert sentence({"val_loss": turns}, band) == (
        "The validation loss turns at epoch 2 and ends at 1.200, above the band of correct runs (0.400 to 0.600).")
    assert sentence({"loss": falls, "accuracy": [0.1, 0.9]}) == "The training loss falls to 0.400 in 4 epochs."
    assert sentence({"val_loss": falls, "accuracy": [0.2]}, {"accuracy": [(0.1, 0.2, 0.3)]}) == (
        "After one epoch the training accuracy is 0.200, within the band of correct runs (0.100 to 0.300).")
    assert sentence({"loss": [2.0, float("nan"), 1.0]}) == "The training loss is not a number from epoch 2 on."
    assert sentence({"loss": [1.0, 1.0001]}) == "The training loss hardly changes and ends at 1.000."
    assert sentence({}) == "" and sentence({"loss": [float("nan")]}) == ""
