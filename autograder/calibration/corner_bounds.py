"""One bound for all variants of an assignment: the weakest of those at the corners of its ranges."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import Any

from autograder.calibration.spread import error_false_fail, false_fail
from autograder.model import Corner, FamilyCalibration, MetricSpread


def corners_of(ranges: Mapping[str, Sequence[int | float]]) -> tuple[dict[str, int | float], ...]:
    """Return every combination of the lowest and the highest number of each range."""
    ends = [(min(numbers), max(numbers)) for numbers in ranges.values()]
    return tuple(dict(zip(ranges, chosen, strict=True)) for chosen in itertools.product(*ends))


def join_corners(
    drawn: Sequence[str], corners: Sequence[Corner], facts: Sequence[Mapping[str, Any]]
) -> FamilyCalibration:
    """Return the calibration of all variants; only metrics and facts of every corner are in it.

    A metric that has no usable minimum at one corner has none for any variant: all students have one rule.

    Args:
        corners: at least one.
        facts: of the runs at each corner.
    """
    shared = [name for name in corners[0].metrics if all(name in corner.metrics for corner in corners)]
    same = {name: value for name, value in facts[0].items() if all(one.get(name) == value for one in facts)}
    return FamilyCalibration(
        drawn=tuple(drawn), corners=tuple(corners), facts=same,
        metrics={name: _weakest([corner.metrics[name] for corner in corners]) for name in shared})


def _weakest(spreads: Sequence[MetricSpread]) -> MetricSpread:
    values = tuple(value for spread in spreads for value in spread.values)
    joined = spreads[0].model_copy(update={"values": values, "mean": fmean(values), "deviation": stdev(values)})
    if spreads[0].maximum is not None:
        highest = max(spread.maximum for spread in spreads if spread.maximum is not None)
        return joined.model_copy(update={
            "maximum": highest, "tolerance_bound": max(spread.tolerance_bound for spread in spreads),
            "false_fail": max(error_false_fail(spread.values, highest) for spread in spreads)})
    minimums = [spread.minimum for spread in spreads]
    lowest = None if None in minimums else min(one for one in minimums if one is not None)
    return joined.model_copy(update={
        "minimum": lowest, "tolerance_bound": min(spread.tolerance_bound for spread in spreads),
        "false_fail": None if lowest is None else max(false_fail(spread.values, lowest) for spread in spreads)})
