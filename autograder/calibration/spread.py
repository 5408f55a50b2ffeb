"""How far correct runs spread, and which minimum or maximum follows.

All statistics of rates between 0 and 1 are done on the logit scale, ln(p / (1 - p)): accuracies near 1 cannot spread
upwards as they can downwards, and a normal model of the rate itself would put bounds above what is possible.
Errors, which are positive and spread in proportion to their size, are described on the log scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autograder.errors import CalibrationError
from autograder.model import MetricSpread

FEWEST_RUNS = 5
EDGE = 1e-4
"""Rates of exactly 0 or 1 are moved inwards by this much, half an image of 5,000: their logit would be infinite."""


def tolerance_factor(runs: int, *, coverage: float, confidence: float) -> float:
    """Return k: with the given confidence, mean - k · deviation is below the given share of a normal population.

    k = t'(confidence; n - 1, z(coverage) · √n) / √n with the noncentral t distribution; the one-sided factor of
    Natrella, Experimental Statistics (NBS Handbook 91, 1963), table A-7.
    """
    from scipy import stats  # takes half a second, which only a calibration should wait for

    shift = stats.norm.ppf(coverage) * math.sqrt(runs)
    return float(stats.nct.ppf(confidence, runs - 1, shift)) / math.sqrt(runs)


def spread(
    values: Sequence[float], *, coverage: float, confidence: float, slack: float, chance: float, margin: float
) -> MetricSpread:
    """Return the distribution of a rate over correct runs and the minimum that follows from it.

    Args:
        values: one rate in [0, 1] per run, at least five.
        coverage: share of all correct runs that should reach the bound.
        confidence: the probability that they do, as far as the normal model applies.
        slack: subtracted from the bound, in the unit of the rate.
        chance: the rate that guessing reaches.
        margin: how far above chance a bound must be; otherwise there is no minimum.

    Raises:
        CalibrationError: fewer than five runs, or a value that is not a rate.
    """
    rates = _checked(values)
    scores = _logit(rates)
    centre, deviation = float(scores.mean()), float(scores.std(ddof=1))
    factor = tolerance_factor(len(rates), coverage=coverage, confidence=confidence)
    bound = _rate(centre - factor * deviation)
    minimum = _minimum(bound, slack, chance, margin)
    return MetricSpread(
        values=tuple(float(value) for value in rates), mean=float(rates.mean()), deviation=float(rates.std(ddof=1)),
        tolerance_bound=bound, coverage=coverage, confidence=confidence, slack=slack, minimum=minimum,
        false_fail=None if minimum is None else false_fail(rates, minimum),
    )


def upper_bound(found: MetricSpread) -> float:
    """Return a bound that hardly any correct run exceeds: the tolerance bound of a rate, mirrored on the logit scale.

    With too few runs it is unknown, and the bound is infinite.
    """
    if len(found.values) < FEWEST_RUNS:
        return math.inf
    centre = float(_logit(_enough(found.values)).mean())
    return _rate(2 * centre - float(_logit(np.array([found.tolerance_bound]))[0]))


def minimum_of(found: MetricSpread, *, chance: float, margin: float) -> float | None:
    """Return the minimum that follows from a distribution's own bound, ignoring the minimum stored in it."""
    return _minimum(found.tolerance_bound, found.slack, chance, margin)


def _minimum(bound: float, slack: float, chance: float, margin: float) -> float | None:
    minimum = math.floor(round((bound - slack) * 1000, 9)) / 1000
    return minimum if bound >= chance + margin and minimum > chance else None


def error_spread(
    values: Sequence[float], *, coverage: float, confidence: float, slack: float
) -> MetricSpread:
    """Return the distribution of an error over correct runs and the maximum that follows from it.

    The maximum is the upper tolerance bound on the log scale times (1 + slack), rounded up to three digits. Numbers
    that may be zero or negative, e.g. a gap between two curves, have no logarithm: they are described on their own
    scale, and the slack is a share of the largest.

    Args:
        values: one finite number per run, at least five.
        coverage, confidence: as in `spread`.
        slack: room above the bound, as a share of it.

    Raises:
        CalibrationError: fewer than five runs, or a number that is not finite.
    """
    errors = _enough(values)
    if not np.isfinite(errors).all():
        raise CalibrationError("A measured number was expected to be finite, but one run measured NaN or infinity; "
                               "look at that run.")
    positive = bool((errors > 0).all())
    scores = np.log(errors) if positive else errors
    centre, deviation = float(scores.mean()), float(scores.std(ddof=1))
    upper = centre + tolerance_factor(len(errors), coverage=coverage, confidence=confidence) * deviation
    bound = math.exp(upper) if positive else upper
    maximum = _maximum(bound, slack, errors)
    return MetricSpread(
        values=tuple(float(value) for value in errors), mean=float(errors.mean()), deviation=float(errors.std(ddof=1)),
        tolerance_bound=bound, coverage=coverage, confidence=confidence, slack=slack, minimum=None, maximum=maximum,
        false_fail=error_false_fail(errors, maximum),
    )


