"""Training curves: numbers in, a drawing, a sentence and a table out."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.feedback.curves import HEIGHT, ROWS, WIDTH, _ticks, charts

BAND = ((0.5, 0.55, 0.6), (0.6, 0.65, 0.7), (0.7, 0.75, 0.8))


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own drawing; it must be well-formed


def places(svg: str, kind: str) -> list[tuple[float, float]]:
    drawing = parsed(svg)
    [shape] = [node for node in drawing if node.get("class") == kind]
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in shape.get("points", "").split())]


def test_a_curve_below_the_band_is_drawn_and_said_below() -> None:
    [chart] = charts({"accuracy": [0.4, 0.65, 0.9]}, {"accuracy": BAND})
    line, median, band = (places(chart.svg, kind) for kind in ("line", "median", "band"))
    assert [x for x, _ in line] == [x for x, _ in median]
    assert line[0][1] > max(y for _, y in band[-1:])  # SVG's y grows downwards: below the band's lower edge
    assert line[1][1] == median[1][1]
    assert chart.rows == (("1", "0.400 (below)", "0.500 to 0.600"), ("2", "0.650", "0.600 to 0.700"),
                          ("3", "0.900 (above)", "0.700 to 0.800"))
    assert chart.summary == "From 0.400 to 0.900 in 3 epochs. Correct runs end between 0.700 and 0.800."


def test_one_epoch_is_a_point_in_a_column() -> None:
    [chart] = charts({"loss": [2.3]}, {"loss": ((2.0, 2.2, 2.4),)})
    xs = {x for x, _ in places(chart.svg, "band")}
    [(x, _)] = places(chart.svg, "line")
    assert min(xs) < x < max(xs)
    assert chart.summary.startswith("2.300 after one epoch.")


def test_what_is_no_number_is_left_out_and_said() -> None:
    [chart] = charts({"loss": [2.0, math.nan, math.inf, 1e300, None, "x", 1.0]}, None)  # type: ignore[list-item]  # junk on purpose
    assert len(places(chart.svg, "line")) == 2
    assert "In 5 of them it was not a number." in chart.summary
    assert chart.rows[1] == ("2", "not a number", "")
    assert charts({"loss": [math.nan], "accuracy": []}, None) == ()


def test_a_long_training_is_thinned_out_in_the_table() -> None:
    [chart] = charts({"loss": [1 / (epoch + 1) for epoch in range(1000)]}, None)
    assert len(chart.rows) == ROWS
    assert (chart.rows[0][0], chart.rows[-1][0]) == ("1", "1000")


def test_names_are_text() -> None:
    [chart] = charts({'"><script>alert(1)</script>': [1.0]}, None)
    assert "<script" not in chart.svg
    parsed(chart.svg)


@given(st.lists(st.floats(-1e13, 1e13), min_size=1, max_size=60),
       st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 3).map(lambda row: tuple(sorted(row))), max_size=60))
def test_every_point_lies_inside_the_drawing(values: list[float], band: list[tuple[float, float, float]]) -> None:
    for chart in charts({"loss": values}, {"loss": band}):
        parsed(chart.svg)
        numbers = re.findall(r'points="([^"]*)"', chart.svg)
        for pair in " ".join(numbers).split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= WIDTH and 0 <= y <= HEIGHT


@pytest.mark.parametrize("low, high, expected", [
    (0.52, 0.93, (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)), (0.0, 1.0, (0, 0.2, 0.4, 0.6, 0.8, 1.0)),
    (-3.0, 97.0, (-20, 0, 20, 40, 60, 80, 100)), (1.0, 1.0, (0.9, 0.95, 1.0, 1.05, 1.1)),
])
def test_axes_are_marked_with_round_numbers(low: float, high: float, expected: tuple[float, ...]) -> None:
    assert _ticks(low, high) == pytest.approx(expected)


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
def test_axes_hold_every_range(one: float, other: float) -> None:
    low, high = sorted((one, other))
    ticks = _ticks(low, high)
    room = (ticks[-1] - ticks[0]) * 1e-6
    assert ticks[0] <= low + room and high - room <= ticks[-1] and 4 <= len(ticks) <= 8


def test_a_training_of_5000_epochs_keeps_its_peaks_and_stays_small() -> None:
    values = [1.0 + 0.1 * math.sin(epoch) for epoch in range(5_000)]
    values[1_234], values[4_321] = 3.0, 0.0
    band = tuple((value - 0.1, value, value + 0.1) for value in values)
    [plain] = charts({"loss": values}, None)
    line = places(plain.svg, "line")
    ys = [y for _, y in line]
    assert len(line) <= 402 and len(plain.svg) < 20_000
    [short] = charts({"loss": [3.0, 0.0]}, None)
    assert (min(ys), max(ys)) == tuple(y for _, y in places(short.svg, "line"))  # the one peak and the one valley
    assert [x for x, _ in line] == sorted(x for x, _ in line)
    assert (line[0][0], line[-1][0]) == (48.0, 408.0)
    assert "circle" not in plain.svg
    [banded] = charts({"loss": values}, {"loss": band})
    assert len(banded.svg) < 50_000
    [cut] = charts({"loss": [1.0] * 6_000}, None)
    assert cut.epochs == 5_000


@pytest.mark.parametrize("count", [1, 2, 9])
def test_a_band_may_be_shorter_or_longer_than_the_training(count: int) -> None:
    [chart] = charts({"accuracy": [0.5, 0.6, 0.7][: max(count - 4, 1)]}, {"accuracy": BAND[:count]})
    drawn = [pair for kind in ("line", "band", "median") for pair in places(chart.svg, kind)]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in drawn)
    assert len(chart.rows) == chart.epochs
    [longer] = charts({"accuracy": [0.5] * 9}, {"accuracy": BAND[:count]})
    assert [row[2] != "" for row in longer.rows] == [place < min(count, 3) for place in range(9)]


JUNK = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=4), max_leaves=8)


@given(st.dictionaries(st.text(st.characters(exclude_categories=("Cs", "Cn")), max_size=5), JUNK, max_size=3))
def test_any_history_is_drawn_or_left_out(fit: dict[str, object]) -> None:
    for chart in charts(fit, None):  # type: ignore[arg-type]  # junk on purpose
        parsed(chart.svg)
