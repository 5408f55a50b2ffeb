"""Minimums: the factors of published tables, and bounds that hold where correct runs are simulated."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import brentq

from autograder.calibration import bands, error_spread, false_fail, spread, tolerance_factor
from autograder.errors import CalibrationError

RULE = {"coverage": 0.99, "confidence": 0.95, "slack": 0.01, "chance": 0.1, "margin": 0.1}


@pytest.mark.parametrize("runs, coverage, confidence, published", [
    (30, 0.99, 0.95, 3.064), (5, 0.90, 0.95, 3.407), (5, 0.95, 0.95, 4.203), (5, 0.99, 0.95, 5.741),
    (10, 0.90, 0.95, 2.355), (10, 0.95, 0.95, 2.911), (10, 0.99, 0.95, 3.981), (20, 0.99, 0.95, 3.295),
    (50, 0.99, 0.95, 2.862), (30, 0.90, 0.95, 1.777),
])
def test_factors_are_those_of_published_tables(
    runs: int, coverage: float, confidence: float, published: float
) -> None:
    assert tolerance_factor(runs, coverage=coverage, confidence=confidence) == pytest.approx(published, abs=0.0015)


@pytest.mark.parametrize("runs, coverage, confidence", [
    (5, 0.9, 0.9), (10, 0.99, 0.95), (30, 0.999, 0.95), (60, 0.95, 0.99),
])
def test_factors_hold_by_another_computation(runs: int, coverage: float, confidence: float) -> None:
    """P(mean - k · deviation ≤ quantile), integrated over the deviation's distribution instead of a noncentral t."""
    factor = tolerance_factor(runs, coverage=coverage, confidence=confidence)
    quantile, deviation = stats.norm.ppf(coverage), stats.chi(runs - 1, scale=1 / math.sqrt(runs - 1))

    def below(spread_seen: float) -> float:
        return float(stats.norm.cdf((factor * spread_seen - quantile) * math.sqrt(runs)) * deviation.pdf(spread_seen))

    reached, _ = quad(below, 0, 4, points=[0.5, 1, 1.5], epsabs=1e-9)
    assert reached == pytest.approx(confidence, abs=1e-6)


def test_many_runs_leave_only_the_quantile() -> None:
    assert tolerance_factor(100_000, coverage=0.99, confidence=0.95) == pytest.approx(2.326, abs=0.02)


def simulated(random: np.random.Generator, centre: float, width: float, count: int) -> list[float]:
    return list(1 / (1 + np.exp(-(centre + width * random.standard_normal(count)))))


def test_the_bound_covers_as_often_as_it_says() -> None:
    random = np.random.default_rng(7)
    centre, width = 1.05, 0.065  # accuracies around 0.74 ± 0.012
    true_quantile = 1 / (1 + math.exp(-(centre - 2.3263 * width)))
    bounds = [spread(simulated(random, centre, width, 30), **RULE).tolerance_bound for _ in range(1_000)]
    held = float(np.mean(np.array(bounds) <= true_quantile))
    assert held == pytest.approx(0.95, abs=0.025)  # three standard errors of 1,000 trials


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.05, 0.2])
def test_where_one_in_n_is_said_to_fail_one_in_n_fails(share: float) -> None:
    random = np.random.default_rng(8)
    failed = []
    for _ in range(600):
        values = simulated(random, 1.05, 0.065, 8)
        minimum = brentq(lambda where, values=values: false_fail(values, where) - share, 0.01, 0.99, xtol=1e-9)
        failed.append(np.mean(np.array(simulated(random, 1.05, 0.065, 100)) < minimum))
    assert np.mean(failed) == pytest.approx(share, rel=0.15)


def test_a_minimum_is_the_bound_less_the_slack_rounded_down() -> None:
    values = simulated(np.random.default_rng(1), 1.05, 0.065, 30)
    found = spread(values, **RULE)
    assert found.minimum is not None
    assert 0 <= found.tolerance_bound - 0.01 - found.minimum < 0.001
    assert round(found.minimum, 3) == found.minimum
    assert found.mean == pytest.approx(np.mean(values)) and found.deviation == pytest.approx(np.std(values, ddof=1))
    assert found.false_fail is not None and found.false_fail < 0.01
    assert found.values == tuple(values)


def test_near_chance_there_is_no_minimum() -> None:
    found = spread([0.145, 0.2, 0.18, 0.25, 0.316, 0.16], **RULE)
    assert found.minimum is None and found.false_fail is None
    assert 0 < found.tolerance_bound < 0.2


def test_bounds_near_one_stay_below_it_and_skew_downwards() -> None:
    found = spread([0.999, 0.9985, 0.9995, 1.0, 0.998, 0.9992], **RULE)
    assert found.minimum is not None and 0 < found.tolerance_bound < 0.998


def test_runs_that_agree_exactly_give_their_own_value() -> None:
    found = spread([0.75] * 6, **RULE)
    assert found.tolerance_bound == pytest.approx(0.75)
    assert found.minimum == 0.74 and found.false_fail == 0.0
    assert false_fail([0.75] * 6, 0.76) == 1.0


@pytest.mark.parametrize("values, said", [
    ([0.7] * 4, "At least 5 runs are needed"), ([], "there are 0"), ([0.7] * 5 + [math.nan], "nan"),
    ([0.7] * 5 + [1.2], "1.2"), ([0.7] * 5 + [-0.1], "-0.1"), ([0.7] * 5 + [math.inf], "inf"),
])
def test_what_is_no_calibration_is_refused_in_a_sentence(values: list[float], said: str) -> None:
    with pytest.raises(CalibrationError) as refused:
        spread(values, **RULE)
    assert said in str(refused.value) and str(refused.value).endswith(".")