def maximum_of(found: MetricSpread) -> float:
    """Return the maximum that follows from a distribution's own bound, ignoring the maximum stored in it."""
    return _maximum(found.tolerance_bound, found.slack, _enough(found.values))


def _maximum(bound: float, slack: float, errors: NDArray[np.float64]) -> float:
    positive = bool((errors > 0).all())
    return _rounded_up(bound * (1 + slack) if positive else bound + slack * float(np.abs(errors).max()))


def error_false_fail(values: Sequence[float] | NDArray[np.float64], maximum: float) -> float:
    """Return the estimated share of correct runs above ``maximum``, on the scale that `error_spread` uses."""
    errors = _enough(values)
    positive = bool((errors > 0).all())
    return _share_beyond(math.log(maximum) if positive else maximum, -1, np.log(errors) if positive else errors)


def _rounded_up(value: float) -> float:
    """Return the value rounded up to three significant digits."""
    if value == 0:
        return 0.0
    digits = 2 - math.floor(math.log10(abs(value)))
    # Through a string: dividing 20.6 · 10¹⁶ back would end in …99997.
    return float(f"{math.ceil(round(value * 10.0**digits, 9)) / 10.0**digits:.3g}")


def _share_beyond(target: float, side: int, scores: NDArray[np.float64]) -> float:
    """Return the estimated share of runs below (side 1) or above (side -1) a target: the predictive t distribution."""
    width = float(scores.std(ddof=1)) * math.sqrt(1 + 1 / len(scores))
    distance = side * (target - float(scores.mean()))
    if width == 0.0:
        return 0.0 if distance <= 0 else 1.0
    from scipy import stats

    return float(stats.t.cdf(distance / width, len(scores) - 1))


def false_fail(values: Sequence[float] | NDArray[np.float64], minimum: float) -> float:
    """Return the estimated share of correct runs below ``minimum``: the predictive t distribution on the logit scale.

    The next run is at mean + t(n - 1) · deviation · √(1 + 1/n). An estimate under a normal model: some tens of runs
    cannot prove one in a thousand.
    """
    return _share_beyond(float(_logit(np.array([minimum]))[0]), 1, _logit(_checked(values)))


def bands(curves: Sequence[Sequence[float]]) -> tuple[tuple[float, float, float], ...]:
    """Return (lowest, median, highest) per epoch, up to the last epoch where every run has a finite number.

    One run per item; longer runs are cut to the shortest, and the band ends where a run has NaN or infinity.
    """
    length = min((len(curve) for curve in curves), default=0)
    table = np.array([curve[:length] for curve in curves], dtype=np.float64)
    if not length:
        return ()
    whole = np.isfinite(table).all(axis=0)
    columns = table.T if whole.all() else table.T[: int(whole.argmin())]
    return tuple((float(column.min()), float(np.median(column)), float(column.max())) for column in columns)


def _checked(values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    rates = _enough(values)
    if not np.isfinite(rates).all() or rates.min() < 0 or rates.max() > 1:
        raise CalibrationError("A metric was expected to be a rate between 0 and 1, but one run measured "
                               f"{rates[~((rates >= 0) & (rates <= 1))][0]:g}; look at that run.")
    return rates


def _enough(values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    found = np.asarray(values, dtype=np.float64)
    if len(found) < FEWEST_RUNS:
        raise CalibrationError(f"At least {FEWEST_RUNS} runs are needed for a bound, there are {len(found)}; "
                               "calibrate with more seeds.")
    return found


def _logit(rates: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(rates, EDGE, 1 - EDGE)
    return np.asarray(np.log(inside / (1 - inside)))


def _rate(score: float) -> float:
    return 1 / (1 + math.exp(-score))
