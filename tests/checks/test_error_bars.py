"""Figures with error bars and names, as matplotlib draws them and the recorder describes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt

from autograder.checks.outcome import CheckFailed, Unjudged
from autograder.checks.student import Student
from autograder.checks.vocabulary.figures import FiguresSubject
from autograder.sandbox.child.student.figure_book import describe

NAMES = ["SGD", "Adam", "Adamax"]
MEANS, SPREADS = np.array([0.712, 0.9534, 0.9311]), np.array([0.0123, 0.004, 0.0])
Draw = Callable[[], Any]
Shown = Callable[..., FiguresSubject]

pytestmark = pytest.mark.usefixtures("no_window")


@pytest.fixture
def shown(craft: Any, tiny: Any) -> Shown:
    """Return the figures that drawing leaves, as a check sees them."""

    def show(*draws: Draw, more: tuple[dict[str, Any], ...] = ()) -> FiguresSubject:
        for draw in draws:
            draw()
        for number in plt.get_fignums():
            plt.figure(number).canvas.draw()
        records = [describe(plt.figure(number)) for number in plt.get_fignums()]
        craft.checkpoint("t", {})
        given: Student = craft.student(tiny, "t", figures={"t": [*records, *more]})
        return given.figures()

    return show


def upright() -> None:
    plt.errorbar(NAMES, MEANS, yerr=SPREADS, fmt="o", capsize=4)
    plt.ylabel("accuracy")


def lying_bars() -> None:
    plt.barh(NAMES, 100 * MEANS, xerr=100 * SPREADS)
    plt.xlabel("per cent")


def one_by_one() -> None:
    for name, mean, spread in zip(NAMES, MEANS, SPREADS, strict=True):
        plt.errorbar([len(name)], [mean], yerr=[spread], label=name)
    plt.legend()
    plt.ylabel("accuracy")


def by_hand() -> None:
    for place, (mean, spread) in enumerate(zip(MEANS, SPREADS, strict=True)):
        plt.plot([place, place], [mean - spread, mean + spread])
        plt.annotate(f"{NAMES[place]}: {mean:.3f}", (place, mean))
    plt.xlabel("optimizer")


def with_vlines() -> None:
    plt.scatter(range(3), MEANS)
    plt.vlines(range(3), MEANS - SPREADS, MEANS + SPREADS)
    plt.xticks(range(3), [name.lower() for name in NAMES], rotation=45)
    plt.ylabel("mean")


def rounded() -> None:
    plt.bar(NAMES, np.round(MEANS, 3), yerr=np.round(SPREADS, 3))
    plt.ylabel("mean")


@pytest.mark.parametrize("draw", [upright, lying_bars, one_by_one, by_hand, with_vlines, rounded])
def test_error_bars_are_found_however_they_are_drawn(shown: Shown, draw: Draw) -> None:
    shown(draw).shows_error_bars(MEANS, SPREADS).identifies(*NAMES)


@pytest.mark.parametrize("draw", [
    lambda: plt.bar(NAMES, MEANS), lambda: plt.errorbar(NAMES[:2], MEANS[:2], yerr=SPREADS[:2]),
    lambda: plt.errorbar(NAMES, MEANS[::-1] - 0.1, yerr=SPREADS), lambda: plt.plot(NAMES, MEANS),
    lambda: plt.errorbar(NAMES, MEANS, yerr=SPREADS)[2][0].set_visible(False),
])
def test_bars_that_are_missing_or_elsewhere(shown: Shown, draw: Draw) -> None:
    with pytest.raises(CheckFailed, match="No figure of this step shows an error bar at each"):
        shown(draw).shows_error_bars(MEANS, SPREADS)


@pytest.mark.parametrize("lengths", [2 * SPREADS, SPREADS / 2, SPREADS[::-1], [0.05, 0.05, 0.05]])
def test_bars_of_another_length_are_named(shown: Shown, lengths: Any) -> None:
    with pytest.raises(CheckFailed, match="have another length"):
        shown(lambda: plt.errorbar(NAMES, MEANS, yerr=lengths)).shows_error_bars(MEANS, SPREADS)


@pytest.mark.parametrize("draw", [
    lambda: plt.fill_between(range(3), MEANS - SPREADS, MEANS + SPREADS),
    lambda: plt.violinplot([MEANS, MEANS]), lambda: plt.imshow(np.stack([MEANS, SPREADS])),
])
def test_what_cannot_be_read_is_a_persons_case(shown: Shown, draw: Draw) -> None:
    with pytest.raises(Unjudged):
        shown(draw).shows_error_bars(MEANS, SPREADS)


def test_a_picture_without_matplotlib_is_a_persons_case(shown: Shown) -> None:
    with pytest.raises(Unjudged):
        shown(more=({"kind": "picture"},)).shows_error_bars(MEANS, SPREADS)
    with pytest.raises(Unjudged):
        shown(more=({"kind": "picture"},)).identifies(*NAMES)


def test_no_figure_at_all(shown: Shown) -> None:
    for judge in (lambda: shown().shows_error_bars(MEANS, SPREADS), lambda: shown().identifies("SGD")):
        with pytest.raises(CheckFailed, match="No figure was shown"):
            judge()


@pytest.mark.parametrize(("draw", "seen"), [
    (lambda: (plt.errorbar(range(3), MEANS, yerr=SPREADS), plt.ylabel("accuracy")), "does not say which is SGD, Adam"),
    (lambda: (plt.bar(["SGD", "Adamax", "Nadam"], MEANS), plt.ylabel("a")), r"does not say which is Adam\."),
    (lambda: plt.bar(NAMES, MEANS), "No axis has a label"),
    (lambda: (plt.bar(NAMES, MEANS), plt.ylabel("accuracy"), plt.xticks([])), "does not say which is SGD"),
])
def test_names_that_cannot_be_read_in_the_figure(shown: Shown, draw: Draw, seen: str) -> None:
    with pytest.raises(CheckFailed, match=seen):
        shown(draw).identifies(*NAMES)


def test_a_drawing_of_many_pieces_is_recorded_within_its_limits(shown: Shown) -> None:
    subject = shown(lambda: plt.vlines(range(3000), 0, 1))
    (series,) = subject.figures[0].fields[0].series
    assert (series.kind, series.x) == ("other", None)
    with pytest.raises(Unjudged):
        subject.shows_error_bars(MEANS, SPREADS)
