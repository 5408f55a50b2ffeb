"""One bound for all variants: the weakest of the corners."""

from __future__ import annotations

import pytest

from autograder.calibration import corners_of, error_spread, join_corners, spread
from autograder.model import Calibration, Corner, MetricSpread

RULE = {"coverage": 0.95, "confidence": 0.9, "slack": 0.01}


def rate(middle: float) -> MetricSpread:
    values = [middle + step / 200 for step in (-2, -1, 0, 1, 2)]
    return spread(values, **RULE, chance=0.1, margin=0.1)


def corner(sizes: dict[str, int | float], **metrics: MetricSpread) -> Corner:
    return Corner(sizes=sizes, seeds=5, metrics=metrics)


def test_corners_are_all_combinations_of_lowest_and_highest() -> None:
    assert corners_of({"UNITS": (8, 12, 10), "EPOCHS": (4, 5)}) == (
        {"UNITS": 8, "EPOCHS": 4}, {"UNITS": 8, "EPOCHS": 5}, {"UNITS": 12, "EPOCHS": 4}, {"UNITS": 12, "EPOCHS": 5})


def test_the_weakest_bound_counts_for_everybody() -> None:
    low, high = rate(0.7), rate(0.8)
    family = join_corners(["UNITS"], [corner({"UNITS": 20}, fit=high), corner({"UNITS": 10}, fit=low)], [{}, {}])
    joined = family.metrics["fit"]
    assert (joined.minimum, joined.tolerance_bound) == (low.minimum, low.tolerance_bound)
    assert sorted(joined.values) == sorted((*low.values, *high.values))
    assert joined.false_fail == low.false_fail, "the share of the corner that is worst off"


def test_an_error_has_the_highest_maximum() -> None:
    small, large = (error_spread([size * x for x in (0.9, 1.0, 1.1, 1.05, 0.95)], **RULE) for size in (1.0, 3.0))
    family = join_corners(["A"], [corner({"A": 1}, e=large), corner({"A": 2}, e=small)], [{}, {}])
    assert family.metrics["e"].maximum == large.maximum


def test_a_metric_without_a_minimum_at_one_corner_has_none_and_facts_have_to_agree() -> None:
    none = rate(0.12)
    assert none.minimum is None
    family = join_corners(["A"], [corner({"A": 1}, fit=none, other=rate(0.5)), corner({"A": 2}, fit=rate(0.7))],
                          [{"shape": [1], "count": 3}, {"shape": [1], "count": 4}])
    assert family.metrics["fit"].minimum is None and set(family.metrics) == {"fit"}
    assert family.facts == {"shape": [1]}


@pytest.mark.parametrize(("sizes", "covered"), [
    ({"A": 1, "IMAGES": 9}, True), ({"A": 2, "IMAGES": 9}, True), ({"A": 1.5, "IMAGES": 9}, True),
    ({"A": 3, "IMAGES": 9}, False), ({"A": 1, "IMAGES": 8}, False), ({"A": 1}, False), ({}, False),
])
def test_a_family_covers_what_lies_between_its_corners(sizes: dict[str, float], covered: bool) -> None:
    family = join_corners(["A"], [corner({"A": 1, "IMAGES": 9}), corner({"A": 2, "IMAGES": 9})], [{}, {}])
    assert family.covers(sizes) is covered


def test_a_calibration_of_variants_has_no_curves() -> None:
    family = join_corners(["A"], [corner({"A": 1}, fit=rate(0.6)), corner({"A": 2}, fit=rate(0.7))], [{}, {}])
    base = Calibration(data="d:1", device="cpu", versions={}, calibrated_at="", runs=(), metrics={"fit": rate(0.65)},
                       curves={"fit": {"loss": ((1.0, 1.0, 1.0),)}})
    assert base.of_variants() is base
    own = base.model_copy(update={"family": family}).of_variants()
    assert own.metrics["fit"].minimum == rate(0.6).minimum and own.curves == {}
