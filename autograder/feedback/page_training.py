"""How models learned and what they misread, in the order of the tasks: the folds of one section of a page. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.feedback.confusion_counts import Confusion, confusions
from autograder.feedback.curve_words import sentence
from autograder.feedback.curves import Chart, charts, finite
from autograder.feedback.own_answers import short
from autograder.feedback.page_tasks import Item
from autograder.feedback.terminal_text import visible
from autograder.model import Calibration

MOST_FITS = 40

Curves = Mapping[str, Mapping[str, Sequence[float]]]
"""fit → quantity → one value per epoch."""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What a run left about its models.

    Attributes:
        curves: training histories, named after the task in which they were trained; invalid ones are left out.
        misread: ``task/model`` → what it makes of the visible test images; invalid entries are left out.
    """

    curves: Curves = field(default_factory=dict)
    misread: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Fit:
    """One training or one task whose models were evaluated: its name, one sentence, charts, and what was misread."""

    name: str
    short: str
    said: str
    charts: tuple[Chart, ...] = ()
    confusions: tuple[Confusion, ...] = ()


def training(items: Sequence[Item], learned: Learned, reference: Calibration | None) -> list[Fit]:
    """Return one entry per training, and one per task in which models were evaluated that were trained elsewhere."""
    names = {item.task.id: item.name for item in items}
    bands = reference.curves if reference else {}
    shown = confusions(learned.misread)
    drawn: dict[str, Fit] = {}
    for fit, values in list(learned.curves.items())[:MOST_FITS]:
        if isinstance(values, Mapping) and (some := charts(values, bands.get(fit))):
            name = names.get(fit) or visible(fit)
            drawn[fit] = Fit(name=name, short=short(name), said=sentence(finite(values), bands.get(fit)) or
                             "Its curves.", charts=some, confusions=_of(shown, fit))
    for task in dict.fromkeys(one.task for one in shown if one.task not in drawn):
        found, name = _of(shown, task), names.get(task) or task
        drawn[task] = Fit(name=name, short=short(name), said=found[0].said, confusions=found)
    order = {task: number for number, task in enumerate(names)}
    return [drawn[fit] for fit in sorted(drawn, key=lambda fit: order.get(fit.partition(" (")[0], len(order)))]


def _of(shown: Sequence[Confusion], task: str) -> tuple[Confusion, ...]:
    return tuple(one for one in shown if one.task == task)
