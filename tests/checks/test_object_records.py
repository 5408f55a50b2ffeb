"""Texts, tables, splits, layers and pipelines of which the record is missing or contradicts itself: never a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.artifacts.row_marks import table_marks
from autograder.checks import CheckFailed, Unjudged
from autograder.checks.ground_truth import TableRows
from autograder.errors import CheckError
from autograder.model import Basis

TABLE = np.arange(400.0).reshape(200, 2)
WORDS = [f"word {number}" for number in range(300)]


def marked(craft: Any, array: Any, marks: Any) -> dict[str, Any]:
    """Record an array with marks of its rows."""
    node = craft.value(array)
    name = node["rows"].replace("a", "m")
    craft._rows[name] = marks
    return {**node, "marks": name}


def test_a_split_by_the_marks_of_its_rows(craft: Any, work: Any) -> None:
    first, second = TABLE[:160], TABLE[160:]
    names = {"a": marked(craft, first, table_marks(first)), "b": second}
    work(**names).split("a", "b").is_split_of(TABLE, train=0.8)
    twice = marked(craft, first, table_marks(TABLE[np.r_[0:150, 160:170]]))
    with pytest.raises(Unjudged, match="could not be read"):
        work(a=twice, b=second).split("a", "b").is_split_of(TABLE)


@pytest.mark.parametrize("marks", [
    None, np.zeros(160, np.uint64), np.zeros(3, np.uint64), np.zeros(160, np.float64), np.zeros((160, 2), np.uint64)])
def test_marks_that_are_missing_or_do_not_fit_are_no_evidence(craft: Any, work: Any, marks: Any) -> None:
    first = TABLE[:160]
    node = craft.value(first) if marks is None else marked(craft, first, marks)
    with pytest.raises(Unjudged):
        work(a=node, b=TABLE[160:]).split("a", "b").is_split_of(TABLE)


@pytest.mark.parametrize("kind", ["bool", "int8", "uint8", "int64", "float16"])
def test_arrays_of_a_type_that_makes_rows_equal_are_no_parts_of_the_table(work: Any, kind: str) -> None:
    rows, kinds = np.random.RandomState(2).uniform(1e-9, 1e-8, (60, 3)), np.arange(60) % 3
    made = work(a=rows[:45].astype(kind), b=rows[45:].astype(kind), y=kinds[::-1][:45].copy(), z=kinds[:15])
    parts = made.split("a", "b")
    with pytest.raises(CheckFailed, match="is no row of the table"):
        parts.is_split_of(rows, train=0.75, stratify=kinds)
    with pytest.raises(CheckFailed, match="is no row of the table"):
        parts.carries_labels(made.array("y"), made.array("z"), table=rows, classes=kinds)


@pytest.mark.parametrize("read", [
    lambda rows: np.nextafter(rows, np.inf), lambda rows: rows.astype("float32").astype("float64"),
    lambda rows: rows.astype("float32"), lambda rows: rows.astype("float16")],
    ids=["last digit", "float32 and back", "float32", "float16"])
def test_how_a_file_was_read_makes_no_difference(craft: Any, work: Any, read: Callable[[Any], Any]) -> None:
    rows, order = np.random.RandomState(3).normal(size=(400, 4)), np.random.RandomState(4).permutation(400)
    rows[7, 2], rows[9, 1] = np.nan, -0.0
    drawn, kinds = read(rows[order]), np.arange(400) % 2
    made = work(a=marked(craft, drawn[:320], table_marks(drawn[:320])), b=marked(craft, drawn[320:],
                table_marks(drawn[320:])), y=kinds[order[:320]], z=kinds[order[320:]])
    parts = made.split("a", "b")
    parts.is_split_of(rows, train=0.8)
    parts.carries_labels(made.array("y"), made.array("z"), table=rows, classes=kinds)


def test_whole_numbers_are_the_same_as_numbers_with_a_point(work: Any) -> None:
    work(a=TABLE[:40].astype(int), b=TABLE[40:64]).split("a", "b").is_split_of(TABLE[:64])
    with pytest.raises(CheckError, match="something in the table is none"):
        work(a=TABLE[:3], b=TABLE[3:9]).split("a", "b").is_split_of(np.array([["a", "b"]]))


def test_a_split_needs_a_table_and_as_many_shares_as_parts(work: Any) -> None:
    parts = work(a=TABLE[:3], b=TABLE[3:9]).split("a", "b")
    for wrong in ({"table": TABLE[:, 0]}, {"table": TABLE, "shares": (0.5, 0.3, 0.2)}):
        with pytest.raises(CheckError):
            parts.is_split_of(**wrong)
    made = work(a=TABLE[:3], b=TABLE[3:9], y=np.eye(3), z=np.zeros((6, 1)))
    with pytest.raises(CheckFailed, match=r"`y` has shape \(3, 3\)"):
        made.split("a", "b").carries_labels(made.array("y"), made.array("z"), table=TABLE, classes=TABLE[:, 0])
    with pytest.raises(CheckError, match="1 labels for 2 parts"):
        parts.carries_labels(work(y=TABLE[:, 0]).array("y"), table=TABLE, classes=TABLE[:, 0])


def texts(**fields: Any) -> dict[str, Any]:
    return {"kind": "sequence", "type": "Series", "length": 300, "items": [], **fields}


@pytest.mark.parametrize("node", [
    texts(), texts(texts=WORDS[:5]), texts(texts=[1, 2]), texts(texts="no"),
    *({"kind": "array", "type": "numpy.ndarray", "shape": [900], "dtype": dtype} for dtype in ("<U9", "object"))])
def test_texts_that_were_not_recorded_are_no_evidence(work: Any, node: Any) -> None:
    with pytest.raises(Unjudged):
        work(w=node).texts("w")


@pytest.mark.parametrize("node", [
    {"kind": "array", "type": "numpy.ndarray", "shape": [0], "dtype": "<U1", "texts": []},
    {"kind": "array", "type": "numpy.ndarray", "shape": [0, 3], "dtype": "<U1", "texts": []},
    texts(length=0, texts=[])])
def test_nothing_is_no_list_of_texts(work: Any, said: Any, node: Any) -> None:
    assert said(lambda: work(w=node).texts("w").contains_only("cat")).startswith("`w` is empty.")


def test_short_lists_of_texts_are_known_as_a_whole(work: Any, said: Any) -> None:
    found = work(w=WORDS[:4], n=[1, 2], mixed=["a", 1]).texts("w").has_length(4).equals_rows_of(WORDS)
    found.contains_only(*WORDS)
    assert "contains “word 3”. | One of: word 0, word 1, word 2." in said(lambda: found.contains_only(*WORDS[:3]))
    assert "At most 3." in said(lambda: found.equals_rows_of(WORDS[:3]))
    for name in ("n", "mixed"):
        assert "A list of texts." in said(lambda name=name: work(n=[1, 2], mixed=["a", 1]).texts(name))


def test_tables_without_recorded_columns(work: Any, said: Any) -> None:
    with pytest.raises(Unjudged):
        work(t={"kind": "other", "type": "pandas.DataFrame"}).table("t")
    assert "A table of pandas." in said(lambda: work(t=3).table("t"))
    short = work(t={"age": [1, 2, 3], "name": ["a", "b", "c"]}).table("t")
    short.column("age").equals_rows_of(np.array([1, 2, 3]))
    assert short.columns == ("age", "name")
    assert "has no column size" in said(lambda: short.column("size"))


def test_columns_that_were_not_recorded_have_no_length(work: Any, said: Any) -> None:
    unknown = {"kind": "other", "type": "pandas.core.series.Series"}

    def table(**columns: Any) -> Any:
        return work(t={"kind": "mapping", "type": "pandas.core.frame.DataFrame", "length": len(columns),
                       "items": columns}).table("t")

    ages = {"kind": "sequence", "type": "list", "length": 3, "items": []}
    table(age=ages, born=unknown).has_length(3)
    assert said(lambda: table(age=ages, born=unknown).has_length(4)).startswith("`t` has 3 rows.")
    with pytest.raises(Unjudged):
        table(born=unknown).has_length(3)


@pytest.mark.parametrize("fields", [
    {}, {"vocabulary": ["a"], "size": 9}, {"vocabulary": ["a"]}, {"vocabulary": [1], "size": 1}, {"vocabulary": "ab"}])
def test_a_vocabulary_that_was_not_recorded_is_no_evidence(work: Any, fields: Any) -> None:
    found = work(v={"kind": "layer", "class": "StringLookup", "settings": None, **fields}).layer("v", "StringLookup")
    with pytest.raises(Unjudged):
        found.knows("zebra")
    with pytest.raises(Unjudged):
        found.has_settings(max_tokens=3)
    with pytest.raises(CheckError):
        found.has_settings(tokens=3)


def test_a_pipeline_of_which_nothing_is_known(work: Any) -> None:
    node = {"kind": "dataset", "elements": [{"shape": None, "dtype": "float32"}], "batch_size": None, "steps": None}
    found = work(d=node).dataset("d")
    for action in (lambda: found.yields((3,)), lambda: found.has_batch_size(3), lambda: found.has_steps(3)):
        with pytest.raises(Unjudged):
            action()
    with pytest.raises(CheckFailed):
        work(d={"kind": "dataset", "elements": "no"}).dataset("d")


def test_rows_of_a_pipeline_are_those_of_as_many_arrays_as_it_has_parts(craft: Any, work: Any) -> None:
    node = {"kind": "dataset", "elements": [{"shape": [2], "dtype": "float64"}, {"shape": [], "dtype": "int64"}]}
    whole = {**node, "sources": [craft.value(TABLE), craft.value(np.arange(200))]}
    work(d=whole).dataset("d").rows().equals_rows_of(TABLE)
    for sources in ([], "no", [craft.value(TABLE)], [craft.value(TABLE), {"kind": "scalar", "value": 1}], [1, 2]):
        with pytest.raises(Unjudged, match="decided while it runs"):
            work(d={**node, "sources": sources}).dataset("d").rows()


def test_a_history_has_its_quantities_in_any_spelling(work: Any, said: Any) -> None:
    curves = {"loss": [2.0, 1.0], "mae": [0.4, 0.3], "val_mean_squared_error": [0.5, 0.2]}
    found = work(h={"kind": "history", "model": 1, "fit": 1, "history": curves}).history("h")
    found.has_quantities("mean_absolute_error", "val_mse", "loss")
    assert found.last("mean_absolute_error").value == 0.3
    assert "Also val_mae." in said(lambda: found.has_quantities("val_mae"))


def test_compile_settings_in_any_spelling_and_none_that_keras_does_not_have(craft: Any, tiny: Any) -> None:
    craft.model(1, [craft.dense(10, "softmax")], compiled={
        "optimizer": {"class": "RMSprop", "config": {}}, "loss": {"class_name": "MeanSquaredError", "config": {}},
        "metrics": ["mae"]})
    craft.checkpoint("t", {"net": craft.net(1)})
    model = craft.student(tiny, "t").model("net")
    for loss in ("mse", "mean_squared_error", "MeanSquaredError"):
        model.is_compiled_with(loss=loss, optimizer="RMSprop", metrics=["mean_absolute_error"])
    for wrong in ({"loss": "msee"}, {"optimizer": "adm"}, {"metrics": ["maee"]}, {"settings": {"rate": 1}}):
        with pytest.raises(CheckError):
            model.is_compiled_with(**wrong)


def test_what_was_made_from_a_split_is_compared_with_the_rows_of_its_parts(craft: Any, work: Any) -> None:
    """Whichever rows were drawn: the statistics that count are those of the student's own training rows."""
    random = np.random.RandomState(0)
    table = TableRows.named(random.normal(50.0, 9.0, (200, 2)), ("age", "income"))
    order = random.permutation(200)
    first, second = (np.asarray(table[part]) for part in (order[:160], order[160:]))
    made = {name: (part - first.mean(axis=0)) / first.std(axis=0) for name, part in (("x", first), ("z", second))}
    own = (second - second.mean(axis=0)) / second.std(axis=0)
    marks = {name: marked(craft, part, table_marks(part)) for name, part in (("a", first), ("b", second))}
    student = work(**marks, **made, own=own)
    raw, raw_test = student.split("a", "b").rows(table)
    assert np.array_equal(raw, first) and np.array_equal(raw_test, second)
    for name, part in (("x", raw), ("z", raw_test)):
        student.array(name).is_standardized_with_training_statistics(part, raw, per="column")
    assert student.evidence.weakest is Basis.CLAIMED
    with pytest.raises(CheckFailed) as caught:
        student.array("own").is_standardized_with_training_statistics(raw_test, raw, per="column")
    assert "The column `age` of `own`" in str(caught.value)


def test_rows_of_another_table_have_no_place(craft: Any, work: Any) -> None:
    first = TABLE[:160]
    with pytest.raises(CheckFailed, match="is no row of the table"):
        work(a=first + 0.5, b=TABLE[160:]).split("a", "b").rows(TABLE)
