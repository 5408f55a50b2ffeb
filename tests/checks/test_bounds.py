"""The reference as checks see it: bounds in both directions, and only those of a run's own sizes."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.checks import Unjudged
from autograder.checks.case import Case
from autograder.checks.ground_truth import Course, ReferenceView
from autograder.errors import CheckError
from autograder.model import Calibration, Corner, FamilyCalibration, MetricSpread, Reference

FIELDS: dict[str, Any] = {"values": (3.0, 4.0, 5.0), "mean": 4.0, "deviation": 1.0, "tolerance_bound": 6.0,
                          "coverage": 0.9, "confidence": 0.9, "slack": 0.0, "false_fail": 0.01}
CALIBRATION = Calibration(
    data="own:1", device="cpu", versions={}, calibrated_at="", runs=("solution#1",), sizes={"EPOCHS": 3},
    metrics={"error": MetricSpread(**FIELDS, minimum=None, maximum=6.6), "rate": MetricSpread(**FIELDS, minimum=0.5)})


def view() -> ReferenceView:
    return ReferenceView(calibration=CALIBRATION, key="own/cpu")


def test_a_bound_goes_in_one_direction() -> None:
    reference = view()
    found = reference.maximum("error")
    assert (found.value, found.low, found.high) == (6.6, 3.0, 5.0)
    assert reference.minimum("rate").value == 0.5
    with pytest.raises(CheckError, match="calibrated with a minimum"):
        reference.maximum("rate")
    with pytest.raises(CheckError, match=r"no metric 'eror' \(it has error, rate\)"):
        reference.maximum("eror")
    with pytest.raises(CheckError):
        reference.minimum("error")


def test_bounds_that_were_used_are_known_even_where_nothing_is_calibrated() -> None:
    reference = ReferenceView(calibration=None, key="own/cpu")
    with pytest.raises(Unjudged):
        reference.maximum("error")
    assert reference.asked == {"error": "maximum"}


def test_bounds_of_other_sizes_hold_nobody() -> None:
    assert view().fitting({"EPOCHS": 3}).maximum("error").value == 6.6
    with pytest.raises(Unjudged) as caught:
        view().fitting({"EPOCHS": 4}).maximum("error")
    assert "made with the sizes {'EPOCHS': 3}, this run has {'EPOCHS': 4}" in (caught.value.staff_note or "")


def test_bounds_of_variants_hold_between_the_corners_and_only_where_students_have_variants() -> None:
    weak = {"rate": MetricSpread(**FIELDS, minimum=0.4)}
    corners = tuple(Corner(sizes={"EPOCHS": epochs}, seeds=5, metrics=weak) for epochs in (2, 4))
    family = FamilyCalibration(drawn=("EPOCHS",), corners=corners, metrics=weak)
    made = CALIBRATION.model_copy(update={"family": family})
    variants = ReferenceView(calibration=made.of_variants(), key="own/cpu", variants=True)
    assert [variants.fitting({"EPOCHS": epochs}).minimum("rate").value for epochs in (2, 3, 4)] == [0.4] * 3
    assert variants.fitting({"EPOCHS": 5}).calibration is None
    everybody = ReferenceView(calibration=made, key="own/cpu")
    assert everybody.fitting({"EPOCHS": 3}).minimum("rate").value == 0.5
    assert everybody.fitting({"EPOCHS": 4}).calibration is None


def test_a_case_sees_the_reference_of_its_own_sizes(craft: Any, tiny: Any, tmp_path: Any) -> None:
    path = tmp_path / "reference.json"
    path.write_text(Reference(assignment="a", calibrations={"mnist/cpu": CALIBRATION}).to_json())
    craft.checkpoint("fit", {"x": 1})
    course = Course.load(tiny.context(path))
    assert Case.open(course, craft.request(sizes={"EPOCHS": 3})).reference.calibration == CALIBRATION
    assert Case.open(course, craft.request(sizes={"EPOCHS": 9})).reference.calibration is None
