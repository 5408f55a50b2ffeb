"""`datasets:` of course.yml: what is declared, and one sentence with line and remedy for what cannot be."""

from __future__ import annotations

import pytest

from autograder.course import DEFAULT_DATA, HoldoutRule, TestRule, parse
from autograder.errors import CourseError

COURSE = """id: c
title: C
datasets:
  churn: {csv: tables/churn.csv, label: churned, test: {share: 0.2, seed: 4}, holdout: {column: secret}}
  fashion:
    keras: fashion_mnist
    holdout: {rows: [1, 2], how: remove}
assignments:
  a:
    title: A
    data: churn
  b:
    title: B
"""


def test_data_sets_are_read_with_their_rules() -> None:
    course = parse(COURSE, folders=["a", "b"])
    churn, fashion = course.datasets["churn"], course.datasets["fashion"]
    assert (churn.kind, churn.source, churn.test) == ("csv", "tables/churn.csv", TestRule(share=0.2, seed=4))
    assert fashion.kind == "keras" and fashion.holdout == HoldoutRule(rows=(1, 2), how="remove")
    assert (course.assignment("a").data, course.assignment("b").data) == ("churn", DEFAULT_DATA)


@pytest.mark.parametrize(("before", "after", "says"), [
    ("data: churn", "data: chrun", "line 11: the data set 'chrun' of 'a' is not declared under 'datasets': did you "
                                   "mean "
                                   "'churn'?"),
    (", label: churned", "", "line 4: the data set 'churn' is a table without 'label': name the column"),
    ("keras: fashion_mnist", "keras: fashion", "line 6: 'datasets.fashion.keras' must be 'fashion_mnist', 'cifar10'"),
    ("keras: fashion_mnist", "npz: a.npz\n    csv: b.csv", "has csv and npz, but exactly one of keras, csv, npz, "
                                                           "folder"),
    ("keras: fashion_mnist", "label: x", "has no source, but exactly one"),
    ("keras: fashion_mnist", "{npz: a.npz, label: x}".strip("{}").replace(", ", "\n    "), "which only a table (csv) "
                                                                                           "has"),
    ("keras: fashion_mnist", "python: make", "but file.py:function is expected"),
    ("keras: fashion_mnist", "keras: imdb\n    test: {share: 0.1}", "data sets of Keras have a test part: remove it"),
    ("tables/churn.csv", "../churn.csv", "names '../churn.csv', but a relative path without .. is expected"),
    ("column: secret", "column: secret, rows: [1]", "has both 'rows' and 'column' in 'holdout': keep one"),
    (", label: churned", ", label: churned, text: churned", "names 'churned' as both 'text' and 'label'"),
    ("keras: fashion_mnist", "npz: a.npz\n    text: words", "has 'text', which only a table (csv) has, but it is npz"),
    ("seed: 4", "sed: 4", "the key 'sed' is unknown in 'datasets.churn.test': did you mean 'seed'?"),
    ("share: 0.2", "share: 1.2", "'datasets.churn.test.share' must be less than 1, but is 1.2"),
    ("  fashion:", "  mnist:", "line 5: the name 'mnist' of a data set is reserved: choose another"),
])
def test_what_cannot_be_declared_is_one_sentence(before: str, after: str, says: str) -> None:
    with pytest.raises(CourseError) as caught:
        parse(COURSE.replace(before, after, 1), folders=["a", "b"])
    assert says in str(caught.value) and "\n" not in str(caught.value)
