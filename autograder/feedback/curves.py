"""Training curves as SVG, drawn over the band of correct runs. Pure text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from autograder.feedback.terminal_text import terminal

Band = Sequence[tuple[float, float, float]]
"""(lowest, median, highest) per epoch."""

WIDTH, HEIGHT = 420.0, 220.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 12.0, 12.0, 34.0
MOST_EPOCHS = 5_000
MOST_POINTS = 400
"""More could not be distinguished in the drawing, whose plot is 360 units wide."""
MOST_QUANTITIES = 12
LARGEST = 1e12
"""Larger values, such as a diverged loss, are treated as infinite."""
ROWS = 12
"""Rows of the table next to a figure; a longer training is thinned out evenly."""
LABELS = {"accuracy": "Accuracy on the training images", "val_accuracy": "Accuracy on the validation images",
          "loss": "Loss on the training images", "val_loss": "Loss on the validation images"}


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One quantity of one fit: a picture, a sentence for readers who cannot see it, and the numbers."""

    title: str
    summary: str
    svg: Markup
    rows: tuple[tuple[str, str, str], ...]
    epochs: int
    has_band: bool


def charts(
    fit: Mapping[str, Sequence[float]], bands: Mapping[str, Band] | None
) -> tuple[Chart, ...]:
    """Return one chart per quantity of a training history that has any finite number."""
    found = []
    for name, values in list(fit.items())[:MOST_QUANTITIES]:
        points = [_number(value) for value in values[:MOST_EPOCHS]] if isinstance(values, list | tuple) else []
        if any(math.isfinite(value) for value in points):
            found.append(_chart(LABELS.get(name) or terminal(name[:60]), points, (bands or {}).get(name, ())))
    return tuple(found)


def finite(fit: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Return the quantities of a training history as numbers; what cannot be drawn is NaN, what is no list left out."""
    return {name: [_number(value) for value in values[:MOST_EPOCHS]] for name, values in fit.items()
            if isinstance(values, list | tuple)}


def _number(value: object) -> float:
    """Return a number that can be drawn, or NaN."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST:
        return float(value)
    return math.nan


def _chart(title: str, values: Sequence[float], band: Band) -> Chart:
    summary = _summary(values, band)
    return Chart(title=title, summary=summary, svg=_svg(f"{title}. {summary}", values, band),
                 rows=_rows(values, band), epochs=len(values), has_band=bool(band))


def _summary(values: Sequence[float], band: Band) -> str:
    finite = [value for value in values if math.isfinite(value)]
    if len(values) == 1:
        said = f"{_said(finite[0])} after one epoch."
    else:
        said = f"From {_said(finite[0])} to {_said(finite[-1])} in {len(values)} epochs."
    if len(finite) < len(values):
        said += f" In {len(values) - len(finite)} of them it was not a number."
    if band:
        said += f" Correct runs end between {_said(band[-1][0])} and {_said(band[-1][2])}."
    return said


def _said(value: float) -> str:
    if not math.isfinite(value):
        return "not a number"
    return f"{value:.3f}" if abs(value) < 10_000 else f"{value:.3g}"


def _rows(values: Sequence[float], band: Band) -> tuple[tuple[str, str, str], ...]:
    count = len(values)
    return tuple((str(epoch + 1), _said(values[epoch]) + _compare_with_band(values[epoch], band, epoch),
                  f"{_said(band[epoch][0])} to {_said(band[epoch][2])}" if epoch < len(band) else "")
                 for epoch in _evenly(count, ROWS))


def _evenly(count: int, most: int) -> Sequence[int]:
    """Return all of ``range(count)``, or ``most`` of it with the first and the last."""
    return range(count) if count <= most else sorted({round(i * (count - 1) / (most - 1)) for i in range(most)})


def _compare_with_band(value: float, band: Band, epoch: int) -> str:
    """Describe where a value is relative to the band."""
    if epoch >= len(band) or not math.isfinite(value):
        return ""
    low, _, high = band[epoch]
    return " (below)" if value < low else " (above)" if value > high else ""


@dataclass(frozen=True, kw_only=True)
class _Scale:
    epochs: int
    ticks: tuple[float, ...]

    def x(self, epoch: int) -> float:
        span = max(self.epochs - 1, 1)
        return LEFT + (WIDTH - LEFT - RIGHT) * (epoch / span if self.epochs > 1 else 0.5)

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        inside = min(max(value, low), high)
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - inside) / (high - low)


