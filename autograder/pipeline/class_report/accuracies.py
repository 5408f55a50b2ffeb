"""Measures the calibrated numbers of a class again, from the stored answers of the rebuilt models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from autograder.checks.metrics import metrics
from autograder.data import OWN, STAND_IN, Prepared
from autograder.model import Reference, Result
from autograder.pipeline.reading.stored_answers import answers
from autograder.pipeline.session.course_files import prepare_data
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter


def measure_class(
    workspace: Workspace, results: Iterable[Result], reference: Reference, reporter: Reporter
) -> dict[str, dict[str, float]]:
    """Return student → metric → value, for the metrics that the calibration of each result has.

    Raises:
        DataError: the data that the class was graded with is not there.
    """
    prepared: dict[str, Prepared] = {}
    found = {}
    for result in results:
        if result.status != "graded" or result.provenance is None:
            continue
        data = result.provenance.data.split(":")[0]
        calibration = reference.calibration(data, result.provenance.device, result.provenance.backend)
        if calibration is None:
            continue
        measured = {name: value for task in result.tasks for check in task.checks
                    for name, value in check.measured.items()}
        if data != OWN and any(spread.check is None for spread in calibration.metrics.values()):
            if data not in prepared:
                prepared[data] = prepare_data(
                    workspace, workspace.course.assignment(result.assignment).data if data == STAND_IN else data,
                    allow_stand_in=data == STAND_IN, force_stand_in=data == STAND_IN, reporter=reporter)
            measured = {**_accuracies(workspace, result, prepared[data]), **measured}
        found[result.student] = {name: measured[name] for name in calibration.metrics if name in measured}
    return found


def _accuracies(workspace: Workspace, result: Result, prepared: Prepared) -> Mapping[str, float]:
    """Return the accuracies of one result's models; none where it was graded with other data of the same name."""
    if result.provenance is None or result.provenance.data != f"{prepared.name}:{prepared.fingerprint}":
        return {}
    try:
        outputs = answers(workspace.results(result.student, result.assignment))
        return metrics(outputs, *prepared.load_labels()) if outputs else {}
    except (OSError, ValueError, KeyError):  # files of an earlier version
        return {}

