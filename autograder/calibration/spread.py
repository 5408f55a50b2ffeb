"""How far correct runs spread, and where a minimum may lie.

All statistics of rates between 0 and 1 are done on the logit scale, ln(p / (1 - p)): accuracies near 1 cannot spread
upwards as they can downwards, and a normal model of the rate itself would put bounds above what is possible.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from autograder.errors import CalibrationError
from autograder.model import MetricSpread

FEWEST_RUNS = 5
EDGE = 1e-4
"""Rates of exactly 0 or 1 are moved inside by this much, half an image of 5,000: their logit would be infinite."""


def tolerance_factor(runs: int, *, coverage: float, confidence: float) -> float:
    """Return k: with the given confidence, mean - k · deviation lies below the given share of a normal population.

    k = t'(confidence; n - 1, z(coverage) · √n) / √n with the noncentral t distribution; the one-sided factor of
    Natrella, Experimental Statistics (NBS Handbook 91, 1963), table A-7.
    """
    shift = stats.norm.ppf(coverage) * math.sqrt(runs)
    return float(stats.nct.ppf(confidence, runs - 1, shift)) / math.sqrt(runs)


def spread(
    values: Sequence[float], *, coverage: float, confidence: float, slack: float, chance: float, margin: float
) -> MetricSpread:
    """Return the distribution of a rate over correct runs and the minimum that follows from it.

    Args:
        values: one rate in [0, 1] per run, at least five.
        coverage: share of all correct runs that the bound is to lie below.
        confidence: how sure the bound is to do that, as far as the normal model holds.
        slack: subtracted from the bound, in the unit of the rate.
        chance: the rate that guessing reaches.
        margin: how far above chance a bound must lie; else there is no minimum.

    Raises:
        CalibrationError: fewer than five runs, or a value that is no rate.
    """
    rates = _checked(values)
    scores = _logit(rates)
    centre, deviation = float(scores.mean()), float(scores.std(ddof=1))
    factor = tolerance_factor(len(rates), coverage=coverage, confidence=confidence)
    bound = _rate(centre - factor * deviation)
    minimum = math.floor(round((bound - slack) * 1000, 9)) / 1000
    usable = bound >= chance + margin and minimum > chance
    return MetricSpread(
        values=tuple(float(value) for value in rates), mean=float(rates.mean()), deviation=float(rates.std(ddof=1)),
        tolerance_bound=bound, coverage=coverage, confidence=confidence, slack=slack,
        minimum=minimum if usable else None,
        false_fail=false_fail(rates, minimum) if usable else None,
    )


def false_fail(values: Sequence[float] | NDArray[np.float64], minimum: float) -> float:
    """Return the estimated share of correct runs below ``minimum``: the predictive t distribution on the logit scale.

    The next run lies at mean + t(n - 1) · deviation · √(1 + 1/n). An estimate under a normal model: some tens of runs
    cannot prove one in a thousand.
    """
    scores = _logit(_checked(values))
    width = float(scores.std(ddof=1)) * math.sqrt(1 + 1 / len(scores))
    target = float(_logit(np.array([minimum]))[0])
    if width == 0.0:
        return 0.0 if target <= scores[0] else 1.0
    return float(stats.t.cdf((target - scores.mean()) / width, len(scores) - 1))


def bands(curves: Sequence[Sequence[float]]) -> tuple[tuple[float, float, float], ...]:
    """Return (lowest, median, highest) per epoch, as far as every run has a finite number.

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
    rates = np.asarray(values, dtype=np.float64)
    if len(rates) < FEWEST_RUNS:
        raise CalibrationError(f"At least {FEWEST_RUNS} runs are needed for a minimum, there are {len(rates)}; "
                               "calibrate with more seeds.")
    if not np.isfinite(rates).all() or rates.min() < 0 or rates.max() > 1:
        raise CalibrationError("A metric was expected to be a rate between 0 and 1, but one run measured "
                               f"{rates[~((rates >= 0) & (rates <= 1))][0]:g}; look at that run.")
    return rates


def _logit(rates: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(rates, EDGE, 1 - EDGE)
    return np.asarray(np.log(inside / (1 - inside)))


def _rate(score: float) -> float:
    return 1 / (1 + math.exp(-score))