def _scale(values: Sequence[float], band: Band) -> _Scale:
    numbers = [value for value in (*values, *(edge for row in band for edge in row)) if math.isfinite(value)]
    return _Scale(epochs=max(len(values), len(band)), ticks=_ticks(min(numbers), max(numbers)))


def _ticks(low: float, high: float) -> tuple[float, ...]:
    """Return four to eight round numbers around a range."""
    if high - low < max(abs(high), abs(low), 1e-3) * 1e-3:  # a flat curve: widen the range
        room = max(abs(high) * 0.1, 0.05)
        low, high = low - room, high + room
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(number * step for number in range(first, last + 1))


def _svg(summary: str, values: Sequence[float], band: Band) -> Markup:
    scale = _scale(values, band)
    parts = [*_axes(scale), *_band(scale, band), *_line(scale, values)]
    return Markup(  # noqa: S704 - every part below is made of numbers; the one text is escaped here
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(summary)}">{"".join(parts)}</svg>')


def _axes(scale: _Scale) -> list[str]:
    parts = []
    for value in scale.ticks:
        y = scale.y(value)
        parts.append(f'<line class="grid" x1="{LEFT:g}" x2="{WIDTH - RIGHT:g}" y1="{y:.1f}" y2="{y:.1f}"/>'
                     f'<text x="{LEFT - 6:g}" y="{y + 4:.1f}" text-anchor="end">{value:.4g}</text>')
    for epoch in sorted({0, (scale.epochs - 1) // 2, scale.epochs - 1}):
        x, y = scale.x(epoch), HEIGHT - BOTTOM + 16
        parts.append(f'<text x="{x:.1f}" y="{y:g}" text-anchor="middle">{epoch + 1}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle:g}" y="{HEIGHT - 4:g}" text-anchor="middle">epoch</text>')
    return parts


def _band(scale: _Scale, band: Band) -> list[str]:
    if not band:
        return []
    lower, middle, upper = ([(scale.x(epoch), scale.y(band[epoch][edge])) for epoch in _evenly(len(band), MOST_POINTS)]
                            for edge in range(3))
    if len(band) == 1:  # one epoch is a column, not a line
        lower, middle, upper = ([(x - 14, y), (x + 14, y)] for [(x, y)] in (lower, middle, upper))
    return [f'<polygon class="band" points="{_points([*upper, *reversed(lower)])}"/>',
            f'<polyline class="median" points="{_points(middle)}"/>']


def _line(scale: _Scale, values: Sequence[float]) -> list[str]:
    places = [(scale.x(epoch), scale.y(value)) for epoch, value in enumerate(values) if math.isfinite(value)]
    dots = [f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places] if len(places) <= 40 else []
    return [f'<polyline class="line" points="{_points(_outline(places))}"/>', *dots]


def _outline(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return a line of fewer points with the same peaks and valleys: the highest and lowest of each section."""
    if len(places) <= MOST_POINTS:
        return list(places)
    size = math.ceil(len(places) / (MOST_POINTS // 2))
    kept = []
    for start in range(0, len(places), size):
        stretch = range(start, min(start + size, len(places)))
        kept += sorted({min(stretch, key=lambda at: places[at][1]), max(stretch, key=lambda at: places[at][1])})
    return [places[at] for at in sorted({0, *kept, len(places) - 1})]


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
