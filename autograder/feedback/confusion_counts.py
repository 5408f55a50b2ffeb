"""The confusion matrix of a model as a page draws it: counts, shades, one sentence, and pictures. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from autograder.feedback.misread import MOST_CLASSES, Reading
from autograder.feedback.pictures import data_uri
from autograder.feedback.terminal_text import terminal, visible
from autograder.safe.images import PNG

MOST_MODELS = 40
LEVELS = (0.005, 0.02, 0.05, 0.15)
"""Shares of a row from which a cell is shaded: one class of the style sheet each."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One count: ``right`` on the diagonal; ``level`` 0 to 4 says how dark a mistake is shaded."""

    count: int
    right: bool
    level: int


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A misread image as a data URI, with its number in the test set."""

    index: int
    true: int
    read: int
    uri: str


@dataclass(frozen=True, kw_only=True)
class Confusion:
    """What a page shows of one model; ``said`` is one sentence, rows are the true classes."""

    task: str
    model: str
    said: str
    images: int
    rows: tuple[tuple[Cell, ...], ...]
    pictures: tuple[Picture, ...]


def confusions(misread: Mapping[str, Any]) -> list[Confusion]:
    """Return what is shown of each model; entries that cannot be read are left out.

    Args:
        misread: ``task/model`` → `Reading` as JSON.
    """
    found = []
    for name, entry in list(misread.items())[:MOST_MODELS]:
        task, _, model = name.partition("/")
        try:
            reading = Reading.model_validate(entry)
        except ValidationError:
            continue
        if model and reading.counts and {len(row) for row in reading.counts} <= {*range(2, MOST_CLASSES + 1)}:
            found.append(_shown(visible(terminal(task)), visible(terminal(model)), reading))
    return found


def _shown(task: str, model: str, reading: Reading) -> Confusion:
    pictures = (Picture(index=one.index, true=one.true, read=one.read, uri=data_uri(PNG, one.picture))
                for one in reading.pictures)
    return Confusion(
        task=task, model=model, said=_sentence(model, reading.counts), images=sum(map(sum, reading.counts)),
        rows=tuple(_row(true, row) for true, row in enumerate(reading.counts)),
        pictures=tuple(picture for picture in pictures if picture.uri))


def _row(true: int, row: tuple[int, ...]) -> tuple[Cell, ...]:
    whole = max(sum(row), 1)
    return tuple(Cell(count=count, right=read == true,
                      level=0 if read == true else sum(count / whole >= level for level in LEVELS))
                 for read, count in enumerate(row))


def _sentence(model: str, counts: tuple[tuple[int, ...], ...]) -> str:
    whole = sum(map(sum, counts))
    right = sum(row[true] for true, row in enumerate(counts) if true < len(row))
    said = f"`{model}` is right about {right:,} of {whole:,} test images ({right / max(whole, 1):.3f})"
    taken = max(((count, -true, -read) for true, row in enumerate(counts) for read, count in enumerate(row)
                 if read != true), default=(0, 0, 0))
    if not taken[0]:
        return f"{said}."
    times = "once" if taken[0] == 1 else f"{taken[0]:,} times"
    return f"{said}. The most frequent mistake: {-taken[1]} taken for {-taken[2]}, {times}."
