"""Training curves as SVG, drawn against the band in which correct runs lie. Pure text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

Band = Sequence[tuple[float, float, float]]
"""(lowest, median, highest) per epoch."""

WIDTH, HEIGHT = 420.0, 220.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 12.0, 12.0, 34.0
MOST_EPOCHS = 5_000
ROWS = 12
"""Rows of the table beside a figure; a longer training is thinned out evenly."""
LABELS = {"accuracy": "accuracy on the training images", "val_accuracy": "accuracy on the validation images",
          "loss": "loss on the training images", "val_loss": "loss on the validation images"}


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One quantity of one fit: a picture, a sentence for those who cannot see it, and the numbers."""

    title: str
    summary: str
    svg: Markup
    rows: tuple[tuple[str, str, str], ...]
    has_band: bool


def charts(
    fit: Mapping[str, Sequence[float]], bands: Mapping[str, Band] | None
) -> tuple[Chart, ...]:
    """Return one chart per quantity of a training history that has any finite number."""
    found = []
    for name, values in fit.items():
        points = [float(value) for value in values[:MOST_EPOCHS]]
        if any(math.isfinite(value) for value in points):
            found.append(_chart(LABELS.get(name, name), points, (bands or {}).get(name, ())))
    return tuple(found)


def _chart(title: str, values: Sequence[float], band: Band) -> Chart:
    finite = [value for value in values if math.isfinite(value)]
    summary = f"{title}: {finite[0]:.3f} after the first epoch, {finite[-1]:.3f} after the last of {len(values)}."
    if band:
        summary += f" Correct runs end between {band[-1][0]:.3f} and {band[-1][2]:.3f}."
    return Chart(title=title, summary=summary, svg=_svg(summary, values, band), rows=_rows(values, band),
                 has_band=bool(band))


def _rows(values: Sequence[float], band: Band) -> tuple[tuple[str, str, str], ...]:
    count = len(values)
    shown = range(count) if count <= ROWS else sorted({round(i * (count - 1) / (ROWS - 1)) for i in range(ROWS)})
    return tuple((str(epoch + 1), f"{values[epoch]:.3f}",
                  f"{band[epoch][0]:.3f} to {band[epoch][2]:.3f}" if epoch < len(band) else "") for epoch in shown)


@dataclass(frozen=True, kw_only=True)
class _Scale:
    epochs: int
    low: float
    high: float

    def x(self, epoch: int) -> float:
        span = max(self.epochs - 1, 1)
        return LEFT + (WIDTH - LEFT - RIGHT) * (epoch / span if self.epochs > 1 else 0.5)

    def y(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return TOP + (HEIGHT - TOP - BOTTOM) * (self.high - inside) / (self.high - self.low)


def _scale(values: Sequence[float], band: Band) -> _Scale:
    numbers = [value for value in (*values, *(edge for row in band for edge in row)) if math.isfinite(value)]
    low, high = min(numbers), max(numbers)
    room = (high - low) * 0.08 or max(abs(high) * 0.1, 0.05)
    return _Scale(epochs=max(len(values), len(band)), low=low - room, high=high + room)


def _svg(summary: str, values: Sequence[float], band: Band) -> Markup:
    scale = _scale(values, band)
    parts = [*_axes(scale), *_band(scale, band), *_line(scale, values)]
    return Markup(  # noqa: S704 - every part below is made of numbers; the one text is escaped here
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(summary)}">{"".join(parts)}</svg>')


def _axes(scale: _Scale) -> list[str]:
    parts = []
    for step in range(5):
        value = scale.low + (scale.high - scale.low) * step / 4
        y = scale.y(value)
        parts.append(f'<line class="grid" x1="{LEFT:g}" x2="{WIDTH - RIGHT:g}" y1="{y:.1f}" y2="{y:.1f}"/>'
                     f'<text x="{LEFT - 6:g}" y="{y + 4:.1f}" text-anchor="end">{value:.2f}</text>')
    for epoch in sorted({0, (scale.epochs - 1) // 2, scale.epochs - 1}):
        x, y = scale.x(epoch), HEIGHT - BOTTOM + 16
        parts.append(f'<text x="{x:.1f}" y="{y:g}" text-anchor="middle">{epoch + 1}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle:g}" y="{HEIGHT - 4:g}" text-anchor="middle">epoch</text>')
    return parts


def _band(scale: _Scale, band: Band) -> list[str]:
    if not band:
        return []
    upper = [(scale.x(epoch), scale.y(row[2])) for epoch, row in enumerate(band)]
    lower = [(scale.x(epoch), scale.y(row[0])) for epoch, row in enumerate(band)]
    if len(band) == 1:  # one epoch is a column, not a line
        x = upper[0][0]
        upper, lower = [(x - 14, upper[0][1]), (x + 14, upper[0][1])], [(x - 14, lower[0][1]), (x + 14, lower[0][1])]
    return [f'<polygon class="band" points="{_points([*upper, *reversed(lower)])}"/>']


def _line(scale: _Scale, values: Sequence[float]) -> list[str]:
    places = [(scale.x(epoch), scale.y(value)) for epoch, value in enumerate(values) if math.isfinite(value)]
    dots = [f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places] if len(places) <= 40 else []
    return [f'<polyline class="line" points="{_points(places)}"/>', *dots]


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