@given(st.lists(st.floats(0, 1), min_size=5, max_size=40))
def test_any_rates_give_a_sane_answer(values: list[float]) -> None:
    found = spread(values, **RULE)
    assert 0 <= found.tolerance_bound <= max(*values, 1e-4) + 1e-9
    if found.minimum is not None:
        assert 0.1 < found.minimum <= found.tolerance_bound
        assert found.false_fail is not None and 0 <= found.false_fail <= 1


@given(st.lists(st.floats(0, 1), min_size=5, max_size=60))
def test_minimum_bound_and_mean_are_in_order(values: list[float]) -> None:
    found = spread(values, **RULE)
    assert found.tolerance_bound <= found.mean + 2e-4  # EDGE, where all rates are 0
    assert found.minimum is None or found.minimum <= found.tolerance_bound - 0.01 + 1e-9


@given(st.lists(st.floats(-2, 2), min_size=5, max_size=30), st.floats(0.01, 2))
def test_runs_that_are_all_better_raise_the_bound_by_as_much(scores: list[float], better: float) -> None:
    def rates(shift: float) -> list[float]:
        return [1 / (1 + math.exp(-(score + shift))) for score in scores]

    before, after = (spread(rates(shift), **RULE).tolerance_bound for shift in (0.0, better))
    assert after > before
    if before > 1e-6:
        logits = [math.log(bound / (1 - bound)) for bound in (before, after)]
        assert logits[1] - logits[0] == pytest.approx(better, abs=1e-3)


@given(st.lists(st.floats(0.3, 0.9), min_size=5, max_size=30), st.floats(0.2, 0.8))
def test_a_higher_minimum_fails_no_fewer(values: list[float], minimum: float) -> None:
    assert false_fail(values, minimum) <= false_fail(values, minimum + 0.05) + 1e-12


def test_bands_hold_all_runs() -> None:
    assert bands([[1.0, 5.0], [3.0, 4.0], [2.0, 6.0]]) == ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))


def test_bands_end_where_a_run_ends() -> None:
    assert bands([[1.0, 2.0, 3.0], [1.0]]) == ((1.0, 1.0, 1.0),)
    assert bands([[1.0, 2.0, 3.0], [1.0, math.nan, 3.0]]) == ((1.0, 1.0, 1.0),)
    assert bands([[math.inf]]) == bands([[]]) == bands([]) == ()


ERROR_RULE = {"coverage": 0.99, "confidence": 0.95, "slack": 0.1}


def test_an_error_mirrors_a_rate_on_its_own_scale() -> None:
    """By hand: logarithms 0, ±0.1, ±0.2 have the mean 0 and the deviation √0.025; the factor of 5 runs is 5.741."""
    values = [math.exp(score) for score in (-0.2, -0.1, 0.0, 0.1, 0.2)]
    found = error_spread(values, **ERROR_RULE)
    bound = math.exp(5.7411 * math.sqrt(0.025))
    assert found.tolerance_bound == pytest.approx(bound, rel=1e-4)
    assert found.maximum == pytest.approx(math.ceil(bound * 110) / 100) and found.minimum is None
    assert found.false_fail is not None and 0 < found.false_fail < 0.01


def test_an_errors_bound_covers_as_often_as_it_says() -> None:
    random = np.random.default_rng(11)
    held = [error_spread(list(np.exp(1.2 + 0.15 * random.standard_normal(30))), **ERROR_RULE).tolerance_bound
            >= math.exp(1.2 + 2.3263 * 0.15) for _ in range(1_000)]
    assert np.mean(held) == pytest.approx(0.95, abs=0.025)


def test_numbers_around_zero_have_a_maximum_too() -> None:
    values = [-0.02, -0.01, 0.0, 0.01, 0.02]
    found = error_spread(values, **ERROR_RULE)
    deviation = float(np.std(values, ddof=1))
    assert found.tolerance_bound == pytest.approx(5.7411 * deviation, rel=1e-4)
    assert found.maximum == pytest.approx(found.tolerance_bound + 0.002, abs=1e-3)


@given(st.lists(st.floats(1e-6, 1e6), min_size=5, max_size=40), st.floats(0, 0.5))
def test_a_maximum_is_what_the_text_can_say_and_never_below_the_bound(values: list[float], slack: float) -> None:
    found = error_spread(values, coverage=0.999, confidence=0.95, slack=slack)
    assert found.maximum is not None
    assert float(f"{found.maximum:.3g}") == found.maximum
    assert found.maximum >= found.tolerance_bound * (1 - 1e-9)


@pytest.mark.parametrize("values", [[1.0] * 4, [1.0] * 5 + [math.nan], [1.0] * 5 + [math.inf]])
def test_too_few_or_broken_numbers_are_refused(values: list[float]) -> None:
    with pytest.raises(CalibrationError):
        error_spread(values, **ERROR_RULE)


def test_equal_runs_leave_the_slack_alone() -> None:
    found = error_spread([2.0] * 6, **ERROR_RULE)
    assert (found.tolerance_bound, found.maximum, found.false_fail) == (pytest.approx(2.0), 2.2, 0.0)
