"""The class in two drawings: points as a histogram, and measured accuracies on the band of correct runs. Pure text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from statistics import median

from markupsafe import Markup, escape

from autograder.feedback import words
from autograder.feedback.report.class_report import Accuracy, ClassReport

WIDTH, HEIGHT, LEFT, BOTTOM = 440.0, 160.0, 16.0, 24.0
MOST_BARS = 25
STRIP = 90.0
SHOWN_NAMES = 12


def histogram(report: ClassReport) -> Markup:
    """Return the points of the graded as SVG, empty where nothing is graded."""
    totals = [person.total for person in report.graded]
    if not totals:
        return Markup()
    counts = bars([person.total for person in report.graded], max(report.max_points, *totals))
    step, most = (WIDTH - LEFT) / len(counts), max(count for _, _, count in counts)
    parts = [f'<svg viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-label="{escape(in_words(counts))}">']
    for number, (low, _, count) in enumerate(counts):
        height = (HEIGHT - BOTTOM - 16) * count / most
        x, y = LEFT + number * step, HEIGHT - BOTTOM - height
        parts.append(f'<rect class="bar" x="{x + 1:.1f}" y="{y:.1f}" width="{step - 2:.1f}" height="{height:.1f}"/>')
        if count:
            parts.append(f'<text x="{x + step / 2:.1f}" y="{y - 4:.1f}" text-anchor="middle">{count}</text>')
        if number % math.ceil(len(counts) / 8) == 0 and number < len(counts) - 2:
            parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 8:.1f}">{words.number(low)}</text>')
    last = counts[-1][1]
    parts.append(f'<text x="{WIDTH:.1f}" y="{HEIGHT - 8:.1f}" text-anchor="end">{words.number(last)}</text></svg>')
    return Markup("".join(parts))  # noqa: S704 - numbers of ours, and a sentence that was escaped


def bars(totals: Sequence[float], most: float) -> list[tuple[float, float, int]]:
    """Return (from, to, how many) per bar; a total at the upper edge is in the last bar."""
    width = _round_up(max(most, 1.0) / MOST_BARS)
    number = max(1, math.ceil(round(max(most, 1.0) / width, 9)))
    counted = Counter(min(number - 1, int(total / width + 1e-9)) for total in totals)
    return [(place * width, (place + 1) * width, counted[place]) for place in range(number)]


def _round_up(width: float) -> float:
    """Return a readable width of bars."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= width - 1e-12)


def in_words(counts: Sequence[tuple[float, float, int]]) -> str:
    """Return a histogram as a sentence, for those who cannot see it."""
    said = (f"{words.number(low)} to {words.number(high)}: {count}" for low, high, count in counts if count)
    return f"How many have how many points. {', '.join(said)}."


def strip(one: Accuracy) -> Markup:
    """Return one calibrated number over the class as SVG: dots, the band of correct runs, the minimum."""
    numbers = [value for _, value in one.values]
    marks = [mark for mark in (one.minimum, one.maximum) if mark is not None]
    low, high = min([*numbers, *marks, one.low]), max([*numbers, *marks, one.high])
    room = max(high - low, 1e-6) * 0.04
    low, high = low - room, high + room

    def x(value: float) -> float:
        return LEFT + (WIDTH - 2 * LEFT) * (value - low) / (high - low)

    base = STRIP - BOTTOM
    parts = [f'<svg viewBox="0 0 {WIDTH:.0f} {STRIP:.0f}" role="img" aria-label="{escape(said_of(one))}">',
             f'<rect class="band" x="{x(one.low):.1f}" y="8" width="{max(1.0, x(one.high) - x(one.low)):.1f}" '
             f'height="{base - 8:.1f}"/>', f'<path class="grid" d="M{LEFT} {base:.1f}H{WIDTH - LEFT}"/>']
    stacked: Counter[int] = Counter()
    for value in numbers:
        place = round(x(value) / 5)
        height = base - 5 - 5 * (stacked[place] % 10)
        stacked[place] += 1
        parts.append(f'<circle class="dot" cx="{place * 5}" cy="{height:.0f}" r="2.2"/>')
    for mark in marks:
        parts.append(f'<path class="minimum" d="M{x(mark):.1f} 2V{base + 4:.1f}"/>'
                     f'<text x="{x(mark):.1f}" y="{STRIP - 8:.1f}" text-anchor="middle">{mark:.3f}</text>')
    parts.append(f'<text x="{LEFT}" y="{STRIP - 8:.1f}">{low + room:.3f}</text>' if not marks else "")
    return Markup("".join(parts) + "</svg>")  # noqa: S704 - numbers of ours, and a sentence that was escaped


def said_of(one: Accuracy) -> str:
    """Return what the drawing shows, with those who are on the wrong side of the bound."""
    numbers = [value for _, value in one.values]
    text = (f"{len(numbers)} measured: {numbers[0]:.3f} to {numbers[-1]:.3f}, median {median(numbers):.3f}; correct "
            f"runs: {one.low:.3f} to {one.high:.3f}, {one.mean:.3f} ± {one.deviation:.3f}.")
    if one.minimum is not None:
        text += _beyond([name for name, value in one.values if value < one.minimum], "below the minimum", one.minimum)
    if one.maximum is not None:
        text += _beyond([name for name, value in one.values if value > one.maximum], "above the maximum", one.maximum)
    return text if one.minimum is not None or one.maximum is not None else f"{text} It has no bound."


def _beyond(names: Sequence[str], what: str, bound: float) -> str:
    if not names:
        return f" Nobody is {what} of {bound:.3f}."
    more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
    return f" {len(names)} {what} of {bound:.3f}: {', '.join(names[:SHOWN_NAMES])}{more}."
