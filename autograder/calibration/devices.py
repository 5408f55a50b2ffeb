"""One bound for two devices: where either may grade, students see one number, which must be fair on both."""

from __future__ import annotations

from autograder.calibration.spread import error_false_fail, false_fail, maximum_of, minimum_of
from autograder.model import Calibration, MetricSpread


def comparable(first: Calibration, second: Calibration) -> bool:
    """Whether both were calibrated on the same data with the same sizes, so that one bound can apply to both."""
    return first.data == second.data and first.sizes == second.sizes


def level(
    first: Calibration, second: Calibration, *, chance: float, margin: float
) -> tuple[Calibration, Calibration]:
    """Return both calibrations with the weaker of their two bounds for every metric that both have.

    Each device's own bound follows from its runs again, so a bound that the other device once lowered rises when that
    device is calibrated again. A metric without a usable minimum on one device has none on either.

    Args:
        chance, margin: as in `spread`.
    """
    if not comparable(first, second):
        return first, second
    metrics = first.metrics.keys() & second.metrics.keys()
    levelled = {name: _level(first.metrics[name], second.metrics[name], chance, margin) for name in metrics}
    return (first.model_copy(update={"metrics": first.metrics | {name: one for name, (one, _) in levelled.items()}}),
            second.model_copy(update={"metrics": second.metrics | {name: two for name, (_, two) in levelled.items()}}))


def _level(
    first: MetricSpread, second: MetricSpread, chance: float, margin: float
) -> tuple[MetricSpread, MetricSpread]:
    if (first.maximum is None) != (second.maximum is None):
        return first, second  # a minimum on one device, a maximum on the other: a check was changed in between
    if first.maximum is not None:
        highest = max(maximum_of(first), maximum_of(second))
        return _with_maximum(first, highest), _with_maximum(second, highest)
    minimums = [minimum_of(one, chance=chance, margin=margin) for one in (first, second)]
    lowest = None if None in minimums else min(one for one in minimums if one is not None)
    return _with_minimum(first, lowest), _with_minimum(second, lowest)


def _with_minimum(spread: MetricSpread, minimum: float | None) -> MetricSpread:
    share = None if minimum is None else false_fail(spread.values, minimum)
    return spread.model_copy(update={"minimum": minimum, "false_fail": share})


def _with_maximum(spread: MetricSpread, maximum: float) -> MetricSpread:
    return spread.model_copy(update={"maximum": maximum, "false_fail": error_false_fail(spread.values, maximum)})
