"""Reads the record of figures: what each one showed when it was drawn, as the student's process claims it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.artifacts.json_fields import count, mapping, real, sequence, shape, text, whole
from autograder.artifacts.values import Array, Shape

FILE = "figures.jsonl"
LIMIT = 8 << 20
"""Most bytes of the record of all figures of one run."""
MAX_FIGURES = 500
MAX_AXES = 50
MAX_SERIES = 100
MAX_POINTS = 4000
MAX_IMAGE = 50_000
_MAX_TEXT = 200
_MAX_TEXTS = 100


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Series:
    """Something that was drawn into a field: a ``line``, ``scatter``, ``image``, ``surface`` or ``bar``, or ``other``.

    Of ``segments``, straight pieces such as error bars, points 2i and 2i + 1 are the two ends of piece i.
    ``x``, ``y`` and ``z`` have at most 4,000 of its ``count`` points, ``values`` the pixels of an image of ``shape``;
    each is None where the kind has none or they were not recorded.
    """

    kind: str
    label: str = ""
    count: int = 0
    x: Array | None = None
    y: Array | None = None
    z: Array | None = None
    values: Array | None = None
    shape: Shape = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One pair of axes of a figure, or three in space (``name`` is ``3d``)."""

    name: str = ""
    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    zlabel: str = ""
    texts: tuple[str, ...] = ()
    ticks: tuple[str, ...] = ()
    legend: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """A figure below a cell. A ``picture`` is one that did not come from matplotlib: its content is unknown."""

    cell: int
    picture: bool = False
    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    legend: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """All figures of a run, and how many characters each cell printed.

    ``whole`` is False where there were more figures than the record can contain.
    """

    drawn: tuple[Drawn, ...] = ()
    printed: Mapping[int, int]
    whole: bool = True


def read_figures(lines: Sequence[Any]) -> Figures:
    """Return what the lines of the record say; a line that cannot be read counts as a figure of unknown content."""
    drawn: list[Drawn] = []
    printed: dict[int, int] = {}
    complete = True
    for line in lines:
        node = mapping(line)
        cell = whole(node.get("cell"))
        if cell is None or node.get("kind") == "end":
            complete = False
        elif node.get("kind") == "printed":
            printed[cell] = count(node.get("characters")) or 0
        elif len(drawn) < MAX_FIGURES:
            drawn.append(_figure(cell, node))
        else:
            complete = False
    return Figures(drawn=tuple(drawn), printed=printed, whole=complete)


def _figure(cell: int, node: Mapping[str, Any]) -> Drawn:
    if node.get("kind") != "figure":
        return Drawn(cell=cell, picture=True)
    return Drawn(
        cell=cell, title=_text(node, "title"), xlabel=_text(node, "xlabel"), ylabel=_text(node, "ylabel"),
        legend=_texts(node, "legend"),
        fields=tuple(_field(mapping(item)) for item in sequence(node.get("axes"))[:MAX_AXES]),
    )


def _field(node: Mapping[str, Any]) -> Field:
    return Field(
        name=_text(node, "name"), title=_text(node, "title"), xlabel=_text(node, "xlabel"),
        ylabel=_text(node, "ylabel"), zlabel=_text(node, "zlabel"), texts=_texts(node, "texts"),
        ticks=_texts(node, "ticks"), legend=_texts(node, "legend"),
        series=tuple(_series(mapping(item)) for item in sequence(node.get("series"))[:MAX_SERIES]),
    )


def _series(node: Mapping[str, Any]) -> Series:
    return Series(
        kind=_text(node, "kind") or "other", label=_text(node, "label"), count=count(node.get("count")) or 0,
        x=_numbers(node.get("x"), MAX_POINTS), y=_numbers(node.get("y"), MAX_POINTS),
        z=_numbers(node.get("z"), MAX_POINTS), values=_numbers(node.get("values"), MAX_IMAGE),
        shape=(shape(node.get("shape")) or ())[:4],
    )


def _numbers(value: Any, most: int) -> Array | None:
    """Return numbers as float64, NaN for what is not a number; None where there is no list, or it is too long."""
    if not isinstance(value, list) or len(value) > most:
        return None
    numbers = [real(item) for item in value]
    return np.array([np.nan if number is None else number for number in numbers], dtype=np.float64)


def _text(node: Mapping[str, Any], key: str) -> str:
    return (text(node.get(key)) or "")[:_MAX_TEXT]


def _texts(node: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple((text(item) or "")[:_MAX_TEXT] for item in sequence(node.get(key))[:_MAX_TEXTS])
